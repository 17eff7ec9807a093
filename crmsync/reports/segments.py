"""Findings by segment, as text and as a sheet."""

from __future__ import annotations

from collections.abc import Iterator

from crmsync.language import N_, translate
from crmsync.reports.cleaning import clean
from crmsync.reports.facts import ReportFacts, SegmentCount
from crmsync.reports.numbers import number
from crmsync.reports.terminal import columns

_MOST = 10
HEADS = (N_("Segment"), N_("Findings"), N_("Errors"), N_("Customers"))


def names_of(facts: ReportFacts) -> list[str]:
    """The segments, in the order of crmsync.yml."""
    return list(dict.fromkeys(each.segment for each in facts.segments))


def counts_of(facts: ReportFacts, name: str) -> list[SegmentCount]:
    """The values of one segment, those with the most findings first."""
    return [each for each in facts.segments if each.segment == name]


def segments_text(facts: ReportFacts, language: str) -> str:
    """A short table for each segment in which something was found; "" without any."""
    found = {each.segment for each in facts.segments if each.findings}
    return "\n\n".join(_table(facts, name, language) for name in names_of(facts) if name in found)


def _table(facts: ReportFacts, name: str, language: str) -> str:
    title = translate("Findings by {segment}", language).format(segment=clean(name, 40))
    said = translate("{n} findings, {errors} of them errors; {customers} customers", language)
    counted = [each for each in counts_of(facts, name) if each.findings]
    rows = [
        (
            value_of(each, language),
            said.format(
                n=number(each.findings, language),
                errors=number(each.errors, language),
                customers=number(each.customers, language),
            ),
        )
        for each in counted[:_MOST]
    ]
    more = ["  …"] if len(counted) > _MOST else []
    return "\n".join([title, *(f"  {line}" for line in columns(rows)), *more])


def value_of(count: SegmentCount, language: str) -> str:
    """The value as it is shown; a word for nobody's."""
    return clean(count.value, 60) if count.value else translate("(not said)", language)


def segment_rows(facts: ReportFacts, name: str, language: str) -> Iterator[list[str | int]]:
    """One row a value, for a sheet."""
    for each in counts_of(facts, name):
        yield [value_of(each, language), each.findings, each.errors, each.customers]
