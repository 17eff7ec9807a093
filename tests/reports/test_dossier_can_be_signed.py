"""The dossier as a page and as a workbook: well-formed, accessible, offline, and harmless whatever it holds."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from dossier_samples import CONTACT, make_dossier
from openpyxl import load_workbook
from report_page import Page
from test_report_hostile_values import HOSTILE
from test_report_html_form import LOADING

import crmsync.reports
from crmsync.core.mapping import Entity, Field, WorkspaceMapping
from crmsync.reports.dossier import Dossier
from crmsync.reports.dossier_html import dossier_html
from crmsync.reports.dossier_xlsx import dossier_xlsx

CSS = Path(crmsync.reports.__file__).parent / "templates" / "dossier.css"
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", '=HYPERLINK("https://evil.example","x")']


@pytest.fixture(params=["en", "es"])
def page(request: pytest.FixtureRequest) -> Page:
    return Page(dossier_html(make_dossier(), request.param))


def test_the_page_is_well_formed_and_in_its_language(page: Page) -> None:
    assert not page.wrong
    assert not page.open
    assert page.all("html")[0]["lang"] in ("en", "es")


def test_headings_tables_and_lists_can_be_heard(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(page.all("caption")) == len(page.all("table")) > 3
    assert all(attrs.get("scope") in ("col", "row") for attrs in page.all("th"))
    assert all(
        attrs.get("tabindex") == "0" for attrs in page.all("div") if attrs.get("class") == "scroll"
    )


def test_every_id_is_unique_and_every_link_leads_somewhere(page: Page) -> None:
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = {(a["href"] or "")[1:] for a in page.all("a")}
    named = {attrs["aria-labelledby"] for _, attrs in page.elements if "aria-labelledby" in attrs}
    assert targets
    assert (targets | named) <= set(ids)


def test_nothing_is_loaded_nothing_runs_and_nothing_leads_away(page: Page) -> None:
    assert not LOADING & {tag for tag, _ in page.elements}
    assert not {
        name
        for _, attrs in page.elements
        for name in attrs
        if name.startswith("on") or name == "src"
    }
    (policy,) = [m["content"] or "" for m in page.all("meta") if "http-equiv" in m]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';")
    assert all((a["href"] or "").startswith("#") for a in page.all("a"))
    assert "url(" not in CSS.read_text()


def test_there_is_place_for_two_signatures_and_a_date(page: Page) -> None:
    text = " ".join(page.texts)
    assert "November 21, 2026" in text or "21 de noviembre de 2026" in text
    assert len([each for each in page.texts if each in ("Signature", "Firma")]) == 2


def test_paper_is_a4_and_colours_are_those_of_the_report() -> None:
    css = CSS.read_text()
    assert "size: A4" in css
    assert "break-before: page" in css
    colours = set(re.findall(r"#[0-9a-f]{3,6}\b", css))
    assert colours <= {"#5d5850"}, "colours come from the report's, whose contrast is tested"


def hostile(text: str) -> Dossier:
    """A dossier with the text wherever a file, a CRM or a person may have put it."""
    doc = {"en": text, "es": text}
    names = {"salesforce": {"Contact": text}, "hubspot": text}
    values = {"salesforce": {text: text}}
    fields = [Field(text, text, names, doc=doc, why=text, values=values, order=[text])]  # type: ignore[arg-type]
    entity = Entity(text, CONTACT.seats, [text], fields, doc=doc)  # type: ignore[arg-type]
    made = make_dossier(mapping=WorkspaceMapping((entity,), text))
    writers = tuple(replace(each, name=text, agreed=text, circles=(text,)) for each in made.writers)
    return replace(made, title=text, workspace=text, version=text, writers=writers)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_a_value_cannot_leave_its_place_in_the_page(text: str) -> None:
    harmless = Page(dossier_html(hostile("plain"), "en"))
    shown = dossier_html(hostile(text), "en")
    page = Page(shown)
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in harmless.elements]
    assert not page.wrong
    assert len(shown) < 100_000
    assert not any("\u202e" in each or "\x1b" in each for each in page.texts)
    shown.encode("utf-8")


@pytest.mark.parametrize("text", [*HOSTILE, *FORMULAS], ids=lambda text: ascii(text[:20]))
def test_no_cell_of_the_workbook_runs(text: str) -> None:
    book = load_workbook(io.BytesIO(dossier_xlsx(hostile(text), "es")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}
    starts = tuple("=+-@＝")
    assert not [c.value for c in cells for part in c.value.split("\n") if part.startswith(starts)]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_workbook_has_a_sheet_an_entity_with_a_head_that_stays(language: str) -> None:
    book = load_workbook(io.BytesIO(dossier_xlsx(make_dossier(), language)))
    people = {"en": "People", "es": "Personas"}[language]
    assert people in book.sheetnames
    sheet = book[people]
    assert sheet.freeze_panes == "B2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert [row[0].value for row in sheet.iter_rows(min_row=2)][1] == {
        "en": "Direct line\nphone",
        "es": "Teléfono directo\nphone",
    }[language]
    assert all(cell.alignment.wrap_text for row in sheet.iter_rows() for cell in row)


def test_the_workbook_says_what_the_page_says() -> None:
    book = load_workbook(io.BytesIO(dossier_xlsx(make_dossier(), "en")))
    said = "\n".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    )
    for text in (
        "Salesforce ⇄ HubSpot",
        "texts of more than 255 characters are cut",
        "Salesforce wins. Where it has no value",
        "HubSpot-Salesforce connector writes HubSpot contacts.phone",
        "Created where E-mail has a value",
        "exports/orders",
        "Signature",
        "Working",
    ):
        assert text in said


def test_sheets_of_one_name_are_told_apart() -> None:
    fields = [Field("name", "text", {"salesforce": "Name"})]
    doc = {"en": "A name with ten words that is far too long for a sheet: [x]"}
    twins = tuple(Entity(name, CONTACT.seats, ["key"], fields, doc=doc) for name in ("a", "b"))  # type: ignore[arg-type]
    book = load_workbook(
        io.BytesIO(dossier_xlsx(make_dossier(mapping=WorkspaceMapping(twins, "-")), "en"))
    )
    assert len({name.casefold() for name in book.sheetnames}) == len(book.sheetnames)
    assert all(len(name) <= 31 for name in book.sheetnames)
