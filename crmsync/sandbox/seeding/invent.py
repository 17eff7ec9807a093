"""Owners, companies and people without a single defect, in the draft given."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from itertools import count

from crmsync.sandbox.seeding import pools
from crmsync.sandbox.seeding.drafts import SYSTEMS, Company, Draft, Owner, Person
from crmsync.sandbox.seeding.phones import number
from crmsync.sandbox.seeding.pools import Country

_COMPANY_IN_BOTH = 0.94
_PERSON_IN_BOTH = 0.95
_OPEN_LEADS = 0.12


def slug(text: str) -> str:
    """Lower-case ASCII letters and digits of a text, accents dropped."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())


def invent_owners(draft: Draft) -> None:
    """Adds nine users: six active in both CRMs, one in each only, and one who has left."""
    rng = draft.rng
    for serial in range(1, 10):
        language = "es" if serial % 3 else "en"
        first = rng.choice(pools.FIRST_NAMES[language])
        last = rng.choice(pools.SURNAMES[language])
        email = f"{slug(first)}.{slug(last)}{serial}@ventas-demo.example"
        systems = {7: SYSTEMS[:1], 8: SYSTEMS[1:]}.get(serial, SYSTEMS)
        draft.owners.append(
            Owner(serial, first, last, email, SYSTEMS if serial == 9 else (), systems)
        )


def _shared_owner(draft: Draft) -> Owner:
    return draft.owners[draft.rng.randrange(6)]


def _one_or_both(draft: Draft, share_in_both: float) -> tuple[str, ...]:
    if draft.chance(share_in_both):
        return SYSTEMS
    return (draft.rng.choice(SYSTEMS),)


def _company_name(draft: Draft, country: Country, taken: set[str]) -> str:
    """A name whose slug nobody has yet; remembers it in `taken`."""
    rng, language = draft.rng, country.language
    trades, places = pools.TRADES[language], pools.PLACES[language]
    for attempt in count():
        trade, place = rng.choice(trades), rng.choice(places)
        name = f"{trade} {place}" if language == "es" else f"{place} {trade}"
        if attempt > 1:
            name += f" {rng.choice(pools.SURNAMES[language])}"
        if attempt > 4:
            name += f" {rng.randint(2, 99_999)}"
        if slug(name) not in taken:
            break
    taken.add(slug(name))
    return name


def _one_company(draft: Draft, serial: int, taken: set[str]) -> Company:
    rng, country = draft.rng, draft.country()
    name = _company_name(draft, country, taken)
    domain = re.sub(r"[^a-z0-9]+", "-", "-".join(map(slug, name.split())))
    employees = rng.choice((3, 8, 12, 25, 40, 60, 85, 120, 240, 500, 1200, 4800))
    return Company(
        number=serial,
        name=f"{name} {rng.choice(country.legal_forms)}",
        domain=f"{domain}.example",
        country=country,
        country_name=country.spanish if draft.chance(0.3) else country.english,
        city=rng.choice(country.cities),
        street=f"{rng.choice(pools.STREETS[country.language])} {rng.randint(1, 220)}",
        phone=number(country.code, serial * 3),
        industry=rng.choice(pools.INDUSTRIES),
        employees=employees,
        revenue=employees * rng.randint(60, 140) * 1000,
        owner=_shared_owner(draft),
        created=draft.day_before(200, 1500),
        systems=_one_or_both(draft, _COMPANY_IN_BOTH),
    )


def invent_companies(draft: Draft, how_many: int) -> None:
    """Adds companies, each with a name and a domain of its own."""
    taken: set[str] = set()
    for serial in range(1, how_many + 1):
        draft.companies.append(_one_company(draft, serial, taken))


def _names(draft: Draft, country: Country) -> tuple[str, str, str]:
    """(first name, first surname, whole last name)"""
    rng, language = draft.rng, country.language
    if country.code == "US" and draft.chance(0.25):
        language = "es"
    first, surname = rng.choice(pools.FIRST_NAMES[language]), rng.choice(pools.SURNAMES[language])
    if language == "es" and draft.chance(0.7):
        return first, surname, f"{surname} {rng.choice(pools.SURNAMES[language])}"
    return first, surname, surname


def _address(local: str, domain: str, taken: dict[str, int]) -> str:
    """`local@domain`, with a number before the @ from the second time on."""
    address = f"{local}@{domain}"
    seen = taken[address] = taken.get(address, 0) + 1
    return f"{local}{seen}@{domain}" if seen > 1 else address


def _person_systems(draft: Draft, company: Company) -> tuple[str, ...]:
    """Where a person is known: never where the employer is not."""
    if len(company.systems) == 1:
        return company.systems
    return _one_or_both(draft, _PERSON_IN_BOTH)


def _one_person(draft: Draft, serial: int, company: Company, taken: dict[str, int]) -> Person:
    rng, country = draft.rng, company.country
    first, surname, last = _names(draft, country)
    systems = _person_systems(draft, company)
    seat = "Lead" if draft.chance(_OPEN_LEADS) else "Contact"
    return Person(
        number=serial,
        first=first,
        last=last,
        email=_address(f"{slug(first.split()[0])}.{slug(surname)}", company.domain, taken),
        phone=number(country.code, serial * 3 + 1),
        mobile=number(country.code, serial * 3 + 2) if draft.chance(0.4) else "",
        title=rng.choice(pools.TITLES[country.language]),
        city=company.city if draft.chance(0.8) else rng.choice(country.cities),
        country=country,
        country_name=company.country_name,
        company=company,
        owner=company.owner if draft.chance(0.7) else _shared_owner(draft),
        created=company.created + timedelta(days=rng.randint(0, 150)),
        source=rng.choice(pools.LEAD_SOURCES),
        seats=(seat,) if "salesforce" in systems else (),
        in_hubspot="hubspot" in systems,
    )


def invent_people(draft: Draft, how_many: int) -> None:
    """Adds people, each with an address of their own, nearly all tied to one of the companies.

    Without companies they live at one that neither CRM holds.
    """
    taken: dict[str, int] = {}
    employers = [c for c in draft.companies if not c.shown_domain or c.same_domain == "freemail"]
    employers = employers or [_one_company(draft, 0, set())]
    for serial in range(1, how_many + 1):
        person = _one_person(draft, serial, draft.rng.choice(employers), taken)
        if not draft.companies or draft.chance(0.02):
            person.company = None
        draft.people.append(person)
