"""What the side door of the simulated Salesforce does that no REST call does, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crmsync.sandbox.control import Command
from crmsync.sandbox.salesforce.becoming import convert_lead, merge_records
from crmsync.sandbox.salesforce.bulk.jobs import control_bulk
from crmsync.sandbox.salesforce.declaring import declare
from crmsync.sandbox.salesforce.late_commits import commit_transaction, open_transaction, touch
from crmsync.sandbox.salesforce.logins import keep_certificate
from crmsync.sandbox.salesforce.profiles import choose_profile, import_permission_set
from crmsync.sandbox.salesforce.recycling import empty_bin, undelete
from crmsync.sandbox.salesforce.switches import SWITCHES
from crmsync.sandbox.salesforce.tracking import track
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.switching import turn_all


def rehearsal_commands(world: SalesforceWorld) -> dict[str, Command]:
    """Every command under which something is posted to the side door."""
    return {
        "convert": lambda _, body: convert_lead(world, body),
        "merge": lambda _, body: merge_records(world, body),
        "archive": lambda _, body: _archive(world, body),
        "undelete": lambda _, body: _undelete(world, body),
        "empty_bin": lambda _, body: {"gone": empty_bin(world, (body or {}).get("ids"))},
        "touch": lambda _, body: touch(world, body),
        "open_transaction": lambda _, body: open_transaction(world, body),
        "commit_transaction": lambda _, body: commit_transaction(world, body),
        "track": lambda _, body: track(world, body),
        "declare": lambda _, body: declare(world, body),
        "bulk": lambda _, body: control_bulk(world, body),
        "certificate": lambda _, body: keep_certificate(world, body),
        "allowance": lambda _, body: world.allowance.control(body),
        "profile": lambda _, body: choose_profile(world, body),
        "permission_set": lambda _, body: import_permission_set(world, body),
        "switches": lambda _, body: turn_all(SWITCHES, world.tables, body),
    }


def _archive(world: SalesforceWorld, body: Mapping[str, Any]) -> None:
    for id_ in body["ids"]:
        world.put(body["object"], {"IsDeleted": True}, id_)


def _undelete(world: SalesforceWorld, body: Mapping[str, Any]) -> None:
    for id_ in body["ids"]:
        undelete(world, id_)
