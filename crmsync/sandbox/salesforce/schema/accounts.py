"""The Account object."""

from __future__ import annotations

from crmsync.sandbox.salesforce.schema import picklists
from crmsync.sandbox.salesforce.schema.fields import (
    ObjectType,
    address,
    asked_for,
    choice,
    currency_code,
    field,
    long_text,
    number,
    our_key,
    record_id,
    reference,
    system_fields,
    text,
    whole,
)

ACCOUNT = ObjectType(
    name="Account",
    label="Account",
    plural="Accounts",
    prefix="001",
    mergeable=True,
    # Only rows of Account carry a strong ETag: intro_rest_conditional_requests (read 2026-11).
    has_etag=True,
    fields=(
        record_id("Account"),
        reference("MasterRecordId", "Account", "N", label="Master Record ID"),
        text("Name", 255, "CU", label="Account Name", name_field=True, compound="Name"),
        choice("Type", picklists.ACCOUNT_TYPES, label="Account Type", length=40),
        reference("ParentId", "Account", label="Parent Account ID", children="ChildAccounts"),
        *address("Billing"),
        *address("Shipping"),
        field("Phone", "phone", length=40, label="Account Phone"),
        field("Fax", "phone", length=40, label="Account Fax"),
        text("AccountNumber", 40),
        field("Website", "url", length=255),
        text("Sic", 20, label="SIC Code"),
        choice("Industry", picklists.INDUSTRIES, length=40),
        number("AnnualRevenue", "currency", 18, 0),
        whole("NumberOfEmployees", label="Employees"),
        choice("Ownership", "Public|Private|Subsidiary|Other", length=40),
        text("TickerSymbol", 20),
        long_text("Description", label="Account Description"),
        choice("Rating", picklists.RATINGS, label="Account Rating", length=40),
        text("Site", 80, label="Account Site"),
        reference("OwnerId", "User", "CUD", label="Owner ID"),
        choice("AccountSource", picklists.LEAD_SOURCES, length=40),
        text("SicDesc", 80, label="SIC Description"),
        *system_fields(),
        our_key(),
        currency_code(),
        asked_for("Tax_ID__c", 32, "Tax ID"),
    ),
)
