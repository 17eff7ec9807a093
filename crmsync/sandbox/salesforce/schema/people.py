"""The two objects that hold people: Contact and Lead."""

from __future__ import annotations

from crmsync.sandbox.salesforce.schema import picklists
from crmsync.sandbox.salesforce.schema.fields import (
    Field,
    ObjectType,
    address,
    choice,
    currency_code,
    field,
    flag,
    long_text,
    number,
    our_key,
    record_id,
    reference,
    system_fields,
    text,
    whole,
)


def _person_name() -> tuple[Field, ...]:
    """The three writable parts of a name, and the read-only whole."""
    return (
        text("LastName", 80, "CU", compound="Name"),
        text("FirstName", 40, compound="Name"),
        choice("Salutation", picklists.SALUTATIONS, length=40, compound="Name"),
        text("Name", 121, "", label="Full Name", name_field=True),
    )


def _phone(name: str, label: str | None = None) -> Field:
    return field(name, "phone", length=40, **({"label": label} if label else {}))


def _consent() -> tuple[Field, ...]:
    # Hidden from most profiles of a real org until somebody grants them; `hide_field` shows how
    # that feels. CumulusCI Lead and Contact describes lack all three (read 2026-11).
    return (
        flag("HasOptedOutOfEmail", label="Email Opt Out"),
        flag("HasOptedOutOfFax", label="Fax Opt Out"),
        flag("DoNotCall", label="Do Not Call"),
    )


CONTACT = ObjectType(
    name="Contact",
    label="Contact",
    plural="Contacts",
    prefix="003",
    mergeable=True,
    fields=(
        record_id("Contact"),
        reference("MasterRecordId", "Contact", "N", label="Master Record ID"),
        reference("AccountId", "Account", label="Account ID", children="Contacts", cascades=True),
        *_person_name(),
        *address("Other"),
        *address("Mailing"),
        _phone("Phone", "Business Phone"),
        _phone("Fax", "Business Fax"),
        _phone("MobilePhone"),
        _phone("HomePhone"),
        _phone("OtherPhone"),
        _phone("AssistantPhone", "Asst. Phone"),
        reference("ReportsToId", "Contact", label="Reports To ID", children="ReportsToContacts"),
        field("Email", "email", "NCUI", length=80),
        text("Title", 128),
        text("Department", 80),
        text("AssistantName", 40, label="Assistant's Name"),
        choice("LeadSource", picklists.LEAD_SOURCES),
        field("Birthdate", "date"),
        long_text("Description", label="Contact Description"),
        reference("OwnerId", "User", "CUD", label="Owner ID"),
        *_consent(),
        *system_fields(),
        text("EmailBouncedReason", 255),
        field("EmailBouncedDate", "datetime"),
        flag("IsEmailBounced", "D", calculated=True),
        our_key(),
        currency_code(),
    ),
)

LEAD = ObjectType(
    name="Lead",
    label="Lead",
    plural="Leads",
    prefix="00Q",
    mergeable=True,
    fields=(
        record_id("Lead"),
        reference("MasterRecordId", "Lead", "N", label="Master Record ID"),
        *_person_name(),
        text("Title", 128),
        text("Company", 255, "CU"),
        *address(""),
        _phone("Phone"),
        _phone("MobilePhone"),
        _phone("Fax"),
        field("Email", "email", "NCUI", length=80),
        field("Website", "url", length=255),
        long_text("Description"),
        choice("LeadSource", picklists.LEAD_SOURCES),
        choice("Status", picklists.LEAD_STATUSES, "CUD", default="Open - Not Contacted"),
        choice("Industry", picklists.INDUSTRIES),
        choice("Rating", picklists.RATINGS),
        number("AnnualRevenue", "currency", 18, 0),
        whole("NumberOfEmployees", label="Employees"),
        reference("OwnerId", "Group|User", "CUD", label="Owner ID"),
        *_consent(),
        flag("IsConverted", "CD", label="Converted"),
        field("ConvertedDate", "date", "N"),
        reference("ConvertedAccountId", "Account", "N", label="Converted Account ID"),
        reference("ConvertedContactId", "Contact", "N", label="Converted Contact ID"),
        reference("ConvertedOpportunityId", "Opportunity", "N", label="Converted Opportunity ID"),
        flag("IsUnreadByOwner", label="Unread By Owner"),
        *system_fields(),
        text("EmailBouncedReason", 255, "NU"),
        field("EmailBouncedDate", "datetime", "NU"),
        our_key(),
        currency_code(),
    ),
)
