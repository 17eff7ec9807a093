"""`decisions/duplicates.csv` as it is written: one line a pair, sorted; whole or not at all."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path

from crmsync.config.decision_rows import plain_cell
from crmsync.config.decisions_file import COLUMNS, FILE
from crmsync.core.pair_decisions import PairDecision, newest
from crmsync.errors import CrmsyncError, StoreFailed
from crmsync.reports.as_csv import disarmed


def decisions_text(decisions: Iterable[PairDecision]) -> str:
    """The file: LF, no byte order mark, no cell that a spreadsheet runs; CrmsyncError for an id that would not last."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in newest(decisions):
        ids = [part for ref in (each.one, each.other) for part in (ref.system, ref.object, ref.id)]
        texts = [each.entity, *ids, each.same, each.by, each.on.isoformat(), each.note]
        cells = [disarmed(text.strip()) for text in texts]
        if [plain_cell(cell) for cell in cells[:7]] != texts[:7]:
            raise CrmsyncError(
                f"a file cannot keep the ids of {each.one} and {each.other}",
                remedy="Correct the ids: they hold signs that no CRM writes.",
            )
        writer.writerow(cells)
    return file.getvalue()


def write_decisions(path: Path, decisions: Iterable[PairDecision]) -> None:
    """Writes the file whole or not at all."""
    text = decisions_text(decisions)
    scratch = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(exist_ok=True)
        with os.fdopen(
            os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
        ) as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        remedy = "Free disk space, or let your user write to this folder."
        said = f"cannot write the decisions: {error.strerror}"
        raise StoreFailed(said, where=FILE, remedy=remedy) from error
