"""Field history: a row for every change of a tracked field, and a snapshot for every move of an opportunity.

Which fields are tracked is an administrator's choice, none by default; OpportunityHistory is always kept
(object reference, OpportunityHistory and OpportunityFieldHistory, read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.host import Host
from crmsync.sandbox.salesforce.ids import numbered_id
from crmsync.sandbox.salesforce.schema import Field
from crmsync.sandbox.tables import Row

TRACKED = "~tracked"
# Object -> its history and the field of that which names the record.
HISTORY_OF: Mapping[str, tuple[str, str]] = {
    "Account": ("AccountHistory", "AccountId"),
    "Contact": ("ContactHistory", "ContactId"),
    "Lead": ("LeadHistory", "LeadId"),
    "Opportunity": ("OpportunityFieldHistory", "OpportunityId"),
}
# Twenty fields of an object: help, Field History Tracking (read 2026-11).
_MOST_TRACKED = 20
# Of what is longer than this only the fact is kept: help, Field History Tracking (read 2026-11).
_LONGEST_KEPT = 255
_SNAPSHOT = (
    *("StageName", "Amount", "ExpectedRevenue", "CloseDate", "Probability", "ForecastCategory"),
)
# The ids of all histories begin alike, so each object counts from a number of its own.
_SPACING = 10**11


def track(world: Host, body: Mapping[str, Any]) -> None:
    """Turns tracking of `fields` of an `object` on, or off with `"on": false`.

    ValueError for an object without history, an unknown field, and more than twenty fields.
    """
    shape = world.shape(body["object"])
    if shape is None or shape.name not in HISTORY_OF:
        raise ValueError(f"{body['object']} keeps no field history")
    names = [_known(shape, name) for name in body["fields"]]
    if not body.get("on", True):
        for name in names:
            world.tables.drop(TRACKED, f"{shape.name}.{name}")
        return
    if len({*tracked_fields(world, shape.name), *names}) > _MOST_TRACKED:
        raise ValueError(f"at most {_MOST_TRACKED} fields of an object are tracked")
    for name in names:
        world.tables.put(TRACKED, f"{shape.name}.{name}", {"on": True})


def _known(shape: Shape, name: str) -> str:
    if name.lower() not in shape.fields or shape.stored(name).calculated:
        raise ValueError(f"{shape.name} has no field {name!r} that can be tracked")
    return shape.stored(name).name


def tracked_fields(world: Host, name: str) -> list[str]:
    """The fields of an object whose changes are kept."""
    places = (place.partition(".") for place in world.tables.ids(TRACKED))
    return [field for object_, _, field in places if object_ == name]


_OBJECT_OF = {history: name for name, (history, _) in HISTORY_OF.items()}


def unseen_changes(world: Host, name: str) -> frozenset[str]:
    """What `Field` says in the rows of a history that the user may not see; nothing for any other object."""
    # Field-level security holds for history too: object reference, OpportunityFieldHistory (read 2026-11).
    shape = world.shape(_OBJECT_OF.get(name, ""))
    if shape is None:
        return frozenset()
    hidden = (field for key, field in shape.fields.items() if key not in shape.visible)
    return frozenset(field.relationship or field.name for field in hidden)


def note_history(world: Host, shape: Shape, before: Row, row: Row) -> None:
    """Writes the history rows of a record just saved."""
    if shape.name not in HISTORY_OF:
        return
    fields = tracked_fields(world, shape.name)
    if fields and not before:
        note_event(world, shape.name, row, "created")
    for name in fields if before else ():
        field = shape.fields.get(name.lower())
        if field is not None and before.get(name) != row.get(name):
            for label, old, new in _told(world, field, before.get(name), row.get(name)):
                _add(world, shape.name, row, {"Field": label, "OldValue": old, "NewValue": new})
    if shape.name == "Opportunity" and any(before.get(n) != row.get(n) for n in _SNAPSHOT):
        _snapshot(world, row)


def note_event(world: Host, name: str, row: Row, event: str) -> None:
    """Writes what is no change of a field: `created`, `leadConverted`, `contactMerged`."""
    if tracked_fields(world, name):
        _add(world, name, row, {"Field": event, "OldValue": None, "NewValue": None})


def _told(world: Host, field: Field, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    if field.length > _LONGEST_KEPT or field.type == "multipicklist":
        yield field.name, None, None
    elif field.type == "reference" and field.relationship:
        # A lookup is told twice, by name and by id: object reference, AccountHistory (read 2026-11).
        yield field.relationship, _name(world, field, old), _name(world, field, new)
        yield field.relationship, old, new
    else:
        yield field.name, old, new


def _name(world: Host, field: Field, id_: Any) -> Any:
    rows: Sequence[Row | None] = [world.rows.get(each, id_ or "") for each in field.reference_to]
    return next((row.get("Name") for row in rows if row), None)


def _add(world: Host, name: str, row: Row, told: Row) -> None:
    history, lookup = HISTORY_OF[name]
    _save(world, history, row, {lookup: row["Id"], **told})


def _snapshot(world: Host, row: Row) -> None:
    held = {name: row.get(name) for name in _SNAPSHOT}
    _save(world, "OpportunityHistory", row, {"OpportunityId": row["Id"], **held})


def _save(world: Host, name: str, row: Row, values: Row) -> None:
    stamp, user = row["LastModifiedDate"], row["LastModifiedById"]
    stamps = {"CreatedDate": stamp, "CreatedById": user, "SystemModstamp": stamp}
    id_ = _new_id(world, name)
    world.rows.save(name, id_, {"Id": id_, "IsDeleted": False, **values, **stamps})


def _new_id(world: Host, name: str) -> str:
    shape = world.shapes[name.lower()]
    place = sorted(history for history, _ in HISTORY_OF.values())
    base = place.index(name) * _SPACING if name in place else 0
    number = world.tables.count(name)
    while True:
        number += 1
        id_ = numbered_id(shape.object.prefix, base + number)
        if world.rows.get(name, id_) is None:
            return id_
