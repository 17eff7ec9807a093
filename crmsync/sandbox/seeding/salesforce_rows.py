"""The Salesforce records of a draft, with ids given out here, in Salesforce's own words."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import Any

from crmsync.sandbox.seeding import salesforce_names
from crmsync.sandbox.seeding.drafts import Company, Deal, Draft, Owner, Person
from crmsync.sandbox.seeding.ids import salesforce_id
from crmsync.sandbox.seeding.phones import spell
from crmsync.sandbox.seeding.rows import (
    NativeRow,
    clock_time,
    detailed,
    filled,
    last_change,
    owner_in,
    patched,
)

_STAGES = {
    "prospecting": "Prospecting",
    "qualification": "Qualification",
    "proposal": "Proposal/Price Quote",
    "negotiation": "Negotiation/Review",
    "won": "Closed Won",
    "lost": "Closed Lost",
}
SYSTEM = "salesforce"


def salesforce_rows(draft: Draft) -> dict[str, tuple[NativeRow, ...]]:
    """Object name -> its rows by ascending id, objects in the order in which they can be loaded.

    Writes the ids it gives out into the drafts.
    """
    _give_ids(draft)
    rows: dict[str, list[NativeRow]] = defaultdict(list)
    rows["User"] = [_user(owner) for owner in draft.owners if SYSTEM in owner.systems]
    rows["Account"] = [_account(draft, c) for c in draft.companies if SYSTEM in c.systems]
    seats = [(p, place) for p in draft.people for place in range(len(p.seats))]
    rows["Contact"] = [_contact(draft, p, n) for p, n in seats if p.seats[n] == "Contact"]
    rows["Lead"] = [_lead(draft, p, n) for p, n in seats if p.seats[n] != "Contact"]
    deals = [deal for deal in draft.deals if SYSTEM in deal.systems]
    rows["Opportunity"] = [_opportunity(draft, deal) for deal in deals]
    rows["OpportunityContactRole"] = _roles(draft, deals)
    return {name: tuple(sorted(made, key=lambda row: row.id)) for name, made in rows.items()}


def _give_ids(draft: Draft) -> None:
    for company in draft.companies:
        company.ids[SYSTEM] = salesforce_id("Account", company.number)
    for deal in draft.deals:
        deal.ids[SYSTEM] = salesforce_id("Opportunity", deal.number)
    given = {"Contact": 0, "Lead": 0}
    for person in draft.people:
        objects = ["Contact" if seat == "Contact" else "Lead" for seat in person.seats]
        for name in objects:
            given[name] += 1
            person.ids.setdefault(SYSTEM, []).append(salesforce_id(name, given[name]))


def owner_id(owner: Owner) -> str:
    """The Salesforce id of a user."""
    return salesforce_id("User", owner.number)


def _dated(draft: Draft, record: Company | Person | Deal) -> dict[str, str]:
    created = record.created
    changed = last_change(created, draft.as_of, record.number)
    time = clock_time(record.number) + "+0000"
    changed_at = f"{changed}T{time}"
    return {
        "OwnerId": owner_id(owner_in(draft, record, SYSTEM)),
        "CreatedDate": f"{created}T{time}",
        "LastModifiedDate": changed_at,
        "SystemModstamp": changed_at,
    }


def _user(owner: Owner) -> NativeRow:
    values: dict[str, Any] = {
        "Username": owner.email,
        "Email": owner.emails.get(SYSTEM, owner.email),
        "FirstName": owner.first,
        "LastName": owner.last,
        "IsActive": SYSTEM not in owner.left,
    }
    return NativeRow(owner_id(owner), values)


def _website(company: Company) -> str:
    domain = company.shown_domain or company.domain
    forms = (f"https://www.{domain}/", f"http://{domain}", domain, f"https://{domain}/es?utm=crm")
    return forms[company.number % len(forms)]


def _account(draft: Draft, company: Company) -> NativeRow:
    now = patched(
        company.patches,
        SYSTEM,
        website=_website(company),
        city=company.city,
        employees=str(company.employees),
        industry=company.industry[0],
    )
    parent = company.parent.ids[SYSTEM] if company.parent else None
    values = {
        "Name": company.name,
        "Website": now["website"],
        "Phone": now["phone"],
        "BillingStreet": company.street,
        "BillingCity": now["city"],
        "BillingCountry": company.country_name,
        "Industry": now["industry"],
        "Type": salesforce_names.ACCOUNT_TYPES[company.details["kind"]],
        "NumberOfEmployees": int(now["employees"]),
        "AnnualRevenue": company.revenue,
        "ParentId": parent,
        **detailed(company, SYSTEM, salesforce_names.ACCOUNT),
        **_dated(draft, company),
    }
    return NativeRow(company.ids[SYSTEM], filled(values))


def _person(draft: Draft, person: Person, place: int) -> dict[str, Any]:
    """What Contact and Lead have in common; the second record of a person is a sloppy one."""
    now = patched(
        person.patches,
        SYSTEM,
        first=person.first,
        last=person.last,
        email=person.email,
        title=person.title,
        city=person.city,
        source=person.source,
    )
    if place:
        now |= {"first": _unaccented(person.first), "last": _unaccented(person.last), "title": ""}
        now["email"] = person.email.title() if place % 2 else f"{person.email.upper()} "
        now["phone"] = spell(person.country.code, person.phone, international=False)
    return {
        "FirstName": now["first"],
        "LastName": now["last"],
        "Email": now["email"],
        "Phone": now["phone"],
        "Title": now["title"],
        "LeadSource": now["source"],
        "HasOptedOutOfEmail": person.opted_out[SYSTEM],
        "city": now["city"],
        **_details(person, place, salesforce_names.PERSON),
        **_consent(person),
        **_dated(draft, person),
    }


def _details(person: Person, place: int, names: dict[str, str]) -> dict[str, str]:
    """The details of a person's first record; whoever adds a second one leaves them out."""
    return {} if place else detailed(person, SYSTEM, names)


def _consent(person: Person) -> dict[str, bool]:
    now = person.details | person.patches.get(SYSTEM, {})
    return {
        "DoNotCall": now["do_not_call"] == "true",
        "HasOptedOutOfFax": now["no_fax"] == "true",
    }


def _unaccented(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()


def _mobile(person: Person) -> str:
    if not person.mobile:
        return ""
    return spell(person.country.code, person.mobile, international=person.number % 3 > 0)


def _contact(draft: Draft, person: Person, place: int) -> NativeRow:
    values = _person(draft, person, place)
    company = person.company
    values |= {
        "AccountId": company.ids[SYSTEM] if company and SYSTEM in company.systems else None,
        "MobilePhone": _mobile(person),
        "MailingCity": values.pop("city"),
        "MailingCountry": person.country_name,
        **_details(person, place, salesforce_names.CONTACT),
    }
    return NativeRow(person.ids[SYSTEM][place], filled(values))


def _lead(draft: Draft, person: Person, place: int) -> NativeRow:
    values = _person(draft, person, place)
    seat = person.seats[place]
    values |= {
        "Company": person.company.name if person.company else "[not provided]",
        "City": values.pop("city"),
        "Country": person.country_name,
        "Status": _lead_status(person, seat),
        "IsConverted": seat == "Converted",
        **_details(person, place, salesforce_names.LEAD),
    }
    if values.get("AnnualRevenue"):
        values["AnnualRevenue"] = int(values["AnnualRevenue"])
    if seat == "Converted":
        values["ConvertedContactId"] = person.ids[SYSTEM][0]
        values["ConvertedDate"] = values["LastModifiedDate"][:10]
    return NativeRow(person.ids[SYSTEM][place], filled(values))


def _lead_status(person: Person, seat: str) -> str:
    if seat == "Converted":
        return "Closed - Converted"
    known = person.patches.get(SYSTEM, {}).get("lead_status")
    return known or salesforce_names.LEAD_STATUS.get(person.status, "Open - Not Contacted")


def _opportunity(draft: Draft, deal: Deal) -> NativeRow:
    values = {
        "Name": deal.name,
        "AccountId": None if deal.without_company == SYSTEM else deal.company.ids[SYSTEM],
        "Amount": deal.cents / 100,
        "CloseDate": deal.closes.isoformat(),
        "StageName": _STAGES[deal.stage],
        "Type": deal.kind,
        **detailed(deal, SYSTEM, salesforce_names.OPPORTUNITY),
        **_dated(draft, deal),
    }
    return NativeRow(deal.ids[SYSTEM], filled(values))


def _roles(draft: Draft, deals: list[Deal]) -> list[NativeRow]:
    made: list[NativeRow] = []
    for deal in deals:
        stamps = {name: at for name, at in _dated(draft, deal).items() if name != "OwnerId"}
        for place, (person, role) in enumerate(deal.roles):
            values = {
                "OpportunityId": deal.ids[SYSTEM],
                "ContactId": person.ids[SYSTEM][0],
                "Role": role,
                "IsPrimary": place == 0,
                **stamps,
            }
            id_ = salesforce_id("OpportunityContactRole", len(made) + 1)
            made.append(NativeRow(id_, filled(values)))
    return made
