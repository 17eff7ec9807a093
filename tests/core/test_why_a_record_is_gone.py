"""What is said of a record that went: the last thing that happened to it, or only that it is gone."""

from __future__ import annotations

from crmsync.core.absences import Absence, reason_of
from crmsync.core.records import Ref
from crmsync.reports.absence_text import absence_text
from crmsync.reports.reasons import in_short, reason_text

ANA = Ref("salesforce", "Contact", "003A")
EVA = Ref("salesforce", "Contact", "003E")


def test_without_a_word_of_the_system_it_is_only_gone() -> None:
    assert reason_of("salesforce", []) == "gone"
    assert reason_of("salesforce", [Absence(ANA)]) == "gone"


def test_the_last_of_several_counts() -> None:
    first = Absence(ANA, "2026-11-20T09:30:00.000Z")
    last = Absence(EVA, "2026-11-21T09:30:00.000Z", "merged", "003X")
    assert reason_of("salesforce", [last, first]) == "merged_away:salesforce,2026-11-21,003X"
    assert reason_of("salesforce", [first]) == "deleted:salesforce,2026-11-20"


def test_it_is_a_sentence_with_the_day() -> None:
    said = reason_text("deleted:salesforce,2026-11-20", "en")
    assert said.startswith("It was deleted in Salesforce on November 20, 2026")
    said = reason_text("merged_away:salesforce,2026-11-20,003X", "es")
    assert said.startswith("Se fusionó en Salesforce el 20 de noviembre de 2026 con 003X")


def test_all_of_them_are_counted_together() -> None:
    assert {in_short(code) for code in ("gone", "deleted:salesforce,2026-11-20")} == {"gone"}
    merged = ("merged_away:salesforce,2026-11-20,003X", "merged_away:hubspot,,5")
    assert {in_short(code) for code in merged} == {"merged_away"}
    assert in_short("ask") == "ask"
    assert reason_text("merged_away", "en").startswith("It was merged into another record;")


def test_a_merge_of_unknown_day_still_names_the_record_in_its_place() -> None:
    absence = Absence(Ref("hubspot", "contacts", "1"), "", "merged", "5")
    assert absence_text(absence, "en") == "merged into 5"
    assert absence_text(absence, "es") == "fusionado con 5"
    reason = reason_of("hubspot", [absence])
    assert reason_text(reason, "en").startswith("It was merged in HubSpot into 5;")
    assert reason_text(reason, "es").startswith("Se fusionó en HubSpot con 5;")
