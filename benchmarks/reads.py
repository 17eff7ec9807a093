"""All contacts of each simulated CRM, in every way they are read, against the bare loops of the same run."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from statistics import median

from benchmarks.measuring import Cost, Failed, Ran
from benchmarks.workplace import Access, Size, Workplace, serving

_MODELS = Size(2000)
_ROUNDS = 3
_SOQL_PAGE = 2000
# A page has 500,000 cells at most, and 23 columns are asked for (crmsync/connectors/salesforce/bulk/pages.py).
_CSV_PAGE = 500_000 // 23
_LIST_PAGE, _TIES = 100, 1000  # records a call of HubSpot
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Read:
    """One way of reading: medians of its seconds and of those of the bare loop, and its largest costs.

    `least` are the calls without which it cannot be done: pages, and a job's creation, state and end.
    `alone_s` are seconds that the simulated CRM takes for a client that takes none, `passed_s` those that the limits of
    a real portal would have added.
    """

    way: str
    records: int
    calls: int
    least: int
    seconds: float
    bare_s: float
    alone_s: float
    passed_s: float
    cost: Cost

    @property
    def ratio(self) -> float:
        """Its records a second against those of the bare loop."""
        return self.bare_s / self.seconds


@dataclass(frozen=True, slots=True)
class _Way:
    """A way as `benchmarks.reading` knows it: its words, its loops, and the fewest calls for so many records.

    `loop` is what its ratio is taken against, `alone` what the CRM's own seconds are taken from.
    """

    told: str
    loop: str
    alone: str
    least: Callable[[int], int]


_WAYS: Mapping[str, Mapping[str, _Way]] = {
    "salesforce": {
        "rest": _Way("Salesforce REST", "salesforce", "salesforce", lambda n: ceil(n / _SOQL_PAGE)),
        "bulk": _Way(
            "Salesforce Bulk 2.0", "salesforce", "bulk", lambda n: 3 + ceil(n / _CSV_PAGE)
        ),
    },
    "hubspot": {
        "list": _Way("HubSpot", "list", "list", lambda n: ceil(n / _LIST_PAGE)),
        "ties": _Way(
            "HubSpot, ties to companies too",
            "ties",
            "ties",
            lambda n: ceil(n / _LIST_PAGE) + ceil(n / _TIES),
        ),
    },
}
# What each bare loop learns its fields from: the read of that way.
_LOOPS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "salesforce": (("salesforce", "salesforce", "bulk"), ("bulk", "bulk", "bulk")),
    "hubspot": (("list", "hubspot", "list"), ("ties", "hubspot", "ties")),
}


def tell_reads(records: int, say: Tell, rounds: int = _ROUNDS) -> tuple[Read, ...]:
    """Every way, each in a process of its own, the bare loops between them. Failed if a record is missing."""
    reads: list[Read] = []
    for system, ways in _WAYS.items():
        with serving(_MODELS, records, system) as access:
            done = [_round(access, system, records) for _ in range(rounds)]
        reads += [_read(way, name, done, records) for name, way in ways.items()]
    for read in reads:
        ratio = read.bare_s / read.seconds
        say(
            f"{read.way}: {read.records:,} contacts in {read.seconds:.1f} s, {ratio:.2f} of the bare loop"
        )
    return tuple(reads)


def _round(access: Access, system: str, records: int) -> dict[str, Ran]:
    there = access[system]
    ran = {}
    with tempfile.TemporaryDirectory(prefix="crmsync-bench-") as folder:
        place = Workplace(Path(folder), access)
        for way in _WAYS[system]:
            arguments = (there["url"], there["token"], way, str(Path(folder) / way))
            ran[way] = place.module("benchmarks.reading", *arguments)
        for name, loop, way in _LOOPS[system]:
            ran[f"bare {name}"] = place.module(
                "benchmarks.bare", loop, there["url"], there["token"], str(Path(folder) / way)
            )
    for name, each in ran.items():
        if json.loads(each.out)["records"] != records:
            raise Failed(f"{name} read {each.out.strip()}, there are {records} contacts")
    return ran


def _read(way: _Way, name: str, done: list[dict[str, Ran]], records: int) -> Read:
    bare = [json.loads(each[f"bare {way.loop}"].out) for each in done]
    told = [json.loads(each[name].out) for each in done]
    costs = [each[name].cost for each in done]
    return Read(
        way.told,
        records,
        max(each["calls"] for each in told),
        way.least(records),
        median(each["seconds"] for each in told),
        median(each["seconds"] for each in bare),
        _alone_s(done, f"bare {way.alone}"),
        max(each["passed_s"] for each in told),
        Cost(*(max(getattr(each, part) for each in costs) for part in Cost.__slots__)),
    )


def _alone_s(done: list[dict[str, Ran]], name: str) -> float:
    """What a loop waits for: its seconds without those of the processor."""
    waits = [json.loads(each[name].out)["seconds"] - each[name].cost.cpu_s for each in done]
    return float(max(median(waits), 0.001))


HEADS = (
    "read by", "contacts", "calls", "contacts/s", "bare loop", "sandbox alone", "ratio", "limits s", "CPU s",
    "peak MiB",
)  # fmt: skip
_GOALS = {"Salesforce REST": 0.4, "Salesforce Bulk 2.0": 1.5, "HubSpot": 0.7}
_TOLD = """
All contacts with 20 fields into Parquet by the connector alone, medians of three reads, imports left out; the
bare loop asks HubSpot for the same, and Salesforce by REST. *Calls* has the minimum in brackets. Goals: a ratio of
0.4 by REST, 1.5 in bulk, 0.7 of HubSpot. The next page is fetched while one is written, which takes a second core.
Bulk results are sent in gzip's form but not packed, as packing on loopback only takes time. *Limits s* are passed over:
so long it would wait besides for HubSpot's limit of association calls, which the simulated portal does not set and
the bare loop does not keep.
"""


def told(reads: Sequence[Read]) -> str:
    """What the table means, and which rows miss their goal."""
    return f"{_TOLD}{missed(reads)}\n"


def missed(reads: Sequence[Read]) -> str:
    """Which rows miss their goal, as a sentence: ties are read with the records, so that row has the same one."""
    goals = [(each, _GOALS[each.way.partition(",")[0]]) for each in reads]
    short = [
        f"{each.way} ({each.ratio:.2f} of {goal})" for each, goal in goals if each.ratio < goal
    ]
    return f"Below its goal in this run: {', '.join(short)}." if short else "All goals were met."


def row(read: Read) -> list[str]:
    """One line of the table."""
    return [
        read.way,
        f"{read.records:,}",
        f"{read.calls:,} ({read.least:,})",
        f"{read.records / read.seconds:,.0f}",
        f"{read.records / read.bare_s:,.0f}",
        f"{read.records / read.alone_s:,.0f}",
        f"{read.ratio:.2f}",
        f"{read.passed_s:.0f}",
        f"{read.cost.cpu_s:.1f}",
        f"{read.cost.peak_mib:.0f}",
    ]
