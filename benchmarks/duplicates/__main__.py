"""`python -m benchmarks.duplicates`: engines one after another on the same records,
and one table of what each is worth.

Each engine runs in a process of its own. s are the engine's own seconds; CPU s and MB are of the whole process, with
the start of Python. P, R and F1 are over pairs of records that share a cluster, B3 is B-cubed F1, FMR the share of
clusters with several records that hold several entities, big the largest cluster; pair P, pair R and ECE are of the
pairs that an engine scored itself, at 0.95, and over all of them.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measuring import run

KINDS = ("people", "firms", "deals", "febrl1", "febrl2", "historical")
HEAD = ("engine", "P", "R", "F1", "B3", "FMR", "big", "pair P", "pair R", "ECE", "s", "CPU s", "MB")


def main() -> None:
    """Makes the records, runs the engines, prints a table in Markdown."""
    options = _options()
    asked = Asked(options.kind, options.rows, options.seed, options.preset, options.folder)
    for line in lines(asked, options.engine or ()):
        print(line, flush=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """What records are made: of which kind, how many, by which seed, how dirty; `folder` has the public sets."""

    kind: str
    rows: int
    seed: int
    preset: str = "usual"
    folder: Path = Path()


def lines(asked: Asked, engines: Sequence[str] = ()) -> Iterator[str]:
    """What the records are, then a table in Markdown: a line for each engine, as soon as it has run."""
    with tempfile.TemporaryDirectory(prefix="crmsync-duplicates-") as place:
        folder = Path(place)
        words = (asked.kind, str(asked.rows), str(asked.seed), asked.preset, str(asked.folder))
        made, cost = _step("make", folder, *words)
        yield _told(asked, made, cost)
        yield _row(HEAD)
        yield _row(["---"] * len(HEAD))
        for name in engines or _engines(asked.kind):
            yield _row(_cells(folder, asked.kind, name))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.duplicates", description=__doc__)
    parser.add_argument("--kind", choices=KINDS, default="people", help="what records there are")
    parser.add_argument("--rows", type=int, default=10_000, help="how many records are invented")
    parser.add_argument("--seed", type=int, default=1, help="the same seed invents the same ones")
    parser.add_argument(
        "--preset", choices=("calm", "usual", "dirty"), default="usual", help="how dirty they are"
    )
    parser.add_argument(
        "--engine", action="append", help="only this one; may be given several times"
    )
    parser.add_argument(
        "--folder", type=Path, default=Path(), help="where the files of a public set lie"
    )
    return parser.parse_args()


def _engines(kind: str) -> Sequence[str]:
    """Those that run where none is asked for."""
    from benchmarks.duplicates.engines import ENGINES, SURE

    return tuple(name for name in ENGINES[kind] if name != SURE)


def _step(step: str, folder: Path, *words: str) -> tuple[dict[str, Any], Any]:
    """What a step printed, and what it cost."""
    command = [sys.executable, "-m", "benchmarks.duplicates.trial", step, str(folder), *words]
    ran = run(command, Path.cwd())
    return json.loads(ran.out.splitlines()[-1]), ran.cost


def _told(options: Asked, made: dict[str, Any], cost: Any) -> str:
    """What the records are, in one line, and which lookalikes are among them."""
    invented = options.kind in KINDS[:3]
    source = f"seed {options.seed}, {options.preset}" if invented else "a public set"
    planted = "; ".join(f"{name} {count:,}" for name, count in made["planted"].items())
    return (
        f"{options.kind}: {made['records']:,} records of {made['entities']:,} entities ({source};"
        f" {made['seconds']:.1f} s, {cost.peak_mib:.0f} MB)\n"
        + (f"planted: {planted}\n" if planted else "")
    )


def _cells(folder: Path, kind: str, name: str) -> Iterator[str]:
    found, cost = _step("find", folder, kind, name)
    said, _ = _step("judge", folder)
    yield name
    yield from (f"{said[each]:.3f}" for each in ("precision", "recall", "f1", "b_cubed"))
    yield f"{said['false_merges']:.2%}"
    yield str(said["biggest"])
    for each in ("pair_precision", "pair_recall", "calibration_error"):
        yield f"{said[each]:.3f}" if each in said else "-"
    yield from (f"{found['seconds']:.1f}", f"{cost.cpu_s:.1f}", f"{cost.peak_mib:.0f}")


def _row(cells: Iterator[str] | Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
