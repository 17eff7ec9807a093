"""A `where` or `scope` that leaves nobody of an object whose records are linked is told once, with the number."""

from __future__ import annotations

import pytest

from apply.pairs import Pair, Person, met
from apply.prospects import in_hubspot, lead_of
from apply.test_who_takes_part_may_change import MATCH, scoped
from crmsync.commands.planfile import Plan
from crmsync.reports.plan_text import plan_text
from crmsync.sandbox.salesforce.becoming import convert_lead


def said(plan: Plan, language: str = "en") -> list[str]:
    """What a plan tells of emptied seats."""
    words = ("takes no part", "take no part", "ya no participa")
    lines = plan_text(plan.header, plan.lines, language).splitlines()
    return [line.strip() for line in lines if any(each in line for each in words)]


def emptied(plan: Plan) -> dict[str, int]:
    return {name: n for name, n in plan.header.counts.items() if name.startswith("emptied.")}


@pytest.fixture
def lead(pair: Pair) -> str:
    """A lead that is linked and settled."""
    lead = lead_of(pair)
    in_hubspot(pair)
    pair.night()
    assert emptied(pair.plan()) == {}
    return lead


@pytest.mark.slow
def test_a_where_that_no_record_meets_is_told(pair: Pair, lead: str) -> None:
    pair.mapping("contact", ("IsConverted: false", 'IsConverted: "no"'))
    plan = pair.plan()
    assert emptied(plan) == {"emptied.where salesforce/Lead contact": 1}
    assert said(plan) == [
        "1 linked record of salesforce/Lead takes no part any more: `where` of contact leaves nobody there."
    ]
    assert said(plan, "es") == [
        "1 registro enlazado de salesforce/Lead ya no participa: `where` de contact no deja allí a nadie."
    ]


@pytest.mark.slow
def test_a_scope_that_no_record_meets_is_told(pair: Pair, lead: str) -> None:
    out = '\nscope: {salesforce: {Lead: {HasOptedOutOfEmail: "no"}}}\n'
    pair.mapping("contact", (MATCH, out + MATCH))
    assert emptied(pair.plan()) == {"emptied.scope salesforce/Lead contact": 1}


@pytest.mark.slow
def test_leads_that_all_became_contacts_are_nobodys_mistake(pair: Pair, lead: str) -> None:
    convert_lead(pair.servers.salesforce, {"lead": lead})
    assert emptied(pair.plan()) == {}


def test_a_scope_that_leaves_somebody_is_only_counted(person: Person) -> None:
    pair = person.pair
    met(pair, "Bea", hubspot={"lifecyclestage": "customer"})
    pair.night()
    scoped(pair)
    plan = pair.plan()
    assert plan.header.counts["outside.hubspot"] == 1
    assert emptied(plan) == {}


def test_records_that_were_never_linked_are_not_missed(pair: Pair) -> None:
    pair.hubspot("contacts", lastname="Sola", email="sola@people.example")
    scoped(pair)
    assert emptied(pair.plan()) == {}
