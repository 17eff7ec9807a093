"""Long transactions: what they write is seen late, and bears the stamp of when it was written.

A watermark that is already past that stamp misses it: airbyte issue 27146 (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Row

_OPEN = "~open"


def open_transaction(world: SalesforceWorld, body: Mapping[str, Any]) -> dict[str, str]:
    """The name of a transaction that has written the `records` of an `object`, which nobody sees yet."""
    if world.shape(body["object"]) is None:
        raise ValueError(f"this org has no object {body['object']!r}")
    numbers = (int(each.rpartition("-")[2]) for each in world.tables.ids(_OPEN))
    name = f"transaction-{max(numbers, default=0) + 1}"
    written: Row = {"object": body["object"], "records": list(body["records"]), "at": world.stamp()}
    world.tables.put(_OPEN, name, written)
    return {"transaction": name, "at": written["at"]}


def commit_transaction(world: SalesforceWorld, body: Mapping[str, Any]) -> dict[str, list[str]]:
    """The ids of the records that are seen from now on, stamped as of when they were written."""
    held = world.tables.get(_OPEN, body["transaction"])
    if held is None:
        raise ValueError(f"no open transaction {body['transaction']!r}")
    world.tables.drop(_OPEN, body["transaction"])
    at = held["at"]
    stamps = {"LastModifiedDate": at, "SystemModstamp": at}
    return {"ids": [_put(world, held["object"], each, stamps, at) for each in held["records"]]}


def _put(world: SalesforceWorld, name: str, record: Row, stamps: Row, at: str) -> str:
    id_ = record.get("id")
    values = {key: value for key, value in record.items() if key != "id"}
    created = {} if id_ else {"CreatedDate": at}
    return world.put(name, {**values, **created, **stamps}, id_)


def oldest_open(world: SalesforceWorld) -> str | None:
    """The instant at which the oldest open transaction began; None when all is committed."""
    return min((str(row["at"]) for _, row in world.tables.rows(_OPEN)), default=None)


def touch(world: SalesforceWorld, body: Mapping[str, Any]) -> None:
    """Moves SystemModstamp of records of an `object` alone, as a system process does."""
    # A renamed option, a bounce, archiving: help.salesforce.com 000387261 (read 2026-11).
    shape = world.shape(body["object"])
    for id_ in body["ids"]:
        row = world.rows.live(shape.name, id_) if shape else None
        if shape is None or row is None:
            raise ValueError(f"no {body['object']} {id_}")
        world.rows.save(shape.name, id_, {**row, "SystemModstamp": world.stamp()})
