"""What a declared flow does, checked when it is declared: the action, the field it is about, and where it writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crmsync.sandbox.acting import ACTIONS, WITH_VALUE
from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.values import loaded
from crmsync.sandbox.salesforce.world import SalesforceWorld


def checked_action(world: SalesforceWorld, shape: Shape, told: Mapping[str, Any]) -> dict[str, Any]:
    """What a flow does, with names as the org spells them; ValueError for an action, field or value there is not.

    `field` is what it looks at. Of a copy, `to` is where it goes: a field, or `AccountId.Description` for one of
    the record that `AccountId` points to.
    """
    if told.get("action") not in ACTIONS:
        raise ValueError(f"no action {told.get('action')!r}; there are {', '.join(ACTIONS)}")
    name = _field(shape, told["field"])
    lookup, _dot, rest = str(told.get("to") or name).rpartition(".")
    target = _pointed(world, shape, lookup) if lookup else shape
    to = _field(target, rest)
    if told["action"] in WITH_VALUE:
        loaded(target.stored(to), told["value"])
    through = _field(shape, lookup) if lookup else None
    return {
        "action": told["action"],
        "field": name,
        "to": to,
        "through": through,
        "of": target.name,
        "value": told.get("value"),
        "by": told.get("by"),
    }


def _field(shape: Shape, name: str) -> str:
    if name.lower() not in shape.fields:
        raise ValueError(f"{shape.name} has no field {name!r}")
    return shape.stored(name).name


def _pointed(world: SalesforceWorld, shape: Shape, lookup: str) -> Shape:
    refers = shape.stored(_field(shape, lookup)).reference_to
    pointed = world.shape(refers[0]) if refers else None
    if pointed is None:
        raise ValueError(f"{shape.name}.{lookup} points to no object of this org")
    return pointed
