"""How values look on the wire: every property is a string or null, instants are ISO in UTC."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

# A plain decimal, in the digits of ASCII.
NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)", re.ASCII)
_NEVER = datetime.min.replace(tzinfo=UTC)


def iso(moment: datetime) -> str:
    """`2026-03-01T10:00:00.120Z` in UTC; milliseconds are shown unless they are zero."""
    moment = moment.astimezone(UTC)
    spec = "milliseconds" if moment.microsecond // 1000 else "seconds"
    return moment.replace(tzinfo=None).isoformat(timespec=spec) + "Z"


def instant(text: str) -> datetime | None:
    """The aware instant behind an ISO string with a zone or epoch milliseconds; None if neither."""
    if text.lstrip("-").isascii() and text.lstrip("-").isdigit():
        return _from_epoch(int(text))
    if "T" not in text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment.astimezone(UTC)


def when(text: str) -> datetime:
    """The instant behind a text, to sort by: texts with and without milliseconds do not sort as instants do."""
    return instant(text) or _NEVER


def _from_epoch(milliseconds: int) -> datetime | None:
    try:
        moment = datetime.fromtimestamp(milliseconds // 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.replace(microsecond=milliseconds % 1000 * 1000)


def epoch_ms(moment: datetime) -> int:
    """Milliseconds since 1970 in UTC."""
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000


def text(value: Any) -> str:
    """The wire string of a Python or JSON value; `""` for None, `a;b` for several values."""
    if isinstance(value, str):
        return value
    render = next((render for kind, render in _RENDER if isinstance(value, kind)), str)
    return render(value)


def _of_instant(value: datetime) -> str:
    return iso(value if value.tzinfo else value.replace(tzinfo=UTC))


def _of_many(value: Iterable[Any]) -> str:
    return ";".join(text(one) for one in value)


# In this order: a bool is also an int, a datetime also a date.
_RENDER: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (type(None), lambda _: ""),
    (bool, lambda value: "true" if value else "false"),
    (Decimal, lambda value: f"{value:f}"),
    (datetime, _of_instant),
    (date, date.isoformat),
    ((list, tuple, set, frozenset), _of_many),
)
