"""Customers without a defect, in both systems: what a blemish is then given to."""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.seeding.blemishes.world import Made, World, new_ids
from crmsync.sandbox.seeding.drafts import SYSTEMS
from crmsync.sandbox.seeding.ids import salesforce_id

_CONTACT_COMPANY, _DEAL_COMPANY, _DEAL_CONTACT = (1, 279), (5, 341), (3,)


def a_company(world: World, systems: tuple[str, ...] = SYSTEMS, **more: Any) -> Made:
    """A company that nothing is wrong with. `more` are values of ours by field: name, domain."""
    number = world.serial()
    made = Made("company", number, new_ids("company", number, systems))
    name = more.get("name", f"Talleres Ejemplo {number} SL")
    domain = more.get("domain", f"talleres-ejemplo-{number}.example")
    phone = f"+34 91{number}0"
    values: dict[str, Any]
    if "hubspot" in systems:
        values = {
            **{"name": name, "domain": domain, "website": f"https://{domain}", "phone": phone},
            **{"city": "Madrid", "country": "Spain", "lifecyclestage": "lead"},
            **_dated_in_hubspot(world, "hs_lastmodifieddate"),
            "hubspot_owner_id": _owner(world, number)["hubspot"],
        }
        world.put("hubspot", "companies", made.ids["hubspot"], values)
    if "salesforce" in systems:
        values = {
            **{"Name": name, "Website": f"https://{domain}", "Phone": phone},
            **{"BillingCity": "Madrid", "BillingCountry": "Spain"},
            **_dated_in_salesforce(world),
            "OwnerId": _owner(world, number)["salesforce"],
        }
        world.put("salesforce", "Account", made.ids["salesforce"], values)
    return made


def a_contact(
    world: World, company: Made | None = None, systems: tuple[str, ...] = SYSTEMS, **more: Any
) -> Made:
    """A person that nothing is wrong with, at a company; a lead of HubSpot's words, a Contact of Salesforce."""
    number = world.serial()
    made = Made("contact", number, new_ids("contact", number, systems))
    email = more.get("email", f"marta.vidal{number}@gmail.com" if company is None else None)
    email = email or f"marta.vidal{number}@talleres-ejemplo-{company.number}.example"  # type: ignore[union-attr]  # a company, or an address above
    number_of = company.number if company else number
    values: dict[str, Any]
    if "hubspot" in systems:
        values = {
            **{"email": email, "firstname": "Marta", "lastname": "Vidal Roca"},
            **{"phone": f"+34 93{number}1", "city": "Madrid", "country": "Spain"},
            **{"lifecyclestage": "lead", "hs_lead_status": "NEW"},
            **_dated_in_hubspot(world, "lastmodifieddate"),
            "hubspot_owner_id": _owner(world, number_of)["hubspot"],
            # The native connector links whoever is in both systems.
            "salesforcecontactid": made.ids.get("salesforce"),
        }
        world.put("hubspot", "contacts", made.ids["hubspot"], values)
        if company and "hubspot" in company.ids:
            world.tie(made, company, *_CONTACT_COMPANY)
    if "salesforce" in systems:
        values = {
            **{"Email": email, "FirstName": "Marta", "LastName": "Vidal Roca"},
            **{"Phone": f"+34 93{number}1", "MailingCity": "Madrid", "MailingCountry": "Spain"},
            **_dated_in_salesforce(world),
            "OwnerId": _owner(world, number_of)["salesforce"],
            "AccountId": company.ids.get("salesforce") if company else None,
            # Else the field would be used by so few that it counts as unused.
            "Description": None if "hubspot" in systems else f"Pidió la oferta {number}.",
        }
        world.put("salesforce", "Contact", made.ids["salesforce"], values)
    return made


def a_lead(world: World, **more: str | bool | None) -> Made:
    """A lead of Salesforce that nobody has converted; `more` are native values."""
    number = world.serial()
    made = Made("lead", number, new_ids("lead", number, ("salesforce",)))
    stamp = f"{world.day(20)}T09:00:00.000+0000"
    values = {
        **{"Email": f"marta.vidal@persona-{number}.example", "FirstName": "Marta"},
        **{"LastName": "Vidal Roca", "Company": f"Persona {number}", "Country": "Spain"},
        **{"Status": "Open - Not Contacted", "IsConverted": False, "LeadSource": "Other"},
        **{"CreatedDate": f"{world.day(90)}T09:00:00.000+0000", "LastModifiedDate": stamp},
        **{"SystemModstamp": stamp, "OwnerId": world.owners[0]["salesforce"]},
    }
    world.put("salesforce", "Lead", made.ids["salesforce"], values | more)
    return made


def a_deal(
    world: World, company: Made, contact: Made | None = None, systems: tuple[str, ...] = SYSTEMS
) -> Made:
    """An open deal that nothing is wrong with: an amount, a day to come, a company, a contact with a role.

    Whoever is on it is an opportunity in HubSpot, too.
    """
    if contact and "hubspot" in contact.ids:
        world.change(contact, "hubspot", lifecyclestage="opportunity")
    number = world.serial()
    made = Made("deal", number, new_ids("deal", number, systems))
    values: dict[str, Any]
    if "hubspot" in systems:
        values = {
            **{"dealname": f"Renovación {number}", "amount": "1200.00", "pipeline": "default"},
            **{"closedate": f"{world.day(-60)}T12:00:00.000Z", "dealstage": "qualifiedtobuy"},
            **{"dealtype": "newbusiness", "hs_next_step": "Llamar", "deal_currency_code": "EUR"},
            **_dated_in_hubspot(world, "hs_lastmodifieddate"),
            "hubspot_owner_id": _owner(world, company.number)["hubspot"],
        }
        world.put("hubspot", "deals", made.ids["hubspot"], values)
        world.tie(made, company, *_DEAL_COMPANY)
        if contact:
            world.tie(made, contact, *_DEAL_CONTACT)
    if "salesforce" in systems:
        values = {
            **{"Name": f"Renovación {number}", "Amount": 1200.0, "StageName": "Qualification"},
            **{"CloseDate": world.day(-60), "Type": "New Customer", "NextStep": "Llamar"},
            **_dated_in_salesforce(world),
            **{"CurrencyIsoCode": "EUR", "AccountId": company.ids.get("salesforce")},
            "OwnerId": _owner(world, company.number)["salesforce"],
        }
        world.put("salesforce", "Opportunity", made.ids["salesforce"], values)
        if contact:
            a_role(world, made, contact)
    return made


def a_role(
    world: World, deal: Made, contact: Made, role: str = "Decision Maker", *, primary: bool = True
) -> str:
    """Gives a contact a role on a deal in Salesforce; the id of the role."""
    id_ = salesforce_id("OpportunityContactRole", world.serial())
    values = {
        "OpportunityId": deal.ids["salesforce"],
        "ContactId": contact.ids["salesforce"],
        **{"Role": role, "IsPrimary": primary},
        **_dated_in_salesforce(world),
    }
    return world.put("salesforce", "OpportunityContactRole", id_, values)


def _owner(world: World, number: int) -> dict[str, str]:
    return dict(world.owners[number % len(world.owners)])


def _dated_in_hubspot(world: World, changed: str) -> dict[str, str]:
    return {
        "createdate": f"{world.day(90)}T09:00:00.000Z",
        changed: f"{world.day(20)}T09:00:00.000Z",
    }


def _dated_in_salesforce(world: World) -> dict[str, str]:
    changed = f"{world.day(20)}T09:00:00.000+0000"
    return {
        "CreatedDate": f"{world.day(90)}T09:00:00.000+0000",
        "LastModifiedDate": changed,
        "SystemModstamp": changed,
    }
