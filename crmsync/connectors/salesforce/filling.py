"""How many records fill each field of an object, by aggregate queries: no record is read.

COUNT(field) counts those that are not null, 50 fields a query. A field is left out that Salesforce cannot aggregate, as
long texts and encrypted ones: `aggregatable` of its describe. Flags are never null: developer.salesforce.com, SOQL
Reference, Aggregate Functions (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from crmsync.connectors.abilities import Filled
from crmsync.connectors.batches import chunks
from crmsync.connectors.salesforce.api import Api, select
from crmsync.connectors.salesforce.describes import usable
from crmsync.errors import Refused

_A_QUERY = 50


def filled(api: Api, describe: Mapping[str, Any], leave_out: Collection[str]) -> Iterator[Filled]:
    """Every field that can be counted, but those left out, in order of name."""
    fields = {n: one for n, one in sorted(usable(describe).items()) if n not in leave_out}
    total = api.count(describe["name"])
    for name, one in fields.items():
        if one["type"] in ("id", "boolean"):
            yield Filled(name, total, total)
    names = [
        name
        for name, one in fields.items()
        if one.get("aggregatable") and one["type"] not in ("id", "boolean")
    ]
    for part in chunks(names, _A_QUERY):
        for name, number in _counts(api, describe["name"], part).items():
            yield Filled(name, number, total)


def _counts(api: Api, object_: str, names: Sequence[str]) -> dict[str, int]:
    """How many records fill each of these; one that the org refuses to count is left out, and no other."""
    try:
        row = api.rows(select([f"COUNT({name})" for name in names], object_))[0]
    except Refused:
        if len(names) == 1:
            return {}
        half = len(names) // 2
        return _counts(api, object_, names[:half]) | _counts(api, object_, names[half:])
    # What has no name in the query is called so in the answer, in its order
    return {name: int(row[f"expr{number}"]) for number, name in enumerate(names)}
