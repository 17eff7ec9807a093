"""What changed since the connector last looked: records that are not as it noted them."""

from __future__ import annotations

from zlib import crc32

import orjson

from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.sandbox.native.settings import forget, keys, remember, remembered
from crmsync.sandbox.native.values import Pair
from crmsync.sandbox.tables import Row

_SEEN = "seen"
HUBSPOT = ("contacts", "companies", "deals")
SALESFORCE = ("Account", "Contact", "Lead", "Opportunity")


def stamp_of(name: str, row: Row | None) -> str:
    """The stamp of a record of either CRM; `""` for one that is gone."""
    if row is None or row.get("IsDeleted") or "archivedAt" in row:
        return ""
    if name in OBJECTS:
        return str(row["properties"].get(OBJECTS[name].modified, ""))
    return str(row["SystemModstamp"])


def _mark(name: str, row: Row | None) -> str:
    """What a record is noted by: its stamp, and what it holds, as two changes may bear one stamp."""
    stamp = stamp_of(name, row)
    return f"{stamp} {crc32(orjson.dumps(row)):08x}" if stamp else ""


def touched(pair: Pair, name: str) -> list[str]:
    """The ids of live records that have changed since they were seen, oldest id first."""
    tables = pair.hubspot.tables if name in OBJECTS else pair.salesforce.tables
    known = remembered(pair.hubspot.tables, f"{_SEEN} {name}")
    found = []
    for id_, row in tables.rows(name):
        mark = _mark(name, row)
        if mark and known.get(id_) != mark:
            found.append(id_)
    return sorted(found, key=lambda id_: (len(id_), id_))


def gone(pair: Pair, name: str) -> list[str]:
    """The ids of records that were seen and are deleted."""
    tables = pair.hubspot.tables if name in OBJECTS else pair.salesforce.tables
    known = remembered(pair.hubspot.tables, f"{_SEEN} {name}")
    return [id_ for id_ in known if not stamp_of(name, tables.get(name, id_))]


def see(pair: Pair, name: str, id_: str, *, as_changed: bool = False) -> None:
    """Notes a record as seen now; `as_changed` makes it come again, as one that changed meanwhile."""
    tables = pair.hubspot.tables if name in OBJECTS else pair.salesforce.tables
    known = remembered(pair.hubspot.tables, f"{_SEEN} {name}")
    mark = _mark(name, tables.get(name, id_))
    if mark:
        known[id_] = "" if as_changed else mark
    else:
        known.pop(id_, None)
    remember(pair.hubspot.tables, f"{_SEEN} {name}", known)


def see_everything(pair: Pair) -> None:
    """Notes every record as seen: what is there when the connector is installed does not go over by itself."""
    for name in (*HUBSPOT, *SALESFORCE):
        tables = pair.hubspot.tables if name in OBJECTS else pair.salesforce.tables
        marks = {id_: mark for id_, row in tables.rows(name) if (mark := _mark(name, row))}
        remember(pair.hubspot.tables, f"{_SEEN} {name}", marks)
    for key in keys(pair.hubspot.tables, "pair "):
        forget(pair.hubspot.tables, key)
