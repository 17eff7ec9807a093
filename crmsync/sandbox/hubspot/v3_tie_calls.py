"""Associations in the words of v3: a name for a type, no labels, and a write that only adds."""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.hubspot import ties
from crmsync.sandbox.hubspot.associating import record_id
from crmsync.sandbox.hubspot.association_types import AssociationType, types_between
from crmsync.sandbox.hubspot.calls import Answer, Call, mapping
from crmsync.sandbox.hubspot.envelopes import envelope, inputs
from crmsync.sandbox.hubspot.errors import Body, Refusal, invalid
from crmsync.sandbox.hubspot.index import Ends
from crmsync.sandbox.hubspot.object_calls import asked_shape
from crmsync.sandbox.hubspot.objects import ObjectType
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.shapes import shaped
from crmsync.sandbox.hubspot.tie_limits import check_limits

# 500 a page of one record's; 100 inputs read: the public specification (read 2026-11).
PAGE = 500
WRITE_INPUTS = 2_000


def list_types(portal: Portal, call: Call) -> Answer:
    """The types from one object to another by name; those of people have one too."""
    known = types_between(call.kind("from").name, call.kind("to").name, portal.types)
    return Answer(200, {"results": [{"id": str(one.id), "name": one.name} for one in known]})


def list_ties(portal: Portal, call: Call) -> Answer:
    """A page of the ties of one record, one row a type."""
    near, far = call.kind(), call.kind("to_type")
    id_ = record_id(portal, near, call.path["id"])
    limit, after = call.number("limit", PAGE, 1, PAGE), call.number("after", 0, 0, 10**18)
    found = portal.ties.of(near.name, id_, far.name)
    ids = sorted(one for one in map(int, found) if one >= after)
    results = [
        {"id": str(far_id), "type": portal.types[one].name}
        for far_id in ids[:limit]
        for one in found[str(far_id)]
    ]
    body: Body = {"results": results}
    if len(ids) > limit:
        body["paging"] = {"next": {"after": str(ids[limit])}}
    return Answer(200, body)


def put_tie(portal: Portal, call: Call) -> Answer:
    """200 with the record, which now has one more type to the other."""
    ends, type_ = _asked(portal, call)
    check_limits(portal, ends, [type_.id])
    ties.add(portal, ends, [type_.id])
    row = portal.row(ends[0], ends[1])
    assert row is not None
    return Answer(200, shaped(portal, asked_shape(portal, call), ends[1], row))


def delete_tie(portal: Portal, call: Call) -> Answer:
    """204; the type is gone, and with the plain one all of them."""
    ends, type_ = _asked(portal, call)
    ties.remove(portal, ends, [type_.id])
    return Answer(204)


def batch_create(portal: Portal, call: Call) -> Answer:
    """201 with every tie in both directions, the way back first: recorded 2026-03. 207 for those refused."""
    near, far = call.kind("from"), call.kind("to")
    results: list[Body] = []
    errors: list[Body] = []
    for one in inputs(call, WRITE_INPUTS):
        try:
            results += _made(portal, near, far, one)
        except Refusal as refusal:
            errors.append(refusal.item())
    return envelope(portal, 201, results, errors)


def _made(portal: Portal, near: ObjectType, far: ObjectType, one: dict[str, Any]) -> list[Body]:
    ends, type_ = _of_input(portal, near, far, one)
    check_limits(portal, ends, [type_.id])
    ties.add(portal, ends, [type_.id])
    back = portal.types[type_.opposite]
    return [_told(ends[3], ends[1], back), _told(ends[1], ends[3], type_)]


def batch_archive(portal: Portal, call: Call) -> Answer:
    """204, and the types named are gone."""
    near, far = call.kind("from"), call.kind("to")
    for one in inputs(call, WRITE_INPUTS):
        ends, type_ = _of_input(portal, near, far, one)
        ties.remove(portal, ends, [type_.id])
    return Answer(204)


def _told(from_id: str, to_id: str, type_: AssociationType) -> Body:
    return {"from": {"id": from_id}, "to": {"id": to_id}, "type": type_.name}


def _asked(portal: Portal, call: Call) -> tuple[Ends, AssociationType]:
    told = {
        "from": {"id": call.path["id"]},
        "to": {"id": call.path["to_id"]},
        "type": call.path["tie"],
    }
    return _of_input(portal, call.kind(), call.kind("to_type"), told)


def _of_input(
    portal: Portal, near: ObjectType, far: ObjectType, one: dict[str, Any]
) -> tuple[Ends, AssociationType]:
    from_id, to_id = (str(mapping(one.get(end), end).get("id")) for end in ("from", "to"))
    ends = near.name, record_id(portal, near, from_id), far.name, record_id(portal, far, to_id)
    for known in types_between(near.name, far.name, portal.types):
        if str(one.get("type")) in (known.name, str(known.id)):
            return ends, known
    # The real wording was not seen.
    raise invalid(f"{one.get('type')} is not an association type from {near.name} to {far.name}")
