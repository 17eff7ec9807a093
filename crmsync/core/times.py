"""Types that are times: date and instant. Instants are UTC to the millisecond.

A date is never moved through a zone on its own. Only where one side keeps a date and the other an
instant does the field's `timezone` say which day an instant falls on, and an instant written for a
date is that day's first moment there.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from crmsync.core.records import Invalid, Native, Value
from crmsync.core.spec import Spec

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_EPOCH_MS = re.compile(r"-?\d{11,14}")
_SHORT_OFFSET = re.compile(r"([+-]\d{2})(\d{2})$")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _instant(raw: str) -> datetime | None:
    """An aware instant, from ISO 8601 with an offset or from epoch milliseconds; None if it is none."""
    text = raw.strip()
    try:
        if _EPOCH_MS.fullmatch(text):
            return _EPOCH + timedelta(milliseconds=int(text))
        moment = datetime.fromisoformat(_SHORT_OFFSET.sub(r"\1:\2", text))
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _cut(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def parse_instant(raw: str, _spec: Spec) -> Value | Invalid | None:
    """An instant in UTC; Invalid without an offset, for a day is not a moment."""
    moment = _instant(raw)
    return Invalid(raw) if moment is None else _cut(moment)


def parse_date(raw: str, spec: Spec) -> Value | Invalid | None:
    """A day. An instant becomes one only where the system keeps instants, in the field's zone."""
    text = raw.strip()
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
        moment = _instant(text) if spec.native_is_instant else None
        return Invalid(raw) if moment is None else moment.astimezone(_zone(spec.timezone)).date()
    except (ValueError, OverflowError):
        return Invalid(raw)


def render_date(value: date, spec: Spec) -> str:
    """`2026-03-29`, or that day's first moment in the field's zone where instants are kept."""
    if not spec.native_is_instant:
        return value.isoformat()
    try:
        start = datetime(value.year, value.month, value.day, tzinfo=_zone(spec.timezone))
        return text_instant(start.astimezone(UTC))
    except OverflowError:  # 0001-01-01 east of Greenwich would begin before the first year
        return text_instant(datetime(value.year, value.month, value.day, tzinfo=UTC))


def render_instant(value: datetime, _spec: Spec) -> str:
    """`2026-03-29T01:30:00.123Z`."""
    return text_instant(value)


def text_date(value: date) -> str:
    """`2026-03-29`."""
    return value.isoformat()


def read_date(text: str) -> date:
    """The day behind its canonical text."""
    return date.fromisoformat(text)


def text_instant(value: datetime) -> str:
    """`2026-03-29T01:30:00.123Z`, always three digits of milliseconds."""
    # not strftime: glibc writes the year 999 with three digits, and no reader takes that back
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_instant(text: str) -> datetime:
    """The instant behind its canonical text."""
    return datetime.fromisoformat(text)


def held_date(value: date, spec: Spec, native: Native) -> Value | Invalid:
    """The day; Invalid for one that the zone left out, where instants are kept.

    Samoa went from 29 to 31 December 2011: no instant is on the 30th there.
    """
    if native.type != "datetime":
        return value
    there = replace(spec, native_is_instant=True)
    is_there = parse_date(render_date(value, there), there) == value
    return value if is_there else Invalid(text_date(value))


def held_instant(value: datetime, _spec: Spec, native: Native) -> Value | Invalid:
    """The instant, cut to whole seconds where the field keeps no more (`scale` 0); Invalid in a field of days."""
    if native.type == "date":
        return Invalid(text_instant(value))
    return value.replace(microsecond=0) if native.scale == 0 else value
