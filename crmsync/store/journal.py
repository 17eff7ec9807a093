"""What became of every change of a run's plan, and of the sentinels that the run moved.

    PLANNED -> INTENT -> SENT -> ACKED -> VERIFIED | REWRITTEN | IGNORED
    or FAILED, AMBIGUOUS, DROPPED, BLOCKED

INTENT is on the disk before a request leaves. Must not know: what a state means for the next step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select, update

from crmsync.core.planning import Change, line_bytes
from crmsync.core.sentinel import ACTION as SENTINEL_ACTION
from crmsync.errors import StoreFailed
from crmsync.store.bulk import by_bytes, chunks, put
from crmsync.store.rows import OPEN_STATES, Cells, Op, State
from crmsync.store.tables import JOURNAL, RUN
from crmsync.store.texts import as_json, from_json, printable

_WRITTEN = 5_000


def plan(connection: Connection, run_id: str, changes: Iterable[Change], at: datetime) -> None:
    """Notes changes as PLANNED, in the order given. StoreFailed if one is noted already."""
    highest = select(func.max(JOURNAL.c.seq)).where(JOURNAL.c.run_id == run_id)
    first = (connection.scalar(highest) or 0) + 1
    for part in chunks(enumerate(changes, first), _WRITTEN):
        put(connection, JOURNAL, [_row(run_id, seq, change, at) for seq, change in part])


def _row(run_id: str, seq: int, change: Change, at: datetime) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "op_id": change.id,
        "seq": seq,
        # Not the plan's own bytes: they may hold what no database keeps.
        "change": as_json(from_json(line_bytes(change).decode("utf-8", "surrogatepass"))),
        "entity": change.entity,
        "key": change.key,
        "system": change.system,
        "object": change.object,
        "action": change.action,
        "native_id": change.native_id,
        "state": "PLANNED",
        "pre_image": None,
        "held": None,
        "message": "",
        "at": at,
    }


_KEPT = ("native_id", "pre_image", "held", "message")
_SET_STATE = (
    update(JOURNAL)
    .where(JOURNAL.c.run_id == bindparam("of_run"), JOURNAL.c.op_id == bindparam("of_op"))
    .values(
        state=bindparam("new_state"),
        at=bindparam("new_at", type_=JOURNAL.c.at.type),
        **{
            name: func.coalesce(
                bindparam(f"new_{name}", type_=JOURNAL.c[name].type), JOURNAL.c[name]
            )
            for name in _KEPT
        },
    )
)


def set_state(
    connection: Connection,
    run_id: str,
    op_ids: Collection[str],
    state: State,
    at: datetime,
    *,
    native_ids: Mapping[str, str] | None = None,
    pre_images: Mapping[str, Cells] | None = None,
    held: Mapping[str, Cells] | None = None,
    messages: Mapping[str, str] | None = None,
) -> None:
    """Moves ops to a state, with what was learnt about them by op id; the rest stays as noted.

    StoreFailed if the run has no such op.
    """
    if not op_ids:
        return
    rows = [
        {
            "of_run": run_id,
            "of_op": op_id,
            "new_state": state,
            "new_at": at,
            "new_native_id": (native_ids or {}).get(op_id),
            "new_pre_image": _json(pre_images, op_id),
            "new_held": _json(held, op_id),
            "new_message": _message(messages, op_id),
        }
        for op_id in sorted(set(op_ids))
    ]
    if connection.execute(_SET_STATE, rows).rowcount != len(rows):
        raise StoreFailed(
            f"the journal of run {run_id} lacks an operation that is to become {state}",
            remedy="Make a new plan; this one was never noted.",
        )


def _json(cells: Mapping[str, Cells] | None, op_id: str) -> str | None:
    return as_json(dict(cells[op_id])) if cells and op_id in cells else None


def _message(messages: Mapping[str, str] | None, op_id: str) -> str | None:
    return printable(messages[op_id]) if messages and op_id in messages else None


def of_run(connection: Connection, run_id: str, states: Sequence[State] | None = None) -> list[Op]:
    """The ops of a run in the order of its plan, all or those in some states."""
    query = select(JOURNAL).where(JOURNAL.c.run_id == run_id).order_by(JOURNAL.c.seq)
    return _ops(connection, query if states is None else query.where(JOURNAL.c.state.in_(states)))


def told_of(connection: Connection, run_id: str) -> list[Op]:
    """The ops of a run of which something is said, in the order of its plan."""
    query = select(JOURNAL).where(JOURNAL.c.run_id == run_id, JOURNAL.c.message != "")
    return _ops(connection, query.order_by(JOURNAL.c.seq))


def open_ops(connection: Connection) -> list[Op]:
    """Ops of any run whose end is not known, oldest run first, in the order of its plan."""
    order = (RUN.c.started_at, by_bytes(connection, RUN.c.id), JOURNAL.c.seq)
    query = select(JOURNAL).join(RUN, RUN.c.id == JOURNAL.c.run_id).order_by(*order)
    return _ops(connection, query.where(JOURNAL.c.state.in_(OPEN_STATES)))


def written_since(connection: Connection, entity: str, key: str, system: str, run: str) -> list[Op]:
    """What runs after this one wrote to a customer's record in a system, oldest first."""
    query = (
        select(JOURNAL)
        .where(
            JOURNAL.c.entity == entity,
            JOURNAL.c.key == key,
            JOURNAL.c.system == system,
            JOURNAL.c.run_id > run,
            JOURNAL.c.state.in_(("ACKED", "VERIFIED", "REWRITTEN")),
            JOURNAL.c.action != SENTINEL_ACTION,
        )
        .order_by(JOURNAL.c.at, JOURNAL.c.seq)
    )
    return _ops(connection, query)


def _ops(connection: Connection, query: Select[Any]) -> list[Op]:
    return [_op(row) for row in connection.execute(query)]


def _op(row: Row[Any]) -> Op:
    values = dict(row._mapping)
    values["id"] = values.pop("op_id")
    values["pre_image"] = from_json(values["pre_image"])
    values["held"] = from_json(values["held"])
    return Op(**values)


def counts(connection: Connection, run_id: str) -> dict[State, int]:
    """How many changes of a run are in each state that has any, by name; a sentinel is no change."""
    query = (
        select(JOURNAL.c.state, func.count())
        .where(JOURNAL.c.run_id == run_id, JOURNAL.c.action != SENTINEL_ACTION)
        .group_by(JOURNAL.c.state)
    )
    return dict(sorted((row[0], row[1]) for row in connection.execute(query)))
