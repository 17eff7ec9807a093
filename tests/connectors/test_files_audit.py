"""Two exports of two CRMs, no credentials: a full audit, with the reference mapping as it is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crmsync.commands.answers import Chosen
from crmsync.commands.audit import audit
from crmsync.commands.init import init
from crmsync.commands.pull import pull
from crmsync.commands.workspace import open_workspace
from crmsync.config.project import read_project
from crmsync.errors import ConfigInvalid, Problem

PROJECT = """\
name: exports
currency: EUR
region: ES
timezone: Europe/Madrid
systems:
  salesforce:
    kind: files
    folder: exports/salesforce
    objects:
      Account: {file: "accounts*.xlsx"}
      Contact: {file: "contacts*.xlsx"}
      Lead: {file: "leads*.xlsx"}
      Opportunity: {file: "opportunities*.xlsx"}
  hubspot:
    kind: files
    folder: exports/hubspot
    objects:
      companies: {file: "*companies*.xlsx"}
      contacts: {file: "*contacts*.xlsx"}
      deals: {file: "*deals*.xlsx"}
"""


def book(path: Path, *rows: list[Any], title: str = "") -> None:
    """A workbook; with a title it has what Salesforce puts around a report."""
    workbook = openpyxl.Workbook()
    page = workbook.active
    path.parent.mkdir(parents=True, exist_ok=True)
    if title:
        page.append([title])
        page.append(["As of 2026-11-20 10:12:13 Europe/Madrid"])
        page.append([])
    for row in rows:
        page.append(row)
    if title:
        page.append(["Total", len(rows) - 1])
        page.append(["Confidential Information - Do Not Distribute"])
    workbook.save(path)


def salesforce(folder: Path) -> None:
    book(
        folder / "accounts 2026-11-20.xlsx",
        ["Account ID", "Account Name", "Website", "Phone", "Billing City", "Billing Country", "Employees",
         "Billing Street", "Parent Account ID"],
        ["0015g00000AbCd1", "Alfa SL", "alfa.example", "911234567", "Madrid", "España", 12, "Mayor 1", None],
        ["0015g00000AbCd2", "Alfa S.L.", "www.alfa.example", None, "Madrid", "España", None, None, None],
        title="Cuentas",
    )  # fmt: skip
    person = ["First Name", "Last Name", "Email", "Phone", "Mobile", "Title", "Email Opt Out"]
    book(
        folder / "contacts.xlsx",
        ["Contact ID", *person, "Mailing City", "Mailing Country", "Account ID"],
        ["0035g00000AbCd1", "Ana", "Ruiz", "ana@alfa.example", "911234567", None, "CEO", 1, None, "España",
         "0015g00000AbCd1"],
        ["0035g00000AbCd2", "Bea", "Soto", "bea@alfa.example", None, None, None, 0, None, None, None],
        title="Contactos",
    )  # fmt: skip
    book(
        folder / "leads.xlsx",
        ["Lead ID", *person, "City", "Country", "Converted"],
        ["00Q5g00000AbCd1", "Ana", "Ruiz", "ana@alfa.example", None, None, None, 0, None, None, 0],
        ["00Q5g00000AbCd2", "Eva", "Gil", "eva@beta.example", None, None, None, 0, None, None, 1],
        title="Candidatos",
    )
    book(
        folder / "opportunities.xlsx",
        ["Opportunity ID", "Opportunity Name", "Amount", "Close Date", "Stage", "Account ID", "Won", "Closed"],
        ["0065g00000AbCd1", "Alfa 2026", 1200.5, "30/06/2026", "Closed Won", "0015g00000AbCd1", 1, 1],
        ["0065g00000AbCd2", "Alfa 2027", 900, "05/06/2027", "Prospecting", None, 0, 0],
        title="Oportunidades",
    )  # fmt: skip


def hubspot(folder: Path) -> None:
    book(
        folder / "hubspot-crm-exports-all-companies.xlsx",
        ["ID de registro", "Nombre de la empresa", "Nombre de dominio de la empresa", "Número de teléfono",
         "Dirección", "Ciudad", "País/región", "Número de empleados"],
        [9001, "Alfa", "alfa.example", "+34 911 23 45 67", None, "Madrid", "España", 12],
    )  # fmt: skip
    book(
        folder / "hubspot-crm-exports-all-contacts.xlsx",
        ["Record ID", "First Name", "Last Name", "Email", "Phone Number", "Mobile Phone Number", "Job Title",
         "City", "Country/Region", "Unsubscribed from all email", "Lifecycle Stage",
         "Associated Company IDs"],
        [101, "Ana", "Ruiz", "ana@alfa.example", "0034911234567", None, "CEO", None, None, False, "Lead",
         "9001"],
        [102, "Ana", "Ruiz", "ana@alfa.example", None, None, None, None, None, "maybe", "Customer", None],
    )  # fmt: skip
    book(
        folder / "hubspot-crm-exports-all-deals.xlsx",
        ["Record ID", "Deal Name", "Amount", "Close Date", "Deal Stage", "Is Closed Won", "Is Deal Closed?",
         "Associated Company IDs", "Associated Contact IDs"],
        [501, "Alfa 2026", 1200.5, "2026-06-30 18:00", "Closed Won (Sales Pipeline)", "true", "true", "9001",
         "101"],
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "crmsync.yml").write_text(PROJECT, encoding="utf-8")
    salesforce(tmp_path / "exports" / "salesforce")
    hubspot(tmp_path / "exports" / "hubspot")
    exports = (Chosen(n, "files", str(tmp_path / "exports" / n)) for n in ("salesforce", "hubspot"))
    init(tmp_path, systems=tuple(exports))  # crmsync.yml stays as it is
    return tmp_path


def now() -> datetime:
    return datetime(2026, 11, 21, tzinfo=UTC)


def test_two_excel_exports_give_a_full_audit_without_a_credential(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)  # files are found from the workspace, wherever one stands
    workspace = open_workspace(folder, now=now)
    told: list[str] = []
    pulled = pull(workspace, tell=told.append)
    assert pulled.complete
    rows = {(s.manifest.system, s.manifest.object): s.manifest.rows for s in pulled.snapshots}
    assert {place: count for place, count in rows.items() if place[1][0] != "_"} == {
        ("hubspot", "companies"): 1,
        ("hubspot", "contacts"): 2,
        ("hubspot", "deals"): 1,
        ("salesforce", "Account"): 2,
        ("salesforce", "Contact"): 2,
        ("salesforce", "Lead"): 2,
        ("salesforce", "Opportunity"): 2,
    }
    facts = audit(workspace, profile="all")
    found = {result.audit.id: len(result.findings) for result in facts.results}
    assert found["C05"] == 2  # two HubSpot contacts share an address
    assert found["D10"] == 1  # a deal without a company
    assert found["M01"] == 2  # two accounts share a domain
    assert found["L09"] == 1  # the lead is open, which an export spells 0
    checked = {result.audit.id for result in facts.results if not result.not_checked}
    assert {"C05", "D10", "M01", "L09", "L06", "L11", "G02"} <= checked
    filled = {(one.entity, one.field, one.system) for one in facts.completeness}
    assert ("deal", "close_date", "hubspot") in filled


def test_every_value_is_understood_but_the_one_that_is_none(folder: Path) -> None:
    from crmsync.commands.columns import open_columns

    workspace = open_workspace(folder, now=now)
    pull(workspace)
    wrong = set()
    with workspace.store() as store, open_columns(workspace, store) as columns:
        for entity in columns.mapping.entities:
            for each in entity.fields:
                if each.type != "reference":
                    query = (
                        f"SELECT system, {each.field}_raw FROM row_{entity.entity} "
                        f'WHERE "{each.field}" IS NULL AND {each.field}_raw IS NOT NULL'
                    )
                    wrong |= {(each.field, *row) for row in columns.db.execute(query).fetchall()}
        days = columns.db.execute("SELECT close_date FROM row_deal ORDER BY 1").fetchall()
    assert wrong == {("opted_out", "hubspot", "maybe")}
    assert [day for (day,) in days] == ["2026-06-30", "2026-06-30", "2027-06-05"]


def test_a_column_that_was_not_exported_is_told_and_not_taken_for_blank(folder: Path) -> None:
    book(
        folder / "exports" / "hubspot" / "hubspot-crm-exports-all-deals.xlsx",
        ["Record ID", "Deal Name", "Amount"],
        [501, "Alfa 2026", 1200.5],
    )
    workspace = open_workspace(folder, now=now)
    told: list[str] = []
    pull(workspace, tell=told.append)
    assert any("deals has no column for" in line and "closedate" in line for line in told)
    facts = audit(workspace, profile="all")
    shown = {(one.field, one.system) for one in facts.completeness if one.entity == "deal"}
    assert ("company", "salesforce") in shown
    assert not {("company", "hubspot"), ("close_date", "hubspot")} & shown


def test_one_object_alone_is_enough(folder: Path) -> None:
    text = PROJECT[: PROJECT.index("  hubspot:")]
    for line in ("      Account", "      Lead", "      Opportunity"):
        start = text.index(line)
        text = text[:start] + text[text.index("\n", start) + 1 :]
    (folder / "crmsync.yml").write_text(text, encoding="utf-8")
    workspace = open_workspace(folder, now=now)
    assert [entity.entity for entity in workspace.mapping.entities] == ["contact"]
    assert pull(workspace).complete
    assert "C05" in {result.audit.id for result in audit(workspace).results}


def test_a_filter_of_the_mapping_cannot_be_left_out_of_an_export(folder: Path) -> None:
    book(
        folder / "exports" / "salesforce" / "leads.xlsx",
        ["Lead ID", "Last Name", "Email"],
        ["00Q5g00000AbCd1", "Ruiz", "ana@alfa.example"],
    )
    with pytest.raises(ConfigInvalid, match="salesforce Lead has no readable field 'IsConverted'"):
        pull(open_workspace(folder, now=now))


def test_settings_are_texts_but_for_objects(tmp_path: Path) -> None:
    text = "name: x\nsystems:\n  crm: {kind: files, folder: [a], objects: c}\n"
    (tmp_path / "crmsync.yml").write_text(text)
    problems = read_project(tmp_path)
    assert isinstance(problems, list)
    assert {(one.line, one.code, one.message) for one in problems if isinstance(one, Problem)} == {
        (3, "CRM004", "systems.crm.folder: a list does not fit"),
        (3, "CRM004", "systems.crm.objects: 'c' does not fit"),
    }


def test_a_password_in_the_address_of_a_database_is_refused(tmp_path: Path) -> None:
    text = "name: x\nsystems:\n  crm: {kind: sql, url: 'postgresql://me:hunter2@db.example/crm'}\n"
    (tmp_path / "crmsync.yml").write_text(text)
    problems = read_project(tmp_path)
    assert isinstance(problems, list)
    assert [one.code for one in problems] == ["CRM022"]
    assert "hunter2" not in str(problems)


def test_opt_outs_are_read_in_the_words_of_people_and_excel(folder: Path) -> None:
    """Nobody wrote `values`: the reference mapping as it is, in both systems."""
    said = ["Sí", "VERDADERO", "Yes", "si", "x", "No", "FALSO", "n", None, "quizá"]
    text = PROJECT.replace('      Lead: {file: "leads*.xlsx"}\n', "")
    (folder / "crmsync.yml").write_text(text, encoding="utf-8")
    book(
        folder / "exports" / "salesforce" / "contacts.xlsx",
        ["Contact ID", "Last Name", "Email", "Email Opt Out"],
        *([f"0035g00000AbCd{n}", "Gil", f"p{n}@alfa.example", word] for n, word in enumerate(said)),
    )
    read = rows(folder, "SELECT opted_out FROM row_contact WHERE object = 'Contact' ORDER BY id")
    assert read == [*["true"] * 5, *["false"] * 3, None, None]


def test_leads_are_left_out_by_the_words_of_people(folder: Path) -> None:
    book(
        folder / "exports" / "salesforce" / "leads.xlsx",
        ["Lead ID", "Last Name", "Email", "Converted"],
        ["00Q5g00000AbCd1", "Ruiz", "ana@alfa.example", "No"],
        ["00Q5g00000AbCd2", "Gil", "eva@beta.example", "Sí"],
    )
    read = rows(folder, "SELECT id[:15] FROM row_contact WHERE object = 'Lead'")
    assert read == ["00Q5g00000AbCd1"]


def rows(folder: Path, query: str) -> list[str | None]:
    """The one column of a query over the columns of the exports."""
    from crmsync.commands.columns import open_columns

    workspace = open_workspace(folder, now=now)
    pull(workspace)
    with workspace.store() as store, open_columns(workspace, store) as columns:
        return [one for (one,) in columns.db.execute(query).fetchall()]
