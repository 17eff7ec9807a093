"""`decisions/duplicates.csv` as it is written: one line a pair, sorted; whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from crmsync.commands.whole_files import write_whole
from crmsync.config.decision_rows import plain_cell
from crmsync.config.decisions_file import COLUMNS, FILE
from crmsync.core.pair_decisions import PairDecision, newest
from crmsync.errors import CrmsyncError
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
    write_whole(path, decisions_text(decisions), FILE)
