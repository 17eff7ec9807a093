"""What crmsync remembers of the systems: who they are, which fields it saw, what they would not keep."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select

from crmsync.store.bulk import put
from crmsync.store.rows import RefusedRow
from crmsync.store.tables import IDENTITY, REFUSED, SEEN_FIELD
from crmsync.store.texts import as_json, from_json, printable


def pinned(connection: Connection, system: str) -> str | None:
    """The id of the org or portal that a system is pinned to, None if it is not."""
    query = select(IDENTITY.c.id).where(IDENTITY.c.system == system)
    found: str | None = connection.scalar(query)
    return found


def pin(connection: Connection, system: str, id_: str, at: datetime) -> None:
    """Pins a system to an org or portal, also if it was pinned to another."""
    put(connection, IDENTITY, [{"system": system, "id": id_, "at": at}], "replace")


def seen_fields(connection: Connection, system: str, object_: str) -> set[str]:
    """Native fields of an object that some read was allowed to see."""
    query = select(SEEN_FIELD.c.field).where(
        SEEN_FIELD.c.system == system, SEEN_FIELD.c.object == object_
    )
    return set(connection.scalars(query))


def see_fields(
    connection: Connection, system: str, object_: str, fields: Iterable[str], at: datetime
) -> None:
    """Notes fields as seen; those seen before keep their date."""
    rows = [
        {"system": system, "object": object_, "field": field, "at": at}
        for field in sorted(set(fields))
    ]
    put(connection, SEEN_FIELD, rows, "keep")


def refuse(connection: Connection, row: RefusedRow, reason: str, run_id: str) -> None:
    """Notes a value that a system would not keep; the latest reason stays."""
    value = as_json(row.value)
    kept = {
        "entity": row.entity,
        "key": row.key,
        "system": row.system,
        "field": row.field,
        "digest": hashlib.sha256(value.encode()).hexdigest(),
        "value": value,
        "reason": printable(reason),
        "run_id": run_id,
    }
    put(connection, REFUSED, [kept], "replace")


def refused(connection: Connection, entity: str) -> set[tuple[str, str, str, str | None]]:
    """(key, system, field, canonical text) of every value that was refused."""
    query = select(REFUSED.c.key, REFUSED.c.system, REFUSED.c.field, REFUSED.c.value)
    found = connection.execute(query.where(REFUSED.c.entity == entity))
    return {(key, system, field, from_json(value)) for key, system, field, value in found}


def forget_refused(
    connection: Connection, entity: str, key: str | None, system: str | None, field: str | None
) -> int:
    """Forgets refused values of an entity, narrowed by what is given; how many."""
    narrowed = {"entity": entity, "key": key, "system": system, "field": field}
    where = [REFUSED.c[name] == value for name, value in narrowed.items() if value is not None]
    return connection.execute(delete(REFUSED).where(*where)).rowcount
