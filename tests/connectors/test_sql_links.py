"""Tables between two objects: ties, roles and the primary one, read on both databases and written where it is safe."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.databases import run
from crmsync.connectors.sql.connector import SqlConnector, open_connector
from crmsync.errors import ConfigInvalid
from crmsync.testing.rig import update

ALL, ROLES, PRIMARY = (f"associations.people.{last}" for last in ("all", "roles", "primary"))
SCHEMA = (
    "CREATE TABLE person (id INTEGER PRIMARY KEY, email VARCHAR(40))",
    "CREATE TABLE deal (id INTEGER PRIMARY KEY, name VARCHAR(40), sync_key VARCHAR(64) UNIQUE)",
    "CREATE TABLE deal_person (deal_id INTEGER NOT NULL, person_id INTEGER NOT NULL, role VARCHAR(20), "
    "main BOOLEAN, {pair})",
    "INSERT INTO person VALUES (1, 'ana@alfa.example'), (2, 'eva@beta.example'), (3, 'leo@gama.example')",
    "INSERT INTO deal VALUES (1, 'One', 'k1'), (2, 'Two', 'k2'), (3, 'Three', 'k3')",
    "INSERT INTO deal_person VALUES (1, 1, 'Buyer', true), (1, 2, 'a;b', false), (2, 3, NULL, NULL)",
)
SAFE = "PRIMARY KEY (deal_id, person_id)"


def opened(
    url: str, now: Any, *, writes: bool = False, key: str = "sync_key", **more: str
) -> SqlConnector:
    between = {"table": "deal_person", "id": "deal_id", "to": "person_id", "role": "role"}
    settings = {
        "url": url,
        "timezone": "UTC",
        "objects": {
            "people": {"table": "person", "id": "id"},
            "deals": {"table": "deal", "id": "id", "key": key, "associations": {"people": {**between, **more}}},
        },
    }  # fmt: skip
    return open_connector("db", settings, now=now, writes=writes)


def make(url: str, pair: str = SAFE) -> None:
    run(url, *(statement.format(pair=pair) for statement in SCHEMA))


def test_ties_are_read_with_role_and_the_one_that_is_marked(database_url: str, now: Any) -> None:
    make(database_url)
    connector = opened(database_url, now, primary="main")
    assert connector.capabilities.associations == (("deals", "people"),)
    rows = [row for batch in connector.associations("deals", "people") for row in batch.to_pylist()]
    found = {(row["from_id"], row["to_id"], row["role"], row["is_primary"]) for row in rows}
    assert found == {
        ("1", "1", "Buyer", "true"),
        ("1", "2", "a;b", "false"),
        ("2", "3", None, "false"),
    }
    cells = connector.get("deals", ["1", "2", "3"], ["name", ALL, ROLES, PRIMARY])
    assert cells["1"] == {"name": "One", ALL: "1;2", ROLES: "1|Buyer;2|a%3Bb", PRIMARY: "1"}
    assert cells["2"] == {"name": "Two", ALL: "3", ROLES: None, PRIMARY: None}
    assert cells["3"] == {"name": "Three", ALL: None, ROLES: None, PRIMARY: None}


def test_without_a_mark_the_only_tie_is_the_primary_one(database_url: str, now: Any) -> None:
    make(database_url)
    cells = opened(database_url, now).get("deals", ["1", "2"], [PRIMARY])
    assert cells == {"1": {PRIMARY: None}, "2": {PRIMARY: "3"}}


def test_a_tie_comes_and_goes_once_and_what_is_not_named_stays(database_url: str, now: Any) -> None:
    make(database_url)
    connector = opened(database_url, now, writes=True)
    assert connector.schema("deals").fields[ALL].writable
    for _again in range(2):
        (told,) = connector.write("deals", [update("1", {"name": "Uno", ALL: "+3;-2"})])
        assert told.outcome == "written"
        assert connector.get("deals", ["1"], ["name", ALL])["1"] == {"name": "Uno", ALL: "1;3"}
    role = run(database_url, "SELECT role FROM deal_person WHERE deal_id = 1 AND person_id = 1")
    assert role == [("Buyer",)]


@pytest.mark.parametrize(
    ("delta", "said"),
    [
        ("*3", "begins with + or -"),
        ("+3|Buyer", "takes no roles"),
        ("+three", "'three' is no integer"),
    ],
)
def test_a_delta_that_cannot_be_written_leaves_the_record_as_it_was(
    database_url: str, now: Any, delta: str, said: str
) -> None:
    make(database_url)
    connector = opened(database_url, now, writes=True)
    (told,) = connector.write("deals", [update("1", {"name": "Uno", ALL: delta})])
    assert told.outcome == "refused"
    assert said in told.message
    assert connector.get("deals", ["1"], ["name", ALL])["1"] == {"name": "One", ALL: "1;2"}


@pytest.mark.parametrize(
    ("pair", "key", "why"),
    [
        ("UNIQUE (person_id, role)", "sync_key", "does not keep deal_id and person_id unique together"),
        (f"since DATE NOT NULL DEFAULT '2026-01-01', {SAFE}", "sync_key", ""),
    ],
)  # fmt: skip
def test_where_a_tie_could_be_there_twice_it_is_only_read_and_said(
    database_url: str, now: Any, pair: str, key: str, why: str
) -> None:
    statements = [each.format(pair=pair) for each in SCHEMA[:5]]
    run(database_url, *statements)
    connector = opened(database_url, now, key=key)
    assert connector.schema("deals").fields[ALL].writable is (not why)
    told = [note for note in connector.notes if note.startswith("deal_person")]
    assert (why in told[0]) if why else not told


def test_a_new_tie_that_needs_more_is_not_written(sqlite_url: str, now: Any) -> None:
    statements = [each.format(pair=f"owner INTEGER NOT NULL, {SAFE}") for each in SCHEMA[:3]]
    run(sqlite_url, *statements, *SCHEMA[3:5])
    connector = opened(sqlite_url, now, writes=True)
    (told,) = connector.write("deals", [update("1", {ALL: "+3"})])
    assert told.outcome == "refused"
    assert "a new row needs owner, too" in told.message


def test_names_that_are_not_there_are_told_with_the_nearest(sqlite_url: str, now: Any) -> None:
    make(sqlite_url)
    with pytest.raises(ConfigInvalid) as caught:
        opened(sqlite_url, now, to="persn_id", role="rol").schema("deals")
    assert [(each.message, each.remedy) for each in caught.value.problems] == [
        (
            "systems.db.objects.deals.associations.people.to: deal_person has no column 'persn_id'",
            "did you mean 'person_id'?",
        ),
        (
            "systems.db.objects.deals.associations.people.role: deal_person has no column 'rol'",
            "did you mean 'role'?",
        ),
    ]
    with pytest.raises(ConfigInvalid) as caught:
        opened(sqlite_url, now, rol="role")
    assert caught.value.problems[0].remedy == "did you mean 'role'?"
