"""Calls that end a record: merging two, and deleting a person for good."""

from __future__ import annotations

from crmsync.sandbox.hubspot.calls import Answer, Call
from crmsync.sandbox.hubspot.erasing import erase
from crmsync.sandbox.hubspot.errors import invalid, not_unique
from crmsync.sandbox.hubspot.merging import answer
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.shapes import frame


def merge_objects(portal: Portal, call: Call) -> Answer:
    """200 with the record that is left; which properties the real answer shows was not seen: here all."""
    kind = call.kind()
    id_ = answer(portal, call.fields(), kind)
    row = portal.tables.get(kind.name, id_)
    assert row is not None
    known = portal.definitions(kind.name)
    shown = {
        name: row["properties"][name] for name in sorted(row["properties"].keys() & known.keys())
    }
    return Answer(200, frame(portal, kind, id_, row, shown))


def gdpr_delete(portal: Portal, call: Call) -> Answer:
    """204; with an address nobody has it is kept from being used."""
    body = call.fields()
    asked, name = str(body.get("objectId") or ""), str(body.get("idProperty") or "")
    if not asked:
        raise invalid('Some required fields were not set: ["objectId"]')
    if name not in ("", "email", "hs_object_id"):
        raise not_unique(OBJECTS["contacts"].type_id, name)
    erase(portal, asked, name)
    return Answer(204)
