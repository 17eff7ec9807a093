"""The runs: when they began, how they ended, and which one moved bases or links last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, update

from crmsync.errors import StoreFailed
from crmsync.store.bulk import by_bytes, put
from crmsync.store.rows import RESUMABLE, UNFINISHED_STATES, RunRow, Status
from crmsync.store.tables import JOURNAL, RUN
from crmsync.store.texts import as_json, from_json, printable


def start(
    connection: Connection,
    run_id: str,
    verb: str,
    at: datetime,
    *,
    plan_id: str | None = None,
    approver: str | None = None,
    note: str = "",
) -> None:
    """Notes a run as running. StoreFailed if the id is taken."""
    row = {
        "id": run_id,
        "verb": verb,
        "status": "running",
        "started_at": at,
        "finished_at": None,
        "plan_id": plan_id,
        "approver": None if approver is None else printable(approver),
        "note": printable(note),
        "counts": as_json({}),
        "calls": as_json({}),
        "exit_code": None,
        "moved": 0,
    }
    put(connection, RUN, [row])


def resume(connection: Connection, run_id: str) -> None:
    """Notes that a run goes on. StoreFailed if there is none of that id."""
    _change(connection, run_id, {"status": "running", "finished_at": None, "exit_code": None})


def finish(
    connection: Connection,
    run_id: str,
    status: Status,
    at: datetime,
    *,
    counts: Mapping[str, int],
    exit_code: int,
    calls: Mapping[str, int],
) -> None:
    """Notes how a run ended. StoreFailed if there is none of that id."""
    ended: dict[str, Any] = {
        "status": status,
        "finished_at": at,
        "counts": as_json(dict(counts)),
        "calls": as_json(dict(calls)),
        "exit_code": exit_code,
    }
    _change(connection, run_id, ended)


def mark_moved(connection: Connection, run_id: str) -> None:
    """Makes the run the last one that moved bases or links. StoreFailed if there is none of that id."""
    last = select(func.coalesce(func.max(RUN.c.moved), 0) + 1).scalar_subquery()
    _change(connection, run_id, {"moved": last})


def _change(connection: Connection, run_id: str, values: Mapping[str, Any]) -> None:
    if connection.execute(update(RUN).where(RUN.c.id == run_id).values(**values)).rowcount != 1:
        raise StoreFailed(f"there is no run {run_id}", remedy="See the list: crmsync runs")


def base_serial(connection: Connection) -> str:
    """The id of the last run that moved bases or links, empty if none did."""
    query = select(RUN.c.id).where(RUN.c.moved > 0).order_by(RUN.c.moved.desc()).limit(1)
    return connection.scalar(query) or ""


def moves(connection: Connection) -> int:
    """How often bases or links were moved, by all runs together: it grows with every time."""
    return int(connection.scalar(select(func.coalesce(func.max(RUN.c.moved), 0))) or 0)


def latest(connection: Connection, limit: int) -> list[RunRow]:
    """The latest runs, newest first."""
    order = (RUN.c.started_at.desc(), by_bytes(connection, RUN.c.id).desc())
    return _runs(connection, select(RUN).order_by(*order).limit(limit))


def of_id(connection: Connection, run_id: str) -> RunRow | None:
    """The run of that id, None if there is none."""
    found = _runs(connection, select(RUN).where(RUN.c.id == run_id))
    return found[0] if found else None


def unfinished(connection: Connection) -> list[RunRow]:
    """Runs that stopped, or may have, with ops still to do or to look after; oldest first."""
    left = select(JOURNAL.c.run_id).where(JOURNAL.c.state.in_(UNFINISHED_STATES))
    query = select(RUN).where(RUN.c.status.in_(RESUMABLE), RUN.c.id.in_(left))
    return _runs(connection, query.order_by(RUN.c.started_at, by_bytes(connection, RUN.c.id)))


def _runs(connection: Connection, query: Select[Any]) -> list[RunRow]:
    return [_run(row) for row in connection.execute(query)]


def _run(row: Row[Any]) -> RunRow:
    values = dict(row._mapping)
    del values["moved"]
    values["counts"] = from_json(values["counts"])
    values["calls"] = from_json(values["calls"])
    return RunRow(**values)
