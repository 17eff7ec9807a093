"""What a mapping asks of a system, with what crmsync itself reads and writes there."""

from __future__ import annotations

from dataclasses import replace

from crmsync.commands.workspace import Workspace
from crmsync.connectors.abilities import SentinelConnector
from crmsync.connectors.base import Capabilities, Connector
from crmsync.core.rights import Demand, demands_of
from crmsync.core.sentinel import SentinelPlace, written_systems


def demands_in(workspace: Workspace, connector: Connector) -> list[Demand]:
    """What the mapping asks of a system, with the fields that crmsync reads of itself, and its sentinel."""
    capabilities = connector.capabilities
    found = [
        replace(each, maybe=(*each.maybe, *_our_own(capabilities, each.object)))
        for each in demands_of(workspace.mapping, connector.system, capabilities.key_fields)
    ]
    wanted = workspace.project.sentinel and connector.system in written_systems(workspace.mapping)
    if wanted and isinstance(connector, SentinelConnector):
        place = connector.sentinel_place
        found = [_with_sentinel(each, place, capabilities) for each in found]
    return found


def _our_own(capabilities: Capabilities, object_: str) -> list[str]:
    """Fields of our key, of merges and of conversions, which are read where they are there."""
    conversion = capabilities.conversions.get(object_)
    named = (
        capabilities.key_fields.get(object_, ""),
        capabilities.merged_fields.get(object_, ""),
        *capabilities.flags_of(object_),
        *(conversion.into.values() if conversion else ()),
    )
    return [name for name in named if name]


def _with_sentinel(demand: Demand, place: SentinelPlace, capabilities: Capabilities) -> Demand:
    if demand.object != place.object:
        return demand
    fields = {each: demand.writes.get(each, ()) for each in (place.name, place.text)}
    return replace(
        demand,
        reads={**fields, **demand.reads},
        writes={**demand.writes, **fields},
        creates=True,
        key=capabilities.key_fields[place.object],
    )
