"""Answers that somebody types, and exports that lie beside a workspace to be."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from connectors.test_files_audit import hubspot, salesforce


class Terminal(io.StringIO):
    """What somebody types, as a terminal gives it."""

    def isatty(self) -> bool:
        return True


def typed(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("".join(f"{each}\n" for each in answers)))


def text_of(folder: Path, name: str = "crmsync.yml") -> str:
    return (folder / name).read_text(encoding="utf-8")


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """Two folders of exports beside the workspace to be."""
    salesforce(tmp_path / "exports" / "sf")
    hubspot(tmp_path / "exports" / "hs")
    return tmp_path


def notation(folder: Path) -> None:
    folder.mkdir()
    (folder / "opps.csv").write_text(
        "Opportunity ID;Opportunity Name;Amount;Close Date;Stage\n006A;Uno;1.234;03/04/2026;Closed Won\n"
    )
