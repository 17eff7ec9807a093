"""Stock checks in YAML: each finds what it says and spares the innocent; every slip is told with its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from warehouse.shelf import ROOT, TAKEN, columns_over, reference_mapping, stored

from crmsync.config.audits import read_audits
from crmsync.config.stock_files import read_checks
from crmsync.core.auditing import Audit, AuditResult, missing_needs
from crmsync.core.stock import KINDS
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.audit_run import run_audits

ROWS: dict[str, dict[str, list[dict[str, Any]]]] = {
    "salesforce": {
        "Account": [
            {"_id": "001A", "Name": "Acme", "Industry": "Retail", "BillingCountry": "Spain"},
            {"_id": "001B", "Name": "acme ", "BillingCountry": "Spain", "NumberOfEmployees": "0"},
            {"_id": "001C", "Name": "Norte", "BillingCountry": "France", "NumberOfEmployees": "25"},
        ],
        "Contact": [
            {"_id": "003A", "LastName": "Gil", "Email": "ana@acme.example", "Phone": "+34911234567",
             "AccountId": "001A", "_modified_at": "2026-11-01T00:00:00.000Z"},
            {"_id": "003B", "LastName": "Sol", "AccountId": "001Z", "_modified_at": "2020-01-01T00:00:00.000Z"},
            {"_id": "003C", "LastName": "A" * 70, "Email": "leo@norte.example", "Department": "Compras"},
        ],
        "Opportunity": [
            {"_id": "006A", "Name": "Uno", "StageName": "Prospecting", "Amount": "1200.50", "CloseDate": "2026-11-01",
             "_created_at": "2026-11-10T08:00:00.000Z"},
            {"_id": "006B", "Name": "Dos", "StageName": "Closed Won", "CloseDate": "2026-12-31"},
            {"_id": "006C", "Name": "Tres", "StageName": "Prospecting", "Amount": "-5", "CloseDate": "2027-01-15"},
        ],
    },
    "hubspot": {
        "companies": [{"_id": "9", "name": "Acme", "domain": "acme.example"}],
        "contacts": [
            {"_id": "1", "email": "ana@acme.example", "phone": "+34911234568", "lastname": "Gil"},
            {"_id": "2", "lastname": "Nadie"},
        ],
    },
}  # fmt: skip

CASES: dict[str, tuple[str, list[str]]] = {
    "required: one field": (
        "{check: required, entity: contact, field: email}",
        ["Contact/003B email", "contacts/2 email"],
    ),
    "required: several": (
        "{check: required, entity: deal, fields: [amount, name]}",
        ["Opportunity/006B amount"],
    ),
    "required: where": (
        "{check: required, entity: contact, field: email, where: {system: hubspot}}",
        ["contacts/2 email"],
    ),
    "required: where a value": (
        "{check: required, entity: deal, field: amount, where: {name: [Uno, Dos]}}",
        ["Opportunity/006B amount"],
    ),
    "required: where blank": (
        "{check: required, entity: contact, field: phone, where: {email: blank}}",
        ["Contact/003B phone", "contacts/2 phone"],
    ),
    "required: where present": (
        "{check: required, entity: contact, field: phone, where: {email: present}}",
        ["Contact/003C phone"],
    ),
    "required: where a number": (
        "{check: required, entity: company, field: domain, where: {employees: 25}}",
        ["Account/001C domain"],
    ),
    "one_of": (
        "{check: one_of, entity: contact, fields: [email, phone]}",
        ["Contact/003B -", "contacts/2 -"],
    ),
    "unique: case and blanks are no difference, and systems are apart": (
        "{check: unique, entity: company, field: name}",
        ["Account/001A name", "Account/001B name"],
    ),
    "unique: together": (
        "{check: unique, entity: company, fields: [name, country]}",
        ["Account/001A name", "Account/001B name"],
    ),
    "pattern": (
        "{check: pattern, entity: contact, field: email, pattern: '[a-z]+@acme[.]example'}",
        ["Contact/003C email"],
    ),
    "not_pattern": (
        "{check: not_pattern, entity: contact, field: last_name, pattern: 'A+'}",
        ["Contact/003C last_name"],
    ),
    "allowed": (
        "{check: allowed, entity: company, field: name, values: [Acme, acme]}",
        ["Account/001C name"],
    ),
    "forbidden": (
        "{check: forbidden, entity: company, field: name, values: [Norte, Sur]}",
        ["Account/001C name"],
    ),
    "range: numbers": (
        "{check: range, entity: company, field: employees, at_least: 1, at_most: 20}",
        ["Account/001B employees", "Account/001C employees"],
    ),
    "range: money": (
        "{check: range, entity: deal, field: amount, at_least: 0}",
        ["Opportunity/006C amount"],
    ),
    "range: a day": (
        "{check: range, entity: deal, field: close_date, at_most: 2026-12-31}",
        ["Opportunity/006C close_date"],
    ),
    "range: today": (
        "{check: range, entity: deal, field: close_date, at_least: today}",
        ["Opportunity/006A close_date"],
    ),
    "length": (
        "{check: length, entity: contact, field: last_name, at_most: 60}",
        ["Contact/003C last_name"],
    ),
    "fresh: a stamp": (
        "{check: fresh, entity: contact, field: modified_at, days: 365}",
        ["Contact/003B modified_at"],
    ),
    "fresh: a field": (
        "{check: fresh, entity: deal, field: close_date, days: 10}",
        ["Opportunity/006A close_date"],
    ),
    "in_order": (
        "{check: in_order, entity: deal, fields: [created_at, close_date]}",
        ["Opportunity/006A created_at"],
    ),
    "reference": (
        "{check: reference, entity: contact, field: company}",
        ["Contact/003B company"],
    ),
    "linked": (
        "{check: linked, entity: contact, system: hubspot}",
        ["Contact/003B -", "Contact/003C -"],
    ),
    "consistent": (
        "{check: consistent, entity: contact, field: phone}",
        ["contacts/1 phone"],
    ),
}


def file_of(*checks: str) -> str:
    lines = [each.replace("{", f"{{id: W{n}, ", 1) for n, each in enumerate(checks, 1)]
    return "checks:\n" + "".join(f"  - {line}\n" for line in lines)


def read(folder: Path, text: str) -> tuple[list[Audit], list[str]]:
    (folder / "audits").mkdir(exist_ok=True)
    (folder / "audits" / "own.yml").write_text(text, encoding="utf-8")
    audits, problems = read_checks(
        folder, reference_mapping(), ["hubspot", "salesforce"], {"C05": "audits/C05.sql"}
    )
    return audits, [f"{p.line}:{p.column} {p.code} {p.message} ({p.remedy})" for p in problems]


@pytest.fixture(scope="module")
def face(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    folder = tmp_path_factory.mktemp("stock")
    mapping = reference_mapping()
    with columns_over(stored(folder, ROWS, mapping), mapping) as columns:
        return folder / "face.duckdb", build_face(columns, folder / "face.duckdb")


def asked(face: tuple[Path, set[str]], audits: list[Audit]) -> list[AuditResult]:
    return run_audits(face[0], audits, face[1], TAKEN)


@pytest.mark.parametrize("name", CASES)
def test_a_check_finds_what_it_says_and_nothing_else(
    face: tuple[Path, set[str]], tmp_path: Path, name: str
) -> None:
    text, wanted = CASES[name]
    (audit,), problems = read(tmp_path, file_of(text))
    assert problems == []
    (result,) = asked(face, [audit])
    assert (result.not_checked, result.failed) == (None, None)
    assert sorted(f"{f.object}/{f.id} {f.field or '-'}" for f in result.findings) == wanted
    assert len(result.findings) <= (result.eligible or 0)


def test_every_kind_of_check_is_put_to_the_proof() -> None:
    assert {name.partition(":")[0] for name in CASES} == set(KINDS)


@pytest.mark.parametrize("name", CASES)
def test_what_nobody_has_is_not_checked(
    face: tuple[Path, set[str]], tmp_path: Path, name: str
) -> None:
    (audit,), _ = read(tmp_path, file_of(CASES[name][0]))
    assert missing_needs(audit, face[1]) == []
    assert missing_needs(audit, ()), "it concludes something from what was not read"


def test_an_object_that_has_no_such_field_is_spared(
    face: tuple[Path, set[str]], tmp_path: Path
) -> None:
    text = file_of("{check: required, entity: contact, field: department}")
    (audit,), problems = read(tmp_path, text)
    assert problems == []
    (result,) = asked(face, [audit])
    without = reference_mapping().entity("contact").field_named("department")
    assert without is not None
    assert {f.system for f in result.findings} == set(without.systems)


def test_it_says_of_itself_what_its_file_does_not_say(tmp_path: Path) -> None:
    own = "summary: {en: Mine, es: Mío}, severity: error, category: ours, blocking: true, minutes: 9, profile: all"
    text = file_of(
        "{check: required, entity: deal, field: amount}",
        f"{{check: linked, entity: company, system: hubspot, {own}}}",
    )
    (plain, said), problems = read(tmp_path, text)
    assert problems == []
    assert plain.summary == {"en": "Deals without amount", "es": "Oportunidades sin importe"}
    assert (plain.severity, plain.category, plain.needs) == (
        "warning",
        "completeness",
        ["deal.amount"],
    )
    assert (plain.name, plain.file, plain.line, plain.resolves) == (
        "own",
        "audits/own.yml",
        2,
        ["amount"],
    )
    assert (said.summary, said.severity, said.category) == (
        {"en": "Mine", "es": "Mío"},
        "error",
        "ours",
    )
    assert (said.blocking, said.minutes, said.profile, said.line) == (True, 9, "all", 3)
    assert said.why["es"] != said.why["en"]


@pytest.mark.parametrize("name", CASES)
def test_it_speaks_both_languages(tmp_path: Path, name: str) -> None:
    (audit,), _ = read(tmp_path, file_of(CASES[name][0]))
    for words in (audit.summary, audit.why, audit.remedy):
        assert set(words) == {"en", "es"}
        assert words["en"] != words["es"]
        assert "{" not in "".join(words.values())


def test_the_amount_of_a_record_hangs_on_its_finding(
    face: tuple[Path, set[str]], tmp_path: Path
) -> None:
    text = file_of(
        "{check: range, entity: deal, field: close_date, at_least: today, amount: amount}"
    )
    (audit,), _ = read(tmp_path, text)
    (result,) = asked(face, [audit])
    assert [each.amount for each in result.findings] == [1200.5]


def test_a_value_in_a_file_is_never_a_part_of_the_query(
    face: tuple[Path, set[str]], tmp_path: Path
) -> None:
    hostile = """'); DROP TABLE contact; --"""
    text = file_of(
        f'{{check: forbidden, entity: company, field: name, values: ["{hostile}"], where: {{country: ["{hostile}"]}}}}'
    )
    (audit,), problems = read(tmp_path, text)
    assert problems == []
    assert hostile not in audit.query
    assert asked(face, [audit])[0].failed is None


def test_a_workspace_sets_the_params_of_a_check_as_of_any_audit(tmp_path: Path) -> None:
    from crmsync.config.audit_settings import settled

    (audit,), _ = read(tmp_path, file_of(CASES["length"][0]))
    (changed,) = settled([audit], {audit.id: {"at_most": 80}})
    assert replace(changed, params=audit.params) == audit
    assert changed.params == {"at_most": 80}


def test_a_file_of_checks_is_no_audit_in_sql_nor_are_waivers_and_stories_checks(
    tmp_path: Path,
) -> None:
    read(tmp_path, file_of(CASES["one_of"][0]))
    for name in ("waivers.yml", "own.examples.yml"):
        (tmp_path / "audits" / name).write_text("waivers: []\n")
    audits, problems = read_checks(tmp_path, reference_mapping(), [], {})
    assert ([each.id for each in audits], problems) == (["W1"], [])
    assert read_audits(tmp_path) == []
    assert (ROOT / "schemas" / "checks.schema.json").is_file()
