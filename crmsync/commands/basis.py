"""Bases as far as they still mean what they meant: a base belongs to one native field.

If a mapping is pointed at another native field, what that side held before was settled in the old one. The new
field was never settled; taking the old base for it would make every value there look like an edit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from crmsync.commands.planfile import read_header
from crmsync.commands.settling import base_digest
from crmsync.commands.workspace import Workspace
from crmsync.core.mapping import WorkspaceMapping
from crmsync.warehouse.changed import BasesOf

if TYPE_CHECKING:
    from crmsync.store.store import Store

Bases = Mapping[str, Mapping[str, Mapping[str, str | None]]]


def bases_under(workspace: Workspace, store: Store, mapping: WorkspaceMapping) -> BasesOf:
    """`store.bases_of` without the fields whose native name has changed since the last run that wrote."""
    moved = _moved(workspace, store, mapping)
    if not moved:
        return store.bases_of

    def bases_of(entity: str, keys: Sequence[str]) -> Bases:
        return {
            key: {
                system: {n: text for n, text in cells.items() if (entity, n, system) not in moved}
                for system, cells in sides.items()
            }
            for key, sides in store.bases_of(entity, keys).items()
        }

    return bases_of


def _moved(
    workspace: Workspace, store: Store, mapping: WorkspaceMapping
) -> set[tuple[str, str, str]]:
    """(entity, field, system) whose native field is another one than when bases last moved."""
    now, then = mapping.names(), _settled_names(workspace, store)
    changed = [place for place, native in then.items() if now.get(place, native) != native]
    return {_place(each) for each in changed}


def forget_moved(workspace: Workspace, store: Store, mapping: WorkspaceMapping) -> None:
    """Forgets the bases of fields whose native name has changed: the next plan knows only the new name."""
    moved = sorted(_moved(workspace, store, mapping))
    if moved:
        with store.transaction() as tx:
            tx.check_fence()
            for entity, name, system in moved:
                tx.forget_base(entity, system, name, base_digest)


def names_under(workspace: Workspace, store: Store, mapping: WorkspaceMapping) -> dict[str, str]:
    """The native name of every field, those of lines that were taken out included: their bases are still there.

    Without these, a line that comes back over another native field would meet the base of the old one.
    """
    return {**_settled_names(workspace, store), **mapping.names()}


def _settled_names(workspace: Workspace, store: Store) -> Mapping[str, str]:
    run = store.run(store.base_serial())
    header = read_header(workspace.plans / f"{run.plan_id}.jsonl") if run else None
    return header.names if header else {}


def _place(text: str) -> tuple[str, str, str]:
    field, _, seat = text.partition(" ")
    entity, _, name = field.partition(".")
    return entity, name, seat.partition("/")[0]
