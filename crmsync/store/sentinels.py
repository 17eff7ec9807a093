"""How far the sentinel of each system is known here. What that means is not decided here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from crmsync.core.sentinel import SentinelMark
from crmsync.store.bulk import put
from crmsync.store.rows import SentinelRow
from crmsync.store.tables import SENTINEL


def known(connection: Connection) -> dict[str, SentinelRow]:
    """What is known of every sentinel, by system."""
    rows = connection.execute(select(SENTINEL).order_by(SENTINEL.c.system))
    return {
        row.system: SentinelRow(row.system, row.native_id, SentinelMark(row.counter, row.run_id))
        for row in rows
    }


def keep(connection: Connection, row: SentinelRow, at: datetime) -> None:
    """Notes how far a sentinel is, in place of what was noted before."""
    kept = {
        "system": row.system,
        "native_id": row.native_id,
        "counter": row.mark.counter,
        "run_id": row.mark.run,
        "at": at,
    }
    put(connection, SENTINEL, [kept], "replace")


def forget(connection: Connection, system: str) -> None:
    """Forgets the sentinel of a system, if there is one."""
    connection.execute(delete(SENTINEL).where(SENTINEL.c.system == system))
