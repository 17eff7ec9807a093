"""Wire-normal text of the values that drivers and file formats give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from crmsync.connectors.columns import plain_text


class NoText(ValueError):
    """A value that has no text: bytes."""


def wire(value: Any, zone: ZoneInfo | None = None) -> str | None:
    """The text of one value, None for a blank; NoText for bytes.

    `zone` says where a date and time without one was written; without a zone it stays as it is.
    """
    if value is None or value == "":
        return None
    for kind, text in _TEXTS.items():
        if isinstance(value, kind):
            return text(value, zone)
    return plain_text(str(value))


def number_text(number: Decimal) -> str:
    """Digits with a point and no exponent; `-0` is `0`."""
    return format(number, "f") if number or not number.is_finite() else "0"


def float_text(number: float, digits: int = 17) -> str:
    """The shortest text of a float, or at most so many significant digits; no exponent."""
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return number_text(Decimal(repr(number) if digits >= 17 else f"{number:.{digits}g}"))


def instant_text(moment: datetime, zone: tzinfo | None) -> str:
    """`2026-03-29T01:30:00.123Z`; without any zone the local time, which is no instant."""
    if moment.tzinfo is None and zone is None:
        return moment.isoformat()
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    try:
        utc = aware.astimezone(UTC)
    except OverflowError:  # the first day of year 1 east of Greenwich
        return moment.isoformat()
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _several(value: Any, zone: ZoneInfo | None) -> str | None:
    return ";".join(text for text in (wire(one, zone) for one in value) if text) or None


def _bytes(_value: Any, _zone: ZoneInfo | None) -> str:
    raise NoText


# Order counts: a bool is an int, and a datetime is a date.
_TEXTS: Mapping[type | tuple[type, ...], Callable[[Any, ZoneInfo | None], str | None]] = {
    str: lambda value, _zone: plain_text(value),
    bool: lambda value, _zone: "true" if value else "false",
    int: lambda value, _zone: str(value),
    float: lambda value, _zone: float_text(value),
    Decimal: lambda value, _zone: number_text(value),
    datetime: instant_text,
    (date, time): lambda value, _zone: value.isoformat(),
    (timedelta, UUID): lambda value, _zone: str(value),
    (bytes, bytearray, memoryview): _bytes,
    (list, tuple, set, frozenset): _several,
    dict: lambda value, _zone: orjson.dumps(
        value, default=str, option=orjson.OPT_SORT_KEYS
    ).decode(),
}
