"""Nothing is created where our key field is missing: by it alone a system refuses the same record twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from crmsync.commands.items import Item
from crmsync.connectors.base import Connector
from crmsync.core.deciding import Decided
from crmsync.core.planning import Change
from crmsync.core.records import Schema
from crmsync.warehouse.snapshots import Snapshot

REASON = "no_key"


def usable(schema: Schema, name: str) -> bool:
    """True if this field is there and unique."""
    native = schema.fields.get(name)
    return native is not None and native.unique


def key_of(connector: Connector, object_: str) -> str:
    """The name of our key field as the system has it now; empty if there is none that is unique."""
    name = connector.capabilities.key_fields.get(object_, "")
    return name if usable(connector.schema(object_), name) else ""


def keyless(connector: Connector, batch: Sequence[Change], begun: Collection[str]) -> list[Item]:
    """Creates that failed and are left to a later plan; one that may have been sent is unclear until looked up."""
    change = batch[0]
    name = connector.capabilities.key_fields.get(change.object, "")
    message = (
        f"{change.object} has no unique field {name}: put it in (crmsync footprint install), "
        "then it is planned again"
    )
    return [
        Item(each, "unclear" if each.id in begun else "failed", message=message) for each in batch
    ]


def without_keys(decided: Decided, snapshots: Mapping[tuple[str, str], Snapshot]) -> Decided:
    """The decisions; creates where the last read saw no key field of ours are held."""
    held = [
        seat
        for seat, _ in decided.creates
        if (read := snapshots.get((seat.system, seat.object))) and read.manifest.keyless
    ]
    if not held:
        return decided
    creates = tuple((seat, choices) for seat, choices in decided.creates if seat not in held)
    why = tuple((seat, f"{REASON}:{seat.system}") for seat in held)
    return replace(decided, creates=creates, held_back=(*decided.held_back, *why))
