"""`crmsync demo`: the whole way, twice in a row, without the network, and only inside its folder."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Crm
from crmsync.commands.demo import demo
from crmsync.commands.demo_folder import begin_folder
from crmsync.errors import ExitCode
from crmsync.sandbox.server import open_worlds, running


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
        project = (alone / "crmsync-demo" / "crmsync.yml").read_text(encoding="utf-8")
        assert f"language: {language}\n" in project
        assert ("Made by" in project) == (language == "en")
    assert made(alone) == {"crmsync-demo", "HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"}
    for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        assert made(alone / name) == set(), name
    folder = alone / "crmsync-demo"
    assert {"crmsync.yml", "plan.jsonl", "report.en.html", "report.es.html", "sandbox.db"} <= made(
        folder
    )
    for name in ("before.en.html", "report.en.html", "report.en.csv"):
        page = (folder / name).read_text(encoding="utf-8")
        assert "This run wrote to a CRM" not in page, "an audit only reads"
        assert "app.hubspot.com" not in page, "nothing leaves this computer"
    assert "Nothing was written" in (folder / "report.en.html").read_text(encoding="utf-8")
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


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo that went well; a small one, for its story is told above."""
    folder = tmp_path_factory.mktemp("small") / "crmsync-demo"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("crmsync.commands.demo._CONTACTS", 40)
        assert demo(folder, "en", lambda _line: None) == ExitCode.OK
    return folder


@pytest.fixture
def shown(small: Path, alone: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a demo, for one test."""
    monkeypatch.setattr("crmsync.commands.demo._CONTACTS", 40)
    return Path(shutil.copytree(small, alone / "crmsync-demo"))


def commits(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main")


def edits_a_mapping(folder: Path) -> None:
    with (folder / "mappings" / "contact.yml").open("a") as file:
        file.write("# mine\n")


def takes_notes(folder: Path) -> None:
    (folder / "mappings" / "notes.txt").write_text("ask Ana")


def edits_a_record(folder: Path) -> None:
    with (folder / "sandbox.db").open("ab") as file:
        file.write(b"0")


@pytest.mark.slow_cases("commits-: .git\\n")
@pytest.mark.parametrize(
    ("does", "told"),
    [
        (commits, ": .git\n"),
        (edits_a_mapping, ": mappings/contact.yml\n"),
        (takes_notes, ": mappings/notes.txt\n"),
        (edits_a_record, ": sandbox.db\n"),
    ],
)
def test_what_somebody_made_in_a_demo_is_only_thrown_away_knowingly(
    shown: Path, crm: Crm, does: Callable[[Path], None], told: str
) -> None:
    does(shown)
    before = everything(shown)
    said = crm("demo")
    assert said.code == ExitCode.FAILED
    assert told in said.err, said.err
    assert "crmsync demo --again" in said.err
    assert everything(shown) == before


@pytest.mark.slow
def test_what_was_thrown_away_knowingly_is_a_demo_that_nobody_touched(
    shown: Path, crm: Crm
) -> None:
    takes_notes(shown)
    assert crm("demo", "--again").code == ExitCode.OK
    assert not (shown / "mappings" / "notes.txt").exists()
    begin_folder(shown)
    assert made(shown) == {".gitignore", ".made-by-crmsync-demo"}


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".crmsync" not in path.parts
    }


def test_a_demo_that_is_being_served_is_not_taken_away(shown: Path, crm: Crm) -> None:
    salesforce, hubspot = open_worlds(shown / "sandbox.db", None)
    with running(salesforce, hubspot):
        for world in (salesforce, hubspot):
            world.tables.commit()
        for words in (("demo",), ("demo", "--again")):
            said = crm(*words)
            assert said.code == ExitCode.FAILED
            assert "are being served" in said.err
            assert "Ctrl-C" in said.err
    assert (shown / "sandbox.db").exists()


def test_a_demo_that_was_stopped_half_way_counts_as_touched(shown: Path, crm: Crm) -> None:
    (shown / ".made-by-crmsync-demo").write_bytes(b"")
    said = crm("demo")
    assert said.code == ExitCode.FAILED
    assert "crmsync demo --again" in said.err


def test_not_even_again_clears_a_folder_of_somebody_else(alone: Path, crm: Crm) -> None:
    (alone / "mine").mkdir()
    (alone / "mine" / "thesis.txt").write_text("ten years of work")
    assert crm("demo", "--folder", "mine", "--again").code == ExitCode.FAILED
    assert made(alone / "mine") == {"thesis.txt"}


def test_a_demo_that_cannot_be_written_is_told(alone: Path, crm: Crm) -> None:
    (alone / "taken").write_text("")
    said = crm("demo", "--folder", "taken")
    assert said.code == ExitCode.FAILED
    assert "Unexpected" not in said.err
