"""Whatever a portal's open questions turn out to be, one day of reading and writing through the connector ends right.

Every switch is played with every value it may have, so that a new one cannot be forgotten; where the day rightly ends
otherwise, `OTHERWISE` says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from connectors.portals import NOW, Portal
from crmsync.connectors.abilities import Changes
from crmsync.connectors.base import WriteRequest
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot import consent, erasing, records
from crmsync.sandbox.hubspot.calls import Call
from crmsync.sandbox.hubspot.merging import merge
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.sandbox.hubspot.pipeline_calls import create_pipeline
from crmsync.sandbox.hubspot.preset import REAL
from crmsync.sandbox.hubspot.switches import SWITCHES
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import running
from crmsync.sandbox.tables import Tables

CONTACTS, PRIMARY = OBJECTS["contacts"], "associations.companies.primary"
MANY = 130
Value = bool | int | str

# Values of the switches that are a number, besides their defaults.
NUMBERS: Mapping[str, tuple[int, ...]] = {
    "history_contacts": (0, 1),
    "history_others": (0, 1),
    "optout_lag": (30,),
    "burst_limit": (15,),
    "daily_limit": (650_000,),
    "search_limit": (1, 4),
    "association_limit": (2,),
    "retry_after": (7,),
    "usage_age": (0,),
    "search_lag": (2, 30),
    "search_cap": (1000,),
    "most_page_rows": (1, 7),
}
# Switches that say something only while another one is on.
_LIMITED: Mapping[str, Value] = {"rate_limited": True}
_SOON: Mapping[str, Value] = {"rate_limited": True, "burst_limit": 10}
ALONG: Mapping[str, Mapping[str, Value]] = {
    **{name: _LIMITED for name in SWITCHES if name.endswith("_limit")},
    "retry_after": _SOON,
    "burst_policy": _SOON,
}


def values(name: str) -> tuple[Value, ...]:
    """Every value that is tried."""
    switch = SWITCHES[name]
    if isinstance(switch.default, bool):
        return False, True
    return switch.choices or (switch.default, *NUMBERS[name])


PLAYED = [(name, value) for name in SWITCHES for value in values(name)]

ENDS = {
    "create": "written",
    "many creates": "written",
    "update": "written",
    "company": "written",
    "opt out": "written",
    "stage back": "written",
    "deal": "written",
    "double": "refused",
    "erased": "refused",
    "stage elsewhere": "refused",
}
# Where an open question rightly changes what becomes of a write.
OTHERWISE: Mapping[tuple[str, Value], Mapping[str, str]] = {
    ("erased_email_blocked", False): {"erased": "written"},
    ("stage_in_pipeline", False): {"stage elsewhere": "written"},
}


@dataclass
class Day:
    """A portal in the morning, and what a connector has to find and to do there."""

    portal: Portal
    ids: dict[str, str] = field(default_factory=dict)
    renewals: str = ""

    def put(self, who: str, object_: str = "contacts", **values: Any) -> None:
        self.ids[who] = self.portal.world.put(object_, values)

    def morning(self) -> None:
        world = self.portal.world
        world.put("owners", {"email": "o@acme.example"}, "71000001")
        for at in range(MANY):
            world.put("contacts", {"lastname": f"N{at}"})
        self.put("company", "companies", name="Acme", domain="acme.example")
        for name in ("ana", "bea", "cy", "dan", "eve"):
            self.put(name, email=f"{name}@people.example", lastname=name, lifecyclestage="customer")
        for at in range(3):
            self.portal.later(5)
            world.put("contacts", {"jobtitle": f"T{at}", "city": "Vigo"}, self.ids["ana"])
        self.put("erased", email="gone@people.example", lastname="Gone")
        erasing.erase(world.portal, self.ids.pop("erased"), "")
        deal = {"dealname": "D", "dealstage": "contractsent", "pipeline": "default"}
        self.put("deal", "deals", **deal)
        body = {"label": "Renewals", "displayOrder": 1, "stages": [{"label": "First"}]}
        self.renewals = self._made_pipeline(body)
        self.portal.later(600)

    def _made_pipeline(self, body: dict[str, Any]) -> str:
        """The one stage of a new pipeline."""
        made = create_pipeline(
            self.portal.world.portal, Call({"type": "deals"}, {}, orjson.dumps(body))
        )
        stage: str = made.body["stages"][0]["id"]
        return stage

    def live(self) -> set[str]:
        return {str(one) for one in self.portal.world.portal.objects["contacts"].live}

    def of(self, name: str, property_: str, object_: str = "contacts") -> str | None:
        row = self.portal.world.tables.get(object_, self.ids[name])
        assert row is not None
        value: str | None = row["properties"].get(property_)
        return value


@pytest.fixture(scope="module")
def served() -> Iterator[Portal]:
    """A portal whose answers are dated by the clock that tests move."""
    salesforce = SalesforceWorld(Tables("salesforce"), Clock(frozen_at=NOW))
    world = HubspotWorld(Tables("hubspot"), Clock(frozen_at=NOW))
    with running(salesforce, world) as access:
        yield Portal(world, access["hubspot"]["url"])


@pytest.fixture
def day(served: Portal) -> Iterator[Day]:
    served.world.tables.restore({})
    served.later(86_400)  # never back: the portal remembers when it was called
    served.world.portal.refresh()
    yield Day(served)
    for each in served.opened:
        each.close()
    served.opened.clear()


def rows(connector: HubspotConnector) -> dict[str, Any]:
    batches = connector.read("contacts", ["lastname", "jobtitle", "hs_merged_object_ids"])
    return {row["_id"]: row for batch in batches for row in batch.to_pylist()}


def update(id_: str, **cells: str | None) -> WriteRequest:
    return WriteRequest("u", "update", id_, None, dict(cells))


def create(key: str, **cells: str | None) -> WriteRequest:
    return WriteRequest(key, "create", None, key, dict(cells))


def reads_all(day: Day, connector: HubspotConnector) -> str:
    """Fails unless a whole read has every live contact once; the cursor for what comes after."""
    seen = [
        row["_id"]
        for batch in connector.read("contacts", ["lastname"])
        for row in batch.to_pylist()
    ]
    assert sorted(seen) == sorted(day.live())
    return connector.gone("contacts", "").cursor


def others_work(day: Day) -> str:
    """Somebody edits, archives and merges; the id of the survivor."""
    world = day.portal.world
    world.edit("contacts", {"jobtitle": "Boss"}, day.ids["ana"])
    records.archive(world.portal, "contacts", day.ids["bea"])
    survivor = merge(world.portal, CONTACTS, day.ids["cy"], day.ids["dan"])
    day.portal.later(1800)
    return survivor


def tells_changes(day: Day, since: str, survivor: str) -> None:
    """Fails unless what others did is told, by a delta or, where it says so, by a whole read."""
    connector = day.portal.connect()
    connector.whoami()
    told = connector.changes("contacts", ["lastname", "jobtitle"], since)
    if isinstance(told, Changes):
        live = {row["_id"]: row for batch in told.live for row in batch.to_pylist()}
        gone = {row["id"] for row in told.gone().to_pylist()}
        assert {day.ids["bea"]} <= gone
        assert {day.ids["cy"], day.ids["dan"]} - {survivor} <= gone
    else:
        live = rows(connector)
        assert live.keys() == day.live()
    assert live[day.ids["ana"]]["jobtitle"] == "Boss"
    assert survivor in live
    assert day.ids["bea"] not in live


def writes(day: Day, connector: HubspotConnector) -> dict[str, str]:
    """What became of every kind of write."""
    ana, eve, deal, company = (day.ids[name] for name in ("ana", "eve", "deal", "company"))
    told: dict[str, tuple[str, list[WriteRequest]]] = {
        "create": ("contacts", [create("k1", email="New@People.example", lastname="New")]),
        "update": ("contacts", [update(ana, jobtitle="Chair", city=None)]),
        "company": ("contacts", [update(ana, **{PRIMARY: company})]),
        "opt out": ("contacts", [update(eve, hs_email_optout="true")]),
        "stage back": ("contacts", [update(eve, lifecyclestage="lead")]),
        "deal": ("deals", [update(deal, amount="12", dealstage="closedwon")]),
        "erased": ("contacts", [create("k3", email="gone@people.example", lastname="Back")]),
        "stage elsewhere": ("deals", [update(deal, dealstage=day.renewals)]),
    }
    ends = {name: str(connector.write(*each)[0].outcome) for name, each in told.items()}
    ends["many creates"] = creates_many(day, connector)
    day.portal.later(60)
    twice = connector.write("contacts", [create("k2", email="NEW@people.example", lastname="New")])
    return {**ends, "double": "refused" if twice[0].outcome != "written" else "written"}


def creates_many(day: Day, connector: HubspotConnector) -> str:
    """What became of a batch; fails unless each result is that of its own request."""
    asked = [create(f"m{at}", email=f"m{at}@people.example", lastname=f"M{at}") for at in range(5)]
    asked.insert(2, create("gone", email="ana@people.example", lastname="Double"))
    results = {each.change_id: each for each in connector.write("contacts", asked)}
    assert results["gone"].outcome != "written"
    for one in asked:
        if one.change_id != "gone":
            row = day.portal.world.tables.get("contacts", str(results[one.change_id].native_id))
            assert row is not None
            assert row["properties"]["lastname"] == one.cells["lastname"]
    return "written"


@pytest.mark.parametrize(("name", "value"), PLAYED)
def test_a_day_ends_right_however_a_switch_stands(day: Day, name: str, value: Value) -> None:
    day.portal.turn(**ALONG.get(name, {}), **{name: value})
    lives_through(day, {**ENDS, **OTHERWISE.get((name, value), {})})


def test_a_day_ends_right_under_every_limit_lag_and_disorder_at_once(day: Day) -> None:
    day.portal.turn(**REAL)
    lives_through(day, ENDS)
    assert day.portal.slept, "the limits were never felt"


def lives_through(day: Day, ends: Mapping[str, str]) -> None:
    """A day: everything is read, others work, what they did is told, and what is written is there."""
    day.morning()
    portal = day.portal
    connector = portal.connect()
    connector.whoami()
    since = reads_all(day, connector)
    survivor = others_work(day)
    tells_changes(day, since, survivor)
    for object_ in ("contacts", "deals", "companies"):
        connector.schema(object_)
    assert writes(day, connector) == ends
    portal.later(600)
    assert (day.of("ana", "jobtitle"), day.of("ana", "city")) == ("Chair", None)
    assert day.of("ana", "associatedcompanyid") == day.ids["company"]
    assert day.of("eve", "lifecyclestage") == "lead"
    assert consent.consent_of(portal.world.portal, "eve@people.example")["all"]
    assert day.of("deal", "amount", "deals") == "12"
    holder = portal.world.portal.holder("contacts", "email", "new@people.example")
    got = connector.get("contacts", [str(holder)], ["email", "lastname"])[str(holder)]
    assert (str(got["email"]).lower(), got["lastname"]) == ("new@people.example", "New")
    facts = list(portal.connect().facts({"contacts": frozenset({"jobtitle"})}))
    assert facts
    assert len(connector.owners()) >= 1
    assert len(connector.stages()) >= 7
