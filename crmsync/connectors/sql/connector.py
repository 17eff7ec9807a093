"""The sql connector: tables and views of a database as the objects of a system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import pyarrow as pa
from sqlalchemy import literal, select

from crmsync.connectors.base import (
    OWNER_COLUMNS,
    STAGE_COLUMNS,
    CallMeter,
    Capabilities,
    Cells,
    SystemIdentity,
    WriteRequest,
    WriteResult,
)
from crmsync.connectors.columns import text_table
from crmsync.connectors.declared import nearest
from crmsync.connectors.files.records import Account
from crmsync.connectors.settings import invalid
from crmsync.connectors.sql import footprint
from crmsync.connectors.sql.database import Database
from crmsync.connectors.sql.links import (
    Link,
    link_batches,
    link_cells,
    link_fields,
    links_of,
    open_links,
)
from crmsync.connectors.sql.reading import find_ids, get_cells, read_batches, tie_batches
from crmsync.connectors.sql.settings import SqlSettings, TableObject, sql_settings
from crmsync.connectors.sql.tables import SqlTable, open_sql_table, tie_fields
from crmsync.connectors.sql.writing import BATCH_SIZE, write
from crmsync.core.footprint import FootprintItem
from crmsync.core.records import Schema
from crmsync.errors import AccessDenied, Unavailable


class SqlConnector:
    """One database. `notes` says what was left out of its tables."""

    def __init__(self, settings: SqlSettings) -> None:
        self.system = settings.system
        self.notes: list[str] = []
        self._settings = settings
        self._database = Database(settings.system, settings.url, writes=settings.writes)
        self._tables: dict[str, SqlTable] = {}
        self._links: dict[str, dict[str, Link]] = {}
        objects = settings.objects
        self.capabilities = Capabilities(
            batch_size=BATCH_SIZE,
            objects=tuple(objects),
            key_fields={name: _key_field(each) for name, each in objects.items() if each.key},
            associations=tuple(
                (name, to)
                for name, each in objects.items()
                for to in dict.fromkeys((*each.ties, *each.associations))
            ),
            # What is only read may be anybody's tables, as an export is: a field without a column is told.
            partial=not any(each.key for each in objects.values()),
        )

    @property
    def meter(self) -> CallMeter:
        """Statements and batches so far."""
        return self._database.meter

    def whoami(self) -> SystemIdentity:
        """The database by its dialect and name: hosts change, and a file may move."""
        with (
            self._database.reading("SELECT 1") as connection,
            self._database.translated(Unavailable),
        ):
            connection.execute(select(literal(1)))
        zone = self._settings.zone
        name = self._database.name
        return SystemIdentity(
            self.system, f"sql:{name}", name, timezone=zone.key if zone else "UTC"
        )

    def clock_skew_s(self) -> float:
        """0: times of rows are those of whoever wrote them, not of the database."""
        return 0.0

    def schema(self, object_: str) -> Schema:
        """Every column but those of bytes, and ties; writable where the object has a key column."""
        table = self._table(object_)
        fields = {name: each.native for name, each in table.fields.items()}
        fields |= tie_fields(self._settings.objects[object_])
        for link in self._links[object_].values():
            fields |= link_fields(link)
        return Schema(self.system, object_, MappingProxyType(dict(sorted(fields.items()))))

    def read(self, object_: str, fields: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Every row, 1,000 a batch, in one statement."""
        table, account = self._table(object_), Account()
        known = self._known(table, fields)
        yield from read_batches(self._database, table, known, self._settings.zone, account)
        self._say(account.notes(table.clause.name))

    def associations(self, from_object: str, to_object: str) -> Iterator[pa.RecordBatch]:
        """Every tie that a column names, or that is a row of a table between the two."""
        table, settings = self._table(from_object), self._settings.objects[from_object]
        if to_object in settings.ties:
            yield from tie_batches(self._database, table, settings, to_object, self._settings.zone)
        link = self._links[from_object].get(to_object)
        if link is not None:
            yield from link_batches(self._database, from_object, link, self._settings.zone)

    def owners(self) -> pa.Table:
        """Nobody: a database does not say which of its tables lists them."""
        return text_table(OWNER_COLUMNS, [])

    def stages(self) -> pa.Table:
        """None: a database does not say which of its tables lists them."""
        return text_table(STAGE_COLUMNS, [])

    def get(self, object_: str, ids: Sequence[str], fields: Sequence[str]) -> dict[str, Cells]:
        """Rows by their id."""
        table = self._table(object_)
        known = self._known(table, fields)
        found = get_cells(self._database, table, ids, known, self._settings.zone)
        for name, link in links_of(fields, self._links[object_]).items():
            cells = link_cells(self._database, link, name, list(found), self._settings.zone)
            for one in found:
                found[one][name] = cells.get(one)
        return found

    def find(self, object_: str, keys: Sequence[str]) -> dict[str, str]:
        """Ids by our key; nothing where the object has no key column."""
        table = self._table(object_)
        return find_ids(self._database, table, keys, self._settings.zone) if table.key else {}

    def write(self, object_: str, requests: Sequence[WriteRequest]) -> list[WriteResult]:
        """One result a request, all of them in one transaction."""
        if not self._settings.writes:
            raise AccessDenied("this connection was opened for reading", where=self.system)
        if not requests:
            return []
        table = self._table(object_)
        if not table.key:
            remedy = f"Add a unique column for it and name it: `key:` of {object_}."
            raise AccessDenied(
                f"{object_} has no key column, so it is only read", where=self.system, remedy=remedy
            )
        links = self._links[object_]
        return write(self._database, table, links, self._settings.zone, requests)

    def footprint(self, objects: Sequence[str]) -> list[FootprintItem]:
        """The key column of each object, with the statement that a person may run."""
        known = self._settings.objects
        return [footprint.look(self._database, name, known[name]) for name in objects]

    def close(self) -> None:
        """Gives back the connections."""
        self._database.close()

    def _known(self, table: SqlTable, fields: Sequence[str]) -> list[str]:
        return [name for name in dict.fromkeys(fields) if name in table.fields]

    def _table(self, object_: str) -> SqlTable:
        if object_ not in self._tables:
            settings = self._settings.objects.get(object_)
            if settings is None:
                remedy = nearest(object_, self._settings.objects)
                raise invalid(self.system, f"objects has no '{object_}'", remedy, "objects")
            table = open_sql_table(self._database, object_, settings)
            self._tables[object_] = table
            self._links[object_] = open_links(self._database, object_, settings)
            self._say(note for each in self._links[object_].values() for note in each.notes)
            self._say(f"{table.clause.name}: bytes are not read: {name}" for name in table.left_out)
            self._say(self._zoneless(table))
        return self._tables[object_]

    def _zoneless(self, table: SqlTable) -> Iterator[str]:
        """Columns of times without a zone, where none is declared."""
        if self._settings.zone is None:
            for each in table.fields.values():
                if each.native.type == "datetime" and not getattr(each.type, "timezone", False):
                    yield f"{table.clause.name}.{each.name}: times without a zone (declare `timezone:`)"

    def _say(self, notes: Iterator[str] | list[str]) -> None:
        self.notes += [note for note in notes if note not in self.notes]


def _key_field(settings: TableObject) -> str:
    """The native name of the key column."""
    renamed = {name: native for native, name in settings.columns.items()}
    return renamed.get(settings.key, settings.key)


def open_connector(
    system: str, settings: Mapping[str, Any], *, now: datetime, writes: bool
) -> SqlConnector:
    """A connector for one database: `url` (and `url_write`), `objects`, `timezone`. Asks nothing yet."""
    return SqlConnector(sql_settings(system, settings, writes=writes))
