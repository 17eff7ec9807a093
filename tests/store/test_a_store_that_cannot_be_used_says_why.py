from __future__ import annotations

import os
import sqlite3
import stat
import traceback
from pathlib import Path

import psycopg
import pyarrow as pa
import pytest
from sqlalchemy import create_engine, text
from store_samples import NOW

from crmsync.core.records import Ref
from crmsync.errors import StoreFailed, TryLater
from crmsync.store import failures
from crmsync.store.rows import LinkRow
from crmsync.store.store import Store, open_store


def refusal(url: str) -> StoreFailed:
    with pytest.raises(StoreFailed) as failure, open_store(url):
        pass
    assert failure.value.remedy
    return failure.value


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def test_the_file_and_its_folder_are_for_their_owner_only(sqlite_url: str) -> None:
    old = os.umask(0)
    try:
        with open_store(sqlite_url) as store, store.lease("a", NOW):
            store.pin("hubspot", "42", NOW)
            path = path_of(sqlite_url)
            modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
            assert set(modes) == {"state.db", "state.db-wal", "state.db-shm", "state.db.lock"}
            assert set(modes.values()) == {0o600}
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    finally:
        os.umask(old)


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with open_store(f"sqlite:///{tmp_path}/state.db"):
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_commits_wait_for_the_disk(sqlite_url: str, postgresql_url: str) -> None:
    with open_store(sqlite_url) as store, store._reading() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = [connection.exec_driver_sql(f"PRAGMA {each}").scalar() for each in pragmas]
        assert found == ["wal", 2, 1, 10_000]
    with open_store(postgresql_url) as store, store._reading() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


def test_a_file_that_is_no_database(sqlite_url: str) -> None:
    path = path_of(sqlite_url)
    path.parent.mkdir()
    path.write_text("key;system\n" * 200)
    error = refusal(sqlite_url)
    assert "damaged or no crmsync state" in error.message
    assert error.where == str(path)


def test_a_damaged_file(sqlite_url: str) -> None:
    with open_store(sqlite_url) as store:
        store.pin("hubspot", "42", NOW)
    path = path_of(sqlite_url)
    content = path.read_bytes()
    path.write_bytes(content[:1024] + b"\xff" * (len(content) - 1024))
    assert "damaged" in refusal(sqlite_url).message


@pytest.mark.parametrize("name", ["folder", "file/state.db"])
def test_a_path_that_can_be_no_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    assert refusal(f"sqlite:///{tmp_path}/{name}").where.endswith(name)


@pytest.mark.parametrize(
    "url",
    [
        "state.db",
        "mysql://root:secret@host/db",
        "sqlite://",
        "sqlite:///:memory:",
        "",
        "postgresql+asyncpg://u:secret@h/d",
    ],
)
def test_an_address_that_is_none(url: str) -> None:
    error = refusal(url)
    assert "secret" not in str(error)
    assert "store: sqlite:///" in error.remedy


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    error = refusal(f"postgresql+psycopg://ana:secret@/db?host={tmp_path}")
    assert "server" in error.message
    assert "Check that the server runs" in error.remedy
    assert "secret" not in str(error)
    assert "ana:***@" in error.where


def test_a_database_that_is_not_there(postgresql_server: str) -> None:
    url = postgresql_server.replace("/postgres?", "/nowhere?")
    assert 'database "nowhere" does not exist' in refusal(url).message


def test_a_user_without_rights(postgresql_server: str, postgresql_url: str) -> None:
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(
            "DO $$ BEGIN CREATE ROLE guest LOGIN; EXCEPTION WHEN duplicate_object THEN END $$"
        )
    url = postgresql_server.replace("postgres:@", "guest@").replace("//postgres", "//guest")
    error = refusal(url)
    assert "may not do this" in error.message
    assert "rights" in error.remedy


def test_a_state_of_a_newer_version_is_left_alone(fresh_url: str) -> None:
    with open_store(fresh_url) as store, store._writing() as connection:
        connection.execute(text("UPDATE crmsync_version SET version_num = '9999'"))
    error = refusal(fresh_url)
    assert "newer crmsync" in error.message
    assert "upgrade" in error.remedy


def test_a_database_of_another_program_is_left_alone(fresh_url: str) -> None:
    if fresh_url.startswith("sqlite"):
        path_of(fresh_url).parent.mkdir()
    engine = create_engine(fresh_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE event (id INTEGER)"))
    engine.dispose()
    assert "tables of another program: event" in refusal(fresh_url).message


def test_a_writer_in_the_way_is_no_failure(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmsync.store.engine._BUSY_MS", 1)
    with open_store(sqlite_url) as store:
        other = sqlite3.connect(path_of(sqlite_url), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TryLater, match="another program is writing"):
            store.pin("hubspot", "42", NOW)
        other.rollback()
        other.close()
        store.pin("hubspot", "42", NOW)


def test_an_error_tells_nothing_of_the_rows(store: Store) -> None:
    columns = [["k1"], ["hubspot"], [None], ['{"email":"ana@acme.example"}']]
    arrays = [pa.array(column, pa.string()) for column in columns]
    broken = pa.record_batch(arrays, names=["key", "system", "digest", "values"])
    with pytest.raises(StoreFailed, match="contradicts") as failure, store.transaction() as tx:
        tx.adopt_bases("contact", [broken])
    assert "acme" not in "".join(traceback.format_exception(failure.value))


def test_half_a_character_is_refused_with_its_reason(store: Store) -> None:
    before = store.digest()
    row = LinkRow("contact", "k1", Ref("files", "contacts", "\ud800"), "email")
    with pytest.raises(StoreFailed, match="a text") as failure, store.transaction() as tx:
        tx.save_links([row], "r1", NOW)
    assert failure.value.remedy == "Correct the text in its system."
    assert store.digest() == before


@pytest.mark.parametrize("code", [None, 0, 5])
def test_a_file_error_nobody_foresaw_still_says_what_it_was(code: int | None) -> None:
    with (
        pytest.raises(StoreFailed, match="strange") as failure,
        failures.file_errors_translated("state.db"),
    ):
        raise OSError(code, "strange")
    assert failure.value.remedy
