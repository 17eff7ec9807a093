"""What lint says of value maps and of policies that a system has no times for: place, and what helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.wrong_files import MAPPING
from crmsync.cli.main import run
from crmsync.commands.init import init
from crmsync.commands.lint import linted
from crmsync.errors import Problem

PROJECT = """\
name: tried
currency: EUR
systems:
  salesforce: {kind: salesforce, url: "${S_URL}", token: "${S_TOKEN}"}
  hubspot: {kind: hubspot, token: "${HUBSPOT_TOKEN}"}
"""
FIELD = """\
  - field: stage
    type: choice
    names: {salesforce: Stage, hubspot: stage}
    direction: DIRECTION
    values:
      salesforce: {Open: open, Won: won}
      hubspot: {o: open, w: won, closedwon: won}
"""
EXPORT = PROJECT.replace(
    'hubspot: {kind: hubspot, token: "${HUBSPOT_TOKEN}"}',
    "hubspot: {kind: files, folder: in, objects: {contacts: {file: c.csv}}}",
)
TABLES = PROJECT.replace(
    'hubspot: {kind: hubspot, token: "${HUBSPOT_TOKEN}"}',
    'hubspot: {kind: sql, url: "${URL}", objects: {contacts: {table: c, id: id}}}',
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    init(tmp_path)
    (tmp_path / "crmsync.yml").write_text(PROJECT)
    for each in (tmp_path / "mappings").iterdir():
        each.unlink()
    return tmp_path


def remarks(folder: Path, field: str, direction: str = "both") -> list[str]:
    text = MAPPING + field.replace("DIRECTION", direction)
    (folder / "mappings" / "contact.yml").write_text(text, encoding="utf-8")
    found = linted(folder)
    assert found.problems == []
    return [str(each) for each in found.remarks]


def test_of_several_native_values_the_one_that_will_be_written_is_named(folder: Path) -> None:
    assert remarks(folder, FIELD) == [
        "mappings/contact.yml:16:7 CRM089 field 'stage': several values of hubspot are one of ours; "
        "the first of each will be written: 'w', 'closedwon' = 'won' "
        "(leave it, or put the value to be written first under `values: {hubspot: ...}`)"
    ]


def test_where_the_system_is_not_written_nothing_is_said_of_it(folder: Path) -> None:
    assert remarks(folder, FIELD, "{to: salesforce}") == []
    assert remarks(folder, FIELD, "none") == []
    (folder / "crmsync.yml").write_text(EXPORT)
    assert remarks(folder, FIELD) == [], "an export is never written"


def test_a_word_of_ours_without_a_native_one_is_remarked(folder: Path) -> None:
    field = FIELD.replace("{Open: open, Won: won}", "{Open: open}").replace("w: won, ", "")
    assert remarks(folder, field) == [
        "mappings/contact.yml:15:7 CRM090 field 'stage': salesforce has no word for 'won' "
        "(leave it if it is never to be written there, or add one under `values: {salesforce: ...}`)"
    ]


def test_a_flag_with_one_word_only_is_remarked(folder: Path) -> None:
    field = (
        "  - field: vip\n    type: flag\n    names: {salesforce: Vip__c, hubspot: vip}\n"
        '    values: {hubspot: {Sí: "true"}}\n'
    )
    (line,) = remarks(folder, field)
    assert "CRM090 field 'vip': hubspot has no word for 'false'" in line


def test_many_are_shortened(folder: Path) -> None:
    several = ", ".join(f"x{n}: won" for n in range(9))
    (line,) = remarks(folder, FIELD.replace("closedwon: won", several))
    assert "'w', 'x0', 'x1' (+7) = 'won'" in line


@pytest.mark.parametrize(("project", "kind"), [(EXPORT, "files"), (TABLES, "sql")])
def test_newest_is_refused_where_a_system_keeps_no_times(
    folder: Path, project: str, kind: str
) -> None:
    (folder / "crmsync.yml").write_text(project)
    (folder / "mappings" / "contact.yml").write_text(MAPPING + "    on_conflict: newest\n")
    assert [str(each) for each in linted(folder).problems] == [
        f"mappings/contact.yml:10:5 CRM091 field 'email': 'newest' needs times, and hubspot ({kind}) keeps none "
        "(write `on_conflict: ask`, or `{prefer: hubspot}`)"
    ]
    (folder / "crmsync.yml").write_text(PROJECT)
    assert linted(folder).problems == []


def test_a_remark_does_not_fail_and_is_said_in_spanish(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    remarks(folder, FIELD)
    run(
        ["lint", "--notes", "--workspace", str(folder), "--lang", "es"]
    )  # would raise with another code than 0
    said = capsys.readouterr().out
    assert (
        "Aviso: mappings/contact.yml:16:7 CRM089 campo 'stage': varios valores de hubspot son uno nuestro;"
        in said
    )
    assert "ponga primero en `values: {hubspot: ...}`" in said


# Bad input: every one ends as lines with a place, and none as a traceback or a wait.
BIG = "entity: contact\nnotes:\n" + "  - a line like many others, of no use to anybody\n" * 110_000


def problems(folder: Path, text: str) -> list[Problem]:
    (folder / "mappings" / "contact.yml").write_text(text, encoding="utf-8")
    return linted(folder).problems


def test_a_file_of_5_mb_is_refused_before_it_is_taken_apart(folder: Path) -> None:
    assert len(BIG) > 5_000_000
    (found,) = problems(folder, BIG)
    assert str(found) == (
        "mappings/contact.yml CRM007 the file has 5.5 MB, which no file of this kind needs "
        "(keep it below 1 MB; records belong in a CSV)"
    )


def test_no_and_times_without_quotes_are_texts_in_a_mapping(folder: Path) -> None:
    field = FIELD.replace("DIRECTION", "both").replace(
        "{Open: open, Won: won}", "{no: open, 10:30: won}"
    )
    assert problems(folder, MAPPING + field.replace("closedwon", "on")) == []


def test_a_flag_takes_true_and_false_without_quotes(folder: Path) -> None:
    words = "    values: {hubspot: {Sí: true, No: false}}\n"
    field = "  - field: vip\n    type: flag\n    names: {salesforce: Vip__c, hubspot: vip}\n"
    (folder / "mappings" / "contact.yml").write_text(MAPPING + field + words, encoding="utf-8")
    mappings = linted(folder)
    assert mappings.problems == []


UNQUOTED = """\
  - field: sold
    type: choice
    names: {salesforce: Sold, hubspot: sold}
    direction: none
    values: {hubspot: {no: never, 10:30: later, "yes": always, 'off': never}, salesforce: {A: on}}
"""


def test_words_without_quotes_in_a_value_map_are_a_note(folder: Path) -> None:
    said = "without quotes: a text here, and something else for other programs"
    assert remarks(folder, UNQUOTED) == [
        f"mappings/contact.yml:14:24 CRM095 'no' {said} (write \"no\" in quotes)",
        f"mappings/contact.yml:14:35 CRM095 '10:30' {said} (write \"10:30\" in quotes)",
        f"mappings/contact.yml:14:92 CRM095 'on' {said} (write \"on\" in quotes)",
    ]


def test_a_rule_that_says_something_twice_is_a_note(folder: Path) -> None:
    text = MAPPING.replace("match: [key, email]", "match: [key, email, [email, email]]")
    (folder / "mappings" / "contact.yml").write_text(text)
    found = linted(folder)
    assert found.problems == []
    assert [str(each) for each in found.remarks] == [
        "mappings/contact.yml:5:21 CRM040 match names 'email' twice in one rule (remove one)",
        "mappings/contact.yml:5:21 CRM040 match has the rule 'email' twice (remove one)",
    ]
