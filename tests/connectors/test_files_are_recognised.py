"""What an export seems to be is told by its headers; what could be two things is left to a person."""

from __future__ import annotations

import os
from pathlib import Path

import openpyxl
import pytest

from connectors.test_files_audit import hubspot, salesforce
from crmsync.connectors.files.recognising import Export, recognise

CONTACTS = (
    "Contact ID,First Name,Last Name,Email,Phone,Title,Account ID\n003A,Ana,Ruiz,a@b.example,,,\n"
)
PEOPLE = "Nombre;Apellidos;Correo electrónico;Teléfono;Cargo\nAna;Ruiz;a@b.example;911234567;CEO\n"


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def the_one(folder: Path, kind: str = "") -> Export:
    (export,) = recognise(folder, kind).exports
    return export


def test_whose_exports_they_are_and_which_object_each_holds(tmp_path: Path) -> None:
    salesforce(tmp_path / "sf")
    hubspot(tmp_path / "hs")
    ours, theirs = recognise(tmp_path / "sf"), recognise(tmp_path / "hs")
    assert (ours.kind, theirs.kind) == ("salesforce", "hubspot")
    assert {each.object: each.pattern for each in ours.exports} == {
        "Account": "accounts*.xlsx",
        "Contact": "contacts*.xlsx",
        "Lead": "leads*.xlsx",
        "Opportunity": "opportunities*.xlsx",
    }
    assert [each.object for each in theirs.exports] == ["companies", "contacts", "deals"]


def test_what_could_be_of_either_system_is_left_open(tmp_path: Path) -> None:
    put(tmp_path, "clientes.csv", PEOPLE)
    found = recognise(tmp_path)
    assert found.kind == ""
    assert the_one(tmp_path).object == ""
    assert set(the_one(tmp_path).likely) == {"Contact", "Lead", "contacts"}
    assert the_one(tmp_path, "hubspot").object == "contacts"


def test_a_contact_and_a_lead_of_the_same_columns_are_not_told_apart(tmp_path: Path) -> None:
    put(tmp_path, "clientes.csv", PEOPLE)
    assert the_one(tmp_path, "salesforce").object == ""
    assert the_one(tmp_path, "salesforce").likely == ("Contact", "Lead")


def test_a_file_of_something_else_is_nothing(tmp_path: Path) -> None:
    put(tmp_path, "stock.csv", "SKU,Shelf\n1,2\n")
    put(tmp_path, "~$stock.xlsx", "")
    put(tmp_path, "notes.docx", "")
    assert the_one(tmp_path) == Export("stock.csv", columns=2, headers=("SKU", "Shelf"))


def test_a_header_that_is_there_twice_counts_and_is_for_a_person(tmp_path: Path) -> None:
    head = "Record ID,First Name,Email,Email,Lifecycle Stage"
    put(tmp_path, "contacts.csv", f"{head}\n1,Ana,a@b.example,c@d.example,Lead\n")
    found = the_one(tmp_path, "hubspot")
    assert (found.object, found.clashes) == ("contacts", (("email", ("Email (1)", "Email (2)")),))


def test_a_report_of_two_objects_stands_back_where_one_has_a_file_of_its_own(
    tmp_path: Path,
) -> None:
    people = "First Name,Last Name,Email,Title,Phone"
    joined = (
        "Account: Account Name,Account: Phone,Contact: First Name,Contact: Last Name,Contact: Email,"
        "Contact: Title"
    )
    put(tmp_path, "Accounts-Contacts.csv", f"{joined}\nNorte,911,Ana,Ruiz,ana@norte.example,CEO\n")
    assert the_one(tmp_path, "salesforce").object == "Contact"
    put(tmp_path, "Contacts.csv", f"{people}\nAna,Ruiz,ana@norte.example,CEO,911\n")
    both, alone = recognise(tmp_path, "salesforce").exports
    assert (both.object, alone.object) == ("", "Contact")
    assert both.aside == "a report of several objects; Contact is in Contacts.csv"


@pytest.mark.parametrize(
    ("name", "object_"),
    [("Contacts.csv", "Contact"), ("leads 2026-11-01.csv", "Lead"), ("our people.csv", "")],
)
def test_columns_that_two_objects_share_are_told_apart_by_the_name_of_the_file(
    tmp_path: Path, name: str, object_: str
) -> None:
    put(tmp_path, name, "First Name,Last Name,Email,Title,Phone\nAna,Ruiz,a@b.example,CEO,911\n")
    assert the_one(tmp_path, "salesforce").object == object_


def test_the_newest_of_one_name_counts_and_the_older_says_so(tmp_path: Path) -> None:
    for number, name in enumerate(("contacts 2026-01-01.csv", "contacts 2026-02-01.csv")):
        os.utime(put(tmp_path, name, CONTACTS), (number, number))
    old, new = recognise(tmp_path).exports
    assert (new.object, new.pattern) == ("Contact", "contacts*.csv")
    assert (old.object, old.aside) == ("", "older than contacts 2026-02-01.csv")


def test_two_files_of_one_object_are_for_a_person(tmp_path: Path) -> None:
    put(tmp_path, "madrid.csv", CONTACTS)
    put(tmp_path, "sevilla.csv", CONTACTS)
    found = recognise(tmp_path).exports
    assert [(each.object, each.likely) for each in found] == [("", ("Contact",))] * 2
    assert "sevilla.csv" in found[0].why


def test_a_pattern_takes_in_no_other_file(tmp_path: Path) -> None:
    put(tmp_path, "people 1.csv", CONTACTS)
    put(tmp_path, "people of the shop.csv", "SKU,Shelf\n1,2\n")
    assert recognise(tmp_path).exports[0].pattern == "people 1.csv"


def test_a_name_with_signs_of_patterns_is_taken_as_it_is(tmp_path: Path) -> None:
    put(tmp_path, "[new] contacts.csv", CONTACTS)
    (found,) = tmp_path.glob(the_one(tmp_path).pattern)
    assert found.name == "[new] contacts.csv"


def test_each_filled_sheet_of_a_workbook_is_looked_into(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    for name, rows in {
        "Personas": CONTACTS,
        "Cuentas": "Account ID,Account Name,Website,Industry\n001A,Alfa,alfa.example,\n",
    }.items():
        page = book.create_sheet(name)
        for line in rows.splitlines():
            page.append(line.split(","))
    book.save(tmp_path / "todo.xlsx")
    found = {each.sheet: each.object for each in recognise(tmp_path).exports}
    assert found == {"Personas": "Contact", "Cuentas": "Account"}


def test_how_cells_are_written_is_told_or_left_open(tmp_path: Path) -> None:
    head = "Opportunity ID;Opportunity Name;Amount;Close Date;Stage\n"
    put(tmp_path, "opps.csv", f"{head}006A;Uno;1.234,50;25/12/2026;Closed Won\n")
    clear = the_one(tmp_path)
    assert (clear.decimal, clear.dates, clear.doubts) == (",", "dmy", ())
    put(tmp_path, "opps.csv", f"{head}006A;Uno;1.234;03/04/2026;Closed Won\n")
    open_ = the_one(tmp_path)
    assert (open_.decimal, open_.dates) == ("", "")
    assert {(each.column, each.setting) for each in open_.doubts} == {
        ("Amount", "decimal"),
        ("Close Date", "dates"),
    }


def test_a_header_that_is_nearly_a_label_is_pointed_out(tmp_path: Path) -> None:
    put(tmp_path, "contacts.csv", CONTACTS.replace("Last Name", "Last Nam"))
    assert the_one(tmp_path).near == (("LastName", "Last Nam"),)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", "a,b;c\n1,2;3\n".encode("cp1252")), ("a.xlsx", b"no workbook")],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    found = the_one(tmp_path, "salesforce")
    assert found.object == ""
    assert found.why
