"""The key column of a table: how it stands, and the statement that a person may run. crmsync alters no table."""

from __future__ import annotations

from dataclasses import replace

from crmsync.connectors.sql.database import Database
from crmsync.connectors.sql.settings import TableObject
from crmsync.connectors.sql.tables import KeyColumn, key_column
from crmsync.core.footprint import FootprintItem

COLUMN = "crmsync_key"


def look(database: Database, object_: str, settings: TableObject) -> FootprintItem:
    """How the key column of one object stands. ConfigInvalid if there is no such table."""
    name = settings.key or COLUMN
    found = key_column(database, object_, settings, name)
    item = FootprintItem(database.system, object_, name, "column", "missing")
    if found is None:
        return replace(item, reason="by_hand", by_hand=_adding(database, settings, name))
    if not found.unique:
        statement = _index(database, settings, name)
        return replace(item, state="foreign", reason="not_unique", by_hand=statement)
    if not settings.key:
        return replace(item, reason="not_named", by_hand=f"key: {name}")
    return replace(item, state="present", by_hand=_dropping(database, settings, name, found))


def _adding(database: Database, settings: TableObject, name: str) -> str:
    table, column = _quoted(database, settings.table), database.quoted(name)
    return (
        f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR(64); {_index(database, settings, name)}"
    )


def _index(database: Database, settings: TableObject, name: str) -> str:
    index = database.quoted(f"{settings.table.replace('.', '_')}_{name}")
    table, column = _quoted(database, settings.table), database.quoted(name)
    return f"CREATE UNIQUE INDEX {index} ON {table} ({column});"


def _dropping(database: Database, settings: TableObject, name: str, found: KeyColumn) -> str:
    """SQLite drops no column that an index still needs; PostgreSQL drops the index along with it."""
    indexes = [database.quoted(each) for each in found.indexes]
    first = "".join(f"DROP INDEX {each}; " for each in indexes if database.dialect == "sqlite")
    table, column = _quoted(database, settings.table), database.quoted(name)
    return f"{first}ALTER TABLE {table} DROP COLUMN {column};"


def _quoted(database: Database, table: str) -> str:
    return ".".join(database.quoted(part) for part in table.split("."))
