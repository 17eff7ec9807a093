"""What is read of a database: text in one form, names that are quoted, and nothing lost in silence."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from connectors import databases
from connectors.databases import run
from crmsync.connectors.sql.connector import SqlConnector, open_connector
from crmsync.errors import AccessDenied, AnswerBroken, ConfigInvalid, Unavailable

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def opened(url: str, *, writes: bool = False, zone: str = "", **objects: Any) -> SqlConnector:
    settings: dict[str, Any] = {"url": url, "objects": objects}
    return open_connector(
        "crm", {**settings, "timezone": zone} if zone else settings, now=NOW, writes=writes
    )


def rows(connector: SqlConnector, *fields: str, object_: str = "things") -> list[tuple[Any, ...]]:
    found = []
    for batch in connector.read(object_, fields):
        found += [(row["_id"], *(row[name] for name in fields)) for row in batch.to_pylist()]
    return found


def test_names_with_every_sign_are_quoted(database_url: str) -> None:
    run(
        database_url,
        'CREATE TABLE "Odd; ""table" ("the id" INTEGER PRIMARY KEY, "select" TEXT, "a.b %s :c" TEXT)',
        """INSERT INTO "Odd; ""table" VALUES (1, 'x', '')""",
    )
    connector = opened(database_url, things={"table": 'Odd; "table', "id": "the id"})
    assert rows(connector, "select", "a.b %s :c") == [("1", "x", None)]
    assert connector.get("things", ["1"], ["a.b %s :c"]) == {"1": {"a.b %s :c": None}}


def test_sqlite_gives_what_it_stored_whatever_the_type_says(sqlite_url: str) -> None:
    run(
        sqlite_url,
        "CREATE TABLE things (id INTEGER PRIMARY KEY, born DATE, seen TIMESTAMP, ok BOOLEAN, n NUMERIC)",
        "INSERT INTO things VALUES (1, '1980-02-29', '2026-03-28 18:30:00', 1, 12.5)",
        "INSERT INTO things VALUES (2, 'about 1980', 'yesterday', 'maybe', 'many')",
    )
    fields = ("born", "seen", "ok", "n")
    zoned = opened(sqlite_url, zone="Europe/Madrid", things={"table": "things", "id": "id"})
    assert rows(zoned, *fields) == [
        ("1", "1980-02-29", "2026-03-28T17:30:00.000Z", "true", "12.5"),
        ("2", "about 1980", "yesterday", "maybe", "many"),
    ]
    local = opened(sqlite_url, things={"table": "things", "id": "id"})
    assert rows(local, "seen")[0] == ("1", "2026-03-28T18:30:00")
    assert any("things.seen: times without a zone" in note for note in local.notes)


def test_postgresql_types_become_text(postgresql_url: str) -> None:
    run(
        postgresql_url,
        "CREATE TABLE things (id UUID PRIMARY KEY, n NUMERIC(9, 2), f DOUBLE PRECISION, at TIMESTAMPTZ, "
        "tags TEXT[], doc JSONB, ok BOOLEAN)",
        "INSERT INTO things VALUES ('00000000-0000-0000-0000-00000000000a', 12.50, 1e21, "
        "'2026-03-29 03:30:00+02', '{a,b}', '{\"b\": 1}', false)",
    )
    connector = opened(postgresql_url, things={"table": "things", "id": "id"})
    assert rows(connector, "n", "f", "at", "tags", "doc", "ok") == [
        ("00000000-0000-0000-0000-00000000000a", "12.50", "1000000000000000000000",
         "2026-03-29T01:30:00.000Z", "a;b", '{"b":1}', "false"),
    ]  # fmt: skip
    assert connector.get("things", ["no uuid"], ["n"]) == {}


def test_bytes_are_left_out_and_told_and_where_they_hide_they_break_the_read(
    sqlite_url: str,
) -> None:
    run(
        sqlite_url,
        "CREATE TABLE things (id INTEGER PRIMARY KEY, photo BLOB, note TEXT)",
        "INSERT INTO things VALUES (1, x'00', 'a'), (2, NULL, x'00ff')",
    )
    connector = opened(sqlite_url, things={"table": "things", "id": "id"})
    assert "photo" not in connector.schema("things").fields
    assert connector.notes == ["things: bytes are not read: photo"]
    batches = connector.read("things", ["note"])
    assert next(batches).column("note").to_pylist() == ["a"]
    with pytest.raises(AnswerBroken, match="bytes"):
        next(batches)


def test_rows_without_an_id_or_with_one_seen_before_are_counted(sqlite_url: str) -> None:
    run(
        sqlite_url,
        "CREATE TABLE things (ref TEXT, name TEXT)",
        "INSERT INTO things VALUES ('a', 'x'), (NULL, 'y'), ('a', 'z'), ('b', 'w')",
    )
    connector = opened(sqlite_url, things={"table": "things", "id": "ref"})
    assert rows(connector, "name") == [("a", "x"), ("b", "w")]
    assert any("without an id" in note for note in connector.notes)
    assert any("was there before" in note for note in connector.notes)


def test_views_and_ties_are_read(database_url: str) -> None:
    run(
        database_url,
        "CREATE TABLE base (id INTEGER PRIMARY KEY, account INTEGER)",
        "INSERT INTO base VALUES (1, 10), (2, NULL)",
        "CREATE VIEW things AS SELECT id, account FROM base",
    )
    tie = {"companies": {"column": "account"}}
    connector = opened(database_url, things={"table": "things", "id": "id", "ties": tie})
    assert connector.capabilities.associations == (("things", "companies"),)
    [batch] = connector.associations("things", "companies")
    assert [(row["from_id"], row["to_id"], row["is_primary"]) for row in batch.to_pylist()] == [
        ("1", "10", "true")
    ]
    assert "associations.companies.primary" in connector.schema("things").fields


def test_every_name_that_is_not_there_is_told_at_once_with_the_nearest(database_url: str) -> None:
    run(database_url, "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT, born DATE)")
    wrong = {
        "table": "things",
        "id": "idd",
        "columns": {"n": "nmae"},
        "ties": {"c": {"column": "x"}},
    }
    with pytest.raises(ConfigInvalid) as raised:
        opened(database_url, things=wrong).schema("things")
    told = [f"{problem.message} {problem.remedy}" for problem in raised.value.problems]
    assert len(told) == 3
    assert "did you mean 'id'" in told[0]
    assert "did you mean 'name'" in told[1]
    with pytest.raises(ConfigInvalid, match=r"no table 'thing'.*did you mean 'things'"):
        opened(database_url, things={"table": "thing", "id": "id"}).schema("things")


def test_a_database_is_known_by_its_name_and_not_by_its_place(
    sqlite_url: str, tmp_path: Path
) -> None:
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    shutil.copy(tmp_path / "crm.db", moved / "crm.db")
    urls = (sqlite_url, f"sqlite:///{moved}/crm.db")
    ids = {opened(url, things={"table": "t", "id": "id"}).whoami().id for url in urls}
    assert ids == {"sql:sqlite:crm.db"}


def test_a_database_that_goes_away_in_the_middle_leaves_what_was_read(
    postgresql_url: str, postgresql_server: str
) -> None:
    run(
        postgresql_url,
        "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)",
        "INSERT INTO things SELECT at, repeat('x', 500) FROM generate_series(1, 20000) at",
    )
    connector = opened(postgresql_url, things={"table": "things", "id": "id"})
    batches = connector.read("things", ["name"])
    assert next(batches).num_rows == 1000
    with psycopg.connect(postgresql_server, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
    with pytest.raises(AnswerBroken):
        list(batches)


def test_a_database_that_is_not_there_is_unavailable_and_shows_no_password() -> None:
    url = "postgresql://me:hunter2-secret@127.0.0.1:1/crm"
    with pytest.raises(Unavailable) as raised:
        opened(url, things={"table": "t", "id": "id"}).whoami()
    assert "hunter2" not in f"{raised.value} {raised.value!r} {raised.value.__cause__!r}"


def test_reading_cannot_write(database_url: str) -> None:
    import sqlalchemy as sa

    run(database_url, "CREATE TABLE things (id INTEGER PRIMARY KEY)")
    connector = opened(database_url, things={"table": "things", "id": "id"})
    with (
        pytest.raises((AccessDenied, AnswerBroken), match=r"(?i)read-?only"),
        connector._database.reading("test") as connection,  # the way in that every read takes
    ):
        connection.execute(sa.text("INSERT INTO things VALUES (1)"))
    assert run(database_url, "SELECT * FROM things") == []


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "give `url`"),
        ("nonsense", "no address of a database"),
        ("klingon://x/y", "no address of a database"),
        ("sqlite:////nowhere/at/all.db", "no SQLite file all.db"),
        ("sqlite://", "no SQLite file"),
    ],
)
def test_an_address_that_cannot_be_used_says_so(url: str, message: str) -> None:
    with pytest.raises(ConfigInvalid, match=message):
        opened(url, things={"table": "t", "id": "id"})


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "crm.db").write_text("this is a text, and a rather long one at that " * 50)
    with pytest.raises((Unavailable, AnswerBroken), match="not a database"):
        opened(f"sqlite:///{tmp_path}/crm.db", t={"table": "t", "id": "id"}).schema("t")


def test_a_locked_sqlite_file_is_unavailable_for_writing_and_nothing_is_kept(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crmsync.connectors.base import WriteRequest
    from crmsync.connectors.sql import database

    monkeypatch.setattr(database, "_TIMEOUT_S", 0)
    databases.make_people(sqlite_url, 1)
    connector = open_connector("crm", databases.settings(sqlite_url), now=NOW, writes=True)
    connector.schema("people")
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="locked"):
            connector.write(
                "people", [WriteRequest("c", "update", "1", None, {"LastName": "Ruiz"})]
            )
        other.execute("ROLLBACK")
    other.close()
    assert run(sqlite_url, "SELECT last_name FROM people") == [("Number 1",)]
