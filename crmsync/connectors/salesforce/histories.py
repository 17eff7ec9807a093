"""What mapped fields held before: field history where an administrator tracks it, and every move of an opportunity.

| object | holds |
|---|---|
| LeadHistory, ContactHistory, AccountHistory, OpportunityFieldHistory | one row a change of a tracked field |
| OpportunityHistory | what an opportunity held after each change of stage, amount, close date or probability |

A row that names no field of the record says what happened to the record (`created`, `leadConverted`,
`accountMerged`) and is kept under that word. A lookup is told twice, by name and by id: the id is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crmsync.connectors.facts import HISTORY
from crmsync.connectors.salesforce.ids import is_id
from crmsync.connectors.salesforce.sources import Column, Row, Rows, Source
from crmsync.connectors.salesforce.values import as_they_are, converter, instants, references

# Object -> its history and the field of that which names the record: developer.salesforce.com, object
# reference, AccountHistory, ContactHistory, LeadHistory and OpportunityFieldHistory (read 2026-11)
HISTORY_OF = {
    "Account": ("AccountHistory", "AccountId"),
    "Contact": ("ContactHistory", "ContactId"),
    "Lead": ("LeadHistory", "LeadId"),
    "Opportunity": ("OpportunityFieldHistory", "OpportunityId"),
}
# What a row of OpportunityHistory holds: developer.salesforce.com, OpportunityHistory (read 2026-11)
MOVES = ("StageName", "Amount", "CloseDate", "Probability")
ALWAYS = frozenset({"StageName", "OwnerId", "Status"})
"""Fields that say where a record stands and whose it is: kept though nobody maps them."""


@dataclass(frozen=True, slots=True)
class Known:
    """A field of the record as its history calls it: native name and describe type."""

    native: str
    type: str


def history_sources(
    object_: str, wanted: frozenset[str], describe: Mapping[str, Any], since: str
) -> list[Source]:
    """The histories of one object, only of fields that are wanted; none for an object without any."""
    if object_ not in HISTORY_OF:
        return []
    history, parent = HISTORY_OF[object_]
    wanted = wanted | ALWAYS
    found = [_changes(object_, history, parent, _by_label(describe), wanted, since)]
    if object_ == "Opportunity":
        types = {one["name"]: one["type"] for one in describe["fields"]}
        moves = {name: types[name] for name in MOVES if name in types and name in wanted}
        found.append(_states(moves, since))
    return found


def _by_label(describe: Mapping[str, Any]) -> dict[str, Known]:
    """What history may call a field: its name, and for a lookup the name of the relation (`Owner`)."""
    found = {}
    for one in describe["fields"]:
        known = Known(one["name"], one["type"])
        found[one["name"]] = known
        if one.get("relationshipName"):
            found[one["relationshipName"]] = known
    return found


def _changes(
    object_: str,
    history: str,
    parent: str,
    fields: Mapping[str, Known],
    wanted: frozenset[str],
    since: str,
) -> Source:
    def unfold(rows: Rows) -> Rows:
        found = (_change(row, parent, fields, wanted) for row in rows)
        return [each for each in found if each is not None]

    asks = ("Id", parent, "Field", "OldValue", "NewValue", "CreatedDate", "CreatedById")
    return _source(f"{object_}.{history}", history, asks, asks[:6], unfold, since)


def _change(
    row: Row, parent: str, fields: Mapping[str, Known], wanted: frozenset[str]
) -> Row | None:
    """One row of the table, None for a field nobody asks for and for a lookup told by name."""
    known = fields.get(row["Field"])
    head = {"id": row["Id"], "record": row[parent], "at": row["CreatedDate"], "by": row.get("CreatedById")}  # fmt: skip
    if known is None:
        return (
            {**head, "told": "record", "native": row["Field"]} if _is_word(row["Field"]) else None
        )
    old, new = row["OldValue"], row["NewValue"]
    if known.native not in wanted or (known.type == "reference" and not _are_ids(old, new)):
        return None
    convert = converter(known.type)
    cells = {"old": convert([old])[0], "new": convert([new])[0]}
    return {**head, "told": "change", "native": known.native, **cells}


def _is_word(field: str) -> bool:
    """True for what happened to a record (`leadConverted`); a field begins with a capital or ends in __c."""
    return field[:1].islower() and not field.endswith("__c")


def _are_ids(old: Any, new: Any) -> bool:
    return all(
        each is None or (isinstance(each, str) and len(each) == 18 and is_id(each))
        for each in (old, new)
    )


def _states(moves: Mapping[str, str], since: str) -> Source:
    """Every state of an opportunity, a row a field. With nothing in it that is wanted, there are no rows."""

    def unfold(rows: Rows) -> Rows:
        made = []
        for row in rows:
            head = {"id": row["Id"], "record": row["OpportunityId"], "at": row["CreatedDate"],
                    "by": row.get("CreatedById"), "told": "state"}  # fmt: skip
            for name, type_ in moves.items():
                if name in row:
                    made.append({**head, "native": name, "new": converter(type_)([row[name]])[0]})
        return made

    needs = ("Id", "OpportunityId", "CreatedDate")
    asks = (*needs, "CreatedById", *moves)
    return _source(
        "Opportunity.OpportunityHistory", "OpportunityHistory", asks, needs, unfold, since
    )


def _source(
    table: str,
    object_: str,
    asks: tuple[str, ...],
    needs: tuple[str, ...],
    unfold: Callable[[Rows], Rows],
    since: str,
) -> Source:
    return Source(
        table=f"{HISTORY}.{table}",
        object=object_,
        columns=_COLUMNS,
        asks=asks,
        needs=needs,
        where=lambda _visible: f"CreatedDate >= {since}",
        since=since,
        unfold=unfold,
    )


_COLUMNS = (
    Column("id", ("id",), references),
    Column("record_id", ("record",), references),
    Column("told", ("told",), as_they_are),
    Column("native", ("native",), as_they_are),
    Column("old", ("old",), as_they_are),
    Column("new", ("new",), as_they_are),
    Column("happened_at", ("at",), instants),
    Column("actor_id", ("by",), references),
    # To the second, and rows of one second in no certain order (no public word on it; seen, 2026-11).
    Column("precision", ("id",), lambda ids: ["instant"] * len(ids)),
)
