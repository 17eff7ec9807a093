"""Cells of a database as wire-normal text, and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import cast, literal, types

from crmsync.connectors.sql.tables import SqlColumn, kind_of
from crmsync.connectors.wire import wire

_TRUE_FALSE = {"true": True, "false": False}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class Unfit(ValueError):
    """A text that a column cannot hold."""


def cell_text(value: Any, column: SqlColumn, zone: ZoneInfo | None) -> str | None:
    """The wire-normal text of a stored value. NoText for bytes.

    SQLite stores what it is given: times as text, flags as 0 and 1. What does not fit the column's
    type stays as it is, and shows as a finding.
    """
    kind = "integer" if column.native.type == "id" else kind_of(column.type)
    restore = _STORED.get(kind)
    return wire(restore(value) if restore else value, zone)


def _flag(value: Any) -> Any:
    return bool(value) if value in (0, 1) and isinstance(value, int) else value


def _moment(value: Any) -> Any:
    if not isinstance(value, str) or len(value) <= 10:
        return value
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return value


_STORED: Mapping[str, Callable[[Any], Any]] = {"boolean": _flag, "datetime": _moment}


def stored(text: str | None, column: SqlColumn, zone: ZoneInfo | None, dialect: str) -> Any:
    """The value to store for a wire-normal text; Unfit if the column cannot hold it."""
    if text is None:
        return None
    kind = kind_of(column.type)
    try:
        value = _VALUES[kind](text, column, zone) if kind in _VALUES else _fitting(text, column)
        return _for_sqlite(value) if dialect == "sqlite" else value
    except (KeyError, ValueError, InvalidOperation) as error:
        raise Unfit(f"'{text[:40]}' is no {kind}") from error


def _fitting(text: str, column: SqlColumn) -> Any:
    """The text; a database may cut it in silence, or not look at the length at all.

    A type that is no text (a list of words, JSON) takes it by a cast, which the database may refuse.
    """
    if isinstance(column.type, types.Uuid):
        return UUID(text)
    if isinstance(column.type, types.Enum) or not isinstance(column.type, types.String):
        return cast(literal(text, types.Text()), column.type)
    length = column.native.length
    if length is not None and len(text) > length:
        raise ValueError
    return text


def _for_sqlite(value: Any) -> Any:
    """SQLite has no times and no exact numbers: it keeps their text, as SQLAlchemy does."""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return str(value) if isinstance(value, date | Decimal | UUID) else value


def _integer(text: str, _column: SqlColumn, _zone: ZoneInfo | None) -> int:
    number = int(text)
    if abs(number) >= 1 << 63:
        raise ValueError
    return number


def _number(text: str, column: SqlColumn, _zone: ZoneInfo | None) -> Decimal | float:
    if not _NUMBER.fullmatch(text):
        raise ValueError
    return float(text) if isinstance(column.type, types.Float) else Decimal(text)


def _instant(text: str, column: SqlColumn, zone: ZoneInfo | None) -> datetime:
    """An instant, aware where the column keeps a zone, else the local time of the declared one."""
    moment = datetime.fromisoformat(text)
    if getattr(column.type, "timezone", False):
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=zone or UTC)
    if moment.tzinfo is None:
        return moment
    if zone is None:
        raise ValueError
    return moment.astimezone(zone).replace(tzinfo=None)


_VALUES: Mapping[str, Callable[[str, SqlColumn, ZoneInfo | None], Any]] = {
    "boolean": lambda text, _column, _zone: _TRUE_FALSE[text],
    "integer": _integer,
    "number": _number,
    "date": lambda text, _column, _zone: date.fromisoformat(text),
    "datetime": _instant,
}
