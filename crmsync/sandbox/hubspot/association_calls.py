"""Associations over HTTP: v4 one by one and in batches, and the batch read of v3."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from crmsync.sandbox.hubspot import ties
from crmsync.sandbox.hubspot.associating import check_types, record_id, type_ids
from crmsync.sandbox.hubspot.association_types import TYPES, can_be_tied, unlabelled
from crmsync.sandbox.hubspot.calls import Answer, Call, listed, mapping
from crmsync.sandbox.hubspot.envelopes import envelope, inputs
from crmsync.sandbox.hubspot.errors import Body, Refusal, invalid, malformed
from crmsync.sandbox.hubspot.index import Ends
from crmsync.sandbox.hubspot.label_calls import spec
from crmsync.sandbox.hubspot.objects import ObjectType
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.tie_limits import check_limits

# 500 a page; 1,000 inputs read and 2,000 written; v3 shows 100 ties a record and cannot page:
# developers.hubspot.com, "Associations v4" and changelog (read 2026-11).
PAGE = 500
READ_INPUTS = 1_000
WRITE_INPUTS = 2_000
V3_TIES = 100

Input = dict[str, Any]


def list_ties(portal: Portal, call: Call) -> Answer:
    """A page of the ties of one record to one object, by far id; empty if there are none."""
    near, far = call.kind(), call.kind("to_type")
    id_ = record_id(portal, near, call.path["id"])
    limit = portal.switches.fewer(call.number("limit", PAGE, 1, PAGE))
    after = call.number("after", 0, 0, 10**18)
    results, following = _page(portal, near, id_, far, after, limit)
    body: dict[str, Any] = {"results": results}
    if following:
        body["paging"] = {"next": {"after": following}}
    return Answer(200, body)


def put_default(portal: Portal, call: Call) -> Answer:
    """200 with the plain tie of two records, in both directions."""
    ends = _ends(portal, call)
    _tie(portal, ends)
    return envelope(portal, 200, _default_results(ends), [])


def put_labels(portal: Portal, call: Call) -> Answer:
    """201; the types given replace those of the tie, and the plain one is always there."""
    ends = _ends(portal, call)
    told = call.body()
    if not isinstance(told, list) or not told:
        raise malformed("Cannot deserialize value of type `java.util.ArrayList`")
    return Answer(201, _replace(portal, call.kind(), call.kind("to_type"), ends, told))


def delete_tie(portal: Portal, call: Call) -> Answer:
    """204; nothing is left between the two records."""
    near, far = call.kind(), call.kind("to_type")
    ties.replace(portal, (near.name, call.path["id"], far.name, call.path["to_id"]), ())
    return Answer(204)


def batch_read(portal: Portal, call: Call) -> Answer:
    """The ties of each input that has any; the others are errors of a 207, which is normal."""
    return _read(portal, call, _read_v4)


def batch_read_v3(portal: Portal, call: Call) -> Answer:
    """The same as v3 tells it: a type name instead of ids, at most 100 a record."""
    return _read(portal, call, _read_v3)


_Reader = Callable[[Portal, ObjectType, str, ObjectType, Input], dict[str, Any]]


def _read(portal: Portal, call: Call, reader: _Reader) -> Answer:
    near, far = call.kind("from"), call.kind("to")
    results, errors = [], []
    for one in inputs(call, READ_INPUTS):
        id_ = str(one.get("id"))
        if portal.ties.of(near.name, id_, far.name):
            results.append(reader(portal, near, id_, far, one))
        else:
            errors.append(_nothing(near, id_, far))
    return envelope(portal, 200, results, errors)


def _read_v4(
    portal: Portal, near: ObjectType, id_: str, far: ObjectType, one: Input
) -> dict[str, Any]:
    after = str(one.get("after") or 0)
    if not after.isdigit():
        raise invalid(f"after must be a number, not {after}")
    most = portal.switches.fewer(PAGE)
    found, following = _page(portal, near, id_, far, int(after), most)
    told: dict[str, Any] = {"from": {"id": id_}, "to": found}
    if following:
        told["paging"] = {"next": {"after": following}}
    return told


def _read_v3(
    portal: Portal, near: ObjectType, id_: str, far: ObjectType, one: Input
) -> dict[str, Any]:
    found = portal.ties.of(near.name, id_, far.name)
    listed_ = [
        {"id": far_id, "type": portal.types[type_].name}
        for far_id in sorted(found, key=int)
        for type_ in found[far_id]
    ]
    return {"from": {"id": id_}, "to": listed_[:V3_TIES]}


def _page(
    portal: Portal, near: ObjectType, id_: str, far: ObjectType, after: int, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    found = portal.ties.of(near.name, id_, far.name)
    ids = sorted(map(int, found))
    start = bisect_left(ids, after)
    results = [
        {
            "toObjectId": far_id,
            "associationTypes": [spec(portal.types[one]) for one in found[str(far_id)]],
        }
        for far_id in ids[start : start + limit]
    ]
    rest = ids[start + limit : start + limit + 1]
    return results, str(rest[0]) if rest else None


def _nothing(near: ObjectType, id_: str, far: ObjectType) -> Body:
    """Measured on a portal, 2026-08."""
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": f"No {far.singular} is associated with {near.singular} {id_}.",
        "context": {
            "fromObjectId": [id_],
            "fromObjectType": [near.singular],
            "toObjectType": [far.singular],
        },
    }


def batch_default(portal: Portal, call: Call) -> Answer:
    """200 with the plain ties made, both directions; 207 for records that do not exist."""

    def make(near: ObjectType, far: ObjectType, one: Input) -> list[dict[str, Any]]:
        ends = _input_ends(portal, near, far, one)
        _tie(portal, ends)
        return _default_results(ends)

    return _write(portal, call, 200, make)


def batch_create(portal: Portal, call: Call) -> Answer:
    """201 with the labels of each tie made; 207 for those refused."""

    def make(near: ObjectType, far: ObjectType, one: Input) -> list[dict[str, Any]]:
        ends = _input_ends(portal, near, far, one)
        return [_replace(portal, near, far, ends, listed(one, "types"))]

    return _write(portal, call, 201, make)


def _write(
    portal: Portal,
    call: Call,
    status: int,
    make: Callable[[ObjectType, ObjectType, Input], list[dict[str, Any]]],
) -> Answer:
    near, far = call.kind("from"), call.kind("to")
    results, errors = [], []
    for one in inputs(call, WRITE_INPUTS):
        try:
            results += make(near, far, one)
        except Refusal as refusal:
            errors.append(refusal.item())
    return envelope(portal, status, results, errors)


def batch_archive(portal: Portal, call: Call) -> Answer:
    """204; nothing is left between each `from` and its several `to`."""
    near, far = call.kind("from"), call.kind("to")
    for one in inputs(call, WRITE_INPUTS):
        from_id = _id_of(one, "from")
        for to in listed(one, "to"):
            ends = (near.name, from_id, far.name, str(mapping(to, "to").get("id")))
            ties.replace(portal, ends, ())
    return Answer(204)


def batch_archive_labels(portal: Portal, call: Call) -> Answer:
    """204; the types given are gone, and with the plain one all of them."""
    near, far = call.kind("from"), call.kind("to")
    for one in inputs(call, WRITE_INPUTS):
        types = type_ids(portal.types, listed(one, "types"))
        check_types(portal.types, near, far, types)
        ends = (near.name, _id_of(one, "from"), far.name, _id_of(one, "to"))
        ties.remove(portal, ends, types)
    return Answer(204)


def _id_of(one: Input, end: str) -> str:
    return str(mapping(one.get(end), end).get("id"))


def _ends(portal: Portal, call: Call) -> Ends:
    near, far = call.kind(), call.kind("to_type")
    told = {"from": {"id": call.path["id"]}, "to": {"id": call.path["to_id"]}}
    return _input_ends(portal, near, far, told)


def _input_ends(portal: Portal, near: ObjectType, far: ObjectType, one: Input) -> Ends:
    from_id = record_id(portal, near, _id_of(one, "from"))
    to_id = record_id(portal, far, _id_of(one, "to"))
    if not can_be_tied(near.name, far.name):
        # What HubSpot says of two objects that have no association type was not seen.
        raise invalid(f"No association types exist between {near.type_id} and {far.type_id}")
    if (near.name, from_id) == (far.name, to_id):
        raise invalid(f"Object {from_id} cannot be associated to itself ({to_id})")
    return near.name, from_id, far.name, to_id


def _replace(
    portal: Portal, near: ObjectType, far: ObjectType, ends: Ends, told: list[Any]
) -> dict[str, Any]:
    types = type_ids(portal.types, told)
    check_types(portal.types, near, far, types)
    check_limits(portal, ends, types)
    ties.replace(portal, ends, types)
    return {
        "fromObjectTypeId": near.type_id,
        "fromObjectId": int(ends[1]),
        "toObjectTypeId": far.type_id,
        "toObjectId": int(ends[3]),
        "labels": [label for one in sorted(types) if (label := portal.types[one].label)],
    }


def _tie(portal: Portal, ends: Ends) -> None:
    plain = unlabelled(ends[0], ends[2])
    check_limits(portal, ends, [plain])
    ties.add(portal, ends, [plain])


def _default_results(ends: Ends) -> list[dict[str, Any]]:
    there = unlabelled(ends[0], ends[2])
    return [
        _default_result(ends[1], ends[3], there),
        _default_result(ends[3], ends[1], TYPES[there].opposite),
    ]


def _default_result(from_id: str, to_id: str, type_id: int) -> dict[str, Any]:
    spec = {"associationCategory": TYPES[type_id].spec_category, "associationTypeId": type_id}
    return {"from": {"id": from_id}, "to": {"id": to_id}, "associationSpec": spec}
