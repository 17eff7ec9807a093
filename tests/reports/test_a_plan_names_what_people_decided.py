"""A link that people decided is read before it is made: both names, who decided, when and why, masked unless asked."""

from __future__ import annotations

import pytest
from report_samples import header

from crmsync.core.planning import Line, LinkDecision, LinkLine
from crmsync.reports.decided_links import decided_json
from crmsync.reports.plan_text import plan_text
from crmsync.reports.rows import plan_rows

MAIL = "ana.gil" + "@home.example"
ONE, OTHER, THIRD = "hubspot/contacts/7", "salesforce/Contact/003A", f"shop/buyers/{MAIL}"
FIRST = LinkDecision(ONE, OTHER, "Eva Sanz", "2026-11-20", f"Ana uses {MAIL}, too")
SECOND = LinkDecision(OTHER, THIRD, "Leo", "2026-11-21")
NAMES = {ONE: "Ana Gil", OTHER: "Anita Gil"}


def linked(*decided: LinkDecision, how: str = "decided") -> LinkLine:
    refs = (("hubspot", "contacts", "7"),)
    return LinkLine("contact", "a-key", refs, how, decided, NAMES)


def link(system: str, object_: str, id_: str) -> str | None:
    """Where a record opens: the shop has no pages."""
    return None if system == "shop" else f"https://{system}.example/{object_}/{id_}"


def told(*lines: Line, language: str = "en", unmask: bool = False, samples: int = 5) -> str:
    return plan_text(header(), lines, language, samples, unmask=unmask, links=link)


def test_a_decided_link_is_told_with_both_records_and_who_decided_when_and_why() -> None:
    said = told(linked(FIRST), unmask=True)
    assert "= 1 link: people decided that these records are one.\n" in said
    assert "hubspot/contacts/7       Ana Gil    https://hubspot.example/contacts/7\n" in said
    assert "salesforce/Contact/003A  Anita Gil  https://salesforce.example/Contact/003A\n" in said
    assert f"Eva Sanz, November 20, 2026: Ana uses {MAIL}, too" in said


def test_names_addresses_and_ids_that_are_addresses_are_masked_unless_asked() -> None:
    said = told(linked(FIRST, SECOND))
    shown = str([*decided_json([linked(FIRST, SECOND)]), *plan_rows([linked(FIRST, SECOND)])])
    for text in (said, shown):
        assert "Gil" not in text
        assert MAIL not in text
        assert "A••• G•••" in text
        assert "shop/buyers/" in text or "'buyers'" in text
    assert MAIL in told(linked(SECOND), unmask=True)
    assert "A••• uses a•••@h•••.example, too" in said


def test_of_several_decisions_each_says_about_whom() -> None:
    said = told(linked(FIRST, SECOND))
    assert f"{ONE} = {OTHER}: Eva Sanz" in said
    assert f"{OTHER} = shop/buyers/a•••@h•••.example: Leo, November 21, 2026" in said


def test_a_link_that_a_rule_made_is_counted_and_not_told_one_by_one() -> None:
    assert "people decided" not in told(linked(how="email"))
    assert decided_json([linked(how="email")]) == []


def test_what_is_not_shown_is_counted() -> None:
    said = told(linked(FIRST), linked(FIRST), linked(FIRST), samples=2)
    assert "= 3 links: people decided" in said
    assert "… 1 more of these (--samples 3 shows it)" in said


@pytest.mark.parametrize("language", ["en", "es"])
def test_decided_links_are_told_in_the_language_of_the_reader(language: str) -> None:
    word = {"en": "people decided", "es": "alguien decidió"}[language]
    day = {"en": "November 20, 2026", "es": "20 de noviembre de 2026"}[language]
    said = told(linked(FIRST), language=language)
    assert word in said
    assert day in said


def test_programs_get_the_records_of_a_decided_link_with_names_and_decisions() -> None:
    (body,) = decided_json([linked(FIRST)], unmask=True)
    assert [(each["system"], each["id"], each["name"]) for each in body["records"]] == [
        ("hubspot", "7", "Ana Gil"),
        ("salesforce", "003A", "Anita Gil"),
    ]
    (decided,) = body["decided"]
    assert (decided["by"], decided["on"], decided["note"]) == ("Eva Sanz", FIRST.on, FIRST.note)
    rows = [*plan_rows([linked(FIRST)], unmask=True)]
    assert [(row["kind"], row["id"], row["after"]) for row in rows] == [
        ("link", "7", "Ana Gil"),
        ("link", "003A", "Anita Gil"),
    ]
