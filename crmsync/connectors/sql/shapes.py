"""What a database has: its tables and views with their columns, keys and foreign keys. Reads no row."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.engine.reflection import Inspector, ObjectKind
from sqlalchemy.exc import SAWarning

from crmsync.connectors.sql.database import Database
from crmsync.connectors.sql.tables import is_bytes
from crmsync.errors import Unavailable


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


def shapes_of(database: Database) -> list[Shape]:
    """Every table and view of the usual schema, by name; columns of bytes are left out."""
    with database.translated(Unavailable), warnings.catch_warnings():
        # A column of a type that the driver does not know is still a column.
        warnings.simplefilter("ignore", SAWarning)
        return _shapes(inspect(database.inspectable()))


def _shapes(inspector: Inspector) -> list[Shape]:
    more: dict[str, Any] = (
        {"include_auto_indexes": True} if inspector.dialect.name == "sqlite" else {}
    )
    columns = _by_name(inspector.get_multi_columns(kind=ObjectKind.ANY))
    keys = _by_name(inspector.get_multi_pk_constraint())
    indexes = _by_name(inspector.get_multi_indexes(**more))
    rules = _by_name(inspector.get_multi_unique_constraints())
    foreign = _by_name(inspector.get_multi_foreign_keys())
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
