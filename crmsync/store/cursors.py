"""Up to where each object of a system was read. What a cursor means is the system's own affair."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from crmsync.store.bulk import put
from crmsync.store.rows import CursorRow
from crmsync.store.tables import CURSOR


def known(connection: Connection, system: str) -> dict[str, CursorRow]:
    """The cursors of a system, by object."""
    rows = connection.execute(select(CURSOR).where(CURSOR.c.system == system))
    return {
        row.object: CursorRow(row.system, row.object, row.run_id, row.cursor, row.since_full)
        for row in rows
    }


def keep(connection: Connection, row: CursorRow, at: datetime) -> None:
    """Notes a cursor in place of the one before; a blank one is forgotten, for nothing goes on from it."""
    if not row.cursor:
        here = (CURSOR.c.system == row.system, CURSOR.c.object == row.object)
        connection.execute(delete(CURSOR).where(*here))
        return
    kept = {
        "system": row.system,
        "object": row.object,
        "run_id": row.run_id,
        "cursor": row.cursor,
        "since_full": row.since_full,
        "at": at,
    }
    put(connection, CURSOR, [kept], "replace")
