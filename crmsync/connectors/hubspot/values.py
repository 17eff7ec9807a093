"""Wire-normal text of the values HubSpot sends, and what it is sent for a wire-normal text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from crmsync.connectors.columns import plain_text

Column = list[Any]
Texts = list[str | None]

_TEXTS = frozenset((str, type(None)))
_EPOCH_MS = re.compile(r"-?\d{10,14}")
_EXPONENT = re.compile("[eE]")
_WHOLE = re.compile(r"-?\d{1,14}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WITHOUT_MS = len("1970-01-01T00:00:00Z")
_WITH_MS = len("1970-01-01T00:00:00.000Z")


def as_they_are(column: Column) -> Texts:
    """Texts, options, references; an empty text is a blank."""
    if _TEXTS.issuperset(map(type, column)):
        return [value or None for value in column] if "" in column else column
    return [
        value or None if value is None or isinstance(value, str) else plain_text(value)
        for value in column
    ]


def instants(column: Column) -> Texts:
    """`2026-03-29T01:30:00.123Z`.

    HubSpot leaves zero milliseconds out, and some system properties are epoch milliseconds
    (recorded by NangoHQ/integration-templates, read 2026-11).
    """
    kinds = set(map(type, column))
    if kinds == {str}:
        return _alike(column) or list(map(_instant_of, column))
    if _TEXTS.issuperset(kinds):
        return [None if value is None else _instant_of(value) for value in column]
    return [instant(value) for value in column]


def _alike(column: list[str]) -> Texts | None:
    """Instants of one length that all end in Z, as most columns are; None for any other column."""
    lengths = set(map(len, column))
    if lengths not in ({_WITH_MS}, {_WITHOUT_MS}):
        return None
    lines = "\n".join((*column, ""))
    if lines.count("Z\n") != len(column) or lines.count("\n") != len(column):
        return None
    if lengths == {_WITH_MS}:
        return list(column)
    return list(lines.replace("Z\n", ".000Z\n").split("\n")[:-1])


def _instant_of(text: str) -> str | None:
    if text.endswith("Z"):
        if len(text) == _WITH_MS:
            return text
        if len(text) == _WITHOUT_MS:
            return text[:-1] + ".000Z"
    return instant(text)


def instant(value: Any) -> str | None:
    """One instant, from ISO 8601 or epoch milliseconds; other texts as they are."""
    text = plain_text(value)
    if text is None:
        return None
    if len(text) == _WITHOUT_MS and text[-1] == "Z":
        return text[:-1] + ".000Z"
    try:
        moment = _EPOCH + timedelta(milliseconds=int(text)) if _EPOCH_MS.fullmatch(text) else None
        moment = moment or datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return text
    if moment.tzinfo is None:
        return text
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:  # the first hours of year 1, east of Greenwich
        return text
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def dates(column: Column) -> Texts:
    """`2026-03-29`; epoch milliseconds of midnight UTC become their day."""
    return [_date(value) for value in column]


def _date(value: Any) -> str | None:
    text = plain_text(value)
    if text is None or not _WHOLE.fullmatch(text):
        return text
    try:
        day = _EPOCH + timedelta(milliseconds=int(text))
    except OverflowError:
        return text
    # in the first months of 1970 only midnight tells milliseconds from other digits
    return day.date().isoformat() if _EPOCH_MS.fullmatch(text) or day.time() == time() else text


def numbers(column: Column) -> Texts:
    """Digits as they were written, `5000.00` too; only an exponent is written out."""
    if _TEXTS.issuperset(map(type, column)) and not _EXPONENT.search("".join(filter(None, column))):
        return [value or None for value in column]
    return [_number(value) for value in column]


def _number(value: Any) -> str | None:
    text = plain_text(value)
    if text is None or ("e" not in text and "E" not in text):
        return text
    try:
        return format(Decimal(text), "f")
    except ArithmeticError:
        return text


CONVERTERS: Mapping[str, Callable[[Column], Texts]] = {
    "datetime": instants,
    "date": dates,
    "number": numbers,
}


def converter(native_type: str) -> Callable[[Column], Texts]:
    """The converter of a column of this type of Native."""
    return CONVERTERS.get(native_type, as_they_are)


def to_wire(text: str | None, native_type: str) -> str:
    """What is sent for a wire-normal text: an empty text clears.

    A leading `;` would add to the options of a record instead of replacing them:
    developers.hubspot.com, Properties (read 2026-11).
    """
    if text is None:
        return ""
    return text.lstrip(";") if native_type == "multipicklist" else text
