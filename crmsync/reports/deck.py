"""The sentences that go into a deck: what marketing and sales lose by the state of the data, at most three.

Each with its number, how it was counted, and what it does not know. In this order, those that have something to say:
people who may not be written to, won money that nobody can be credited for, what became of leads that marketing
handed over, contacts that are paid for in vain. Made of what the audits found and counted; nothing is estimated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crmsync.core.auditing import AuditResult, address_of
from crmsync.core.figures import Figures
from crmsync.core.roles import RoleFigures
from crmsync.language import N_, translate
from crmsync.reports.facts import ReportFacts
from crmsync.reports.numbers import money, number, quantity
from crmsync.reports.roles_words import amounts_text, unread
from crmsync.reports.words import joined

MOST = 3
OPTED_OUT = "G02"
PAID: Mapping[str, str] = {
    "C18": N_("mail to them bounces"),
    "C21": N_("they are there twice"),
    "C22": N_("they opted out"),
}
"""Audits of marketing contacts that are paid for in vain, and why each."""


@dataclass(frozen=True, slots=True)
class DeckSentence:
    """One sentence, how its number was counted, and its limits."""

    said: str
    counted: str
    limits: str


def deck(facts: ReportFacts, language: str) -> list[DeckSentence]:
    """The first three sentences that these facts have something for."""
    makers: Sequence[Callable[[ReportFacts, str], DeckSentence | None]]
    makers = (_opted_out, _not_credited, _handed_over, _paid_in_vain)
    made = (make(facts, language) for make in makers)
    return [each for each in made if each is not None][:MOST]


def _result(facts: ReportFacts, audit: str) -> AuditResult | None:
    """What an audit found, if it found anything."""
    found = (r for r in facts.results if r.audit.id == audit and r.count)
    return next(found, None)


def _opted_out(facts: ReportFacts, language: str) -> DeckSentence | None:
    result = _result(facts, OPTED_OUT)
    if result is None:
        return None
    return DeckSentence(
        quantity(
            "{n} person asked for no more e-mail in one system, and can still be written to from the other.",
            "{n} people asked for no more e-mail in one system, and can still be written to from the other.",
            result.count,
            language,
        ),
        _of(result, N_("Audit {audit}, of {of} people who are in both systems."), language),
        translate(
            "People who are in one system alone, and other tools that send e-mail, are not in this number.",
            language,
        ),
    )


def _not_credited(facts: ReportFacts, language: str) -> DeckSentence | None:
    roles = facts.roles
    if roles is None or not roles.alone.won:
        return None
    worth = amounts_text(roles.alone.amounts, language)
    said = quantity(
        "{n} won deal{worth} names no contact, so no campaign can be credited for it.",
        "{n} won deals{worth} name no contact, so no campaign can be credited for them.",
        roles.alone.won,
        language,
    )
    return DeckSentence(
        said.replace("{worth}", f" ({worth})" if worth else ""),
        translate(
            "Won deals that no system ties to a contact, under a role or none, with their amounts as the systems have "
            "them; two currencies are never added up.",
            language,
        ),
        " ".join([*_attributable(roles, language), *unread(roles, language)]),
    )


def _attributable(roles: RoleFigures, language: str) -> Iterator[str]:
    """Of how many somebody is known, and how many were left out of the number."""
    yield quantity(
        "Of {n} of them something else says who it was: crmsync fix roles.",
        "Of {n} of them something else says who it was: crmsync fix roles.",
        roles.alone.proposed,
        language,
    )
    if others := roles.won - roles.alone.won:
        yield quantity(
            "{n} more has a contact under a role without a name, or in the other system alone, and is not in this "
            "number.",
            "{n} more have a contact under a role without a name, or in the other system alone, and are not in this "
            "number.",
            others,
            language,
        )


def _handed_over(facts: ReportFacts, language: str) -> DeckSentence | None:
    figures, outcome = facts.figures, facts.figures.outcome
    if not figures.days or not outcome.handoffs:
        return None
    said = quantity(
        "Marketing handed over {n} lead in {days} days: sales accepted {accepted}, rejected {rejected}, sent back "
        "{recycled}, and said nothing of {undecided}.",
        "Marketing handed over {n} leads in {days} days: sales accepted {accepted}, rejected {rejected}, sent back "
        "{recycled}, and said nothing of {undecided}.",
        outcome.handoffs,
        language,
    )
    holes = {
        "days": figures.days,
        "accepted": outcome.accepted,
        "rejected": outcome.rejected,
        "recycled": outcome.recycled,
        "undecided": outcome.undecided,
    }
    return DeckSentence(
        _filled(said, holes, language),
        translate(
            "Leads that became ready for sales in this period and have an owner, each hand-off once and in one of "
            "the four numbers.",
            language,
        ),
        _not_in_handoffs(figures, language),
    )


def _not_in_handoffs(figures: Figures, language: str) -> str:
    said = translate(
        "Leads without an owner ({without}) and those of whom nobody knows when they became ready ({undated}) are not "
        "in this number.",
        language,
    )
    return _filled(said, {"without": figures.without_owner, "undated": figures.undated}, language)


_PAID = (
    N_("{n} marketing contact is paid for in vain{cost}: {why}."),
    N_("{n} marketing contacts are paid for in vain{cost}: {why}."),
)
_PAID_AT_LEAST = (
    N_("At least {n} marketing contact is paid for in vain{cost}: {why}."),
    N_("At least {n} marketing contacts are paid for in vain{cost}: {why}."),
)
"""Where more was found than is kept, so that nobody knows how many of the rest are others."""


def _paid_in_vain(facts: ReportFacts, language: str) -> DeckSentence | None:
    results = [each for each in (_result(facts, audit) for audit in PAID) if each is not None]
    people = {
        address_of(finding)[:4]: finding.amount or 0.0 for r in results for finding in r.findings
    }
    if not people:
        return None
    cost = sum(people.values())
    forms = _PAID_AT_LEAST if any(r.beyond for r in results) else _PAID
    said = quantity(*forms, len(people), language)
    shown = money(cost, facts.currency, language) if cost else ""
    why = "; ".join(translate(PAID[r.audit.id], language) for r in results)
    return DeckSentence(
        said.replace("{cost}", f" ({shown})" if shown else "").replace("{why}", why),
        translate("Found by {audits}; whoever is in several of them counts once.", language).format(
            audits=joined([r.audit.id for r in results], language)
        ),
        translate("What a contact costs is the price in crmsync.yml.", language)
        if shown
        else translate("No price of a marketing contact is set in crmsync.yml.", language),
    )


def _of(result: AuditResult, message: str, language: str) -> str:
    eligible = number(result.eligible or 0, language)
    return translate(message, language).format(audit=result.audit.id, of=eligible)


def _filled(said: str, holes: Mapping[str, int], language: str) -> str:
    for name, value in holes.items():
        said = said.replace("{" + name + "}", number(value, language))
    return said
