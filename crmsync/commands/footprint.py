"""`crmsync footprint show`, `install` and `remove`: how it stands, and plans. None of them changes anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from crmsync.commands.plan import demand_rest
from crmsync.commands.pull import recognised
from crmsync.commands.sentinels import guarded
from crmsync.commands.workspace import Workspace
from crmsync.connectors.abilities import FootprintConnector, InstallingConnector, SentinelConnector
from crmsync.connectors.base import Connector
from crmsync.core.footprint import (
    FootprintItem,
    FootprintPlan,
    FootprintStep,
    Verb,
    creating_seats,
    install_plan,
    remove_plan,
    sentinel_item,
)
from crmsync.core.sentinel import ACTION as SENTINEL
from crmsync.core.sentinel import sentinel_key
from crmsync.errors import AccessDenied, Refused

if TYPE_CHECKING:
    from crmsync.store.store import Store


def show_footprint(workspace: Workspace) -> list[FootprintItem]:
    """Every key field and sentinel that is needed, or there without being needed."""
    with workspace.connectors() as connectors:
        found = _items(workspace, connectors)
    return [item for item in found if item.entities or item.state not in ("missing", "none")]


def plan_install(workspace: Workspace) -> FootprintPlan:
    """What installing would do. Writes to no CRM."""
    with workspace.store() as store, workspace.connectors() as connectors:
        demand_rest(store)
        head = _head(workspace, "install", _identities(workspace, store, connectors))
        return install_plan(head, _items(workspace, connectors))


def plan_remove(workspace: Workspace) -> FootprintPlan:
    """What removing would do, and how many records would lose their key. Writes to no CRM."""
    with workspace.store() as store, workspace.connectors() as connectors:
        demand_rest(store)
        head = _head(workspace, "remove", _identities(workspace, store, connectors))
        return remove_plan(head, _items(workspace, connectors), store.created())


def item_of(connector: Connector, object_: str) -> FootprintItem:
    """How the key field of one object stands for one connector."""
    if isinstance(connector, FootprintConnector):
        (item,) = connector.footprint([object_])
        return item
    return _by_schema(connector, object_)


def _items(workspace: Workspace, connectors: Mapping[str, Connector]) -> list[FootprintItem]:
    """Key fields that are needed, key fields that are left over, and sentinels."""
    needed = _needed(workspace, connectors)
    found = [
        replace(item_of(connectors[system], object_), entities=entities)
        for (system, object_), entities in needed.items()
    ]
    others = sorted(places(workspace, connectors) - needed.keys())
    found += [item for place in others for item in _left_over(connectors, *place)]
    return found + [each for item in found for each in _sentinel_in(workspace, connectors, item)]


def _needed(
    workspace: Workspace, connectors: Mapping[str, Connector]
) -> dict[tuple[str, str], tuple[str, ...]]:
    """What every mapped object needs its key field for: entities that may be created, and a sentinel."""
    needed = creating_seats(workspace.mapping)
    for system, connector in guarded(workspace, connectors).items():
        place = (system, connector.sentinel_place.object)
        needed[place] = (*needed.get(place, ()), SENTINEL)
    return dict(sorted(needed.items()))


def _sentinel_in(
    workspace: Workspace, connectors: Mapping[str, Connector], key_field: FootprintItem
) -> list[FootprintItem]:
    """The sentinel of an object, asked for or left over; nothing in an object that has none.

    Under a key field that is not there, or that this user may not see, nobody finds a record either.
    """
    connector = connectors[key_field.system]
    if not isinstance(connector, SentinelConnector):
        return []
    if key_field.object != connector.sentinel_place.object:
        return []
    key = sentinel_key(workspace.project.name)
    record = connector.sentinel(key) if key_field.state == "present" else None
    asked = (SENTINEL,) if key_field.system in guarded(workspace, connectors) else ()
    return [replace(sentinel_item(key_field, key, record), entities=asked)]


def step_item(workspace: Workspace, connector: Connector, step: FootprintStep) -> FootprintItem:
    """How what a step is about stands for one connector."""
    item = item_of(connector, step.object)
    if step.kind != SENTINEL:
        return item
    found = _sentinel_in(workspace, {step.system: connector}, item)
    return found[0] if found else replace(item, kind=SENTINEL, name=step.name, state="missing")


def places(workspace: Workspace, connectors: Mapping[str, Connector]) -> set[tuple[str, str]]:
    """(system, object) of everything that may have a key field: what is mapped, and what once was."""
    could = {
        (system, object_)
        for system, connector in connectors.items()
        if isinstance(connector, InstallingConnector)
        for object_ in connector.capabilities.key_fields
    }
    return could | creating_seats(workspace.mapping).keys()


def _left_over(
    connectors: Mapping[str, Connector], system: str, object_: str
) -> list[FootprintItem]:
    """The key field of an object that nobody maps; nothing if this user may not even see the object."""
    try:
        return [item_of(connectors[system], object_)]
    except (AccessDenied, Refused):
        return []


def _by_schema(connector: Connector, object_: str) -> FootprintItem:
    """What a connector that knows no footprint tells by its schema; a person has to do the rest."""
    name = connector.capabilities.key_fields.get(object_, "")
    item = FootprintItem(connector.system, object_, name, "other", "missing", "by_hand")
    native = connector.schema(object_).fields.get(name)
    if native is None:
        return item
    if native.unique:
        return replace(item, state="present", reason="")
    return replace(item, state="foreign", reason="not_unique")


def _identities(
    workspace: Workspace, store: Store, connectors: Mapping[str, Connector]
) -> dict[str, str]:
    """The org or portal behind each credential; WrongSystem if one is not that of the workspace."""
    systems: Sequence[str] = sorted(connectors)
    return {name: recognised(store, connectors[name], workspace).id for name in systems}


def _head(workspace: Workspace, verb: Verb, identities: Mapping[str, str]) -> FootprintPlan:
    made_at = workspace.now().isoformat()
    name, digest = workspace.project.name, workspace.mapping.digest
    return FootprintPlan(verb, name, made_at, digest, identities)
