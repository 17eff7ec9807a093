"""The groups of properties over HTTP."""

from __future__ import annotations

from crmsync.sandbox.hubspot.calls import Answer, Call
from crmsync.sandbox.hubspot.errors import Body, Refusal, invalid
from crmsync.sandbox.hubspot.portal import Portal


def list_groups(portal: Portal, call: Call) -> Answer:
    """The property groups of an object."""
    return Answer(200, {"results": portal.groups(call.kind().name)})


def get_group(portal: Portal, call: Call) -> Answer:
    """One group, or 404."""
    return Answer(200, _group(portal, call))


def create_group(portal: Portal, call: Call) -> Answer:
    """201 with the group; 409 if the name is taken."""
    object_name, body = call.kind().name, call.fields()
    name, label = str(body.get("name") or ""), str(body.get("label") or "")
    if not name or not label:
        raise invalid('Some required fields were not set: ["name", "label"]')
    if any(one["name"] == name for one in portal.groups(object_name)):
        # The real wording was not seen.
        raise Refusal(409, f"A group named '{name}' already exists.", "OBJECT_ALREADY_EXISTS")
    order = int(body.get("displayOrder") or -1)
    made = {"name": name, "label": label, "displayOrder": order, "archived": False}
    portal.save_group(object_name, made)
    return Answer(201, made)


def change_group(portal: Portal, call: Call) -> Answer:
    """200 with another label or place."""
    body, before = call.fields(), _group(portal, call)
    news: Body = {name: body[name] for name in ("label", "displayOrder") if name in body}
    portal.save_group(call.kind().name, {**before, **news})
    return Answer(200, {**before, **news})


def delete_group(portal: Portal, call: Call) -> Answer:
    """204; 400 while properties are in it."""
    object_name, before = call.kind().name, _group(portal, call)
    held = [
        one["name"]
        for one in portal.definitions(object_name).values()
        if one["groupName"] == before["name"]
    ]
    if held:
        # The real wording was not seen.
        raise invalid(f"Group {before['name']} has {len(held)} properties and cannot be deleted")
    portal.save_group(object_name, {**before, "archived": True})
    return Answer(204)


def _group(portal: Portal, call: Call) -> Body:
    for one in portal.groups(call.kind().name):
        if one["name"] == call.path["name"]:
            return one
    raise Refusal(404, f"Group {call.path['name']} does not exist", "OBJECT_NOT_FOUND")
