"""What the values of native fields mean for the lifecycle, and what every record holds of them now.

    lc_field    system, object, native, axis: native fields that hold a stage or a status
    lc_value    system, object, native, value, stage, disposition, former
    lc_record   entity, system, object, id, key, created_at, stage, stage_text, status_text, disposition, former,
                is_lead

They are there while the lifecycle of the face is built. A value is looked up as the system writes it, and else as our
own mapping calls it: who translated the statuses there need not do so twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmsync.core.lifecycle import Derivation, Lifecycle
from crmsync.core.mapping import Entity, Seat
from crmsync.warehouse.engine import literal, quoted

if TYPE_CHECKING:
    import duckdb

    from crmsync.warehouse.columns import Columns
    from crmsync.warehouse.snapshots import Snapshot

ENTITIES = ("contact", "company")
"""Entities that have a standing."""


@dataclass(frozen=True, slots=True)
class Place:
    """A seat of a system from which stages follow, and what was read of it."""

    entity: Entity
    seat: Seat
    derivation: Derivation
    snapshot: Snapshot

    @property
    def address(self) -> str:
        """System and object as SQL columns."""
        return f"{literal(self.seat.system)} AS system, {literal(self.seat.object)} AS object"

    def native(self, name: str) -> str:
        """The native field of a name, or of our field that is called so; "" if it was not read here."""
        ours = self.entity.field_named(name) if name else None
        found = ours.name_in(self.seat.system, self.seat.object) if ours else name
        return found if found and found in self.snapshot.manifest.fields else ""

    @property
    def is_lead(self) -> bool:
        """True if its records are leads."""
        return bool(self.derivation.lead) and self.seat.object == self.derivation.lead


def places(columns: Columns, lifecycle: Lifecycle) -> list[Place]:
    """Every seat that was read and from which stages follow."""
    return [
        Place(entity, seat, lifecycle.systems[seat.system], snapshot)
        for entity in columns.mapping.entities
        if entity.entity in ENTITIES
        for seat in entity.seats
        if seat.system in lifecycle.systems
        and (snapshot := columns.snapshots.get((seat.system, seat.object))) is not None
    ]


def build_words(db: duckdb.DuckDBPyConnection, found: list[Place]) -> None:
    """Builds lc_field, lc_value and lc_record."""
    _filled(db, "lc_field", "system, object, native, axis", [f for p in found for f in _fields(p)])
    values = [v for p in found for v in _values(p)]
    _filled(db, "lc_value", "system, object, native, value, stage, disposition, former", values)
    db.execute(
        "CREATE TEMP TABLE lc_record (entity VARCHAR, system VARCHAR, object VARCHAR, id VARCHAR, key VARCHAR, "
        "created_at TIMESTAMP, stage VARCHAR, stage_text VARCHAR, status_text VARCHAR, disposition VARCHAR, "
        "former BOOLEAN, "
        "is_lead BOOLEAN)"
    )
    for place in found:
        db.execute(_records(place))


def _filled(
    db: duckdb.DuckDBPyConnection, name: str, columns: str, rows: list[tuple[str | None, ...]]
) -> None:
    """A small table of texts."""
    typed = columns.replace(", ", " VARCHAR, ") + " VARCHAR"
    db.execute(f"CREATE TEMP TABLE {name} ({typed})")
    if rows:
        marks = f"({', '.join('?' * len(rows[0]))})"
        cells = [cell for row in rows for cell in row]
        db.execute(f"INSERT INTO {name} VALUES {', '.join([marks] * len(rows))}", cells)


def _fields(place: Place) -> Iterator[tuple[str | None, ...]]:
    for axis, name in (("stage", place.derivation.stage), ("status", place.derivation.status)):
        if native := place.native(name):
            yield place.seat.system, place.seat.object, native, axis


def _values(place: Place) -> Iterator[tuple[str | None, ...]]:
    told = place.derivation
    for name, stages, dispositions in (
        (told.stage, told.stages, {}),
        (told.status, told.statuses, told.dispositions),
    ):
        native = place.native(name)
        if not native:
            continue
        ours = _ours(place, native)
        for value in dict.fromkeys([*stages, *dispositions, *told.former, *ours]):
            words = [value, *([ours[value]] if value in ours else [])]
            stage = next((stages[word] for word in words if word in stages), None)
            disposition = next((dispositions[w] for w in words if w in dispositions), None)
            former = any(word in told.former for word in words)
            if former and stage is None:
                stage = "customer"
            yield (place.seat.system, place.seat.object, native, value, stage, disposition,
                   "true" if former else "false")  # fmt: skip


def _ours(place: Place, native: str) -> dict[str, str]:
    """What our mapping calls the values of a native field."""
    system, object_ = place.seat.system, place.seat.object
    return {
        value: word
        for each in place.entity.fields
        if each.name_in(system, object_) == native
        for value, word in each.values.get(system, {}).items()
    }


def _records(place: Place) -> str:
    entity = place.entity.entity
    told = place.derivation
    stage, status = place.native(told.stage), place.native(told.status)
    source = f"read_parquet({literal(place.snapshot.pattern)})"
    natives = "".join(
        f", r.{quoted(name)}" for name in dict.fromkeys(n for n in (stage, status) if n)
    )
    raw = f"LEFT JOIN (SELECT r._id{natives} FROM {source} r) r ON r._id = c.id" if natives else ""
    by_stage, by_status = _meaning(place, stage, "s"), _meaning(place, status, "t")
    cells = {
        "stage": "coalesce(s.stage, t.stage)" if stage and status else _one(stage, status, "stage"),
        "text": f"r.{quoted(stage)}" if stage else "NULL",
        "status": f"r.{quoted(status)}" if status else "NULL",
        "disposition": "t.disposition" if status else "NULL",
        "former": "coalesce(s.former, 'false') = 'true'" if stage else "false",
    }
    if not place.snapshot.manifest.rows:
        raw, by_stage, by_status = "", "", ""
        cells = dict.fromkeys(cells, "NULL")
    return (
        f"INSERT INTO lc_record SELECT {literal(entity)}, c.system, c.object, c.id, c.key, c.created_at, "
        f"{cells['stage']}, {cells['text']}, {cells['status']}, {cells['disposition']}, {cells['former']}, "
        f"{'true' if place.is_lead else 'false'} "
        f"FROM face.{quoted(entity)} c {raw} {by_stage} {by_status} "
        f"WHERE c.system = {literal(place.seat.system)} AND c.object = {literal(place.seat.object)}"
    )


def _one(stage: str, status: str, name: str) -> str:
    return f"s.{name}" if stage else f"t.{name}" if status else "NULL"


def _meaning(place: Place, native: str, alias: str) -> str:
    """Joins what the value of a native field means."""
    if not native:
        return ""
    return (
        f"LEFT JOIN (SELECT value, stage, disposition, former FROM lc_value "
        f"WHERE system = {literal(place.seat.system)} AND object = {literal(place.seat.object)} "
        f"AND native = {literal(native)}) {alias} ON {alias}.value = r.{quoted(native)}"
    )
