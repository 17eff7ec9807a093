"""The tables beside the findings: true numbers, in both languages, one line where there is nothing to say."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from profile_samples import make_profile, make_stages
from report_samples import make_facts

from crmsync.core.auditing import address_of
from crmsync.core.profile import DataProfile, DuplicateCounts, StageGap
from crmsync.reports.as_json import audit_json
from crmsync.reports.facts import Completeness, ReportFacts
from crmsync.reports.html import render
from crmsync.reports.page import Block, Reader, block
from crmsync.reports.panels import SHADES, Panel, shade_of
from crmsync.reports.panels_of import PANELS, panels_of


@pytest.fixture
def facts() -> ReportFacts:
    return replace(make_facts({"G02": 1}), profile=make_profile(), lifecycle=make_stages())


def only(facts: ReportFacts, category: str, language: str = "en") -> Panel:
    (panel,) = panels_of(facts, category, language)
    return panel


def texts(panel: Panel, table: int = 0) -> dict[str, list[str]]:
    return {
        name: [f"{cell.text} {cell.beside}".strip() for cell in cells]
        for name, cells in panel.grids[table].rows
    }


def test_agreement_shows_what_differs_and_names_the_rest(facts: ReportFacts) -> None:
    panel = only(facts, "consistency")
    assert panel.grids[0].heads[3:5] == ("Only HubSpot", "Only Salesforce")
    assert texts(panel) == {"phone": ["2,400", "312", "90", "4,100", "88%"]}
    assert panel.notes == ("Contact. The same wherever both systems say something: email.",)


def test_completeness_has_a_column_for_each_object_of_a_system() -> None:
    cells = tuple(
        Completeness("contact", field, "salesforce", filled, 10, {}, object_)
        for field, object_, filled in [
            ("email", "Contact", 9), ("email", "Lead", 1), ("name", "Contact", 10), ("fax", "Lead", 0),
            ("rating", "Lead", 5),
        ]
    )  # fmt: skip
    panel = only(replace(make_facts({}), completeness=cells), "completeness")
    assert panel.grids[0].heads == (
        "Field",
        "Salesforce Contact, 10 records",
        "Salesforce Lead, 10 records",
    )
    assert texts(panel) == {"email": ["90%", "10%"], "rating": ["–", "50%"]}
    shades = [cell.shade for cell in panel.grids[0].rows[0][1]]
    assert shades[0] > shades[1] > 0
    assert panel.notes == (
        "Contact. Full in every record: name.",
        "Contact. Empty in every record: fax.",
    )


def test_steps_back_are_marked_by_more_than_a_colour(facts: ReportFacts) -> None:
    _, moves = panels_of(facts, "lifecycle", "en")
    assert texts(moves) == {
        "Lead": ["", "1,200", "·"],
        "MQL": ["◂ 31", "", "88"],
        "Customer": ["·", "·", ""],
    }
    assert moves.notes[0].startswith("HubSpot: 31 of 1,319 moves led back")


def test_stages_of_one_system_stand_against_statuses_of_the_other(facts: ReportFacts) -> None:
    stages, _ = panels_of(facts, "lifecycle", "en")
    assert texts(stages) == {"Lead": ["100", "100", "30"], "Customer": ["9", "9", "9"]}
    assert stages.grids[1].heads == ("HubSpot", "Open", "Customer", "no stage")
    assert texts(stages, 1) == {"Lead": ["30", "·", "70"], "Customer": ["·", "9", "·"]}


def test_deals_without_anybody_are_worth_something_in_each_currency(facts: ReportFacts) -> None:
    panel = only(facts, "roles")
    assert panel.said.startswith("10 of 52 open deals name nobody (€12,000 and $700).")
    assert texts(panel) == {
        "Salesforce · Negotiation": ["40", "10 25%", "€12,000 and $700 2 without an amount"],
        "Salesforce · Proposal": ["12", "0", "–"],
    }


def test_where_every_deal_names_somebody_there_is_one_line_and_no_table() -> None:
    gaps = (StageGap("salesforce", "", "Proposal", 12, 0),)
    panel = only(replace(make_facts({}), profile=DataProfile(gaps=gaps)), "roles")
    assert (panel.said, panel.grids) == ("All 12 open deals name somebody.", ())


def test_duplicates_stand_by_confidence_and_what_nobody_searched_is_named(
    facts: ReportFacts,
) -> None:
    panel = only(facts, "duplicates")
    assert texts(panel)["Contact"] == [
        "26,849",
        "140 groups 291 records",
        "61 groups 130 records",
        "5",
    ]
    assert panel.notes[0].startswith("Not searched since the systems were last read: deal.")
    alone = DataProfile(duplicates=(DuplicateCounts("deal", False),))
    line = only(replace(facts, profile=alone), "duplicates")
    assert line.said.startswith("Not searched")
    assert not line.grids


def test_age_and_owners_are_shares_of_the_records(facts: ReportFacts) -> None:
    assert texts(only(facts, "freshness")) == {
        "Contact · Salesforce": ["12,412", "48%", "24%", "16%", "11%", "0.1%"]
    }
    owners = only(facts, "ownership")
    assert texts(owners) == {
        "Contact · HubSpot": ["14,437", "9,000 62%", "0", "–"],
        "Contact · Salesforce": ["12,412", "12 0.1%", "7 0.1%", "310 2.5%"],
    }
    assert owners.notes == ("– The users of this system were not read.",)


def test_spanish_readers_get_spanish_tables(facts: ReportFacts) -> None:
    page = render(facts, "es")
    for text in (
        "Sin propietario",
        "140 grupos",
        "De 31 a 90 días",
        "10 de 52 oportunidades abiertas",
    ):
        assert text in page
    assert "48\u00a0%" in page


def test_nothing_counted_is_no_panel() -> None:
    facts = replace(make_facts({}), completeness=())
    assert [name for name in PANELS if panels_of(facts, name, "en")] == []
    assert 'class="panel"' not in render(facts, "en").partition("</style>")[2]


def test_a_category_of_counts_alone_is_no_row_of_findings(facts: ReportFacts) -> None:
    page = render(facts, "en")
    assert 'id="category-freshness"' in page
    assert 'href="#category-freshness"' not in page


def test_programs_read_every_count(facts: ReportFacts) -> None:
    body = json.loads(audit_json(facts))
    told = body["profile"]
    assert told["open_deals"][0]["amounts"] == {"USD": "700", "EUR": "12000"}
    assert {"from": "mql", "to": "lead", "moves": 31, "back": True} in told["stage_moves"][0][
        "cells"
    ]
    assert (told["duplicates"][1]["searched"], told["age_days"]) == (False, [30, 90, 365])
    assert body["completeness"][0]["filled"] == 11900


@pytest.mark.parametrize(
    ("part", "whole", "shade"), [(0, 9, 0), (1, 100, 1), (49, 100, 2), (50, 100, 3), (100, 100, SHADES), (1, 0, 0)]
)  # fmt: skip
def test_a_cell_is_the_darker_the_larger_its_share(part: int, whole: int, shade: int) -> None:
    assert shade_of(part, whole) == shade


def test_what_to_fix_first_names_who_and_what_the_work_costs() -> None:
    facts = make_facts({"C05": 6})
    found = facts.results[0].findings
    people = ["ana@firm.example", "ben@firm.example", "eva@firm.example", "leo@firm.example"]
    named = {("C05", address_of(f)): p for f, p in zip(found, [people[0], *people], strict=False)}
    shown = replace(facts, responsible=named, hour=60.0)
    block = first_block(shown, "en")
    assert block.who == (
        "ana@firm.example 2 · ben@firm.example 1 · eva@firm.example 1 · 1 other person · nobody 1"
    )
    minutes = facts.results[0].audit.minutes * 6
    assert block.effort.endswith(f"(€{round(minutes)})")
    assert "nadie 1" in first_block(shown, "es").who
    assert first_block(facts, "en").who == ""


def first_block(facts: ReportFacts, language: str) -> Block:
    return block(facts, Reader(language), facts.results[0], 0)
