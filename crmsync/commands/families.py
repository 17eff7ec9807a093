"""The order in which the changes of one object are cut into batches: those under one parent together."""

from __future__ import annotations

from collections.abc import Sequence

from crmsync.commands.exchange import Exchange
from crmsync.connectors.base import Capabilities
from crmsync.core.planning import Change, by_parent


def in_families(
    changes: Sequence[Change], capabilities: Capabilities, exchange: Exchange
) -> list[Change]:
    """Changes of one entity, system and object by their parent, where the system locks one.

    The parent is the one a change gives a record, else the one it was settled with.
    """
    first = changes[0]
    native = capabilities.parents.get(first.object)
    entity = exchange.mapping.entity(first.entity)
    names = [
        each.field
        for each in entity.fields
        if native
        and each.type == "reference"
        and each.name_in(first.system, first.object) == native
    ]
    if not names:
        return list(changes)
    said = {c.id: cell.after for c in changes for cell in c.cells if cell.field == names[0]}
    keys = sorted({change.key for change in changes if change.id not in said})
    bases = exchange.store.bases_of(first.entity, keys) if keys else {}
    held = {
        change.id: bases.get(change.key, {}).get(change.system, {}).get(names[0])
        for change in changes
    }
    return by_parent(changes, {id_: parent or "" for id_, parent in {**held, **said}.items()})
