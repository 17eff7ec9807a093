"""All audits over a million contacts with deals and roles: the face, every query, and ten of the checks in pandas.

Nothing of the preparation is measured: fields and users are those of a small pull, the crowd stands in the place of its
records, linked (benchmarks/settling.py). `python -m benchmarks.auditing FOLDER` times the parts of one run and writes
them as JSON, `... FOLDER pandas` the same checks by a script as anybody would write it: both have to count alike.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.audit_words import TOLD
from benchmarks.by_pandas import CHECKS, counted
from benchmarks.crowd import DEALS
from benchmarks.looking import looked_up
from benchmarks.measuring import Cost, Failed
from benchmarks.workplace import Size, Workplace, furnish, serving

_PULLED = Size(200)
_SLOWEST = 5
Tell = Callable[[str], None]


Spent = tuple[float, float]
"""Seconds by the clock, seconds of processor."""


@dataclass(frozen=True, slots=True)
class Audited:
    """What the audits of a crowd cost. `parts` and `queries` are (seconds, CPU seconds) by name and by audit.

    `ten_s` are the seconds that pandas takes for ten of the checks, reading included, and `found` what all found.
    `load` is how many processes the machine had to do for when it began.
    """

    people: int
    deals: int
    command: Cost
    process: Cost
    load: float
    parts: dict[str, Spent]
    queries: dict[str, Spent]
    found: int
    ten_s: float
    ten: Cost
    looks: dict[str, Cost]

    @property
    def query(self) -> Spent:
        """Seconds of all queries together."""
        return _together(self.queries.values())

    def rows(self) -> list[list[str]]:
        """What was measured, as rows of a table: step, seconds, CPU seconds, MiB."""
        kinds = (
            ("`crmsync audit --profile all`", self.command),
            ("the same in parts", self.process),
        )
        whole = [_row(name, (cost.wall_s, cost.cpu_s), cost.peak_mib) for name, cost in kinds]
        return [
            *whole,
            *(_row(f"- {name}", spent) for name, spent in self.parts.items()),
            _row(f"- all {len(self.queries)} queries", self.query),
            _row(f"- of these, the {len(CHECKS)} that pandas counts", self.ten_queries),
            _row(
                f"{len(CHECKS)} checks in pandas, reading included",
                (self.ten_s, self.ten.cpu_s),
                self.ten.peak_mib,
            ),
            *(
                _row(name, (cost.wall_s, cost.cpu_s), cost.peak_mib)
                for name, cost in self.looks.items()
            ),
        ]

    @property
    def ten_queries(self) -> Spent:
        """Seconds of our queries for the checks that pandas counts."""
        return _together(self.queries[name] for name in CHECKS)

    def told(self) -> str:
        """What the table means."""
        slow = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self.slowest())
        return TOLD.format(
            people=self.people, contacts=2 * self.people, companies=2 * Size(self.people).companies,
            deals=2 * self.deals, found=self.found, slow=slow, load=self.load, cores=os.cpu_count(),
            whole=self.command.wall_s / max(self.ten_s, 0.001),
            queries=self.ten_queries[0] / max(self.ten_s, 0.001), missed=self.missed(),
        )  # fmt: skip

    def missed(self) -> str:
        """The goals, and by how much each is missed or met."""
        built = sum(wall_s for wall_s, _ in self.parts.values()) + self.query[0]
        cpu = sum(cpu_s for _, cpu_s in self.parts.values()) + self.query[1]
        return (
            f"{self.query[0]:.1f} s of queries ({self.query[1]:.1f} CPU s; goal 6 s), {built:.0f} s with building "
            f"({cpu:.0f} CPU s; goal 60 s), {self.process.peak_mib:,.0f} MiB of these and {self.command.peak_mib:,.0f} "
            "MiB of the command (goal 2,048 MiB)"
        )

    def slowest(self) -> list[tuple[str, float]]:
        """The audits that took longest, and their seconds."""
        seconds = {name: wall_s for name, (wall_s, _) in self.queries.items()}
        return sorted(seconds.items(), key=lambda each: -each[1])[:_SLOWEST]


HEADS = ("step", "seconds", "CPU s", "peak MiB")


def _together(spent: Iterable[Spent]) -> Spent:
    wall_s, cpu_s = zip(*spent, strict=True)
    return sum(wall_s), sum(cpu_s)


def _row(name: str, spent: Spent, peak_mib: float | None = None) -> list[str]:
    wall_s, cpu_s = spent
    return [name, f"{wall_s:.1f}", f"{cpu_s:.1f}", "" if peak_mib is None else f"{peak_mib:.0f}"]


def tell_audits(folder: Path, people: int, say: Tell) -> Audited:
    """Prepares the crowd and measures. Failed if pandas counts anything else than the audits."""
    place = prepared(folder, people)
    say(f"{people:,} people have deals and roles")
    load = os.getloadavg()[0]
    command = place.crmsync("audit", "--no-pull", "--profile", "all", "--format", "csv").cost
    looks = looked_up(place, say)
    ran = place.module("benchmarks.auditing", str(folder))
    seen = json.loads(ran.out)
    plain = place.module("benchmarks.auditing", str(folder), "pandas")
    ten = json.loads(plain.out)
    ours = {name: seen["counts"][name] for name in CHECKS}
    if ours != ten["counts"]:
        raise Failed(f"the audits count {ours}, pandas {ten['counts']}")
    made = Audited(
        people, people * DEALS[0] // DEALS[1], command, ran.cost, load, seen["parts"], seen["queries"],
        sum(seen["counts"].values()), ten["seconds"], plain.cost, looks,
    )  # fmt: skip
    say(
        f"audits: {command.wall_s:.1f} s, {command.peak_mib:.0f} MiB; queries {made.query[0]:.1f} s"
    )
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
    from crmsync.warehouse.audit_run import each_result

    workspace = open_workspace(folder)
    parts: dict[str, Spent] = {}
    clock = _Clock()
    with workspace.store() as store, open_columns(workspace, store, compared=False) as columns:
        parts["columns"] = clock.lap()
        file = folder / "face.duckdb"
        have = build_face(columns, file, zone=workspace.project.timezone)
        parts["face"] = clock.lap()
        counts, queries = {}, {}
        for result in each_result(file, workspace.audits, have, as_of(columns)):
            queries[result.audit.id] = clock.lap()
            counts[result.audit.id] = result.count
    return {"parts": parts, "queries": queries, "counts": counts}


class _Clock:
    """Tells what was spent since it was last asked."""

    def __init__(self) -> None:
        self._seen = (time.perf_counter(), time.process_time())

    def lap(self) -> Spent:
        """Seconds by the clock and of processor since the last lap."""
        before, self._seen = self._seen, (time.perf_counter(), time.process_time())
        return self._seen[0] - before[0], self._seen[1] - before[1]


def main(folder: str, what: str = "") -> None:
    """Writes what was measured as JSON."""
    print(json.dumps(counted(Path(folder)) if what == "pandas" else measured(Path(folder))))


if __name__ == "__main__":
    main(*sys.argv[1:3])
