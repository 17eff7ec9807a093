"""Tables come from SQLite files, scripts and CSV of any usual kind; what cannot be read is a clear error."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from load_scripts import SCRIPT, rows, salesforce, table, written

from crmsync.sandbox.load import (
    LoadError,
    WorldTarget,
    load,
)


def test_an_sqlite_file_loads_like_its_script_and_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "org.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(SCRIPT)
    connection.close()
    before = path.read_bytes()
    world = salesforce()
    assert load(path, WorldTarget(world), "salesforce").rows_loaded == 7
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["org.db"]


@pytest.mark.parametrize(
    "statement",
    ["ATTACH DATABASE '{}' AS other; CREATE TABLE other.t (a);", "VACUUM INTO '{}';"],
)
def test_a_script_cannot_reach_another_file(tmp_path: Path, statement: str) -> None:
    victim, path = tmp_path / "victim.db", tmp_path / "evil.sql"
    path.write_text(statement.format(victim), encoding="utf-8")
    with pytest.raises(LoadError, match=r"evil\.sql"):
        load(path, WorldTarget(salesforce()), "salesforce")
    assert not victim.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.sql", b"CREATE TABLE t (a; INSERT"),
        ("noise.db", b"SQLite format 3\x00" + b"noise" * 50),
        ("empty.sql", b""),
        ("bytes.bin", bytes(range(256))),
    ],
)
def test_what_cannot_be_read_is_a_clear_error(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LoadError, match=name):
        load(tmp_path / name, WorldTarget(salesforce()), "salesforce")


def test_a_missing_path_an_empty_folder_or_a_strange_system_is_a_clear_error(
    tmp_path: Path,
) -> None:
    target = WorldTarget(salesforce())
    with pytest.raises(LoadError, match="no such file"):
        load(tmp_path / "nothing.sql", target, "salesforce")
    with pytest.raises(LoadError, match=r"no \.csv"):
        load(tmp_path, target, "salesforce")
    with pytest.raises(LoadError, match="no system 'pipedrive'"):
        load(tmp_path, target, "pipedrive")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_in_any_usual_encoding_and_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    lines = ["Name", "BillingCity"], ['"Peña, S.L.; y|otros"', "Cáceres"]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    (tmp_path / "Accounts.csv").write_bytes(text.encode(encoding))
    world = salesforce()
    load(tmp_path, WorldTarget(world), "salesforce")
    assert rows(world, "Account", "Name")["Peña, S.L.; y|otros"]["BillingCity"] == "Cáceres"


def test_csv_cells_may_hold_line_breaks_and_short_rows_are_padded(tmp_path: Path) -> None:
    written(tmp_path, account='Name,Description,Phone\n"A","one\ntwo",1\n\nB\n')
    world = salesforce()
    report = load(tmp_path, WorldTarget(world), "salesforce")
    accounts = rows(world, "Account", "Name")
    assert accounts["A"]["Description"] == "one\ntwo"
    assert accounts["B"].get("Phone") is None
    assert report.rows_read == report.rows_loaded == 2


def test_a_row_with_too_many_cells_is_rejected_and_shifts_no_reference(tmp_path: Path) -> None:
    written(
        tmp_path,
        Accounts="Name\nA\nB,extra\nC\n",
        Contacts="LastName,accountId\nUno,@AccountRef3\n",
    )
    world = salesforce()
    report = load(tmp_path, WorldTarget(world), "salesforce")
    (tally,) = table(report, "Accounts").rejected
    assert (tally.what, tally.examples) == ("more cells than columns", ("row 2",))
    accounts = rows(world, "Account", "Name")
    assert rows(world, "Contact", "LastName")["Uno"]["AccountId"] == accounts["C"]["Id"]
