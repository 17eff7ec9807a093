"""Canonical columns: every record of every system, under our names and in our types.

    raw_<entity>    system, object, id, created_at, modified_at, stamp, <field> as the system wrote it
    canon_<entity>  system, object, id, ..., outside where the scope leaves the record out, and of the fields that a
                    match rule asks for <field> as canonical text, <field>_raw where it is not blank
    key_<entity>    system, object, id, key, linked: which customer a record belongs to
    native_<entity> what records say they are in another system (warehouse/pointers.py)
    row_<entity>    all fields so, with key, references as keys, and the digest that a base is compared with

Each distinct raw value (a list of them, where a field is made of several) is parsed once, in Python, and joined
(warehouse/canonical.py); raw_ and canon_ are gone when an entity is finished. A cell is a value where <field> is
not null, Invalid where only <field>_raw is not null, else BLANK; a field not in `visible` is ABSENT.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crmsync.core.following import Move, NeedsMerge
from crmsync.core.lenses import Schemas
from crmsync.core.mapping import TIE, Entity, Field, Seat, WorkspaceMapping
from crmsync.core.matching import Ambiguity, Match
from crmsync.core.pair_decisions import PairDecision
from crmsync.core.records import Ref, Schema
from crmsync.warehouse.canonical import Canonical, canonical
from crmsync.warehouse.decided import Undone
from crmsync.warehouse.emptied import emptied
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.identity import assign_keys
from crmsync.warehouse.parsing import sits
from crmsync.warehouse.raws import (
    ASSOCIATION,
    Reads,
    Snapshots,
    build_associations,
    build_raw,
    drop_raw,
)
from crmsync.warehouse.sets import build_sets

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

OUTSIDE = "(outside the scope)"
"""What stands for a looked-up value of a record that the scope leaves out."""


@dataclass(slots=True)
class Columns:
    """A DuckDB session with the tables above, and what was found while building them.

    Unless it `is_compared`, nobody will compare with bases or create anything: digests are blank, and lookalikes are
    not looked for.
    """

    db: duckdb.DuckDBPyConnection
    mapping: WorkspaceMapping
    snapshots: Snapshots
    schemas: Schemas
    lineage: str
    key_fields: Mapping[tuple[str, str], str]
    matches: dict[str, list[Match]] = field(default_factory=dict)
    ambiguities: dict[str, list[Ambiguity]] = field(default_factory=dict)
    moves: dict[str, list[Move]] = field(default_factory=dict)
    clashes: dict[str, list[NeedsMerge]] = field(default_factory=dict)
    unseen: dict[str, list[tuple[Ref, ...]]] = field(default_factory=dict)
    undone: dict[str, list[Undone]] = field(default_factory=dict)
    unheard: dict[str, Sequence[PairDecision]] = field(default_factory=dict)
    said_one: dict[str, Sequence[PairDecision]] = field(default_factory=dict)
    emptied: dict[str, int] = field(default_factory=dict)
    is_compared: bool = True
    _visible: dict[tuple[str, str, str], list[Field]] = field(default_factory=dict, repr=False)

    def anew(self, entity: str) -> frozenset[tuple[str, str]]:
        """(key, system) of customers whose record there became one with which nothing was settled yet."""
        moves = self.moves.get(entity, ())
        return frozenset((move.key, move.new.system) for move in moves if move.anew)

    def visible(self, entity: Entity, seat: Seat) -> list[Field]:
        """Fields of a seat that the last read really had, in order of name."""
        place = entity.entity, seat.system, seat.object
        if place not in self._visible:
            self._visible[place] = self._look(entity, seat)
        return self._visible[place]

    def _look(self, entity: Entity, seat: Seat) -> list[Field]:
        snapshot = self.snapshots.get((seat.system, seat.object))
        if snapshot is None:
            return []
        known = {*snapshot.manifest.fields, *self._tied(seat)}
        seen = [each for each in entity.fields if self._sees(entity, seat, each, known)]
        return sorted(seen, key=lambda each: each.field)

    def has_read(self, seat: Seat, native: str) -> bool:
        """True for a native field of a seat that the last read had, and for a tie that was read to its end."""
        snapshot = self.snapshots.get((seat.system, seat.object))
        if snapshot is None:
            return False
        shown = _is_shown(native, self.schemas.get((seat.system, seat.object)))
        return shown and _is_read(native, {*snapshot.manifest.fields, *self._tied(seat)})

    def _sees(self, entity: Entity, seat: Seat, each: Field, known: set[str]) -> bool:
        """True for a field all of whose inputs were read; of a lookup, on this side and on the other."""
        lookup = each.lookup_in(seat.system, seat.object)
        if lookup is None:
            inputs = each.inputs_in(seat.system, seat.object)
            shown = self.schemas.get((seat.system, seat.object))
            return bool(inputs) and all(
                _is_read(native, known) and _is_shown(native, shown) for native in inputs
            )
        by = entity.field_named(lookup[0])
        if by is None or by.to is None or not self._sees(entity, seat, by, known):
            return False
        other = self.mapping.entity(by.to)
        return any(
            other.field_named(lookup[1]) in self.visible(other, each)
            for each in other.seats_of(seat.system)
        )

    def _tied(self, seat: Seat) -> list[str]:
        """`associations.<object>` of every tie of a seat that was read to its end: else none is not blank."""
        head = f"{ASSOCIATION}.{seat.object}."
        objects = [
            name
            for (system, name), snapshot in self.snapshots.items()
            if system == seat.system and snapshot.manifest.complete
        ]
        return [TIE + name.removeprefix(head) for name in objects if name.startswith(head)]

    def is_complete(self, entity: Entity) -> bool:
        """True if every object that can hold the entity was read to its end."""
        reads = [self.snapshots.get((seat.system, seat.object)) for seat in entity.seats]
        return all(each is not None and each.manifest.complete for each in reads)

    def count(self, entity: Entity) -> dict[str, int]:
        """Records by system."""
        rows = self.db.execute(
            f"SELECT system, count(*) FROM {quoted('row_' + entity.entity)} GROUP BY 1 ORDER BY 1"
        )
        return dict(rows.fetchall())

    def count_outside(self, entity: Entity) -> dict[str, int]:
        """Records that the scope leaves out, by system."""
        name = quoted("row_" + entity.entity)
        rows = self.db.execute(
            f"SELECT system, count(*) FROM {name} WHERE outside GROUP BY 1 ORDER BY 1"
        )
        return dict(rows.fetchall())

    def outside(self, entity: Entity) -> frozenset[tuple[str, str, str]]:
        """(system, object, id) of every record that the scope leaves out."""
        if not entity.scope:
            return frozenset()
        rows = self.db.execute(
            f"SELECT system, object, id FROM {quoted('row_' + entity.entity)} WHERE outside"
        )
        return frozenset((system, object_, id_) for system, object_, id_ in rows.fetchall())

    def unread_scope(self, entity: Entity) -> frozenset[tuple[str, str]]:
        """(system, native field) of every condition of the scope that the last read cannot answer."""
        return frozenset(
            (seat.system, native)
            for seat in entity.seats
            if (snapshot := self.snapshots.get((seat.system, seat.object))) is not None
            for native in entity.scope_of(seat)
            if native not in snapshot.manifest.fields
        )


def _is_shown(native: str, schema: Schema | None) -> bool:
    """False for ties whose roles this credential cannot see: the ties are read, without their roles."""
    return schema is None or not native.startswith(TIE) or native in schema.fields


def _is_read(native: str, known: set[str]) -> bool:
    """True for a field that was read, and for a tie whose object was."""
    return native in known or (native.startswith(TIE) and native.rpartition(".")[0] in known)


def build_columns(columns: Columns, links_of: Callable[[str], pa.Table]) -> Columns:
    """Builds all tables, entity by entity in the mapping's order, and matches what is not linked.

    `links_of` gives the links of an entity when they are needed, so that only one entity's are in memory.
    """
    reads = Reads(columns.db, columns.snapshots, columns.schemas, columns.key_fields)
    build_associations(reads)
    for entity in columns.mapping.entities:
        build_raw(reads, entity)
        with canonical(reads, entity) as made:
            columns.db.register("known_links", links_of(entity.entity))
            _identify(columns, entity)
            columns.emptied |= emptied(reads, entity)
            columns.db.unregister("known_links")
            _rows(columns, made)
        drop_raw(reads, entity)
    return columns


def _identify(columns: Columns, entity: Entity) -> None:
    """Says whose every record is, and keeps what was found while doing so."""
    name, complete = entity.entity, columns.is_complete(entity)
    found = assign_keys(
        columns.db,
        entity,
        columns.lineage,
        columns.snapshots,
        complete=complete,
        decisions=columns.mapping.decisions_of(entity),
        creates=columns.is_compared,
    )
    columns.matches[name], columns.ambiguities[name] = found.matches, found.ambiguities
    columns.moves[name], columns.clashes[name] = found.moves, found.clashes
    columns.unseen[name], columns.undone[name] = found.unseen, found.undone
    columns.unheard[name], columns.said_one[name] = found.unheard, found.yes


def _rows(columns: Columns, made: Canonical) -> None:
    """Writes the rows: canonical values with keys, references and digests."""
    entity, name = made.entity, made.entity.entity
    joins = [
        f"JOIN {quoted('key_' + name)} k ON k.system = c.system AND k.object = c.object AND k.id = c.id"
    ]
    cells = []
    for number, each in enumerate(entity.fields):
        if each.type == "reference":
            joins.append(_reference_join(each, number))
            cells.append(
                f"ref_{number}.key AS {quoted(each.field)}, c.{quoted(each.field + '_raw')}"
            )
            continue
        if each.type == "references":
            joins.append(_set_join(columns, entity, each, number))
            cells.append(
                f"set_{number}.text AS {quoted(each.field)}, "
                f"set_{number}.raw AS {quoted(each.field + '_raw')}"
            )
            continue
        looked_up = _lookups(entity, each)
        joins += [_lookup_join(columns, entity, each, *which) for which in looked_up]
        cells.append(_cell_with(each, looked_up))
    digest = digest_sql(columns, entity) if columns.is_compared else "NULL::VARCHAR"
    columns.db.execute(
        f"CREATE TABLE {quoted('row_' + name)} AS WITH keyed AS ("
        f"SELECT c.system, c.object, c.id, c.created_at, c.modified_at, c.outside, k.key, k.linked, {', '.join(cells)} "
        f"FROM ({made.select()}) c {' '.join(joins)}) "
        f"SELECT *, {digest} AS digest FROM keyed"
    )


def _reference_join(each: Field, number: int) -> str:
    keys = quoted(f"key_{each.to}")
    return (
        f"LEFT JOIN (SELECT system, id, min(key) AS key FROM {keys} GROUP BY 1, 2) ref_{number} "
        f"ON ref_{number}.system = c.system AND ref_{number}.id = c.{quoted(each.field + '_raw')}"
    )


def _set_join(columns: Columns, entity: Entity, each: Field, number: int) -> str:
    name = build_sets(columns.db, columns.lineage, entity, each)
    return (
        f"LEFT JOIN {name} set_{number} ON set_{number}.system = c.system "
        f"AND set_{number}.object = c.object AND set_{number}.id = c.id"
    )


Looked = tuple[str, str, str]
"""(system, our reference, field of the entity it leads to) of a value taken from another record."""


def _lookups(entity: Entity, each: Field) -> list[Looked]:
    found = {
        (seat.system, *lookup)
        for seat in entity.seats
        if (lookup := each.lookup_in(seat.system, seat.object)) is not None
    }
    return sorted(found)


def _lookup_join(
    columns: Columns, entity: Entity, each: Field, system: str, by: str, name: str
) -> str:
    """Joins the rows of the entity referred to, as the same system holds them."""
    reference = entity.field_named(by)
    assert reference is not None, f"a lookup goes over a field of its entity: {by}"
    rows, alias = quoted(f"row_{reference.to}"), _alias(each, system)
    # What is said of somebody who takes no part is neither a value nor a blank.
    out = literal(OUTSIDE)
    values = (
        f"CASE WHEN NOT bool_or(outside) THEN min({quoted(name)}) END AS text, "
        f"CASE WHEN bool_or(outside) THEN {out} ELSE min({quoted(name + '_raw')}) END AS raw"
    )
    return (
        f"LEFT JOIN (SELECT system, id, {values} FROM {rows} WHERE system = {literal(system)} "
        f"GROUP BY 1, 2) {alias} ON {alias}.system = c.system "
        f"AND {alias}.id = c.{quoted(by + '_raw')}"
    )


def _alias(each: Field, system: str) -> str:
    return quoted(f"{each.field} of {system}")


def _cell_with(each: Field, looked_up: Sequence[Looked]) -> str:
    """The cell of a field and its raw text, from the record itself or from the one it refers to."""
    found = [_alias(each, system) for system, *_ in looked_up]
    texts = ", ".join([f"c.{quoted(each.field)}", *(f"{alias}.text" for alias in found)])
    raws = ", ".join([f"c.{quoted(each.field + '_raw')}", *(f"{alias}.raw" for alias in found)])
    return f"coalesce({texts}) AS {quoted(each.field)}, coalesce({raws}) AS {quoted(each.field + '_raw')}"


def digest_sql(columns: Columns, entity: Entity) -> str:
    """The expression that gives the same digest as `core.digests.digest_of`."""
    parts = []
    for each in sorted(entity.synced(), key=lambda each: each.field):
        seats = [seat for seat in entity.seats if each in columns.visible(entity, seat)]
        if seats:
            parts.append(_digest_part(each, seats, everywhere=len(seats) == len(entity.seats)))
    return f"md5(concat_ws(chr(31), {', '.join(parts)}))" if parts else "md5('')"


def _digest_part(each: Field, seats: Iterable[Seat], *, everywhere: bool) -> str:
    """`name=state` where the record's seat has the field, else NULL, which concat_ws leaves out."""
    text, raw = quoted(each.field), quoted(each.field + "_raw")
    told = f"{literal(each.field + '=')} || coalesce('v' || {text}, 'i' || {raw}, 'b')"
    return told if everywhere else f"CASE WHEN {sits(seats)} THEN {told} END"
