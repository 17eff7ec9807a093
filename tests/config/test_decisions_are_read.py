"""`decisions/duplicates.csv`: read however a spreadsheet writes it; every mistake is told with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crmsync.config.decision_rows import plain_cell, same_of
from crmsync.config.decisions_file import (
    COLUMNS,
    FILE,
    DecisionsFile,
    read_decisions,
    remarks_on_decisions,
    understood,
)
from crmsync.core.mapping import Entity, Seat, WorkspaceMapping
from crmsync.core.pair_decisions import PairDecision
from crmsync.core.records import Ref

SEATS = [Seat("salesforce", "Contact"), Seat("salesforce", "Lead"), Seat("hubspot", "contacts")]
MAPPING = WorkspaceMapping((Entity("contact", SEATS, ["key", "decided"], []),), "digest")
HEAD = ",".join(COLUMNS)
LINE = "contact,hubspot,contacts,101,salesforce,Contact,003A,yes,Ana,2026-11-20,"
DECISION = PairDecision(
    "contact",
    Ref("hubspot", "contacts", "101"),
    Ref("salesforce", "Contact", "003A"),
    "yes",
    "Ana",
    date(2026, 11, 20),
)


ITSELF = "a pair of one record with itself"


def read(*lines: str, head: str = HEAD) -> DecisionsFile:
    return understood("".join(f"{line}\n" for line in (head, *lines)), MAPPING)


def told(found: DecisionsFile) -> list[str]:
    return [f"{each.line} {each.code} {each.message}" for each in found.problems]


def test_a_line_is_a_decision() -> None:
    found = read(LINE)
    assert (found.decisions, found.problems, found.doubts) == ((DECISION,), (), ())
    assert found.lines == {DECISION: 2}


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff{HEAD}\r\n{LINE}\r\n",
        f"{HEAD}\n{LINE}\n".replace(",", ";"),
        f"{HEAD}\n{LINE}\n".replace(",", "\t"),
        f"{HEAD}\n\n{LINE},,,\n,,\n",
        f"{HEAD.upper()}\n{LINE.removesuffix(',')}",
        f"{HEAD}\n" + ",".join(f'" {cell} "' for cell in LINE.split(",")) + "\n",
    ],
    ids=["as Excel", "semicolons", "tabs", "blank lines and cells", "capitals, no note", "quotes"],
)
def test_a_spreadsheet_may_have_written_it(text: str, tmp_path: Path) -> None:
    (tmp_path / "decisions").mkdir()
    (tmp_path / FILE).write_bytes(text.encode())
    found = read_decisions(tmp_path, MAPPING)
    assert (found.decisions, found.problems) == ((DECISION,), ())


@pytest.mark.parametrize(
    ("word", "means"),
    [
        *(("yes", "yes"), ("Y", "yes"), ("sí", "yes"), ("SI", "yes"), ("s", "yes")),
        *(("no", "no"), ("N", "no"), ("unsure", "unsure"), ("No lo sé", "unsure"), ("?", "unsure")),
        *(("nunca", None), ("", None), ("1", None)),
    ],
)
def test_words_of_both_languages_are_known(word: str, means: str | None) -> None:
    assert same_of(word) == means


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("contact,", "contcat,", "2 CRM131 no entity 'contcat'"),
        ("hubspot,", "hubspt,", "2 CRM131 one_system 'hubspt' holds no contact"),
        (",Contact,", ",Account,", "2 CRM131 other_object 'Account' is no seat of contact in salesforce"),
        (",101,", ",,", "2 CRM131 one_id is blank"),
        (",101,", ",1.23E+11,", "2 CRM131 one_id '1.23E+11' is no whole id"),
        (",yes,", ",perhaps,", "2 CRM131 same 'perhaps' is no decision"),
        ("2026-11-20", "20/11/2026", "2 CRM131 on '20/11/2026' is no day"),
        (",Ana,", ",,", "2 CRM131 by is blank"),
        ("salesforce,Contact,003A", "hubspot,contacts,101", f"2 CRM132 {ITSELF}: hubspot/contacts/101"),
        (",yes,", ",", "2 CRM131 same 'Ana' is no decision"),
        ("11-20,", "11-20,a,b", "2 CRM130 more or fewer cells than columns"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_told_with_its_line_and_what_helps(old: str, new: str, said: str) -> None:
    found = read(LINE.replace(old, new, 1))
    assert told(found)[0] == said
    assert all(each.remedy and each.file == FILE and each.column == 1 for each in found.problems)


def test_a_line_is_counted_as_an_editor_counts_it() -> None:
    found = read(f'{LINE}"a note', 'of two lines"', LINE.replace(",yes,", ",perhaps,"))
    assert [each.line for each in found.problems] == [4]
    assert [each.note for each in found.decisions] == ["a note\nof two lines"]


def test_a_record_is_itself_by_its_id_of_15_characters() -> None:
    short, long = "003A000001abcDE", "003A000001abcDEIAY"
    line = f"contact,salesforce,Contact,{short},salesforce,Contact,{long},yes,Ana,2026-11-20,"
    assert [each.code for each in read(line).problems] == ["CRM132"]


def test_every_mistake_is_told_at_once_and_the_good_lines_are_known() -> None:
    bad = "contcat,hubspot,contacts,,salesforce,Contact,003A,perhaps,,yesterday,"
    found = read(bad, LINE, bad)
    assert [each.line for each in found.problems] == [2] * 5 + [4] * 5
    assert found.decisions == (DECISION,)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (HEAD.replace(",note", ""), ["1 CRM130 no column 'note'"]),
        (f"{HEAD},mail", ["1 CRM130 unknown column 'mail'"]),
        (f"{HEAD},note", ["1 CRM130 column 'note' twice"]),
        ("", [f"1 CRM130 no column '{name}'" for name in COLUMNS]),
    ],
)
def test_a_file_without_its_columns_is_told_so_that_nothing_is_lost(
    head: str, said: list[str]
) -> None:
    assert told(understood(f"{head}\n", MAPPING)) == said


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "decisions").mkdir()
    (tmp_path / FILE).write_bytes(f"{HEAD}\n{LINE}José\n".encode("cp1252"))
    assert told(read_decisions(tmp_path, MAPPING)) == ["2 CRM130 no UTF-8"]
    (tmp_path / FILE).write_text(f'{HEAD}\n"{LINE}\n')
    assert told(read_decisions(tmp_path, MAPPING))[0].startswith("1 CRM130 no table: ")


def test_what_is_said_twice_is_said_once_and_the_newest_counts() -> None:
    other = LINE.replace(",yes,", ",no,").replace("11-20", "11-21")
    found = read(other, LINE, LINE)
    assert [each.same for each in found.decisions] == ["no"]
    assert not found.problems + found.doubts


def test_a_contradiction_is_told_with_every_line_of_it() -> None:
    found = read(LINE, LINE.replace(",yes,", ",no,"))
    (doubt,) = found.doubts
    assert (doubt.line, doubt.code) == (3, "CRM133")
    assert "line 2" in doubt.message
    assert not found.problems, "a night does not stop for it"
    triangle = (
        "contact,hubspot,contacts,101,salesforce,Lead,00Q,yes,Ana,2026-11-20,",
        "contact,salesforce,Lead,00Q,salesforce,Contact,003A,no,Bo,2026-11-21,",
    )
    (doubt,) = read(LINE, *triangle).doubts
    assert (doubt.line, "line 2, 3" in doubt.message) == (4, True)


def test_a_pair_may_be_written_either_way_round() -> None:
    turned = "contact,salesforce,Contact,003A,hubspot,contacts,101,yes,Ana,2026-11-20,"
    assert read(turned).decisions == read(LINE).decisions


def test_without_a_mapping_only_what_needs_none_is_told() -> None:
    bad = LINE.replace("contact,", "contcat,", 1).replace(",yes,", ",perhaps,")
    assert [each.message for each in understood(f"{HEAD}\n{bad}\n", None).problems] == [
        "same 'perhaps' is no decision"
    ]


def test_decisions_that_no_match_rule_asks_for_are_a_note() -> None:
    found = read(LINE)
    assert remarks_on_decisions(found.decisions, found.lines, MAPPING) == []
    deaf = WorkspaceMapping((Entity("contact", SEATS, ["key"], []),), "digest")
    (note,) = remarks_on_decisions(found.decisions, found.lines, deaf)
    assert (note.code, note.line) == ("CRM134", 2)


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        ("'=1+1", "=1+1"),
        ("'-1", "-1"),
        ("'Ana'", "'Ana'"),
        (" a ", "a"),
        (None, ""),
        ("''=1", "'=1"),
    ],
)
def test_the_apostrophe_of_a_harmless_cell_is_no_part_of_it(cell: str | None, plain: str) -> None:
    assert plain_cell(cell) == plain


@pytest.mark.parametrize(
    ("today", "codes"), [("2026-11-18", ["CRM131"]), ("2026-11-19", []), ("2026-11-20", [])]
)
def test_a_day_to_come_is_no_day_on_which_somebody_decided(today: str, codes: list[str]) -> None:
    """The day of the line is 2026-11-20: on the 19th it may be the 20th elsewhere."""
    found = understood(f"{HEAD}\n{LINE}\n", MAPPING, date.fromisoformat(today))
    assert [each.code for each in found.problems] == codes
