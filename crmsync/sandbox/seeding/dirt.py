"""What the two systems write differently: spelling that means the same, and values that do not.

Whatever stands here is for a sync to notice or to ignore. Of it audits notice the phone that is none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TypeVar

from crmsync.sandbox.seeding import pools
from crmsync.sandbox.seeding.drafts import SYSTEMS, Company, Deal, Draft, Person
from crmsync.sandbox.seeding.phones import number, spell

Record = TypeVar("Record", Person, Company, Deal)

# A patch: system and the neutral fields that are different there.
Patch = tuple[str, dict[str, str]]
NO_PHONE = "ask reception"
_HYPERLINK = '=HYPERLINK("http://x.example","Madrid")'  # a city takes 40 characters


def _shouted(draft: Draft, person: Person) -> Patch:
    local, _, domain = person.email.partition("@")
    return "salesforce", {"email": f"{local.title()}@{domain.upper()}" if local else ""}


def _decomposed(draft: Draft, person: Person) -> Patch:
    names = {"first": person.first, "last": person.last}
    return "hubspot", {key: unicodedata.normalize("NFD", name) for key, name in names.items()}


def _padded(draft: Draft, person: Person) -> Patch:
    return "hubspot", {"title": f"{person.title} ", "last": f" {person.last}"}


def _blank(field: str) -> Callable[[Draft, Person | Company], Patch]:
    def blank(draft: Draft, record: Person | Company) -> Patch:
        return draft.rng.choice(SYSTEMS), {field: ""}

    return blank


def _other_title(draft: Draft, person: Person) -> Patch:
    titles = [t for t in pools.TITLES[person.country.language] if t != person.title]
    return draft.rng.choice(SYSTEMS), {"title": draft.rng.choice(titles)}


def _other_phone(draft: Draft, company: Company) -> Patch:
    code = company.country.code
    digits = number(code, 500_000 + company.number)
    return draft.rng.choice(SYSTEMS), {"phone": spell(code, digits, international=True)}


def _other_headcount(draft: Draft, company: Company) -> Patch:
    return draft.rng.choice(SYSTEMS), {"employees": str(company.employees + 7)}


def _no_website(draft: Draft, company: Company) -> Patch:
    return "salesforce", {} if company.same_domain else {"website": ""}


def _other_amount(draft: Draft, deal: Deal) -> Patch:
    return "hubspot", {"amount": f"{deal.cents // 100 + 250}.00"} if deal.is_open else {}


# (share of the records that both systems hold, what happens to them)
_PEOPLE: tuple[tuple[float, Callable[[Draft, Person], Patch]], ...] = (
    (0.02, _shouted),
    (0.03, _decomposed),
    (0.02, _padded),
    (0.06, _blank("phone")),
    (0.05, _blank("title")),
    (0.05, _blank("city")),
    (0.02, _other_title),
)
_COMPANIES: tuple[tuple[float, Callable[[Draft, Company], Patch]], ...] = (
    (0.05, _other_phone),
    (0.06, _other_headcount),
    (0.05, _blank("city")),
    (0.05, _no_website),
)
_DEALS: tuple[tuple[float, Callable[[Draft, Deal], Patch]], ...] = ((0.1, _other_amount),)


def spread_dirt(draft: Draft) -> None:
    """Spells phones in two ways, makes the systems differ, and hides four hostile values."""
    records: list[Person | Company] = [*draft.companies, *draft.people]
    for record in records:
        _spell_phone(draft, record)
    for person in draft.people:
        if person.seats and person.in_hubspot and person.kind == "plain":
            _maybe(draft, person, _PEOPLE)
    for company in draft.companies:
        if len(company.systems) == 2:
            _maybe(draft, company, _COMPANIES)
    for deal in draft.deals:
        if len(deal.systems) == 2:
            _maybe(draft, deal, _DEALS)
    _hide_hostile_values(draft)


def _maybe(
    draft: Draft, record: Record, table: tuple[tuple[float, Callable[[Draft, Record], Patch]], ...]
) -> None:
    for share, differ in table:
        if draft.chance(share):
            system, values = differ(draft, record)
            record.patches.setdefault(system, {}).update(values)


def _spell_phone(draft: Draft, record: Person | Company) -> None:
    code = record.country.code
    for system, share_national in (("salesforce", 0.3), ("hubspot", 0.15)):
        spelled = spell(code, record.phone, international=not draft.chance(share_national))
        record.patches[system] = {"phone": spelled}


def _hide_hostile_values(draft: Draft) -> None:
    """A script, a formula, a name written from right to left, and a phone that is none."""
    whole = [p for p in draft.people if p.seats and p.in_hubspot and p.kind == "plain"]
    hostile: tuple[dict[str, str], ...] = (
        {"title": "<script>alert('crm')</script>"},
        {"city": _HYPERLINK},
        {"first": "ليلى", "last": "الحداد"},
        {"phone": NO_PHONE},
    )
    for person, values in zip(draft.rng.sample(whole, min(4, len(whole))), hostile, strict=False):
        for system in SYSTEMS:
            person.patches[system].update(values)
