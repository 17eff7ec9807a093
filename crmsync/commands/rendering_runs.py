"""Runs as a table, and one run record by record, as a person and as a program read them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from crmsync.commands.doubles import Doubles, double_json
from crmsync.commands.ending import double_lines
from crmsync.commands.runs import Told
from crmsync.core.planning import Change, read_line
from crmsync.core.sentinel import ACTION as SENTINEL
from crmsync.language import current, translate_said
from crmsync.reports.run_text import Written, run_text, written_text

if TYPE_CHECKING:
    from crmsync.store.rows import Op, RunRow


def runs_text(rows: Sequence[RunRow]) -> str:
    """Runs as a table."""
    from crmsync.reports.terminal import columns

    return "\n".join(columns([_row(row) for row in rows]))


def _row(row: RunRow) -> list[str]:
    from crmsync.reports.numbers import instant
    from crmsync.reports.words import STATUSES, named

    status = named(STATUSES, row.status, current())
    return [row.id, row.verb, status, instant(row.started_at, current()), row.approver or ""]


def told_text(told: Told, limit: int, *, unmask: bool = False) -> str:
    """What one run did: how it ended, at most `limit` of its records, and whose the values are it could not write."""
    from crmsync.reports.plan_lines import Voice

    voice = Voice(current(), unmask=unmask, labels=told.labels, links=told.doubles.link)
    written = [_written(op) for op in told.ops if op.action != SENTINEL]
    parts = [
        run_text("  ".join(each for each in _row(told.run) if each), written, voice.language),
        *written_text(written, voice, limit),
        "\n".join(double_lines(told.doubles, voice.language)),
    ]
    return "\n\n".join(part for part in parts if part)


def _written(op: Op) -> Written:
    change = read_line(json.loads(op.change))
    assert isinstance(change, Change)
    return Written(change, op.native_id, op.state, translate_said(op.message), op.held or {})


def ops_json(ops: Sequence[Op], doubles: Doubles) -> list[dict[str, Any]]:
    """Operations of one run as JSON values; `double` says whose a value is that was not taken."""
    return [
        asdict(op)
        | {"double": double_json(doubles.lines[op.id], doubles) if op.id in doubles.lines else None}
        for op in ops
    ]
