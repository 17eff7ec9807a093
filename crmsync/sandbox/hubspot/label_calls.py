"""Association labels over HTTP: the types between two objects, and new ones people define."""

from __future__ import annotations

import re
from typing import Any

from crmsync.sandbox.hubspot.association_types import AssociationType, types_between, user_label
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


def spec(one: AssociationType) -> dict[str, Any]:
    """A type as reads and the list of labels tell it."""
    return {"category": one.spec_category, "typeId": one.id, "label": one.label}
