"""Activities that a CRMs' own connector copied: counted where they were made, and nothing else is taken for a copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crmsync.connectors.base import OWNER_COLUMNS
from crmsync.connectors.facts import ACTIVITY_COLUMNS
from warehouse.shelf import SINCE, keep, reference_mapping, stored
from warehouse.test_facts_reach_the_face import Shelf, face

KINDS = ("calls", "emails", "meetings", "notes", "tasks")
Row = dict[str, Any]
MORNING, NOON = "2026-11-20T09:00:00.000Z", "2026-11-20T12:00:00.000Z"
ANA = {"salesforce": "003A", "hubspot": "11"}


def task(id_: str, subject: str, at: str = NOON, **more: Any) -> Row:
    """A task of Ana's that somebody or something made in Salesforce."""
    return {"id": id_, "kind": "call", "subject": subject, "created_at": at, "happened_at": at, "day": at[:10],
            "about": "Contact|003A", "created_by": "005H", "precision": "instant", **more}  # fmt: skip


def call(id_: str, subject: str | None, at: str = MORNING, **more: Any) -> Row:
    """A call with Ana that was logged in HubSpot."""
    return {"id": id_, "kind": "call", "subject": subject, "created_at": at, "happened_at": at,
            "about": "contacts|11", "precision": "instant", **more}  # fmt: skip


def shelf_of(
    folder: Path, tasks: list[Row], calls: list[Row], users: list[Row] | None = None
) -> Shelf:
    """Ana in both systems, linked by her e-mail, with these activities."""
    rows = {
        "salesforce": {
            "Contact": [{"_id": "003A", "LastName": "Gil", "Email": "ana@uno.example"}],
            "_activities.Task": tasks,
        },
        "hubspot": {"contacts": [{"_id": "11", "lastname": "Gil", "email": "ana@uno.example"}]},
    }
    shelf: Shelf = stored(folder, rows, reference_mapping())
    for name in KINDS:
        place = ("hubspot", f"_activities.{name}")
        given = calls if name == "calls" else []
        shelf[place] = keep(folder, place, ACTIVITY_COLUMNS, given, since=SINCE)
    if users:
        place = ("salesforce", "_owners")
        shelf[place] = keep(folder, place, OWNER_COLUMNS, users)
    return shelf


def counted(folder: Path, shelf: Shelf) -> tuple[list[str], Mapping[str, str | None]]:
    """Ids of the activities that count, and copies with what they are copies of."""
    with face(folder, shelf) as (db, _):
        ids = [row[0] for row in db.execute("SELECT id FROM activity ORDER BY id").fetchall()]
        about = db.execute("SELECT DISTINCT activity_id FROM activity_about ORDER BY 1").fetchall()
        assert [row[0] for row in about] == ids
        copies = db.execute("SELECT id, of_id FROM activity_mirror ORDER BY id").fetchall()
        keys = db.execute("SELECT count(DISTINCT key) FROM contact").fetchall()
    assert keys == [(1,)], "they are one customer"
    return ids, dict(copies)


def test_a_call_that_became_a_task_counts_once_where_it_was_made(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path, [task("00T1", "Call: Hello")], [call("7", "Hello")])
    assert counted(tmp_path, shelf) == (["7"], {"00T1": "7"})


@pytest.mark.parametrize(
    "other",
    [
        task("00T1", "Hello"),
        task("00T1", "Email: Hello"),
        task("00T1", "Call: Hello you"),
        task("00T1", "Call: Hello", day="2026-11-23"),
        task("00T1", "Call: Hello", "2026-11-20T08:00:00.000Z"),
        task("00T1", "Call: Hello", about="Contact|003B"),
    ],
)
def test_another_subject_day_person_or_an_earlier_one_is_no_copy(
    tmp_path: Path, other: Row
) -> None:
    shelf = shelf_of(tmp_path, [other], [call("7", "Hello")])
    with face(tmp_path, shelf) as (db, _):
        assert db.execute("SELECT count(*) FROM activity").fetchall() == [(2,)]
        assert db.execute("SELECT count(*) FROM activity_mirror").fetchall() == [(0,)]


def test_two_calls_of_one_subject_have_one_copy_each(tmp_path: Path) -> None:
    tasks = [task("00T1", "Call: Hello", "2026-11-20T09:15:00.000Z"),
             task("00T2", "Call: Hello", "2026-11-20T15:15:00.000Z")]  # fmt: skip
    calls = [call("7", "Hello"), call("8", "Hello", "2026-11-20T15:00:00.000Z")]
    assert counted(tmp_path, shelf_of(tmp_path, tasks, calls)) == (
        ["7", "8"],
        {"00T1": "7", "00T2": "8"},
    )


def test_one_call_has_one_copy_and_what_somebody_else_logged_stays(tmp_path: Path) -> None:
    tasks = [task("00T1", "Call: Hello", "2026-11-20T09:15:00.000Z"), task("00T2", "Call: Hello")]
    shelf = shelf_of(tmp_path, tasks, [call("7", "Hello")])
    assert counted(tmp_path, shelf) == (["00T2", "7"], {"00T1": "7"})


def test_a_subject_that_was_cut_is_still_the_same(tmp_path: Path) -> None:
    long = "x" * 300
    shelf = shelf_of(tmp_path, [task("00T1", f"Call: {long}"[:255])], [call("7", long)])
    assert counted(tmp_path, shelf) == (["7"], {"00T1": "7"})


def test_the_bare_word_is_a_copy_only_from_who_makes_copies(tmp_path: Path) -> None:
    """`Call` is also what Salesforce itself calls a logged call."""
    alone = shelf_of(tmp_path / "a", [task("00T1", "Call")], [call("7", None)])
    assert counted(tmp_path, alone) == (["00T1", "7"], {})
    tasks = [
        task("00T1", "Call"),
        task("00T2", "Call: Hello"),
        task("00T3", "Call", created_by="005X"),
    ]
    beside = shelf_of(tmp_path / "b", tasks, [call("7", None), call("8", "Hello")])
    assert counted(tmp_path, beside) == (["00T3", "7", "8"], {"00T1": "7", "00T2": "8"})
    users = [{"id": "005H", "name": "HubSpot Integration", "active": "true"}]
    named = shelf_of(tmp_path / "c", [task("00T1", "Call")], [call("7", None)], users)
    assert counted(tmp_path, named) == (["7"], {"00T1": "7"})


def test_what_says_that_it_came_from_salesforce_is_a_copy_found_or_not(tmp_path: Path) -> None:
    calls = [
        call("7", "Hello", NOON, origin="SALESFORCE"),
        call("8", "Other", NOON, origin="SALESFORCE"),
        call("9", "Own", NOON, origin="CRM_UI"),
    ]
    shelf = shelf_of(tmp_path, [task("00T1", "Hello", MORNING)], calls)
    assert counted(tmp_path, shelf) == (["00T1", "9"], {"7": "00T1", "8": None})


@pytest.mark.parametrize("gap", [{"unread": "left out by activities_days: 0"}, {"complete": False}])
def test_where_the_origin_may_not_have_been_read_the_copy_stays(
    tmp_path: Path, gap: dict[str, Any]
) -> None:
    shelf = shelf_of(
        tmp_path, [task("00T1", "Call: Hello")], [call("7", "Hello", origin="SALESFORCE")]
    )
    place = ("hubspot", "_activities.emails")
    shelf[place] = replace(shelf[place], manifest=replace(shelf[place].manifest, **gap))
    assert counted(tmp_path, shelf) == (["00T1", "7"], {})


def test_activities_of_all_systems_are_there_only_if_all_were_read(tmp_path: Path) -> None:
    """Whom nobody called in the one may have been called in the other."""
    shelf = shelf_of(tmp_path, [], [])
    with face(tmp_path, shelf) as (_, have):
        assert {"activity", "salesforce:activity", "hubspot:activity"} <= have
    place = ("hubspot", "_activities.calls")
    shelf[place] = replace(shelf[place], manifest=replace(shelf[place].manifest, unread="no"))
    with face(tmp_path, shelf) as (_, have):
        assert "salesforce:activity" in have
        assert not {"activity", "hubspot:activity", "activity.kind"} & have


def test_changes_of_all_systems_are_there_only_if_all_were_read(tmp_path: Path) -> None:
    """Of one entity as of all: companies are not the worse for contacts that were not read."""
    shelf = shelf_of(tmp_path, [], [])
    place = ("hubspot", "_history.contacts.contacts_history")
    shelf[place] = replace(shelf[place], manifest=replace(shelf[place].manifest, unread="no"))
    with face(tmp_path, shelf) as (_, have):
        assert {"event.deal", "hubspot:event.deal", "event.company", "salesforce:event"} <= have
        assert not {"event", "event.contact", "hubspot:event", "hubspot:event.contact"} & have
