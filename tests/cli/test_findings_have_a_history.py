"""Findings over time and among people: a baseline, new and fixed, accepted, left out, and who answers for them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from cli.conftest import Crm
from cli.places import Served, make_workspace, mend, put, served
from crmsync.errors import ExitCode


@pytest.fixture
def both() -> Iterator[Served]:
    with served() as found:
        yield found


@pytest.fixture
def workspace(both: Served, tmp_path: Path) -> Path:
    """Two deals of no company in a portal, one of them owned: D10 objects to both."""
    owner = put(both.hubspot, "owners", {"email": "ana@ventas.example", "firstName": "Ana"})[0]
    put(both.hubspot, "deals", {"dealname": "Uno", "hubspot_owner_id": owner}, {"dealname": "Dos"})
    return make_workspace(tmp_path / "workspace", both.access)


def audited(crm: Crm, *more: str) -> dict[str, Any]:
    said = crm("audit", "--json", "--select", "D10", *more)
    assert said.code == ExitCode.OK, said.err
    body: dict[str, Any] = json.loads(said.out)
    return body


def ids_of(body: dict[str, Any]) -> list[str]:
    return [each["id"] for each in body["audits"][0]["findings"]]


def give_company(both: Served, deal: str) -> None:
    (company,) = put(both.hubspot, "companies", {"name": "Acme", "domain": "acme.example"})
    both.hubspot.associate("deals", deal, "companies", company, [5, 341])
    both.hubspot.tables.commit()


def test_the_first_audit_is_the_baseline_and_the_next_says_what_became_of_it(
    workspace: Path, both: Served, crm: Crm
) -> None:
    first = audited(crm)
    assert (first["compared_with"], first["audits"][0]["change"]) == (None, None)
    give_company(both, ids_of(first)[0])
    put(both.hubspot, "deals", {"dealname": "Tres"})
    second = audited(crm)
    assert second["audits"][0]["change"] == {"new": 1, "fixed": 1, "open": 1}
    assert sorted(each["new"] for each in second["audits"][0]["findings"]) == [False, True]


@pytest.mark.slow
def test_the_score_is_compared_with_the_last_one_of_the_same_audits(
    workspace: Path, both: Served, crm: Crm
) -> None:
    first = json.loads(crm("audit", "--json").out)["score"]
    assert first["earlier"] == []
    both.hubspot.tables.commit()
    second = json.loads(crm("audit", "--json", "--no-pull").out)["score"]
    assert [each["overall"] for each in second["earlier"]] == [first["overall"]]


@pytest.mark.slow
def test_a_score_by_other_rules_begins_a_new_line_and_a_waiver_does_not(
    workspace: Path, crm: Crm
) -> None:
    def earlier() -> int:
        said = crm("audit", "--json", "--no-pull")
        assert said.code == ExitCode.OK, said.err
        return len(json.loads(said.out)["score"]["earlier"])

    assert crm("pull").code == ExitCode.OK
    assert earlier() == 0
    waiver = "{audit: D10, who: all, reason: a, approver: b, until: 2099-12-31}"
    (workspace / "audits" / "waivers.yml").write_text(f"waivers:\n  - {waiver}\n")
    assert earlier() == 1
    tell(workspace, "  settings: {D03: {days: 999}}\n")
    assert earlier() == 0
    rule = "{audits: [D10], entity: deal, where: {name: [Uno]}, reason: tests}"
    mend(workspace, "crmsync.yml", "audits:\n", f"audits:\n  exclude:\n    - {rule}\n")
    assert earlier() == 0
    mend(workspace, "crmsync.yml", "reason: tests", "reason: another")
    assert earlier() == 1
    mend(workspace, "crmsync.yml", "name: tried\n", "name: tried\nagreement: {days: 30}\n")
    assert earlier() == 0
    wider = json.loads(crm("audit", "--json", "--no-pull", "--profile", "all").out)["score"]
    assert wider["earlier"] == []
    assert json.loads(crm("audit", "--json", "--select", "D10").out)["score"] is None


@pytest.mark.slow
def test_the_text_says_it_in_a_line(workspace: Path, both: Served, crm: Crm) -> None:
    assert "This is the first audit" in crm("audit", "--select", "D10").out
    put(both.hubspot, "deals", {"dealname": "Tres"})
    said = crm("audit", "--select", "D10", "--lang", "es").out
    assert "nuevos, 1; resueltos, 0; siguen abiertos, 2" in said


@pytest.mark.slow
def test_an_audit_of_other_checks_in_between_is_no_baseline_of_this_one(
    workspace: Path, crm: Crm
) -> None:
    audited(crm)
    crm("audit", "--no-pull", "--select", "C05")
    assert audited(crm, "--no-pull")["audits"][0]["change"] == {"new": 0, "fixed": 0, "open": 2}


def test_an_audit_that_is_asked_for_the_first_time_is_a_baseline_of_its_own(
    workspace: Path, crm: Crm
) -> None:
    audited(crm)
    text = (workspace / "audits" / "D10_deal_without_company.sql").read_text(encoding="utf-8")
    (workspace / "audits" / "Z10_again.sql").write_text(text.replace("id: D10", "id: Z10"))
    alone = crm("audit", "--no-pull", "--select", "Z10")
    assert "This is the first audit" in alone.out
    (workspace / "audits" / "Z11_again.sql").write_text(text.replace("id: D10", "id: Z11"))
    both = ("audit", "--no-pull", "--select", "D10", "--select", "Z11")
    (known, first) = json.loads(crm(*both, "--json").out)["audits"]
    assert (known["change"], first["change"]) == ({"new": 0, "fixed": 0, "open": 2}, None)
    assert {each["new"] for each in first["findings"]} == {None}


def test_findings_of_the_first_time_are_told_apart(workspace: Path, crm: Crm) -> None:
    audited(crm)
    said = crm("audit", "--no-pull", "--select", "D10", "--select", "D01").out
    assert "Since " in said
    text = (workspace / "audits" / "D10_deal_without_company.sql").read_text(encoding="utf-8")
    (workspace / "audits" / "Z10_again.sql").write_text(text.replace("id: D10", "id: Z10"))
    said = crm("audit", "--no-pull", "--select", "D10", "--select", "Z10").out
    assert "0 new, 0 fixed, 2 still open. 2 findings of audits asked for the first time" in said


def test_several_audits_are_selected_with_commas(workspace: Path, crm: Crm) -> None:
    audited(crm)
    said = crm("audit", "--no-pull", "--json", "--select", "D10, D01", "--select", "C05")
    assert [each["id"] for each in json.loads(said.out)["audits"]] == ["C05", "D01", "D10"]
    wrong = crm("audit", "--no-pull", "--select", "D10,X99")
    assert wrong.code == ExitCode.CONFIG_INVALID
    assert "no audit 'X99'" in wrong.err


def waive(workspace: Path, who: str, until: str = "2099-12-31") -> None:
    text = f"waivers:\n  - {{audit: D10, who: {who}, reason: test deals, approver: ana, until: {until}}}\n"
    (workspace / "audits" / "waivers.yml").write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_a_waiver_takes_a_finding_out_of_the_numbers(workspace: Path, crm: Crm) -> None:
    one, two = ids_of(audited(crm))
    waive(workspace, f"[hubspot/deals/{one}]")
    body = audited(crm, "--no-pull")
    assert (ids_of(body), body["audits"][0]["waived"]) == ([two], 1)
    assert body["audits"][0]["change"] == {"new": 0, "fixed": 0, "open": 1}
    assert "1 finding is accepted by a waiver" in crm("audit", "--no-pull").out


@pytest.mark.slow
def test_a_waiver_that_is_over_is_told_and_covers_nothing(workspace: Path, crm: Crm) -> None:
    waive(workspace, "all", "2020-01-01")
    assert len(ids_of(audited(crm))) == 2
    assert "1 waiver is over" in crm("audit", "--no-pull").out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("waivers:\n  - {audit: D99, who: all, reason: a, approver: b, until: 2030-01-01}\n",
         "audits/waivers.yml:2:6 CRM096 no audit 'D99' (did you mean '"),
        ("waivers:\n  - {audit: D10, who: [], reason: ' ', approver: b, until: 2030-01-01}\n",
         "audits/waivers.yml:2:18 CRM105 a waiver is for nobody"),
        ("waivers:\n  - {audit: D10, who: all, reason: a, approver: b, until: soon}\n", "until"),
        ("waivers:\n  - {audit: D10, who: all, approver: b, until: 2030-01-01}\n", "'reason' is missing"),
    ],
)  # fmt: skip
def test_a_waiver_that_says_too_little_is_told_with_its_place(
    workspace: Path, crm: Crm, text: str, says: str
) -> None:
    (workspace / "audits" / "waivers.yml").write_text(text, encoding="utf-8")
    said = crm("lint")
    assert said.code == ExitCode.CONFIG_INVALID
    assert says in said.out + said.err


def tell(workspace: Path, text: str) -> None:
    mend(workspace, "crmsync.yml", "name: tried\n", f"name: tried\naudits:\n{text}")


@pytest.mark.slow
def test_records_that_a_workspace_leaves_out_are_counted_apart(workspace: Path, crm: Crm) -> None:
    rule = "{audits: [D10], entity: deal, where: {name: [Uno, null]}, reason: tests}"
    tell(workspace, f"  exclude:\n    - {rule}\n")
    body = audited(crm)
    assert (len(ids_of(body)), body["audits"][0]["excluded"]) == (1, 1)
    assert body["audits"][0]["eligible"] == 1
    mend(workspace, "crmsync.yml", "{name: [Uno, null]}", "{}")
    whole = audited(crm, "--no-pull")["audits"][0]
    assert (whole["eligible"], whole["excluded"], whole["findings"]) == (0, 2, [])


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("{audits: [D99], entity: deal, where: {}, reason: a}", "no audit 'D99'"),
        ("{audits: all, entity: deel, where: {}, reason: a}", "no entity 'deel' (did you mean 'deal'?)"),
        ("{audits: all, entity: deal, where: {nmae: [a]}, reason: a}", "deal has no field 'nmae'"),
    ],
)  # fmt: skip
def test_a_rule_that_names_nothing_there_is_told(
    workspace: Path, crm: Crm, rule: str, says: str
) -> None:
    tell(workspace, f"  exclude:\n    - {rule}\n")
    said = crm("lint")
    assert says in said.out + said.err


@pytest.mark.slow
def test_a_steward_answers_for_an_audit_else_the_owner_else_who_is_named_for_all(
    workspace: Path, crm: Crm
) -> None:
    def people() -> list[str | None]:
        return sorted(str(e["responsible"]) for e in audited(crm)["audits"][0]["findings"])

    assert people() == ["None", "ana@ventas.example"]
    tell(workspace, "  stewards: {all: ops@acme.example}\n")
    assert people() == ["ana@ventas.example", "ops@acme.example"]
    mend(workspace, "crmsync.yml", "{all: ops", "{D10: eva@acme.example, deal: leo, all: ops")
    assert people() == ["eva@acme.example"] * 2


@pytest.mark.slow
def test_the_workbook_has_a_sheet_for_each_of_them(workspace: Path, crm: Crm) -> None:
    import os
    import subprocess
    import sys

    command = [sys.executable, "-m", "crmsync", "audit", "--select", "D10", "--format", "xlsx"]
    done = subprocess.run(
        command, cwd=workspace, capture_output=True, check=True, env={**os.environ}
    )
    names = load_workbook(io.BytesIO(done.stdout)).sheetnames
    assert names == ["Summary", "ana@ventas.example", "Nobody", "All findings"]


@pytest.mark.slow
def test_a_pipeline_gets_annotations(workspace: Path, crm: Crm) -> None:
    (line,) = crm("audit", "--select", "D10", "--format", "github").out.splitlines()
    assert line.startswith("::error file=audits/D10_deal_without_company.sql,line=1,title=D10%3A ")
    assert "2 / 2. " in line
