"""`crmsync fix roles` over the simulated CRMs: what was planted is proposed, lists are written, no CRM is."""

from __future__ import annotations

import csv
import io
import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import crmsync
from cli.places import Said, Served, put
from crmsync.errors import ExitCode
from crmsync.sandbox.salesforce.becoming import convert_lead

Crm = Callable[..., Said]


def proposals(said: Said) -> list[dict[str, Any]]:
    assert said.code == ExitCode.OK
    rows: list[dict[str, Any]] = json.loads(said.out)["proposals"]
    return rows


@pytest.mark.slow
def test_every_planted_deal_without_a_role_counts_and_no_other_won_one(
    workspace: Path, crm: Crm
) -> None:
    audited = json.loads(crm("audit", "--no-pull", "--json").out)
    (found,) = (each["findings"] for each in audited["audits"] if each["id"] == "D06")
    keys = {each["key"] for each in found}
    said = crm("fix", "roles", "--won", "--json")
    body = json.loads(said.out)
    assert {row["key"] for row in proposals(said)} <= keys
    assert body["figures"]["won"] == audited["roles"]["won"] == len(keys) > 0
    assert audited["roles"] == body["figures"]


def test_nobody_is_proposed_twice_nor_added_who_is_there(
    workspace: Path, both: Served, crm: Crm
) -> None:
    rows = proposals(crm("fix", "roles", "--json"))
    pairs = [(row["system"], row["id"], row["contact_key"]) for row in rows]
    assert len(set(pairs)) == len(pairs) > 0
    dumped = both.salesforce.tables.dump()["OpportunityContactRole"]
    there = {(row["OpportunityId"], row["ContactId"]) for row in dumped.values()}
    added = {(row["id"], row["contact_id"]) for row in rows if row["step"] == "add"}
    assert there
    assert not there & added


@pytest.mark.slow
def test_the_list_is_written_for_its_owner_and_nothing_to_a_crm(
    workspace: Path, both: Served, crm: Crm
) -> None:
    before = both.salesforce.tables.dump(), both.hubspot.tables.dump()
    words = ("fix", "roles", "--accept", "weak", "--format", "dataloader")
    said = crm(*words, "--role", "Business User", "--out", "roles.csv")
    assert (said.code, said.out) == (ExitCode.OK, "")
    file = workspace / "roles.csv"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    wanted = [row for row in proposals(crm("fix", "roles", "--json"))
              if (row["system"], row["step"]) == ("salesforce", "add")]  # fmt: skip
    assert [(row["OpportunityId"], row["ContactId"]) for row in rows] == [
        (row["id"], row["contact_id"]) for row in wanted
    ]
    assert {row["Role"] for row in rows} == {"Business User"}
    assert sum(row["IsPrimary"] == "TRUE" for row in rows) == len({row["id"] for row in wanted})
    assert (both.salesforce.tables.dump(), both.hubspot.tables.dump()) == before


@pytest.mark.slow
def test_the_ending_of_the_file_says_the_format(workspace: Path, crm: Crm) -> None:
    assert crm("fix", "roles", "--out", "roles.json").code == ExitCode.OK
    assert json.loads((workspace / "roles.json").read_text())["proposals"]
    assert crm("fix", "roles", "--out", "roles.xlsx").code == ExitCode.OK
    assert (workspace / "roles.xlsx").read_bytes().startswith(b"PK")


MINE = """-- id: MY1
-- severity: info
-- entity: deal
-- category: roles
-- summary: {en: "Deals with somebody to propose", es: "Oportunidades con alguien a quien proponer"}
-- why: {en: "They could be attributed.", es: "Se podrían atribuir."}
-- remedy: {en: "crmsync fix roles", es: "crmsync fix roles"}
-- needs: [role_proposal]

SELECT DISTINCT system, object, id FROM role_proposal
"""


@pytest.mark.slow
def test_an_audit_of_ones_own_has_proposals_if_it_needs_them(workspace: Path, crm: Crm) -> None:
    (workspace / "audits" / "MY1_proposals.sql").write_text(MINE)
    audited = json.loads(crm("audit", "--no-pull", "--select", "MY1", "--json").out)
    wanted = {row["id"] for row in proposals(crm("fix", "roles", "--json"))}
    assert {each["id"] for each in audited["audits"][0]["findings"]} == wanted
    assert audited["roles"] is None


@pytest.mark.slow
def test_a_lead_that_was_converted_with_its_deal_is_certain(
    workspace: Path, fresh: Served, crm: Crm
) -> None:
    org = fresh.salesforce
    (lead,) = put(
        org, "Lead", {"LastName": "Gil", "Company": "Nueva Umbra", "Status": "Open - Not Contacted"}
    )
    became = convert_lead(org, {"lead": lead, "opportunity": "Nueva"})
    org.tables.commit()
    assert crm("pull", "--system", "salesforce").code == ExitCode.OK
    wanted = (became["opportunity"], became["contact"])
    (row,) = [r for r in proposals(crm("fix", "roles", "--json")) if r["id"] == wanted[0]]
    assert ((row["id"], row["contact_id"]), row["evidence"], row["step"]) == (
        wanted,
        "role",
        "name",
    )
    held = org.tables.rows("OpportunityContactRole")
    (made,) = [id_ for id_, each in held if each["OpportunityId"] == wanted[0]]
    org.rows.drop("OpportunityContactRole", made)
    org.tables.commit()
    assert crm("pull", "--system", "salesforce", "--full").code == ExitCode.OK
    (row,) = [r for r in proposals(crm("fix", "roles", "--json")) if r["id"] == wanted[0]]
    assert ((row["id"], row["contact_id"]), row["evidence"], row["step"]) == (
        wanted,
        "conversion",
        "add",
    )
    assert row["evidence_id"] == lead


@pytest.mark.slow
def test_python_has_the_same_rows(workspace: Path, crm: Crm) -> None:
    table = crmsync.open(workspace).roles(pull=False)
    assert table.rows == proposals(crm("fix", "roles", "--json"))
    assert table.missing == {}


def test_a_list_needs_a_grade(workspace: Path, crm: Crm) -> None:
    said = crm("fix", "roles", "--format", "hubspot")
    assert (said.code, said.out) == (ExitCode.USAGE, "")
    assert "--accept" in said.err


def test_a_system_nobody_has_is_named(workspace: Path, crm: Crm) -> None:
    said = crm("fix", "roles", "--system", "sap")
    assert said.code == ExitCode.FAILED
    assert "no system 'sap'" in said.err
    assert "hubspot" in said.err


@pytest.mark.slow
def test_better_grades_come_with_a_grade_and_systems_apart(workspace: Path, crm: Crm) -> None:
    strong = proposals(crm("fix", "roles", "--accept", "strong", "--json"))
    everything = proposals(crm("fix", "roles", "--json"))
    assert strong == [row for row in everything if row["grade"] in ("certain", "strong")]
    assert len(strong) < len(everything)
    for system in ("salesforce", "hubspot"):
        one = proposals(crm("fix", "roles", "--system", system, "--json"))
        assert one == [row for row in everything if row["system"] == system]


def test_the_language_of_the_reader_is_spoken(workspace: Path, crm: Crm) -> None:
    said = crm("fix", "roles", "--lang", "es")
    assert "Son propuestas: no se ha escrito nada en ningún CRM." in said.out
    assert "Oportunidades" in said.out
