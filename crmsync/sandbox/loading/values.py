"""Text from a foreign table as the JSON value a native field wants, and the type a column hints at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

_TRUE = frozenset({"true", "t", "yes", "y", "1", "sí", "si", "verdadero"})
_FALSE = frozenset({"false", "f", "no", "n", "0", "falso"})


def _flag(text: str) -> bool:
    word = text.strip().lower().removesuffix(".0")
    if word not in _TRUE | _FALSE:
        raise ValueError(text)
    return word in _TRUE


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(text) from None
    if not number.is_finite():
        raise ValueError(text)
    return number


def _json_number(text: str) -> int | float:
    number = _number(text)
    return int(number) if number == number.to_integral_value() else float(number)


def _whole(text: str) -> int:
    number = _number(text)
    if number != number.to_integral_value():
        raise ValueError(text)
    return int(number)


def _day(text: str) -> str:
    """The day of an ISO date or instant; the instant's own day, whatever its offset."""
    return date.fromisoformat(text.strip()[:10].replace("/", "-")).isoformat()


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text.strip())
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _salesforce_instant(text: str) -> str:
    return _instant(text).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def _hubspot_instant(text: str) -> str:
    return _instant(text).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _hubspot_number(text: str) -> str:
    return format(_number(text), "f")


def _hubspot_flag(text: str) -> str:
    return "true" if _flag(text) else "false"


_READERS: dict[str, dict[str, Callable[[str], Any]]] = {
    "salesforce": {
        "boolean": _flag,
        "int": _whole,
        "double": _json_number,
        "currency": _json_number,
        "percent": _json_number,
        "date": _day,
        "datetime": _salesforce_instant,
    },
    "hubspot": {
        "bool": _hubspot_flag,
        "number": _hubspot_number,
        "date": _day,
        "datetime": _hubspot_instant,
    },
}


def read_value(system: str, type_: str, text: str) -> Any:
    """The JSON value of a native field of that type; ValueError if the text is none.

    Whatever is not a flag, a number, a date or an instant stays the text it is.
    """
    read = _READERS[system].get(type_)
    return read(text) if read else text


def guess_type(texts: Iterable[str | None]) -> str:
    """The Salesforce type all filled cells have: boolean, date, double, else string or textarea.

    A number with a leading zero or more than 15 digits is a code, so it stays text; so is 0 or 1.
    """
    filled = [text for text in texts if text]
    for type_, pattern in _PATTERNS.items():
        if filled and all(re.fullmatch(pattern, text.strip()) for text in filled):
            return type_
    return "textarea" if any(len(text) > 255 for text in filled) else "string"


_PATTERNS = {
    "boolean": r"(?i:true|false)",
    "date": r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
    "double": r"-?(0|[1-9]\d{0,14})(\.\d{1,8})?",
}
