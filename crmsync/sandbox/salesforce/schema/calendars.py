"""When an org works: BusinessHours and Holiday (object reference, read 2026-11)."""

from __future__ import annotations

from crmsync.sandbox.salesforce.schema.fields import (
    Field,
    ObjectType,
    choice,
    field,
    flag,
    record_id,
    system_fields,
    text,
    whole,
)

_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


def _day(name: str) -> tuple[Field, ...]:
    return (field(f"{name}StartTime", "time"), field(f"{name}EndTime", "time"))


BUSINESS_HOURS = ObjectType(
    name="BusinessHours",
    label="Business Hours",
    plural="Business Hours",
    prefix="01m",
    deletable=False,
    fields=(
        record_id("Business Hours"),
        text("Name", 80, "CU", label="Business Hours Name", name_field=True),
        flag("IsActive", default=True, label="Active"),
        flag("IsDefault", label="Default Business Hours"),
        *(part for day in _DAYS for part in _day(day)),
        text("TimeZoneSidKey", 40, "CUD", label="Time Zone", default="GMT"),
        *system_fields(deletable=False, activity=False),
    ),
)

HOLIDAY = ObjectType(
    name="Holiday",
    label="Holiday",
    plural="Holidays",
    prefix="0C0",
    fields=(
        record_id("Holiday"),
        text("Name", 80, "CU", label="Holiday Name", name_field=True),
        text("Description", 100),
        flag("IsAllDay", default=True, label="All Day"),
        field("ActivityDate", "date", label="Holiday Date"),
        whole("StartTimeInMinutes"),
        whole("EndTimeInMinutes"),
        flag("IsRecurrence", label="Recurring Holiday"),
        field("RecurrenceStartDate", "date"),
        field("RecurrenceEndDateOnly", "date"),
        choice(
            "RecurrenceType",
            "RecursDaily|RecursEveryWeekday|RecursMonthly|RecursMonthlyNth|RecursWeekly|"
            "RecursYearly|RecursYearlyNth",
            length=40,
        ),
        whole("RecurrenceDayOfMonth"),
        text("RecurrenceMonthOfYear", 40),
        *system_fields(deletable=False, activity=False),
    ),
)

CALENDARS = (BUSINESS_HOURS, HOLIDAY)
# What a new org has: one set of hours, all day every day.
ROUND_THE_CLOCK = {
    "Name": "Default",
    "IsDefault": True,
    **{f"{day}{edge}Time": "00:00:00.000Z" for day in _DAYS for edge in ("Start", "End")},
}
