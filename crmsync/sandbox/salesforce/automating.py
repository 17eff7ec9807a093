"""Flows that do something: after a record was saved they change it, or one that it points to.

They run on every way of writing but an import. What they change is a save of its own, with stamps and history; it
starts the flows of a related record, but not those of the same one again.
"""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.acting import NOTHING, Does, acted
from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.declaring import setups
from crmsync.sandbox.salesforce.values import loaded
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Row


def automate(
    world: SalesforceWorld, shape: Shape, id_: str, before: Row, done: frozenset[str] = frozenset()
) -> None:
    """Runs the flows of an object over a record that was just saved; `done` are records not to come back to."""
    done |= {id_}
    for _flow, setup in setups(world, "Flow", shape.name):
        row = world.rows.live(shape.name, id_)
        if "does" in setup and row is not None:
            target = _target(world, shape, row, setup["does"])
            value = acted(setup["does"], before, row)
            if target is not None and value is not NOTHING:
                _save(world, target, value, setup["does"].get("by"), done)


Target = tuple[Shape, str, str]  # object, id, field


def _target(world: SalesforceWorld, shape: Shape, row: Row, does: Does) -> Target | None:
    """What is to be changed; None if the record points to nothing."""
    lookup = does.get("through")
    if lookup is None:
        return shape, row["Id"], does["to"]
    other = row.get(lookup)
    owner = world.shape(shape.stored(lookup).reference_to[0])
    if not other or owner is None or world.rows.live(owner.name, other) is None:
        return None
    return owner, other, does["to"]


def _save(
    world: SalesforceWorld, target: Target, value: Any, by: str | None, done: frozenset[str]
) -> None:
    shape, id_, name = target
    before = world.rows.get(shape.name, id_) or {}
    new = loaded(shape.stored(name), value)
    if before.get(name) == new:
        return
    changes = {name: new} | ({"LastModifiedById": by} if by else {})
    world.write(shape, id_, changes, stamp=world.stamp())
    if id_ not in done:
        automate(world, shape, id_, before, done)
