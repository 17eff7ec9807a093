"""Canonical columns: every record of every system, under our names and in our types.

    raw_<entity>    system, object, id, created_at, modified_at, stamp, <field> as the system wrote it
    canon_<entity>  system, object, id, ..., <field> as canonical text, <field>_raw where it is not blank
    key_<entity>    system, object, id, key, linked: which customer a record belongs to
    native_<entity> what records say they are in another system (warehouse/pointers.py)
    row_<entity>    canon with key, references as keys, and the digest that a base is compared with

Each distinct raw value is parsed once, in Python, and joined. A cell is a value where <field> is not null,
Invalid where only <field>_raw is not null, else BLANK; a field not in `visible` is ABSENT.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crmsync.core.following import Move, NeedsMerge
from crmsync.core.mapping import Condition, Entity, Field, Seat, WorkspaceMapping
from crmsync.core.matching import Ambiguity, Match
from crmsync.core.records import Invalid, Schema
from crmsync.core.spec import Spec
from crmsync.core.values import parse, text_of
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.identity import assign_keys
from crmsync.warehouse.snapshots import Snapshot

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Snapshots = Mapping[tuple[str, str], Snapshot]
Schemas = Mapping[tuple[str, str], Schema]
_PREFIX = "associations."
ASSOCIATION = "_associations"


@dataclass(slots=True)
class Columns:
    """A DuckDB session with the tables above, and what was found while building them."""

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

    def visible(self, entity: Entity, seat: Seat) -> list[Field]:
        """Fields of a seat that the last read really had, in order of name."""
        snapshot = self.snapshots.get((seat.system, seat.object))
        if snapshot is None:
            return []
        names = {each.field: each.name_in(seat.system, seat.object) for each in entity.fields}
        read = {*snapshot.manifest.fields, *self._tied(seat)}
        seen = [e for e in entity.fields if _is_read(names[e.field], read)]
        return sorted(seen, key=lambda each: each.field)

    def _tied(self, seat: Seat) -> list[str]:
        """`associations.<object>` of every tie of a seat that was read to its end: else none is not blank."""
        head = f"{ASSOCIATION}.{seat.object}."
        objects = [
            name
            for (system, name), snapshot in self.snapshots.items()
            if system == seat.system and snapshot.manifest.complete
        ]
        return [_PREFIX + name.removeprefix(head) for name in objects if name.startswith(head)]

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


def _is_read(native: str | None, read: set[str]) -> bool:
    """True for a field that was read, and for a tie whose object was."""
    return native is not None and (
        native in read or (native.startswith(_PREFIX) and native.rpartition(".")[0] in read)
    )


def build_columns(columns: Columns, links: Mapping[str, pa.Table]) -> Columns:
    """Builds all tables, entity by entity in the mapping's order, and matches what is not linked."""
    _associations(columns)
    for entity in columns.mapping.entities:
        _raw(columns, entity)
        _canonical(columns, entity)
        columns.db.register("known_links", links[entity.entity])
        complete = columns.is_complete(entity)
        found = assign_keys(
            columns.db, entity, columns.lineage, columns.snapshots, complete=complete
        )
        columns.matches[entity.entity], columns.ambiguities[entity.entity] = (
            found.matches,
            found.ambiguities,
        )
        columns.moves[entity.entity], columns.clashes[entity.entity] = found.moves, found.clashes
        columns.db.unregister("known_links")
        _rows(columns, entity)
    return columns


def _associations(columns: Columns) -> None:
    """All ties inside the systems, one table."""
    empty = (
        "SELECT NULL::VARCHAR AS system, NULL::VARCHAR AS from_object, NULL::VARCHAR AS from_id, "
        "NULL::VARCHAR AS to_object, NULL::VARCHAR AS to_id, NULL::VARCHAR AS label, "
        "NULL::VARCHAR AS role, NULL::VARCHAR AS is_primary WHERE false"
    )
    parts = [
        f"SELECT {literal(system)} AS system, * FROM read_parquet({literal(snapshot.pattern)})"
        for (system, object_), snapshot in sorted(columns.snapshots.items())
        if object_.startswith(ASSOCIATION) and snapshot.manifest.rows
    ]
    columns.db.execute(f"CREATE TABLE association AS {' UNION ALL BY NAME '.join([empty, *parts])}")


def _raw(columns: Columns, entity: Entity) -> None:
    selects = [_raw_of_seat(columns, entity, seat) for seat in entity.seats]
    found = [select for select in selects if select]
    if not found:
        found = [_no_rows(entity)]
    names = quoted("raw_" + entity.entity)
    columns.db.execute(f"CREATE TABLE {names} AS {' UNION ALL BY NAME '.join(found)}")


def _no_rows(entity: Entity) -> str:
    cells = "".join(f", NULL::VARCHAR AS {quoted(each.field)}" for each in entity.fields)
    names = ("system", "object", "id", "created_at", "modified_at", "stamp")
    return (
        "SELECT " + ", ".join(f"NULL::VARCHAR AS {name}" for name in names) + cells + " WHERE false"
    )


def _raw_of_seat(columns: Columns, entity: Entity, seat: Seat) -> str:
    snapshot = columns.snapshots.get((seat.system, seat.object))
    if snapshot is None or not snapshot.manifest.rows:
        return ""
    read = set(snapshot.manifest.fields)
    stamp = columns.key_fields.get((seat.system, seat.object), "")
    cells = [_raw_cell(seat, each, read) for each in entity.fields]
    head = [
        f"{literal(seat.system)} AS system",
        f"{literal(seat.object)} AS object",
        "_id AS id, _created_at AS created_at, _modified_at AS modified_at",
        f"nullif({quoted(stamp)}, '') AS stamp" if stamp in read else "NULL::VARCHAR AS stamp",
    ]
    where = " AND ".join(_condition(name, value) for name, value in seat.where.items()) or "true"
    source = f"read_parquet({literal(snapshot.pattern)}) r"
    return f"SELECT {', '.join([*head, *cells])} FROM {source} WHERE {where}"


def _raw_cell(seat: Seat, each: Field, read: set[str]) -> str:
    native = each.name_in(seat.system, seat.object)
    if native is not None and native.startswith(_PREFIX):
        return f"{_tied(seat, native)} AS {quoted(each.field)}"
    known = quoted(native) if native in read and native is not None else "NULL::VARCHAR"
    return f"{known} AS {quoted(each.field)}"


def _tied(seat: Seat, native: str) -> str:
    """The one record tied to this one under a label: the smallest id, should there be several."""
    to_object, label = native.removeprefix(_PREFIX).rsplit(".", 1)
    tie = "is_primary = 'true'" if label == "primary" else f"label = {literal(label)}"
    return (
        f"(SELECT min(to_id) FROM association a WHERE a.system = {literal(seat.system)} "
        f"AND a.from_object = {literal(seat.object)} AND a.to_object = {literal(to_object)} "
        f"AND a.from_id = r._id AND a.{tie})"
    )


def _condition(name: str, value: Condition) -> str:
    if value in ("present", "blank"):
        return f"{quoted(name)} IS {'NOT ' if value == 'present' else ''}NULL"
    wanted = value if isinstance(value, list) else [value]
    texts = [("true" if v else "false") if isinstance(v, bool) else str(v) for v in wanted]
    return f"{quoted(name)} IN ({', '.join(literal(text) for text in texts)})"


def _canonical(columns: Columns, entity: Entity) -> None:
    """Joins the parsed value of every distinct raw one; references come later, as keys."""
    joins, cells = [], []
    for number, each in enumerate(entity.fields):
        if each.type == "reference":
            cells.append(f"NULL::VARCHAR AS {quoted(each.field)}")
            cells.append(
                f"nullif(trim(r.{quoted(each.field)}), '') AS {quoted(each.field + '_raw')}"
            )
            continue
        name = f"parsed_{number}"
        specs = specs_of(columns.schemas, entity, each)
        columns.db.register(name, _parsed(columns, entity, each, specs))
        joins.append(
            f"LEFT JOIN {name} ON {name}.raw = r.{quoted(each.field)} "
            f"AND {name}.spec = {_spec_number(specs)}"
        )
        cells.append(f"{name}.text AS {quoted(each.field)}")
        shown = f"CASE WHEN {name}.blank THEN NULL ELSE r.{quoted(each.field)} END"
        cells.append(f"{shown} AS {quoted(each.field + '_raw')}")
    columns.db.execute(
        f"CREATE TABLE {quoted('canon_' + entity.entity)} AS "
        f"SELECT r.system, r.object, r.id, r.created_at, r.modified_at, r.stamp, {', '.join(cells)} "
        f"FROM {quoted('raw_' + entity.entity)} r {' '.join(joins)}"
    )
    for number in range(len(entity.fields)):
        columns.db.unregister(f"parsed_{number}")
    columns.db.execute(f"DROP TABLE {quoted('raw_' + entity.entity)}")


SpecsOf = Sequence[tuple[Spec, Sequence[Seat]]]
"""Every way in which the seats of an entity read one field, with the seats that read it so."""


def specs_of(schemas: Schemas, entity: Entity, each: Field) -> SpecsOf:
    """The specs of one field, in order of the seats; seats that read alike share one."""
    found: list[tuple[Spec, list[Seat]]] = []
    for seat in entity.seats:
        spec = spec_of(schemas, each, seat)
        alike = next((seats for known, seats in found if known == spec), None)
        if alike is None:
            found.append((spec, [seat]))
        else:
            alike.append(seat)
    return found


def _spec_number(specs: SpecsOf) -> str:
    """The place of the spec that a record of raw_<entity> is read by, in SQL."""
    if len(specs) == 1:
        return "0"
    cases = (f"WHEN {_sits(seats)} THEN {number}" for number, (_, seats) in enumerate(specs))
    return f"CASE {' '.join(cases)} END"


def _sits(seats: Iterable[Seat]) -> str:
    """True in SQL for the records of these seats."""
    held = [
        f"(system = {literal(seat.system)} AND object = {literal(seat.object)})" for seat in seats
    ]
    return " OR ".join(held) or "false"


def _parsed(columns: Columns, entity: Entity, each: Field, specs: SpecsOf) -> pa.Table:
    """(spec, raw, text, blank) for every distinct raw value of one field."""
    import pyarrow as pa

    types = {"spec": pa.int32(), "raw": pa.string(), "text": pa.string(), "blank": pa.bool_()}
    parts = [pa.table({name: pa.array([], kind) for name, kind in types.items()})]
    for number, (spec, seats) in enumerate(specs):
        raws = _distinct(columns, entity, each, seats)
        texts, blanks = _texts(raws.to_pylist(), spec)
        numbers = pa.repeat(pa.scalar(number, pa.int32()), len(raws))
        cells = (numbers, raws, pa.array(texts, pa.string()), pa.array(blanks, pa.bool_()))
        parts.append(pa.table(dict(zip(types, cells, strict=True))))
    return pa.concat_tables(parts)


def spec_of(schemas: Schemas, each: Field, seat: Seat) -> Spec:
    """What a type has to know about one field in one object, the native type included."""
    schema = schemas.get((seat.system, seat.object))
    native = schema.fields.get(each.name_in(seat.system, seat.object) or "") if schema else None
    is_instant = native is not None and native.type == "datetime"
    return each.spec(seat.system, native_is_instant=is_instant)


def _distinct(
    columns: Columns, entity: Entity, each: Field, seats: Iterable[Seat]
) -> pa.ChunkedArray:
    name = quoted(each.field)
    rows = columns.db.sql(
        f"SELECT DISTINCT {name} AS raw FROM {quoted('raw_' + entity.entity)} "
        f"WHERE {name} IS NOT NULL AND ({_sits(seats)})"
    )
    return rows.to_arrow_table().column("raw")


def _texts(raws: Sequence[str], spec: Spec) -> tuple[list[str | None], list[bool]]:
    values = [parse(raw, spec) for raw in raws]
    texts = [None if isinstance(value, Invalid) else text_of(value, spec.type) for value in values]
    return texts, [value is None for value in values]


def _rows(columns: Columns, entity: Entity) -> None:
    """Adds keys, references and digests."""
    name = entity.entity
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
        else:
            cells.append(f"c.{quoted(each.field)}, c.{quoted(each.field + '_raw')}")
    columns.db.execute(
        f"CREATE TABLE {quoted('row_' + name)} AS WITH keyed AS ("
        f"SELECT c.system, c.object, c.id, c.created_at, c.modified_at, k.key, k.linked, {', '.join(cells)} "
        f"FROM {quoted('canon_' + name)} c {' '.join(joins)}) "
        f"SELECT *, {digest_sql(columns, entity)} AS digest FROM keyed"
    )
    columns.db.execute(f"DROP TABLE {quoted('canon_' + name)}")


def _reference_join(each: Field, number: int) -> str:
    keys = quoted(f"key_{each.to}")
    return (
        f"LEFT JOIN (SELECT system, id, min(key) AS key FROM {keys} GROUP BY 1, 2) ref_{number} "
        f"ON ref_{number}.system = c.system AND ref_{number}.id = c.{quoted(each.field + '_raw')}"
    )


def digest_sql(columns: Columns, entity: Entity) -> str:
    """The expression that gives the same digest as `core.digests.digest_of`."""
    parts = []
    for each in sorted(entity.synced(), key=lambda each: each.field):
        seats = [seat for seat in entity.seats if each in columns.visible(entity, seat)]
        if seats:
            parts.append(_digest_part(each, seats))
    return f"md5(concat_ws(chr(31), {', '.join(parts)}))" if parts else "md5('')"


def _digest_part(each: Field, seats: Iterable[Seat]) -> str:
    """`name=state` where the record's seat has the field, else NULL, which concat_ws leaves out."""
    text, raw = quoted(each.field), quoted(each.field + "_raw")
    state = f"coalesce('v' || {text}, 'i' || {raw}, 'b')"
    return f"CASE WHEN {_sits(seats)} THEN {literal(each.field + '=')} || {state} END"
