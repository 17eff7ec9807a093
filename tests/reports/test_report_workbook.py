"""The audits as an Excel workbook: a summary, a sheet for each responsible person, and all findings."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from report_samples import make_facts

from crmsync.core.auditing import AuditResult, address_of
from crmsync.reports.as_csv import COLUMNS, findings_csv
from crmsync.reports.as_xlsx import findings_xlsx
from crmsync.reports.facts import ReportFacts

ANA, BERTA = "ana@ventas.example", "=cmd|'/c calc'!A1 berta/[marketing]:*?\\ of a very long name"


def book_of(facts: ReportFacts, language: str = "en") -> Workbook:
    return load_workbook(io.BytesIO(findings_xlsx(facts, language)))


def rows_of(book: Workbook, name: str) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in book[name].iter_rows()]


def answered_for(facts: ReportFacts, **people: str) -> ReportFacts:
    """The findings of some audits have a person who answers for them."""
    found = {
        (result.audit.id, address_of(finding)): people[result.audit.id]
        for result in facts.results
        for finding in result.findings
        if result.audit.id in people
    }
    return replace(facts, responsible=found)


def test_the_list_holds_what_the_csv_holds_and_no_cell_is_a_formula() -> None:
    facts = make_facts({"D06": 3, "C05": 4})
    book = book_of(facts)
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    rows = rows_of(book, "All findings")
    assert len(rows[0]) == len(COLUMNS)
    plain = list(csv.reader(io.StringIO(findings_csv(facts).removeprefix("\ufeff"))))
    assert len(rows) == len(plain) > 1
    money = COLUMNS.index("amount")
    for row, texts in zip(rows[1:], plain[1:], strict=True):
        shown = [str(cell or "") for cell in row]
        same = [COLUMNS.index(each) for each in ("audit", "system", "object", "id", "key")]
        assert [shown[n] for n in same] == [texts[n] for n in same]
        assert float(shown[money] or 0) == float(texts[money] or 0)
        assert shown[-1] == texts[-1].split(" ")[0], "one link to click on"
        "".join(shown).encode("utf-8")


@pytest.mark.parametrize(
    "text", ["+34 600 100 200", "=1+1", "-5", "@x", "#N/A", '=HYPERLINK("http://x.example")']
)
def test_a_detail_is_shown_as_it_is_and_never_runs(text: str) -> None:
    facts = make_facts({"D06": 1})
    (result,) = (r for r in facts.results if r.findings)
    told = replace(result, findings=tuple(replace(f, detail=text) for f in result.findings))
    file = findings_xlsx(replace(facts, results=(told,)), "en", unmask=True)
    cells = [c for s in load_workbook(io.BytesIO(file)) for r in s.iter_rows() for c in r]
    shown = [cell for cell in cells if cell.value == text]
    assert len(shown) == 2, "on the sheet of whoever answers for it, and in the list"
    assert {(cell.data_type, cell.quotePrefix) for cell in shown} == {("s", True)}
    assert not any(cell.data_type == "f" for cell in cells)


def test_a_reader_of_spanish_finds_no_english_in_the_heads_and_sees_all_of_a_cell() -> None:
    book = book_of(make_facts({"D06": 3}), "es")
    heads = [cell for sheet in book for cell in rows_of(book, sheet.title)[0]]
    assert {"Responsable", "Cliente", "Detalle", "Gravedad"} <= set(heads)
    assert not {"Audit", "Severity", "Object", "Customer", "Responsible"} & set(heads)
    for sheet in book:
        for column in sheet.iter_cols():
            longest = max(len(str(cell.value or "")) for cell in column)
            width = sheet.column_dimensions[str(column[0].column_letter)].width
            assert width >= min(60, longest), (sheet.title, column[0].value)


def test_each_person_has_a_sheet_and_nobody_s_findings_come_last() -> None:
    facts = answered_for(make_facts({"D06": 3, "C05": 4, "M01": 2}), D06=ANA, C05=BERTA)
    book = book_of(facts, "es")
    names = book.sheetnames
    assert names[0] == "Resumen"
    assert names[2] == ANA
    assert names[3:] == ["Sin responsable", "Todos los hallazgos"]
    assert len(names[1]) <= 31
    assert [len(rows_of(book, name)) - 1 for name in names[1:]] == [4, 3, 2, 9]
    assert all(sheet.auto_filter.ref and sheet.freeze_panes == "A2" for sheet in book)


def test_two_people_whose_names_look_alike_have_two_sheets() -> None:
    long = "a" * 40
    facts = answered_for(make_facts({"D06": 1, "C05": 2}), D06=long + "1", C05=long + "2")
    assert len(set(book_of(facts).sheetnames)) == 4


def test_the_summary_says_what_is_new_and_what_is_fixed() -> None:
    facts = make_facts({"D06": 3})
    (result,) = (r for r in facts.results if r.findings)
    known = frozenset(map(address_of, result.findings[1:])) | {("deal", "x", "y", "gone", "")}
    told: tuple[AuditResult, ...] = (replace(result, before=known),)
    row = dict(zip(*rows_of(book_of(replace(facts, results=told)), "Summary")[:2], strict=True))
    assert (row["Findings"], row["New"], row["Fixed"]) == (3, 1, 1)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_workbook_without_findings_opens_all_the_same(language: str) -> None:
    book = book_of(make_facts({}), language)
    assert [sheet.max_row for sheet in book] == [1, 1]
