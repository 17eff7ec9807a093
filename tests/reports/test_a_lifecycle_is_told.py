"""The lifecycle of one customer and of all people, as a person and as a program reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crmsync.core.lifecycle import DISPOSITIONS, OTHER, STAGES
from crmsync.core.records import Ref
from crmsync.core.stage_counts import CrossTable, LifecycleFigures, StageCount
from crmsync.core.standing import Standing
from crmsync.core.story import LifecycleStory, StageEvent, SystemStanding, When
from crmsync.reports import lifecycle_words as spoken
from crmsync.reports.lifecycle_figures import figures_json, figures_text
from crmsync.reports.lifecycle_text import lifecycle_json, lifecycle_text, when_text
from crmsync.warehouse.standings import HOW

MOMENT = datetime(2026, 11, 3, 9, tzinfo=UTC)
CONTACT, LEAD = Ref("hubspot", "contacts", "1"), Ref("salesforce", "Lead", "00QA")
INSTANT, DAY = When("instant", MOMENT), When("day", day=date(2026, 11, 5))


def a_story(**more: object) -> LifecycleStory:
    standing = {
        "current": "sql", "peak": "opportunity", "rank": 40, "peak_rank": 50, "disposition": "attempting",
        "customer_status": None, "decided_by": "salesforce", "agrees": False, **more,
    }  # fmt: skip
    return LifecycleStory(
        "k1",
        Standing(**standing),  # type: ignore[arg-type]  # the names and values of a Standing
        (
            SystemStanding("hubspot", "lead", "lead", "new", "lead", "property", INSTANT, CONTACT),
            SystemStanding("salesforce", "sql", "opportunity", None, None, "conversion", DAY, LEAD),
        ),
        (
            StageEvent("hubspot", "lead", "entered", "history", INSTANT, CONTACT),
            StageEvent("salesforce", "sql", "entered", "conversion", DAY, LEAD),
            StageEvent("salesforce", "opportunity", "entered", "deal", When("unknown"), LEAD),
        ),
    )


ENGLISH = """\
Lifecycle
  SQL, by the word of Salesforce; highest ever Opportunity
  being called
  ! The systems do not agree on the stage.
    HubSpot     Lead  its stage field   since November 3, 2026, 09:00 UTC            contacts 1
    Salesforce  SQL   a converted lead  since November 5, 2026, by the day only      Lead 00QA
  What is known of when
    November 3, 2026, 09:00 UTC        HubSpot     entered Lead         by its history          contacts 1
    November 5, 2026, by the day only  Salesforce  entered SQL          the lead was converted  Lead 00QA
    not measurable                     Salesforce  entered Opportunity  by a deal               Lead 00QA
"""


def test_a_story_says_whose_word_counts_and_how_well_each_time_is_known() -> None:
    said = lifecycle_text(a_story(), "en")
    assert [" ".join(line.split()) for line in said.splitlines()] == [
        " ".join(line.split()) for line in ENGLISH.splitlines()
    ]


def test_a_story_in_spanish_has_no_english_left() -> None:
    said = lifecycle_text(a_story(), "es")
    assert "SQL, según Salesforce; lo más alto que alcanzó: Oportunidad" in said
    assert "no medible" in said
    assert "desde el 3 de noviembre de 2026" in said
    assert not {"since", "entered", "by", "the"} & set(said.split())


def test_where_nobody_says_anything_that_is_the_answer() -> None:
    nothing = a_story(current=None, peak=None, decided_by=None, disposition=None, agrees=True)
    assert "not measurable" in lifecycle_text(nothing, "en").splitlines()[1]


def test_an_upper_bound_is_told_as_one() -> None:
    assert when_text(When("upper_bound", MOMENT), "en") == "before November 3, 2026, 09:00 UTC"


def test_a_story_for_programs_has_iso_times_and_nulls() -> None:
    told = lifecycle_json(a_story())
    assert told["current"] == "sql"
    assert told["agrees"] is False
    assert [(each["precision"], each["at"], each["day"]) for each in told["events"]] == [
        ("instant", "2026-11-03T09:00:00+00:00", None),
        ("day", None, "2026-11-05"),
        ("unknown", None, None),
    ]
    assert told["systems"][0]["evidence"] == {"system": "hubspot", "object": "contacts", "id": "1"}


def test_every_word_of_the_lifecycle_has_a_name_for_people() -> None:
    assert set(spoken.STAGES) == {*STAGES, OTHER}
    assert set(spoken.DISPOSITIONS) == set(DISPOSITIONS)
    assert set(HOW) <= set(spoken.HOW)


FIGURES = LifecycleFigures(
    (
        StageCount("lead", 2, {"hubspot": 2, "salesforce": 1}),
        StageCount("mql", 1, {"hubspot": 1}),
        StageCount(None, 4, {"salesforce": 4}),
    ),
    1,
    (
        CrossTable("hubspot", "salesforce", ("lead", "mql"), ("Working - Contacted", ""),
                   {("lead", "Working - Contacted"): 3, ("mql", ""): 2}),
    ),
)  # fmt: skip


def test_figures_are_tables_of_people_by_stage() -> None:
    said = [" ".join(line.split()) for line in figures_text(FIGURES, "en").splitlines()]
    assert said == [
        "How far people are", "Together HubSpot Salesforce", "Lead 2 2 1", "MQL 1 1 0",
        "no stage 4 0 4", "Of 1 person the systems say different stages.", "",
        "Stage in HubSpot, against Salesforce", "Working - Contacted no stage", "Lead 3 ·", "MQL · 2",
    ]  # fmt: skip


def test_figures_are_told_in_spanish() -> None:
    said = figures_text(FIGURES, "es")
    assert "Hasta dónde han llegado las personas" in said
    assert "Etapa en HubSpot, frente a Salesforce" in said


def test_figures_for_programs_have_a_null_where_there_is_no_stage() -> None:
    told = figures_json(FIGURES)
    assert told is not None
    assert told["stages"][2] == {"stage": None, "together": 4, "systems": {"salesforce": 4}}
    assert told["cross_tables"][0]["cells"][1] == {"row": "mql", "column": None, "people": 2}


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_known_is_nothing_said(language: str) -> None:
    assert figures_text(None, language) == ""
    assert figures_json(None) is None


def test_a_status_that_a_system_made_up_cannot_harm_a_terminal() -> None:
    table = CrossTable("hubspot", "salesforce", ("lead",), ("\x1b[31mrot",), {("lead", "\x1b[31mrot"): 1})  # fmt: skip
    assert "\x1b" not in figures_text(LifecycleFigures((), 0, (table,)), "en")
