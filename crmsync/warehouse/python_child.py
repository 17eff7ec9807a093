"""The process of one audit in Python: loads its function, lets it look at the face, and answers with what it found."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib.metadata import EntryPoint
from pathlib import Path
from traceback import extract_tb
from typing import Any

from crmsync.core.auditing import AS_OF, Param
from crmsync.core.python_audits import ENTRY_POINTS, PythonAudit
from crmsync.warehouse.engine import open_read_only
from crmsync.warehouse.selecting import FINDING_TEXTS, NoSelect, selected

_LONGEST = 4000
_OURS = ("crmsync", "duckdb", "pyarrow")
"""What is no place to look for the mistake."""


class FaceOf:
    """The face in a file, as `core.python_audits.Face` says."""

    def __init__(self, file: Path, as_of: datetime, params: Mapping[str, Param]) -> None:
        self.as_of = as_of
        self.params = params
        self._db = open_read_only(file)

    def query(self, sql: str, **values: Any) -> Any:
        """The rows of one SELECT as a pyarrow.Table."""
        import pyarrow as pa

        reader = selected(self._db.cursor(), sql, self._given(values))
        return pa.Table.from_batches(list(reader), schema=reader.schema)

    def rows(self, sql: str, **values: Any) -> Iterator[dict[str, Any]]:
        """The rows of one SELECT as dicts, read as they are asked for."""
        for batch in selected(self._db.cursor(), sql, self._given(values)):
            yield from batch.to_pylist()

    def _given(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {**self.params, AS_OF: self.as_of, **values}


def main() -> None:
    """Reads the request, runs the function, writes the answer."""
    # The pipe is ours alone: what the function prints must not stand in the answer.
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with pipe:
        json.dump(answer(json.load(sys.stdin)), pipe)


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """What the function finds; where it goes wrong, the kind of error and its line, nothing of what records hold."""
    try:
        kept, beyond = _found(request)
    except (Exception, SystemExit) as error:  # noqa: BLE001  (code of others: told to the author, who has the line)
        return {"rows": [], "beyond": 0, "failed": _said(error)}
    return {"rows": kept, "beyond": beyond, "failed": ""}


def _found(request: Mapping[str, Any]) -> tuple[list[dict[str, Any]], int]:
    declared = EntryPoint("audit", request["python"], ENTRY_POINTS).load()
    if not isinstance(declared, PythonAudit):
        raise TypeError("no audit")
    as_of = datetime.fromisoformat(request["as_of"])
    face = FaceOf(Path(request["file"]), as_of, request["params"])
    kept: list[dict[str, Any]] = []
    beyond = 0
    for row in declared.find(face):
        if len(kept) < request["most"]:
            kept.append(_plain(row))
        else:
            beyond += 1
    return kept, beyond


class Unfit(ValueError):
    """A row that is no finding; its text is ours and names no value."""


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """The finding as texts and an amount; Unfit for a row that is none."""
    if not isinstance(row, Mapping):
        raise Unfit(f"a finding is a dict of columns, and no {type(row).__name__}")
    if row.get("id") is None and row.get("key") is None:
        raise Unfit("a row has neither (system, object, id) nor key")
    found: dict[str, Any] = {
        name: str(row[name])[:_LONGEST] for name in FINDING_TEXTS if row.get(name) is not None
    }
    if row.get("amount") is not None:
        found["amount"] = float(row["amount"])
    return found


def _said(error: BaseException) -> str:
    if isinstance(error, Unfit | NoSelect):
        return str(error)
    homes = [Path(sys.modules[name].__file__ or "").parent for name in _OURS if name in sys.modules]
    steps = [
        each
        for each in extract_tb(error.__traceback__)
        if not any(Path(each.filename).is_relative_to(home) for home in homes)
    ]
    at = f" at {Path(steps[-1].filename).name}:{steps[-1].lineno}" if steps else ""
    query = f": {_first(error)}" if type(error).__module__.partition(".")[0] == "_duckdb" else ""
    return f"{type(error).__name__}{at}{query}"


def _first(error: BaseException) -> str:
    """What the database says of a query, as it says it of one in a file."""
    return " ".join(str(error).split("\n\n")[0].split())[:200]
