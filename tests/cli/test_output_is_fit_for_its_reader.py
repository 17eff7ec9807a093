"""Data on stdout and progress on stderr, JSON for programs, and nothing hostile gets through."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import orjson
import pytest

from cli.conftest import Crm
from cli.places import Served, make_workspace, mend, put
from crmsync.cli.mapping import _loud
from crmsync.errors import ExitCode, Problem

HOSTILE = {
    "a script": "<script>alert(1)</script>",
    "a formula": '=HYPERLINK("https://evil.example","x")',
    "a terminal code": "\x1b[31mred\x1b[0m\x07",
    "right to left": "Ana\u202egnp.exe",
    "Markdown": "| x | [y](https://evil.example) `z`",
    "a line end": "one\r\ntwo",
    "very long": "x" * 10_000,
}
BAD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.slow
def test_progress_is_on_stderr_and_data_on_stdout(workspace: Path, crm: Crm) -> None:
    said = crm("pull", "--json")
    assert set(said.json) == {"run", "rows", "calls", "calls_by_kind", "waited_s", "complete"}
    assert "hubspot contacts:" in said.err
    assert crm("pull").out.startswith("Run 2")


@pytest.mark.slow_cases("audit --no-pull --format json", "audit --no-pull --json")
@pytest.mark.parametrize(
    "words",
    [
        ["audit", "--no-pull", "--json"],
        ["audit", "--no-pull", "--format", "json"],
        ["plan", "--no-pull", "--json"],
        ["doctor", "--json"],
        ["runs", "--json"],
        ["exit-codes", "--json"],
        ["lint", "--format", "json"],
    ],
    ids=" ".join,
)
def test_json_is_json_and_nothing_else(workspace: Path, crm: Crm, words: list[str]) -> None:
    said = crm(*words)
    assert said.code == ExitCode.OK, said.err
    assert said.json is not None
    assert said.err == ""


@pytest.mark.slow
@pytest.mark.parametrize("form", ["text", "json", "csv", "md", "junit", "html"])
def test_every_format_names_every_audit_that_found_something(
    workspace: Path, crm: Crm, form: str
) -> None:
    said = crm("audit", "--no-pull", "--format", form)
    assert (said.code, said.err) == (ExitCode.OK, "")
    for name in ("C05", "D06", "D10", "G02", "L06", "L09", "L11", "M01"):
        assert name in said.out


@pytest.mark.slow
def test_select_asks_only_what_is_named(workspace: Path, crm: Crm) -> None:
    found = crm("audit", "--no-pull", "--json", "--select", "D06", "--select", "duplicates").json[
        "audits"
    ]
    assert [each["id"] for each in found] == [
        *("C05", "C06", "C21", "D06", "D17", "M01", "M02", "X13")
    ]


@pytest.mark.slow
def test_no_colour_where_nobody_looks(workspace: Path, crm: Crm) -> None:
    for words in (["audit", "--no-pull"], ["plan", "--no-pull"], ["doctor"], ["runs"]):
        assert "\x1b" not in crm(*words).out


def test_people_are_masked_unless_asked(workspace: Path, crm: Crm) -> None:
    masked = crm("audit", "--no-pull", "--format", "csv", "--select", "C05").out
    shown = crm("audit", "--no-pull", "--format", "csv", "--select", "C05", "--unmask").out
    emails = re.findall(r"[a-z.]+@[a-z.-]+\.example", shown)
    assert emails
    assert not [email for email in emails if email in masked]


def test_doctor_says_of_every_line_whether_it_is_well(workspace: Path, crm: Crm) -> None:
    checks = crm("doctor", "--json").json
    assert {check["level"] for check in checks if not check["topic"]} == {"ok"}
    assert {check["level"] for check in checks if check["topic"]} == {"ok", "warning"}
    subjects = {check["subject"] for check in checks}
    assert subjects >= {"store", "hubspot", "salesforce", "hubspot contacts", "salesforce Lead"}
    assert any("calls left today" in check["message"] for check in checks)
    assert "✓ store:" in crm("doctor").out
    assert "accesible" in crm("doctor", "--lang", "es").out


def test_doctor_names_a_field_that_is_not_there_and_an_option_that_is_none(
    workspace: Path, crm: Crm
) -> None:
    mend(workspace, "mappings/contact.yml", "hubspot: jobtitle", "hubspot: jobtitel")
    names = "names: {hubspot: lifecyclestage}"
    mend(
        workspace,
        "mappings/contact.yml",
        names,
        f"{names}\n    values: {{hubspot: {{custmer: customer}}}}",
    )
    said = crm("doctor")
    assert said.code == ExitCode.CONFIG_INVALID
    assert "✗ hubspot contacts: field job_title: no readable jobtitel" in said.out
    assert "Did you mean jobtitle?" in said.out
    assert "field lifecycle_stage: lifecyclestage has no option custmer" in said.out


def test_doctor_asks_for_a_unique_field_only_where_records_may_be_created(
    workspace: Path, crm: Crm
) -> None:
    when = "create: {when: {email: present}}"
    mend(
        workspace,
        "mappings/contact.yml",
        "object: contacts, create: ask",
        f"object: contacts, {when}",
    )
    said = crm("doctor")
    assert said.code == ExitCode.OK, "the simulated portal has the field"


@pytest.mark.slow
def test_one_customer_is_shown_with_where_each_value_is_from(
    workspace: Path, fresh: Served, crm: Crm
) -> None:
    put(
        fresh.salesforce,
        "Contact",
        {"LastName": "Gil", "Email": "one@shown.example", "Title": "Director"},
    )
    put(
        fresh.hubspot,
        "contacts",
        {"lastname": "Gil", "email": "one@shown.example", "jobtitle": "Buyer"},
    )
    crm("pull")
    (view,) = crm("view", "show", " ONE@shown.example ", "--json", "--unmask").json
    assert view["entity"] == "contact"
    assert view["fields"]["email"]["value"] == "one@shown.example"
    assert view["fields"]["job_title"]["disagrees"]
    assert {ref.split("/")[0] for ref in view["records"]} == {"hubspot", "salesforce"}
    explained = crm("explain", "one@shown.example", "--field", "job_title", "--unmask").out
    assert "Director" in explained
    assert "Buyer" in explained
    assert "Director" not in crm("explain", "one@shown.example", "--field", "phone").out
    assert crm("view", "show", view["key"], "--json").json[0]["key"] == view["key"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "words"), [("en", "nobody found"), ("es", "no se encontró a nadie")]
)
def test_nobody_is_told_in_the_readers_language(
    workspace: Path, crm: Crm, language: str, words: str
) -> None:
    for line in (["view", "show", "x'; DROP TABLE y --"], ["explain", "nobody@acme.example"]):
        said = crm(*line, "--lang", language)
        assert (said.code, said.out) == (ExitCode.FAILED, "")
        assert words in said.err


@pytest.mark.slow
def test_runs_are_listed_newest_first_with_their_operations(
    workspace: Path, fresh: Served, crm: Crm
) -> None:
    crm("plan", "--no-pull", "-o", "plan.jsonl")
    applied = crm("apply", "plan.jsonl", "--approved-by", "Ana Ruiz", "--json").json
    rows = crm("runs", "--json").json
    assert [row["id"] for row in rows] == sorted((row["id"] for row in rows), reverse=True)
    assert (rows[0]["id"], rows[0]["verb"], rows[0]["approver"]) == (
        applied["run"],
        "apply",
        "Ana Ruiz",
    )
    ops = crm("runs", applied["run"], "--json").json
    assert len(ops) == sum(applied["states"].values())
    assert {op["state"] for op in ops} == {"VERIFIED"}
    assert applied["run"] in crm("runs").out
    assert ": written and read back\n    " in crm("runs", applied["run"]).out


@pytest.mark.slow
def test_the_language_of_the_workspace_counts_where_nobody_asks(workspace: Path, crm: Crm) -> None:
    mend(workspace, "crmsync.yml", "region: ES\n", "region: ES\nlanguage: es\n")
    assert (
        "por orden de prioridad" in crm("audit", "--no-pull").out
        or "Qué" in crm("audit", "--no-pull").out
    )
    assert "what to fix first at the top" in crm("audit", "--no-pull", "--lang", "en").out


@pytest.fixture(scope="module")
def hostile(both: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace over a CRM in which every name and every address is an attack."""
    from crmsync.commands.pull import pull
    from crmsync.commands.workspace import open_workspace

    before = both.hubspot.tables.dump()
    for text in HOSTILE.values():
        put(
            both.hubspot,
            "deals",
            {"dealname": text, "hs_is_closed_won": "true", "hs_is_closed": "true"},
        )
        put(
            both.hubspot,
            "contacts",
            *[{"lastname": text, "firstname": text, "email": "twin@evil.example"}] * 2,
        )
    put(
        both.hubspot,
        "companies",
        *[{"name": text, "domain": "evil.example"} for text in HOSTILE.values()],
    )
    folder = make_workspace(tmp_path_factory.mktemp("hostile") / "workspace", both.access)
    pull(open_workspace(folder))
    both.hubspot.tables.restore(before)
    both.hubspot.portal.refresh()
    return folder


@pytest.mark.slow_but("html")
@pytest.mark.parametrize("form", ["text", "md", "csv", "junit", "html", "json"])
def test_a_hostile_value_is_only_text_in_every_format(hostile: Path, crm: Crm, form: str) -> None:
    said = crm("audit", "--no-pull", "--unmask", "--format", form, "--workspace", hostile)
    assert said.code == ExitCode.OK
    assert not BAD.search(said.out.replace("\r\n", "\n"))
    if form != "json":
        assert "<script>alert" not in said.out
    if form == "csv":
        rows = list(csv.reader(io.StringIO(said.out.lstrip("\ufeff"))))
        assert len({len(row) for row in rows}) == 1
        assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t")]
    if form == "junit":
        assert ElementTree.fromstring(said.out).tag == "testsuites"
    if form == "json":
        assert orjson.loads(said.out)["audits"]


def test_a_hostile_value_does_nothing_to_a_terminal_in_a_plan(hostile: Path, crm: Crm) -> None:
    said = crm("plan", "--no-pull", "--unmask", "--samples", "500", "--workspace", hostile)
    assert said.code == ExitCode.OK, said.err
    assert not BAD.search(said.out)


@pytest.mark.slow
@pytest.mark.parametrize("who", ["evil.example", "twin@evil.example"])
def test_a_hostile_value_does_nothing_to_a_terminal_in_a_choice_nor_once_chosen(
    hostile: Path, crm: Crm, who: str
) -> None:
    offered = crm("view", "show", who, "--unmask", "--workspace", hostile)
    assert offered.code == ExitCode.FAILED
    keys = re.findall(r"^  (\w{8})  ", offered.out, re.MULTILINE)
    assert len(keys) >= len(HOSTILE)
    chosen = [crm("view", "show", key, "--unmask", "--workspace", hostile) for key in keys]
    chosen += [crm("explain", key, "--unmask", "--workspace", hostile) for key in keys[:3]]
    assert {each.code for each in chosen} == {ExitCode.OK}
    assert not [each.out for each in (offered, *chosen) if BAD.search(each.out)]


@pytest.mark.slow
def test_a_report_is_one_file_with_its_findings_beside_it(
    hostile: Path, crm: Crm, tmp_path: Path
) -> None:
    target = tmp_path / "informe.html"
    said = crm("report", "--lang", "es", "-o", target, "--workspace", hostile)
    assert said.out.strip() == str(target)
    page = target.read_text()
    assert '<html lang="es"' in page
    assert "<script>alert" not in page
    assert "evil.example" not in re.sub(
        r"masked|•", "", "".join(re.findall(r'(?:src|href)="([^"]*)"', page))
    )
    assert target.with_suffix(".csv").is_file()
    assert target.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("count", "said"), [(1, "1 note on"), (2, "2 notes on")])
def test_one_note_is_one_note(
    count: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("crmsync.language._current", "en")
    quiet = Problem("mappings/contact.yml", 1, 1, "CRM089", "a", "b")
    assert _loud([quiet] * count) == []
    assert capsys.readouterr().err == f"{said} value maps: crmsync lint --notes\n"
