"""Calls about one record: create, read, update, delete, by id and by external id."""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.salesforce.calls import Call, Reply, flag, json_object, known_shape, refused
from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.conditional import check_preconditions, not_modified, row_headers
from crmsync.sandbox.salesforce.errors import NOT_FOUND, ApiError, Refusal, refuse
from crmsync.sandbox.salesforce.ids import full_id
from crmsync.sandbox.salesforce.options import write_options
from crmsync.sandbox.salesforce.schema import Field
from crmsync.sandbox.salesforce.soql.columns import attributes
from crmsync.sandbox.salesforce.soql.fields import field_reader
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.salesforce.writes import (
    Outcome,
    create,
    delete,
    existing,
    matching_ids,
    update,
    upsert,
)
from crmsync.sandbox.tables import Row


def post_record(world: SalesforceWorld, call: Call) -> Reply:
    """POST on an object: 201 with the new id."""
    shape = known_shape(world, call.parts[1])
    outcome = create(world, shape, _body_without_id(call), write_options(call))
    return _created(call, shape, outcome) if not outcome.errors else refused(outcome.errors)


def get_record(world: SalesforceWorld, call: Call) -> Reply:
    """GET by id: the whole record, or the fields asked for."""
    shape = known_shape(world, call.parts[1])
    id_ = full_id(call.parts[2])
    row = world.rows.live(shape.name, id_)
    return _shown(call, shape, row)


def patch_record(world: SalesforceWorld, call: Call) -> Reply:
    """PATCH by id: 204; 412 when a condition in the headers does not hold."""
    shape = known_shape(world, call.parts[1])
    row = existing(world, shape, call.parts[2])
    check_preconditions(call, shape, row)
    outcome = update(world, shape, row["Id"], _body_without_id(call), write_options(call))
    return refused(outcome.errors) if outcome.errors else Reply(204)


def delete_record(world: SalesforceWorld, call: Call) -> Reply:
    """DELETE by id: 204. Knows no conditional headers."""
    shape = known_shape(world, call.parts[1])
    outcome = delete(world, shape, call.parts[2])
    return refused(outcome.errors) if outcome.errors else Reply(204)


def get_by_key(world: SalesforceWorld, call: Call) -> Reply:
    """GET by external id: the record, 300 with their URLs when there are several, else 404."""
    shape, key = _shape_and_key(world, call)
    ids = matching_ids(world, shape, key.name, call.parts[3])
    if len(ids) > 1:
        return _several(call, shape, ids)
    return _shown(call, shape, world.rows.live(shape.name, ids[0]) if ids else None)


def patch_by_key(world: SalesforceWorld, call: Call) -> Reply:
    """Upsert: 201 created, 200 updated, 300 several match and nothing was written."""
    shape, key = _shape_and_key(world, call)
    body = _body_without_id(call)
    if not world.switch("slash_in_key") and "/" in call.parts[3]:
        raise Refusal(NOT_FOUND)
    if world.switch("upsert_key_in_body"):
        body = {name: value for name, value in body.items() if name.lower() != key.name.lower()}
    if any(name.lower() == key.name.lower() for name in body):
        message = f"The {key.name} field should not be specified in the sobject data."
        raise refuse("INVALID_FIELD", message, key.name)
    ids = matching_ids(world, shape, key.name, call.parts[3])
    if len(ids) == 1:
        check_preconditions(call, shape, world.rows.live(shape.name, ids[0]) or {})
    update_only = flag(call.query.get("updateOnly"))
    options = write_options(call)
    outcome = upsert(
        world, shape, key.name, call.parts[3], body, update_only=update_only, options=options
    )
    if outcome.matches:
        return _several(call, shape, list(outcome.matches))
    if outcome.errors:
        return refused(outcome.errors)
    # 200 and `created` since v46, 204 before: dome_upsert (read 2026-11).
    if outcome.created:
        return _created(call, shape, outcome)
    status = int(world.switch("upsert_found_status"))
    return Reply(status, written(outcome) if status == 200 else None)


def post_by_id(world: SalesforceWorld, call: Call) -> Reply:
    """POST on `Obj/Id`: an upsert without an id to look for, hence a create."""
    if call.parts[2].lower() != "id":
        raise _not_allowed(call, "HEAD,GET,PATCH,DELETE")
    return post_record(world, call)


def written(outcome: Outcome) -> dict[str, Any]:
    """The JSON of a successful write; `created` only for upserts."""
    body: dict[str, Any] = {"id": outcome.id, "success": True, "errors": []}
    return body if outcome.created is None else {**body, "created": outcome.created}


def record_json(shape: Shape, row: Row, fields: list[Field], root: str) -> dict[str, Any]:
    """A record with the given fields."""
    values = {field.name: field_reader(field)(row) for field in fields}
    return {"attributes": attributes(shape.name, row, root), **values}


def named_fields(shape: Shape, names: list[str]) -> list[Field]:
    """Visible fields by name, in that order; Refusal (400) for one the user does not see."""
    fields = []
    for name in names:
        field = shape.field(name)
        if field is None:
            message = f"No such column '{name}' on sobject of type {shape.name}"
            raise refuse("INVALID_FIELD", message)
        fields.append(field)
    return fields


def _shown(call: Call, shape: Shape, row: Row | None) -> Reply:
    if row is None:
        raise Refusal(NOT_FOUND)
    asked = call.query.get("fields")
    fields = named_fields(shape, asked.split(",")) if asked else list(shape.visible.values())
    check_preconditions(call, shape, row)
    body = record_json(shape, row, fields, call.root)
    return not_modified(call, shape, row) or Reply(200, body, row_headers(shape, row))


def _created(call: Call, shape: Shape, outcome: Outcome) -> Reply:
    location = {"Location": f"{call.root}{shape.name}/{outcome.id}"}
    return Reply(201, written(outcome), location)


def _several(call: Call, shape: Shape, ids: list[str]) -> Reply:
    return Reply(300, [f"{call.root}{shape.name}/{id_}" for id_ in ids])


def _body_without_id(call: Call) -> dict[str, Any]:
    body = json_object(call)
    if any(name.lower() == "id" for name in body):
        message = "The Id field should not be specified in the sobject data."
        raise refuse("INVALID_FIELD", message, "Id")
    return body


def _shape_and_key(world: SalesforceWorld, call: Call) -> tuple[Shape, Field]:
    shape = known_shape(world, call.parts[1])
    return shape, upsert_key(shape, call.parts[2])


def upsert_key(shape: Shape, name: str) -> Field:
    """The visible idLookup field of that name; Refusal (404) for any other."""
    key = shape.field(name)
    if key is None or not key.id_lookup:
        message = f"Provided external ID field does not exist or is not accessible: {name}"
        raise refuse("NOT_FOUND", message, status=404)
    return key


def _not_allowed(call: Call, allowed: str) -> Refusal:
    message = f"HTTP Method '{call.method}' not allowed. Allowed are {allowed}"
    return Refusal(ApiError("METHOD_NOT_ALLOWED", message, status=405))
