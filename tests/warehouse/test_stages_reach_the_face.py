"""Stage events and standings in the audit face: every source of them, how well a time is known, and by which record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from crmsync.core.lifecycle import Lifecycle
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.lifecycle_figures import read_figures
from crmsync.warehouse.stories import read_stories
from warehouse.shelf import columns_over, reference_mapping, stored
from warehouse.staged import (
    HISTORY,
    OPEN,
    WON,
    at,
    contact,
    converted,
    events,
    face,
    lifecycle,
    moved,
    on_deal,
    standing,
)


def test_the_history_of_the_stage_tells_when_it_was_entered_and_left(tmp_path: Path) -> None:
    told = [moved(None, "lead", "11-01"), moved("lead", "marketingqualifiedlead", "11-03")]
    with face(tmp_path, {**contact("marketingqualifiedlead"), HISTORY: told}) as (db, have):
        assert events(db, "hubspot") == [
            ("lead", "entered", at(11, 1), None, "instant", "history"),
            ("lead", "exited", at(11, 3), None, "instant", "history"),
            ("mql", "entered", at(11, 3), None, "instant", "history"),
        ]
        assert standing(db, "hubspot") == ("mql", "mql", "property", None)
    assert {"standing", "standing:hubspot", "hubspot:standing", "hubspot:stage_event"} <= have


def test_a_blank_in_the_history_is_a_reset_and_no_exit(tmp_path: Path) -> None:
    told = [
        moved(None, "salesqualifiedlead", "11-01"),
        moved("salesqualifiedlead", None, "11-03"),
        moved(None, "lead", "11-04"),
    ]
    with face(tmp_path, {**contact("lead"), HISTORY: told}) as (db, _):
        assert [row[:2] for row in events(db, "hubspot")] == [
            ("sql", "entered"), ("sql", "reset"), ("lead", "recycled"),
        ]  # fmt: skip
        assert standing(db, "hubspot")[:2] == ("lead", "sql")


def test_what_the_company_handed_down_is_no_step_of_the_person(tmp_path: Path) -> None:
    told = [moved(None, "lead", "11-01"), moved("lead", "customer", "11-03", origin="COMPANIES")]
    with face(tmp_path, {**contact("customer"), HISTORY: told}) as (db, _):
        assert ("customer", "propagated") in [row[:2] for row in events(db, "hubspot")]
        reached = db.execute("SELECT stage, entries FROM stage_reached").fetchall()
        assert reached == [("lead", 1)]
        assert standing(db, "hubspot")[0] == "customer"


def test_a_stage_that_came_with_a_deal_has_the_deal_as_evidence(tmp_path: Path) -> None:
    deals = {
        "deals": [{"_id": "7", "dealname": "Alta", "_created_at": "2026-11-03T08:59:00.000Z"}],
        "deals.contacts": [{"from_id": "7", "to_id": "1"}],
    }
    told = [moved(None, "lead", "11-01"), moved("lead", "opportunity", "11-03")]
    with face(tmp_path, {**contact("opportunity"), HISTORY: told, **deals}) as (db, _):
        said = "SELECT evidence_object, evidence_id FROM stage_event WHERE kind = 'entered' ORDER BY stage"
        assert db.execute(said).fetchall() == [("contacts", "1"), ("deals", "7")]
    with face(
        tmp_path / "far", {**contact("opportunity"), HISTORY: told, **deals},
        mapping=lifecycle(near_minutes=0),
    ) as (db, _):  # fmt: skip
        assert db.execute(said).fetchall() == [("contacts", "1"), ("contacts", "1")]


def test_without_a_history_the_dates_of_the_record_tell(tmp_path: Path) -> None:
    dates = {
        "hs_v2_date_entered_lead": "2026-11-01T09:00:00.000Z",
        "hs_v2_date_exited_lead": "2026-11-03T09:00:00.000Z",
    }
    with face(tmp_path, contact("marketingqualifiedlead", **dates)) as (db, _):
        assert events(db, "hubspot") == [
            ("lead", "entered", at(11, 1), None, "instant", "stage_time"),
            ("lead", "exited", at(11, 3), None, "instant", "stage_time"),
            ("mql", "inferred", at(11, 20, 7, 30), None, "upper_bound", "now"),
        ]


def test_a_stage_of_which_only_the_present_is_known_has_an_upper_bound(tmp_path: Path) -> None:
    with face(tmp_path, contact("customer")) as (db, _):
        assert events(db, "hubspot") == [
            ("customer", "inferred", at(11, 20, 7, 30), None, "upper_bound", "now")
        ]


def test_a_stage_that_nobody_explained_is_no_stage_and_says_so(tmp_path: Path) -> None:
    with face(tmp_path, contact("48213377")) as (db, _):
        assert events(db, "hubspot") == []
        assert standing(db, "hubspot") == (None, None, "unknown_value", None)


def test_a_former_customer_is_called_so_by_a_value_of_the_portal(tmp_path: Path) -> None:
    life = reference_mapping().lifecycle
    assert life is not None
    hubspot = replace(life.systems["hubspot"], former=["48213377"])
    mapping = lifecycle(systems={**life.systems, "hubspot": hubspot})
    with face(tmp_path, contact("48213377"), mapping=mapping) as (db, _):
        said = "SELECT current, customer_status FROM standing WHERE entity = 'contact'"
        assert db.execute(said).fetchall() == [("customer", "former")]


def test_a_field_with_the_day_of_a_stage_counts_before_its_history(tmp_path: Path) -> None:
    life = reference_mapping().lifecycle
    assert life is not None
    told = replace(life.systems["salesforce"], dates={"mql": "Description"})
    mapping = lifecycle(systems={**life.systems, "salesforce": told})
    lead = {"_id": "00QA", "LastName": "Gil", "IsConverted": "false", "Description": "2026-11-07"}
    with face(tmp_path, salesforce={"Lead": [lead]}, mapping=mapping) as (db, _):
        assert ("mql", "entered", None, date(2026, 11, 7), "day", "field") in events(
            db, "salesforce"
        )


def test_the_owner_of_a_stage_says_when_it_was_reached(tmp_path: Path) -> None:
    told = [moved(None, "salesqualifiedlead", "11-01")]
    hubspot = {**contact("salesqualifiedlead"), HISTORY: told}
    with face(tmp_path, hubspot, converted(ConvertedDate="2026-11-05")) as (db, _):
        said = (
            "SELECT first_at, first_day, entries, precision FROM stage_reached WHERE stage = 'sql'"
        )
        assert db.execute(said).fetchall() == [(None, date(2026, 11, 5), 1, "day")]


def test_a_customer_of_both_systems_has_one_standing(tmp_path: Path) -> None:
    with face(tmp_path, contact("lead"), on_deal(**WON)) as (db, _):
        said = "SELECT current, peak, decided_by, agrees FROM standing WHERE entity = 'contact'"
        assert db.execute(said).fetchall() == [("customer", "customer", "salesforce", False)]


def test_deals_that_were_not_read_whole_let_nothing_be_said(tmp_path: Path) -> None:
    mapping = reference_mapping()
    shelf = stored(tmp_path, {"salesforce": on_deal(**OPEN)}, mapping)
    for name in ("Opportunity", "_associations.Opportunity.Contact"):
        place = ("salesforce", name)
        broken = replace(shelf[place], manifest=replace(shelf[place].manifest, complete=False))
        with columns_over({**shelf, place: broken}, mapping) as columns:
            have = build_face(columns, tmp_path / "face.duckdb")
        assert "salesforce:standing" not in have
        assert "hubspot:standing" in have


def test_without_a_lifecycle_the_tables_are_there_and_empty(tmp_path: Path) -> None:
    nothing = replace(reference_mapping(), lifecycle=None)
    with face(tmp_path, contact("lead"), mapping=nothing) as (db, have):
        for name in ("stage_event", "standing", "standing_in", "stage_reached", "buyer", "ladder"):
            assert db.execute(f"SELECT count(*) FROM {name}").fetchall() == [(0,)]
    assert not {"standing", "stage_event", "conversion"} & have


def test_a_workspace_with_one_system_says_what_that_one_tells(tmp_path: Path) -> None:
    only = ("salesforce",)
    mapping = reference_mapping(only)
    with columns_over(stored(tmp_path, {"salesforce": on_deal(**WON)}, mapping, only), mapping) as columns:  # fmt: skip
        have = build_face(columns, tmp_path / "face.duckdb")
    with duckdb.connect(str(tmp_path / "face.duckdb"), read_only=True) as db:
        said = "SELECT current, decided_by, agrees FROM standing WHERE entity = 'contact'"
        assert db.execute(said).fetchall() == [("customer", "salesforce", True)]
    assert "standing" in have
    assert "hubspot:standing" not in have


def test_the_ladder_and_its_steps_are_tables(tmp_path: Path) -> None:
    with face(tmp_path) as (db, _):
        assert db.execute("SELECT stage FROM ladder ORDER BY rank DESC LIMIT 2").fetchall() == [
            ("evangelist",), ("customer",),
        ]  # fmt: skip
        rule = "SELECT rule FROM transition WHERE from_stage = ? AND to_stage = ?"
        assert db.execute(rule, ["customer", "lead"]).fetchall() == [("never",)]
        assert db.execute(rule, ["mql", "lead"]).fetchall() == [("recycled",)]
        assert ("hubspot", "mql") in db.execute("FROM says").fetchall()


def test_figures_count_people_by_stage_and_one_system_against_the_other(tmp_path: Path) -> None:
    hubspot = {
        "contacts": [
            {"_id": "1", "email": "a@acme.example", "lifecyclestage": "marketingqualifiedlead"},
            {"_id": "2", "email": "b@acme.example", "lifecyclestage": "lead"},
            {"_id": "3", "email": "c@acme.example", "lifecyclestage": "lead"},
        ]
    }
    leads = [
        {"_id": "00QA", "LastName": "A", "Email": "a@acme.example", "IsConverted": "false",
         "Status": "Working - Contacted"},
    ]  # fmt: skip
    with face(tmp_path, hubspot, {"Lead": leads}):
        pass
    figures = read_figures(tmp_path / "face.duckdb")
    assert figures is not None
    by_stage = {each.stage: (each.together, dict(each.by_system)) for each in figures.stages}
    assert by_stage == {"lead": (2, {"hubspot": 2, "salesforce": 1}), "mql": (1, {"hubspot": 1})}
    (table,) = figures.tables
    assert (table.row_system, table.column_system, table.total) == ("hubspot", "salesforce", 1)
    assert table.counts == {("mql", "Working - Contacted"): 1}


def test_a_story_is_read_with_its_times_and_its_evidence(tmp_path: Path) -> None:
    told = [moved(None, "lead", "11-01")]
    with face(tmp_path, {**contact("lead"), HISTORY: told}, on_deal(**WON)) as (db, _):
        ((key,),) = db.execute("SELECT DISTINCT key FROM contact").fetchall()
    story = read_stories(tmp_path / "face.duckdb", [key])[key]
    assert story.standing.current == "customer"
    assert [(each.system, each.current) for each in story.by_system] == [
        ("hubspot", "lead"), ("salesforce", "customer"),
    ]  # fmt: skip
    assert [each.when.precision for each in story.events] == ["instant", "day", "unknown"]
    assert story.events[1].evidence.id == "006A"
    assert read_stories(tmp_path / "face.duckdb", ["nobody"]) == {}


def test_the_parts_of_a_lifecycle_can_be_left_out(tmp_path: Path) -> None:
    bare = replace(reference_mapping(), lifecycle=Lifecycle(systems={}))
    with face(tmp_path, contact("lead"), mapping=bare) as (db, have):
        assert db.execute("SELECT count(*) FROM standing").fetchall() == [(0,)]
    assert "standing" not in have
