"""`sandbox serve` in a process of its own, and `sandbox load` of everything it takes."""

from __future__ import annotations

import csv
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from cli.conftest import Crm
from cli.places import Served
from crmsync.commands.sandbox import seed_of
from crmsync.errors import ExitCode
from crmsync.sandbox.clock import Clock, real_now
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Tables

SCRIPT = """
CREATE TABLE Account (id INTEGER PRIMARY KEY, Name TEXT, Website TEXT, Nonsense__c TEXT);
INSERT INTO Account VALUES (1, 'Acme', 'https://acme.example', 'x'), (2, 'Norte', NULL, NULL);
CREATE TABLE contact (id INTEGER PRIMARY KEY, last_name TEXT, Email TEXT, AccountId INTEGER);
INSERT INTO contact VALUES (10, 'Gil', 'gil@acme.example', 1), (11, 'Sol', 'sol@norte.example', 99);
CREATE TABLE Starships (id INTEGER, Name TEXT);
INSERT INTO Starships VALUES (1, 'Nebula');
"""


@contextmanager
def serving(
    *words: str | Path, stderr: int = subprocess.PIPE
) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A sandbox in a process of its own, once its one line of JSON is there."""
    line = [sys.executable, "-m", "crmsync", "sandbox", "serve", *map(str, words)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=stderr, text=True) as process:
        assert process.stdout is not None
        access = orjson.loads(process.stdout.readline())
        try:
            yield process, access
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def contacts(access: dict[str, Any]) -> list[dict[str, Any]]:
    with httpx.Client(base_url=access["hubspot"]["url"], trust_env=False) as client:
        client.headers["Authorization"] = f"Bearer {access['hubspot']['token']}"
        found: list[dict[str, Any]] = client.get("/crm/v3/objects/contacts?limit=100").json()[
            "results"
        ]
        return found


def test_serve_prints_one_line_and_stops_on_sigterm_with_0() -> None:
    with serving("--contacts", "30") as (process, access):
        assert set(access) == {"salesforce", "hubspot"}
        assert set(access["salesforce"]) == {"url", "token", "client_id", "client_secret"}
        oauth = {"client_id", "client_secret", "refresh_token"}
        assert set(access["hubspot"]) == {"url", "token", *oauth}
        assert access["hubspot"]["url"].startswith("http://127.0.0.1:")
        assert contacts(access)
    assert process.returncode == ExitCode.OK
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.closed or process.stdout.read() == ""
    assert process.stderr.closed or process.stderr.read() == "", "no terminal, no word"


def test_who_sits_at_a_terminal_is_told_what_runs_and_how_it_ends() -> None:
    ours, theirs = os.openpty()
    with open(ours, encoding="utf-8") as terminal:
        with serving("--seed", "empty", stderr=theirs) as (process, access):
            assert set(access) == {"salesforce", "hubspot"}, "the line for programs stays"
            told = terminal.readline()
        os.close(theirs)
    assert process.returncode == ExitCode.OK
    assert "Ctrl-C ends them" in told
    assert "credentials: the JSON line on standard output" in told


@pytest.mark.slow
def test_a_sandbox_goes_on_from_its_file_with_the_same_tokens(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    with serving("--seed", "empty", "--file", file) as (_, access):
        assert contacts(access) == []
        with httpx.Client(base_url=access["hubspot"]["url"], trust_env=False) as client:
            client.headers["Authorization"] = f"Bearer {access['hubspot']['token']}"
            made = client.post(
                "/crm/v3/objects/contacts", json={"properties": {"email": "kept@acme.example"}}
            )
            assert made.status_code == 201
    with serving("--seed", "empty", "--file", file) as (_, again):
        assert [each["properties"]["email"] for each in contacts(again)] == ["kept@acme.example"]
        assert {k: v["token"] for k, v in again.items()} == {
            k: v["token"] for k, v in access.items()
        }


def test_a_port_that_is_taken_is_told(both: Served, crm: Crm) -> None:
    port = both.access["hubspot"]["url"].rpartition(":")[2]
    said = crm("sandbox", "serve", "--seed", "empty", "--hubspot-port", port)
    assert said.code == ExitCode.FAILED
    assert f"port {port} for HubSpot is in use" in said.err
    assert "0 takes a free one" in said.err


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "export.sql"
    path.write_text(SCRIPT)
    return path


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "export.db"
    connection = sqlite3.connect(path)
    connection.executescript(SCRIPT)
    connection.close()
    return path


@pytest.fixture
def folder(database: Path, tmp_path: Path) -> Path:
    path = tmp_path / "export"
    path.mkdir()
    connection = sqlite3.connect(database)
    for table in ("Account", "contact", "Starships"):
        cursor = connection.execute(f"SELECT * FROM {table}")
        with (path / f"{table}.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([column[0] for column in cursor.description])
            writer.writerows(cursor)
    connection.close()
    return path


@pytest.mark.parametrize("source", ["script", "database", "folder"])
def test_everything_is_loaded_or_named(
    source: str, request: pytest.FixtureRequest, tmp_path: Path, crm: Crm
) -> None:
    path = request.getfixturevalue(source)
    file = tmp_path / "sandbox.db"
    said = crm("sandbox", "load", path, "--into", "salesforce", "--file", file)
    assert said.code == ExitCode.OK, said.err
    assert "Starships" in said.out, "an object nobody has is told"
    assert "99" in said.out, "a reference that leads nowhere is told"
    with serving("--seed", "empty", "--file", file) as (_, access):
        url, token = access["salesforce"]["url"], access["salesforce"]["token"]
        query = "SELECT LastName, Account.Name FROM Contact ORDER BY LastName"
        with httpx.Client(
            base_url=url, trust_env=False, headers={"Authorization": f"Bearer {token}"}
        ) as client:
            rows = client.get("/services/data/v67.0/query", params={"q": query}).json()["records"]
    named = [(row["LastName"], (row["Account"] or {}).get("Name")) for row in rows]
    assert named == [("Gil", "Acme"), ("Sol", None)]


def test_a_running_sandbox_is_filled_over_http(
    both: Served, fresh: Served, script: Path, crm: Crm
) -> None:
    access = both.access["salesforce"]
    words = ("--into", "salesforce", "--url", access["url"], "--token", access["token"])
    said = crm("sandbox", "load", script, *words)
    assert said.code == ExitCode.OK, said.err
    names = [row["Name"] for _, row in both.salesforce.tables.rows("Account")]
    assert {"Acme", "Norte"} <= set(names)


@pytest.mark.parametrize("body", [None, b"", b"CREATE TABEL x;", b"\x00\x01\x02" * 50], ids=repr)
def test_a_source_that_is_none_is_told(tmp_path: Path, crm: Crm, body: bytes | None) -> None:
    path = tmp_path / "export.sql"
    if body is not None:
        path.write_bytes(body)
    said = crm("sandbox", "load", path, "--into", "hubspot", "--file", tmp_path / "s.db")
    assert "Traceback" not in said.err
    assert "Unexpected" not in said.err
    assert said.code == ExitCode.FAILED or "0" in said.out


def test_no_open_deal_of_demo_data_is_overdue() -> None:
    salesforce = SalesforceWorld(Tables("salesforce"), Clock())
    hubspot = HubspotWorld(Tables("hubspot"), Clock())
    seed_of(60)(salesforce, hubspot)
    rows = dict(salesforce.tables.rows("Opportunity")).values()
    days = [row["CloseDate"] for row in rows if not row["IsClosed"]]
    assert days
    assert min(days) > real_now().date().isoformat()
