"""The files connector keeps the contract of reading, on a CSV that grows while it is looked at."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crmsync.connectors.base import Cells, Connector
from crmsync.connectors.files.connector import FilesConnector, open_connector
from crmsync.testing.contract import ReadingContract
from crmsync.testing.rig import Rig

HEADERS = ["Record ID", "Create Date", "Last Modified Date", "First Name", "Last Name", "Job Title"]
NATIVES = {"firstname": 3, "lastname": 4, "jobtitle": 5}
MOMENT = "2026-03-29T01:30:00Z"
ROWS = 5001  # one more than a batch holds


class TestFiles(ReadingContract):
    @pytest.fixture
    def rig(self, tmp_path: Path, now: datetime) -> Rig:
        path = tmp_path / "contacts.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(HEADERS)
            writer.writerows(
                [at, MOMENT, MOMENT, "", f"Number {at}", ""] for at in range(1, ROWS + 1)
            )

        def opens(settings: dict[str, Any], *, writes: bool = False) -> FilesConnector:
            return open_connector("hub", settings, now=now, writes=writes)

        def plants(key: str, cells: Cells) -> str:
            row: list[str | None] = [f"9{len(key)}", MOMENT, MOMENT, None, None, None]
            for name, text in cells.items():
                row[NATIVES[name]] = text
            with path.open("a", newline="", encoding="utf-8") as file:
                csv.writer(file).writerow(row)
            return f"9{len(key)}"

        return Rig(
            kind="files",
            opens=opens,
            settings={"folder": str(tmp_path), "objects": {"contacts": {"file": "contacts.csv"}}},
            object="contacts",
            cells={"firstname": "Ángela 💡", "jobtitle": 'first line\nsecond "line" \\ end'},
            required=lambda key: {"lastname": key},
            unknown_id="999999",
            live=lambda: ROWS,
            plants=plants,
        )

    @pytest.fixture
    def connector(self, rig: Rig) -> Iterator[Connector]:
        connector = rig.opens(rig.settings)
        yield connector
        connector.close()
