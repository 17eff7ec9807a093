"""Writes: one transaction a batch, one savepoint a record, so that a refusal touches no neighbour.

A create looks its key up first and inserts after; the unique column of the key refuses a second one that
came in between, and then the record of the first is taken. Nothing is kept before the commit: only a
lost answer to the commit itself leaves a batch unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from crmsync.connectors.base import ASSOCIATION_PREFIX, WriteRequest, WriteResult
from crmsync.connectors.batches import result, write_batch
from crmsync.connectors.sql.database import Database
from crmsync.connectors.sql.links import Delta, Link, delta_of, write_delta
from crmsync.connectors.sql.reading import key_column
from crmsync.connectors.sql.tables import SqlTable
from crmsync.connectors.sql.values import Unfit, cell_text, stored
from crmsync.errors import AnswerBroken, Refused, Unavailable

BATCH_SIZE = 500


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a batch goes."""

    database: Database
    table: SqlTable
    links: Mapping[str, Link]
    zone: ZoneInfo | None


@dataclass(frozen=True, slots=True)
class _Batch:
    """What the writes of one batch share."""

    database: Database
    table: SqlTable
    links: Mapping[str, Link]
    zone: ZoneInfo | None
    connection: Connection

    def value(self, name: str, text: str | None) -> Any:
        """The value to store in a field; Unfit if it cannot be held or the field is not written."""
        column = self.table.fields.get(name)
        if column is None or not (column.native.createable or column.native.writable):
            raise Unfit(f"'{name}' cannot be written")
        return stored(text, column, self.zone, self.database.dialect)


def write(
    database: Database,
    table: SqlTable,
    links: Mapping[str, Link],
    zone: ZoneInfo | None,
    requests: Sequence[WriteRequest],
) -> list[WriteResult]:
    """One result a request, in order. Unavailable only if nothing was kept."""

    def send(part: Sequence[WriteRequest]) -> list[WriteResult]:
        return _send(_Target(database, table, links, zone), part)

    return write_batch(requests, send, lambda request, no: result(request, "refused", no.message))


def _send(target: _Target, requests: Sequence[WriteRequest]) -> list[WriteResult]:
    database = target.database
    with database.writing(f"WRITE {target.table.object}") as connection:
        batch = _Batch(database, target.table, target.links, target.zone, connection)
        with database.translated(Unavailable):
            transaction = connection.begin()
            results = [_write_one(batch, request) for request in requests]
        try:
            transaction.commit()
        except IntegrityError as error:  # a constraint that waits for the commit: nothing was kept
            raise Refused(database.said(error), where=database.system) from None
        except SQLAlchemyError as error:
            raise AnswerBroken(database.said(error), where=database.system) from None
        return results


def _write_one(batch: _Batch, request: WriteRequest) -> WriteResult:
    """The result of one request; its savepoint is taken back unless it was written."""
    values: dict[str, Any] = {}
    deltas: list[Delta] = []
    unfit: dict[str, str] = {}
    for name, text in request.cells.items():
        try:
            if name.startswith(ASSOCIATION_PREFIX):
                deltas.append(delta_of(batch.links, name, text))
            else:
                values[_column(batch, name)] = batch.value(name, text)
        except Unfit as error:
            unfit[name] = str(error)
    if unfit:
        return result(request, "refused", "; ".join(unfit.values()), tuple(unfit))
    return _kept(batch, request, values, deltas)


def _kept(
    batch: _Batch, request: WriteRequest, values: Mapping[str, Any], deltas: Sequence[Delta]
) -> WriteResult:
    """The result of fields and ties that can be written: all of them, or none."""
    savepoint = batch.connection.begin_nested()
    try:
        told = _ACTIONS[request.action](batch, request, values)
        if told.outcome == "written":
            for delta in deltas:
                write_delta(batch.connection, delta, told.native_id or "", batch.zone)
    except Unfit as error:
        savepoint.rollback()
        return result(request, "refused", str(error))
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        savepoint.rollback()
        return result(request, "refused", batch.database.said(error))
    (savepoint.commit if told.outcome == "written" else savepoint.rollback)()
    return told


def _column(batch: _Batch, name: str) -> str:
    return batch.table.fields[name].name if name in batch.table.fields else name


def _update(batch: _Batch, request: WriteRequest, values: Mapping[str, Any]) -> WriteResult:
    try:
        one = stored(request.native_id, batch.table.id, batch.zone, batch.database.dialect)
    except Unfit:
        return result(request, "missing")
    is_it = batch.table.id.clause == one
    if values:
        done = batch.connection.execute(update(batch.table.clause).where(is_it).values(**values))
        count = done.rowcount
    else:
        count = len(batch.connection.execute(_ids(batch).where(is_it)).all())
    if count > 1:
        return result(request, "refused", f"{count} rows have this id")
    return result(request, "written" if count else "missing")


def _create(batch: _Batch, request: WriteRequest, values: Mapping[str, Any]) -> WriteResult:
    column = key_column(batch.table)
    key = stored(request.key, column, batch.zone, batch.database.dialect)
    found = _id_of(batch, column.clause == key)
    if found is None:
        created = _inserted(batch, {column.name: key, **values})
        found = _id_of(batch, column.clause == key)
        if found is None:
            return result(request, "refused", "the row was not there after it was inserted")
        if created:
            return WriteResult(request.change_id, "written", found, created=True)
    if values:
        batch.connection.execute(
            update(batch.table.clause).where(column.clause == key).values(**values)
        )
    return WriteResult(request.change_id, "written", found)


def _inserted(batch: _Batch, values: Mapping[str, Any]) -> bool:
    """False if another one was faster with the same key; raises for any other refusal."""
    savepoint = batch.connection.begin_nested()
    try:
        batch.connection.execute(insert(batch.table.clause).values(**values))
    except IntegrityError:
        savepoint.rollback()
        column = key_column(batch.table)
        if _id_of(batch, column.clause == values[column.name]) is None:
            raise
        return False
    savepoint.commit()
    return True


def _ids(batch: _Batch) -> Any:
    return select(batch.table.id.clause).select_from(batch.table.clause)


def _id_of(batch: _Batch, condition: Any) -> str | None:
    row = batch.connection.execute(_ids(batch).where(condition)).first()
    return None if row is None else cell_text(row[0], batch.table.id, batch.zone)


_ACTIONS: Mapping[str, Callable[[_Batch, WriteRequest, Mapping[str, Any]], WriteResult]] = {
    "create": _create,
    "update": _update,
}
