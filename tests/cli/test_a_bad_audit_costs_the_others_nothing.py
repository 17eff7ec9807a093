"""Whatever is wrong with one audit or one system: the others are asked, the report and the exit code tell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Crm
from cli.places import make_workspace, mend, put, served
from crmsync.errors import ExitCode
from crmsync.sandbox.faults.book import set_fault
from crmsync.sandbox.seed import generate
from crmsync.warehouse.snapshots import newest

HEAD = """\
-- id: {id}
-- severity: error
-- entity: contact
-- category: tried
-- summary: {{en: Tried, es: Probado}}
-- why: {{en: a, es: b}}
-- remedy: {{en: a, es: b}}
"""
RIGHT = "SELECT system, object, id FROM contact WHERE email IS NULL"
NAMED = "audits/Z01_tried.sql"


def written(workspace: Path, query: str, head: str = HEAD, id_: str = "Z01") -> None:
    name = f"{id_}_tried.sql"
    (workspace / "audits" / name).write_text(head.format(id=id_) + query + "\n", encoding="utf-8")


def asked(crm: Crm, *more: str) -> tuple[dict[str, Any], int, str]:
    """The report of the audits `tried` and C05, how the command ended, and what it said beside."""
    said = crm("audit", "--no-pull", "--json", *more)
    body = json.loads(said.out)
    return {each["id"]: each for each in body["audits"]}, said.code, said.err


def only_that_one_failed(crm: Crm, says: str, *, line: int) -> None:
    audits, code, told = asked(crm, "--select", "tried", "--select", "C05")
    assert code == ExitCode.CONFIG_INVALID
    assert (audits["Z01"]["checked"], audits["Z01"]["findings"]) == (False, [])
    assert says in audits["Z01"]["failed"]
    assert f"{NAMED}:{line}:1 CRM060" in told
    assert audits["C05"]["checked"]
    assert audits["C05"]["affected"] > 0


@pytest.mark.slow_but("two statements")
@pytest.mark.parametrize(
    ("query", "says", "line"),
    [
        ("SELECT system, object id FROM\nWHERE", "syntax error", 9),
        ("SELECT system, object, id FROM contact\nWHERE emial IS NULL", "a column 'emial'", 9),
        ("SELECT email AS detail FROM contact", "a row has neither (system, object, id) nor key", 8),
        ("SELECT id FROM contact; SELECT id FROM deal", "an audit is exactly one SELECT", 8),
        ("COPY contact TO 'contacts.csv'", "an audit is exactly one SELECT", 8),
        ("ATTACH 'other.db'", "an audit is exactly one SELECT", 8),
        ("SELECT content AS id FROM read_text('.env')", "may not read files", 8),
        ("SELECT name AS id FROM '.crmsync/state.db'", "may not read files", 8),
        ("SELECT getenv('HOME') AS id", "getenv", 8),
    ],
    ids=["a syntax error", "an unknown column", "no key columns", "two statements", "a COPY", "an ATTACH",
         "a file read", "a file by its name", "the environment"],
)  # fmt: skip
def test_a_query_that_cannot_be_asked(
    workspace: Path, crm: Crm, query: str, says: str, line: int
) -> None:
    written(workspace, query)
    only_that_one_failed(crm, says, line=line)
    assert not list(workspace.glob("*.csv"))


@pytest.mark.slow
def test_a_query_that_runs_for_ever(workspace: Path, crm: Crm) -> None:
    endless = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS id FROM r WHERE n < 0"
    written(workspace, endless)
    mend(workspace, "crmsync.yml", "name: tried\n", "name: tried\naudits: {seconds: 2}\n")
    only_that_one_failed(crm, "the audit took longer than 2 seconds", line=8)


@pytest.mark.slow
def test_a_query_that_returns_ten_million_rows(workspace: Path, crm: Crm) -> None:
    written(
        workspace,
        "SELECT 'hubspot' AS system, 'contacts' AS object, range AS id FROM range(10_000_000)",
    )
    mend(workspace, "crmsync.yml", "name: tried\n", "name: tried\naudits: {most: 100}\n")
    audits, code, _ = asked(crm, "--select", "tried", "--select", "C05")
    assert code == ExitCode.OK
    assert (len(audits["Z01"]["findings"]), audits["Z01"]["affected"]) == (100, 10_000_000)
    assert audits["C05"]["checked"]


WRONG_FILES = {
    "audits/Z01_no_yaml.sql": ("-- id: [\n" + RIGHT, "audits/Z01_no_yaml.sql:1:"),
    "audits/Z02_misspelt.sql": (HEAD.format(id="Z02").replace("severity", "severty") + RIGHT, "unknown key 'severty'"),
    "audits/Z03_no_query.sql": (HEAD.format(id="Z03"), "audits/Z03_no_query.sql:8:1 CRM050 no query"),
    "audits/Z04_twice.sql": (HEAD.format(id="C05") + RIGHT, "audit id 'C05' is in"),
    "audits/Z05_latin.sql": (HEAD.format(id="Z05") + "-- \udcff\n" + RIGHT, "not in UTF-8"),
    "audits/own.yml": (
        "checks:\n  - {id: Z06, check: required, entity: contact, field: emial}\n",
        "audits/own.yml:2:49 CRM120 contact has no field 'emial' (did you mean 'email'?)",
    ),
    "audits/other.yml": ("checks: [\n", "audits/other.yml:"),
}  # fmt: skip


@pytest.mark.slow
def test_files_that_cannot_be_read_are_all_told_and_the_other_audits_run(
    workspace: Path, crm: Crm
) -> None:
    for file, (text, _) in WRONG_FILES.items():
        (workspace / file).write_text(text, encoding="utf-8", errors="surrogateescape")
    linted = crm("lint").out
    audits, code, told = asked(crm)
    assert code == ExitCode.CONFIG_INVALID
    for _, says in WRONG_FILES.values():
        assert says in told
        assert says in linted
    failed = {each["id"] for each in audits.values() if each["failed"]}
    assert failed == {"Z01", "Z02", "Z03", "Z04", "Z05", "own", "other"}
    assert sum(each["checked"] for each in audits.values()) > 20
    assert audits["C02"]["checked"]


def test_a_name_in_a_file_that_cannot_be_read_is_told_with_what_is_wrong_there(
    workspace: Path, crm: Crm
) -> None:
    (workspace / "audits" / "own.yml").write_text("checks: [\n", encoding="utf-8")
    said = crm("audit", "--no-pull", "--select", "OWN1")
    assert said.code == ExitCode.CONFIG_INVALID
    first, second = said.err.splitlines()
    assert first.startswith("audits/own.yml:")
    assert "no audit 'OWN1'" in second


def test_nothing_is_planned_or_written_while_an_audit_cannot_be_read(
    workspace: Path, crm: Crm
) -> None:
    written(workspace, "")
    for words in (("sync",), ("plan", "--no-pull")):
        said = crm(*words)
        assert said.code == ExitCode.CONFIG_INVALID
        assert "no query" in said.err


@pytest.mark.slow
def test_the_report_says_what_was_not_read(workspace: Path, crm: Crm) -> None:
    written(workspace, "")
    said = crm("report", "-o", "report.html", "--lang", "es")
    assert said.code == ExitCode.CONFIG_INVALID
    assert "Una auditoría que no se pudo leer" in (workspace / "report.html").read_text("utf-8")


@pytest.mark.slow
def test_a_stock_check_is_an_audit_like_any_other(workspace: Path, crm: Crm) -> None:
    check = "{id: Z01, check: required, entity: contact, field: phone, category: tried, severity: error}"
    (workspace / "audits" / "own.yml").write_text(f"checks:\n  - {check}\n", encoding="utf-8")
    (workspace / "audits" / "waivers.yml").write_text(
        "waivers:\n  - {audit: Z01, who: all, reason: r, approver: a, until: 2020-01-01}\n"
    )
    mend(
        workspace,
        "crmsync.yml",
        "name: tried\n",
        "name: tried\naudits:\n  stewards: {Z01: ana@acme.example}\n",
    )
    audits, code, _ = asked(crm, "--select", "own", "--fail-on", "error")
    assert code == ExitCode.GATE_FAILED
    found = audits["Z01"]
    assert found["affected"] == len(found["findings"]) > 0
    assert {each["responsible"] for each in found["findings"]} == {"ana@acme.example"}
    lines = crm("audit", "--no-pull", "--select", "Z01", "--format", "github").out
    assert "::error file=audits/own.yml,line=2,title=Z01" in lines
    text = crm("audit", "--no-pull", "--select", "Z01", "--lang", "es").out
    assert "Contactos sin teléfono" in text
    assert "1 exención ha vencido" in text


@pytest.mark.slow
def test_an_empty_system(tmp_path: Path, crm: Crm) -> None:
    with served() as both:
        put(both.salesforce, "Contact", {"LastName": "Gil"}, {"LastName": "Sol"})
        folder = make_workspace(tmp_path / "empty", both.access)
        said = crm("audit", "--json", "--profile", "all", "--workspace", folder)
    assert said.code == ExitCode.OK, said.err
    audits = {each["id"]: each for each in json.loads(said.out)["audits"]}
    assert not [each["id"] for each in audits.values() if each["failed"]]
    assert audits["C01"]["affected"] == 2
    assert {each["system"] for each in audits["C01"]["findings"]} == {"salesforce"}


@pytest.mark.slow
def test_a_system_with_one_object_that_could_not_be_read_to_its_end(
    workspace: Path, crm: Crm
) -> None:
    snapshot = newest(workspace / ".crmsync", "hubspot", "contacts")
    assert snapshot is not None
    manifest = snapshot.folder / "manifest.json"
    body = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**body, "complete": False}), encoding="utf-8")
    audits, code, _ = asked(crm)
    assert code == ExitCode.PARTIAL
    assert "contact.email" in audits["C05"]["not_checked"]
    assert audits["M01"]["checked"]


REFUSED = {
    "hubspot": ("403-access", "objects/deals", "deals", {"D05", "L06"}, {"C01", "C05", "M01"}),
    "salesforce": ("404", "sobjects/Account", "Account", {"M01", "L06"}, {"C01", "C05", "D05"}),
}


@pytest.mark.slow
@pytest.mark.parametrize("system", sorted(REFUSED))
def test_a_system_with_one_object_that_may_not_be_read(
    system: str, tmp_path: Path, crm: Crm
) -> None:
    kind, path, object_, lacking, asked_all_the_same = REFUSED[system]
    with served(generate(contacts=40, companies=12, deals=10)) as both:
        set_fault(getattr(both, system), kind, path=path, times=0)
        folder = make_workspace(tmp_path / "refused", both.access)
        said = crm("audit", "--json", "--workspace", folder)
        planned = crm("plan", "--workspace", folder)
    assert said.code == ExitCode.ACCESS
    assert f"Not read: {system} {object_}: " in said.err
    body = json.loads(said.out)
    assert (system, object_) in {(each["system"], each["object"]) for each in body["unread"]}
    checked = {each["id"]: each["checked"] for each in body["audits"]}
    assert not any(checked[each] for each in lacking)
    assert all(checked[each] for each in asked_all_the_same)
    assert f"{object_}. " in crm("audit", "--no-pull", "--workspace", folder).out
    assert planned.code in (ExitCode.ACCESS, ExitCode.FAILED), "what is planned rests on all of it"
