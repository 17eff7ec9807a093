"""A first day and a quiet night, verb by verb, each measured in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.measuring import Cost, Failed, Ran
from benchmarks.workplace import Workplace

SYSTEMS = ("hubspot", "salesforce")
_HELPS = 10
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Pull:
    """One system read by crmsync and by the bare loop: records of its objects, and both costs.

    `waited_s` are seconds that crmsync kept a limit of the real system which the simulated one does not set.
    """

    system: str
    records: int
    calls: int
    cost: Cost
    bare: Cost
    bare_calls: int
    waited_s: float


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: what it cost, and how much it did, in words."""

    name: str
    cost: Cost
    did: str


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that was measured. `help_s` is the median of ten."""

    help_s: float
    pulls: tuple[Pull, ...]
    verbs: tuple[Verb, ...]

    @property
    def bare_s(self) -> float:
        """Seconds of the bare loop over both systems: the unit of all other times."""
        return sum(pull.bare.wall_s for pull in self.pulls)


def tell(place: Workplace, say: Tell) -> Story:
    """The whole way. Failed if a second plan is not empty, or if a pull missed a record."""
    helps = [place.crmsync("--help").cost.wall_s for _ in range(_HELPS)]
    pulls = [_pull(place, system, say) for system in SYSTEMS]
    verbs = []
    for name, step in _STEPS.items():
        verbs.append(verb := step(place, name))
        say(f"{name}: {verb.cost.wall_s:.1f} s, {verb.cost.peak_mib:.0f} MiB; {verb.did}")
    return Story(median(helps), tuple(pulls), tuple(verbs))


def _pull(place: Workplace, system: str, say: Tell) -> Pull:
    ran = place.crmsync("pull", "--system", system, "--json")
    told = json.loads(ran.out)
    rows = told["rows"].items()
    records = sum(number for name, number in rows if not name.startswith(f"{system}/_"))
    bare = place.bare(system)
    seen = json.loads(bare.out)
    if seen["records"] != records:
        raise Failed(f"{system}: the bare loop read {seen['records']} records, pull {records}")
    say(
        f"pull {system}: {records} records in {ran.cost.wall_s:.1f} s, bare {bare.cost.wall_s:.1f} s"
    )
    waited_s = told["waited_s"][system]
    calls = told["calls"][system]
    return Pull(system, records, calls, ran.cost, bare.cost, seen["calls"], waited_s)


def _audit(place: Workplace, name: str) -> Verb:
    ran = place.crmsync("audit", "--no-pull", "--format", "csv")
    return Verb(name, ran.cost, f"{ran.out.count(chr(10)) - 1:,} findings")


def _plan(place: Workplace, name: str) -> Verb:
    ran, header = _planned(place, "plan.jsonl")
    counts = header["counts"]
    writes = sum(n for kind, n in counts.items() if kind.startswith(("creates.", "updates.")))
    agree = sum(header["adopts"].values())
    return Verb(name, ran.cost, f"{writes:,} writes, {counts['links']:,} links, {agree:,} agree")


def _apply(place: Workplace, name: str) -> Verb:
    ran = place.crmsync("apply", "plan.jsonl", "--json")
    told = json.loads(ran.out)
    calls = sum(told["calls"].values())
    return Verb(name, ran.cost, f"{told['states'].get('VERIFIED', 0):,} verified, {calls:,} calls")


def _pull_again(place: Workplace, name: str) -> Verb:
    ran = place.crmsync("pull", "--json")
    return Verb(name, ran.cost, f"{sum(json.loads(ran.out)['calls'].values()):,} calls")


def _quiet(place: Workplace, name: str) -> Verb:
    ran, header = _planned(place, "second.jsonl")
    if not header["quiet"]:
        raise Failed(f"the second plan is not empty: {header['counts']}")
    return Verb(name, ran.cost, f"empty; {header['counts']['conflicts']:,} conflicts stay open")


def _planned(place: Workplace, file: str) -> tuple[Ran, dict[str, Any]]:
    ran = place.crmsync("plan", "--no-pull", "--json", "-o", file)
    return ran, json.loads(ran.out)


_STEPS: dict[str, Callable[[Workplace, str], Verb]] = {
    "audit": _audit,
    "first plan": _plan,
    "apply": _apply,
    "second pull, both": _pull_again,
    "second plan": _quiet,
}
