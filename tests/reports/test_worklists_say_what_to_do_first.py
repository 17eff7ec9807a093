"""A worklist says what one person has to do, the most urgent first, in Excel and in Markdown."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import load_workbook
from report_samples import make_facts

from crmsync.core.auditing import AuditResult, address_of
from crmsync.reports.facts import ReportFacts
from crmsync.reports.worklists import worklists
from crmsync.reports.worklists_book import worklists_xlsx
from crmsync.reports.worklists_markdown import worklists_markdown

ANA, EVA = "ana@ventas.example", "=eva|x](http://evil.example)\n# <b>"


def answered_for(facts: ReportFacts, **people: str) -> ReportFacts:
    found = {
        (result.audit.id, address_of(finding)): people[result.audit.id]
        for result in facts.results
        for finding in result.findings
        if result.audit.id in people
    }
    return replace(facts, responsible=found)


@pytest.fixture
def facts() -> ReportFacts:
    return answered_for(make_facts({"C05": 4, "D06": 3, "L11": 60}), C05=ANA, D06=ANA, L11=EVA)


def _worth(result: AuditResult, worth: list[float]) -> AuditResult:
    pairs = zip(result.findings, worth, strict=True)
    return replace(result, findings=tuple(replace(f, amount=a) for f, a in pairs))


def test_everybody_has_what_they_answer_for_and_nothing_else(facts: ReportFacts) -> None:
    found = {each.person: each for each in worklists(facts, 60)}
    assert {task.result.audit.id for task in found[ANA].tasks} == {"C05", "D06"}
    assert found[ANA].findings == 7
    assert found[EVA].findings == 60
    every = sum(len(result.findings) for result in facts.results)
    assert sum(each.findings for each in found.values()) == every


def test_what_is_worse_comes_first_and_of_it_what_most_hangs_on(facts: ReportFacts) -> None:
    worth = [10.0, 30.0, 20.0]
    results = tuple(_worth(r, worth) if r.audit.id == "D06" else r for r in facts.results)
    (ana, *_) = [
        each for each in worklists(replace(facts, results=results), 60) if each.person == ANA
    ]
    order = ("error", "warning", "info")
    ranks = [order.index(task.result.audit.severity) for task in ana.tasks]
    assert ranks == sorted(ranks)
    (deals,) = [task for task in ana.tasks if task.result.audit.id == "D06"]
    assert [each.amount for each in deals.findings] == [30.0, 20.0, 10.0]


def test_a_deal_that_two_systems_hold_counts_once(facts: ReportFacts) -> None:
    (task,) = [t for each in worklists(facts, 60) for t in each.tasks if t.result.audit.id == "D06"]
    before = task.amount
    first = replace(task.findings[0], key="k")
    twin = replace(first, system="salesforce", id="006")
    assert replace(task, findings=(first, twin, *task.findings[1:])).amount == before


def test_people_beyond_a_limit_share_one_list(facts: ReportFacts) -> None:
    names = [each.person for each in worklists(facts, 1)]
    assert names == [EVA, "Others"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_workbook_has_an_overview_and_a_sheet_a_person(facts: ReportFacts, language: str) -> None:
    lists = worklists(facts, 60)
    book = load_workbook(io.BytesIO(worklists_xlsx(facts, lists, language)))
    assert len(book.sheetnames) == len(lists) + 1
    cells: list[Any] = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert [row[1].value for row in book.worksheets[0].iter_rows(min_row=2)] == [
        each.findings for each in lists
    ]
    alone = load_workbook(io.BytesIO(worklists_xlsx(facts, lists[:1], language)))
    assert len(alone.sheetnames) == 1


@pytest.mark.parametrize(
    ("language", "nothing"), [("en", "Nothing to do."), ("es", "Nada que hacer.")]
)
def test_markdown_is_one_heading_a_person_and_harmless(
    facts: ReportFacts, language: str, nothing: str
) -> None:
    text = worklists_markdown(facts, worklists(facts, 60), language)
    heads = [line for line in text.split("\n") if line.startswith("## ")]
    assert len(heads) == len(worklists(facts, 60))
    assert "<b>" not in text
    assert "](http://evil" not in text
    assert "… " in text, "what is beyond 50 records is said"
    assert nothing in worklists_markdown(facts, [], language)


def test_personal_data_is_masked_unless_asked(facts: ReportFacts) -> None:
    lists = worklists(facts, 60)
    masked, plain = (worklists_markdown(facts, lists, "en", unmask=each) for each in (False, True))
    assert "•••" in masked
    assert masked != plain
