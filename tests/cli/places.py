"""Two simulated CRMs and workspaces over them, as a user would have them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import orjson
import pytest

from crmsync.cli.main import crmsync as root
from crmsync.cli.main import run
from crmsync.commands.init import init
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.seed import Seed, fill
from crmsync.sandbox.server import Access, running
from crmsync.sandbox.tables import Tables

BOTH = ("salesforce", "hubspot")
_SYSTEM = {
    "salesforce": "  salesforce: {{kind: salesforce, url: '{url}', token: '${{SALESFORCE_TOKEN}}'}}\n",
    "hubspot": "  hubspot: {{kind: hubspot, url: '{url}', token: '${{HUBSPOT_TOKEN}}'}}\n",
}


@dataclass(frozen=True)
class Served:
    """Both worlds and where they answer."""

    salesforce: SalesforceWorld
    hubspot: HubspotWorld
    access: Access


@contextmanager
def served(seed: Seed | None = None) -> Iterator[Served]:
    """Two worlds, filled with a seed if one is given, served while the block runs."""
    salesforce = SalesforceWorld(Tables("salesforce"), Clock())
    hubspot = HubspotWorld(Tables("hubspot"), Clock())
    with running(salesforce, hubspot) as access:
        # Served ones know the commands of an administrator, too, that a seed may need.
        if seed is not None:
            fill(salesforce, hubspot, seed)
            for world in (salesforce, hubspot):
                world.tables.commit()
        yield Served(salesforce, hubspot, access)


def make_workspace(
    folder: Path,
    access: Mapping[str, Mapping[str, str]],
    *,
    systems: Sequence[str] = BOTH,
    extra: str = "",
    tokens: Mapping[str, str] | None = None,
) -> Path:
    """The reference workspace over some servers; `extra` is more of crmsync.yml."""
    folder.mkdir(parents=True)
    lines = "".join(_SYSTEM[name].format(url=access[name]["url"]) for name in systems)
    head = "name: tried\ncurrency: EUR\nregion: ES\ntimezone: Europe/Madrid\nsystems:\n"
    (folder / "crmsync.yml").write_text(f"{head}{lines}{extra}", encoding="utf-8")
    given = {name: access[name]["token"] for name in systems} | dict(tokens or {})
    secrets = "".join(f"{name.upper()}_TOKEN={token}\n" for name, token in given.items())
    (folder / ".env").write_text(secrets, encoding="utf-8")
    os.chmod(folder / ".env", 0o600)
    init(folder)
    return folder


def mend(folder: Path, file: str, old: str, new: str) -> None:
    """Edits one file of a workspace; the text to be replaced has to be there."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} has no {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def put(world: Any, object_: str, *rows: Mapping[str, Any]) -> list[str]:
    """Records in a simulated CRM, past its API."""
    ids = [world.put(object_, dict(row), None) for row in rows]
    world.tables.commit()
    return ids


def restore(both: Served, held: Mapping[str, Any]) -> None:
    """Both CRMs as they were."""
    both.salesforce.tables.restore(held["salesforce"])
    both.hubspot.tables.restore(held["hubspot"])
    both.salesforce.reload()
    both.hubspot.portal.refresh()


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said where."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed for programs."""
        return orjson.loads(self.out)


def crm_in(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """A function that runs one command line in this process: code, stdout and stderr."""

    def crm(*words: str | Path) -> Said:
        capsys.readouterr()
        code = 0
        try:
            run([str(word) for word in words])
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return crm


def commands() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command by its words, groups left out."""
    yield from _commands((), root)


def _commands(
    words: tuple[str, ...], command: click.Command
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        yield words, command
        return
    for name, each in sorted(command.commands.items()):
        yield from _commands((*words, name), each)
