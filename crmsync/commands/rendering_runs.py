"""Runs as a table, and one run record by record, as a person and as a program read them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from crmsync.commands.doubles import double_json
from crmsync.commands.ending import double_lines
from crmsync.commands.runs import Told
from crmsync.core.planning import Change, canonical_json, read_line
from crmsync.core.sentinel import ACTION as SENTINEL
from crmsync.language import current, translate_said
from crmsync.reports.masking import scrub, shown_id
from crmsync.reports.run_text import Written, run_text, written_text
from crmsync.reports.values import shown_text

if TYPE_CHECKING:
    from crmsync.store.rows import Cells, Op, RunRow


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
    said = translate_said(op.message)
    return Written(change, op.native_id, op.state, said, op.held or {}, op.pre_image or {})


def ops_json(told: Told, *, unmask: bool = False) -> list[dict[str, Any]]:
    """Operations of one run as JSON values, masked unless asked as the text is.

    `double` says whose a value is that was not taken; it is always masked, for it is of somebody else.
    """
    doubles = told.doubles
    return [
        (asdict(op) if unmask else _masked(op, told.labels.get(op.key, "")))
        | {"double": double_json(doubles.lines[op.id], doubles) if op.id in doubles.lines else None}
        for op in told.ops
    ]


def _masked(op: Op, name: str) -> dict[str, Any]:
    """An operation with the values in it masked by their fields, and those and the name in what was said of it."""
    line = json.loads(op.change)
    cells = [(c["field"], c[when]) for c in line.get("cells", ()) for when in ("before", "after")]
    values = [*cells, *(op.pre_image or {}).items(), *(op.held or {}).items()]
    for cell in line.get("cells", ()):
        cell |= _masked_cells(cell["field"], before=cell["before"], after=cell["after"])
    if line.get("native_id"):
        line["native_id"] = shown_id(line["native_id"], unmask=False)
    return asdict(op) | {
        "change": canonical_json(line).decode(),
        "native_id": op.native_id and shown_id(op.native_id, unmask=False),
        "pre_image": _masked_image(op.pre_image),
        "held": _masked_image(op.held),
        "message": scrub(op.message, name, values),
    }


def _masked_image(image: Cells | None) -> dict[str, str | None] | None:
    if image is None:
        return None
    return {field: _masked_cells(field, value=text)["value"] for field, text in image.items()}


def _masked_cells(field: str, **texts: str | None) -> dict[str, str | None]:
    return {name: text and shown_text(text, field) for name, text in texts.items()}
