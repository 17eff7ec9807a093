"""One pair of CRMs with invented customers; each test has a workspace of its own over them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.places import Said, Served, crm_in, make_workspace, restore, served
from crmsync.commands.pull import pull
from crmsync.commands.workspace import open_workspace
from crmsync.sandbox.seed import generate

Crm = Callable[..., Said]


@pytest.fixture(scope="session")
def both() -> Iterator[Served]:
    """Both CRMs, with what the small demo plants."""
    with served(generate(contacts=120, companies=36, deals=24)) as found:
        yield found


@pytest.fixture(scope="session")
def nothing_written(both: Served) -> dict[str, Any]:
    return {"salesforce": both.salesforce.tables.dump(), "hubspot": both.hubspot.tables.dump()}


@pytest.fixture
def fresh(both: Served, nothing_written: dict[str, Any]) -> Iterator[Served]:
    """The CRMs for a test that writes: afterwards they are as they were."""
    yield both
    restore(both, nothing_written)


@pytest.fixture(scope="session")
def read(both: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that has read everything once; copy it."""
    folder = make_workspace(tmp_path_factory.mktemp("read") / "workspace", both.access)
    assert pull(open_workspace(folder)).complete
    return folder


@pytest.fixture
def workspace(read: Path, tmp_path: Path) -> Path:
    """A workspace with snapshots, for one test."""
    return Path(shutil.copytree(read, tmp_path / "workspace"))


@pytest.fixture
def crm(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Crm:
    """Runs one command line in the folder `workspace`, as a shell would."""
    for name in ("CRMSYNC_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    folder = tmp_path / "workspace"
    monkeypatch.chdir(folder if folder.is_dir() else tmp_path)
    return crm_in(capsys)
