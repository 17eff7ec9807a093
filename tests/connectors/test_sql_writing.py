"""What is written to a database: only where a key column makes it safe, one record at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from connectors import databases
from connectors.databases import run
from crmsync.connectors.base import Cells, WriteRequest
from crmsync.connectors.sql.connector import SqlConnector, open_connector
from crmsync.errors import AccessDenied, ConfigInvalid

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def opened(url: str, **more: Any) -> SqlConnector:
    return open_connector("crm", databases.settings(url, **more), now=NOW, writes=True)


def update(native_id: str, cells: Cells) -> WriteRequest:
    return WriteRequest(f"u-{native_id}", "update", native_id, None, cells)


def create(key: str, cells: Cells) -> WriteRequest:
    return WriteRequest(f"c-{key}", "create", None, key, {"LastName": key, **cells})


def test_without_a_key_column_an_object_is_only_read(database_url: str) -> None:
    databases.make_people(database_url, 1)
    connector = opened(database_url, key="")
    assert connector.capabilities.key_fields == {}
    fields = connector.schema("people").fields
    assert not any(native.writable or native.createable for native in fields.values())
    with pytest.raises(AccessDenied, match="no key column"):
        connector.write("people", [update("1", {"LastName": "Ruiz"})])
    assert run(database_url, "SELECT last_name FROM people") == [("Number 1",)]


def test_a_key_column_that_is_not_unique_is_no_key(database_url: str) -> None:
    databases.make_people(database_url, 1)
    with pytest.raises(ConfigInvalid, match="'email' is not unique"):
        opened(database_url, key="email").schema("people")


def test_what_a_column_cannot_hold_is_refused_and_named_and_never_cut(database_url: str) -> None:
    databases.make_people(database_url, 9)
    connector = opened(database_url)
    bad: list[Cells] = [
        {"FirstName": "x" * 41},
        {"age": "many"},
        {"age": "99999999999999999999"},
        {"born": "29/02/1980"},
        {"opted_out": "yes"},
        {"balance": "NaN"},
        {"id": "7"},
        {"nothing_of_the_kind": "x"},
    ]
    requests = [update(str(at), cells) for at, cells in enumerate(bad, 1)]
    results = connector.write("people", [*requests, update("9", {"LastName": "Ruiz"})])
    assert [one.outcome for one in results] == ["refused"] * len(bad) + ["written"]
    assert [one.fields for one in results[:-1]] == [tuple(cells) for cells in bad]
    assert run(database_url, "SELECT last_name FROM people WHERE id > 7 ORDER BY id") == [
        ("Number 8",),
        ("Ruiz",),
    ]


def test_two_wrong_cells_of_one_record_are_both_named(database_url: str) -> None:
    databases.make_people(database_url, 1)
    [result] = opened(database_url).write("people", [update("1", {"age": "x", "born": "y"})])
    assert (result.outcome, result.fields) == ("refused", ("age", "born"))


def test_an_instant_is_stored_in_the_columns_own_way(database_url: str) -> None:
    databases.make_people(database_url, 1)
    connector = opened(database_url)
    [result] = connector.write("people", [update("1", {"seen_at": "2026-07-01T10:00:00.000Z"})])
    assert result.outcome == "written"
    assert connector.get("people", ["1"], ["seen_at"]) == {
        "1": {"seen_at": "2026-07-01T10:00:00.000Z"}
    }


def test_an_id_that_several_rows_have_is_refused(sqlite_url: str) -> None:
    run(
        sqlite_url,
        "CREATE TABLE people (id TEXT, last_name TEXT, k TEXT UNIQUE)",
        "INSERT INTO people VALUES ('a', 'x', NULL), ('a', 'y', NULL)",
    )
    settings = {
        "url": sqlite_url,
        "objects": {"people": {"table": "people", "id": "id", "key": "k"}},
    }
    connector = open_connector("crm", settings, now=NOW, writes=True)
    [result] = connector.write("people", [update("a", {"last_name": "z"})])
    assert (result.outcome, result.message) == ("refused", "2 rows have this id")
    assert run(sqlite_url, "SELECT last_name FROM people ORDER BY 1") == [("x",), ("y",)]


def test_a_create_for_a_key_that_is_there_updates_that_row(database_url: str) -> None:
    databases.make_people(database_url, 1)
    run(database_url, "UPDATE people SET sync_key = 'k-1'")
    connector = opened(database_url)
    [result] = connector.write("people", [create("k-1", {"age": "46"})])
    assert (result.outcome, result.native_id, result.created) == ("written", "1", False)
    assert run(database_url, "SELECT last_name, age FROM people") == [("k-1", 46)]


def test_a_row_that_another_inserted_in_between_is_taken_and_not_doubled(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crmsync.connectors.sql import writing

    databases.make_people(postgresql_url, 1)
    looked = writing._id_of
    seen: list[str] = []

    def late(batch: Any, condition: Any) -> str | None:
        found = looked(batch, condition)
        if not seen:
            seen.append("once")
            run(postgresql_url, "INSERT INTO people (last_name, sync_key) VALUES ('theirs', 'k-1')")
        return found

    monkeypatch.setattr(writing, "_id_of", late)
    [result] = opened(postgresql_url).write("people", [create("k-1", {"age": "46"})])
    assert (result.outcome, result.created) == ("written", False)
    assert run(postgresql_url, "SELECT last_name, age FROM people WHERE sync_key = 'k-1'") == [
        ("k-1", 46)
    ]


def test_an_answer_to_the_commit_that_is_lost_leaves_the_batch_unknown(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    databases.make_people(database_url, 2)
    connector = opened(database_url)
    connector.schema("people")

    def lost(_transaction: Any) -> None:
        raise sa.exc.OperationalError("COMMIT", {}, Exception("server closed the connection"))

    monkeypatch.setattr(sa.RootTransaction, "commit", lost)
    requests = [update("1", {"age": "1"}), update("2", {"age": "2"})]
    assert [one.outcome for one in connector.write("people", requests)] == ["unknown", "unknown"]


def test_a_constraint_that_waits_for_the_commit_refuses_its_culprit_alone(
    postgresql_url: str,
) -> None:
    databases.make_people(postgresql_url, 3)
    run(
        postgresql_url,
        "CREATE TABLE companies (id INTEGER PRIMARY KEY)",
        "INSERT INTO companies VALUES (10)",
        "ALTER TABLE people ADD FOREIGN KEY (company_id) REFERENCES companies DEFERRABLE INITIALLY DEFERRED",
    )
    requests = [update(str(at), {"company_id": "11" if at == 2 else "10"}) for at in (1, 2, 3)]
    results = opened(postgresql_url).write("people", requests)
    assert [one.outcome for one in results] == ["written", "refused", "written"]
    assert run(postgresql_url, "SELECT id FROM people WHERE company_id = 10 ORDER BY 1") == [
        (1,),
        (3,),
    ]


def test_types_that_are_no_plain_text_are_written_and_found_as_such(postgresql_url: str) -> None:
    one = "00000000-0000-0000-0000-00000000000a"
    run(
        postgresql_url,
        "CREATE TYPE mood AS ENUM ('calm', 'keen')",
        "CREATE TABLE things (id UUID PRIMARY KEY, feels mood, doc JSONB, k TEXT UNIQUE)",
        f"INSERT INTO things (id) VALUES ('{one}')",
    )
    settings = {
        "url": postgresql_url,
        "objects": {"things": {"table": "things", "id": "id", "key": "k"}},
    }
    connector = open_connector("crm", settings, now=NOW, writes=True)
    cells: Cells = {"feels": "keen", "doc": '{"b":1}'}
    results = connector.write(
        "things", [update(one, cells), update(one, {"feels": "odd"}), update("no uuid", cells)]
    )
    assert [result.outcome for result in results] == ["written", "refused", "missing"]
    assert connector.get("things", [one, "no uuid"], ["feels", "doc"]) == {one: cells}
