"""The scores of audit runs: how clean the data were, run by run."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from crmsync.store.bulk import by_bytes, put
from crmsync.store.rows import KeptScore
from crmsync.store.tables import SCORE


def save(connection: Connection, score: KeptScore) -> None:
    """Notes the score of a run. StoreFailed if there is no such run, or it has one."""
    row = {"run_id": score.run, "basis": score.basis, "at": score.at, "overall": score.overall}
    put(connection, SCORE, [row])


def latest(connection: Connection, basis: str, before: datetime, limit: int) -> list[KeptScore]:
    """The last scores of that basis before an instant, oldest first."""
    query = (
        select(SCORE)
        .where(SCORE.c.basis == basis, SCORE.c.at < before)
        .order_by(SCORE.c.at.desc(), by_bytes(connection, SCORE.c.run_id).desc())
        .limit(limit)
    )
    rows = connection.execute(query).all()
    return [KeptScore(row.run_id, row.basis, row.at, row.overall) for row in reversed(rows)]
