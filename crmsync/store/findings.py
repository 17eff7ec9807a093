"""What the audits of a run objected to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from math import isfinite

from sqlalchemy import Connection, func, select

from crmsync.core.auditing import Finding
from crmsync.store.bulk import chunks, put
from crmsync.store.tables import FINDING
from crmsync.store.texts import printable

_WRITTEN = 5_000
_NAMES = tuple(each.name for each in fields(Finding))
_COLUMNS = [FINDING.c[name] for name in _NAMES]


def save(connection: Connection, run_id: str, findings: Iterable[Finding]) -> None:
    """Adds findings to those of the run, in the order given; an amount that is no number is left out.

    StoreFailed if there is no such run.
    """
    highest = select(func.max(FINDING.c.seq)).where(FINDING.c.run_id == run_id)
    first = (connection.scalar(highest) or 0) + 1
    for part in chunks(enumerate(findings, first), _WRITTEN):
        rows = [{"run_id": run_id, "seq": seq, **_row(finding)} for seq, finding in part]
        put(connection, FINDING, rows)


def _row(finding: Finding) -> dict[str, object]:
    detail = None if finding.detail is None else printable(finding.detail)
    amount = finding.amount if finding.amount is not None and isfinite(finding.amount) else None
    # Not by asdict, which copies every text: ten times as long, of what may be a million findings (2026-11).
    return {**{name: getattr(finding, name) for name in _NAMES}, "detail": detail, "amount": amount}


def of_run(connection: Connection, run_id: str, audit: str | None = None) -> list[Finding]:
    """The findings of a run, or of one of its audits, in the order in which they were saved."""
    query = select(*_COLUMNS).where(FINDING.c.run_id == run_id).order_by(FINDING.c.seq)
    if audit is not None:
        query = query.where(FINDING.c.audit == audit)
    return [Finding(*row) for row in connection.execute(query)]
