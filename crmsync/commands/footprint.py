"""`crmsync footprint show`, `install` and `remove`: how it stands, and plans. None of them changes anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from crmsync.commands.plan import demand_rest
from crmsync.commands.pull import recognised
from crmsync.commands.workspace import Workspace
from crmsync.connectors.base import Connector, FootprintConnector, InstallingConnector
from crmsync.core.footprint import (
    FootprintItem,
    FootprintPlan,
    Verb,
    creating_seats,
    install_plan,
    remove_plan,
)
from crmsync.errors import AccessDenied, Refused

if TYPE_CHECKING:
    from crmsync.store.store import Store


def show_footprint(workspace: Workspace) -> list[FootprintItem]:
    """Every key field that is needed, or there without being needed, by system and object."""
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
    needed = creating_seats(workspace.mapping)
    found = [
        replace(item_of(connectors[system], object_), entities=entities)
        for (system, object_), entities in needed.items()
    ]
    others = sorted(places(workspace, connectors) - needed.keys())
    return found + [item for place in others for item in _left_over(connectors, *place)]


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
