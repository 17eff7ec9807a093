"""What a new record is to be made from: is it still there, and still as the plan saw it?

A plan may be a day old. Nobody is created from somebody who was deleted, changed, or has opted out since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crmsync.commands.footing import Footing
from crmsync.connectors.base import Cells, Connector
from crmsync.core.planning import Change
from crmsync.core.records import Ref


def stale_origins(
    footing: Footing, connectors: Mapping[str, Connector], changes: Sequence[Change]
) -> dict[str, str]:
    """Why a change may no longer be carried out, by its id; the others' origins hold."""
    wanted = {change.id: _origins(footing, change) for change in changes}
    rows = _read(footing, connectors, wanted, changes)
    found: dict[str, str] = {}
    for change in changes:
        for ref in wanted[change.id]:
            cells = rows.get(ref)
            message = _objection(footing, change, ref, cells)
            kind = connectors[ref.system].capabilities
            if cells is not None and kind.is_converted(ref.object, cells):
                message = (
                    f"{ref.system} {ref.object} {ref.id}, which it is made from, was converted"
                )
            if message:
                found[change.id] = message
    return found


def _origins(footing: Footing, change: Change) -> list[Ref]:
    """Records of the same customer in the other systems."""
    rows = footing.sources.get((change.entity, change.key), ())
    return [row.ref for row in rows if row.ref.system != change.system]


def _read(
    footing: Footing,
    connectors: Mapping[str, Connector],
    wanted: Mapping[str, Sequence[Ref]],
    changes: Sequence[Change],
) -> dict[Ref, Cells]:
    """The records as they are this moment, one batch an object; those that are gone are left out."""
    refs = sorted({ref for each in wanted.values() for ref in each})
    rows: dict[Ref, Cells] = {}
    for system, object_ in sorted({(ref.system, ref.object) for ref in refs}):
        ids = [ref.id for ref in refs if (ref.system, ref.object) == (system, object_)]
        names = footing.exchange.synced(replace(changes[0], system=system, object=object_))
        first = replace(changes[0], system=system, object=object_)
        flags = connectors[system].capabilities.flags_of(object_)
        asked = [*footing.exchange.demands(first), *flags]
        natives = sorted({*asked, *(native for inputs in names.values() for native in inputs)})
        found = connectors[system].get(object_, ids, natives)
        rows |= {Ref(system, object_, id_): cells for id_, cells in found.items()}
    return rows


def _objection(footing: Footing, change: Change, ref: Ref, cells: Cells | None) -> str:
    if cells is None:
        return f"{ref.system} {ref.object} {ref.id}, which it is made from, is gone"
    origin = replace(change, system=ref.system, object=ref.object, native_id=ref.id)
    if not footing.exchange.takes_part(origin, cells):
        return f"{ref.system} {ref.object} {ref.id}, which it is made from, left the scope"
    line = footing.settlement.lines.get((change.entity, change.key))
    planned = line.bases.get(ref.system, {}) if line else {}
    names = footing.exchange.synced(origin)
    moved = [
        name
        for name, text in planned.items()
        if name in names and footing.exchange.to_text(origin, name, cells) != text
    ]
    return f"changed meanwhile in {ref.system}: {', '.join(moved)}" if moved else ""
