"""The sentences for a deck: true by what was found and counted, with their limits, and none where there is nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from reports.report_samples import make_facts

from crmsync.core.figures import Figures, Outcome
from crmsync.core.roles import AloneCount, RoleCount, RoleFigures
from crmsync.reports.deck import deck
from crmsync.reports.facts import ReportFacts
from crmsync.reports.html import render


@pytest.fixture
def nothing() -> ReportFacts:
    return make_facts({"D06": 0})


def said(facts: ReportFacts, language: str = "en") -> list[str]:
    return [each.said for each in deck(facts, language)]


def test_nothing_wrong_is_no_sentence_and_no_section(nothing: ReportFacts) -> None:
    assert deck(nothing, "en") == []
    assert 'id="deck"' not in render(nothing, "en")


def test_who_opted_out_and_can_still_be_written_to() -> None:
    facts = make_facts({"G02": 5}, 324)
    (one,) = deck(facts, "en")
    assert one.said.startswith("5 people asked for no more e-mail")
    assert "G02, of 324 people" in one.counted
    assert "alone" in one.limits
    (alone,) = said(make_facts({"G02": 1}))
    assert alone.startswith("1 person asked")


def test_won_deals_that_no_campaign_can_be_credited_for(nothing: ReportFacts) -> None:
    worth = {"EUR": Decimal(400), "USD": Decimal(7)}
    counts = (RoleCount("certain", 3, 3, 2, {"EUR": Decimal(100)}),)
    alone = AloneCount(8, worth, 2)
    roles = RoleFigures(9, 8, worth, counts, (("hubspot", "activity"),), alone)
    (one,) = deck(replace(nothing, roles=roles), "en")
    assert one.said.startswith("8 won deals (€400 and $7) name no contact")
    assert one.limits.startswith("Of 2 of them something else says who it was")
    assert "activities were not read" in one.limits
    assert "more" not in one.limits


def test_who_is_on_a_won_deal_without_a_role_is_not_said_to_be_missing(
    nothing: ReportFacts,
) -> None:
    some = RoleFigures(9, 8, {"EUR": Decimal(900)}, alone=AloneCount(7, {"EUR": Decimal(400)}))
    (one,) = deck(replace(nothing, roles=some), "en")
    assert one.said.startswith("7 won deals (€400) name no contact")
    assert "1 more has a contact under a role without a name" in one.limits
    (told,) = deck(replace(nothing, roles=replace(some, won=9)), "es")
    assert "2 más tienen un contacto" in told.limits
    assert deck(replace(nothing, roles=replace(some, alone=AloneCount())), "en") == []


def test_what_became_of_leads_that_were_handed_over(nothing: ReportFacts) -> None:
    figures = Figures(days=90, outcome=Outcome(40, 12, 3, 5), without_owner=7, undated=2)
    (one,) = deck(replace(nothing, figures=figures), "en")
    assert one.said == (
        "Marketing handed over 40 leads in 90 days: sales accepted 12, rejected 3, sent back 5, and said nothing of 20."
    )
    assert "(7)" in one.limits
    assert "(2)" in one.limits
    (spanish,) = said(replace(nothing, figures=figures), "es")
    assert "ventas aceptó 12, rechazó 3, devolvió 5 y no dijo nada de 20" in spanish


def test_who_is_paid_for_in_vain_counts_once_however_many_audits_say_so() -> None:
    base = make_facts({"C05": 3}).results[0]
    priced = tuple(replace(each, amount=5.0) for each in base.findings)
    results = [
        replace(base, audit=replace(base.audit, id=id_), findings=findings)
        for id_, findings in (("C18", priced[:2]), ("C22", priced[1:]))
    ]
    facts = replace(make_facts({}), results=tuple(results))
    (one,) = deck(facts, "en")
    assert one.said == (
        "3 marketing contacts are paid for in vain (€15): mail to them bounces; they opted out."
    )
    assert "C18 and C22" in one.counted
    free = tuple(
        replace(r, findings=tuple(replace(f, amount=None) for f in r.findings)) for r in results
    )
    (unpriced,) = deck(replace(facts, results=free), "en")
    assert "vain: " in unpriced.said
    assert "No price" in unpriced.limits


def test_where_more_was_found_than_is_kept_the_number_is_at_least_that() -> None:
    base = make_facts({"C05": 3}).results[0]
    capped = replace(base, audit=replace(base.audit, id="C18"), beyond=400)
    facts = replace(make_facts({}), results=(capped,))
    assert said(facts) == [
        "At least 3 marketing contacts are paid for in vain: mail to them bounces."
    ]
    assert said(facts, "es")[0].startswith("Se paga en vano por al menos 3 contactos")


def test_there_are_three_at_most_and_those_in_order(nothing: ReportFacts) -> None:
    results = (*make_facts({"G02": 5}).results, *make_facts({"C05": 3}).results)
    paid = replace(results[-2], audit=replace(results[-2].audit, id="C22"))
    facts = replace(
        nothing,
        results=(results[0], paid),
        roles=RoleFigures(1, 1, alone=AloneCount(1)),
        figures=Figures(days=30, outcome=Outcome(1)),
    )
    told = said(facts)
    assert [told[0][:8], told[1][:10], told[2][:9]] == ["5 people", "1 won deal", "Marketing"]
    assert "1 won deal names no contact" in told[1]
