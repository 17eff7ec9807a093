"""Objects one by one: list, get, create, update, archive."""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.hubspot import records
from crmsync.sandbox.hubspot.associating import inline_ties, tie
from crmsync.sandbox.hubspot.calls import Answer, Call, mapping
from crmsync.sandbox.hubspot.drafts import Claims, drafted, saved
from crmsync.sandbox.hubspot.errors import Refusal, not_found, not_unique
from crmsync.sandbox.hubspot.objects import ObjectType, is_elsewhere
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.shapes import Shape, created, shape, shaped, updated
from crmsync.sandbox.hubspot.workflows import after_save

# developers.hubspot.com, objects API reference; 50 with history is a constant of the public client
# (read 2026-11).
PAGE = 100
PAGE_WITH_HISTORY = 50


def list_objects(portal: Portal, call: Call) -> Answer:
    """A page of records by ascending id; the cursor is the id of the first record of the next."""
    wanted = asked_shape(portal, call)
    asked = call.number("limit", 10, 0, PAGE_WITH_HISTORY if wanted.history else PAGE)
    limit = portal.switches.fewer(asked)
    after = call.number("after", 0, 0, 10**18)
    archived = call.flag("archived")
    index = portal.objects[wanted.kind.name]
    ids, following = index.page(archived, after, limit)
    get = portal.tables.get
    results = [
        shaped(portal, wanted, str(id_), row)
        for id_ in ids
        if (row := get(wanted.kind.name, str(id_))) is not None
    ]
    body: dict[str, Any] = {"results": results}
    if following is not None and limit:
        path = f"/crm/v3/objects/{wanted.kind.name}"
        link = f"https://api.hubapi.com{path}?limit={limit}&after={following}"
        body["paging"] = {"next": {"after": str(following), "link": link}}
    return Answer(200, body)


def asked_shape(portal: Portal, call: Call) -> Shape:
    """What the query asks to see of each record."""
    asked = [name for name in call.many("associations") if not is_elsewhere(name)]
    associations = [Call({"type": name}, {}).kind() for name in asked]
    return shape(
        portal,
        call.kind(),
        call.many("properties"),
        call.many("propertiesWithHistory"),
        associations,
    )


def get_object(portal: Portal, call: Call) -> Answer:
    """One record by id, or by a property that identifies it."""
    wanted = asked_shape(portal, call)
    archived = call.flag("archived")
    id_ = resolved(portal, wanted.kind, call.path["id"], call.one("idProperty"), archived)
    row = portal.row(wanted.kind.name, id_, archived)
    if row is None:
        raise not_found()
    return Answer(200, shaped(portal, wanted, id_, row))


def create_object(portal: Portal, call: Call) -> Answer:
    """201 with every property of the new record that is not empty."""
    kind, body = call.kind(), call.fields()
    ties = inline_ties(portal, kind, body.get("associations"))
    properties = mapping(body.get("properties") or {}, "properties")
    id_ = saved(portal, drafted(portal, kind, None, properties, Claims(), ties))
    tie(portal, kind, id_, ties)
    after_save(portal, kind, id_, {})
    return Answer(portal.switches.number("create_status"), created(portal, kind, id_))


def update_object(portal: Portal, call: Call) -> Answer:
    """200 with what was sent and a few system properties; 404 for an archived record."""
    kind = call.kind()
    id_ = resolved(portal, kind, call.path["id"], call.one("idProperty"))
    properties = mapping(call.fields().get("properties"), "properties")
    draft = drafted(portal, kind, id_, properties, Claims())
    after_save(portal, kind, saved(portal, draft), draft.before)
    return Answer(200, updated(portal, kind, id_, properties))


def archive_object(portal: Portal, call: Call) -> Answer:
    """204 with or without such a record."""
    records.archive(portal, call.kind().name, call.path["id"])
    return Answer(204)


def resolved(
    portal: Portal,
    kind: ObjectType,
    value: str,
    id_property: str | None,
    archived: bool = False,
) -> str:
    """The id of an existing record; Refusal 404 or 400 in the forms recorded."""
    if id_property:
        found = identified(portal, kind, id_property, value)
    elif value.isascii() and value.isdigit():
        found = value if archived else portal.now_at(kind.name, value)
    else:
        message = "Object not found.  objectId are usually numeric."
        raise Refusal(404, message, "OBJECT_NOT_FOUND", context={"id": [value]})
    if found is None or portal.row(kind.name, found, archived) is None:
        raise not_found()
    return found


def identified(portal: Portal, kind: ObjectType, id_property: str, value: str) -> str | None:
    """The id of the live record with a unique value; Refusal 400 if the property is not unique."""
    if id_property not in portal.unique_names(kind.name):
        raise not_unique(kind.type_id, id_property)
    return portal.holder(kind.name, id_property, value)
