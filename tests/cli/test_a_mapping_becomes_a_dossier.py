"""`crmsync lint --dossier` writes what a client signs, and only of a mapping in which nothing is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from cli.conftest import Crm
from cli.places import Served, mend
from crmsync.errors import ExitCode

PHONES = """\
writers:
  - name: Connector
    kind: native_connector
    copies:
      - {from: salesforce/Contact.Phone, to: hubspot/contacts.phone, rule: two_way}
"""


def test_a_page_with_what_the_last_read_said_of_the_fields(workspace: Path, crm: Crm) -> None:
    said = crm("lint", "--dossier", "dossier.html", "--lang", "es")
    assert said.code == ExitCode.OK
    assert said.err.endswith("Dosier: dossier.html\n")
    assert said.out.endswith("Sin problemas.\n")
    page = Path("dossier.html").read_text(encoding="utf-8")
    assert '<html lang="es">' in page
    assert "Teléfono directo" in page
    assert "se redondea a 2 decimales" in page
    assert Path("dossier.html").stat().st_mode & 0o077 == 0


def test_a_workbook_in_the_language_of_the_workspace(workspace: Path, crm: Crm) -> None:
    mend(workspace, "crmsync.yml", "region: ES\n", "region: ES\nlanguage: es\n")
    assert crm("lint", "--dossier", "dossier.XLSX").code == ExitCode.OK
    assert load_workbook("dossier.XLSX").sheetnames[0] == "Portada"


def test_without_a_read_nothing_is_made_up_and_nothing_is_left_behind(
    both: Served, tmp_path: Path, crm: Crm
) -> None:
    assert crm("init", "--yes").code == ExitCode.OK
    assert crm("lint", "--dossier", "dossier.html").code == ExitCode.OK
    assert "Not measured: the systems were not read yet." in Path("dossier.html").read_text()
    assert not Path(".crmsync").exists()


@pytest.mark.parametrize("name", ["dossier.pdf", "dossier", ".html.txt"])
def test_another_ending_is_refused_before_anything_is_done(
    workspace: Path, crm: Crm, name: str
) -> None:
    said = crm("lint", "--dossier", name, "--lang", "es")
    assert (said.code, said.out) == (ExitCode.FAILED, "")
    assert "Use un nombre que termine en .html" in said.err
    assert not Path(name).exists()


def test_a_mapping_with_problems_is_not_for_signing(workspace: Path, crm: Crm) -> None:
    with (workspace / "crmsync.yml").open("a") as file:
        file.write(PHONES)
    said = crm("lint", "--dossier", "dossier.html")
    assert said.code == ExitCode.CONFIG_INVALID
    assert "CRM067" in said.out
    assert not Path("dossier.html").exists()


def test_an_agreed_circle_stands_in_the_dossier(workspace: Path, crm: Crm) -> None:
    with (workspace / "crmsync.yml").open("a") as file:
        file.write(PHONES + "    agreed: it stays until March\n")
    assert crm("lint", "--dossier", "dossier.html").code == ExitCode.OK
    page = Path("dossier.html").read_text()
    assert "it stays until March" in page
    assert "[crmsync contact.phone]" in page


def test_a_plan_names_what_another_writer_writes_too(workspace: Path, crm: Crm) -> None:
    spots = "{from: salesforce/Contact.Title, to: hubspot/contacts.jobtitle, rule: two_way}"
    more = "{from: salesforce/Account.BillingCity, to: hubspot/companies.city, rule: two_way}"
    with (workspace / "crmsync.yml").open("a") as file:
        file.write(PHONES + f"      - {spots}\n      - {more}\n")
    said = crm("plan", "--no-pull")
    assert "  Connector: writes " in said.out, said.out
    assert "Others write there, too" in said.out


def test_a_folder_that_cannot_be_written_is_told(workspace: Path, crm: Crm) -> None:
    said = crm("lint", "--dossier", "nowhere/dossier.html", "--lang", "es")
    assert said.code == ExitCode.FAILED
    assert "no se puede escribir el dosier" in said.err
