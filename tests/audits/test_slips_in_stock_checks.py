"""Slips in a file of stock checks: each is told with its place, in both languages, and an editor sees its form."""

from __future__ import annotations

from pathlib import Path

import pytest
from config.shapes import objections
from warehouse.shelf import reference_mapping

from audits.test_stock_checks import CASES, file_of, read
from crmsync.commands.schema import json_schema
from crmsync.config.lines import Document, read_yaml
from crmsync.config.stock_files import read_checks
from crmsync.language import translate_said

SLIPS: dict[str, tuple[str, list[str]]] = {
    "no such check": (
        "{check: requierd, entity: contact, field: email}",
        ["2:14 CRM120 no check 'requierd' (did you mean 'required'?)"],
    ),
    "no such key": (
        "{check: required, entity: contact, feild: email}",
        ["2:48 CRM002 unknown key 'feild' (did you mean 'field'?)"],
    ),
    "no such entity": (
        "{check: required, entity: contacts, field: email}",
        ["2:31 CRM120 no entity 'contacts' (did you mean 'contact'?)"],
    ),
    "no such field": (
        "{check: required, entity: contact, field: emial}",
        ["2:48 CRM120 contact has no field 'emial' (did you mean 'email'?)"],
    ),
    "no such field in a condition": (
        "{check: required, entity: contact, field: email, where: {phon: present}}",
        ["2:70 CRM120 contact has no field 'phon' (did you mean 'phone'?)"],
    ),
    "no such system": (
        "{check: linked, entity: contact, system: hubspt}",
        ["2:46 CRM120 no system 'hubspt' (did you mean 'hubspot'?)"],
    ),
    "a key of another check": (
        "{check: required, entity: contact, field: email, days: 3}",
        ["2:62 CRM121 the check required takes no 'days' (remove it; it takes field, fields)"],
    ),
    "a key is missing": (
        "{check: pattern, entity: contact, field: email}",
        ["2:5 CRM121 the check pattern needs `pattern:` (add it)"],
    ),
    "no pattern": (
        "{check: pattern, entity: contact, field: email, pattern: '['}",
        ["2:61 CRM122 the pattern cannot be read: Invalid regular expression: missing ]: [ "
         "(write it as RE2 has it: github.com/google/re2/wiki/Syntax)"],
    ),
    "no day": (
        "{check: range, entity: deal, field: close_date, at_least: tomorrow}",
        ["2:61 CRM122 at_least: 'tomorrow' is no day (write 2026-12-31 or today)"],
    ),
    "no number": (
        "{check: range, entity: deal, field: amount, at_least: many}",
        ["2:57 CRM122 at_least: 'many' is no number (write a number)"],
    ),
    "a field of another type": (
        "{check: fresh, entity: deal, field: name, days: 3}",
        ["2:42 CRM122 the check fresh cannot be asked of 'name', a field of text (use it for date)"],
    ),
    "too few fields": (
        "{check: one_of, entity: contact, fields: [email]}",
        ["2:46 CRM122 the check one_of is about 2 or more fields (list as many)"],
    ),
    "an id that another audit has": (
        "{check: required, entity: contact, field: email}\n  - {id: C05, check: linked, entity: deal, system: hubspot}",
        ["3:6 CRM052 audit id 'C05' is in audits/C05.sql, too (give one another id)"],
    ),
    "one language": (
        "{check: required, entity: contact, field: email, summary: {en: Mine}}",
        ["2:62 CRM051 summary has no es (add `es:` to summary)"],
    ),
    "several at once": (
        "{check: required, entity: contact, field: emial, severity: bad}\n  - {id: W9, check: unike, entity: deal}",
        ["2:48 CRM120 contact has no field 'emial' (did you mean 'email'?)",
         "2:62 CRM004 checks.1.severity: 'bad' does not fit (use 'error', 'warning' or 'info')",
         "3:14 CRM120 no check 'unike' (did you mean 'unique'?)"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told_with_its_place_and_what_helps(tmp_path: Path, name: str) -> None:
    text, wanted = SLIPS[name]
    audits, problems = read(tmp_path, file_of(text))
    assert problems == wanted
    assert audits == []


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told_in_spanish_as_well(tmp_path: Path, name: str) -> None:
    (tmp_path / "audits").mkdir()
    (tmp_path / "audits" / "own.yml").write_text(file_of(SLIPS[name][0]), encoding="utf-8")
    _, problems = read_checks(tmp_path, reference_mapping(), ["hubspot"], {"C05": "audits/C05.sql"})
    for problem in problems:
        for said in (problem.message, problem.remedy):
            assert translate_said(said, "es") != said


def objected(text: str) -> list[str]:
    document = read_yaml(text, "own.yml")
    assert isinstance(document, Document)
    return list(objections(json_schema("checks"), document.value))


def test_an_editor_takes_every_check(tmp_path: Path) -> None:
    assert objected(file_of(*(text for text, _ in CASES.values()))) == []


@pytest.mark.parametrize(
    "name", ["no such check", "no such key", "a key is missing", "several at once"]
)
def test_an_editor_refuses_what_lint_refuses_for_its_form(name: str) -> None:
    assert objected(file_of(SLIPS[name][0]))
