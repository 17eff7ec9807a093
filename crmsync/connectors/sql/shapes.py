"""What a database has: its tables and views with their columns, keys and foreign keys. Reads no row."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.engine.reflection import Inspector, ObjectKind
from sqlalchemy.exc import DBAPIError, NoSuchTableError, SAWarning

from crmsync.connectors.sql.database import Database
from crmsync.connectors.sql.tables import is_bytes
from crmsync.errors import Unavailable

_REASON = 120


@dataclass(frozen=True, slots=True)
class Shape:
    """One table or view. `ties` leads from a column to the table and column that it refers to.

    `unique` are the sets of columns that the database keeps unique, its key among them; `demanded`
    the columns that nobody may leave out of a new row.
    """

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...] = ()
    unique: frozenset[frozenset[str]] = frozenset()
    ties: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    demanded: frozenset[str] = frozenset()


Unseen = Mapping[str, str]
"""Tables and views nobody could look into, with the reason: a view of a table that is gone, say."""


def shapes_of(database: Database) -> tuple[list[Shape], Unseen]:
    """Every table and view of the usual schema, by name, and those that could not be seen; no columns of bytes."""
    with database.translated(Unavailable), warnings.catch_warnings():
        # A column of a type that the driver does not know is still a column.
        warnings.simplefilter("ignore", SAWarning)
        inspector = inspect(database.inspectable())
        try:
            return _shapes(inspector), {}
        except (DBAPIError, NoSuchTableError):
            return _one_by_one(database)


def _one_by_one(database: Database) -> tuple[list[Shape], Unseen]:
    """The same, each table and view by itself: one that is broken hides none of the others."""
    inspector = inspect(database.inspectable())
    names = sorted({*inspector.get_table_names(), *inspector.get_view_names()})
    found: list[Shape] = []
    unseen: dict[str, str] = {}
    for name in names:
        try:
            found += _shapes(inspect(database.inspectable()), [name])
        except (DBAPIError, NoSuchTableError) as error:
            if getattr(error, "connection_invalidated", False):
                raise  # it is not this table that cannot be seen, it is the database
            unseen[name] = database.said(error)[:_REASON]
    return found, unseen


def _shapes(inspector: Inspector, names: Sequence[str] | None = None) -> list[Shape]:
    more: dict[str, Any] = (
        {"include_auto_indexes": True} if inspector.dialect.name == "sqlite" else {}
    )
    columns = _by_name(inspector.get_multi_columns(filter_names=names, kind=ObjectKind.ANY))
    keys = _by_name(inspector.get_multi_pk_constraint(filter_names=names))
    indexes = _by_name(inspector.get_multi_indexes(filter_names=names, **more))
    rules = _by_name(inspector.get_multi_unique_constraints(filter_names=names))
    foreign = _by_name(inspector.get_multi_foreign_keys(filter_names=names))
    return [
        _shape(
            name,
            columns[name],
            keys.get(name) or {},
            [*(indexes.get(name) or ()), *(rules.get(name) or ())],
            foreign.get(name) or (),
        )
        for name in sorted(columns)
    ]


def _by_name(found: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): told for (_schema, name), told in found.items()}


def _shape(
    name: str,
    columns: Iterable[Mapping[str, Any]],
    key: Mapping[str, Any],
    groups: Iterable[Mapping[str, Any]],
    foreign: Iterable[Mapping[str, Any]],
) -> Shape:
    kept = [each for each in columns if not is_bytes(each["type"])]
    own = tuple(key.get("constrained_columns") or ())
    unique = {frozenset(own)} if own else set()
    for group in groups:
        names = group["column_names"]
        if group.get("unique", True) and None not in names and not _partial(group):
            unique.add(frozenset(names))
    return Shape(
        name,
        tuple(each["name"] for each in kept),
        own,
        frozenset(unique),
        _ties(foreign),
        frozenset(each["name"] for each in columns if _demanded(each, own)),
    )


def _partial(group: Mapping[str, Any]) -> bool:
    return any(name.endswith("_where") for name in group.get("dialect_options", {}))


def _ties(foreign: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, str]]:
    """Foreign keys of one column; those of several lead to no id."""
    return {
        each["constrained_columns"][0]: (
            each["referred_table"],
            (each["referred_columns"] or [""])[0],
        )
        for each in foreign
        if len(each["constrained_columns"]) == 1
    }


def _demanded(column: Mapping[str, Any], key: tuple[str, ...]) -> bool:
    """True if a row needs it: an id that counts by itself does not."""
    given = column.get("default") is not None or column.get("computed") or column.get("identity")
    counts = key == (column["name"],)
    return not column.get("nullable", True) and not given and not counts
