"""A small entity with a field of every type, in two invented systems, and rows for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from crmsync.connectors.base import SYSTEM_COLUMNS
from crmsync.core.mapping import Entity, Field, Seat, WorkspaceMapping
from crmsync.core.values import TYPES
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.snapshots import Snapshot
from warehouse.shelf import Links, columns_over, keep, mapping_with

SYSTEMS = ("east", "west")
OBJECT = "people"
VALUES = {"Open": "open", "Won": "won", "Lost": "lost", "true": "true", "false": "false"}

Raws = Mapping[str, str | None]
Held = Mapping[tuple[str, str], Raws]
"""(system, id) -> native cells; the native name of a field is its own."""


def all_types() -> list[Field]:
    """One field of every type that stands alone: a reference needs another entity."""
    return [a_field(name) for name in TYPES if not name.startswith("reference")]


def a_field(type_: str, name: str | None = None, systems: Sequence[str] = SYSTEMS) -> Field:
    return Field(
        field=name or f"a_{type_}",
        type=type_,
        names=dict.fromkeys(systems, name or f"a_{type_}"),
        region="ES",
        currency="EUR",
        values=dict.fromkeys(systems, VALUES) if type_ in ("choice", "choices") else {},
    )


def person(
    fields: Sequence[Field], *, create: str = "never", match: Sequence[str] = ("key",)
) -> Entity:
    seats = [
        Seat(system, OBJECT, create="ask" if create == "ask" else "never") for system in SYSTEMS
    ]
    return Entity("person", seats, [*match], [*fields])


def snapshots_of(root: Path, entity: Entity, held: Held) -> dict[tuple[str, str], Snapshot]:
    found = {}
    for system in SYSTEMS:
        names = [n for each in entity.fields if (n := each.name_in(system, OBJECT))]
        rows = [{"_id": id_, **cells} for (where, id_), cells in held.items() if where == system]
        found[system, OBJECT] = keep(root, (system, OBJECT), [*SYSTEM_COLUMNS, *names], rows)
    return found


@contextmanager
def columns_of(entity: Entity, held: Held, links: Links | None = None) -> Iterator[Columns]:
    """The columns over some people, in a folder that goes away."""
    mapping: WorkspaceMapping = mapping_with(entity)
    with TemporaryDirectory() as folder:
        snapshots = snapshots_of(Path(folder), entity, held)
        with columns_over(snapshots, mapping, links) as columns:
            yield columns


def one_key_each(pairs: Mapping[str, Sequence[tuple[str, str]]]) -> Links:
    """Links of `{key: [(system, id), ...]}`."""
    rows = [(key, system, OBJECT, id_) for key, refs in pairs.items() for system, id_ in refs]
    return {"person": rows}
