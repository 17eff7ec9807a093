"""Wire-normal text of the values Salesforce sends, and JSON of the text it is sent.

A converter is chosen once a column by the field's describe type and works on the whole column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson

from crmsync.connectors.columns import plain_text
from crmsync.connectors.salesforce.ids import id18

Column = list[Any]
Texts = list[str | None]

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_SHORT_OFFSET = re.compile(r"([+-]\d{2})(\d{2})$")
_BOOLEANS = {True: "true", False: "false"}
_EXACT = 1e15  # whole doubles below it print without an exponent


def booleans(column: Column) -> Texts:
    """`true` and `false`; anything else as it is."""
    return [_BOOLEANS[value] if isinstance(value, bool) else plain_text(value) for value in column]


def numbers(column: Column) -> Texts:
    """Digits with a point, no exponent, no zeros at the end: `1200`, `0.5`."""
    return [number(value) for value in column]


def number(value: Any) -> str | None:
    """The text of one JSON number; anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return plain_text(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    text = format(Decimal(str(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def instants(column: Column) -> Texts:
    """`2026-03-29T01:30:00.123Z`.

    REST writes `.000+0000`: seen in every recording of grouparoo/grouparoo (read 2026-11).
    """
    return [
        value[:23] + "Z" if isinstance(value, str) and value[23:] == "+0000" else _instant(value)
        for value in column
    ]


def _instant(value: Any) -> str | None:
    text = plain_text(value)
    return None if text is None else instant(text)


def instant(text: str) -> str:
    """One instant in any ISO 8601 form with an offset; other texts as they are."""
    try:
        moment = datetime.fromisoformat(_SHORT_OFFSET.sub(r"\1:\2", text))
    except ValueError:
        return text
    if moment.tzinfo is None:
        return text
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:  # the first hours of year 1, east of Greenwich
        return text
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def references(column: Column) -> Texts:
    """Ids of 18 characters."""
    return [id18(value) if isinstance(value, str) else plain_text(value) for value in column]


def as_they_are(column: Column) -> Texts:
    """Texts, dates, picklists: nothing to do but that an empty text is a blank, as it is in bulk."""
    return [None if value == "" else value for value in column] if "" in column else column


CONVERTERS: Mapping[str, Callable[[Column], Texts]] = {
    "boolean": booleans,
    "int": numbers,
    "long": numbers,
    "double": numbers,
    "currency": numbers,
    "percent": numbers,
    "datetime": instants,
    "id": references,
    "reference": references,
}
NUMBER_TYPES = frozenset(("int", "long", "double", "currency", "percent"))


def converter(describe_type: str) -> Callable[[Column], Texts]:
    """The converter of a column of this describe type."""
    return CONVERTERS.get(describe_type, as_they_are)


def to_json(text: str | None, describe_type: str) -> Any:
    """What is put into a JSON body for wire-normal text; a blank is null.

    Numbers keep the very digits they were given. A text that does not fit its type is sent as it
    is, for Salesforce to refuse.
    """
    if text is None or text == "":
        return None
    if describe_type == "boolean" and text in ("true", "false"):
        return text == "true"
    if describe_type in NUMBER_TYPES and _NUMBER.fullmatch(text):
        return orjson.Fragment(text)
    return text
