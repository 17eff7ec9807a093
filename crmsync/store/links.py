"""Which record belongs to which key. A key may have many records; a record keeps its key, unless a merge in
every system made two customers one.

A record that was merged away keeps its row, as history; whoever asks who belongs together does not see it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, exists, func, select, update

from crmsync.core.marks import id_mark
from crmsync.core.records import Ref
from crmsync.errors import StoreFailed
from crmsync.store.bulk import batches, by_bytes, chunks, put
from crmsync.store.rows import KeptLink, LinkRow
from crmsync.store.tables import ALIAS, LINK, RUN

_WRITTEN = 5_000
SCHEMA = pa.schema([(name, pa.string()) for name in ("key", "system", "object", "native_id")])


def save(connection: Connection, rows: Iterable[LinkRow], run_id: str, at: datetime) -> None:
    """Keeps links; one that is there already stays as it was.

    StoreFailed if a record has another key, here or in the store.
    """
    for chunk in chunks(rows, _WRITTEN):
        fresh = _by_ref(chunk)
        written = put(
            connection,
            LINK,
            [
                {
                    "system": ref.system,
                    "object": ref.object,
                    "native_id": ref.id,
                    "entity": row.entity,
                    "key": row.key,
                    "how": row.how,
                    "run_id": run_id,
                    "at": at,
                }
                for ref, row in fresh.items()
            ],
            "keep",
        )
        if written < len(fresh):
            _check_same(connection, fresh)


def join(
    connection: Connection, rows: Iterable[LinkRow], run_id: str, at: datetime
) -> frozenset[Ref]:
    """Gives records another key; those that had not got it yet."""
    changed = set()
    for row in rows:
        ref = row.ref
        here = (
            LINK.c.system == ref.system,
            LINK.c.object == ref.object,
            LINK.c.native_id == ref.id,
            LINK.c.entity == row.entity,
            LINK.c.key != row.key,
        )
        given = {"key": row.key, "how": row.how, "run_id": run_id, "at": at}
        if connection.execute(update(LINK).where(*here).values(given)).rowcount:
            changed.add(ref)
    return frozenset(changed)


def _by_ref(rows: Iterable[LinkRow]) -> dict[Ref, LinkRow]:
    found: dict[Ref, LinkRow] = {}
    for row in rows:
        first = found.setdefault(row.ref, row)
        _check_pair(row.ref, (first.entity, first.key), row)
    return found


def _check_same(connection: Connection, fresh: dict[Ref, LinkRow]) -> None:
    ids: dict[tuple[str, str], list[str]] = defaultdict(list)
    for ref in fresh:
        ids[ref.system, ref.object].append(ref.id)
    query = select(LINK.c.native_id, LINK.c.entity, LINK.c.key)
    for (system, object_), native_ids in ids.items():
        for chunk in chunks(native_ids):
            here = (LINK.c.system == system, LINK.c.object == object_, LINK.c.native_id.in_(chunk))
            for native_id, entity, key in connection.execute(query.where(*here)):
                ref = Ref(system, object_, native_id)
                _check_pair(ref, (entity, key), fresh[ref])


def _check_pair(ref: Ref, held: tuple[str, str], row: LinkRow) -> None:
    if held != (row.entity, row.key):
        raise StoreFailed(
            f"it belongs to {held[0]} {held[1]} and cannot be linked to {row.entity} {row.key}",
            remedy="Make a new plan; if two customers are one, merge them in their system.",
            where=str(ref),
        )


def read(connection: Connection, entity: str) -> pa.Table:
    """Every link of an entity as columns of SCHEMA, in no order."""
    query = select(LINK.c.key, LINK.c.system, LINK.c.object, LINK.c.native_id)
    found = batches(connection, query.where(LINK.c.entity == entity, _stands()))
    return pa.Table.from_batches(found, SCHEMA)


def of_keys(connection: Connection, entity: str, keys: Sequence[str]) -> dict[str, list[Ref]]:
    """The records of each key that has any, sorted."""
    found: dict[str, list[Ref]] = defaultdict(list)
    query = select(LINK.c.key, LINK.c.system, LINK.c.object, LINK.c.native_id)
    for chunk in chunks(keys):
        where = (LINK.c.entity == entity, LINK.c.key.in_(chunk), _stands())
        for key, *address in connection.execute(query.where(*where)):
            found[key].append(Ref(*address))
    return {key: sorted(found[key]) for key in sorted(found)}


def created(connection: Connection) -> dict[tuple[str, str], int]:
    """How many records we created and still know, by system and object."""
    query = select(LINK.c.system, LINK.c.object, func.count()).where(LINK.c.how == "created")
    rows = connection.execute(query.group_by(LINK.c.system, LINK.c.object))
    return {(system, object_): number for system, object_, number in rows}


def of_ref(connection: Connection, ref: Ref) -> tuple[str, str] | None:
    """Entity and key of a record, None if it is not linked."""
    query = select(LINK.c.entity, LINK.c.key).where(
        LINK.c.system == ref.system, LINK.c.object == ref.object, LINK.c.native_id == ref.id
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else (row[0], row[1])


def _stands() -> ColumnElement[bool]:
    """True for a record that was not merged into another one."""
    return ~exists().where(
        ALIAS.c.system == LINK.c.system,
        ALIAS.c.object == LINK.c.object,
        ALIAS.c.old_id == LINK.c.native_id,
    )


def keys_like(connection: Connection, entity: str, who: str, shortest: int) -> list[str]:
    """Keys that begin with a text of `shortest` signs or more, or whose record has that id, now or once.

    The 15 characters of a Salesforce id stand for all 18.
    """
    named: ColumnElement[bool] = LINK.c.native_id.in_({who, id_mark(who)})
    if len(who) >= shortest:
        named |= LINK.c.key.startswith(who.lower(), autoescape=True)
    query = select(LINK.c.key).distinct().where(LINK.c.entity == entity, named)
    return sorted(connection.execute(query).scalars())


def first_keys(connection: Connection, entity: str, limit: int) -> list[str]:
    """The first keys of an entity, in order."""
    key = by_bytes(connection, LINK.c.key)
    query = select(LINK.c.key).where(LINK.c.entity == entity, _stands()).group_by(LINK.c.key)
    return list(connection.execute(query.order_by(key).limit(limit)).scalars())


def kept(connection: Connection, entity: str, keys: Sequence[str]) -> list[KeptLink]:
    """Every record of these keys with where its link comes from, by key and record."""
    names = (LINK.c.key, LINK.c.how, LINK.c.run_id, LINK.c.at, RUN.c.approver)
    query = select(LINK.c.system, LINK.c.object, LINK.c.native_id, *names).outerjoin(
        RUN, RUN.c.id == LINK.c.run_id
    )
    found = [
        KeptLink(entity, key, Ref(system, object_, id_), how, run_id, at, approver)
        for chunk in chunks(keys)
        for system, object_, id_, key, how, run_id, at, approver in connection.execute(
            query.where(LINK.c.entity == entity, LINK.c.key.in_(chunk), _stands())
        )
    ]
    return sorted(found, key=lambda each: (each.key, each.ref))
