"""Access to the rows of the simulated Salesforce: indexes over them, and writes that can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from crmsync.sandbox.tables import Row, Tables

Index = dict[str, dict[str, None]]
Undo = list[tuple[str, str, Row | None]]


def _key(value: object) -> str:
    """What two values must share to be found as one: upsert keys ignore case."""
    return str(value).casefold()


class Rows:
    """Rows by object and id. A row that was saved is never changed in place: copy, then save."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._indexes: dict[str, dict[str, Index]] = {}
        self._undo: Undo | None = None

    def get(self, name: str, id_: str) -> Row | None:
        """One row, deleted or not, or None."""
        return self._tables.get(name, id_)

    def live(self, name: str, id_: str | None) -> Row | None:
        """One row that is not in the recycle bin, or None."""
        row = self._tables.get(name, id_) if id_ else None
        return None if row is None or row.get("IsDeleted") else row

    def ids(self, name: str) -> list[str]:
        """All ids of an object, oldest first."""
        return self._tables.ids(name)

    def save(self, name: str, id_: str, row: Row) -> None:
        """Inserts or replaces a row."""
        self._exchange(name, id_, row)
        self._tables.put(name, id_, row)

    def drop(self, name: str, id_: str) -> None:
        """Takes a row away as if it had never been."""
        self._exchange(name, id_, None)
        self._tables.drop(name, id_)

    def find(self, name: str, field: str, value: object) -> list[str]:
        """Ids of the rows that are not deleted and hold a value, in the order of their ids."""
        ids = self.index(name, field).get(_key(value), {})
        return sorted(id_ for id_ in ids if self.live(name, id_))

    def index(self, name: str, field: str) -> Index:
        """Ids by folded value, deleted rows included; built on first use, then kept in step."""
        of_object = self._indexes.setdefault(name, {})
        if field not in of_object:
            of_object[field] = {}
            for id_, row in self._tables.rows(name):
                _add(of_object[field], row.get(field), id_)
        return of_object[field]

    @contextmanager
    def undoing(self) -> Iterator[Undo]:
        """Notes what is written meanwhile, for `roll_back`; one inside another is noted in both."""
        outer, undo = self._undo, Undo()
        self._undo = undo
        try:
            yield undo
        finally:
            self._undo = outer
            if outer is not None:
                outer.extend(undo)

    def roll_back(self, undo: Undo) -> None:
        """Takes back the writes noted by `undoing`, the latest first."""
        for name, id_, before in reversed(undo):
            if before is None:
                self.drop(name, id_)
            else:
                self.save(name, id_, before)

    def _exchange(self, name: str, id_: str, row: Row | None) -> None:
        before = self._tables.get(name, id_)
        if self._undo is not None:
            self._undo.append((name, id_, before))
        for field, index in self._indexes.get(name, {}).items():
            if before is not None:
                index.get(_key(before.get(field)), {}).pop(id_, None)
            if row is not None:
                _add(index, row.get(field), id_)


def _add(index: Index, value: object, id_: str) -> None:
    if value is not None:
        index.setdefault(_key(value), {})[id_] = None
