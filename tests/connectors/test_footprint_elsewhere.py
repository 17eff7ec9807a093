"""Where crmsync puts nothing in: a database gets a statement for a person to run, files need nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from connectors import databases
from crmsync.connectors.abilities import FootprintConnector, InstallingConnector
from crmsync.connectors.files.connector import open_connector as open_files
from crmsync.connectors.sql.connector import SqlConnector, open_connector
from crmsync.core.footprint import FootprintItem

TABLE = 'CREATE TABLE people (id INTEGER PRIMARY KEY, "First Name" VARCHAR(40){column})'
Opens = Callable[..., SqlConnector]


@pytest.fixture
def opens(database_url: str, now: datetime) -> Iterator[Opens]:
    opened: list[SqlConnector] = []

    def open_(key: str = "crmsync_key") -> SqlConnector:
        people: dict[str, Any] = {"table": "people", "id": "id", "key": key}
        settings = {"url": database_url, "objects": {"people": people}, "timezone": "UTC"}
        opened.append(open_connector("db", settings, now=now, writes=False))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


def item(connector: SqlConnector) -> FootprintItem:
    (found,) = connector.footprint(["people"])
    return found


def test_the_statement_that_is_shown_makes_the_column_and_the_other_takes_it_away(
    opens: Opens, database_url: str
) -> None:
    databases.run(database_url, TABLE.format(column=""))
    missing = item(opens())
    assert (missing.state, missing.reason) == ("missing", "by_hand")
    databases.run(database_url, *statements(missing))
    there = item(opens())
    assert (there.state, there.reason) == ("present", "")
    assert opens().schema("people").fields["crmsync_key"].unique
    databases.run(database_url, *statements(there))
    assert item(opens()).state == "missing"


def statements(found: FootprintItem) -> list[str]:
    return [each for each in found.by_hand.split(";") if each.strip()]


def test_a_column_that_is_not_unique_gets_the_index_it_lacks(
    opens: Opens, database_url: str
) -> None:
    databases.run(database_url, TABLE.format(column=", crmsync_key VARCHAR(64)"))
    odd = item(opens())
    assert (odd.state, odd.reason) == ("foreign", "not_unique")
    databases.run(database_url, *statements(odd))
    assert item(opens()).state == "present"


def test_a_column_that_nobody_named_is_told(opens: Opens, database_url: str) -> None:
    databases.run(database_url, TABLE.format(column=", crmsync_key VARCHAR(64) UNIQUE"))
    found = item(opens(key=""))
    assert (found.state, found.reason, found.by_hand) == (
        "missing",
        "not_named",
        "key: crmsync_key",
    )


def test_a_database_and_files_are_never_altered(opens: Opens, database_url: str) -> None:
    databases.run(database_url, TABLE.format(column=""))
    connector = opens()
    assert isinstance(connector, FootprintConnector)
    assert not isinstance(connector, InstallingConnector)


def test_files_need_nothing(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "contacts.csv").write_text("Record ID,Email\n1,a@people.example\n")
    settings = {"folder": str(tmp_path), "objects": {"contacts": {"file": "contacts.csv"}}}
    connector = open_files("hub", settings, now=now, writes=False)
    assert not isinstance(connector, InstallingConnector)
    (found,) = connector.footprint(["contacts"])
    assert (found.kind, found.state) == ("file", "none")
    connector.close()
