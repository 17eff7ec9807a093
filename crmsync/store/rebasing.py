"""Beginning anew knowingly: bases, refused values and half-finished runs go; links, aliases and runs stay.

Links say who is who, which no time makes untrue. Without bases every pair meets as if for the first time:
what is equal is adopted, what differs follows each field's policy for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Table, delete, func, select, update

from crmsync.store.rows import UNFINISHED_STATES, Forgotten
from crmsync.store.runs import unfinished
from crmsync.store.tables import BASE, JOURNAL, REFUSED, RUN

_STOPPED = "given up: the state was rebased"


def count(connection: Connection) -> Forgotten:
    """What would be forgotten."""
    runs = len(unfinished(connection))
    return Forgotten(_rows(connection, BASE), _rows(connection, REFUSED), runs)


def _rows(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def forget(connection: Connection, at: datetime) -> Forgotten:
    """Forgets it, and what it was. No run is left to be resumed."""
    found = count(connection)
    _give_up(connection, [run.id for run in unfinished(connection)], at)
    connection.execute(delete(BASE))
    connection.execute(delete(REFUSED))
    return found


def _give_up(connection: Connection, runs: Sequence[str], at: datetime) -> None:
    left = JOURNAL.c.state.in_(UNFINISHED_STATES)
    ends = {"state": "DROPPED", "message": _STOPPED, "at": at}
    for run in runs:
        connection.execute(update(JOURNAL).where(JOURNAL.c.run_id == run, left).values(ends))
        connection.execute(
            update(RUN).where(RUN.c.id == run).values(status="failed", finished_at=at)
        )
