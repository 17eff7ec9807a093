"""What a plan leaves to a person is told by reason: one sentence, how many, examples, where they open, what helps."""

from __future__ import annotations

import pytest
from report_samples import header

from crmsync.core.planning import ConflictLine, Held, Line
from crmsync.reports.plan_text import plan_text

ASK = "asks for a person's word before it creates here"


def held(n: int, system: str, reason: str = "ask") -> list[Line]:
    return [Held("contact", f"{system[0]}{i}", system, "contacts", reason) for i in range(n)]


def conflicts(n: int, reason: str = "disagree:hubspot,salesforce") -> list[Line]:
    sides = {"hubspot": "Vigo", "salesforce": "Lugo"}
    refs = {"hubspot": "contacts/701", "salesforce": "Contact/003A"}
    return [ConflictLine("contact", f"c{i}", "city", sides, refs, reason) for i in range(n)]


def doubt(*refs: str) -> list[Line]:
    return [Held("contact", "", "", "", "ambiguous:email", refs)]


def link(system: str, object_: str, id_: str) -> str | None:
    return f"https://{system}.example/{object_}/{id_}"


def told(lines: list[Line], language: str = "en", samples: int = 5) -> str:
    return plan_text(header(), lines, language, samples, links=link)


def test_what_is_held_back_for_one_reason_in_two_systems_is_one_sentence() -> None:
    said = told([*held(7, "salesforce"), *held(74, "hubspot")])
    assert said.count(ASK) == 1
    assert "? 81 records not created in HubSpot (74) and Salesforce (7): " in said
    assert "… 76 more of these (--samples 81 shows them)" in said


def test_every_reason_has_an_example_however_many_there_are() -> None:
    reasons = ("ask", "lookalike", "empty", "unseen", "never", "needs_merge", "condition:email")
    said = told([line for each in reasons for line in held(3, "hubspot", each)])
    assert said.count("HubSpot contact h0") == len(reasons)
    assert said.count("(--samples 21 shows them)") == len(reasons)
    assert "more of these" not in told(held(3, "hubspot") + held(3, "hubspot", "empty"), samples=6)


def test_a_reason_that_says_more_than_the_sentence_stands_with_its_line() -> None:
    said = told(held(1, "hubspot", "deleted:hubspot,2026-11-20"))
    assert "1 record not created in HubSpot: There was a record and it is gone" in said
    assert "      It was deleted in HubSpot on November 20, 2026" in said


def test_a_conflict_opens_in_both_crms_and_says_how_it_is_decided() -> None:
    said = told(conflicts(2))
    assert said.count("disagree, and the mapping leaves it to a person") == 1
    assert "HubSpot:     V•••  https://hubspot.example/contacts/701\n" in said
    assert "Salesforce:  L•••  https://salesforce.example/Contact/003A\n" in said
    for part in ("correct it in the CRM that is wrong", "`on_conflict`", "--unmask"):
        assert said.count(part) == 1


def test_a_nightly_run_says_how_many_and_how_without_examples() -> None:
    said = told(conflicts(2), samples=0)
    assert "! 2 conflicts: " in said
    assert "`on_conflict`" in said
    assert not any(part in said for part in ("--samples", "--unmask", "Vigo", "V•••"))


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "1 possible merge in Salesforce"), ("es", "1 posible fusión en Salesforce")],
)
def test_two_people_of_one_system_are_called_a_possible_merge(language: str, words: str) -> None:
    twins = ("hubspot/contacts/1", "salesforce/Contact/003A", "salesforce/Contact/003B")
    assert words in told(doubt(*twins), language)


@pytest.mark.parametrize(
    "refs",
    [
        ("hubspot/contacts/1", "salesforce/Contact/003A", "salesforce/Lead/00QA"),
        (
            "hubspot/contacts/1",
            "salesforce/Contact/3A",
            "salesforce/Contact/3B",
            "salesforce/Lead/0",
        ),
        (
            "hubspot/contacts/1",
            "hubspot/contacts/2",
            "salesforce/Contact/3A",
            "salesforce/Contact/3B",
        ),
    ],
)
def test_what_no_single_merge_would_settle_is_not_called_one(refs: tuple[str, ...]) -> None:
    said = told(doubt(*refs))
    assert "possible merge" not in said
    assert "? 1 match left to a person: These records share the e-mail address" in said
    assert f"https://{refs[-1].replace('/', '.example/', 1)}" in said
