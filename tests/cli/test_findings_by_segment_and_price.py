"""Findings counted by what a workspace divides its customers into, and what they cost in money."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cli.conftest import Crm
from cli.places import mend
from crmsync.commands.audit import audit
from crmsync.commands.workspace import open_workspace
from crmsync.core.countries import country_of
from crmsync.errors import ExitCode
from crmsync.reports.as_json import audit_json
from crmsync.reports.as_xlsx import findings_xlsx
from crmsync.reports.facts import ReportFacts
from crmsync.reports.text import audit_text

SETTINGS = """\
audits:
  segments:
    country: {contact: country, company: country}
  teams: {Iberia: [%s]}
  prices: {hour: 60, marketing_contact: 0.5}
  settings:
    C22: {price: 3.0}
"""


def rows_of(workspace: Path, query: str) -> list[tuple[object, ...]]:
    from crmsync.commands.columns import open_columns

    opened = open_workspace(workspace)
    with opened.store() as store, open_columns(opened, store) as columns:
        return list(columns.db.execute(query).fetchall())


@pytest.fixture(scope="module")
def told(read: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ReportFacts]:
    import shutil

    folder = Path(shutil.copytree(read, tmp_path_factory.mktemp("segments") / "workspace"))
    ((owner, _),) = rows_of(
        folder,
        "SELECT owner, count(*) FROM row_company WHERE owner IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1",
    )
    mend(folder, "crmsync.yml", "name: tried\n", "name: tried\n" + SETTINGS % str(owner).upper())
    selected = audit(open_workspace(folder), select=["C05", "M01", "C18", "C21", "C22", "D10"])
    return folder, selected


@pytest.mark.slow
def test_every_finding_of_an_entity_is_in_one_segment(told: tuple[Path, ReportFacts]) -> None:
    _, facts = told
    counted = [each for each in facts.segments if each.segment == "country"]
    found = [f for r in facts.results for f in r.findings if f.entity in ("contact", "company")]
    assert sum(each.findings for each in counted) == len(found) > 0
    assert sum(each.errors for each in counted) == sum(f.severity == "error" for f in found)
    assert len([each for each in counted if each.findings]) > 1


def test_the_customers_of_all_segments_are_all_customers(told: tuple[Path, ReportFacts]) -> None:
    folder, facts = told
    ((contacts,),) = rows_of(folder, "SELECT count(DISTINCT key) FROM row_contact")
    ((companies,),) = rows_of(folder, "SELECT count(DISTINCT key) FROM row_company")
    counted = [each for each in facts.segments if each.segment == "country"]
    assert sum(each.customers for each in counted) == int(str(contacts)) + int(str(companies))


def test_a_finding_is_counted_where_its_record_says(told: tuple[Path, ReportFacts]) -> None:
    folder, facts = told
    by_id = {
        (str(a), str(b)): country_of(str(c)) or c
        for a, b, c in rows_of(
            folder, "SELECT object, id, country FROM row_company WHERE country IS NOT NULL"
        )
    }
    named = [
        by_id.get((f.object or "", f.id or ""))
        for r in facts.results if r.audit.id == "M01" for f in r.findings
    ]  # fmt: skip
    assert any(named)
    for value in {each for each in named if each}:
        (counted,) = [c for c in facts.segments if (c.segment, c.value) == ("country", value)]
        assert counted.findings >= named.count(value)


def test_a_country_is_one_however_it_is_written(told: tuple[Path, ReportFacts]) -> None:
    folder, facts = told
    written = {str(c) for (c,) in rows_of(folder, "SELECT DISTINCT country FROM row_contact")}
    assert {"Spain", "España"} <= written
    values = [each.value for each in facts.segments if each.segment == "country"]
    assert "ES" in values
    assert not {"Spain", "España"} & set(values)


def test_a_team_is_whose_owners_are_in_it(told: tuple[Path, ReportFacts]) -> None:
    _, facts = told
    teams = {each.value for each in facts.segments if each.segment == "team"}
    assert teams == {"Iberia", None}
    (iberia,) = [
        each for each in facts.segments if (each.segment, each.value) == ("team", "Iberia")
    ]
    assert iberia.customers > 0


def test_a_marketing_contact_costs_what_the_workspace_says(told: tuple[Path, ReportFacts]) -> None:
    _, facts = told
    prices = {
        r.audit.id: r.audit.params["price"] for r in facts.results if "price" in r.audit.params
    }
    assert prices == {"C18": 0.5, "C21": 0.5, "C22": 3.0}
    amounts = {f.amount for r in facts.results if r.audit.id == "C18" for f in r.findings}
    assert amounts <= {0.5}


def test_text_json_and_workbook_say_it(told: tuple[Path, ReportFacts], tmp_path: Path) -> None:
    _, facts = told
    text = audit_text(facts, "es")
    assert "Hallazgos por country" in text
    assert "Hallazgos por team" in text
    assert "60\xa0€" in text or "€" in text.split("Cómo")[1]
    body = json.loads(audit_json(facts))
    assert {each["segment"] for each in body["segments"]} == {"country", "team"}
    (found,) = [each for each in body["audits"] if each["id"] == "M01"]
    assert found["work_cost"] == found["minutes"] > 0, "an hour costs 60"
    path = tmp_path / "found.xlsx"
    path.write_bytes(findings_xlsx(facts, "en"))
    book = load_workbook(path)
    assert book.sheetnames[:3] == ["Summary", "country", "team"]
    assert [cell.value for cell in book["country"][1]] == [
        "Segment",
        "Findings",
        "Errors",
        "Customers",
    ]
    assert "Cost, about" in [cell.value for cell in book["Summary"][1]]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("segments: {country: {contcat: country}}", "CRM106 no entity 'contcat' (did you mean 'contact'?)"),
        ("segments: {country: {contact: contry}}", "CRM106 contact has no field 'contry' (did you mean 'country'?)"),
        ("prices: {huor: 3}", "CRM002 unknown key 'huor' (did you mean 'hour'?)"),
        ("prices: {hour: -3}", "CRM004 audits.prices.hour: -3 does not fit"),
    ],
)  # fmt: skip
def test_a_slip_in_them_has_its_place(workspace: Path, crm: Crm, text: str, says: str) -> None:
    mend(workspace, "crmsync.yml", "name: tried\n", f"name: tried\naudits:\n  {text}\n")
    said = crm("lint")
    assert said.code == ExitCode.CONFIG_INVALID
    assert says in said.out
    assert "crmsync.yml:3:" in said.out
