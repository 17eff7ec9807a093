"""What the connector maps, and by which rule unless somebody chose another.

People: Knowledge Base, Sync Salesforce leads and contacts to HubSpot (2025-05-21). Its default rule is the first, and
an owner is always two-way: Map HubSpot properties to Salesforce fields (2026-03-27). For companies and deals HubSpot
publishes no list; these are the standard fields of the same meaning. All read 2026-11.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crmsync.sandbox.native.rules import ALWAYS, PREFER, TWO_WAY


@dataclass(frozen=True, slots=True)
class Mapped:
    """A property and the field of each Salesforce object it goes with; `kind` is how values are compared."""

    property: str
    fields: Mapping[str, str]
    kind: str = "text"
    rule: str = PREFER


def _people(text: str) -> tuple[Mapped, ...]:
    """One line a property: property, field of Contact, field of Lead, kind."""
    made = []
    for line in text.strip().splitlines():
        name, contact, lead, *kind = (part.strip() for part in line.split("|"))
        fields = {key: value for key, value in (("Contact", contact), ("Lead", lead)) if value}
        made.append(Mapped(name, fields, *kind))
    return tuple(made)


PEOPLE: tuple[Mapped, ...] = (
    *_people(
        """
        email | Email | Email
        firstname | FirstName | FirstName
        lastname | LastName | LastName
        salutation | Salutation | Salutation
        jobtitle | Title | Title
        phone | Phone | Phone
        fax | Fax | Fax
        address | MailingStreet | Street
        city | MailingCity | City
        state | MailingState | State
        zip | MailingPostalCode | PostalCode
        country | MailingCountry | Country
        message | Description | Description
        website | | Website
        company | | Company
        industry | | Industry
        annualrevenue | | AnnualRevenue | number
        hs_email_optout | HasOptedOutOfEmail | HasOptedOutOfEmail | flag
        """
    ),
    Mapped("hubspot_owner_id", {"Contact": "OwnerId", "Lead": "OwnerId"}, "owner", TWO_WAY),
)


def _one(name: str, text: str) -> tuple[Mapped, ...]:
    """One line a property: property, field, kind."""
    made = []
    for line in text.strip().splitlines():
        property_, field, *kind = (part.strip() for part in line.split("|"))
        made.append(Mapped(property_, {name: field}, *kind))
    return tuple(made)


COMPANIES: tuple[Mapped, ...] = (
    *_one(
        "Account",
        """
        name | Name
        website | Website
        phone | Phone
        address | BillingStreet
        city | BillingCity
        state | BillingState
        zip | BillingPostalCode
        country | BillingCountry
        numberofemployees | NumberOfEmployees | number
        annualrevenue | AnnualRevenue | number
        description | Description
        """,
    ),
    Mapped("hubspot_owner_id", {"Account": "OwnerId"}, "owner", TWO_WAY),
)
DEALS: tuple[Mapped, ...] = (
    *_one(
        "Opportunity",
        """
        dealname | Name
        amount | Amount | number
        closedate | CloseDate | day
        hs_next_step | NextStep
        description | Description
        """,
    ),
    Mapped("dealstage", {"Opportunity": "StageName"}, "stage", ALWAYS),
    Mapped("hubspot_owner_id", {"Opportunity": "OwnerId"}, "owner", TWO_WAY),
)
MAPPED: Mapping[str, tuple[Mapped, ...]] = {
    "contacts": PEOPLE,
    "companies": COMPANIES,
    "deals": DEALS,
}
