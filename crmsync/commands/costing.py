"""What carrying out a plan will cost in calls, told before anybody agrees to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil

from crmsync.commands.plan import changes_of
from crmsync.commands.planfile import Plan
from crmsync.commands.workspace import Workspace
from crmsync.connectors.base import Capabilities
from crmsync.core.mapping import WorkspaceMapping
from crmsync.core.planning import Change
from crmsync.errors import ConfigInvalid
from crmsync.language import translate

# Look, write, look again: commands/carrying.py; a create is looked for by its key instead. Before that each
# object is described once, and each system says who it is.
_CALLS_A_BATCH = 3
_WHOAMI = 1


def calls_to_carry(
    changes: Sequence[Change], sizes: Mapping[str, int], singles: Mapping[str, int]
) -> dict[str, int]:
    """About how many calls each system gets, by the records a batch of it takes; ties may add a few.

    `singles` are values that take a call of their own.
    """
    rows = Counter((c.system, c.object, c.lane, c.entity, c.action) for c in changes)
    calls = Counter({system: _WHOAMI for system, *_ in rows})
    calls.update(system for system, _object in {place[:2] for place in rows})
    calls.update(singles)
    for (system, *_), number in rows.items():
        calls[system] += ceil(number / sizes[system]) * _CALLS_A_BATCH
    return dict(sorted(calls.items()))


def cost_told(workspace: Workspace, plan: Plan, language: str) -> str:
    """A line about the calls that a plan costs, blank if it writes nothing or nobody can say."""
    changes = changes_of(plan)
    if not changes:
        return ""
    try:
        with workspace.connectors() as connectors:
            known = {name: each.capabilities for name, each in connectors.items()}
    except ConfigInvalid:  # a plan over the last snapshots needs no credential
        return ""
    sizes = {name: each.batch_size for name, each in known.items()}
    costs = calls_to_carry(changes, sizes, _singles(workspace.mapping, changes, known))
    told = ", ".join(f"{system} {calls}" for system, calls in costs.items())
    return translate("Carrying it out takes about so many calls: {calls}", language).format(
        calls=told
    )


def _singles(
    mapping: WorkspaceMapping, changes: Sequence[Change], known: Mapping[str, Capabilities]
) -> Counter[str]:
    """How many values of a plan take a call of their own, by system."""
    found: Counter[str] = Counter()
    for change in changes:
        starts = known[change.system].singly.get(change.object, ())
        entity = mapping.entity(change.entity)
        for cell in change.cells if starts else ():
            field = entity.field_named(cell.field)
            native = field.name_in(change.system, change.object) if field else None
            found[change.system] += bool(native and native.startswith(starts))
    return found
