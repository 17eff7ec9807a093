"""All audits over a million people with deals and roles: the face, every query, and ten of the checks in pandas.

Nothing of the preparation is measured: fields and users are those of a small pull, the crowd stands in the place of its
records, linked (benchmarks/settling.py). `python -m benchmarks.auditing FOLDER` times the parts of one run and writes
them as JSON, `... FOLDER pandas` the same checks by a script as anybody would write it: both have to count alike.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.by_pandas import CHECKS, counted
from benchmarks.crowd import DEALS
from benchmarks.measuring import Cost, Failed
from benchmarks.workplace import Size, Workplace, furnish, serving

_PULLED = Size(200)
_SLOWEST = 5
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Audited:
    """What the audits of a crowd cost. `parts` are seconds by name, `queries` those of each audit.

    `ten_s` are the seconds that pandas takes for ten of the checks, reading included, and `found` what all found.
    """

    people: int
    deals: int
    command: Cost
    process: Cost
    parts: dict[str, float]
    queries: dict[str, float]
    found: int
    ten_s: float
    ten: Cost

    @property
    def query_s(self) -> float:
        """Seconds of all queries together."""
        return sum(self.queries.values())

    def rows(self) -> list[list[str]]:
        """What was measured, as rows of a table: step, seconds, CPU seconds, MiB."""
        kinds = (
            ("`crmsync audit --profile all`", self.command),
            ("the same in parts", self.process),
        )
        whole = [_row(name, cost.wall_s, cost) for name, cost in kinds]
        parts = [_row(f"- {name}", seconds) for name, seconds in self.parts.items()]
        return [
            *whole,
            *parts,
            _row(f"- all {len(self.queries)} queries", self.query_s),
            _row(f"- of these, the {len(CHECKS)} that pandas counts", self.ten_queries_s),
            _row(f"{len(CHECKS)} checks in pandas, reading included", self.ten_s, self.ten),
        ]

    @property
    def ten_queries_s(self) -> float:
        """Seconds of our queries for the checks that pandas counts."""
        return sum(self.queries[name] for name in CHECKS)

    def told(self) -> str:
        """What the table means."""
        slow = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self.slowest())
        return _TOLD.format(
            people=self.people, companies=Size(self.people).companies, deals=self.deals,
            found=self.found, slow=slow, whole=self.command.wall_s / max(self.ten_s, 0.001),
            queries=self.ten_queries_s / max(self.ten_s, 0.001),
        )  # fmt: skip

    def slowest(self) -> list[tuple[str, float]]:
        """The audits that took longest, and their seconds."""
        return sorted(self.queries.items(), key=lambda each: -each[1])[:_SLOWEST]


HEADS = ("step", "seconds", "CPU s", "peak MiB")
_TOLD = """
{people:,} people, {companies:,} companies and {deals:,} deals with their roles in each system, linked; the pull is not
measured. {found:,} findings. The slowest queries: {slow}. Goals: 6 s of queries over the face, 60 s and 2 GiB with
building it. *Columns* are what every verb makes of a read: typed, matched, canonical. *Face* is what the queries ask:
lifecycle, hand-offs, owners, fields. pandas counts ten simple checks of columns as they came, knowing both systems by
heart: the numbers have to be the same, or the benchmark fails. The whole command takes {whole:.0f} times its time, our
ten queries {queries:.1f} times.
"""


def _row(name: str, seconds: float, cost: Cost | None = None) -> list[str]:
    spent = [f"{cost.cpu_s:.1f}", f"{cost.peak_mib:.0f}"] if cost else ["", ""]
    return [name, f"{seconds:.1f}", *spent]


def tell_audits(folder: Path, people: int, say: Tell) -> Audited:
    """Prepares the crowd and measures. Failed if pandas counts anything else than the audits."""
    place = prepared(folder, people)
    say(f"{people:,} people have deals and roles")
    command = place.crmsync("audit", "--no-pull", "--profile", "all", "--format", "csv").cost
    ran = place.module("benchmarks.auditing", str(folder))
    seen = json.loads(ran.out)
    plain = place.module("benchmarks.auditing", str(folder), "pandas")
    ten = json.loads(plain.out)
    ours = {name: seen["counts"][name] for name in CHECKS}
    if ours != ten["counts"]:
        raise Failed(f"the audits count {ours}, pandas {ten['counts']}")
    made = Audited(
        people, people * DEALS[0] // DEALS[1], command, ran.cost, seen["parts"], seen["queries"],
        sum(seen["counts"].values()), ten["seconds"], plain.cost,
    )  # fmt: skip
    say(f"audits: {command.wall_s:.1f} s, {command.peak_mib:.0f} MiB; queries {made.query_s:.1f} s")
    return made


def prepared(folder: Path, people: int) -> Workplace:
    """A workspace with the reference mappings and audits over a crowd with deals."""
    with serving(_PULLED) as access:
        place = furnish(folder, access)
        place.crmsync("pull", "--json")
    place.module("benchmarks.settling", str(folder), str(people), "deals")
    return place


def measured(folder: Path) -> dict[str, Any]:
    """Seconds of the parts of one run over all audits, and what each audit counted."""
    from crmsync.commands.columns import open_columns
    from crmsync.commands.workspace import open_workspace
    from crmsync.warehouse.audit_db import as_of, build_face
    from crmsync.warehouse.audit_run import run_audits

    workspace = open_workspace(folder)
    parts: dict[str, float] = {}
    began = time.perf_counter()
    with workspace.store() as store, open_columns(workspace, store, compared=False) as columns:
        parts["columns"] = time.perf_counter() - began
        file = folder / "face.duckdb"
        have = build_face(columns, file, zone=workspace.project.timezone)
        parts["face"] = time.perf_counter() - began - parts["columns"]
        instant = as_of(columns)
        counts, queries = {}, {}
        for audit in workspace.audits:
            began = time.perf_counter()
            (result,) = run_audits(file, [audit], have, instant)
            queries[audit.id] = time.perf_counter() - began
            counts[audit.id] = result.count
    return {"parts": parts, "queries": queries, "counts": counts}


def main(folder: str, what: str = "") -> None:
    """Writes what was measured as JSON."""
    print(json.dumps(counted(Path(folder)) if what == "pandas" else measured(Path(folder))))


if __name__ == "__main__":
    main(*sys.argv[1:3])
