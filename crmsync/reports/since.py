"""What became of the findings since the audit before."""

from __future__ import annotations

from crmsync.language import translate
from crmsync.reports.facts import ReportFacts
from crmsync.reports.numbers import day, number, quantity


def since_text(facts: ReportFacts, language: str) -> str:
    """What became of the findings since the audit before; the first one is the baseline."""
    if facts.compared_with is None:
        return translate("This is the first audit: later ones are compared with it.", language)
    changes = [result.change for result in facts.results if result.change is not None]
    said = translate("Since {day}: {new} new, {fixed} fixed, {open} still open.", language)
    told = said.format(
        day=day(facts.compared_with, language),
        new=number(sum(each.new for each in changes), language),
        fixed=number(sum(each.fixed for each in changes), language),
        open=number(sum(each.open for each in changes), language),
    )
    first = [each for each in facts.results if each.before is None and each.not_checked is None]
    found = sum(each.count for each in first if not each.beyond)
    if not found:
        return told
    begun = quantity(
        "{n} finding of audits asked for the first time is their baseline.",
        "{n} findings of audits asked for the first time are their baseline.",
        found,
        language,
    )
    return f"{told} {begun}"
