"""The page of a benchmark: tables in Markdown, with ratios that mean the same on every machine."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.million import Million
from benchmarks.reads import HEADS, TOLD, Read, row
from benchmarks.story import Pull, Story, Verb
from benchmarks.workplace import Size

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
_LIBRARIES = ("duckdb", "orjson", "pyarrow")
_HEAD = """\
# Benchmarks

Written by `{command}` on {day}: {size.contacts:,} people, {size.companies:,} companies and
{size.deals:,} deals in each of two simulated CRMs, served by a process of their own on loopback.
{cores} cores, {system}, Python {python}, {libraries}.
Compare ratios: seconds are those of one machine, which the CRMs and crmsync share.

The *bare loop* asks for the same pages over one keep-alive connection, parses them with `json.loads`, counts the
records and drops them. crmsync also turns them into typed text, checks that all came, and writes Parquet.

## Pull

"""
_READS = """
## Contacts, in every way they are read

"""
_LARGE = """
## A million contacts

"""
_MIDDLE = """
*Sandbox alone* is what the simulated CRM could give a client that takes no time: its records by the
seconds that the bare loop waits. *Ratio* is records a second against the bare loop, *ratio, CPU* the same
by seconds of processor: start-up, Parquet and the disk included. Calls of crmsync count describes, counts
of completeness, owners and stages too.
"""
_VERBS = """
## Verbs

"""
_FOOT = """
Each verb is a command of its own, start-up included; where its seconds are far above its CPU s, the machine
was busy with something else. *Bare loops* is its time in units of the bare loop over both
systems ({bare:.1f} s). The second plan has to be empty, or the benchmark fails. `crmsync --help` takes
{help:.2f} s, the median of ten.

## A million linked people

"""
_LINKED = """
{people:,} people and {companies:,} companies in each system, under the reference mappings, all linked and settled;
a seventh of the people are leads. Generating, linking and settling them is not measured, nor is there a pull.
*Bare digests* is the time in units of DuckDB alone reading the same Parquet once and keeping a digest of every row
({bare:.1f} s, {bare_cpu:.1f} CPU s, {bare_mib:.0f} MiB). The goal of a quiet night is 60 s and 2 GiB on 2 cores;
it has to be quiet, or the benchmark fails.
"""


def page(size: Size, story: Story, reads: Sequence[Read], million: Million, command: str) -> str:
    """The whole page, without the name of a machine or a path of it."""
    head = _HEAD.format(
        command=command,
        day=time.strftime("%Y-%m-%d", time.gmtime()),
        size=size,
        cores=os.cpu_count(),
        system=platform.system(),
        python=platform.python_version(),
        libraries=", ".join(f"{name} {version(name)}" for name in _LIBRARIES),
    )
    pulls = _table(_PULL_HEADS, [_pull(each) for each in story.pulls])
    verbs = _table(_VERB_HEADS, [_verb(each, story.bare_s) for each in story.verbs])
    foot = _FOOT.format(bare=story.bare_s, help=story.help_s)
    read = _READS + _table(HEADS, [row(each) for each in reads]) + TOLD
    return head + pulls + _MIDDLE + read + _VERBS + verbs + foot + _linked(million)


def with_reads(text: str, reads: Sequence[Read]) -> str:
    """A page with its section of reads in place of the one it had."""
    before, _, after = text.partition(_VERBS)
    told = _READS + _table(HEADS, [row(each) for each in reads]) + TOLD
    return before.partition(_READS)[0] + told + _VERBS + after


def with_large(text: str, reads: Sequence[Read]) -> str:
    """A page with the section of `make bench-large` as its last one, in place of the one it had."""
    day = time.strftime("%Y-%m-%d", time.gmtime())
    told = f"\nWritten by `make bench-large` on {day}, one read each; columns as above. The goal is 1 GiB at most.\n"
    table = _table(HEADS, [row(each) for each in reads])
    return text.partition(_LARGE)[0] + _LARGE + table + told


def large_of(text: str) -> str:
    """The section of `make bench-large` of a page, blank if it has none."""
    _, heading, rest = text.partition(_LARGE)
    return heading + rest


def _linked(million: Million) -> str:
    bare = million.bare
    steps = [_verb(each, bare.wall_s) for each in million.steps]
    heads = ("step", *_VERB_HEADS[1:4], "bare digests", "did")
    told = _LINKED.format(
        people=million.people,
        companies=Size(million.people).companies,
        bare=bare.wall_s,
        bare_cpu=bare.cpu_s,
        bare_mib=bare.peak_mib,
    )
    return _table(heads, steps) + told


_PULL_HEADS = (
    "system", "records", "calls", "records/s", "bare loop", "sandbox alone", "ratio", "ratio, CPU",
    "CPU s", "peak MiB",
)  # fmt: skip


def _pull(pull: Pull) -> list[str]:
    waits_s = max(pull.bare.wall_s - pull.bare.cpu_s, 0.001)
    return [
        pull.system,
        f"{pull.records:,}",
        f"{pull.calls:,} ({pull.bare_calls:,})",
        f"{pull.records / pull.cost.wall_s:,.0f}",
        f"{pull.records / pull.bare.wall_s:,.0f}",
        f"{pull.records / waits_s:,.0f}",
        f"{pull.bare.wall_s / pull.cost.wall_s:.2f}",
        f"{pull.bare.cpu_s / pull.cost.cpu_s:.2f}",
        f"{pull.cost.cpu_s:.1f}",
        f"{pull.cost.peak_mib:.0f}",
    ]


_VERB_HEADS = ("verb", "seconds", "CPU s", "peak MiB", "bare loops", "did")


def _verb(verb: Verb, bare_s: float) -> list[str]:
    cost = verb.cost
    return [
        verb.name,
        f"{cost.wall_s:.1f}",
        f"{cost.cpu_s:.1f}",
        f"{cost.peak_mib:.0f}",
        f"{cost.wall_s / bare_s:.1f}",
        verb.did,
    ]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
