"""Canonical columns: every record of every system, under our names and in our types.

    raw_<entity>    system, object, id, created_at, modified_at, stamp, <field> as the system wrote it
    canon_<entity>  system, object, id, ..., <field> as canonical text, <field>_raw where it is not blank,
                    outside where the scope leaves the record out
    key_<entity>    system, object, id, key, linked: which customer a record belongs to
    row_<entity>    canon with key, references as keys, and the digest that a base is compared with

Each distinct raw value (a list of them, where a field is made of several) is parsed once, in Python, and
joined. A cell is a value where <field> is not null, Invalid where only <field>_raw is not null, else BLANK; a
field not in `visible` is ABSENT.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import orjson

from crmsync.core.lenses import Lens, Schemas, lens_of, look
from crmsync.core.mapping import Condition, Conditions, Entity, Field, Seat, WorkspaceMapping
from crmsync.core.matching import Ambiguity, Match
from crmsync.core.records import Invalid
from crmsync.core.values import text_of
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.identity import assign_keys
from crmsync.warehouse.snapshots import Snapshot

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Snapshots = Mapping[tuple[str, str], Snapshot]
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

    def visible(self, entity: Entity, seat: Seat) -> list[Field]:
        """Fields of a seat that the last read really had, in order of name."""
        snapshot = self.snapshots.get((seat.system, seat.object))
        if snapshot is None:
            return []
        known = {*snapshot.manifest.fields, *self._tied(seat)}
        seen = [each for each in entity.fields if self._sees(entity, seat, each, known)]
        return sorted(seen, key=lambda each: each.field)

    def _sees(self, entity: Entity, seat: Seat, each: Field, known: set[str]) -> bool:
        """True for a field all of whose inputs were read; of a lookup, on this side and on the other."""
        lookup = each.lookup_in(seat.system, seat.object)
        if lookup is None:
            inputs = each.inputs_in(seat.system, seat.object)
            return bool(inputs) and all(_is_read(native, known) for native in inputs)
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

    def count_outside(self, entity: Entity) -> dict[str, int]:
        """Records that the scope leaves out, by system."""
        name = quoted("row_" + entity.entity)
        rows = self.db.execute(
            f"SELECT system, count(*) FROM {name} WHERE outside GROUP BY 1 ORDER BY 1"
        )
        return dict(rows.fetchall())


def _is_read(native: str, known: set[str]) -> bool:
    """True for a field that was read, and for a tie whose object was."""
    return native in known or (native.startswith(_PREFIX) and native.rpartition(".")[0] in known)


def build_columns(columns: Columns, links: Mapping[str, pa.Table]) -> Columns:
    """Builds all tables, entity by entity in the mapping's order, and matches what is not linked."""
    _associations(columns)
    for entity in columns.mapping.entities:
        _raw(columns, entity)
        _canonical(columns, entity)
        columns.db.register("known_links", links[entity.entity])
        found = assign_keys(
            columns.db, entity, columns.lineage, complete=columns.is_complete(entity)
        )
        columns.matches[entity.entity], columns.ambiguities[entity.entity] = found
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
    head = ", ".join(f"NULL::VARCHAR AS {name}" for name in names)
    return f"SELECT {head}, false AS outside{cells} WHERE false"


def _raw_of_seat(columns: Columns, entity: Entity, seat: Seat) -> str:
    snapshot = columns.snapshots.get((seat.system, seat.object))
    if snapshot is None or not snapshot.manifest.rows:
        return ""
    known = set(snapshot.manifest.fields)
    stamp = columns.key_fields.get((seat.system, seat.object), "")
    cells = [_raw_cell(columns, entity, seat, each, known) for each in entity.fields]
    head = [
        f"{literal(seat.system)} AS system",
        f"{literal(seat.object)} AS object",
        "_id AS id, _created_at AS created_at, _modified_at AS modified_at",
        f"nullif({quoted(stamp)}, '') AS stamp" if stamp in known else "NULL::VARCHAR AS stamp",
        f"NOT coalesce({_all(entity.scope_of(seat), known)}, false) AS outside",
    ]
    where = _all(seat.where, known)
    source = f"read_parquet({literal(snapshot.pattern)}) r"
    return f"SELECT {', '.join([*head, *cells])} FROM {source} WHERE {where}"


def _raw_cell(columns: Columns, entity: Entity, seat: Seat, each: Field, known: set[str]) -> str:
    """What one field is read from: a text, or a JSON list of texts where it takes several."""
    lens = lens_of(columns.schemas, entity, each, seat)
    if lens is None:
        return f"NULL::VARCHAR AS {quoted(each.field)}"
    texts = [_text_sql(seat, native, known) for native in lens.inputs]
    if not _is_list(lens):
        return f"{texts[0]} AS {quoted(each.field)}"
    filled = f"coalesce({', '.join(texts)})" if lens.made else texts[0]
    listed = f"json_array({', '.join(texts)})::VARCHAR"
    return f"CASE WHEN {filled} IS NOT NULL THEN {listed} END AS {quoted(each.field)}"


def _is_list(lens: Lens) -> bool:
    """True if what a field is read from is kept as a list of texts."""
    return lens.made is not None or len(lens.inputs) > 1


def _text_sql(seat: Seat, native: str, known: set[str]) -> str:
    if native.startswith(_PREFIX):
        return _tied(seat, native)
    return quoted(native) if native in known else "NULL::VARCHAR"


def _tied(seat: Seat, native: str) -> str:
    """The one record tied to this one under a label: the smallest id, should there be several."""
    to_object, label = native.removeprefix(_PREFIX).rsplit(".", 1)
    tie = "is_primary = 'true'" if label == "primary" else f"label = {literal(label)}"
    return (
        f"(SELECT min(to_id) FROM association a WHERE a.system = {literal(seat.system)} "
        f"AND a.from_object = {literal(seat.object)} AND a.to_object = {literal(to_object)} "
        f"AND a.from_id = r._id AND a.{tie})"
    )


def _all(conditions: Conditions, known: set[str]) -> str:
    """True in SQL if a record meets every condition; a field that cannot be seen meets none."""
    tests = [_condition(n, v) if n in known else "false" for n, v in conditions.items()]
    return " AND ".join(f"({test})" for test in tests) or "true"


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
        ways = ways_of(columns.schemas, entity, each)
        columns.db.register(name, _parsed(columns, entity, each, ways))
        joins.append(
            f"LEFT JOIN {name} ON {name}.raw = r.{quoted(each.field)} AND {name}.way = {_way(ways)}"
        )
        cells.append(f"{name}.text AS {quoted(each.field)}")
        cells.append(f"{name}.shown AS {quoted(each.field + '_raw')}")
    columns.db.execute(
        f"CREATE TABLE {quoted('canon_' + entity.entity)} AS "
        f"SELECT r.system, r.object, r.id, r.created_at, r.modified_at, r.stamp, r.outside, {', '.join(cells)} "
        f"FROM {quoted('raw_' + entity.entity)} r {' '.join(joins)}"
    )
    for number in range(len(entity.fields)):
        columns.db.unregister(f"parsed_{number}")
    columns.db.execute(f"DROP TABLE {quoted('raw_' + entity.entity)}")


Ways = Sequence[tuple[Lens, Sequence[Seat]]]
"""Every way in which the seats of an entity read one field, with the seats that read it so."""


def ways_of(schemas: Schemas, entity: Entity, each: Field) -> Ways:
    """The ways of one field, in order of the seats; seats that read alike share one."""
    found: list[tuple[Lens, list[Seat]]] = []
    for seat in entity.seats:
        lens = lens_of(schemas, entity, each, seat)
        if lens is None:
            continue
        alike = next((seats for known, seats in found if _reads_alike(known, lens)), None)
        if alike is None:
            found.append((lens, [seat]))
        else:
            alike.append(seat)
    return found


def _reads_alike(one: Lens, other: Lens) -> bool:
    """True if two objects read a field the same way, whatever its native names are."""
    return replace(one, inputs=other.inputs) == other


def _way(ways: Ways) -> str:
    """The place of the way that a record of raw_<entity> is read by, in SQL."""
    if len(ways) <= 1:
        return "0"
    cases = (f"WHEN {_sits(seats)} THEN {number}" for number, (_, seats) in enumerate(ways))
    return f"CASE {' '.join(cases)} END"


def _sits(seats: Iterable[Seat]) -> str:
    """True in SQL for the records of these seats."""
    held = [
        f"(system = {literal(seat.system)} AND object = {literal(seat.object)})" for seat in seats
    ]
    return " OR ".join(held) or "false"


def _parsed(columns: Columns, entity: Entity, each: Field, ways: Ways) -> pa.Table:
    """(way, raw, text, shown) for every distinct raw value of one field; `shown` is null for a blank."""
    import pyarrow as pa

    types = {"way": pa.int32(), "raw": pa.string(), "text": pa.string(), "shown": pa.string()}
    parts = [pa.table({name: pa.array([], kind) for name, kind in types.items()})]
    for number, (lens, seats) in enumerate(ways):
        raws = _distinct(columns, entity, each, seats)
        texts, shown = _texts(raws.to_pylist(), lens)
        numbers = pa.repeat(pa.scalar(number, pa.int32()), len(raws))
        cells = (numbers, raws, pa.array(texts, pa.string()), pa.array(shown, pa.string()))
        parts.append(pa.table(dict(zip(types, cells, strict=True))))
    return pa.concat_tables(parts)


def _distinct(
    columns: Columns, entity: Entity, each: Field, seats: Iterable[Seat]
) -> pa.ChunkedArray:
    name = quoted(each.field)
    rows = columns.db.sql(
        f"SELECT DISTINCT {name} AS raw FROM {quoted('raw_' + entity.entity)} "
        f"WHERE {name} IS NOT NULL AND ({_sits(seats)})"
    )
    return rows.to_arrow_table().column("raw")


def _texts(raws: Sequence[str], lens: Lens) -> tuple[list[str | None], list[str | None]]:
    """The canonical text of every raw one, null where it does not parse, and the text it is shown by."""
    lists = (orjson.loads(raw) for raw in raws) if _is_list(lens) else ([raw] for raw in raws)
    found = [look(lens, each) for each in lists]
    kind = lens.spec.type
    texts = [None if isinstance(e.cell, Invalid) else text_of(e.cell, kind) for e in found]
    return texts, [each.shown for each in found]


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
            continue
        looked_up = _lookups(entity, each)
        joins += [_lookup_join(columns, entity, each, *which) for which in looked_up]
        cells.append(_cell_with(each, looked_up))
    columns.db.execute(
        f"CREATE TABLE {quoted('row_' + name)} AS WITH keyed AS ("
        f"SELECT c.system, c.object, c.id, c.created_at, c.modified_at, c.outside, k.key, k.linked, {', '.join(cells)} "
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
    values = f"min({quoted(name)}) AS text, min({quoted(name + '_raw')}) AS raw"
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
            parts.append(_digest_part(each, seats))
    return f"md5(concat_ws(chr(31), {', '.join(parts)}))" if parts else "md5('')"


def _digest_part(each: Field, seats: Iterable[Seat]) -> str:
    """`name=state` where the record's seat has the field, else NULL, which concat_ws leaves out."""
    text, raw = quoted(each.field), quoted(each.field + "_raw")
    state = f"coalesce('v' || {text}, 'i' || {raw}, 'b')"
    return f"CASE WHEN {_sits(seats)} THEN {literal(each.field + '=')} || {state} END"
