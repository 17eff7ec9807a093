"""Case: what a customer waits for an answer to.

Fields: object reference, Case (read 2026-11). A case is closed by its status; when, the org stamps itself.
"""

from __future__ import annotations

from crmsync.sandbox.salesforce.schema.fields import (
    ObjectType,
    choice,
    field,
    flag,
    long_text,
    record_id,
    reference,
    system_fields,
    text,
)

CASE = ObjectType(
    name="Case",
    label="Case",
    plural="Cases",
    prefix="500",
    fields=(
        record_id("Case"),
        text("CaseNumber", 30, "ND", name_field=True),
        reference("ContactId", "Contact", label="Contact ID", children="Cases"),
        reference("AccountId", "Account", label="Account ID", children="Cases"),
        text("SuppliedEmail", 80),
        choice("Type", "Mechanical|Electrical|Electronic|Structural|Other", label="Case Type"),
        choice("Status", "New|Working|Escalated|Closed", "NCUD", default="New"),
        choice("Origin", "Phone|Email|Web", label="Case Origin"),
        text("Subject", 255),
        choice("Priority", "High|Medium|Low", "NCUD", default="Medium"),
        long_text("Description"),
        flag("IsClosed", "D", label="Closed"),
        field("ClosedDate", "datetime", "N", label="Closed Date"),
        reference("OwnerId", "User", "CUD", label="Owner ID"),
        *system_fields(),
    ),
)
