"""The page of a benchmark: tables in Markdown, with ratios that mean the same on every machine."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.auditing import HEADS as AUDIT_HEADS
from benchmarks.auditing import Audited
from benchmarks.million import Million
from benchmarks.reads import HEADS, Read, missed, row, told
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
by seconds of processor: start-up, Parquet and the disk included. Calls of crmsync count describes, counts of
completeness, owners and stages too, and what the bare loop does not read: activities, histories, consents, lists.
*Limits s* are not counted: so long it waits besides for HubSpot's limit of association calls, 100 to 200 in ten
seconds, which the simulated portal does not set and the bare loop does not keep.
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
_AUDITS = """
## Audits of a million people

"""
_DUPLICATES = """
## Duplicates

"""
_LINKED = """
{people:,} people and {companies:,} companies in each system, under the reference mappings, all linked and settled;
a seventh of the people are leads. Generating, linking and settling them is not measured, nor is there a pull.
*Bare digests* is the time in units of DuckDB alone reading the same Parquet once and keeping a digest of every row
({bare:.1f} s, {bare_cpu:.1f} CPU s, {bare_mib:.0f} MiB). The goal of a quiet night is 60 s and 2 GiB on 2 cores;
it has to be quiet, or the benchmark fails.
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """All that one run measured."""

    size: Size
    story: Story
    reads: Sequence[Read]
    million: Million
    audited: Audited
    duplicates: str


def page(measured: Measured, command: str) -> str:
    """The whole page, without the name of a machine or a path of it."""
    size, story = measured.size, measured.story
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
    read = _READS + _table(HEADS, [row(each) for each in measured.reads]) + told(measured.reads)
    linked = _linked(measured.million)
    searched = _DUPLICATES + measured.duplicates
    above = head + pulls + _MIDDLE + read + _VERBS + verbs + foot
    return above + linked + _audits(measured.audited) + searched


def with_reads(text: str, reads: Sequence[Read]) -> str:
    """A page with its section of reads in place of the one it had."""
    before, _, after = text.partition(_VERBS)
    section = _READS + _table(HEADS, [row(each) for each in reads]) + told(reads)
    return before.partition(_READS)[0] + section + _VERBS + after


def with_audits(text: str, audited: Audited) -> str:
    """A page with its section of audits in place of the one it had."""
    before, heading, large = text.partition(_LARGE)
    _, mark, searched = before.partition(_DUPLICATES)
    return (
        before.partition(_AUDITS)[0].partition(_DUPLICATES)[0]
        + _audits(audited)
        + mark
        + searched
        + heading
        + large
    )


def with_duplicates(text: str, duplicates: str) -> str:
    """A page with its section of duplicates in place of the one it had."""
    before, heading, large = text.partition(_LARGE)
    return before.partition(_DUPLICATES)[0] + _DUPLICATES + duplicates + heading + large


def _audits(audited: Audited) -> str:
    return _AUDITS + _table(AUDIT_HEADS, audited.rows()) + audited.told()


def with_large(text: str, reads: Sequence[Read]) -> str:
    """A page with the section of `make bench-large` as its last one, in place of the one it had."""
    day = time.strftime("%Y-%m-%d", time.gmtime())
    ends = f"one read each; columns as above. The goal is 1 GiB at most. {missed(reads)}"
    table = _table(HEADS, [row(each) for each in reads])
    return f"{text.partition(_LARGE)[0]}{_LARGE}{table}\nWritten by `make bench-large` on {day}, {ends}\n"


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
    "limits s", "CPU s", "peak MiB",
)  # fmt: skip


def _pull(pull: Pull) -> list[str]:
    waits_s = max(pull.bare.wall_s - pull.bare.cpu_s, 0.001)
    return [
        pull.system,
        f"{pull.records:,}",
        f"{pull.calls:,} ({pull.bare_calls:,})",
        f"{pull.records / _own_s(pull):,.0f}",
        f"{pull.records / pull.bare.wall_s:,.0f}",
        f"{pull.records / waits_s:,.0f}",
        f"{pull.bare.wall_s / _own_s(pull):.2f}",
        f"{pull.bare.cpu_s / pull.cost.cpu_s:.2f}",
        f"{pull.waited_s:.0f}",
        f"{pull.cost.cpu_s:.1f}",
        f"{pull.cost.peak_mib:.0f}",
    ]


def _own_s(pull: Pull) -> float:
    """Seconds without those waited for limits that the bare loop does not keep."""
    return max(pull.cost.wall_s - pull.waited_s, 0.001)


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
