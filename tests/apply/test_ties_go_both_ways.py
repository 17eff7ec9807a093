"""Contacts of a deal with their roles: read as a set, merged three-way, written as what differs."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from apply.pairs import Pair, Person, cells, everything_allowed, key_of, met
from crmsync.commands.plan import changes_of, is_quiet
from crmsync.commands.planfile import Plan
from crmsync.core.planning import Held, Unfit
from crmsync.reports.plan_text import plan_text
from crmsync.sandbox.hubspot.records import archive

ROLE = "OpportunityContactRole"
FIELDS = """\
  - field: people
    type: references
    to: contact
    names: {salesforce: associations.Contact.all, hubspot: associations.contacts.all}
    on_conflict: union
  - field: roles
    type: references
    to: contact
    names: {salesforce: associations.Contact.roles, hubspot: associations.contacts.roles}
    values:
      salesforce: {Decision Maker: decides, Evaluator: evaluates}
      hubspot: {Decision maker: decides, Evaluator: evaluates}
    on_conflict: union
"""
LABELS = ("Decision maker", "Evaluator")


@dataclass
class Deal:
    """One deal both systems know, and two people both know."""

    pair: Pair
    salesforce: str
    hubspot: str
    people: list[tuple[str, str]]
    labels: dict[str, int]

    def give(self, person: int, role: str | None = None) -> str:
        """A contact role in Salesforce."""
        given = {"OpportunityId": self.salesforce, "ContactId": self.people[person][0]}
        return self.pair.salesforce(ROLE, **given, **({"Role": role} if role else {}))

    def take(self, row: str) -> None:
        self.pair.servers.salesforce.rows.drop(ROLE, row)

    def associate(self, person: int, label: str | None = None) -> None:
        """An association in HubSpot, with or without a label."""
        types = [3, *([self.labels[label]] if label else [])]
        world = self.pair.servers.hubspot
        world.associate("deals", self.hubspot, "contacts", self.people[person][1], types)

    def in_salesforce(self) -> set[tuple[str, str | None]]:
        return set(self.rows())

    def rows(self) -> list[tuple[str, str | None]]:
        rows = [row for _, row in self.pair.servers.salesforce.tables.rows(ROLE)]
        found = [row for row in rows if row["OpportunityId"] == self.salesforce]
        return sorted(((row["ContactId"], row.get("Role")) for row in found), key=str)

    def in_hubspot(self) -> set[tuple[str, str]]:
        """(contact, label) of every association; an empty label is the plain tie."""
        connector = self.pair.workspace.connectors(only="hubspot")
        with connector as opened:
            tables = list(opened["hubspot"].associations("deals", "contacts"))
        rows = [row for table in tables for row in table.to_pylist()]
        return {(r["to_id"], r["role"] or "") for r in rows if r["from_id"] == self.hubspot}


@pytest.fixture
def deal(pair: Pair) -> Deal:
    people = [met(pair, "Ana"), met(pair, "Eva")]
    labels = {each: pair.servers.hubspot.define_label("deals", "contacts", each) for each in LABELS}
    account = pair.salesforce("Account", Name="Acme", Website="acme.example")
    company = pair.hubspot("companies", name="Acme", domain="acme.example")
    salesforce = pair.salesforce(
        "Opportunity",
        Name="Big",
        AccountId=account,
        StageName="Prospecting",
        CloseDate="2026-12-01",
    )
    hubspot = pair.hubspot("deals", dealname="Big", dealstage="appointmentscheduled",
                           pipeline="default")  # fmt: skip
    pair.servers.hubspot.associate("deals", hubspot, "companies", company, [5])
    path = pair.folder / "mappings" / "deal.yml"
    kept = re.split(r"\n(?=  - field: )", path.read_text())
    own = [part for part in kept if "associations.Contact." not in part]
    path.write_text("\n".join(own).replace("fields:\n", "fields:\n" + FIELDS, 1))
    pair.reopen()
    return Deal(pair, salesforce, hubspot, people, labels)


def quiet(pair: Pair) -> bool:
    return is_quiet(pair.plan())


def test_a_first_meeting_gives_each_side_what_the_other_knows(deal: Deal) -> None:
    deal.give(0, "Decision Maker")
    deal.associate(1, "Evaluator")
    deal.pair.night()
    (ana, ana_hs), (eva, eva_hs) = deal.people
    assert deal.in_salesforce() == {(ana, "Decision Maker"), (eva, "Evaluator")}
    assert {(ana_hs, "Decision maker"), (eva_hs, "Evaluator")} <= deal.in_hubspot()
    assert quiet(deal.pair)


@pytest.mark.slow
def test_what_one_side_takes_away_goes_and_what_the_other_adds_stays(deal: Deal) -> None:
    deal.pair.mapping(
        "deal", ("on_conflict: union\n", "on_conflict: union\n    blank: propagate\n")
    )
    row = deal.give(0)
    deal.pair.night()
    assert quiet(deal.pair)
    deal.take(row)
    deal.associate(1)
    deal.pair.night()
    (_, ana_hs), (eva, eva_hs) = deal.people
    assert deal.in_salesforce() == {(eva, None)}
    assert {contact for contact, _ in deal.in_hubspot()} == {eva_hs} != {ana_hs}
    assert quiet(deal.pair)


@pytest.mark.slow
def test_somebody_the_other_system_does_not_know_is_owed_until_it_does(deal: Deal) -> None:
    pair = deal.pair
    stranger = pair.salesforce("Contact", LastName="Gil", Email="gil@people.example")
    pair.mapping(
        "contact", ("create: {when: {email: present, last_name: present}}", "create: never")
    )
    deal.give(0)
    pair.salesforce(ROLE, OpportunityId=deal.salesforce, ContactId=stranger)
    pair.night()
    assert len(deal.in_hubspot()) == 1
    assert quiet(pair), "what cannot be written is not tried again"
    known = pair.hubspot("contacts", lastname="Gil", email="gil@people.example")
    pair.night()
    assert known in {contact for contact, _ in deal.in_hubspot()}
    assert quiet(pair)


def test_nobody_is_untied_for_not_being_known(deal: Deal) -> None:
    pair = deal.pair
    pair.mapping(
        "contact", ("create: {when: {email: present, last_name: present}}", "create: never")
    )
    stranger = pair.hubspot("contacts", lastname="Gil", email="gil@people.example")
    pair.servers.hubspot.associate("deals", deal.hubspot, "contacts", stranger, [3])
    deal.give(0)
    plan = pair.plan()
    assert [line.value for line in plan.lines if isinstance(line, Unfit)] == []
    pair.apply(everything_allowed(plan))
    assert {contact for contact, _ in deal.in_hubspot()} == {stranger, deal.people[0][1]}
    assert quiet(pair)


@pytest.mark.slow
def test_a_one_way_set_adds_and_removes_what_its_source_does_and_nothing_else(deal: Deal) -> None:
    pair = deal.pair
    to_hubspot = "    direction: {to: hubspot}\n    blank: propagate\n"
    name = "hubspot: associations.contacts.all}\n"
    pair.mapping("deal", (name, name + to_hubspot))
    deal.associate(1)
    row = deal.give(0)
    pair.night()
    (ana, ana_hs), (_, eva_hs) = deal.people
    assert {contact for contact, _ in deal.in_hubspot()} == {ana_hs, eva_hs}
    assert deal.in_salesforce() == {(ana, None)}, "the other way nothing goes"
    deal.take(row)
    pair.night()
    assert {contact for contact, _ in deal.in_hubspot()} == {eva_hs}
    assert quiet(pair)


def test_a_role_nobody_mapped_is_neither_evidence_nor_overwritten(deal: Deal) -> None:
    deal.give(0, "Influencer")
    deal.associate(1, "Evaluator")
    plan = deal.pair.plan()
    assert not {c for c in cells(plan) if c[1] == "roles"}
    deal.pair.apply(everything_allowed(plan))
    assert (deal.people[0][0], "Influencer") in deal.in_salesforce()


@pytest.mark.slow
def test_a_set_that_was_emptied_is_filled_again_unless_the_mapping_says_otherwise(
    deal: Deal,
) -> None:
    row = deal.give(0)
    deal.pair.night()
    deal.take(row)
    deal.pair.night()
    assert deal.in_salesforce() == {(deal.people[0][0], None)}
    assert quiet(deal.pair)


def test_ties_taken_away_are_counted_before_they_go(deal: Deal) -> None:
    pair = deal.pair
    pair.project("limits:\n  detachments: {at_most: 0, share: 0.0}\n")
    row = deal.give(0)
    deal.give(1)
    pair.night()
    deal.take(row)
    plan = pair.plan()
    assert [(each["limit"], each["amount"]) for each in plan.header.breaches] == [
        ("detachments", 1)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("point", ["after INTENT", "after update Opportunity", "after ACKED"])
def test_a_run_that_died_among_ties_ends_as_if_it_had_not(deal: Deal, point: str) -> None:
    pair = deal.pair
    deal.associate(0, "Decision maker")
    deal.associate(1)
    plan = pair.plan()
    assert {("salesforce", "people"), ("salesforce", "roles")} <= {each[:2] for each in cells(plan)}

    def die(at: str) -> None:
        if at == point:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pair.apply(everything_allowed(plan), at=die)
    pair.resume()
    (ana, _), (eva, _) = deal.people
    assert deal.rows() == sorted([(ana, "Decision Maker"), (eva, None)], key=str)
    assert key_of(pair, "deal", deal.salesforce)
    assert quiet(pair)


@pytest.mark.slow
def test_nobody_is_untied_because_a_record_is_gone(deal: Deal) -> None:
    deal.give(0, "Decision Maker")
    deal.give(1, "Evaluator")
    deal.pair.night()
    assert quiet(deal.pair)
    portal = deal.pair.servers.hubspot.portal
    archive(portal, "contacts", deal.people[0][1])
    plan = deal.pair.plan()
    assert not [c for c in changes_of(plan) if c.entity == "deal" and c.system == "salesforce"]
    deal.pair.apply(everything_allowed(plan))
    (ana, _), (eva, _) = deal.people
    assert deal.in_salesforce() == {(ana, "Decision Maker"), (eva, "Evaluator")}
    assert quiet(deal.pair)


def test_nobody_is_untied_because_the_people_could_not_be_read(deal: Deal) -> None:
    deal.give(0)
    deal.give(1)
    deal.pair.night()
    seat = "{system: salesforce, object: Contact, create: never}"
    deal.pair.mapping(
        "contact", (seat, seat.replace("create", "where: {Department: present}, create"))
    )
    plan = deal.pair.plan()
    assert not [c for c in changes_of(plan) if c.entity == "deal"]


def test_what_left_the_scope_since_the_plan_is_not_written(person: Person) -> None:
    pair = person.pair
    pair.mapping(
        "contact", ("fields:\n", "scope: {hubspot: {lifecyclestage: [customer]}}\nfields:\n")
    )
    person.in_hubspot(lifecyclestage="customer")
    pair.night()
    person.in_salesforce(Title="Director")
    plan = pair.plan()
    assert ("hubspot", "job_title", "Director") in cells(plan)
    person.in_hubspot(lifecyclestage="evangelist")
    pair.apply(everything_allowed(plan))
    assert person.at_hubspot("jobtitle") == "Analyst"


CUSTOMERS = "scope: {hubspot: {lifecyclestage: [customer]}}\nfields:\n"


def stage(deal: Deal, person: int, to: str) -> None:
    deal.pair.hubspot("contacts", deal.people[person][1], lifecyclestage=to)


def held(plan: Plan) -> list[tuple[str, str, tuple[str, ...]]]:
    lines = [line for line in plan.lines if isinstance(line, Held) and line.key]
    return [(line.system, line.reason, line.refs) for line in lines]


@pytest.fixture
def scoped_deal(deal: Deal) -> Deal:
    """Ana is a customer, and so in the scope of contacts; Eva is not."""
    deal.pair.mapping("contact", ("fields:\n", CUSTOMERS))
    stage(deal, 0, "customer")
    stage(deal, 1, "lead")
    return deal


@pytest.mark.slow
def test_nobody_is_tied_to_a_record_outside_the_scope(scoped_deal: Deal) -> None:
    """It is held back with both ends and the reason, on every night, and the rest goes over."""
    deal = scoped_deal
    deal.give(0)
    deal.give(1)
    ends = (f"hubspot/deals/{deal.hubspot}", f"hubspot/contacts/{deal.people[1][1]}")
    deal.pair.night()
    deal.pair.night()
    assert {one for one, _ in deal.in_hubspot()} == {deal.people[0][1]}
    plan = deal.pair.plan()
    assert held(plan) == [("hubspot", "outside:people", ends)]
    assert changes_of(plan) == []
    assert not [line for line in plan.lines if isinstance(line, Unfit)]
    assert "1 tie not made in HubSpot" in plan_text(plan.header, plan.lines, "en")


@pytest.mark.slow
def test_who_comes_into_the_scope_is_tied_then(scoped_deal: Deal) -> None:
    deal = scoped_deal
    deal.give(1, "Evaluator")
    deal.pair.night()
    assert deal.in_hubspot() == set()
    stage(deal, 1, "customer")
    deal.pair.night()
    deal.pair.night()
    assert (deal.people[1][1], "Evaluator") in deal.in_hubspot()
    assert held(deal.pair.plan()) == []


def test_nobody_is_untied_because_a_record_left_the_scope(scoped_deal: Deal) -> None:
    """Neither there nor elsewhere, also while somebody else is added."""
    deal = scoped_deal
    deal.give(0)
    deal.pair.night()
    tied = deal.people[0][1]
    stage(deal, 0, "evangelist")
    stage(deal, 1, "customer")
    deal.give(1)
    plan = deal.pair.plan()
    assert held(plan) == []
    deal.pair.apply(everything_allowed(plan))
    assert {one for one, _ in deal.in_hubspot()} == {tied, deal.people[1][1]}
    assert {one for one, _ in deal.rows()} == {one for one, _ in deal.people}


@pytest.mark.slow
def test_a_person_may_untie_a_record_outside_the_scope(scoped_deal: Deal) -> None:
    """What a person takes away is taken away on the other side, too: nobody is added."""
    deal = scoped_deal
    row = deal.give(0)
    deal.give(1)
    stage(deal, 1, "customer")
    deal.pair.night()
    stage(deal, 0, "evangelist")
    deal.take(row)
    plan = deal.pair.plan()
    deal.pair.apply(everything_allowed(plan))
    assert {one for one, _ in deal.in_hubspot()} == {deal.people[1][1]}


def test_who_left_the_scope_since_the_plan_is_not_tied(scoped_deal: Deal) -> None:
    deal = scoped_deal
    deal.pair.night()
    deal.give(0)
    plan = deal.pair.plan()
    assert [change.system for change in changes_of(plan)] == ["hubspot"]
    stage(deal, 0, "evangelist")
    applied = deal.pair.apply(everything_allowed(plan))
    assert applied.states == {"BLOCKED": 1}
    assert deal.in_hubspot() == set()
    with deal.pair.workspace.store() as store:
        (op,) = store.ops(applied.run)
    assert op.message == "the scope leaves out what it refers to: people"


def test_a_single_tie_does_not_lead_out_of_the_scope_either(deal: Deal) -> None:
    """A deal without a company is not given one that takes no part; that is no value that does not fit."""
    pair = deal.pair
    pair.mapping("company", ("fields:\n", "scope: {hubspot: {industry: present}}\nfields:\n"))
    contact = met(pair, "Iris")[0]
    (account,) = pair.servers.salesforce.tables.ids("Account")
    pair.salesforce("Contact", contact, AccountId=account)
    plan = pair.plan()
    assert ("hubspot", "outside:company") in {each[:2] for each in held(plan)}
    assert not [x for x in plan.lines if isinstance(x, Unfit) and x.field == "company"]
    assert not [c for c in cells(plan) if c[:2] == ("hubspot", "company")]
