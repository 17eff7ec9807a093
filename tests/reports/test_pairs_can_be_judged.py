"""Whoever judges a pair sees e-mails, phones, companies, what is proposed, words in place of codes, and links."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from crmsync.commands.duplicates import Asked
from crmsync.core.duplicate_groups import (
    Alike,
    DuplicateGroup,
    DuplicatePair,
    DuplicateRecord,
    count_tiers,
)
from crmsync.core.duplicates import ContactPoints
from crmsync.core.records import Ref
from crmsync.reports.as_xlsx import fill_sheet
from crmsync.reports.decision_heads import columns_named
from crmsync.reports.duplicates_book import duplicates_xlsx
from crmsync.reports.duplicates_guards import GUARDS
from crmsync.reports.duplicates_rows import (
    COLUMNS,
    duplicates_csv,
    duplicates_json,
    pair_rows,
)
from crmsync.reports.duplicates_text import duplicates_markdown, duplicates_text
from crmsync.reports.duplicates_words import DuplicateReport, Looked
from crmsync.warehouse.duplicates.subjects import SUBJECTS

READ = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
MAIL, WORK = "ana.gil" + "@home.example", "agil" + "@acme.example"
BORN = "1981-07-14"
FIRST, SECOND = Ref("shop", "buyers", MAIL), Ref("shop", "buyers", WORK)
ANA = DuplicateRecord(
    FIRST,
    "a",
    "Ana Gil",
    (("email", MAIL), ("phone", "+34600123456"), ("birth_date", BORN)),
    ties=3,
)
ANITA = DuplicateRecord(SECOND, "b", "Anita Gil", (("email", WORK), ("city", "Vigo")))
HERS = DuplicateRecord(Ref("hubspot", "contacts", "7"), "c", "A. Gil")
POINTS = {
    FIRST: ContactPoints(MAIL, "+34600123456", "Acme Norte"),
    SECOND: ContactPoints(WORK, "", "Acme Norte"),
}
LINKS = {
    ("hubspot", "contacts", "7"): "https://hubspot.example/7",
    ("shop", "buyers", MAIL): "http://127.0.0.1:8000/1",
}
GUARD = "two_answers_to_mail"


def pair(one: Ref, other: Ref, **more: Any) -> DuplicatePair:
    return DuplicatePair(one, other, 0.997, (Alike("email", "other", -2.0),), GUARD, **more)


def report(*pairs: DuplicatePair) -> DuplicateReport:
    group = DuplicateGroup(
        "contact", 1, "review", (HERS, ANA, ANITA), pairs or (pair(FIRST, SECOND),)
    )
    looked = (Looked("contact", "person", 900, 40),)
    return DuplicateReport(
        tuple(count_tiers([group])), (group,), looked, READ, LINKS, points=POINTS
    )


def only_row(language: str, *, unmask: bool = False) -> dict[str, str]:
    text = duplicates_csv(report(), language, unmask=unmask).removeprefix("\ufeff")
    (row,) = csv.DictReader(io.StringIO(text), delimiter=";" if language == "es" else ",")
    return row


def book(language: str, *pairs: DuplicatePair, unmask: bool = False) -> Workbook:
    return load_workbook(io.BytesIO(duplicates_xlsx(report(*pairs), language, unmask=unmask)))


def test_a_pair_shows_what_a_person_judges_by_and_what_is_proposed() -> None:
    row = only_row("en", unmask=True)
    assert (row["one_email"], row["other_email"]) == (MAIL, WORK)
    assert (row["one_phone"], row["other_phone"]) == ("'+34600123456", "")
    assert (row["one_company"], row["other_company"]) == ("Acme Norte", "Acme Norte")
    assert (row["one_facts"], row["other_facts"]) == (BORN, "Vigo"), "told once"
    assert (row["one_what"], row["other_what"]) == ("keep", "merge")


def test_all_of_it_is_masked_unless_asked() -> None:
    row = only_row("en")
    assert (row["one_email"], row["one_phone"]) == ("a•••@h•••.example", "'+34 ••• ••56")
    assert row["one_company"] == "A••• N•••"
    text = str(row) + str([*pair_rows(report(), "es")]) + duplicates_json(report(), "en")
    cells = [str(cell.value) for sheet in book("en") for line in sheet.iter_rows() for cell in line]
    for shown in (text, " ".join(cells)):
        assert not [
            part for part in ("Gil", "600123456", "Norte", MAIL, WORK, "Vigo") if part in shown
        ]


def test_a_date_of_birth_is_masked_wherever_it_is_shown() -> None:
    for made in (duplicates_text, duplicates_markdown, duplicates_csv, duplicates_json):
        assert BORN not in made(report(), "en")
        assert "1981" not in made(report(), "en")
    assert BORN in duplicates_text(report(), "en", unmask=True)


def test_an_id_that_is_an_address_is_masked_wherever_it_is_shown() -> None:
    for made in (duplicates_text, duplicates_markdown, duplicates_csv, duplicates_json):
        said = made(report(pair(FIRST, SECOND), pair(FIRST, HERS.ref)), "en")
        assert not [mail for mail in (MAIL, WORK) if mail in said]
        assert "a•••" in said
    assert MAIL in duplicates_text(report(), "en", unmask=True)
    assert only_row("en", unmask=True)["one_id"] == MAIL, "so that it can be decided"


def test_a_spanish_list_is_in_words_that_are_read_back() -> None:
    from crmsync.config.decision_rows import same_of
    from crmsync.reports.decision_heads import entity_called

    said = report(pair(FIRST, SECOND, decided="unsure"))
    text = duplicates_csv(said, "es").removeprefix("\ufeff")
    (row,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert (row["entity"], row["tier"], row["decision"]) == ("contacto", "por revisar", "duda")
    assert (row["guard"], row["one_what"]) == ("uno rechazó los correos y el otro no", "conservar")
    assert (entity_called(row["entity"], ["contact"]), same_of(row["decision"])) == (
        "contact",
        "unsure",
    )
    english = only_row("en")
    assert (english["entity"], english["tier"], english["one_what"]) == (
        "contact",
        "review",
        "keep",
    )
    assert english["guard"] == "one said no to e-mails, the other did not"
    assert json.loads(duplicates_json(said, "es"))["pairs"][0]["guard"] == GUARD


def test_every_guard_has_words_of_its_own() -> None:
    named = {guard.name for each in SUBJECTS.values() for guard in each.guards}
    assert named == set(GUARDS)
    assert len(set(GUARDS.values())) == len(GUARDS)


@pytest.mark.parametrize("language", ["en", "es"])
def test_links_are_clicked_in_the_column_of_each_record(language: str) -> None:
    pairs = book(language, pair(FIRST, HERS.ref)).worksheets[1]
    places = {name: at for at, name in enumerate(COLUMNS, 1)}
    one, other = (pairs.cell(2, places[f"{side}_link"]) for side in ("one", "other"))
    assert (one.hyperlink.target, other.hyperlink.target) == (one.value, other.value)
    assert other.value == "https://hubspot.example/7"
    linked = [cell for line in pairs.iter_rows() for cell in line if cell.hyperlink]
    assert len(linked) == 2


def test_a_sheet_has_no_more_links_than_excel_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmsync.reports.as_xlsx._MOST_LINKS", 4)
    sheet = Workbook().create_sheet("x")
    row = ["https://a.example", "b", "https://c.example"]
    fill_sheet(sheet, ["a", "b", "c"], iter([row] * 5), linked=(0, 2))
    assert len([cell for line in sheet.iter_rows() for cell in line if cell.hyperlink]) == 4
    assert sheet.max_row == 6


def test_counts_and_probabilities_are_numbers_of_a_workbook() -> None:
    made = book("es")
    assert [cell.value for cell in made.worksheets[0][2]] == ["contacto", "por revisar", 1, 3, 1, 1]
    at = list(COLUMNS).index("probability") + 1
    assert made.worksheets[1].cell(2, at).value == 0.997


def test_a_phone_stands_in_a_workbook_as_it_is_written() -> None:
    at = list(COLUMNS).index("one_phone") + 1
    assert book("en", unmask=True).worksheets[1].cell(2, at).value == "+34600123456"
    assert book("en").worksheets[1].cell(2, at).value == "+34 ••• ••56"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "None of these groups is what was asked for."),
        ("es", "Ninguno de estos grupos es lo que se pidió."),
    ],
)
def test_where_nothing_is_what_was_asked_for_it_is_said_and_counted(
    language: str, said: str
) -> None:
    told = duplicates_text(replace(report(), groups=()), language)
    assert said in told
    assert told.splitlines()[1].split()[-4:] == ["1", "3", "1", "1"], "the counts stand above it"
    assert said not in duplicates_text(report(), language)
    assert said not in duplicates_text(replace(report(), groups=(), counts=()), language)


GROUP = report().groups[0]


@pytest.mark.parametrize(
    ("words", "accept", "taken"),
    [
        ((None, None), "review", True),
        ((None, None), "sure", False),
        (("unsure", None), "review", False),
        (("yes", "unsure"), "review", False),
        (("yes", None), "review", True),
        (("yes", "yes"), "decided", True),
        (("yes", "no"), "decided", False),
        (("yes", "unsure"), "decided", False),
        (("yes", None), "decided", False),
        ((None, None), "", True),
        (("yes", "unsure"), "", False),
        (("unsure", None), "", True),
    ],
)
def test_what_somebody_doubts_is_in_no_list_of_merges(
    words: tuple[Any, ...], accept: str, taken: bool
) -> None:
    pairs = (
        pair(FIRST, SECOND, decided=words[0]),
        pair(FIRST, HERS.ref, decided=words[1]),
    )
    assert Asked(accept=accept).takes(replace(GROUP, pairs=pairs)) is taken
    assert Asked(accept="sure").takes(replace(GROUP, tier="sure", pairs=pairs)) is not (
        "unsure" in words
    )


def test_a_workbook_is_read_back_by_its_heads() -> None:
    heads = [str(cell.value) for cell in book("es").worksheets[1][1]]
    assert {"entity", "one_id", "other_id", "decision", "note"} <= set(columns_named(heads))
