"""How many records of one object a record may be tied to by one type: HubSpot's maxima, and an administrator's.

Every tie that the API makes is held against them: an association, one in the body of a create, or a company written as
`associatedcompanyid`. What was loaded, merged or restored is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from crmsync.sandbox.hubspot import ties
from crmsync.sandbox.hubspot.association_types import AssociationType, types_between
from crmsync.sandbox.hubspot.calls import Answer, Call
from crmsync.sandbox.hubspot.envelopes import envelope, inputs
from crmsync.sandbox.hubspot.errors import Body, Refusal, invalid
from crmsync.sandbox.hubspot.index import Ends
from crmsync.sandbox.hubspot.portal import Portal

_TABLE = "tie limits"
_BATCH = 100
# `maxToObjectIds` and `maxFromObjectIds` of contacts: recorded 2025-03 (amp-labs/connectors, contacts-schema-resp).
# A company has 10,000 contacts and one for its bills, a deal 1,000 contacts.
_MAXIMA: Mapping[int, int] = {279: 10_000, 280: 10_000, 931: 10_000, 930: 1, 4: 10_000, 3: 1_000}

# Whom a record is tied to by a type, besides what is kept: (object, id, type id) -> far ids.
Taken: TypeAlias = Mapping[tuple[str, str, int], frozenset[str]]


def check_limits(portal: Portal, ends: Ends, types: Iterable[int]) -> None:
    """Refusal 400 if a tie would be one too many at either end. The real answer was not seen."""
    room_for(portal, [(ends, types)], {})


def has_room(portal: Portal, ends: Ends, types: Iterable[int]) -> bool:
    """Whether both ends have room for a tie, for whoever makes one without being asked."""
    try:
        check_limits(portal, ends, types)
    except Refusal:
        return False
    return True


def room_for(portal: Portal, wanted: Iterable[tuple[Ends, Iterable[int]]], taken: Taken) -> Taken:
    """What is taken once these ties are made, too; Refusal 400 if one would be one too many at either end."""
    now = dict(taken)
    for ends, types in wanted:
        for one in ties.with_plain(ends, types):
            _take(portal, ends, one, now)
            back = (ends[2], ends[3], ends[0], ends[1])
            _take(portal, back, portal.types[one].opposite, now)
    return now


def _take(
    portal: Portal, ends: Ends, type_id: int, taken: dict[tuple[str, str, int], frozenset[str]]
) -> None:
    """One direction of a tie; one that is there already takes no room, nor one that leaves another its place."""
    most = _most(portal, type_id)
    present = portal.ties.of(ends[0], ends[1], ends[2])
    if most is None or type_id in ties.SINGLE or type_id in present.get(ends[3], ()):
        return
    key = (ends[0], ends[1], type_id)
    claimed = taken.get(key, frozenset()) - {ends[3]}
    if len(present) + len(claimed) >= most:  # else there is room, whatever the types are
        others = claimed.union(far for far, types in present.items() if type_id in types)
        if len(others) >= most:
            raise invalid(
                f"{ends[0]} {ends[1]} has {len(others)} associations of type {type_id}; the limit is {most}"
            )
    taken[key] = claimed | {ends[3]}


def _most(portal: Portal, type_id: int) -> int | None:
    """The lower of HubSpot's maximum and what an administrator said, None if neither says anything."""
    kept = portal.tables.get(_TABLE, str(type_id))
    told: list[int | None] = [_MAXIMA.get(type_id), kept["most"] if kept else None]
    return min((one for one in told if one is not None), default=None)


def all_limits(portal: Portal, call: Call) -> Answer:
    """Every limit that was set."""
    kept = (portal.types[int(id_)] for id_ in portal.tables.ids(_TABLE))
    return Answer(200, {"results": [_told(portal, one) for one in kept]})


def limits_between(portal: Portal, call: Call) -> Answer:
    """The limits from one object to another."""
    known = types_between(call.kind("from").name, call.kind("to").name, portal.types)
    kept = [one for one in known if portal.tables.get(_TABLE, str(one.id)) is not None]
    return Answer(200, {"results": [_told(portal, one) for one in kept]})


def set_limits(portal: Portal, call: Call) -> Answer:
    """200 with the limits that hold from now on; 207 for types there are not."""
    known = {
        one.id: one
        for one in types_between(call.kind("from").name, call.kind("to").name, portal.types)
    }
    results, errors = [], []
    for one in inputs(call, _BATCH):
        try:
            results.append(_set(portal, known, one))
        except Refusal as refusal:
            errors.append(refusal.item())
    return envelope(portal, 200, results, errors)


def _set(portal: Portal, known: dict[int, AssociationType], one: dict[str, Any]) -> Body:
    type_, most = known.get(one.get("typeId", 0)), one.get("maxToObjectIds")
    if type_ is None or not isinstance(most, int) or most < 1:
        raise invalid(f"typeId {one.get('typeId')} or maxToObjectIds {most} is not valid")
    portal.tables.put(_TABLE, str(type_.id), {"most": most})
    return _told(portal, type_)


def drop_limits(portal: Portal, call: Call) -> Answer:
    """204, and the types named have no limit any more."""
    for one in inputs(call, _BATCH):
        portal.tables.drop(_TABLE, str(one.get("typeId")))
    return Answer(204)


def _told(portal: Portal, one: AssociationType) -> Body:
    """The keys: developers.hubspot.com, association limits (read 2026-11)."""
    kept = portal.tables.get(_TABLE, str(one.id))
    assert kept is not None
    return {
        "category": one.spec_category,
        "typeId": one.id,
        "label": one.label,
        "userEnforcedMaxToObjectIds": kept["most"],
    }
