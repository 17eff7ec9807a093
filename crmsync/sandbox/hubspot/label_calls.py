"""Association labels over HTTP: the types between two objects, and new ones people define."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from crmsync.sandbox.hubspot import ties
from crmsync.sandbox.hubspot.association_types import (
    USER,
    AssociationType,
    types_between,
    user_label,
)
from crmsync.sandbox.hubspot.calls import Answer, Call
from crmsync.sandbox.hubspot.errors import invalid
from crmsync.sandbox.hubspot.objects import ObjectType
from crmsync.sandbox.hubspot.portal import Portal


def list_labels(portal: Portal, call: Call) -> Answer:
    """The types from one object to another, those of people too."""
    known = types_between(call.kind("from").name, call.kind("to").name, portal.types)
    return Answer(200, {"results": [spec(one) for one in known]})


def create_label(portal: Portal, call: Call) -> Answer:
    """200 with the new label, a type a direction; needs `label` and `name`, takes `inverseLabel`."""
    told = call.fields()
    words = [told.get(key) for key in ("label", "name", "inverseLabel")]
    if not all(isinstance(word, str) for word in words[:2]) or not all(words[:2]):
        raise invalid("label and name are required")
    label, name, inverse = (str(word or "") for word in words)
    made = new_label(portal, call.kind("from"), call.kind("to"), label, inverse, name)
    return Answer(200, {"results": [spec(one) for one in made]})


def new_label(
    portal: Portal, near: ObjectType, far: ObjectType, label: str, inverse: str = "", name: str = ""
) -> tuple[AssociationType, ...]:
    """The types of a label people define, kept; Refusal 400 if its name or words are taken.

    Without an inverse the label reads the same from the other side. The real wording of the
    refusal was not seen.
    """
    name = name or re.sub(r"\W+", "_", label.lower())
    known = types_between(near.name, far.name, portal.types)
    if any(label == one.label or name == one.name for one in known):
        raise invalid(f"an association label {label} or name {name} exists already")
    made = user_label(portal.types, (near.name, far.name), name, (label, inverse or label))
    portal.save_labels(made)
    return made


def change_label(portal: Portal, call: Call) -> Answer:
    """204, and a label of people reads otherwise; 400 for one of HubSpot's own."""
    told = call.fields()
    one = _own(portal, call, told.get("associationTypeId"))
    label, inverse = str(told.get("label") or ""), str(told.get("inverseLabel") or "")
    if not label:
        raise invalid("label is required")
    back = portal.types[one.opposite]
    portal.save_labels([replace(back, label=inverse or back.label), replace(one, label=label)])
    return Answer(204)


def delete_label(portal: Portal, call: Call) -> Answer:
    """204, and the label is gone from the ties that had it, which stay; 400 for one of HubSpot's own."""
    one = _own(portal, call, call.path["id"])
    near, far = one.from_object, one.to_object
    for from_id in portal.tables.ids(near):
        for to_id, types in list(portal.ties.of(near, from_id, far).items()):
            if one.id in types:
                ties.remove(portal, (near, from_id, far, to_id), [one.id])
    portal.drop_labels({one.id, one.opposite})
    return Answer(204)


def _own(portal: Portal, call: Call, told: Any) -> AssociationType:
    known = types_between(call.kind("from").name, call.kind("to").name, portal.types)
    for one in known:
        if str(one.id) == str(told) and one.spec_category == USER:
            return one
    raise invalid(f"association type id {told} is not a label of this account")


def spec(one: AssociationType) -> dict[str, Any]:
    """A type as reads and the list of labels tell it."""
    return {"category": one.spec_category, "typeId": one.id, "label": one.label}
