"""The table behind an object: its columns, what they keep, and whether writing is safe."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect, types
from sqlalchemy.engine.reflection import Inspector
from sqlalchemy.sql import column, table
from sqlalchemy.sql.elements import ColumnClause
from sqlalchemy.sql.selectable import TableClause

from crmsync.connectors.base import ASSOCIATION_PREFIX
from crmsync.connectors.declared import nearest
from crmsync.connectors.settings import FILE
from crmsync.connectors.sql.database import Database
from crmsync.connectors.sql.settings import TableObject
from crmsync.core.records import Native
from crmsync.errors import ConfigInvalid, Problem, Unavailable

# Order counts: a more special type stands before its parent.
KINDS: tuple[tuple[type[Any], str], ...] = (
    (types.Boolean, "boolean"),
    (types.DateTime, "datetime"),
    (types.Date, "date"),
    (types.Integer, "integer"),
    (types.Numeric, "number"),
    (types.Text, "text"),
    (types.String, "string"),
)
_BYTES = (types.LargeBinary, types.BINARY, types.VARBINARY)


@dataclass(frozen=True, slots=True)
class SqlColumn:
    """One column, and what may be done with it."""

    name: str
    type: types.TypeEngine[Any]
    native: Native

    @property
    def clause(self) -> ColumnClause[Any]:
        """The column in a statement; without a type, so that what is stored comes back as it is."""
        return column(self.name)


@dataclass(frozen=True, slots=True)
class SqlTable:
    """An object of a database. `fields` are native names; `key` is blank where nothing is written."""

    object: str
    clause: TableClause
    fields: Mapping[str, SqlColumn]
    id: SqlColumn
    key: str
    modified: SqlColumn | None
    created: SqlColumn | None
    ties: Mapping[str, SqlColumn]
    left_out: tuple[str, ...]


class Declared:
    """One object's settings against what the database has; every problem is collected."""

    def __init__(self, system: str, object_: str, settings: TableObject) -> None:
        self.path = ("systems", system, "objects", object_)
        self.settings = settings
        self.problems: list[Problem] = []

    def complain(self, what: str, message: str, remedy: str) -> None:
        """Notes a problem of one setting."""
        said = f"{'.'.join(self.path)}.{what}: {message}"
        path = (*self.path, *what.split(".", 1))
        self.problems.append(Problem(FILE, 0, 0, "CRM103", said, remedy, path))

    def column(self, what: str, name: str, known: Mapping[str, Any], table: str = "") -> None:
        """Notes a column that is declared and not there."""
        if name and name not in known:
            shown = table or self.settings.table
            self.complain(what, f"{shown} has no column '{name}'", nearest(name, known))

    def demand(self) -> None:
        """ConfigInvalid with everything that was noted."""
        if self.problems:
            raise ConfigInvalid(self.problems)


def open_sql_table(database: Database, object_: str, settings: TableObject) -> SqlTable:
    """The table of an object; ConfigInvalid names every table and column that is not there."""
    declared = Declared(database.system, object_, settings)
    with database.translated(Unavailable):
        inspector = inspect(database.inspectable())
        schema, name = located(inspector, declared, settings.table)
        columns = {each["name"]: each for each in inspector.get_columns(name, schema)}
        unique = _unique(inspector, name, schema)
    _check(declared, columns, unique)
    declared.demand()
    kept = {each: told for each, told in columns.items() if not isinstance(told["type"], _BYTES)}
    fields = _fields(settings, kept, unique)
    by_name = {each.name: each for each in fields.values()}
    return SqlTable(
        object_,
        table(name, *map(column, kept), schema=schema),
        fields,
        by_name[settings.id],
        settings.key,
        by_name.get(settings.modified),
        by_name.get(settings.created),
        {to: by_name[tie.column] for to, tie in settings.ties.items()},
        tuple(sorted(set(columns) - set(kept))),
    )


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """A column as the database has it: whether it keeps it unique, and by which named indexes."""

    unique: bool
    indexes: tuple[str, ...]


def key_column(
    database: Database, object_: str, settings: TableObject, name: str
) -> KeyColumn | None:
    """One column of an object's table, None if it has none of that name. Checks no other setting."""
    declared = Declared(database.system, object_, settings)
    with database.translated(Unavailable):
        inspector = inspect(database.inspectable())
        schema, table_ = located(inspector, declared, settings.table)
        if name not in {each["name"] for each in inspector.get_columns(table_, schema)}:
            return None
        indexes = inspector.get_indexes(table_, schema)
        own = tuple(str(each["name"]) for each in indexes if each["column_names"] == [name])
        return KeyColumn(name in _unique(inspector, table_, schema), own)


def located(
    inspector: Inspector, declared: Declared, wanted: str, what: str = "table"
) -> tuple[str | None, str]:
    """Schema (None for the usual one) and name; a name with a point may say both."""
    known = {*inspector.get_table_names(), *inspector.get_view_names()}
    if wanted in known:
        return None, wanted
    schema, _, name = wanted.rpartition(".")
    if schema and schema in inspector.get_schema_names() and inspector.has_table(name, schema):
        return schema, name
    declared.complain(what, f"there is no table '{wanted}'", nearest(wanted, known))
    declared.demand()
    raise AssertionError("a problem was just added")


def _check(declared: Declared, columns: Mapping[str, Any], unique: Collection[str]) -> None:
    settings = declared.settings
    for what in ("id", "modified", "created", "key"):
        declared.column(what, getattr(settings, what), columns)
    for native, name in settings.columns.items():
        declared.column(f"columns.{native}", name, columns)
    for to, tie in settings.ties.items():
        declared.column(f"ties.{to}", tie.column, columns)
    if settings.key in columns and settings.key not in unique:
        remedy = f"CREATE UNIQUE INDEX ON {settings.table} ({settings.key}), or leave out `key:`"
        declared.complain("key", f"'{settings.key}' is not unique", remedy)
    if settings.id in columns and isinstance(columns[settings.id]["type"], _BYTES):
        declared.complain("id", f"'{settings.id}' holds bytes", "use a column of text or numbers")


def _unique(inspector: Inspector, name: str, schema: str | None) -> set[str]:
    """Columns that the database itself keeps unique."""
    groups = unique_groups(inspector, name, schema)
    return {group[0] for group in groups if len(group) == 1}


def unique_groups(inspector: Inspector, name: str, schema: str | None) -> list[list[str]]:
    """The sets of columns that the database itself keeps unique, its key first."""
    # A UNIQUE inside a column's definition is an index of SQLite's own, and no constraint it lists.
    more = {"include_auto_indexes": True} if inspector.dialect.name == "sqlite" else {}
    groups: list[Any] = [inspector.get_pk_constraint(name, schema).get("constrained_columns") or []]
    indexes = inspector.get_indexes(name, schema, **more)
    groups += [each["column_names"] for each in indexes if each["unique"] and not _is_partial(each)]
    return [group for group in groups if group and None not in group]


def _is_partial(index: Mapping[str, Any]) -> bool:
    return any(name.endswith("_where") for name in index.get("dialect_options", {}))


def _fields(
    settings: TableObject, columns: Mapping[str, Any], unique: Collection[str]
) -> dict[str, SqlColumn]:
    """Columns by native name: those declared, and all others under their own."""
    renamed = set(settings.columns.values())
    names = {**{name: name for name in columns if name not in renamed}, **settings.columns}
    return {
        native: SqlColumn(
            name, columns[name]["type"], _native(native, columns[name], settings, unique)
        )
        for native, name in names.items()
        if name in columns
    }


def _native(
    name: str, told: Mapping[str, Any], settings: TableObject, unique: Collection[str]
) -> Native:
    kind = told["type"]
    made = told["name"] == settings.id or bool(told.get("computed"))
    can_write = bool(settings.key) and not made
    is_key = told["name"] == settings.key
    return Native(
        name,
        "id" if told["name"] == settings.id else kind_of(kind),
        length=getattr(kind, "length", None),
        scale=getattr(kind, "scale", None) if kind_of(kind) == "number" else None,
        writable=can_write and not is_key,
        createable=can_write,
        unique=told["name"] in unique,
    )


def is_bytes(type_: types.TypeEngine[Any]) -> bool:
    """True for a column of bytes, which is not read."""
    return isinstance(type_, _BYTES)


def kind_of(type_: types.TypeEngine[Any]) -> str:
    """Our word for a column's type."""
    return next((word for kind, word in KINDS if isinstance(type_, kind)), "string")


def tie_fields(settings: TableObject) -> dict[str, Native]:
    """Ties as fields, which are read only: their columns can be mapped and written as such."""
    found: dict[str, Native] = {}
    for to, tie in settings.ties.items():
        kinds = {tie.label: "reference"} if tie.label else _KINDS_OF_TIES
        for last, kind in kinds.items():
            name = f"{ASSOCIATION_PREFIX}{to}.{last}"
            found[name] = Native(name, kind, writable=False, createable=False)
    return found


_KINDS_OF_TIES = {"primary": "reference", "all": "references"}
