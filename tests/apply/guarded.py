"""A pair with sentinels, and short ways to put a state back, and to look at what the sentinels count."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from apply.pairs import Pair
from crmsync.commands.footprint import plan_install, plan_remove
from crmsync.commands.footprint_file import write_footprint
from crmsync.commands.installing import Installed, apply_footprint
from crmsync.core.footprint import FootprintPlan
from crmsync.core.sentinel import PREFIX, SentinelMark, read_mark

KEY = f"{PREFIX}proof"
SYSTEMS = ("hubspot", "salesforce")


def ask_for_sentinels(pair: Pair) -> None:
    pair.project("sentinel: true\n")


def carry_out(pair: Pair, plan: FootprintPlan, **more: Any) -> Installed:
    file = pair.folder / "footprint.json"
    write_footprint(plan, file)
    return apply_footprint(pair.workspace, file, **more)


def install(pair: Pair, **more: Any) -> Installed:
    return carry_out(pair, plan_install(pair.workspace), **more)


def remove(pair: Pair, **more: Any) -> Installed:
    return carry_out(pair, plan_remove(pair.workspace), **more)


def guard(pair: Pair) -> None:
    """Sentinels are asked for and put in; nobody has made a request since."""
    ask_for_sentinels(pair)
    install(pair)
    pair.forget_requests()


def records(pair: Pair) -> dict[str, tuple[str, str]]:
    """Id and text of every sentinel, by system."""
    found = {}
    for id_, row in pair.servers.salesforce.tables.rows("Account"):
        if row.get("crmsync_key__c") == KEY and not row.get("IsDeleted"):
            found["salesforce"] = (str(id_), str(row["Description"]))
    for id_, row in pair.servers.hubspot.tables.rows("companies"):
        if row["properties"].get("crmsync_key") == KEY and "archivedAt" not in row:
            found["hubspot"] = (str(id_), str(row["properties"]["description"]))
    return found


def marks(pair: Pair) -> dict[str, SentinelMark | None]:
    return {system: read_mark(text) for system, (_, text) in records(pair).items()}


def counted(pair: Pair) -> dict[str, int]:
    """How many runs every sentinel counts, by system."""
    return {system: mark.counter for system, mark in marks(pair).items() if mark}


def rewrite(pair: Pair, system: str, text: str) -> None:
    """Somebody edits a sentinel."""
    id_, _ = records(pair)[system]
    if system == "salesforce":
        pair.salesforce("Account", id_, Description=text)
    else:
        pair.hubspot("companies", id_, description=text)


def kept_state(pair: Pair, name: str = "backup") -> Path:
    """A copy of the state database, as a backup makes it."""
    to = pair.folder / name
    shutil.copytree(pair.folder / ".crmsync", to)
    return to


def put_state_back(pair: Pair, backup: Path) -> None:
    """The state as it was; snapshots and plans are of today."""
    state = pair.folder / ".crmsync"
    for file in state.glob("state.db*"):
        file.unlink()
    for file in backup.glob("state.db*"):
        shutil.copyfile(file, state / file.name)
