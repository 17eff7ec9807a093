"""What `agreement:` in crmsync.yml can get wrong beyond its form: hours, days and zones that are none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from crmsync.config.consequences import Complaint
from crmsync.config.lines import Path
from crmsync.config.project_form import Project
from crmsync.core.agreement import span_of, weekdays_of
from crmsync.core.worktime import is_zone

_POSITIVE = ("within_minutes", "days", "convert_days", "bulk")


def agreement_problems(project: Project) -> Iterator[Complaint]:
    """Every part of the agreement that cannot be counted by."""
    yield from _numbers(project)
    yield from _hours(project)
    yield from _holidays(project)
    yield from _zone(project)


def _numbers(project: Project) -> Iterator[Complaint]:
    for name in _POSITIVE:
        number = getattr(project.agreement, name)
        if number < 1:
            yield (
                ("agreement", name),
                "CRM107",
                f"agreement.{name}: {number} is too few",
                "write a number from 1 on",
            )
    if project.agreement.late_minutes < 0:
        message = f"agreement.late_minutes: {project.agreement.late_minutes} is too few"
        yield ("agreement", "late_minutes"), "CRM107", message, "write a number from 0 on"


def _hours(project: Project) -> Iterator[Complaint]:
    for days, spans in project.agreement.hours.items():
        place: Path = ("agreement", "hours", days)
        if _fails(weekdays_of, days):
            remedy = "write a day or days in order, as in mon-fri or sat"
            yield place, "CRM107", f"agreement.hours: '{days}' are no weekdays", remedy
        for number, span in enumerate(spans):
            if _fails(span_of, span):
                remedy = 'write "09:00-18:00", the end up to 24:00 and after the beginning'
                yield (
                    (*place, number),
                    "CRM107",
                    f"agreement.hours: '{span}' is no time of a day",
                    remedy,
                )


def _holidays(project: Project) -> Iterator[Complaint]:
    for number, day in enumerate(project.agreement.holidays):
        if _fails(date.fromisoformat, day):
            message = f"agreement.holidays: '{day}' is no day"
            yield ("agreement", "holidays", number), "CRM107", message, 'write "2026-12-08"'


def _zone(project: Project) -> Iterator[Complaint]:
    """Hours mean nothing without a zone, and that of a workspace which names none would only be UTC."""
    told = project.agreement.timezone
    if told and not is_zone(told):
        message = f"agreement.timezone: unknown timezone '{told}'"
        yield ("agreement", "timezone"), "CRM107", message, "use an IANA name such as Europe/Madrid"
    if project.agreement.hours and not told and project.timezone == "UTC":
        message = "agreement.hours have no time zone"
        remedy = "add `timezone: Europe/Madrid` to agreement, or UTC if that is meant"
        yield ("agreement", "hours"), "CRM107", message, remedy


def _fails(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return True
    return False
