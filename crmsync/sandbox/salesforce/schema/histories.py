"""Objects that remember what fields held: one row a change, read-only.

Fields: object reference, OpportunityFieldHistory, OpportunityHistory and, of the same form, those of the other
objects; the key prefix is that of every field history (read 2026-11).
"""

from __future__ import annotations

from crmsync.sandbox.salesforce.schema import picklists
from crmsync.sandbox.salesforce.schema.fields import (
    Field,
    ObjectType,
    choice,
    field,
    flag,
    number,
    record_id,
    reference,
    text,
)

_READ_ONLY = {"createable": False, "updateable": False, "deletable": False}


def _who_and_when() -> tuple[Field, ...]:
    return (
        flag("IsDeleted", "D", label="Deleted"),
        reference("CreatedById", "User", "D", label="Created By ID"),
        field("CreatedDate", "datetime", "D"),
    )


def _field_history(parent: str, name: str | None = None) -> ObjectType:
    return ObjectType(
        name=name or f"{parent}History",
        label=f"{parent} History",
        plural=f"{parent} History",
        prefix="017",
        fields=(
            record_id(f"{parent} History"),
            reference(
                f"{parent}Id", parent, "", label=f"{parent} ID", children="Histories", cascades=True
            ),
            *_who_and_when(),
            text("Field", 255, "", label="Changed Field"),
            field("OldValue", "anyType", "N", filterable=False),
            field("NewValue", "anyType", "N", filterable=False),
        ),
        **_READ_ONLY,
    )


ACCOUNT_HISTORY = _field_history("Account")
CONTACT_HISTORY = _field_history("Contact")
LEAD_HISTORY = _field_history("Lead")
OPPORTUNITY_FIELD_HISTORY = _field_history("Opportunity", "OpportunityFieldHistory")

OPPORTUNITY_HISTORY = ObjectType(
    name="OpportunityHistory",
    label="Opportunity: Stage History",
    plural="Opportunity: Stage History",
    prefix="008",
    fields=(
        record_id("Opportunity History"),
        reference(
            "OpportunityId", "Opportunity", "", label="Opportunity ID",
            children="OpportunityHistories", cascades=True,
        ),
        *_who_and_when(),
        choice("StageName", "|".join(picklists.STAGES), "", label="Stage"),
        number("Amount", "currency", 18, 2, "N"),
        number("ExpectedRevenue", "currency", 18, 2, "N"),
        field("CloseDate", "date", "N"),
        number("Probability", "percent", 3, 0, "N"),
        choice("ForecastCategory", picklists.FORECAST_CATEGORIES, "N", length=40),
        field("SystemModstamp", "datetime", "D"),
    ),
    **_READ_ONLY,
)  # fmt: skip

HISTORIES = (
    ACCOUNT_HISTORY,
    CONTACT_HISTORY,
    LEAD_HISTORY,
    OPPORTUNITY_FIELD_HISTORY,
    OPPORTUNITY_HISTORY,
)
