"""The rows of one simulated CRM: plain dicts in memory, written through to SQLite when asked.

Knows nothing of Salesforce or HubSpot: an object is a name, an id a string, a row a dict of JSON values.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

Row = dict[str, Any]

_SCHEMA = """CREATE TABLE IF NOT EXISTS row (
    system TEXT NOT NULL, object TEXT NOT NULL, id TEXT NOT NULL, json BLOB NOT NULL,
    PRIMARY KEY (system, object, id)) WITHOUT ROWID"""


class Tables:
    """All rows of one system. Rows come back in the order they were first put in."""

    def __init__(self, system: str, file: Path | None = None) -> None:
        self.system = system
        self._objects: dict[str, dict[str, Row]] = {}
        self._noted: dict[tuple[str, str], Row | None] | None = None
        self._file = sqlite3.connect(file, check_same_thread=False) if file else None
        if self._file:
            self._file.execute(_SCHEMA)
            self._read_file()

    def _read_file(self) -> None:
        assert self._file is not None
        query = "SELECT object, id, json FROM row WHERE system = ? ORDER BY object, length(id), id"
        for name, id_, body in self._file.execute(query, (self.system,)):
            self._objects.setdefault(name, {})[id_] = orjson.loads(body)

    def objects(self) -> list[str]:
        """Names of the objects that hold at least one row, sorted."""
        return sorted(name for name, rows in self._objects.items() if rows)

    def rows(self, name: str) -> Iterator[tuple[str, Row]]:
        """(id, row) of one object; the rows are the live ones, so copy before changing."""
        return iter(list(self._objects.get(name, {}).items()))

    def ids(self, name: str) -> list[str]:
        """Ids of one object, oldest first."""
        return list(self._objects.get(name, ()))

    def count(self, name: str) -> int:
        """How many rows an object holds, deleted ones included if the simulator keeps them."""
        return len(self._objects.get(name, ()))

    def get(self, name: str, id_: str) -> Row | None:
        """One row, or None."""
        return self._objects.get(name, {}).get(id_)

    def put(self, name: str, id_: str, row: Row) -> None:
        """Inserts or replaces a whole row. Not durable before `commit`."""
        self._note(name, id_)
        self._objects.setdefault(name, {})[id_] = row
        if self._file:
            self._file.execute(
                "INSERT OR REPLACE INTO row VALUES (?, ?, ?, ?)",
                (self.system, name, id_, orjson.dumps(row)),
            )

    def drop(self, name: str, id_: str) -> None:
        """Removes a row; nothing happens if there is none."""
        self._note(name, id_)
        self._objects.get(name, {}).pop(id_, None)
        if self._file:
            self._file.execute(
                "DELETE FROM row WHERE system = ? AND object = ? AND id = ?",
                (self.system, name, id_),
            )

    @contextmanager
    def noting(self) -> Iterator[dict[tuple[str, str], Row | None]]:
        """What was changed while the block ran, as it was before: (object, id) -> row, None for none."""
        noted: dict[tuple[str, str], Row | None] = {}
        self._noted = noted
        try:
            yield noted
        finally:
            self._noted = None

    def _note(self, name: str, id_: str) -> None:
        if self._noted is not None:
            self._noted.setdefault((name, id_), self.get(name, id_))

    def commit(self) -> None:
        """Makes everything put so far durable; called once at the end of a request."""
        if self._file:
            self._file.commit()

    def close(self) -> None:
        """Lets go of the file; what was not committed is lost."""
        if self._file:
            self._file.close()

    def dump(self) -> dict[str, dict[str, Row]]:
        """Everything, as a value that shares nothing with the live rows."""
        copied: dict[str, dict[str, Row]] = orjson.loads(orjson.dumps(self._objects))
        return copied

    def restore(self, state: dict[str, dict[str, Row]]) -> None:
        """Replaces everything by an earlier `dump`, which shares nothing with the rows afterwards."""
        state = orjson.loads(orjson.dumps(state))
        for name in list(self._objects):
            for id_ in self.ids(name):
                self.drop(name, id_)
        for name, rows in state.items():
            for id_, row in rows.items():
                self.put(name, id_, dict(row))
        self.commit()
