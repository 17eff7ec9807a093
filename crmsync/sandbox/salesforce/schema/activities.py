"""Task and Event: what was done, and what is to be done, with whom and about what.

Fields: object reference, Task and Event (read 2026-11); the Event describe is in CumulusCI.
"""

from __future__ import annotations

from crmsync.sandbox.salesforce.schema.fields import (
    Field,
    ObjectType,
    choice,
    field,
    flag,
    long_text,
    record_id,
    reference,
    system_fields,
    text,
    whole,
)

_ABOUT = "Account|Opportunity|Campaign"


def _with_whom(plural: str) -> tuple[Field, ...]:
    # One child relationship of that name on each of the objects it may point to.
    return (
        reference("WhoId", "Contact|Lead", label="Name ID", children=plural, cascades=True),
        reference("WhatId", _ABOUT, label="Related To ID", children=plural, cascades=True),
    )


def _common() -> tuple[Field, ...]:
    return (
        long_text("Description"),
        reference("OwnerId", "User", "CUD", label="Assigned To ID"),
        # From WhatId, else from WhoId: object reference, Task, AccountId (read 2026-11).
        reference("AccountId", "Account", "N", label="Account ID"),
        flag("IsArchived", "D", label="Archived"),
        # True of the record that stands for a series, beside its occurrences: change data capture guide,
        # Recurring Activities (read 2026-11).
        flag("IsRecurrence", "CD", label="Recurring"),
        *system_fields(activity=False),
    )


TASK = ObjectType(
    name="Task",
    label="Task",
    plural="Tasks",
    prefix="00T",
    fields=(
        record_id("Activity"),
        *_with_whom("Tasks"),
        text("Subject", 255, name_field=True),
        field("ActivityDate", "date", label="Due Date Only"),
        choice(
            "Status",
            "Not Started|In Progress|Completed|Waiting on someone else|Deferred",
            "CUD",
            default="Not Started",
        ),
        choice("Priority", "High|Normal|Low", "CUD", default="Normal"),
        choice("Type", "Call|Meeting|Other", length=40),
        choice("TaskSubtype", "Task|Email|ListEmail|Call", "NCD", default="Task", length=40),
        flag("IsClosed", "D", label="Closed"),
        field("CompletedDateTime", "datetime", "N"),
        choice("CallType", "Internal|Inbound|Outbound", length=40),
        whole("CallDurationInSeconds", label="Call Duration"),
        text("CallDisposition", 255, label="Call Result"),
        text("CallObject", 255, label="Call Object Identifier"),
        *_common(),
    ),
)

EVENT = ObjectType(
    name="Event",
    label="Event",
    plural="Events",
    prefix="00U",
    fields=(
        record_id("Activity"),
        *_with_whom("Events"),
        text("Subject", 255, name_field=True),
        text("Location", 255),
        flag("IsAllDayEvent", label="All-Day Event"),
        field("ActivityDateTime", "datetime", label="Due Date Time"),
        field("ActivityDate", "date", label="Due Date Only"),
        field("StartDateTime", "datetime", label="Start Date Time"),
        field("EndDateTime", "datetime", label="End Date Time"),
        whole("DurationInMinutes", label="Duration"),
        # An invited user has a copy of the event (IsChild); 3 is a series: change data capture guide, Event
        # Invitees and Recurring Activities (read 2026-11).
        flag("IsChild", "D", label="Is Child"),
        choice("GroupEventType", "0|1|2|3", "ND", default="0", restricted=True, length=40),
        choice("Type", "Call|Meeting|Other", length=40),
        choice("ShowAs", "Busy|OutOfOffice|Free", "NCUD", default="Busy", restricted=True, length=40),
        *_common(),
    ),
)  # fmt: skip
