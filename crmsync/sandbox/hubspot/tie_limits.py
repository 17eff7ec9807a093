"""How many records of one object a record may be tied to by one type, where an administrator said so."""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.hubspot.association_types import AssociationType, types_between
from crmsync.sandbox.hubspot.calls import Answer, Call
from crmsync.sandbox.hubspot.envelopes import envelope, inputs
from crmsync.sandbox.hubspot.errors import Body, Refusal, invalid
from crmsync.sandbox.hubspot.index import Ends
from crmsync.sandbox.hubspot.portal import Portal

_TABLE = "tie limits"
_BATCH = 100


def check_limits(portal: Portal, ends: Ends, types: list[int]) -> None:
    """Refusal 400 if a tie would be one too many at either end. The real answer was not seen."""
    from_object, from_id, to_object, to_id = ends
    back = (to_object, to_id, from_object, from_id)
    for one in types:
        _check(portal, ends, one)
        _check(portal, back, portal.types[one].opposite)


def _check(portal: Portal, ends: Ends, type_id: int) -> None:
    limit = portal.tables.get(_TABLE, str(type_id))
    if limit is None:
        return
    present = portal.ties.of(ends[0], ends[1], ends[2])
    others = [far for far, types in present.items() if type_id in types and far != ends[3]]
    if len(others) >= limit["most"]:
        raise invalid(
            f"{ends[0]} {ends[1]} has {len(others)} associations of type {type_id}; the limit is {limit['most']}"
        )


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
