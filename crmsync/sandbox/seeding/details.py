"""What CRMs know beyond the essentials: addresses, tax ids, sources, consent, next steps.

Has a source of chance of its own: whatever is added here leaves the people, companies and deals of
`invent.py` as they were.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from crmsync.sandbox.seeding import pools, words
from crmsync.sandbox.seeding.drafts import Company, Deal, Draft, Owner, Person
from crmsync.sandbox.seeding.invent import slug
from crmsync.sandbox.seeding.phones import number, spell
from crmsync.sandbox.seeding.places import ADDRESSES, postal_code, tax_id

Details = dict[str, str]

# Serials of phone numbers that `invent.py` gives to nobody.
_FAXES = 800_000


def invent_details(draft: Draft, seed: int) -> None:
    """Fills in the details of everybody, the same in both systems, and adds two special owners."""
    rng = Random(f"details {seed}")  # noqa: S311  (invented data, no secret)
    _special_owners(draft)
    customers = {deal.company.number for deal in draft.deals if deal.stage == "won"}
    for company in draft.companies:
        company.details = _company(rng, company, is_customer=company.number in customers)
    for company in draft.companies:
        _share_with_family(company)
    for person in draft.people:
        person.details = _person(rng, draft, person)
    for deal in draft.deals:
        deal.details = _deal(rng, deal)


def _special_owners(draft: Draft) -> None:
    """One owner whose Salesforce account is closed, and one whose HubSpot account has another address."""
    home = "@ventas-demo.example"
    gone = Owner(10, "Leonor", "Ibarra Solís", f"leonor.ibarra10{home}", ("salesforce",))
    other = Owner(11, "Bruno", "Salcedo", f"bruno.salcedo11{home}")
    other.emails["hubspot"] = f"bsalcedo{home}"
    draft.owners += [gone, other]


def _maybe(rng: Random, share: float, value: str) -> str:
    """The value in that share of the cases, else blank; a draw is made either way."""
    return value if rng.random() < share else ""


def _source(rng: Random) -> str:
    return rng.choices(words.TRAFFIC_SOURCES, words.TRAFFIC_WEIGHTS)[0]


def _company(rng: Random, company: Company, *, is_customer: bool) -> Details:
    code, language = company.country.code, company.country.language
    kind = (
        "customer" if is_customer else rng.choice(("prospect", "prospect", "reseller", "partner"))
    )
    founded = company.created.year - rng.randint(2, 60)
    trade = words.INDUSTRY_NAMES[language].get(company.industry[0], company.industry[0])
    text = words.COMPANY_TEXTS[language].format(trade=trade, city=company.city, year=founded)
    fax = spell(code, number(code, _FAXES + company.number), international=True)
    return {
        "state": ADDRESSES[company.city][0],
        "postal_code": postal_code(company.city, company.number),
        "tax_id": "" if _is_copy(company) else tax_id(code, company.number),
        "kind": kind,
        "fax": _maybe(rng, 0.1, fax),
        "founded_year": _maybe(rng, 0.7, str(founded)),
        "description": _maybe(rng, 0.4, text),
        "linkedin": _maybe(rng, 0.5, f"https://linkedin.example/company/{slug(company.name)}"),
        "source": _maybe(rng, 0.6, rng.choice(pools.LEAD_SOURCES)),
        "original_source": _source(rng),
    }


def _is_copy(company: Company) -> bool:
    """True for a planted duplicate: whoever adds a company twice does not look up its tax id."""
    return bool(company.duplicate_in) and len(company.systems) == 1


def _share_with_family(company: Company) -> None:
    """A branch has the tax id of the company it belongs to."""
    if company.parent is not None:
        company.details["tax_id"] = company.parent.details["tax_id"]


def _person(rng: Random, draft: Draft, person: Person) -> Details:
    language, company = person.country.language, person.company
    is_lead = person.seats[:1] == ("Lead",)
    born = draft.as_of - timedelta(days=rng.randint(22 * 365, 64 * 365))
    code = person.country.code
    fax = spell(code, number(code, _FAXES + 3 * person.number), international=True)
    role = rng.choice(words.JOB_FUNCTIONS)
    details = {
        "salutation": _maybe(rng, 0.4, _salutation(rng, person)),
        "birthdate": _maybe(rng, 0.25, born.isoformat()),
        "fax": _maybe(rng, 0.08, fax),
        "street": company.street if company else "",
        "state": ADDRESSES[person.city][0],
        "postal_code": postal_code(person.city, person.number),
        "department": _maybe(rng, 0.5, words.DEPARTMENTS[language][role]),
        "job_function": _maybe(rng, 0.3, role),
        "seniority": _maybe(rng, 0.3, rng.choice(words.SENIORITIES)),
        "language": "es" if language == "es" else _maybe(rng, 0.6, "en"),
        "linkedin": _maybe(rng, 0.4, _profile(person)),
        "original_source": _source(rng),
        "marketing": "true" if person.stage in words.MAILED_STAGES else "false",
        "message": _maybe(rng, 0.06, rng.choice(words.MESSAGES[language])),
        "other_emails": _maybe(rng, 0.03, _second_address(person)),
        "do_not_call": _maybe(rng, 0.04, "true"),
        "no_fax": _maybe(rng, 0.02, "true"),
    }
    return details | (_lead(rng, person) if is_lead else {})


def _lead(rng: Random, person: Person) -> Details:
    """What a lead says about a company that is no account yet."""
    company = person.company
    return {
        "industry": company.industry[0] if company else "",
        "revenue": str(company.revenue) if company and rng.random() < 0.5 else "",
        "website": f"https://{company.domain}" if company else "",
        "rating": rng.choice(("", "Hot", "Warm", "Cold")),
    }


def _salutation(rng: Random, person: Person) -> str:
    """`Mr.`, `Ms.`, `Dr.` or `Prof.`; each system spells it in its own way."""
    title = rng.choices(("", "Dr.", "Prof."), (8, 1, 1))[0]
    return title or ("Ms." if person.first in words.WOMEN else "Mr.")


def _profile(person: Person) -> str:
    return f"https://linkedin.example/in/{slug(person.first)}-{slug(person.last)}-{person.number}"


def _second_address(person: Person) -> str:
    return f"{slug(person.first)}{person.number}@correo-demo.example"


def _deal(rng: Random, deal: Deal) -> Details:
    language = deal.company.country.language
    lost = rng.choice(words.LOSS_REASONS[language])
    return {
        "currency": "EUR",
        "next_step": rng.choice(words.NEXT_STEPS[language]) if deal.is_open else "",
        "description": _maybe(rng, 0.2, words.DEAL_TEXTS[language]),
        "loss_reason": lost if deal.stage == "lost" else "",
        "source": _maybe(rng, 0.7, rng.choice(pools.LEAD_SOURCES)),
        "original_source": _source(rng),
    }
