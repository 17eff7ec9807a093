"""The simulated native connector: a second writer between the two simulated CRMs, with rules of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

import httpx
import pytest

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.native.rules import RULES, Side, settled
from crmsync.sandbox.native.ticking import attach
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import running
from crmsync.sandbox.tables import Tables

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
QUARTER = 900
ANA = "ana@uno.example"


@dataclass
class Between:
    """Both worlds, served, with the connector between them."""

    salesforce: SalesforceWorld
    hubspot: HubspotWorld
    sf: httpx.Client
    hs: httpx.Client

    def native(self, **told: Any) -> dict[str, Any]:
        answer = self.hs.post("/__control__/native", json=told)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def later(self, seconds: float = QUARTER) -> None:
        """The clock moves, and somebody calls."""
        self.hubspot.clock.advance(seconds)
        assert self.hs.get("/account-info/v3/details").status_code == 200

    def edit(self, id_: str, **properties: str) -> None:
        path = f"/crm/v3/objects/contacts/{id_}"
        answer = self.hs.patch(path, json={"properties": properties})
        assert answer.status_code == 200, answer.text

    def change(self, id_: str, name: str = "Contact", **fields: Any) -> None:
        path = f"/services/data/v67.0/sobjects/{name}/{id_}"
        answer = self.sf.patch(path, json=fields)
        assert answer.status_code == 204, answer.text

    def contact(self, id_: str) -> dict[str, str]:
        row = self.hubspot.portal.row("contacts", id_)
        assert row is not None
        properties: dict[str, str] = row["properties"]
        return properties

    def record(self, id_: str, name: str = "Contact") -> dict[str, Any]:
        row = self.salesforce.rows.live(name, id_)
        assert row is not None
        return row

    def pair(self, **values: str) -> tuple[str, str]:
        """One person on both sides, who was there before the connector."""
        hs = self.hubspot.put("contacts", {"email": ANA, "firstname": "Ana", "lastname": "Ruiz"})
        sf = self.salesforce.put("Contact", {"Email": ANA, "FirstName": "Ana", "LastName": "Ruiz"})
        return hs, sf


@pytest.fixture(scope="module")
def served() -> Iterator[Between]:
    clock = Clock(frozen_at=NOW)
    salesforce = SalesforceWorld(Tables("salesforce"), clock)
    hubspot = HubspotWorld(Tables("hubspot"), clock)
    attach(salesforce, hubspot)
    with running(salesforce, hubspot) as access:
        clients = [
            httpx.Client(
                base_url=access[name]["url"],
                headers={"Authorization": f"Bearer {access[name]['token']}"},
                trust_env=False,
            )
            for name in ("salesforce", "hubspot")
        ]
        with clients[0], clients[1]:
            yield Between(salesforce, hubspot, *clients)


@pytest.fixture
def between(served: Between) -> Between:
    """Empty worlds at NOW, the connector off."""
    served.hubspot.tables.restore({})
    served.salesforce.tables.restore({})
    served.salesforce.reload()
    served.hubspot.clock.freeze(NOW)
    return served


def side(value: str, before: str | None = None, minute: int = 0) -> Side:
    return Side(value, before, NOW.replace(minute=minute))


@pytest.mark.parametrize(
    ("rule", "hubspot", "salesforce", "news"),
    [
        ("prefer-salesforce", side("a"), side("b"), ("b", None)),
        ("prefer-salesforce", side("a"), side(""), (None, "a")),
        ("prefer-salesforce", side("a", "a"), side("", "a"), ("", None)),
        ("prefer-salesforce", side("a"), side("a"), (None, None)),
        ("always-salesforce", side("a"), side("b"), ("b", None)),
        ("always-salesforce", side("a"), side(""), (None, None)),
        ("always-salesforce", side("a", "a"), side("", "a"), ("", None)),
        ("two-way", side("a", "b"), side("b", "b"), (None, "a")),
        ("two-way", side("b", "b"), side("a", "b"), ("a", None)),
        ("two-way", side("", "b"), side("b", "b"), (None, "")),
        ("two-way", side("a", "x", 9), side("b", "x", 8), (None, "a")),
        ("two-way", side("a", "x", 7), side("b", "x", 8), ("b", None)),
        ("two-way", side("a", "a"), side("b", "b"), (None, None)),
        ("two-way", side(""), side("b"), ("b", None)),
        ("dont-sync", side("a"), side(""), (None, None)),
    ],
)
def test_a_rule_says_which_value_goes_where(
    rule: str, hubspot: Side, salesforce: Side, news: tuple[str | None, str | None]
) -> None:
    assert rule in RULES
    assert settled(rule, hubspot, salesforce) == news


FIELDS = {"jobtitle": "Title", "city": "MailingCity", "phone": "Phone"}


def a_week(between: Between, seed: int) -> list[tuple[str, str]]:
    """People edited on both sides for a week, the connector on; the pairs."""
    pick = Random(seed)
    pairs = []
    for n in range(12):
        mail = {"email": f"p{n}@uno.example", "lastname": f"Name {n}"}
        hs = between.hubspot.put("contacts", mail)
        sf = between.salesforce.put(
            "Contact", {"Email": f"p{n}@uno.example", "LastName": f"Name {n}"}
        )
        pairs.append((hs, sf))
    between.native(on=True, rules={"contacts.phone": "two-way"})
    for _ in range(7 * 8):
        hs, sf = pick.choice(pairs)
        name, value = pick.choice(list(FIELDS)), pick.choice(["", "a", "b"])
        if pick.random() < 0.5:
            between.edit(hs, **{name: value})
        else:
            between.change(sf, **{FIELDS[name]: value or None})
        between.later(3 * 3600)
    return pairs


def test_a_week_of_edits_on_both_sides_comes_to_rest_with_both_alike(between: Between) -> None:
    pairs = a_week(between, seed=7)
    between.later(2 * QUARTER)
    for hs, sf in pairs:
        ours, theirs = between.contact(hs), between.record(sf)
        alike = {name: ours.get(name, "") for name in FIELDS}
        assert alike == {name: theirs.get(FIELDS[name]) or "" for name in FIELDS}
    assert between.native()["errors"] == {}
    before = between.native()["calls"]
    between.later(QUARTER)
    assert between.native()["calls"] == before + 4


def test_the_same_week_ends_the_same_way(between: Between) -> None:
    ends = []
    for _ in range(2):
        between.hubspot.tables.restore({})
        between.salesforce.tables.restore({})
        between.salesforce.reload()
        between.hubspot.clock.freeze(NOW)
        a_week(between, seed=3)
        ends.append(dict(between.hubspot.tables.dump()["contacts"]))
    assert ends[0] == ends[1]


def test_a_call_of_either_crm_lets_it_look(between: Between) -> None:
    hs, sf = between.pair()
    between.native(on=True)
    between.change(sf, Title="CEO")
    between.hubspot.clock.advance(QUARTER)
    assert between.sf.get("/services/data/v67.0/limits").status_code == 200
    assert between.contact(hs)["jobtitle"] == "CEO"


def test_off_it_does_nothing(between: Between) -> None:
    hs, sf = between.pair()
    between.change(sf, Title="CEO")
    between.later(10 * QUARTER)
    assert "jobtitle" not in between.contact(hs)
    assert between.native()["on"] is False


def test_what_was_there_before_it_does_not_go_over_until_it_is_touched(between: Between) -> None:
    hs, sf = between.pair()
    between.salesforce.put("Contact", {"Title": "CEO"}, sf)
    between.native(on=True)
    between.later()
    assert "jobtitle" not in between.contact(hs)
    between.change(sf, Phone="1")
    between.later()
    assert between.contact(hs)["jobtitle"] == "CEO"
    assert between.contact(hs)["salesforcecontactid"] == sf


def test_it_is_late_by_its_period_and_stamps_when_it_was_due(between: Between) -> None:
    hs, sf = between.pair()
    between.native(on=True)
    between.change(sf, Title="CEO")
    between.later(QUARTER - 1)
    assert "jobtitle" not in between.contact(hs)
    between.later(86_400)
    assert between.contact(hs)["jobtitle"] == "CEO"
    assert between.contact(hs)["lastmodifieddate"] == "2026-11-20T09:45:00Z"
    assert between.contact(hs)["salesforcelastsynctime"] == "2026-11-20T09:45:00Z"


def test_salesforce_is_preferred_and_its_blanks_are_filled(between: Between) -> None:
    hs, sf = between.pair()
    between.native(on=True)
    between.edit(hs, jobtitle="CFO", city="Lima")
    between.change(sf, Title="CEO")
    between.later()
    assert between.contact(hs)["jobtitle"] == "CEO"
    assert between.record(sf)["MailingCity"] == "Lima"
    between.change(sf, MailingCity=None)
    between.later()
    assert "city" not in between.contact(hs)


def test_a_rule_can_be_chosen_for_a_property(between: Between) -> None:
    hs, sf = between.pair()
    between.native(on=True, rules={"contacts.jobtitle": "two-way", "contacts.city": "dont-sync"})
    between.change(sf, Title="CEO")
    between.later()
    between.edit(hs, jobtitle="CFO", city="Lima")
    between.later()
    assert between.record(sf)["Title"] == "CFO"
    assert between.record(sf).get("MailingCity") is None


def test_an_owner_is_the_same_user_in_both(between: Between) -> None:
    hs, sf = between.pair()
    user = between.salesforce.put(
        "User", {"Username": "gil@x.example", "Email": "gil@uno.example", "LastName": "Gil"}
    )
    owner = between.hubspot.put("owners", {"email": "Gil@uno.example"})
    between.native(on=True)
    between.edit(hs, hubspot_owner_id=owner)
    between.later()
    assert between.record(sf)["OwnerId"] == user


def test_a_new_contact_of_hubspot_becomes_a_lead_written_by_its_own_user(between: Between) -> None:
    between.native(on=True)
    id_ = between.hs.post(
        "/crm/v3/objects/contacts", json={"properties": {"email": ANA, "firstname": "Ana"}}
    ).json()["id"]
    between.later()
    [lead] = between.salesforce.rows.ids("Lead")
    row = between.record(lead, "Lead")
    assert (row["LastName"], row["Company"]) == ("[not provided]", "[not provided]")
    assert row["CreatedById"] != between.salesforce.user_id
    assert between.contact(id_)["salesforceleadid"] == lead


def test_it_makes_contacts_or_nothing_if_told_to(between: Between) -> None:
    between.native(on=True, creates="nothing")
    body = {"properties": {"email": ANA, "lastname": "Ruiz"}}
    id_ = between.hs.post("/crm/v3/objects/contacts", json=body).json()["id"]
    between.later()
    assert not between.salesforce.rows.ids("Lead")
    between.native(creates="Contact")
    between.edit(id_, city="Lima")
    between.later()
    assert len(between.salesforce.rows.ids("Contact")) == 1


def test_a_new_lead_becomes_a_contact_even_outside_the_segment_but_its_changes_do_not_follow(
    between: Between,
) -> None:
    between.native(on=True, include={"lifecyclestage": ["customer"]})
    body = {"LastName": "Ruiz", "Company": "Uno", "Email": ANA}
    lead = between.sf.post("/services/data/v67.0/sobjects/Lead", json=body).json()["id"]
    between.later()
    hs = between.hubspot.portal.holder("contacts", "email", ANA)
    assert hs is not None
    between.change(lead, "Lead", Title="CEO")
    between.edit(hs, city="Lima")
    between.later()
    assert "jobtitle" not in between.contact(hs)
    assert between.record(lead, "Lead").get("City") is None
    between.edit(hs, lifecyclestage="customer")
    between.later()
    assert between.contact(hs)["jobtitle"] == "CEO"


def test_a_list_can_be_the_segment(between: Between) -> None:
    hs, sf = between.pair()
    other = between.hubspot.put("contacts", {"email": "gil@uno.example", "lastname": "Gil"})
    told = {"kind": "list", "object": "contacts", "name": "To Salesforce", "members": [hs]}
    segment = between.hs.post("/__control__/declare", json=told).json()["id"]
    between.native(on=True, segment=segment)
    between.edit(hs, city="Lima")
    between.edit(other, city="Quito")
    between.later()
    assert between.record(sf)["MailingCity"] == "Lima"
    assert not between.salesforce.rows.ids("Lead")


def test_of_two_with_one_address_the_one_changed_last_is_the_partner(between: Between) -> None:
    hs, first = between.pair()
    second = between.salesforce.put("Lead", {"Email": ANA, "LastName": "Ruiz", "Company": "Uno"})
    between.native(on=True)
    between.hubspot.clock.advance(1)
    between.change(second, "Lead", Title="CEO")
    between.later()
    assert between.contact(hs)["jobtitle"] == "CEO"
    between.change(first, Title="CFO")
    between.later()
    assert between.contact(hs)["jobtitle"] == "CFO"
    assert between.contact(hs)["salesforceleadid"] == second
    assert between.contact(hs)["salesforcecontactid"] == first


def test_a_converted_lead_is_followed_to_its_contact(between: Between) -> None:
    between.native(on=True)
    body = {"LastName": "Ruiz", "Company": "Uno", "Email": ANA}
    lead = between.sf.post("/services/data/v67.0/sobjects/Lead", json=body).json()["id"]
    between.later()
    made = between.sf.post("/__control__/convert", json={"lead": lead})
    assert made.status_code == 200, made.text
    between.later()
    hs = between.hubspot.portal.holder("contacts", "email", ANA)
    assert hs is not None
    [contact] = between.salesforce.rows.ids("Contact")
    assert between.contact(hs)["salesforcecontactid"] == contact
    assert between.contact(hs)["salesforceleadid"] == lead
    company = between.contact(hs)["associatedcompanyid"]
    row = between.hubspot.portal.row("companies", company)
    assert row is not None
    assert row["properties"]["name"] == "Uno"


def test_it_does_not_write_twice_what_it_wrote_once(between: Between) -> None:
    hs, sf = between.pair()
    between.native(on=True)
    between.change(sf, Title="CEO")
    between.later(2 * QUARTER)
    stamps = between.contact(hs)["lastmodifieddate"], between.record(sf)["SystemModstamp"]
    between.later(20 * QUARTER)
    assert stamps == (between.contact(hs)["lastmodifieddate"], between.record(sf)["SystemModstamp"])


def test_a_flow_that_fights_back_is_heard_of_the_next_time(between: Between) -> None:
    hs, sf = between.pair()
    flow = {"field": "MailingCity", "action": "upper"}
    body = {"kind": "flow", "name": "Shout", "object": "Contact", "does": flow}
    assert between.sf.post("/__control__/declare", json=body).status_code == 200
    between.native(on=True)
    between.edit(hs, city="Lima")
    between.later()
    assert (between.contact(hs)["city"], between.record(sf)["MailingCity"]) == ("Lima", "LIMA")
    between.later()
    assert between.contact(hs)["city"] == "LIMA"


def test_what_salesforce_refuses_is_a_sync_error_and_the_rest_goes_on(between: Between) -> None:
    hs, sf = between.pair()
    other = between.hubspot.put("contacts", {"email": "gil@uno.example", "lastname": "Gil"})
    between.native(on=True)
    between.edit(hs, phone="1" * 60, city="Lima")
    between.edit(other, city="Quito")
    between.later()
    errors = between.native()["errors"]
    assert errors.keys() == {f"contacts {hs}"}
    assert "STRING_TOO_LONG" in errors[f"contacts {hs}"]
    assert between.record(sf).get("MailingCity") is None
    assert len(between.salesforce.rows.ids("Lead")) == 1
    between.edit(hs, phone="1")
    between.later()
    assert between.native()["errors"] == {}
    assert between.record(sf)["MailingCity"] == "Lima"


def test_opportunities_become_deals_and_take_them_along_when_deleted(between: Between) -> None:
    between.native(on=True)
    body = {"Name": "Renewal", "StageName": "Closed Won", "CloseDate": "2026-12-01", "Amount": 5000}
    made = between.sf.post("/services/data/v67.0/sobjects/Opportunity", json=body).json()["id"]
    between.later()
    [deal] = between.hubspot.portal.objects["deals"].live
    row = between.hubspot.portal.row("deals", str(deal))
    assert row is not None
    kept = row["properties"]
    assert (kept["dealname"], kept["amount"], kept["dealstage"]) == ("Renewal", "5000", "closedwon")
    assert kept["closedate"] == "2026-12-01T00:00:00Z"
    assert kept["hs_salesforceopportunityid"] == made
    between.sf.delete(f"/services/data/v67.0/sobjects/Opportunity/{made}")
    between.later()
    assert between.hubspot.portal.objects["deals"].live == []


def test_activities_become_tasks_once(between: Between) -> None:
    hs, sf = between.pair()
    between.native(on=True)
    between.edit(hs, city="Lima")
    between.later()
    call = {"hs_timestamp": "2026-11-20T09:00:00Z", "hs_call_title": "Hello", "hs_call_body": "x"}
    spec = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 194}]
    body = {"properties": call, "associations": [{"to": {"id": hs}, "types": spec}]}
    made = between.hs.post("/crm/v3/objects/calls", json=body)
    assert made.status_code == 201, made.text
    between.later(10 * QUARTER)
    [task] = between.salesforce.rows.ids("Task")
    row = between.record(task, "Task")
    assert (row["Subject"], row["Status"], row["WhoId"]) == ("Call: Hello", "Completed", sf)
    assert row["ActivityDate"] == "2026-11-20"
    assert between.native()["mirrored"] == {f"calls {made.json()['id']}": task}


def test_it_stops_when_its_calls_are_used_up_and_counts_them_for_the_org(between: Between) -> None:
    hs, sf = between.pair()
    before = between.salesforce.calls
    between.native(on=True, calls_a_day=4)
    between.edit(hs, city="Lima")
    between.later()
    assert between.salesforce.calls == before + 4
    assert between.record(sf).get("MailingCity") is None
    assert "used up" in between.native()["errors"]["connector"]


@pytest.mark.parametrize(
    "told",
    [
        {"of": True},
        {"creates": "Account"},
        {"period_s": 0},
        {"rules": {"contacts.nope": "two-way"}},
        {"rules": {"contacts.phone": "newest"}},
        {"rules": {"contacts.hubspot_owner_id": "prefer-salesforce"}},
    ],
)
def test_a_setting_it_has_not_is_refused(between: Between, told: dict[str, Any]) -> None:
    answer = between.hs.post("/__control__/native", json=told)
    assert answer.status_code == 400
    assert between.native()["on"] is False
