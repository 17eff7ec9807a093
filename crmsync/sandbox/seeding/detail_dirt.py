"""How the details of the two systems come to differ: blanks, other spellings, later knowledge.

A few of each kind, so that a plan has something of each to show. Of it audits notice a mistyped tax id.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TypeVar

from crmsync.sandbox.seeding.drafts import SYSTEMS, Company, Deal, Draft, Person
from crmsync.sandbox.seeding.places import other_spelling, tax_id

Record = TypeVar("Record", Person, Company, Deal)
Patch = tuple[str, dict[str, str]]
Differ = Callable[[Random, Record], Patch]

# One that had a right check digit once: its last sign is another now.
_NEXT = dict(zip("0123456789K", "1234567890A", strict=True))


def spread_detail_dirt(draft: Draft, seed: int) -> None:
    """Makes the details differ that both systems hold; gives a few records to the special owners."""
    rng = Random(f"detail dirt {seed}")  # noqa: S311  (invented data, no secret)
    for person in draft.people:
        if person.seats and person.in_hubspot and person.kind == "plain":
            _differ(rng, person, _PEOPLE)
    for company in draft.companies:
        if len(company.systems) == 2:
            _differ(rng, company, _COMPANIES)
    for deal in draft.deals:
        if len(deal.systems) == 2:
            _differ(rng, deal, _DEALS)
    _hand_over(rng, draft)


def _differ(
    rng: Random, record: Record, table: tuple[tuple[float, Callable[[Random, Record], Patch]], ...]
) -> None:
    for share, differ in table:
        if rng.random() < share:
            system, values = differ(rng, record)
            record.patches.setdefault(system, {}).update(values)


def _blank(*fields: str) -> Callable[[Random, Person | Company | Deal], Patch]:
    """Blank in one of the systems, whichever."""

    def blank(rng: Random, record: Person | Company | Deal) -> Patch:
        return rng.choice(SYSTEMS), dict.fromkeys(fields, "")

    return blank


def _missing(system: str, field: str) -> Callable[[Random, Person | Company | Deal], Patch]:
    """Blank in one system, always the same."""

    def missing(rng: Random, record: Person | Company | Deal) -> Patch:
        return system, {field: ""}

    return missing


def _said_once(rng: Random, person: Person) -> Patch:
    return rng.choice(SYSTEMS), {"do_not_call": "true"}


def _worked_on(rng: Random, person: Person) -> Patch:
    """A seller has got further with a lead than HubSpot knows."""
    return "salesforce", {"lead_status": "Working - Contacted"}


def _other_revenue(rng: Random, company: Company) -> Patch:
    return "hubspot", {"revenue": str(company.revenue * rng.choice((7, 8, 12)) // 10)}


def _finer_industry(rng: Random, company: Company) -> Patch:
    """HubSpot's enrichment sees another trade: each side keeps its own."""
    return "hubspot", {"industry": rng.choice(("WHOLESALE", "IMPORT_AND_EXPORT"))}


def _spelled_otherwise(rng: Random, company: Company) -> Patch:
    return "hubspot", {"tax_id": other_spelling(company.details["tax_id"])}


def _mistyped(rng: Random, company: Company) -> Patch:
    """The check digit is wrong, in one system."""
    return rng.choice(SYSTEMS), {"tax_id": mistyped(company.details["tax_id"])}


def mistyped(right: str) -> str:
    """A tax id with another last sign, which a check digit gives away; "" for none."""
    return right[:-1] + _NEXT.get(right[-1:], "0") if right else ""


def _somebody_elses(rng: Random, company: Company) -> Patch:
    """A right tax id, but of another company: only a person can tell whose it is."""
    return "salesforce", {"tax_id": tax_id(company.country.code, 900_000 + company.number)}


def _said_no_more(rng: Random, deal: Deal) -> Patch:
    return "hubspot", {"next_step": "Llamar" if deal.is_open else ""}


def _other_kind(rng: Random, deal: Deal) -> Patch:
    return "hubspot", {"kind": "New Customer" if deal.kind[0] == "E" else "Existing Customer"}


def _hopeful(rng: Random, deal: Deal) -> Patch:
    return "hubspot", {"forecast": "COMMIT"} if deal.is_open else {}


_PEOPLE: tuple[tuple[float, Callable[[Random, Person], Patch]], ...] = (
    (0.04, _blank("state", "postal_code")),
    (0.03, _blank("street")),
    (0.03, _blank("birthdate")),
    (0.05, _blank("salutation")),
    (0.02, _blank("source")),
    (0.01, _said_once),
    (0.03, _worked_on),
)
_COMPANIES: tuple[tuple[float, Callable[[Random, Company], Patch]], ...] = (
    (0.3, _spelled_otherwise),
    (0.1, _blank("tax_id")),
    (0.02, _mistyped),
    (0.02, _somebody_elses),
    (0.05, _blank("state", "postal_code")),
    (0.06, _missing("salesforce", "industry")),
    (0.04, _finer_industry),
    (0.05, _other_revenue),
    (0.05, _blank("description")),
)
_DEALS: tuple[tuple[float, Callable[[Random, Deal], Patch]], ...] = (
    (0.06, _missing("hubspot", "currency")),
    (0.2, _missing("hubspot", "loss_reason")),
    (0.1, _said_no_more),
    (0.05, _other_kind),
    (0.05, _hopeful),
    (0.05, _blank("description")),
)


def _hand_over(rng: Random, draft: Draft) -> None:
    """Some records have another owner in each system, and some one of the two special owners."""
    special = [str(owner.number) for owner in draft.owners[-2:]]
    records: list[Person | Company | Deal] = [*draft.companies, *draft.people, *draft.deals]
    for record in records:
        luck = rng.random()
        successor = str(draft.owners[rng.randrange(6)].number)
        if luck < 0.02:
            record.patches.setdefault("hubspot", {})["owner"] = successor
        elif luck < 0.04:
            owner = special[luck < 0.03]
            for system in SYSTEMS:
                record.patches.setdefault(system, {})["owner"] = owner
