"""A workbook of decisions is edited as people do, and read back right or refused by cell."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crmsync.commands.decision_files import FilledRow, read_filled
from crmsync.commands.decisions_yaml import decisions_yaml
from crmsync.commands.reading_decisions import Answered, answered, key_in, without_twice
from crmsync.core.auditing import Finding
from crmsync.core.open_decisions import DECISION_KINDS, OpenDecision
from crmsync.errors import ConfigInvalid, CrmsyncError, Problem
from crmsync.reports.decision_lists import DecisionList, DecisionRow
from crmsync.reports.decision_rows import Telling
from crmsync.reports.decisions_book import decisions_xlsx

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = NOW.date()
TELLING = Telling("acme", "en")
HOSTILE = '=HYPERLINK("http://evil.example","Ana")'
FOUND = Finding("C01", "error", "contact", "hubspot", "contacts", "1", None, "email", "twice")


def role(n: int, said: str = "Deal") -> DecisionRow:
    asked = OpenDecision("roles", (f"salesforce/Opportunity/{n}", "key"), (str(n),))
    return TELLING.row(
        asked, "won", f"{said} {n}", "Ana", "said so", "sure", "https://a.example/x", ""
    )


def conflict() -> DecisionRow:
    asked = OpenDecision(
        "conflicts", ("contact", "k", "phone"), ("1",), ("hubspot", "salesforce", "unsure")
    )
    return TELLING.row(asked, "phone", "Ana", "HubSpot: 1; Salesforce: 2", "why", "contact", "", "")


def waiver() -> DecisionRow:
    asked = OpenDecision(
        "waivers", ("C01", "hubspot/contacts/1", "email"), ("twice",), finding=FOUND
    )
    return TELLING.row(asked, "C01 Twice", "contact 1", "twice", "merge", "Bo", "", "")


def listed(*rows: DecisionRow) -> DecisionList:
    by_kind = {kind: [row for row in rows if row.asked.kind == kind] for kind in DECISION_KINDS}
    return DecisionList("acme", "Acme", NOW, NOW, by_kind)


Edit = Callable[[Any], None]


def book(
    tmp_path: Path, *rows: DecisionRow, language: str = "en", edit: Edit = lambda _: None
) -> Path:
    """A workbook of rows after somebody edited it."""
    path = tmp_path / "decisions.xlsx"
    found = openpyxl.load_workbook(io.BytesIO(decisions_xlsx(listed(*rows), language)))
    edit(found)
    found.save(path)
    return path


def place(sheet: Any, head: str) -> int:
    return [cell.value for cell in sheet[1]].index(head) + 1


def put(sheet: Any, row: int, **cells: object) -> None:
    for head, value in cells.items():
        sheet.cell(row, place(sheet, head)).value = value


def given(row: FilledRow, asked: OpenDecision | None) -> Answered | list[Problem]:
    key = key_in(row)
    return [key] if isinstance(key, Problem) else answered(row, key, asked, "me", TODAY)


def decided(path: Path, *rows: DecisionRow) -> list[Answered | list[Problem]]:
    """Every row that has a decision, read against what is open."""
    asked = {row.key.name: row.asked for row in rows}
    found = []
    for row in read_filled(path).rows:
        if row.cells["decision"] or "decision" in row.unread:
            key = key_in(row)
            found.append(given(row, None if isinstance(key, Problem) else asked.get(key.name)))
    return found


def test_only_what_people_fill_in_can_be_written_to(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(book(tmp_path, role(1), waiver()))["Waivers"]
    open_cells = [
        cell.value for cell in sheet[1] if not sheet.cell(2, cell.column).protection.locked
    ]
    assert open_cells == ["Decision", "Responsible", "Date", "Comment", "Accepted until"]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    free = [getattr(sheet.protection, name) for name in ("sort", "autoFilter", "formatColumns")]
    assert free == [False] * 3, "False is what Excel calls allowed"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref
    assert sheet.column_dimensions[
        sheet.cell(1, place(sheet, "Key of crmsync")).column_letter
    ].hidden
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == '"yes,no,unsure"'


def test_a_hostile_name_is_no_formula(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(book(tmp_path, role(1, HOSTILE)))["Contact roles"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    path = book(
        tmp_path, role(1, HOSTILE), edit=lambda b: put(b["Contact roles"], 2, Decision="yes")
    )
    assert isinstance(decided(path, role(1, HOSTILE))[0], Answered)


def test_rows_may_be_sorted_and_deleted_and_columns_added(tmp_path: Path) -> None:
    rows = [role(n) for n in (1, 2, 3)]

    def edit(found: Any) -> None:
        sheet = found["Contact roles"]
        put(sheet, 2, Decision="yes", Comment="first")
        put(sheet, 4, Decision="No", Comment="third")
        lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)]
        sheet.delete_rows(2, 3)
        for line in (lines[2], lines[0]):
            sheet.append(line)
        sheet.insert_cols(3)
        sheet.cell(1, 3).value, sheet.cell(2, 3).value = "Ask Eva?", "=1+1"

    found = decided(book(tmp_path, *rows, edit=edit), *rows)
    told = [
        (each.asked.address[0][-1], each.answer, each.note)
        for each in found
        if isinstance(each, Answered)
    ]
    assert told == [("3", "no", "third"), ("1", "yes", "first")]


def test_a_row_whose_cells_were_sorted_apart_is_refused(tmp_path: Path) -> None:
    rows = [role(1), role(2)]

    def edit(found: Any) -> None:
        sheet = found["Contact roles"]
        put(sheet, 2, Decision="yes")
        for head in ("Deal", "Contact"):
            at = place(sheet, head)
            one, other = sheet.cell(2, at), sheet.cell(3, at)
            one.value, other.value = other.value, one.value

    ((problem,),) = decided(book(tmp_path, *rows, edit=edit), *rows)
    assert problem.file.endswith("decisions.xlsx Contact roles!H2")
    assert "not those that its key was written for" in problem.message


@pytest.mark.parametrize(
    "day", ["20/11/2026", "2026-11-20", date(2026, 11, 20), "20 de noviembre de 2026"]
)
def test_a_date_is_read_whether_it_is_one_or_was_typed(tmp_path: Path, day: object) -> None:
    path = book(
        tmp_path,
        role(1),
        edit=lambda b: put(b["Contact roles"], 2, Decision="yes", Date=day, Responsible="Ana"),
    )
    (found,) = decided(path, role(1))
    assert isinstance(found, Answered)
    assert (found.on, found.by) == (date(2026, 11, 20), "Ana")


def test_without_a_name_and_a_day_it_is_whoever_reads_it_back_today(tmp_path: Path) -> None:
    path = book(tmp_path, role(1), edit=lambda b: put(b["Contact roles"], 2, Decision="unsure"))
    (found,) = decided(path, role(1))
    assert isinstance(found, Answered)
    assert (found.on, found.by, found.answer) == (TODAY, "me", "unsure")


@pytest.mark.parametrize(
    ("cells", "cell", "part"),
    [
        ({"Decision": "perhaps"}, "H2", "'perhaps' is no decision"),
        ({"Decision": "yes", "Date": "11/23/2026"}, "J2", "is no day"),
        ({"Decision": "yes", "Date": "2027-01-01"}, "J2", "is a day to come"),
        ({"Decision": "yes", "Comment": "=A1&B1"}, "K2", "a formula without a value"),
        ({"Decision": "=A1"}, "H2", "a formula without a value"),
        ({"Decision": "yes", "Comment": "#REF!"}, "K2", "'#REF!' is an error"),
        ({"Decision": "yes", "Key of crmsync": None}, "H2", "no key of crmsync"),
        ({"Decision": "yes", "Key of crmsync": "roles.1.2"}, "H2", "no key of crmsync"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_cell(
    tmp_path: Path, cells: dict[str, object], cell: str, part: str
) -> None:
    path = book(tmp_path, role(1), edit=lambda b: put(b["Contact roles"], 2, **cells))
    (problems,) = decided(path, role(1))
    assert isinstance(problems, list)
    assert any(
        each.file.endswith(f"!{cell}") and part in each.message and each.remedy for each in problems
    )


def test_a_formula_in_a_comment_counts_by_what_it_shows(tmp_path: Path) -> None:
    path = book(
        tmp_path, role(1), edit=lambda b: put(b["Contact roles"], 2, Decision="yes", Comment="=1+1")
    )
    _calculated(path, "<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>")
    (found,) = decided(path, role(1))
    assert isinstance(found, Answered)
    assert found.note == "2"


def _calculated(path: Path, before: str, after: str) -> None:
    """Puts the value that Excel would keep beside a formula."""
    with zipfile.ZipFile(path) as found:
        parts = {name: found.read(name) for name in found.namelist()}
    with zipfile.ZipFile(path, "w") as made:
        for name, body in parts.items():
            text = re.sub(
                re.escape(before).replace(re.escape("<v></v>"), "<v ?/?>(?:</v>)?"),
                after,
                body.decode("utf-8", "replace"),
            )
            made.writestr(name, text if name.startswith("xl/worksheets") else body)


@pytest.mark.parametrize(
    ("language", "head", "word"),
    [("es", "Decisión", "yes"), ("en", "Decision", "SÍ"), ("es", "Decisión", "si")],
)
def test_words_of_either_language_are_read(
    tmp_path: Path, language: str, head: str, word: str
) -> None:
    def edit(found: Any) -> None:
        sheet = found.worksheets[2]
        sheet.cell(2, place(sheet, head)).value = word

    told = replace(TELLING, language=language)
    asked = role(1).asked
    row = told.row(asked, *role(1).cells)
    (found,) = decided(book(tmp_path, row, language=language, edit=edit), row)
    assert isinstance(found, Answered)
    assert found.answer == "yes"


@pytest.mark.parametrize(
    "word", ["Salesforce", "salesforce", "mantener Salesforce", "keep salesforce"]
)
def test_of_a_conflict_the_answer_is_a_system(tmp_path: Path, word: str) -> None:
    path = book(tmp_path, conflict(), edit=lambda b: put(b["Conflicts"], 2, Decision=word))
    (found,) = decided(path, conflict())
    assert isinstance(found, Answered)
    assert found.answer == "salesforce"


def test_a_finding_is_accepted_with_a_reason_and_a_day_that_is_not_over(tmp_path: Path) -> None:
    def filled(**cells: object) -> Answered | list[Problem]:
        path = book(tmp_path, waiver(), edit=lambda b: _waived(b["Waivers"], cells))
        return decided(path, waiver())[0]

    def _waived(sheet: Any, cells: dict[str, object]) -> None:
        for head, value in {"Decision": "yes", **cells}.items():
            sheet.cell(2, place(sheet, head.replace("_", " "))).value = value

    fine = filled(Comment="known", Accepted_until="31/12/2026")
    assert isinstance(fine, Answered)
    assert fine.until == date(2026, 12, 31)
    for cells in (
        {"Comment": "known"},
        {"Accepted_until": "31/12/2026"},
        {"Comment": "x", "Accepted_until": "2026-11-22"},
    ):
        assert isinstance(filled(**cells), list)
    assert isinstance(filled(Decision="no"), Answered), "to leave it open takes no reason"


def test_what_has_changed_or_is_gone_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path, role(1), edit=lambda b: put(b["Contact roles"], 2, Decision="yes"))
    changed = replace(role(1), asked=replace(role(1).asked, rests_on=("other",)))
    for rows, part in (((changed,), "has changed"), ((), "not asked any more")):
        ((problem,),) = decided(path, *rows)
        assert problem.code == "CRM136"
        assert part in problem.message


def test_one_question_with_two_answers_keeps_neither(tmp_path: Path) -> None:
    def edit(found: Any) -> None:
        sheet = found["Contact roles"]
        put(sheet, 2, Decision="yes")
        sheet.append([cell.value for cell in sheet[2]])
        put(sheet, 3, Decision="no")

    found = decided(book(tmp_path, role(1), edit=edit), role(1))
    good, problems = without_twice(each for each in found if isinstance(each, Answered))
    assert not good
    assert [each.file[-2:] for each in problems] == ["H2", "H3"]


def test_yaml_comes_back_as_excel_does(tmp_path: Path) -> None:
    path = tmp_path / "decisions.yml"
    text = decisions_yaml(listed(role(1), conflict(), waiver()), "es")
    path.write_text(text.replace('decision: ""', "decision: no", 1), encoding="utf-8")
    read = read_filled(path)
    assert read.workspace == "acme"
    assert [each.cells["decision"] for each in read.rows] == ["no", "", ""]
    (found,) = decided(path, role(1))
    assert isinstance(found, Answered)
    assert found.answer == "no"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yml", "format: other\n"),
        ("a.yml", "format: [\n"),
        ("a.xlsx", "no zip"),
        ("a.csv", "x"),
        ("gone.xlsx", None),
    ],
)
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, name: str, text: str | None) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(CrmsyncError) as told:
        read_filled(tmp_path / name)
    assert told.value.remedy or isinstance(told.value, ConfigInvalid)


def test_a_workbook_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "budget.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(CrmsyncError, match="no sheet with the columns"):
        read_filled(path)


def test_a_key_tells_nothing_of_who_is_meant() -> None:
    asked = OpenDecision("duplicates", ("contact", "shop/people/ana@a.example", "x"), ("Ana Soto",))
    assert "ana" not in str(TELLING.row(asked, "", "", "", "", "", "", "").key).lower()
