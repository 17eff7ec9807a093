"""Duplicates on a terminal and in Markdown: counts, then group by group what may be one, and why."""

from __future__ import annotations

from collections.abc import Iterator

from crmsync.core.duplicate_groups import DuplicateGroup, DuplicatePair, TierCount
from crmsync.core.records import Ref
from crmsync.language import N_, translate
from crmsync.reports.cleaning import safe_link
from crmsync.reports.duplicates_guards import GUARDS
from crmsync.reports.duplicates_notes import not_looked_at
from crmsync.reports.duplicates_shown import address, id_of, shown_facts, shown_name
from crmsync.reports.duplicates_words import (
    DECISIONS,
    ROLES,
    TIER_NAMES,
    DuplicateReport,
    cautions,
    reason,
    role_of,
    why_it_stays,
)
from crmsync.reports.escaping import escaped, table
from crmsync.reports.facts import link_of
from crmsync.reports.numbers import number, quantity
from crmsync.reports.terminal import columns, painted
from crmsync.reports.words import ENTITIES, named, translated

MOST_GROUPS = 20
"""So many groups are shown on a terminal; files have all of them."""
_MOST_PAIRS = 3
_MOST_FACTS = 4
COUNT_HEADS = (
    N_("Kind"), N_("How sure"), N_("Groups"), N_("Records"), N_("Too many"), N_("Not linked yet"),
)  # fmt: skip
"""Heads of the counts by entity and tier."""
_PAIR_HEADS = (N_("Group"), N_("How sure"), N_("Records"), N_("Probability"), N_("Why"))
_NOTHING = N_("Nobody was found twice.")
_NONE_OF_THEM = N_("None of these groups is what was asked for.")
_HELD = N_("held down by")
_ONLY = N_("These are proposals: nothing was merged, linked or written to a CRM.")


def duplicates_text(
    report: DuplicateReport, language: str, *, unmask: bool = False, colours: bool = False
) -> str:
    """What there is by entity and tier, the groups, and what was not looked at."""
    parts = [
        _counted(report, language),
        translate(_NONE_OF_THEM, language) if report.counts and not report.groups else "",
        *(
            "\n".join(_group(report, each, language, unmask=unmask, colours=colours))
            for each in report.groups[:MOST_GROUPS]
        ),
        _more(report, MOST_GROUPS, language),
        _settled(report, language),
        "\n".join(not_looked_at(report, language)),
        translate(_ONLY, language) if report.groups else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _counted(report: DuplicateReport, language: str) -> str:
    if not report.counts:
        return translate(_NOTHING, language)
    rows = count_rows(report.counts, language)
    right = frozenset(range(2, len(COUNT_HEADS)))
    return "\n".join(columns([translated(COUNT_HEADS, language), *rows], right))


def count_rows(counts: tuple[TierCount, ...], language: str) -> list[list[str]]:
    """A row for every entity and tier that has a group."""
    return [
        [
            named(ENTITIES, each.entity, language),
            named(TIER_NAMES, each.tier, language),
            *(number(n, language) for n in (each.groups, each.records, each.surplus, each.links)),
        ]
        for each in counts
    ]


def _group(
    report: DuplicateReport, group: DuplicateGroup, language: str, *, unmask: bool, colours: bool
) -> Iterator[str]:
    yield painted(_head(group, language), "bold", colours=colours)
    yield from (f"  {line}" for line in _records(report, group, language, unmask=unmask))
    for pair in group.pairs[:_MOST_PAIRS]:
        yield f"  {_pair_line(report, group, pair, language, unmask=unmask)}"
    if len(group.pairs) > _MOST_PAIRS:
        more = len(group.pairs) - _MOST_PAIRS
        yield "  " + quantity("{n} more pair", "{n} more pairs", more, language)
    for merge in group.merges():
        yield f"  {address(merge.survivor, unmask=unmask)} {why_it_stays(merge, language)}"
    yield from (f"  ! {caution}" for caution in cautions(group, language))


def _head(group: DuplicateGroup, language: str) -> str:
    kind = named(ENTITIES, group.entity, language)
    return f"{group.number} · {kind} · {named(TIER_NAMES, group.tier, language)}"


def _records(
    report: DuplicateReport, group: DuplicateGroup, language: str, *, unmask: bool
) -> list[str]:
    rows = [
        [
            named(ROLES, role_of(each, group), language),
            address(each.ref, unmask=unmask),
            shown_name(each, unmask=unmask),
            " · ".join(shown_facts(each, unmask=unmask)[:_MOST_FACTS]),
        ]
        for each in group.records
    ]
    lines: list[str] = []
    for line, each in zip(columns(rows), group.records, strict=True):
        lines.append(line.rstrip())
        lines += [f"  {link}" for link in [deep_link(report, each.ref)] if link]
    return lines


def _pair_line(
    report: DuplicateReport,
    group: DuplicateGroup,
    pair: DuplicatePair,
    language: str,
    *,
    unmask: bool,
) -> str:
    said = f"{percent(pair.probability, language)}: {reason(pair, report.subject_of(group.entity), language)}"
    if len(group.records) > 2:
        both = " = ".join(id_of(ref, unmask=unmask) for ref in (pair.one, pair.other))
        said = f"{both}, {said}"
    if pair.guard:
        said += f" ({translate(_HELD, language)}: {translate(GUARDS[pair.guard], language)})"
    return f"{said} [{decided(pair, language)}]" if pair.decided else said


def decided(pair: DuplicatePair, language: str) -> str:
    """What a person said of a pair; "" if nobody did."""
    return translate(DECISIONS[pair.decided], language) if pair.decided else ""


def percent(probability: float, language: str) -> str:
    """A probability that never says more than it knows: 99.9 % at most."""
    return f"{number(round(min(probability, 0.999) * 100, 1), language)} %"


def deep_link(report: DuplicateReport, ref: Ref) -> str:
    """The address of a record in its CRM; "" where none is known."""
    return safe_link(link_of(report.links, (ref.system, ref.object, ref.id))) or ""


def _more(report: DuplicateReport, shown: int, language: str) -> str:
    left = len(report.groups) - shown
    if left <= 0:
        return ""
    return quantity(
        "{n} more group: --format csv or xlsx has all of them.",
        "{n} more groups: --format csv or xlsx has all of them.",
        left,
        language,
    )


def _settled(report: DuplicateReport, language: str) -> str:
    if not report.settled:
        return ""
    return quantity(
        "{n} group is decided already, so nobody is asked again: --accept decided shows what is to be merged.",
        "{n} groups are decided already, so nobody is asked again: --accept decided shows what is to be merged.",
        report.settled,
        language,
    )


def duplicates_markdown(report: DuplicateReport, language: str, *, unmask: bool = False) -> str:
    """The same as tables, for a page or a pull request."""
    counts = [[escaped(cell, 80) for cell in row] for row in count_rows(report.counts, language)]
    right = frozenset(range(2, len(COUNT_HEADS)))
    rows = [
        [escaped(cell, 240) for cell in _pair_row(report, group, pair, language, unmask=unmask)]
        for group in report.groups[:MOST_GROUPS]
        for pair in group.pairs[:_MOST_PAIRS]
    ]
    title = translate("Duplicates", language)
    parts = [
        f"### {title}",
        table(translated(COUNT_HEADS, language), right, counts) if counts else translate(_NOTHING, language),
        table(translated(_PAIR_HEADS, language), frozenset({0, 3}), rows) if rows else "",
        _more(report, MOST_GROUPS, language),
        "\n".join(f"- {escaped(each, 300)}" for each in not_looked_at(report, language)),
        translate(_ONLY, language) if rows else "",
    ]  # fmt: skip
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def _pair_row(
    report: DuplicateReport,
    group: DuplicateGroup,
    pair: DuplicatePair,
    language: str,
    *,
    unmask: bool,
) -> list[str]:
    names = {each.ref: shown_name(each, unmask=unmask) for each in group.records}
    both = " = ".join(
        f"{address(ref, unmask=unmask)} {names[ref]}" for ref in (pair.one, pair.other)
    )
    subject = report.subject_of(group.entity)
    return [
        str(group.number),
        named(TIER_NAMES, group.tier, language),
        both,
        percent(pair.probability, language),
        reason(pair, subject, language),
    ]
