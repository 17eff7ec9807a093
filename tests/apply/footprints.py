"""A pair whose CRMs know nothing of crmsync, and footprints put in and taken away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from apply.pairs import CREATES, Pair, is_write
from crmsync.commands.apply import Permission
from crmsync.commands.footprint import plan_install, plan_remove, show_footprint
from crmsync.commands.footprint_file import write_footprint
from crmsync.commands.installing import Installed, apply_footprint

SALESFORCE_KEY = "crmsync_key__c"


HUBSPOT_KEY = "crmsync_key"


NEEDED = [
    ("hubspot", "companies"),
    ("hubspot", "contacts"),
    ("salesforce", "Account"),
]


class Died(BaseException):
    """The process ends here."""


@pytest.fixture
def bare(pair: Pair) -> Pair:
    """A pair whose CRMs know nothing of crmsync."""
    for name in ("Account", "Contact", "Lead", "Opportunity"):
        pair.servers.salesforce.drop_field(name, SALESFORCE_KEY)
    for name in ("contacts", "companies", "deals"):
        pair.servers.hubspot.drop_property(name, HUBSPOT_KEY)
    pair.forget_requests()
    return pair


def file_of(pair: Pair) -> Path:
    return pair.folder / "footprint.json"


def install(pair: Pair, **more: Any) -> Installed:
    write_footprint(plan_install(pair.workspace), file_of(pair))
    return carry_out(pair, **more)


def remove(pair: Pair, **more: Any) -> Installed:
    write_footprint(plan_remove(pair.workspace), file_of(pair))
    return carry_out(pair, **more)


def carry_out(pair: Pair, permission: Permission | None = None, **more: Any) -> Installed:
    return apply_footprint(pair.workspace, file_of(pair), permission, **more)


def changes(pair: Pair) -> list[str]:
    return [each["path"] for each in pair.requests() if is_write(each["method"], each["path"])]


def create_nothing(pair: Pair, name: str) -> None:
    pair.mapping(name, (f"create: {CREATES[name]}", "create: never"))


def states(pair: Pair) -> dict[tuple[str, str], str]:
    return {(item.system, item.object): item.state for item in show_footprint(pair.workspace)}


def outcomes(done: Installed) -> list[str]:
    return [end.outcome for end in done.ends]


def dies_at(wanted: str) -> Any:
    def at(point: str) -> None:
        if point == wanted:
            raise Died(point)

    return at
