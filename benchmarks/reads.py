"""All contacts of a simulated Salesforce, read by REST and in bulk, against the bare loops of the same run."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
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
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Read:
    """One way of reading: medians of its seconds and of those of the bare loop, and its largest costs.

    `least` are the calls without which it cannot be done: pages, and a job's creation, state and end.
    `alone_s` are seconds that the simulated CRM takes for a client that takes none.
    """

    way: str
    records: int
    calls: int
    least: int
    seconds: float
    bare_s: float
    alone_s: float
    cost: Cost


def tell_reads(records: int, say: Tell, rounds: int = _ROUNDS) -> tuple[Read, ...]:
    """Both ways, each in a process of its own, the bare loops between them. Failed if a record is missing."""
    with serving(_MODELS, records) as access:
        done = [_round(access, records) for _ in range(rounds)]
    reads = (_read("REST", "rest", done, records), _read("Bulk 2.0", "bulk", done, records))
    for read in reads:
        ratio = read.bare_s / read.seconds
        say(
            f"{read.way}: {read.records:,} contacts in {read.seconds:.1f} s, {ratio:.2f} of the bare loop"
        )
    return reads


def _round(access: Access, records: int) -> dict[str, Ran]:
    there = access["salesforce"]
    ran = {}
    with tempfile.TemporaryDirectory(prefix="crmsync-bench-") as folder:
        place = Workplace(Path(folder), access)
        for way in ("rest", "bulk"):
            arguments = (there["url"], there["token"], way, str(Path(folder) / way))
            ran[way] = place.module("benchmarks.reading", *arguments)
        state = str(Path(folder) / "bulk")
        for loop in ("salesforce", "bulk"):
            ran[f"bare {loop}"] = place.module(
                "benchmarks.bare", loop, there["url"], there["token"], state
            )
    for name, each in ran.items():
        if json.loads(each.out)["records"] != records:
            raise Failed(f"{name} read {each.out.strip()}, there are {records} contacts")
    return ran


def _read(way: str, name: str, done: list[dict[str, Ran]], records: int) -> Read:
    bare = [json.loads(each["bare salesforce"].out) for each in done]
    told = [json.loads(each[name].out) for each in done]
    alone = _alone_s(done, "bare salesforce" if name == "rest" else "bare bulk")
    least = ceil(records / _SOQL_PAGE) if name == "rest" else 3 + ceil(records / _CSV_PAGE)
    costs = [each[name].cost for each in done]
    return Read(
        way,
        records,
        max(each["calls"] for each in told),
        least,
        median(each["seconds"] for each in told),
        median(each["seconds"] for each in bare),
        alone,
        Cost(*(max(getattr(each, part) for each in costs) for part in Cost.__slots__)),
    )


def _alone_s(done: list[dict[str, Ran]], name: str) -> float:
    """What a loop waits for: its seconds without those of the processor."""
    waits = [json.loads(each[name].out)["seconds"] - each[name].cost.cpu_s for each in done]
    return float(max(median(waits), 0.001))


HEADS = (
    "read by", "contacts", "calls", "contacts/s", "bare loop", "sandbox alone", "ratio", "CPU s", "peak MiB",
)  # fmt: skip
TOLD = """
All contacts with 20 fields into Parquet by the connector alone, medians of three reads, imports left out; the
bare loop reads the same by REST. *Calls* has the minimum in brackets. Goals: a ratio of 0.4 by REST, 1.5 in bulk.
Bulk results are sent in gzip's form but not packed, as packing on loopback only takes time.
"""


def row(read: Read) -> list[str]:
    """One line of the table."""
    return [
        read.way,
        f"{read.records:,}",
        f"{read.calls:,} ({read.least:,})",
        f"{read.records / read.seconds:,.0f}",
        f"{read.records / read.bare_s:,.0f}",
        f"{read.records / read.alone_s:,.0f}",
        f"{read.bare_s / read.seconds:.2f}",
        f"{read.cost.cpu_s:.1f}",
        f"{read.cost.peak_mib:.0f}",
    ]
