"""The HubSpot records and associations of a draft, with ids given out here, in HubSpot's words."""

from __future__ import annotations

from collections.abc import Iterator

from crmsync.sandbox.seeding import hubspot_names
from crmsync.sandbox.seeding.drafts import Company, Deal, Draft, Owner, Person
from crmsync.sandbox.seeding.ids import hubspot_id
from crmsync.sandbox.seeding.phones import spell
from crmsync.sandbox.seeding.plant_links import native_ids
from crmsync.sandbox.seeding.rows import (
    Association,
    NativeRow,
    clock_time,
    detailed,
    filled,
    last_change,
    owner_in,
    patched,
)

SYSTEM = "hubspot"

# Default pipeline: GET /crm/v3/pipelines/deals of a new portal (read 2026-11).
_STAGES = {
    "prospecting": "appointmentscheduled",
    "qualification": "qualifiedtobuy",
    "proposal": "presentationscheduled",
    "negotiation": "contractsent",
    "won": "closedwon",
    "lost": "closedlost",
}

# Association type ids: developers.hubspot.com, Associations v4 (read 2026-11).
_CONTACT_COMPANY = (1, 279)
_DEAL_COMPANY = (5, 341)
_DEAL_CONTACT = (3,)
_CHILD_PARENT = (14,)


def hubspot_rows(draft: Draft) -> dict[str, tuple[NativeRow, ...]]:
    """Object name -> its rows by ascending id, owners first; every value as text.

    Writes the ids it gives out into the drafts.
    """
    _give_ids(draft)
    stages = _company_stages(draft)
    companies = [c for c in draft.companies if SYSTEM in c.systems]
    return {
        "owners": tuple(_owner(owner) for owner in draft.owners if SYSTEM in owner.systems),
        "companies": tuple(_company(draft, c, stages.get(c.number, "lead")) for c in companies),
        "contacts": tuple(_contact(draft, p) for p in draft.people if p.in_hubspot),
        "deals": tuple(_deal(draft, d) for d in draft.deals if SYSTEM in d.systems),
    }


def _give_ids(draft: Draft) -> None:
    for company in draft.companies:
        company.ids[SYSTEM] = hubspot_id("companies", company.number)
    for person in draft.people:
        person.ids[SYSTEM] = [hubspot_id("contacts", person.number)]
    for deal in draft.deals:
        deal.ids[SYSTEM] = hubspot_id("deals", deal.number)


def _company_stages(draft: Draft) -> dict[int, str]:
    """Company number -> customer or opportunity, from the deals of both systems."""
    stages: dict[int, str] = {}
    for deal in draft.deals:
        if deal.stage == "won":
            stages[deal.company.number] = "customer"
        elif deal.is_open:
            stages.setdefault(deal.company.number, "opportunity")
    return stages


def owner_id(owner: Owner) -> str:
    """The HubSpot id of an owner; owners have shorter ids than records."""
    return str(71_000_000 + owner.number * 11)


def _owner(owner: Owner) -> NativeRow:
    email = owner.emails.get(SYSTEM, owner.email)
    values = {"email": email, "firstName": owner.first, "lastName": owner.last}
    return NativeRow(owner_id(owner), values | {"archived": SYSTEM in owner.left})


def _dated(draft: Draft, record: Company | Person | Deal, changed_name: str) -> dict[str, str]:
    changed = last_change(record.created, draft.as_of, record.number + 11)
    time = clock_time(record.number + 3) + "Z"
    return {"createdate": f"{record.created}T{time}", changed_name: f"{changed}T{time}"}


def _company(draft: Draft, company: Company, stage: str) -> NativeRow:
    domain = company.shown_domain or company.domain
    now = patched(
        company.patches,
        SYSTEM,
        city=company.city,
        employees=str(company.employees),
        industry=company.industry[1],
        revenue=str(company.revenue),
    )
    values = {
        "name": company.name,
        "domain": domain,
        "website": f"http://{domain}" if company.number % 2 else f"https://www.{domain}",
        "phone": now["phone"],
        "address": company.street,
        "city": now["city"],
        "country": company.country_name,
        "industry": now["industry"],
        "type": hubspot_names.COMPANY_TYPES[company.details["kind"]],
        "numberofemployees": now["employees"],
        "annualrevenue": now["revenue"],
        "lifecyclestage": stage,
        "hubspot_owner_id": owner_id(owner_in(draft, company, SYSTEM)),
        **detailed(company, SYSTEM, hubspot_names.COMPANY),
        **_dated(draft, company, "hs_lastmodifieddate"),
    }
    return NativeRow(company.ids[SYSTEM], filled(values))


def _opted_out(person: Person) -> str:
    """`true`, `false`, or blank, which means false."""
    if person.opted_out[SYSTEM]:
        return "true"
    return "false" if person.number % 2 else ""


def _contact(draft: Draft, person: Person) -> NativeRow:
    code = person.country.code
    now = patched(
        person.patches,
        SYSTEM,
        first=person.first,
        last=person.last,
        title=person.title,
        city=person.city,
        source=person.source,
        salutation=person.details["salutation"],
    )
    spanish = person.country.language == "es"
    values = {
        "email": person.email,
        "salutation": hubspot_names.SALUTATIONS.get(now["salutation"], now["salutation"])
        if spanish
        else now["salutation"],
        "firstname": now["first"],
        "lastname": now["last"],
        "phone": now["phone"],
        "mobilephone": spell(code, person.mobile, international=True) if person.mobile else "",
        "jobtitle": now["title"],
        "city": now["city"],
        "country": person.country_name,
        "company": person.company.name if person.company else "",
        "lead_source": now["source"],
        "lifecyclestage": person.stage,
        "hs_lead_status": person.status,
        "hs_email_optout": _opted_out(person),
        "hubspot_owner_id": _contact_owner(draft, person),
        **detailed(person, SYSTEM, hubspot_names.CONTACT),
        **native_ids(person),
        **_dated(draft, person, "lastmodifieddate"),
    }
    return NativeRow(person.ids[SYSTEM][0], filled(values))


def _contact_owner(draft: Draft, person: Person) -> str:
    """The owner's id; one contact in 25 has none."""
    return owner_id(owner_in(draft, person, SYSTEM)) if person.number % 25 else ""


def _deal(draft: Draft, deal: Deal) -> NativeRow:
    now = patched(
        deal.patches,
        SYSTEM,
        amount=f"{deal.cents / 100:.2f}",
        kind=deal.kind,
        forecast=hubspot_names.FORECAST.get(deal.stage, "PIPELINE"),
    )
    values = {
        "dealname": deal.name,
        "amount": now["amount"],
        # Noon UTC is the same day in every time zone these companies work in.
        "closedate": f"{deal.closes}T12:00:00.000Z",
        "dealstage": _STAGES[deal.stage],
        "pipeline": "default",
        "dealtype": "newbusiness" if now["kind"] == "New Customer" else "existingbusiness",
        "hs_manual_forecast_category": now["forecast"],
        "hubspot_owner_id": owner_id(owner_in(draft, deal, SYSTEM)),
        **detailed(deal, SYSTEM, hubspot_names.DEAL),
        **_dated(draft, deal, "hs_lastmodifieddate"),
    }
    return NativeRow(deal.ids[SYSTEM], filled(values))


def associations(draft: Draft) -> Iterator[Association]:
    """Every HubSpot association once, told from the child, the contact or the deal."""
    for company in draft.companies:
        if company.parent and SYSTEM in company.systems:
            yield _tie("companies", company, company.parent.ids[SYSTEM], _CHILD_PARENT)
    for person in draft.people:
        employer = person.company
        if person.in_hubspot and employer and SYSTEM in employer.systems:
            own_id, other_id = person.ids[SYSTEM][0], employer.ids[SYSTEM]
            yield Association("contacts", own_id, "companies", other_id, _CONTACT_COMPANY)
    for deal in draft.deals:
        if SYSTEM in deal.systems:
            yield from _deal_associations(deal)


def _tie(name: str, company: Company, to_id: str, type_ids: tuple[int, ...]) -> Association:
    return Association(name, company.ids[SYSTEM], "companies", to_id, type_ids)


def _deal_associations(deal: Deal) -> Iterator[Association]:
    own_id = deal.ids[SYSTEM]
    if deal.without_company != SYSTEM:
        yield Association("deals", own_id, "companies", deal.company.ids[SYSTEM], _DEAL_COMPANY)
    for person in deal.people:
        yield Association("deals", own_id, "contacts", person.ids[SYSTEM][0], _DEAL_CONTACT)
