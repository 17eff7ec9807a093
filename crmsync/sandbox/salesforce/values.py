"""What a field makes of the JSON value it is sent: one function per field type.

Text is trimmed, and empty text is null; numbers are rounded to the field's scale.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from crmsync.sandbox.salesforce.errors import Refusal, refuse
from crmsync.sandbox.salesforce.ids import full_id
from crmsync.sandbox.salesforce.instants import parse_instant, wire_date, wire_instant
from crmsync.sandbox.salesforce.schema import Field

Accept = Callable[[Field, Any], Any]

_EMAIL = re.compile(r"[^@\s,;:<>()\[\]\"]+@[^@\s.,;:<>()\[\]\"]+(\.[^@\s.,;:<>()\[\]\"]+)+")

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?Z?")


def accepted(field: Field, value: Any, *, trim: bool = True) -> Any:
    """The value as the field keeps it, None for blank; Refusal if it cannot take it.

    Without `trim`, text of a free form stays as it was sent, the empty one too.
    """
    if isinstance(value, str) and (trim or field.type not in _FREE_TEXT):
        value = value.strip() or None
    if value is None and field.type == "boolean":
        # A boolean is never null; the text is that of simulators, no recording was found.
        raise _wrong_type(field, value)
    return None if value is None else _BY_TYPE[field.type](field, value)


def loaded(field: Field, value: Any) -> Any:
    """The value as a data import would store it: unvalidated, though in its type's form.

    Raises ValueError when it cannot be put into that form.
    """
    if value is None or value == "":
        return None
    if field.type in _FREE_TEXT:
        return str(value)
    try:
        return _BY_TYPE[field.type](field, value)
    except Refusal as refusal:
        raise ValueError(f"{field.name}: {refusal}") from refusal


def _parser_error(field: Field, value: Any) -> Refusal:
    kind = {"picklist": "string", "reference": "id", "currency": "double", "percent": "double"}
    message = (
        f"Cannot deserialize instance of {kind.get(field.type, field.type)} from {_token(value)} "
        f"value {value} or request may be missing a required field at [line:1, column:1]"
    )
    return refuse("JSON_PARSER_ERROR", message, field.name)


def _token(value: Any) -> str:
    names = {
        bool: f"VALUE_{str(value).upper()}",
        int: "VALUE_NUMBER_INT",
        float: "VALUE_NUMBER_FLOAT",
    }
    names |= {str: "VALUE_STRING", list: "START_ARRAY", dict: "START_OBJECT"}
    return names.get(type(value), "VALUE_EMBEDDED_OBJECT")


def _wrong_type(field: Field, value: Any) -> Refusal:
    message = f"{field.label}: value not of required type: {value}"
    return refuse("INVALID_TYPE_ON_FIELD_IN_RECORD", message, field.name)


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _parser_error(field, value)
    if field.length and len(value) > field.length:
        message = f"{field.label}: data value too large: {value} (max length={field.length})"
        raise refuse("STRING_TOO_LONG", message, field.name)
    return value


def _email(field: Field, value: Any) -> str:
    text = _text(field, value)
    if not _EMAIL.fullmatch(text):
        message = f"{field.label}: invalid email address: {text}"
        raise refuse("INVALID_EMAIL_ADDRESS", message, field.name)
    return text


def _choice(field: Field, value: Any) -> str:
    text = _text(field, value)
    # Only restricted picklists refuse: "In Progress" was recorded as a StageName (read 2026-11).
    if not field.restricted:
        return text
    known = {option.casefold(): option for option in field.picklist}
    if text.casefold() not in known:
        message = f"{field.label}: bad value for restricted picklist field: {text}"
        raise refuse("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, field.name)
    return known[text.casefold()]


def _choices(field: Field, value: Any) -> str | None:
    options = [part.strip() for part in _text(field, value).split(";")]
    return ";".join(_choice(field, option) for option in options if option) or None


def _boolean(field: Field, value: Any) -> bool:
    words = {"true": True, "false": False, "1": True, "0": False}
    if isinstance(value, bool):
        return value
    if str(value).casefold() in words:
        return words[str(value).casefold()]
    raise _parser_error(field, value)


def _decimal(field: Field, value: Any) -> float:
    if isinstance(value, bool):
        raise _parser_error(field, value)
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        raise _parser_error(field, value) from None
    if not exact.is_finite():
        raise _parser_error(field, value)
    if abs(exact) >= Decimal(10) ** (field.precision - field.scale):
        message = f"{field.label}: value outside of valid range on numeric field: {value}"
        raise refuse("NUMBER_OUTSIDE_VALID_RANGE", message, field.name)
    return float(exact.quantize(Decimal(1).scaleb(-field.scale), ROUND_HALF_UP))


def _integer(field: Field, value: Any) -> int:
    number = _decimal(field, value)
    if Decimal(str(value)) != int(number):
        raise _parser_error(field, value)
    return int(number)


def _date(field: Field, value: Any) -> str:
    try:
        return wire_date(value)
    except ValueError:
        raise _parser_error(field, value) from None


def _instant(field: Field, value: Any) -> str:
    try:
        return wire_instant(parse_instant(value))
    except ValueError:
        raise _parser_error(field, value) from None


def _time(field: Field, value: Any) -> str:
    """A time of day, `09:00:00.000Z`: REST guide, time fields (read 2026-11)."""
    match = _TIME.fullmatch(str(value))
    if match is None:
        raise _parser_error(field, value)
    return f"{match[1]}:{match[2]}:{match[3] or '00'}.{(match[4] or '').ljust(3, '0')[:3]}Z"


def _anything(field: Field, value: Any) -> Any:
    return value


def _reference(field: Field, value: Any) -> str:
    id_ = full_id(value)
    if id_ is None:
        message = f"{field.label}: id value of incorrect type: {value}"
        raise refuse("MALFORMED_ID", message, field.name)
    return id_


def _compound(field: Field, value: Any) -> Any:
    raise _wrong_type(field, value)


_FREE_TEXT = frozenset({"string", "email", "phone", "url", "textarea", "picklist", "multipicklist"})
_BY_TYPE: dict[str, Accept] = {
    "id": _reference,
    "string": _text,
    "phone": _text,
    "url": _text,
    "textarea": _text,
    "email": _email,
    "picklist": _choice,
    "multipicklist": _choices,
    "boolean": _boolean,
    "int": _integer,
    "double": _decimal,
    "currency": _decimal,
    "percent": _decimal,
    "date": _date,
    "datetime": _instant,
    "reference": _reference,
    "address": _compound,
    "time": _time,
    "anyType": _anything,
}
