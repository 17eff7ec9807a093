"""A quiet night and an ordinary one over a million linked people, the pull left out.

Fields, schemas and users come from a small pull of the simulated CRMs; the crowd is put in the place of its
records, linked and settled (benchmarks/settling.py), none of which is measured.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import Cost, Failed, Ran
from benchmarks.story import Tell, Verb
from benchmarks.workplace import Size, Workplace, furnish, serving

_PULLED = Size(200)


@dataclass(frozen=True, slots=True)
class Million:
    """How many people were linked, the yardstick, and each step with what it did."""

    people: int
    bare: Cost
    steps: tuple[Verb, ...]


def tell_million(folder: Path, people: int, say: Tell) -> Million:
    """All steps, each in a process of its own. Failed if a quiet night is not quiet, or a change is not seen."""
    place = _settled(folder, people)
    say(f"{people:,} people are linked and settled")
    bare = place.module("benchmarks.columns", str(folder), "bare").cost
    steps = []
    for name, step in _STEPS.items():
        steps.append(verb := step(place, people, name))
        say(f"{name}: {verb.cost.wall_s:.1f} s, {verb.cost.peak_mib:.0f} MiB; {verb.did}")
    return Million(people, bare, tuple(steps))


def _settled(folder: Path, people: int) -> Workplace:
    """A workspace of people and companies; deals and audits are left out."""
    with serving(_PULLED) as access:
        place = furnish(folder, access)
        place.crmsync("pull", "--json")
    (folder / "mappings" / "deal.yml").unlink()
    shutil.rmtree(folder / "audits")
    place.module("benchmarks.settling", str(folder), str(people))
    return place


def _columns(place: Workplace, _people: int, name: str) -> Verb:
    ran = place.module("benchmarks.columns", str(place.folder))
    found = json.loads(ran.out)
    return Verb(name, ran.cost, ", ".join(f"{n:,} {entity} records" for entity, n in found.items()))


def _quiet(place: Workplace, _people: int, name: str) -> Verb:
    ran = place.crmsync("plan", "--no-pull", "--json")
    header = json.loads(ran.out)
    if not header["quiet"] or header["counts"]["conflicts"]:
        raise Failed(f"the quiet night is not quiet: {header['counts']}")
    return Verb(name, ran.cost, "nothing changed, nothing planned")


def _changed(place: Workplace, people: int, name: str) -> Verb:
    place.module("benchmarks.settling", str(place.folder), str(people), "later")
    ran: Ran = place.crmsync("plan", "--no-pull", "--json")
    counts = json.loads(ran.out)["counts"]
    updates = sum(n for kind, n in counts.items() if kind.startswith("updates."))
    if updates != people // 100:
        raise Failed(f"{people // 100} people were changed, the plan has {counts}")
    return Verb(name, ran.cost, f"{updates:,} people changed, as many updates planned")


def _view(place: Workplace, people: int, name: str) -> Verb:
    """All people with what both systems hold of them, into one file."""
    file = place.folder / "people.parquet"
    ran = place.crmsync("view", "export", "--entity", "contact", "--unmask", "-o", str(file))
    rows = _rows(file)
    if rows != people:
        raise Failed(f"{people} people are there, {rows} were exported")
    return Verb(name, ran.cost, f"{rows:,} people, {file.stat().st_size >> 20} MiB of Parquet")


def _rows(file: Path) -> int:
    from pyarrow import parquet

    return int(parquet.read_metadata(file).num_rows)


_STEPS: dict[str, Callable[[Workplace, int, str], Verb]] = {
    "columns alone": _columns,
    "plan of a quiet night": _quiet,
    "view of all people, exported": _view,
    "plan, 1 % changed": _changed,
}

if __name__ == "__main__":
    print(tell_million(Path(sys.argv[1]), int(sys.argv[2]), print))
