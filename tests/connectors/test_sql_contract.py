"""The sql connector keeps the contract of reading and writing, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from connectors import databases
from crmsync.connectors.base import Cells, Connector
from crmsync.connectors.sql.connector import SqlConnector, open_connector
from crmsync.testing.contract import ReadingContract, WritingContract
from crmsync.testing.rig import Rig

CELLS: Cells = {
    "FirstName": "Ángela 💡",
    "opted_out": "true",
    "age": "46",
    "balance": "1200.50",
    "born": "1980-02-29",
    "email": 'first line\nsecond "line" \\ end',
}


class TestSql(ReadingContract, WritingContract):
    @pytest.fixture
    def rig(self, database_url: str, now: datetime) -> Rig:
        databases.make_people(database_url, 1001)

        def opens(settings: dict[str, Any], *, writes: bool = True) -> SqlConnector:
            return open_connector("crm", settings, now=now, writes=writes)

        # SQLite keeps numbers as floats: 1200.50 comes back as 1200.5
        cells = {**CELLS, "balance": "1200.5"} if database_url.startswith("sqlite") else CELLS
        return Rig(
            kind="sql",
            opens=opens,
            settings=databases.settings(database_url),
            object="people",
            cells=cells,
            required=lambda key: {"LastName": key},
            bad={"age": "200"},
            unknown_id="999999",
            key_field="sync_key",
            live=lambda: int(str(databases.run(database_url, "SELECT count(*) FROM people")[0][0])),
        )

    @pytest.fixture
    def connector(self, rig: Rig) -> Iterator[Connector]:
        connector = rig.opens(rig.settings)
        yield connector
        connector.close()
