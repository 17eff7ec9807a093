"""A week beside the native connector: every write of every night goes back to what a person typed since the last one.

So nothing ping-pongs: a value that only came back from another writer is typed by nobody. The connector lags behind
people as much as crmsync does, in both orders; what it copies into Salesforce is counted once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from apply.pairs import Pair, conflicts, met
from crmsync.commands.audit import audit
from crmsync.commands.columns import open_columns
from crmsync.commands.doctor import doctor
from crmsync.commands.plan import changes_of
from crmsync.commands.pull import pull
from crmsync.core.planning import Change
from crmsync.sandbox.clock import nothing_happens
from crmsync.sandbox.hubspot import consent
from crmsync.sandbox.native.ticking import attach
from crmsync.warehouse.audit_db import build_face

QUARTER_S, HOUR_S = 900, 3600
NAMES = ("Ana", "Eva", "Noa", "Luz")


@dataclass(frozen=True)
class Typed:
    """One of our fields, its name on either side, and the words people choose from."""

    ours: str
    hubspot: str
    salesforce: str
    words: tuple[str, ...]


# The last one is mapped by crmsync alone; every other is written by both.
PEOPLE = (
    Typed("job_title", "jobtitle", "Title", ("Director", "Buyer", "Analyst")),
    Typed("city", "city", "MailingCity", ("Vigo", "Lugo", "Lima")),
    Typed("last_name", "lastname", "LastName", ("Ruiz", "Gil", "Paz")),
    Typed("mobile", "mobilephone", "MobilePhone", ("+34600111222", "+34600333444")),
)
FIRMS = (
    Typed("name", "name", "Name", ("Acme", "Acme Norte", "Acme Sur")),
    Typed("phone", "phone", "Phone", ("+34911222333", "+34911444555")),
)


@dataclass
class Week:
    """What people typed by day, and what crmsync wrote by night, of every cell; whom it made, and where."""

    pair: Pair
    rows: dict[str, tuple[str, str, tuple[Typed, ...]]] = field(default_factory=dict)
    typed: dict[tuple[str, str], list[tuple[int, str]]] = field(default_factory=dict)
    written: dict[tuple[str, str, str], int] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    made: list[tuple[str, str]] = field(default_factory=list)
    night: int = 0

    def edit(self, pick: Random) -> None:
        """People edit some records on one side or both; the connector looks in between, or is late."""
        for name, (in_salesforce, in_hubspot, fields) in self.rows.items():
            each = pick.choice(fields)
            firm = fields is FIRMS
            for side in pick.choice((("hubspot",), ("salesforce",), ("hubspot", "salesforce"), ())):
                word = pick.choice(each.words)
                self.typed.setdefault((name, each.ours), []).append((self.night, word))
                if side == "hubspot":
                    place = "companies" if firm else "contacts"
                    self.pair.hubspot(place, in_hubspot, **{each.hubspot: word})
                else:
                    place = "Account" if firm else "Contact"
                    self.pair.salesforce(place, in_salesforce, **{each.salesforce: word})
                if pick.random() < 0.4:
                    self.later(QUARTER_S)
        self.call(pick.choice(NAMES))
        self.later(pick.choice((0, 60, QUARTER_S, 8 * HOUR_S)))

    def call(self, name: str) -> None:
        """Somebody calls one of them, and HubSpot notes it; the connector makes a task of it."""
        hubspot = self.pair.servers.hubspot
        at = hubspot.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        told = {"hs_timestamp": at, "hs_call_title": f"Day {self.night}"}
        call = self.pair.hubspot("calls", **told)
        hubspot.associate("calls", call, "contacts", self.rows[name][1], (194,))
        self.calls.append(call)

    def later(self, seconds: float) -> None:
        """Time passes, and the connector looks if its time has come."""
        for world in self.pair.servers.worlds.values():
            world.clock.advance(seconds)
        self.pair.servers.hubspot.before_call()

    def sleep(self) -> int:
        """One nightly run, each of its writes explained; how many cells it wrote."""
        done = self.pair.sync(leave_conflicts=True)
        changes = list(changes_of(done.plan))
        self.made += ((one.system, self._address(one)) for one in changes if one.action == "create")
        cells = [(one, cell) for one in changes if one.action == "update" for cell in one.cells]
        for change, cell in cells:
            name = self._name(change.entity, change.native_id)
            last = self.written.get((change.system, name, cell.field), -1)
            since = [word for day, word in self.typed.get((name, cell.field), ()) if day > last]
            # A rule may prefer what stands on one side to what was just typed on the other.
            preferred = bool(since) and cell.reason.startswith("prefer:")
            assert cell.after in since or preferred, f"{name}: who wrote this? {cell}"
            self.written[change.system, name, cell.field] = self.night
        self.night += 1
        return len(cells) + len([one for one in changes if one.action == "create"])

    @staticmethod
    def _address(change: Change) -> str:
        return next(str(cell.after) for cell in change.cells if cell.field == "email")

    def _name(self, entity: str, native_id: str | None) -> str:
        """Ids of HubSpot are unique within an object only."""
        fields = FIRMS if entity == "company" else PEOPLE
        found = (name for name, row in self.rows.items() if row[2] is fields and native_id in row)
        return next(found)

    def apart(self) -> set[str]:
        """Our fields in which the two sides of anybody differ."""
        found = set()
        for in_salesforce, in_hubspot, fields in self.rows.values():
            place = ("Account", "companies") if fields is FIRMS else ("Contact", "contacts")
            there = self.pair.of_salesforce(place[0], in_salesforce)
            here = self.pair.of_hubspot(place[1], in_hubspot)
            found |= {
                each.ours for each in fields if here.get(each.hubspot) != there.get(each.salesforce)
            }
        return found


@pytest.fixture
def week(pair: Pair) -> Iterator[Week]:
    """Four people and a company whom both systems know, settled, and the connector on; it creates nobody."""
    servers, found = pair.servers, Week(pair)
    for name in NAMES:
        found.rows[name] = (*met(pair, name), PEOPLE)
    firm = pair.salesforce("Account", Name="Acme", Website="acme.example", Phone="+34911222333")
    same = pair.hubspot("companies", name="Acme", domain="acme.example", phone="+34911222333")
    found.rows["Acme"] = (firm, same, FIRMS)
    pair.night()
    attach(servers.salesforce, servers.hubspot)
    assert servers.hubspot.native is not None
    servers.hubspot.native({"on": True, "creates": "nothing", "creates_in_hubspot": False})
    yield found
    servers.salesforce.before_call = servers.hubspot.before_call = nothing_happens
    servers.hubspot.native = None


def connector(pair: Pair) -> dict[str, Any]:
    assert pair.servers.hubspot.native is not None
    told: dict[str, Any] = pair.servers.hubspot.native({})
    return told


@pytest.mark.slow
@pytest.mark.parametrize("seed", [5, 6])
def test_every_write_of_a_week_is_explained_and_the_second_quiet_night_writes_nothing(
    week: Week, seed: int
) -> None:
    pick = Random(seed)
    count, nights = 0, 7
    for _ in range(nights):
        week.edit(pick)
        count += week.sleep()
    assert not week.made, "nobody was new"
    assert count, "a week in which crmsync had nothing to do proves nothing"
    week.later(12 * HOUR_S)
    week.sleep()
    for _ in range(2):
        week.later(12 * HOUR_S)
        week.pair.forget_requests()
        assert week.sleep() == 0
        assert not week.pair.writes()
    # What both sides were given at once, of a field the connector leaves alone, is a question for a person.
    assert week.apart() <= {"mobile"}
    assert bool(week.apart()) == ("mobile" in conflicts(week.pair.plan()))
    told = connector(week.pair)
    assert (told["errors"], len(told["mirrored"])) == ({}, nights)
    # Every call has a copy in Salesforce, and counts once.
    assert activities_of(week.pair) == sorted(("hubspot", one) for one in week.calls)


LEAVES = (
    "{system: salesforce, object: Contact, create: never}",
    "{system: salesforce, object: Contact, create: {when: {email: present, last_name: present}}}",
)
GIL, MAR = "gil@people.example", "mar@people.example"


@pytest.mark.slow
def test_who_opts_out_and_who_is_new_on_either_side_come_over_once_and_stay(week: Week) -> None:
    pair, pick = week.pair, Random(7)
    pair.mapping("contact", LEAVES)
    for night in range(7):
        week.edit(pick)
        if night == 1:
            opts_out(week, "Ana")
        if night == 2:
            pair.salesforce("Contact", FirstName="Gil", LastName="Paz", Email=GIL)
            pair.hubspot("contacts", firstname="Mar", lastname="Gil", email=MAR)
        week.sleep()
        if night >= 1:
            assert is_out(week, "Ana"), "nobody takes it back"
        if night == 2:
            week.rows |= {name: (*both(pair, name), PEOPLE) for name in ("Gil", "Mar")}
    assert sorted(week.made) == [("hubspot", GIL), ("salesforce", MAR)]
    week.later(12 * HOUR_S)
    week.sleep()
    week.later(12 * HOUR_S)
    week.pair.forget_requests()
    assert week.sleep() == 0
    assert not pair.writes()
    assert len(week.made) == 2
    assert connector(pair)["errors"] == {}
    in_salesforce, in_hubspot, _ = week.rows["Ana"]
    assert pair.of_salesforce("Contact", in_salesforce)["HasOptedOutOfEmail"] is True
    assert pair.of_hubspot("contacts", in_hubspot)["hs_email_optout"] == "true"
    assert week.apart() <= {"mobile"}


def opts_out(week: Week, name: str) -> None:
    """Somebody in Salesforce ticks the box."""
    in_salesforce, _, _ = week.rows[name]
    week.typed.setdefault((name, "opted_out"), []).append((week.night, "true"))
    week.pair.salesforce("Contact", in_salesforce, HasOptedOutOfEmail=True)


def is_out(week: Week, name: str) -> bool:
    """Whether HubSpot sends nothing to this address any more."""
    portal = week.pair.servers.hubspot.portal
    return bool(consent.consent_of(portal, f"{name.lower()}@people.example")["all"])


def both(pair: Pair, name: str) -> tuple[str, str]:
    """The one contact of an address on either side."""
    email = f"{name.lower()}@people.example"
    [contact] = pair.servers.salesforce.rows.find("Contact", "Email", email)
    holder = pair.servers.hubspot.portal.holder("contacts", "email", email)
    assert holder is not None
    return contact, holder


def test_the_audit_names_the_fields_that_two_write(week: Week) -> None:
    pair = week.pair
    in_salesforce, _, _ = week.rows["Ana"]
    pair.salesforce("Contact", in_salesforce, Title="Buyer")
    week.later(QUARTER_S)
    pull(pair.workspace, inventory=True)
    [found] = audit(pair.workspace, select=["N01"]).results
    assert found.not_checked is None
    told = {(one.object, str(one.field)): one.detail for one in found.findings}
    seats = (
        ("Contact", PEOPLE, "salesforce"),
        ("Account", FIRMS, "salesforce"),
        ("contacts", PEOPLE, "hubspot"),
        ("companies", FIRMS, "hubspot"),
    )
    shared = {
        (place, getattr(each, side))
        for place, fields, side in seats
        for each in fields
        if each.ours != "mobile"
    }
    assert shared <= told.keys()
    assert str(told["Contact", "Title"]).endswith(": contact.job_title")
    assert not {field for _, field in told} & {"MobilePhone", "mobilephone"}, "left alone"


def activities_of(pair: Pair) -> list[tuple[str, str]]:
    """System and id of every activity that an audit sees."""
    import duckdb

    file = pair.folder / "face.duckdb"
    with pair.workspace.store() as store, open_columns(pair.workspace, store) as columns:
        build_face(columns, file)
    with duckdb.connect(str(file), read_only=True) as db:
        found = db.execute("SELECT system, id FROM activity ORDER BY 1, 2").fetchall()
    return [(str(system), str(id_)) for system, id_ in found]


def told_by_doctor(pair: Pair) -> dict[str, tuple[str, str]]:
    """Level and message of what it says about the connector, by system."""
    found = [each for each in doctor(pair.workspace) if each.topic == "native_connector"]
    return {each.subject: (each.level, each.message) for each in found}


def test_doctor_names_the_fields_that_two_write_on_either_side_until_they_are_declared(
    week: Week,
) -> None:
    """The package tells it in Salesforce; in HubSpot a record that was synced."""
    pair = week.pair
    in_salesforce, _, _ = week.rows["Ana"]
    pair.salesforce("Contact", in_salesforce, Title="Buyer")
    week.later(QUARTER_S)
    told = told_by_doctor(pair)
    assert told.keys() == {"salesforce", "hubspot"}
    for level, message in told.values():
        assert level == "warning"
        assert {"contact.city", "contact.job_title", "company.name"} & set(message.split(", ")), (
            message
        )
        assert "contact.mobile" not in message, "the connector leaves it alone"
    pair.project(
        "writers:\n  - name: HubSpot-Salesforce\n    kind: native_connector\n    agreed: until spring\n"
        "    copies:\n      - {from: salesforce/Contact.Title, to: hubspot/contacts.jobtitle, rule: two_way}\n"
    )
    assert {level for level, _ in told_by_doctor(pair).values()} == {"ok"}
