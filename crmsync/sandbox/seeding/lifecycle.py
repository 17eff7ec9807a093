"""Who is how far in HubSpot, told by the deals of both systems, and where that story is broken.

Plants L06 (opportunity without an open deal), L11 (on a won deal, not a customer) and G02 (opted
out in one system only). An e-mail that one Contact or Lead and one HubSpot contact share, and
nobody else, ties the two; only plain people have such a tie.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crmsync.sandbox.seeding.drafts import SYSTEMS, Deal, Draft, Person
from crmsync.sandbox.seeding.plant_companies import scaled

_DEFAULT_SIZE = 400
_NO_OPEN_DEAL, _NOT_CUSTOMER, _OPTED_ONCE = 8, 6, 5
_EARLY = ("subscriber", "lead", "lead", "marketingqualifiedlead", "salesqualifiedlead", "other")
_BEFORE_SALES = ("subscriber", "lead", "marketingqualifiedlead")
_LEAD_STATUS = {
    "subscriber": ("",),
    "lead": ("NEW", "ATTEMPTED_TO_CONTACT", ""),
    "marketingqualifiedlead": ("NEW", "OPEN"),
    "salesqualifiedlead": ("IN_PROGRESS", "CONNECTED"),
    "opportunity": ("OPEN_DEAL",),
    "other": ("UNQUALIFIED", "BAD_TIMING"),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Numbers of the people on open or won deals of either system, and per system of companies."""

    open_people: frozenset[int]
    won_people: frozenset[int]
    open_companies: dict[str, frozenset[int]]


def evidence(deals: Iterable[Deal]) -> Evidence:
    """What the deals say: people by role or association, companies by the deal's own company."""
    people: dict[str, set[int]] = {"open": set(), "won": set(), "lost": set()}
    companies: dict[str, set[int]] = {system: set() for system in SYSTEMS}
    for deal in deals:
        on_it = {p.number for p, _ in deal.roles} | {p.number for p in deal.people}
        people["open" if deal.is_open else deal.stage] |= on_it
        for system in deal.systems if deal.is_open else ():
            if system != deal.without_company:
                companies[system].add(deal.company.number)
    return Evidence(
        frozenset(people["open"]),
        frozenset(people["won"]),
        {system: frozenset(numbers) for system, numbers in companies.items()},
    )


def settle_lifecycle(draft: Draft) -> None:
    """Gives everybody the stage their deals justify, then plants L06, L11 and G02."""
    known = evidence(draft.deals)
    for person in draft.people:
        person.stage = _stage(draft, person, known)
        out = draft.chance(0.06)
        person.opted_out = dict.fromkeys(SYSTEMS, out)
    _plant(draft, known)
    for person in draft.people:
        person.status = draft.rng.choice(_LEAD_STATUS.get(person.stage, ("",)))
    for person in draft.people:
        if person.planted not in ("L06", "L11"):
            person.stage = _in_step(person, known)


def _stage(draft: Draft, person: Person, known: Evidence) -> str:
    if person.number in known.won_people:
        return "evangelist" if draft.chance(0.08) else "customer"
    if _may_be_opportunity(person, known):
        return "opportunity" if draft.chance(0.7) else "salesqualifiedlead"
    return draft.rng.choice(_EARLY)


def _in_step(person: Person, known: Evidence) -> str:
    """The stage as Salesforce has it, too: nobody is ahead of an open lead, or behind a conversion or a deal."""
    stage = person.stage
    if "Converted" in person.seats and stage in _BEFORE_SALES:
        return "salesqualifiedlead"
    if stage == "salesqualifiedlead" and person.number in known.open_people:
        return "opportunity"
    if stage == "salesqualifiedlead" and "Lead" in person.seats:
        stage = "marketingqualifiedlead"
    # One contact in 25 has no owner, and nobody is qualified whom nobody owns.
    return "lead" if stage == "marketingqualifiedlead" and person.number % 25 == 0 else stage


def _may_be_opportunity(person: Person, known: Evidence) -> bool:
    """Only plain Contacts: no reader may need to guess which record is meant."""
    if person.kind != "plain" or person.seats == ("Lead",):
        return False
    if person.number in known.open_people:
        return True
    number = person.company.number if person.company else None
    by_account = bool(person.seats) and number in known.open_companies["salesforce"]
    return by_account or number in known.open_companies["hubspot"]


def _plant(draft: Draft, known: Evidence) -> None:
    size = len(draft.people)
    pool = [p for p in draft.people if p.kind == "plain" and p.in_hubspot]
    draft.rng.shuffle(pool)
    lost = [person for person in pool if _has_no_deal(person, known)]
    for person in lost[: scaled(_NO_OPEN_DEAL, size, _DEFAULT_SIZE, len(lost) // 3)]:
        person.planted, person.stage = "L06", "opportunity"
    won = [person for person in pool if person.number in known.won_people]
    for person in won[: scaled(_NOT_CUSTOMER, size, _DEFAULT_SIZE, len(won) // 2)]:
        person.planted = "L11"
        person.stage = draft.rng.choice(("lead", "marketingqualifiedlead", "salesqualifiedlead"))
    pairs = [person for person in pool if person.seats and not person.planted]
    for person in pairs[: scaled(_OPTED_ONCE, size, _DEFAULT_SIZE, len(pairs) // 4)]:
        person.planted = "G02"
        out_in = draft.rng.choice(SYSTEMS)
        person.opted_out = {system: system == out_in for system in SYSTEMS}


def _has_no_deal(person: Person, known: Evidence) -> bool:
    """No deal anywhere near: neither open nor won, nor at a company that shares a domain."""
    if person.number in known.open_people or person.number in known.won_people:
        return False
    company = person.company
    if company is None:
        return True
    busy = any(company.number in numbers for numbers in known.open_companies.values())
    return not busy and not company.same_domain
