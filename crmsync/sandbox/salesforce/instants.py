"""Dates and instants in the one text form the simulator keeps them in.

An instant is `2026-11-20T09:30:00.000+0000`: always UTC, so that texts sort as the instants do.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from email.utils import format_datetime, parsedate_to_datetime

# Dates go from 1700 to 4000: SOQL guide, date formats and literals (read 2026-11).
_FIRST_YEAR, _LAST_YEAR = 1700, 4000


def wire_instant(moment: datetime) -> str:
    """An aware instant as the REST API writes it, in UTC, to the second."""
    # Milliseconds are 000 in every recording (grouparoo, CumulusCI; read 2026-11).
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def parse_instant(value: object) -> datetime:
    """An aware UTC instant from ISO text, a date or a datetime; ValueError for anything else."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value.strip())
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    if not isinstance(value, datetime) or not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ValueError(f"no instant: {value!r}")
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def wire_date(value: object) -> str:
    """A date as `2026-11-20`, from ISO text (a time after it is cut off), a date or a datetime."""
    if isinstance(value, str):
        value = date.fromisoformat(value.strip().split("T")[0].split(" ")[0])
    return parse_instant(value).date().isoformat()


def http_date(wire: str) -> str:
    """A stored instant as an HTTP header spells it."""
    return format_datetime(parse_instant(wire), usegmt=True)


def parse_http_date(text: str) -> str:
    """A stored instant from an HTTP date; ValueError if it is none."""
    return wire_instant(parsedate_to_datetime(text))
