"""Composite tree: records and their children created in one call, all of them or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crmsync.sandbox.salesforce.calls import Call, Reply, json_object, known_shape
from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.errors import item_errors, refuse
from crmsync.sandbox.salesforce.options import WriteOptions, write_options
from crmsync.sandbox.salesforce.schema import Field
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.salesforce.writes import Outcome, create

# resources_composite_sobject_tree (read 2026-11).
_MOST_RECORDS = 200
_MOST_TYPES = 5
_MOST_LEVELS = 5

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where in a tree a list of records stands: their object, and the record they hang on."""

    shape: Shape
    level: int = 1
    parent: str | None = None  # its reference
    lookup: Field | None = None


@dataclass(frozen=True, slots=True)
class _Node:
    """One record of a tree: its name there, its own values, its spot."""

    name: str
    values: Record
    spot: _Spot


def tree(world: SalesforceWorld, call: Call) -> Reply:
    """201 with the new ids, or the errors and nothing written."""
    root = _Spot(known_shape(world, call.parts[2]))
    nodes = _checked(list(_nodes(world, root, json_object(call).get("records"))))
    with world.rows.undoing() as undo:
        outcomes = _created(world, nodes, write_options(call))
    wrong = {name: outcome for name, outcome in outcomes.items() if outcome.errors}
    if not wrong:
        made = [{"referenceId": name, "id": each.id} for name, each in outcomes.items()]
        return Reply(201, {"hasErrors": False, "results": made})
    world.rows.roll_back(undo)
    # Only those that fail are told of: resources_composite_sobject_tree (read 2026-11).
    told = [
        {"referenceId": name, "errors": item_errors(each.errors)} for name, each in wrong.items()
    ]
    status = int(world.switch("tree_failure_status"))
    return Reply(status, {"hasErrors": True, "results": told})


def _created(
    world: SalesforceWorld, nodes: list[_Node], options: WriteOptions
) -> dict[str, Outcome]:
    """What became of each record, parents first; the children of a refused one are not tried."""
    outcomes: dict[str, Outcome] = {}
    for node in nodes:
        spot, values = node.spot, node.values
        if spot.parent is not None and spot.lookup is not None:
            parent = outcomes.get(spot.parent)
            if parent is None or parent.errors:
                continue
            values = {**values, spot.lookup.name: parent.id}
        outcomes[node.name] = create(world, spot.shape, values, options)
    return outcomes


def _nodes(world: SalesforceWorld, spot: _Spot, records: Any) -> Iterator[_Node]:
    shape = spot.shape
    if not isinstance(records, list) or not all(isinstance(each, dict) for each in records):
        raise refuse("JSON_PARSER_ERROR", "A tree needs an array named records")
    if spot.level > _MOST_LEVELS:
        raise refuse("LIMIT_EXCEEDED", f"A tree is {_MOST_LEVELS} levels deep at most")
    for record in records:
        name = _reference(record, shape)
        nested = {key: value for key, value in record.items() if _is_nested(shape, key, value)}
        values = {key: value for key, value in record.items() if key not in nested}
        yield _Node(name, values, spot)
        for key, value in nested.items():
            child, lookup = shape.children[key.lower()]
            below = _Spot(world.shapes[child.lower()], spot.level + 1, name, lookup)
            yield from _nodes(world, below, value["records"])


def _is_nested(shape: Shape, key: str, value: Any) -> bool:
    return isinstance(value, dict) and "records" in value and key.lower() in shape.children


def _reference(record: Record, shape: Shape) -> str:
    attributes = record.get("attributes")
    said = attributes if isinstance(attributes, dict) else {}
    name = said.get("referenceId")
    if not isinstance(name, str) or not name:
        raise refuse("INVALID_INPUT", "Each record of a tree needs attributes.referenceId")
    if str(said.get("type", "")).lower() != shape.name.lower():
        raise refuse("INVALID_INPUT", f"Record {name} must have the type {shape.name}")
    return name


def _checked(nodes: list[_Node]) -> list[_Node]:
    if not nodes:
        raise refuse("INVALID_INPUT", "A tree needs at least one record")
    if len(nodes) > _MOST_RECORDS:
        raise refuse("LIMIT_EXCEEDED", f"A tree holds {_MOST_RECORDS} records at most")
    if len({node.spot.shape.name for node in nodes}) > _MOST_TYPES:
        raise refuse("LIMIT_EXCEEDED", f"A tree holds {_MOST_TYPES} types at most")
    twice = [name for name, times in Counter(node.name for node in nodes).items() if times > 1]
    if twice:
        raise refuse("INVALID_INPUT", f"Duplicate referenceId: {', '.join(twice)}")
    return nodes
