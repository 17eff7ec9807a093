"""Activities, campaigns and histories in the audit face: whose they are, when they were, and whether they were read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from crmsync.commands.closed import closed
from crmsync.connectors.abilities import MERGED_COLUMNS
from crmsync.connectors.base import SYSTEM_COLUMNS
from crmsync.connectors.facts import COLUMNS_OF
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.snapshots import Snapshot, read_manifest
from warehouse.shelf import (
    FACTS,
    HUBSPOT_HISTORIES,
    Rows,
    columns_over,
    facts_stored,
    keep,
    reference_mapping,
    stored,
)

LATER = "20261120T080000000-0002"
LEAD = ("salesforce", "Lead")
Shelf = dict[tuple[str, str], Snapshot]
TASK = {"kind": "call", "state": "closed", "precision": "instant"}


@contextmanager
def face(folder: Path, shelf: Shelf) -> Iterator[tuple[Any, set[str]]]:
    """The finished face, and what it has in words of `needs`."""
    file = folder / "face.duckdb"
    with columns_over(shelf, reference_mapping()) as columns:
        have = build_face(columns, file)
    with duckdb.connect(str(file), read_only=True) as db:
        yield db, have


def shelf_of(folder: Path, rows: Mapping[str, Any] | None = None) -> Shelf:
    given: Rows = {"salesforce": rows or {}}
    return stored(folder, given, reference_mapping())


def converted(shelf: Shelf, folder: Path) -> Shelf:
    """The shelf with leads whose manifest says how they became contacts."""
    into = {"Contact": "ConvertedContactId"}
    columns = (*SYSTEM_COLUMNS, "IsConverted", "ConvertedContactId", "LastName")
    rows = [{"_id": "00QA", "IsConverted": "true", "ConvertedContactId": "003A", "LastName": "Gil"}]
    told = {"converted_flag": "IsConverted", "converted_into": into}
    lead = keep(folder, LEAD, columns, rows, LATER, **told)
    return {**shelf, LEAD: lead}


def key_of(db: Any, id_: str) -> str:
    ((key,),) = db.execute("SELECT key FROM contact WHERE id = ?", [id_]).fetchall()
    return str(key)


def test_what_was_done_with_a_lead_belongs_to_the_contact_it_became(tmp_path: Path) -> None:
    rows = {
        "Contact": [{"_id": "003A", "LastName": "Gil"}],
        "_activities.Task": [{"id": "00T1", "about": "Lead|00QA;Account|001Z", **TASK}],
        "_campaign_members.CampaignMember": [{"id": "00v1", "object": "Lead", "record_id": "00QA"}],
        "_history.Lead.LeadHistory": [
            {"id": "0171", "record_id": "00QA", "told": "record", "native": "leadConverted"}
        ],
    }
    with face(tmp_path, converted(shelf_of(tmp_path, rows), tmp_path)) as (db, _):
        key = key_of(db, "003A")
        about = db.execute("SELECT object, id, entity, key FROM activity_about ORDER BY 1")
        assert about.fetchall() == [("Account", "001Z", None, None), ("Lead", "00QA", "contact", key)]  # fmt: skip
        assert db.execute("SELECT key FROM campaign_member").fetchall() == [(key,)]
        told = db.execute("SELECT object, kind, native, key FROM event").fetchall()
        assert told == [("Lead", "record", "leadConverted", key)]


def test_what_was_done_with_a_record_merged_away_belongs_to_who_is_left(tmp_path: Path) -> None:
    """A went into B, and later B into C."""
    rows = {
        "Contact": [{"_id": "003C", "LastName": "Gil"}],
        "_activities.Task": [{"id": f"00T{one}", "about": f"Contact|003{one}"} for one in "ABC"],
    }
    merged = [{"old_id": "003A", "new_id": "003B"}, {"old_id": "003B", "new_id": "003C"}]
    shelf = shelf_of(tmp_path, rows)
    place = ("salesforce", "_merged.Contact")
    shelf[place] = keep(tmp_path, place, MERGED_COLUMNS, merged)
    with face(tmp_path, shelf) as (db, _):
        found = db.execute("SELECT DISTINCT key FROM activity_about").fetchall()
        assert found == [(key_of(db, "003C"),)]


def test_a_day_stays_a_day_and_an_instant_is_one(tmp_path: Path) -> None:
    rows = {
        "_activities.Task": [
            {"id": "00T1", "day": "2026-11-19", "precision": "day"},
            {"id": "00T2", "happened_at": "2026-11-19T23:30:00.000Z", "precision": "instant"},
        ]
    }
    with face(tmp_path, shelf_of(tmp_path, rows)) as (db, _):
        found = db.execute("SELECT object, happened_at, day FROM activity ORDER BY id").fetchall()
    assert found == [
        ("Task", None, date(2026, 11, 19)),
        ("Task", datetime(2026, 11, 19, 23, 30), None),  # noqa: DTZ001  (TIMESTAMP is UTC without saying so)
    ]


def test_everybody_on_a_shared_activity_has_a_row_and_nobody_two(tmp_path: Path) -> None:
    rows = {
        "_activities.Task": [{"id": "00T1", "about": "Contact|003A"}],
        "_activity_people.Task": [
            {"activity_id": "00T1", "object": "Contact", "record_id": each}
            for each in ("003A", "003B")
        ],
    }
    with face(tmp_path, shelf_of(tmp_path, rows)) as (db, _):
        found = db.execute(
            "SELECT activity_object, activity_id, id FROM activity_about ORDER BY id"
        ).fetchall()
    assert found == [("Task", "00T1", "003A"), ("Task", "00T1", "003B")]


def change(id_: str, at: str, new: str | None, **more: str | None) -> dict[str, str | None]:
    told = {"told": "state", "native": "StageName", "record_id": "006A", "precision": "instant"}
    return {**told, "id": id_, "happened_at": f"2026-11-{at}T10:00:00.000Z", "new": new, **more}


def test_states_become_changes_and_what_is_told_twice_is_one(tmp_path: Path) -> None:
    rows = {
        "Opportunity": [{"_id": "006A", "Name": "Big", "StageName": "Closed Won"}],
        "_history.Opportunity.OpportunityHistory": [
            change("0083", "12", "Closed Won"),
            change("0081", "10", "Prospecting"),
            change("0082", "11", "Prospecting"),
            change("0084", "13", "Prospecting"),
        ],
        "_history.Opportunity.OpportunityFieldHistory": [
            change("0171", "12", "Closed Won", told="change", old="Prospecting"),
            change("0172", "12", "Call", told="change", native="NextStep"),
            change("0173", "12", "x", told="change", native="Unmapped__c"),
        ],
    }
    with face(tmp_path, shelf_of(tmp_path, rows)) as (db, _):
        found = db.execute(
            "SELECT field, old, new, precision, source FROM event ORDER BY happened_at, field, new"
        ).fetchall()
    tracked, moved = "OpportunityFieldHistory", "OpportunityHistory"
    assert found == [
        ("stage", None, "Prospecting", "upper_bound", moved),
        ("next_step", None, "Call", "instant", tracked),
        ("stage", "Prospecting", "Closed Won", "instant", tracked),
        (None, None, "x", "instant", tracked),
        ("stage", "Closed Won", "Prospecting", "instant", moved),
    ]


def test_who_writes_a_field_and_when_last_is_known_of_those_that_have_a_history(
    tmp_path: Path,
) -> None:
    rows = {
        "Opportunity": [{"_id": "006A", "Name": "Big", "StageName": "Closed Won"}],
        "_history.Opportunity.OpportunityHistory": [change("0081", "10", "Prospecting")],
        "_history.Opportunity.OpportunityFieldHistory": [
            change("0171", "11", "Closed Won", told="change", actor_id="005A"),
            change("0172", "12", "Prospecting", told="change", actor_id="005B"),
            change("0173", "13", "Closed Won", told="change", actor_id="005A"),
        ],
    }
    with face(tmp_path, shelf_of(tmp_path, rows)) as (db, _):
        found = db.execute(
            "SELECT native, field, actor_id, writes, records, last_at FROM field_write ORDER BY actor_id"
        ).fetchall()
        ((last,),) = db.execute("SELECT max(happened_at) FROM event").fetchall()
    assert [each[:5] for each in found] == [
        ("StageName", "stage", "005A", 2, 1),
        ("StageName", "stage", "005B", 1, 1),
    ], "what held when histories begin was written by nobody known"
    assert found[0][5] == last


def test_facts_that_were_read_are_there_to_be_needed(tmp_path: Path) -> None:
    with face(tmp_path, shelf_of(tmp_path)) as (_, have):
        words = {"activity", "campaign", "event", "event.contact", "event.deal", "activity.outcome"}
        assert {*words, *(f"salesforce:{word}" for word in words)} <= have
        assert not [word for word in have if word.startswith("hubspot:activity")]


@pytest.mark.parametrize("broken", [{"unread": "not allowed"}, {"complete": False}])
@pytest.mark.parametrize(
    ("table", "lost", "kept"),
    [
        ("_activities.Event", {"activity", "salesforce:activity", "activity.kind"}, {"campaign"}),
        ("_activity_people.Task", {"activity"}, {"event", "campaign"}),
        ("_campaign_members.CampaignMember", {"campaign"}, {"activity"}),
        ("_history.Lead.LeadHistory", {"event", "event.contact"}, {"event.deal", "event.company"}),
        ("_history.Opportunity.OpportunityHistory", {"event.deal"}, {"event.contact"}),
    ],
)
def test_facts_that_were_not_read_whole_are_not_there_to_be_needed(
    tmp_path: Path, table: str, lost: set[str], kept: set[str], broken: dict[str, Any]
) -> None:
    """And records are as sure as before: a history of leads that broke off says nothing of leads."""
    shelf = shelf_of(tmp_path)
    place = ("salesforce", table)
    shelf[place] = replace(shelf[place], manifest=replace(shelf[place].manifest, **broken))
    with face(tmp_path, shelf) as (_, have):
        assert not lost & have
        assert kept <= have
        assert {"contact.email", "deal.stage", "unreadable"} <= have


def test_facts_that_broke_off_keep_nobody_from_being_created(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path)
    place = ("salesforce", "_activities.Task")
    shelf[place] = replace(shelf[place], manifest=replace(shelf[place].manifest, complete=False))
    with columns_over(shelf, reference_mapping()) as columns:
        contact = columns.mapping.entity("contact")
        open_ = replace(contact, seats=[replace(seat, create="ask") for seat in contact.seats])
        assert closed(columns, open_) == open_


def test_the_face_says_what_was_read_and_why_not(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path, {"_activities.Task": [{"id": "00T1"}]})
    place = ("salesforce", "_activities.Event")
    why = "left out by activities_days: 0"
    shelf[place] = keep(tmp_path, place, FACTS[place[1]], (), LATER, unread=why)
    with face(tmp_path, shelf) as (db, _):
        found = db.execute(
            "SELECT object, state, since::DATE::VARCHAR, why, rows FROM fact "
            "WHERE fact = 'activity' ORDER BY object"
        ).fetchall()
    assert found == [
        ("Event", "not read", None, why, 0),
        ("Task", "read", "2025-10-16", None, 1),
    ]


def test_without_facts_the_tables_are_there_and_empty(tmp_path: Path) -> None:
    """As with HubSpot, with files, and with snapshots from before there were any."""
    facts = {*FACTS, *HUBSPOT_HISTORIES}
    shelf = {place: each for place, each in shelf_of(tmp_path).items() if place[1] not in facts}
    with face(tmp_path, shelf) as (db, have):
        for name in ("activity", "activity_about", "event", "campaign", "campaign_member", "fact"):
            assert db.execute(f"SELECT count(*) FROM {name}").fetchall() == [(0,)]
        assert not {"activity", "event", "campaign"} & have


def test_every_column_a_connector_can_tell_reaches_the_face(tmp_path: Path) -> None:
    faces = {
        "_activities": ("activity", {"about"}),
        "_activity_people": ("activity_about", {"record_id"}),
        "_campaigns": ("campaign", set()),
        "_campaign_members": ("campaign_member", set()),
        "_history": ("event", {"record_id", "told"}),
        "_calendars": ("calendar", set()),
        "_lists": ("list", set()),
        "_list_members": ("list_member", set()),
        "_pipelines": ("pipeline", set()),
        "_subscriptions": ("subscription", set()),
        "_consents": ("consent", set()),
    }
    # What was deleted is kept beside the snapshots, and no activity to count.
    assert faces.keys() == COLUMNS_OF.keys() - {"_gone"}
    with face(tmp_path, shelf_of(tmp_path)) as (db, _):
        for head, (name, otherwise) in faces.items():
            there = {row[0] for row in db.execute(f"DESCRIBE {name}").fetchall()}
            assert set(COLUMNS_OF[head]) - otherwise <= there


def test_a_manifest_remembers_how_far_back_and_why_not(tmp_path: Path) -> None:
    snapshots = facts_stored(tmp_path, {})
    told = read_manifest(snapshots["salesforce", "_activities.Task"].folder)
    assert told is not None
    assert (told.since[:10], told.unread) == ("2025-10-16", "")
