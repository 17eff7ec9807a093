"""What the tests of bad input share: a workspace over two servers of their own, and its command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from apply.pairs import Pair, Servers, held_by, put_back, served
from cli.places import Said, crm_in

Crm = Callable[..., Said]


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with served() as both:
        yield both


@pytest.fixture(scope="module")
def nothing(servers: Servers) -> dict[str, Any]:
    return held_by(servers)


@pytest.fixture
def pair(servers: Servers, nothing: dict[str, Any], tmp_path: Path) -> Iterator[Pair]:
    yield Pair(servers, tmp_path / "workspace")
    put_back(servers, nothing)


@pytest.fixture
def crm(pair: Pair, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Crm:
    """Runs a command line in the workspace of the pair, as a shell would."""
    for name in ("CRMSYNC_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(pair.folder)
    return crm_in(capsys)


def journal(pair: Pair) -> dict[str, tuple[str, str]]:
    """State and message of every op of the last run that wrote, by system."""
    with pair.workspace.store() as store:
        run = next(each for each in store.runs() if each.plan_id)
        return {op.system: (op.state, op.message) for op in store.ops(run.id)}
