"""sObject Collections: up to 200 records in one call, answered item by item in request order.

The answer is 200 even when every record failed; a failed item has no `id` and its errors say
`statusCode` (grouparoo recordings, read 2026-11).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from crmsync.sandbox.salesforce.calls import Call, Reply, flag, json_object, known_shape
from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.errors import (
    ROLLED_BACK,
    item_errors,
    refuse,
)
from crmsync.sandbox.salesforce.ids import full_id
from crmsync.sandbox.salesforce.items import (
    Record,
    Step,
    carried_out,
    create_item,
    delete_item,
    parents_of,
    update_item,
    upsert_steps,
)
from crmsync.sandbox.salesforce.options import write_options
from crmsync.sandbox.salesforce.records import named_fields, record_json, upsert_key, written
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.salesforce.writes import Outcome

# resources_composite_sobjects_collections: 200 records a write, 2,000 a POST retrieve, runs of one
# type are chunks and ten of them the most (read 2026-11).
_MOST_WRITTEN = 200
_MOST_READ = 2_000
_MOST_CHUNKS = 10


def post_collection(world: SalesforceWorld, call: Call) -> Reply:
    """Creates records of any types."""
    records = _records(call)
    shapes = _typed(world, records)
    steps = [
        partial(create_item, world, shape, record, write_options(call))
        for shape, record in zip(shapes, records, strict=True)
    ]
    return _answer(world, call, steps, parents=_under(world, shapes, records))


def patch_collection(world: SalesforceWorld, call: Call) -> Reply:
    """Updates records by their ids, of any types."""
    records = _records(call)
    shapes = _typed(world, records)
    steps = [
        partial(update_item, world, shape, record, write_options(call))
        for shape, record in zip(shapes, records, strict=True)
    ]
    return _answer(world, call, steps, parents=_under(world, shapes, records))


def upsert_collection(world: SalesforceWorld, call: Call) -> Reply:
    """Upserts records of one type by one key; a key value given twice fails each time."""
    shape = known_shape(world, call.parts[2])
    key = upsert_key(shape, call.parts[3]).name
    steps = upsert_steps(world, shape, key, _records(call), write_options(call))
    parents = parents_of(world, shape, _records(call), key)
    return _answer(world, call, steps, parents=parents)


def delete_collection(world: SalesforceWorld, call: Call) -> Reply:
    """Deletes the records of a list of ids, of any types."""
    ids = [id_ for id_ in call.query.get("ids", "").split(",") if id_]
    _refuse_more_than(_MOST_WRITTEN, len(ids))
    steps = [partial(delete_item, world, id_) for id_ in ids]
    return _answer(world, call, steps, all_or_none=flag(call.query.get("allOrNone")))


def get_collection(world: SalesforceWorld, call: Call) -> Reply:
    """Reads records of one type by a list of ids in the query string."""
    ids, fields = (call.query.get(name, "").split(",") for name in ("ids", "fields"))
    return _retrieved(world, call, ids, fields)


def retrieve_collection(world: SalesforceWorld, call: Call) -> Reply:
    """Reads records of one type by a list of ids in the body; null for those there are not."""
    body = json_object(call)
    return _retrieved(world, call, _texts(body.get("ids")), _texts(body.get("fields")))


def _retrieved(world: SalesforceWorld, call: Call, ids: list[str], names: list[str]) -> Reply:
    shape = known_shape(world, call.parts[2])
    _refuse_more_than(_MOST_READ, len(ids))
    asked = list(dict.fromkeys(name.strip().lower() for name in names if name))
    fields = named_fields(shape, ["Id", *(name for name in asked if name != "id")])
    rows = [world.rows.live(shape.name, full_id(id_)) for id_ in ids]
    found = [None if row is None else record_json(shape, row, fields, call.root) for row in rows]
    return Reply(200, found)


def _texts(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _under(world: SalesforceWorld, shapes: Sequence[Shape], records: Sequence[Record]) -> list[str]:
    """The parent of each record of a call that may hold several types."""
    pairs = zip(shapes, records, strict=True)
    return [parents_of(world, shape, [record])[0] for shape, record in pairs]


def _answer(
    world: SalesforceWorld,
    call: Call,
    steps: Sequence[Step],
    *,
    all_or_none: bool | None = None,
    parents: Sequence[str] = (),
) -> Reply:
    if all_or_none is None:
        all_or_none = flag(json_object(call).get("allOrNone"))
    if not world.switch("collections_count_once"):
        world.count_calls(max(len(steps) - 1, 0))
    with world.rows.undoing() as undo:
        outcomes = list(carried_out(world, call.method, call.path, steps, parents))
    if all_or_none and any(outcome.errors for outcome in outcomes):
        world.rows.roll_back(undo)
        outcomes = [each if each.errors else Outcome(None, (ROLLED_BACK,)) for each in outcomes]
    told = bool(world.switch("collections_tell_duplicates"))
    return Reply(200, [_item(outcome, with_extra=told) for outcome in outcomes])


def _item(outcome: Outcome, *, with_extra: bool) -> dict[str, Any]:
    if outcome.errors:
        errors = item_errors(outcome.errors, with_extra=with_extra)
        return {"success": False, "errors": errors}
    return written(outcome)


def _records(call: Call) -> list[Record]:
    records = json_object(call).get("records")
    if not isinstance(records, list) or not all(isinstance(each, dict) for each in records):
        raise refuse("JSON_PARSER_ERROR", "The request body needs an array named records")
    _refuse_more_than(_MOST_WRITTEN, len(records))
    return records


def _refuse_more_than(most: int, count: int) -> None:
    if count > most:
        message = f"record limit reached. cannot submit more than {most} records into this call"
        raise refuse("EXCEEDED_ID_LIMIT", message)


def _typed(world: SalesforceWorld, records: list[Record]) -> list[Shape]:
    """The shape of each record by its `attributes.type`; Refusal past ten chunks."""
    names = [_type_of(record) for record in records]
    chunks = sum(1 for one, next_ in zip(["", *names], names, strict=False) if one != next_)
    if chunks > _MOST_CHUNKS:
        message = (
            f"Cannot have more than {_MOST_CHUNKS} chunks in a single operation. "
            "Please rearrange the data to reduce chunking."
        )
        raise refuse("LIMIT_EXCEEDED", message)
    shapes = [world.seen(name) for name in names]
    for name, shape in zip(names, shapes, strict=True):
        if shape is None:
            raise refuse("INVALID_TYPE", f"sObject type '{name}' is not supported.")
    return [shape for shape in shapes if shape is not None]


def _type_of(record: Record) -> str:
    attributes = record.get("attributes")
    return str(attributes.get("type", "")) if isinstance(attributes, dict) else ""
