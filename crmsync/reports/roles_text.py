"""Proposals of contact roles on a terminal and in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from crmsync.core.records import Ref
from crmsync.core.roles import RoleProposal
from crmsync.language import N_, translate
from crmsync.reports.cleaning import clean, safe_link
from crmsync.reports.escaping import escaped, table
from crmsync.reports.facts import link_of
from crmsync.reports.numbers import number, quantity
from crmsync.reports.roles_words import (
    GRADES,
    STATES,
    RoleReport,
    amounts_text,
    headline,
    reason,
    shown_name,
    step,
    unread,
    worth,
)
from crmsync.reports.terminal import columns, painted
from crmsync.reports.words import named, system_name, translated

_MOST_DEALS = 40
_MOST_ROWS = 100
GRADE_HEADS = (
    *(N_("Evidence"), N_("Proposals"), N_("Deals"), N_("Won deals"), N_("Worth of the won deals")),
)
"""Heads of the summary by grade."""
_ROW_HEADS = (
    N_("Deal"),
    N_("State"),
    N_("Amount"),
    N_("Contact"),
    N_("Evidence"),
    N_("Why"),
    N_("What to do"),
)
_NOTHING = N_("No deal lacks a contact, as far as deals and their contacts were read.")
_NOBODY = N_("Nothing that was read says who belongs to them.")
_ONLY = N_("These are proposals: nothing was written to a CRM.")


def roles_text(
    report: RoleReport, language: str, *, unmask: bool = False, colours: bool = False
) -> str:
    """What it comes to, by grade; then the proposals deal by deal, and what was not read."""
    parts = [
        painted(headline(report.figures, language), "bold", colours=colours),
        _counted(report, language),
        _deals(report, language, unmask=unmask, colours=colours),
        "\n".join(unread(report.figures, language)),
        translate(_ONLY, language) if report.proposals else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _counted(report: RoleReport, language: str) -> str:
    if not report.figures.deals:
        return translate(_NOTHING, language)
    said = quantity(
        "{n} deal has no contact role, whatever became of it.",
        "{n} deals have no contact role, whatever became of them.",
        report.figures.deals,
        language,
    )
    rows = grade_rows(report, language)
    if not rows:
        return f"{said} {translate(_NOBODY, language)}"
    lines = columns([translated(GRADE_HEADS, language), *rows], frozenset({1, 2, 3, 4}))
    return "\n".join([said, *(f"  {line}" for line in lines)])


def grade_rows(report: RoleReport, language: str) -> list[list[str]]:
    """A row for each grade that has any proposal."""
    return [
        [
            named(GRADES, each.grade, language),
            number(each.proposals, language),
            number(each.deals, language),
            number(each.won, language),
            amounts_text(each.amounts, language),
        ]
        for each in report.figures.counts
        if each.proposals
    ]


def _deals(report: RoleReport, language: str, *, unmask: bool, colours: bool) -> str:
    """Each deal with its proposals below it."""
    deals = [(ref, list(each)) for ref, each in groupby(report.proposals, key=lambda p: p.deal)]
    lines: list[str] = [some] if (some := _some(report, language)) else []
    for ref, proposals in deals[:_MOST_DEALS]:
        head = _deal_line(ref, proposals[0], language, unmask=unmask)
        lines.append(painted(head, "bold", colours=colours))
        lines += _below(report, ref, proposals, language, unmask=unmask)
    if len(deals) > _MOST_DEALS:
        said = quantity("{n} more deal: --format csv has all of them.", "{n} more deals: --format csv has all of them.",
                        len(deals) - _MOST_DEALS, language)  # fmt: skip
        lines.append(said)
    return "\n".join(lines)


def _some(report: RoleReport, language: str) -> str:
    """How many of all proposals were asked for; "" where all of them were."""
    every = sum(each.proposals for each in report.figures.counts)
    some = len(report.proposals)
    if some >= every:
        return ""
    said = quantity(
        "{some} of {n} proposal, as asked for:",
        "{some} of {n} proposals, as asked for:",
        every,
        language,
    )
    return said.replace("{some}", number(some, language))


def _deal_line(ref: Ref, first: RoleProposal, language: str, *, unmask: bool) -> str:
    parts = [
        shown_name(first.deal_name, unmask=unmask),
        f"{system_name(ref.system)} {clean(ref.id, 40)}",
        named(STATES, first.state, language) if first.state else "",
        worth(first, language),
    ]
    return " · ".join(part for part in parts if part)


def _below(
    report: RoleReport, ref: Ref, proposals: Sequence[RoleProposal], language: str, *, unmask: bool
) -> Iterator[str]:
    if link := deep_link(report, ref):
        yield f"  {link}"
    for each in proposals:
        who = " ".join(
            [shown_name(each.contact_name, unmask=unmask), clean(each.contact_id or "", 40)]
        ).strip()
        grade = named(GRADES, each.grade, language)
        yield f"  {grade}: {who}: {reason(each, language)} → {step(each, language)}"
        if each.record != ref and (link := deep_link(report, each.record)):
            yield f"    {link}"


def deep_link(report: RoleReport, ref: Ref) -> str:
    """The address of a record in its CRM; "" where none is known."""
    return safe_link(link_of(report.links, (ref.system, ref.object, ref.id))) or ""


def roles_markdown(report: RoleReport, language: str, *, unmask: bool = False) -> str:
    """The same as tables, for a page or a pull request."""
    grades = [[escaped(cell, 200) for cell in row] for row in grade_rows(report, language)]
    shown = report.proposals[:_MOST_ROWS]
    rows = [_markdown_row(each, language, unmask=unmask) for each in shown]
    left = len(report.proposals) - len(shown)
    title = translate("Missing contact roles", language)
    parts = [
        f"### {title}",
        escaped(headline(report.figures, language), 400),
        "" if report.figures.deals else translate(_NOTHING, language),
        table(translated(GRADE_HEADS, language), frozenset({1, 2, 3, 4}), grades) if grades else "",
        _some(report, language),
        table(translated(_ROW_HEADS, language), frozenset({2}), rows) if rows else "",
        quantity("{n} more proposal: --format csv has all of them.",
                 "{n} more proposals: --format csv has all of them.", left, language) if left else "",
        "\n".join(f"- {escaped(each, 300)}" for each in unread(report.figures, language)),
        translate(_ONLY, language) if rows else "",
    ]  # fmt: skip
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def _markdown_row(each: RoleProposal, language: str, *, unmask: bool) -> list[str]:
    cells = (
        f"{shown_name(each.deal_name, unmask=unmask)} {each.deal.id}",
        named(STATES, each.state, language) if each.state else "",
        worth(each, language),
        f"{shown_name(each.contact_name, unmask=unmask)} {each.contact_id or ''}",
        named(GRADES, each.grade, language),
        reason(each, language),
        step(each, language),
    )
    return [escaped(cell.strip(), 200) for cell in cells]
