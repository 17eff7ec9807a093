"""Opportunity, and the contact roles that say who decides on it."""

from __future__ import annotations

from crmsync.sandbox.salesforce.schema import picklists
from crmsync.sandbox.salesforce.schema.fields import (
    ObjectType,
    asked_for,
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

OPPORTUNITY = ObjectType(
    name="Opportunity",
    label="Opportunity",
    plural="Opportunities",
    prefix="006",
    fields=(
        record_id("Opportunity"),
        reference(
            "AccountId", "Account", label="Account ID", children="Opportunities", cascades=True
        ),
        text("Name", 120, "CUI", label="Name", name_field=True),
        long_text("Description"),
        choice("StageName", "|".join(picklists.STAGES), "CU", label="Stage"),
        number("Amount", "currency", 18, 2),
        number("Probability", "percent", 3, 0, "NCUD"),
        field(
            "ExpectedRevenue", "currency", "N", precision=18, scale=2, calculated=True,
            label="Expected Amount",
        ),
        number("TotalOpportunityQuantity", "double", 18, 2),
        field("CloseDate", "date", "CU"),
        choice("Type", picklists.OPPORTUNITY_TYPES, label="Opportunity Type"),
        text("NextStep", 255),
        choice("LeadSource", picklists.LEAD_SOURCES),
        flag("IsClosed", "D", label="Closed"),
        flag("IsWon", "D", label="Won"),
        choice("ForecastCategory", picklists.FORECAST_CATEGORIES, "D", restricted=True, length=40),
        choice(
            "ForecastCategoryName", picklists.FORECAST_NAMES, "NCUD", restricted=True,
            label="Forecast Category",
        ),
        flag("HasOpportunityLineItem", "D", label="Has Line Item"),
        field("Pricebook2Id", "string", length=18, label="Price Book ID"),
        reference("OwnerId", "User", "CUD", label="Owner ID"),
        reference("ContactId", "Contact", "NC", label="Contact ID", relationship=None),
        *system_fields(),
        whole("FiscalQuarter", "N", calculated=True),
        whole("FiscalYear", "N", calculated=True),
        text("Fiscal", 6, "N", label="Fiscal Period", calculated=True),
        field("LastStageChangeDate", "datetime", "N"),
        our_key(),
        currency_code(),
        asked_for("Loss_Reason__c", 255, "Loss Reason"),
    ),
)  # fmt: skip

OPPORTUNITY_CONTACT_ROLE = ObjectType(
    name="OpportunityContactRole",
    label="Opportunity Contact Role",
    plural="Opportunity Contact Roles",
    prefix="00K",
    fields=(
        record_id("Contact Role"),
        reference(
            "OpportunityId", "Opportunity", "C", label="Opportunity ID",
            children="OpportunityContactRoles", cascades=True,
        ),
        reference(
            "ContactId", "Contact", "CU", label="Contact ID", children="OpportunityContactRoles"
        ),
        choice("Role", picklists.ROLES, length=40),
        flag("IsPrimary", label="Primary"),
        *system_fields(activity=False),
    ),
)  # fmt: skip
