"""Deals with their companies and contacts, then the ones that lack a role (D06) or company (D10)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from crmsync.sandbox.seeding import pools
from crmsync.sandbox.seeding.drafts import SYSTEMS, Company, Deal, Draft, Person
from crmsync.sandbox.seeding.plant_companies import scaled

_DEFAULT_SIZE = 80
_WITHOUT_ROLE = {"salesforce": 6, "hubspot": 4}
_WITHOUT_COMPANY = 3
_STAGES = ("won",) * 7 + ("lost",) * 4 + (
    "prospecting",
    "qualification",
    "qualification",
    "proposal",
    "proposal",
    "negotiation",
    "negotiation",
)  # fmt: skip


def invent_deals(draft: Draft, how_many: int) -> None:
    """Adds deals to at most 60 % of the companies, so that some have none at all.

    A won deal always has a contact in each system that holds it. No companies, no deals.
    """
    staff = _plain_staff(draft)
    companies = [c for c in draft.companies if c.same_domain not in ("duplicate", "freemail")]
    draft.rng.shuffle(companies)
    companies = companies[: max(1, len(companies) * 6 // 10)]
    for serial in range(1, how_many + 1 if companies else 0):
        company = draft.rng.choice(companies)
        draft.deals.append(_one_deal(draft, serial, company, staff[company.number]))


def _plain_staff(draft: Draft) -> dict[int, list[Person]]:
    """Company number -> the people who may sit on its deals."""
    staff: dict[int, list[Person]] = defaultdict(list)
    for person in draft.people:
        if person.kind == "plain" and person.company and "Lead" not in person.seats:
            staff[person.company.number].append(person)
    return staff


def _one_deal(draft: Draft, serial: int, company: Company, staff: list[Person]) -> Deal:
    rng = draft.rng
    stage = rng.choice(_STAGES)
    systems = company.systems
    if len(systems) == 2 and draft.chance(0.1):
        systems = (rng.choice(SYSTEMS),)
    if not all(_on(system, staff) for system in systems):
        stage = "lost" if stage == "won" else stage
    product = rng.choice(pools.PRODUCTS[company.country.language])
    created, closes = _days(draft, is_open=stage not in ("won", "lost"))
    deal = Deal(
        number=serial,
        name=f"{company.name[:80]} - {product} {closes.year}",
        company=company,
        cents=rng.randint(8, 900) * 100_00 + (rng.choice((0, 0, 50, 99))),
        stage=stage,
        created=created,
        closes=closes,
        owner=company.owner,
        kind="New Customer" if draft.chance(0.6) else "Existing Customer - Upgrade",
        systems=systems,
    )
    _invite(draft, deal, staff)
    return deal


def _days(draft: Draft, *, is_open: bool) -> tuple[date, date]:
    """(created, closes): an open deal closes after `as_of`, a closed one before."""
    if is_open:
        return draft.day_before(5, 110), draft.day_before(-150, -4)
    created = draft.day_before(130, 900)
    return created, created + timedelta(days=draft.rng.randint(10, 120))


def _on(system: str, people: list[Person]) -> list[Person]:
    if system == "hubspot":
        return [person for person in people if person.in_hubspot]
    return [person for person in people if person.seats]


def _invite(draft: Draft, deal: Deal, staff: list[Person]) -> None:
    """Puts one to three people on the deal; an open or lost one may have nobody."""
    if deal.stage != "won" and draft.chance(0.3):
        return
    people = draft.rng.sample(staff, min(len(staff), draft.rng.choice((1, 1, 2, 3))))
    for system in deal.systems:
        if deal.stage == "won" and not _on(system, people):
            people.append(_on(system, staff)[0])
    if "salesforce" in deal.systems:
        deal.roles = [(p, draft.rng.choice(pools.CONTACT_ROLES)) for p in _on("salesforce", people)]
    if "hubspot" in deal.systems:
        deal.people = _on("hubspot", people)


def plant_deals(draft: Draft) -> None:
    """Takes the role from some won deals and the company from some deals, in one system each."""
    pool = list(draft.deals)
    draft.rng.shuffle(pool)
    for system in SYSTEMS:
        won = [deal for deal in pool if _is_whole(deal, system) and deal.stage == "won"]
        wanted = scaled(_WITHOUT_ROLE[system], len(pool), _DEFAULT_SIZE, len(won) // 2)
        for place, deal in enumerate(won[:wanted]):
            _take_role(deal, system, keep_row=place % 2 == 1)
    for system in SYSTEMS:
        whole = [deal for deal in pool if _is_whole(deal, system)]
        wanted = scaled(_WITHOUT_COMPANY, len(pool), _DEFAULT_SIZE, len(whole) // 2)
        for deal in whole[:wanted]:
            deal.without_company = system


def _is_whole(deal: Deal, system: str) -> bool:
    return system in deal.systems and not deal.without_role and not deal.without_company


def _take_role(deal: Deal, system: str, *, keep_row: bool) -> None:
    """In Salesforce the row goes, or stays with a blank Role; in HubSpot the contacts go."""
    deal.without_role = system
    if system == "hubspot":
        deal.people = []
    elif keep_row:
        deal.roles = [(deal.roles[0][0], "")]
    else:
        deal.roles = []
