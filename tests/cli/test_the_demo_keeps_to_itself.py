"""`crmsync demo`: the whole way, twice in a row, without the network, and only inside its folder."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Crm
from crmsync.errors import ExitCode


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with an empty home, no way out but loopback, and misleading surroundings."""
    really = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else address
        assert host in ("127.0.0.1", "::1", "localhost"), f"the demo called {host}"
        really(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://proxy.example:3128")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "nowhere.pem"))
    monkeypatch.setenv("HUBSPOT_TOKEN", "a-real-looking-token")
    monkeypatch.setenv("SALESFORCE_TOKEN", "another")
    monkeypatch.setattr("tempfile.tempdir", None)
    return tmp_path


def made(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_demo_ends_with_an_empty_second_plan_twice_in_a_row(alone: Path, crm: Crm) -> None:
    for language, words in (("en", "second plan: no changes"), ("es", "segundo plan: sin cambios")):
        said = crm("demo", "--lang", language)
        assert (said.code, said.err) == (ExitCode.OK, "")
        assert words in said.out
    assert made(alone) == {"crmsync-demo", "HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"}
    for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        assert made(alone / name) == set(), name
    folder = alone / "crmsync-demo"
    assert {"crmsync.yml", "plan.jsonl", "report.en.html", "report.es.html", "sandbox.db"} <= made(
        folder
    )
    ignored = (folder / ".gitignore").read_text().split()
    assert {"*.db", "*.xlsx", "footprint.json"} <= set(ignored)
    example = (folder / ".env.example").read_text().split()
    assert example == ["SALESFORCE_TOKEN=", "HUBSPOT_TOKEN="]
    assert (folder / ".env").stat().st_mode & 0o077 == 0
    assert crm("lint", "--workspace", folder).code == ExitCode.OK


def test_the_demo_leaves_a_folder_of_somebody_else_alone(alone: Path, crm: Crm) -> None:
    (alone / "mine").mkdir()
    (alone / "mine" / "thesis.txt").write_text("ten years of work")
    said = crm("demo", "--folder", "mine")
    assert said.code == ExitCode.FAILED
    assert "crmsync demo --folder ANOTHER" in said.err
    assert made(alone / "mine") == {"thesis.txt"}


def test_a_demo_that_cannot_be_written_is_told(alone: Path, crm: Crm) -> None:
    (alone / "taken").write_text("")
    said = crm("demo", "--folder", "taken")
    assert said.code == ExitCode.FAILED
    assert "Unexpected" not in said.err
