"""The simulated world: records of several entities in several systems, and what moves them.

Nothing here calls the planner except `plan_of`; the oracles read the world's own records and bases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum

from crmsync.core.deciding import decide
from crmsync.core.drafting import lines_of
from crmsync.core.mapping import Entity, Field, WorkspaceMapping
from crmsync.core.planning import Change, Line, in_order, line_bytes
from crmsync.core.records import (
    UNSET,
    Cell,
    Group,
    Invalid,
    Mark,
    Native,
    Schema,
    Value,
    is_observed,
)
from crmsync.core.values import TYPES

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
Place = tuple[str, str]
"""(entity, key) of one group."""


class Fate(Enum):
    """What a simulated system does with one write."""

    VERIFIED = "verified"
    FAILED = "failed"
    IGNORED = "ignored"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True)
class Edit:
    """A human edit of one cell, at a time; also a cell that disappears from sight or comes back."""

    place: Place
    system: str
    field: str
    cell: Cell
    at: datetime


@dataclass(frozen=True, slots=True)
class World:
    """Everything all systems hold, the mapping, and what will happen to writes.

    `fates` are dealt to the writes of the first run in turn; `later` are edits made once it is quiet.
    """

    entities: tuple[Entity, ...]
    schemas: Mapping[Place, Schema]
    groups: Mapping[Place, Group]
    margin: timedelta = timedelta(minutes=2)
    fates: tuple[Fate, ...] = (Fate.VERIFIED,)
    later: tuple[Edit, ...] = ()
    rewrites: Mapping[str, str] = field(default_factory=dict)

    def entity(self, name: str) -> Entity:
        """One entity by name."""
        return next(each for each in self.entities if each.entity == name)

    def mapping(self) -> WorkspaceMapping:
        """The mapping as guarding wants it."""
        return WorkspaceMapping(self.entities, "digest")

    def native(self, mapped: Field, system: str, object_: str) -> Native | None:
        """The native field behind one of ours, None if it is not there."""
        name = mapped.names.get(system)
        assert name is None or isinstance(name, str)
        return self.schemas[system, object_].fields.get(name) if name else None

    def reaches(self, entity: str, key: str, system: str, _object: str = "", /) -> bool:
        """True if a system holds the record that a reference means."""
        group = self.groups.get((entity, key))
        return group is not None and system in group.records

    def holds(
        self, mapped: Field, system: str, object_: str, value: Value | None
    ) -> Value | Invalid | None:
        """What a system's field would keep of a value, by the type's own table."""
        native = self.native(mapped, system, object_)
        if value is None or native is None:
            return value
        if mapped.type == "reference" and not self.reaches(mapped.to or "", str(value), system):
            return Invalid(str(value))
        return TYPES[mapped.type].held(value, mapped.spec(system), native)


@dataclass(frozen=True, slots=True)
class Spot:
    """One side of one field of one group, as the oracles look at it."""

    place: Place
    mapped: Field
    system: str
    cell: Cell
    base: Value | None | Mark
    at: datetime | None
    speaks: bool
    writable: bool

    @property
    def observed(self) -> bool:
        """True if the cell is evidence."""
        return is_observed(self.cell)

    @property
    def edited(self) -> bool:
        """True if somebody set something else than what the side was settled with."""
        return self.observed and self.base is not UNSET and self.cell != self.base

    @property
    def fresh(self) -> bool:
        """True if it holds a value and was never settled."""
        return self.observed and self.base is UNSET and self.cell is not None


def spots(world: World, place: Place, mapped: Field) -> list[Spot]:
    """All sides of one field of one group; directions are spelled out here, apart from the core."""
    group = world.groups[place]
    found = []
    for system, record in sorted(group.records.items()):
        native = world.native(mapped, system, record.ref.object)
        found.append(
            Spot(
                place,
                mapped,
                system,
                record.cells.get(mapped.field, Mark.ABSENT),
                group.bases.get(system, {}).get(mapped.field, UNSET),
                record.times.get(mapped.field),
                speaks=_speaks(mapped, system),
                writable=native is not None and native.writable and may_write(mapped, system),
            )
        )
    return found


def _speaks(mapped: Field, system: str) -> bool:
    if mapped.direction == "both":
        return True
    return not isinstance(mapped.direction, str) and mapped.direction.to != system


def may_write(mapped: Field, system: str) -> bool:
    """True if the mapping lets this field be written there."""
    if mapped.on_conflict == {"always": system}:
        return False
    if isinstance(mapped.direction, str):
        return mapped.direction == "both"
    return mapped.direction.to == system


def fields_of(world: World) -> Iterator[tuple[Place, Field]]:
    """Every field of every group that takes part in the sync."""
    for place in world.groups:
        for mapped in world.entity(place[0]).fields:
            if mapped.direction != "none" and len(mapped.names) > 1:
                yield place, mapped


def plan_of(world: World) -> list[Line]:
    """The plan for the world as it stands, in order."""
    lines: list[Line] = []
    for place, group in world.groups.items():
        entity = world.entity(place[0])
        decided = decide(entity, group, world.schemas, world.margin, world.reaches)
        lines.extend(lines_of(entity, 1 + world.entities.index(entity), decided))
    return in_order(lines)


def plan_bytes(world: World) -> bytes:
    """The plan as it would stand in a file."""
    return b"\n".join(line_bytes(line) for line in plan_of(world))


def changes_of(lines: Iterable[Line]) -> list[Change]:
    """The lines that write."""
    return [line for line in lines if isinstance(line, Change)]


def edited(world: World, edits: Iterable[Edit]) -> World:
    """The world after people edited it; records that are not there stay away."""
    groups = dict(world.groups)
    for edit in edits:
        group = groups[edit.place]
        record = group.records.get(edit.system)
        if record is None or edit.field not in record.cells:
            continue
        moved = replace(
            record,
            cells={**record.cells, edit.field: edit.cell},
            times={**record.times, edit.field: edit.at},
        )
        groups[edit.place] = replace(group, records={**group.records, edit.system: moved})
    return replace(world, groups=groups)
