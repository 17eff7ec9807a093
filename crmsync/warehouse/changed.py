"""What differs from its base: the seam between the many and the few.

every record, its digest against its base's    SQL     -> the keys that need a decision
pairs that agree and were never settled        SQL     -> adopted as they are, no record is built
everything else                                records -> Group, for `core.deciding`
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any

from crmsync.core.deciding import decide, settled_cells
from crmsync.core.lenses import Schemas
from crmsync.core.mapping import Entity, Field, Seat
from crmsync.core.records import ABSENT, BLANK, Cell, Group, Invalid, Record, Ref, Value
from crmsync.core.values import text_of, value_of
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import literal, quoted

if TYPE_CHECKING:
    import pyarrow as pa

Bases = Mapping[str, Mapping[str, Mapping[str, str | None]]]
BasesOf = Callable[[str, Sequence[str]], Bases]
"""(entity, keys) -> {key: {system: {field: canonical text}}}"""

_CHUNK = 2_000
ADDRESS = ("key", "system", "object", "id", "outside")


def compare(columns: Columns, entity: Entity, digests: Iterable[pa.RecordBatch]) -> None:
    """Builds base_, crowded_, adopt_ and changed_<entity>: who needs what.

    A customer whose record is gone where one could be created is looked at though nothing else has changed.
    """
    name = entity.entity
    _bases(columns, name, digests)
    _missed(columns, entity)
    rows, base = quoted("row_" + name), quoted("base_" + name)
    columns.db.execute(
        f"CREATE OR REPLACE TABLE {quoted('crowded_' + name)} AS SELECT key FROM {rows} "
        "GROUP BY key, system HAVING count(*) > 1"
    )
    columns.db.execute(
        f"CREATE OR REPLACE TABLE {quoted('stirred_' + name)} AS SELECT r.key, count(*) AS systems, "
        "count(b.key) AS settled FROM "
        f"{rows} r LEFT JOIN {base} b ON b.key = r.key AND b.system = r.system "
        f"LEFT JOIN {quoted('missed_' + name)} m ON m.key = r.key "
        f"WHERE r.key NOT IN (SELECT key FROM {quoted('crowded_' + name)}) "
        "GROUP BY r.key HAVING bool_or(NOT r.outside "
        "AND (b.digest IS DISTINCT FROM r.digest OR m.key IS NOT NULL)) "
        f"AND (count(*) FILTER (NOT r.outside) > 1 OR {_may_create(entity)})"
    )
    _adoptable(columns, entity)
    columns.db.execute(
        f"CREATE OR REPLACE TABLE {quoted('changed_' + name)} AS SELECT key FROM {quoted('stirred_' + name)} "
        f"WHERE key NOT IN (SELECT key FROM {quoted('adopt_' + name)}) ORDER BY key"
    )


def _adoptable(columns: Columns, entity: Entity) -> None:
    """Builds adopt_<entity>: who agrees in every field. On most nights nobody is new, and no field is compared."""
    name = entity.entity
    rows, stirred = quoted("row_" + name), quoted("stirred_" + name)
    agreeing = (
        f"SELECT l.key FROM {rows} l JOIN {rows} r "
        f"ON r.key = l.key AND l.system < r.system JOIN {stirred} s ON s.key = l.key "
        "WHERE s.settled = 0 GROUP BY l.key "
        f"HAVING bool_and(NOT l.outside AND NOT r.outside AND {_agrees(columns, entity)}) "
        f"AND any_value(s.systems) = {len(entity.systems)}"
    )
    new = columns.db.execute(f"SELECT 1 FROM {stirred} WHERE settled = 0 LIMIT 1").fetchone()
    columns.db.execute(
        f"CREATE OR REPLACE TABLE {quoted('adopt_' + name)} AS "
        + (agreeing if new else f"SELECT key FROM {stirred} WHERE false")
    )


def _bases(columns: Columns, name: str, digests: Iterable[pa.RecordBatch]) -> None:
    import pyarrow as pa

    schema = pa.schema([(column, pa.string()) for column in ("key", "system", "digest")])
    reader = pa.RecordBatchReader.from_batches(schema, (_as(batch, schema) for batch in digests))
    columns.db.register("digests", reader)
    columns.db.execute(
        f"CREATE OR REPLACE TABLE {quoted('base_' + name)} AS SELECT key, system, digest FROM digests"
    )
    columns.db.unregister("digests")
    for key, system in columns.anew(name):
        columns.db.execute(
            f"DELETE FROM {quoted('base_' + name)} WHERE key = ? AND system = ?", [key, system]
        )


def _as(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_arrays(
        [batch.column(name).cast(pa.string()) for name in schema.names], schema=schema
    )


def _missed(columns: Columns, entity: Entity) -> None:
    """Builds missed_<entity>: keys of customers who lost their last record in a system that may create one.

    Of a system that creates none nothing is told, and who has another record there misses nothing. Of records that
    were merged with those of another customer it is told that they were.
    """
    name = entity.entity
    systems = ", ".join(map(literal, _creating(entity))) or "NULL"
    merged = [key for clash in columns.clashes.get(name, ()) for key in clash.keys]
    columns.db.execute(
        f"CREATE OR REPLACE TABLE {quoted('missed_' + name)} AS "
        f"SELECT DISTINCT g.key FROM {quoted('gone_' + name)} g ANTI JOIN {quoted('row_' + name)} r "
        f"ON r.key = g.key AND r.system = g.system WHERE g.system IN ({systems}) "
        "AND g.key NOT IN (SELECT unnest(?::VARCHAR[]))",
        [merged],
    )


def _creating(entity: Entity) -> list[str]:
    """The systems with a seat that may create records."""
    return sorted({seat.system for seat in entity.seats if seat.create != "never"})


def _may_create(entity: Entity) -> str:
    """True in SQL if a customer has no record in some system whose seats may create one."""
    tests = [f"bool_and(r.system <> {literal(system)})" for system in _creating(entity)]
    return " OR ".join(tests) or "false"


def _agrees(columns: Columns, entity: Entity) -> str:
    """True in SQL if two records of one customer hold the same in every field that both have."""
    tests = []
    for each in entity.synced():
        seats = [seat for seat in entity.seats if each in columns.visible(entity, seat)]
        text, raw = quoted(each.field), quoted(each.field + "_raw")
        both = f"({_sits('l', seats)}) AND ({_sits('r', seats)})"
        same = f"l.{text} IS NOT DISTINCT FROM r.{text}"
        for left, right in at_ease(columns.schemas, entity, each, seats):
            same += f" OR (l.{text} {_is(left)} AND r.{text} {_is(right)})"
        valid = f"(l.{text} IS NULL) = (l.{raw} IS NULL) AND (r.{text} IS NULL) = (r.{raw} IS NULL)"
        tests.append(f"(NOT ({both}) OR (({same}) AND {valid}))")
    return " AND ".join(tests) or "true"


def _is(text: str | None) -> str:
    return "IS NULL" if text is None else f"= {literal(text)}"


def at_ease(
    schemas: Schemas, entity: Entity, each: Field, seats: Sequence[Seat]
) -> list[tuple[str | None, str | None]]:
    """Pairs of unequal flags, by canonical text, that the core leaves as they are in two new records.

    Nobody's opt-out against a blank is most of a first plan. Which pairs these are is asked of the core,
    for every two seats, so that no policy is written twice; of three systems nothing is said.
    """
    if each.type != "flag" or len(entity.systems) != 2:
        return []
    pairs = [(one, two) for one in seats for two in seats if one.system < two.system]
    return [
        (text_of(left, "flag"), text_of(right, "flag"))
        for left, right in permutations((BLANK, False, True), 2)
        if pairs and all(_stays(schemas, entity, each, pair, (left, right)) for pair in pairs)
    ]


def _stays(
    schemas: Schemas,
    entity: Entity,
    each: Field,
    seats: tuple[Seat, Seat],
    cells: tuple[Value | None, Value | None],
) -> bool:
    """True if two records that were never settled are settled by these cells as they are."""
    records = {
        seat.system: Record(Ref(seat.system, seat.object, "-"), {each.field: cell})
        for seat, cell in zip(seats, cells, strict=True)
    }
    group = Group(entity.entity, "-", records)
    decided = decide(replace(entity, fields=[each]), group, schemas, timedelta(0))
    settled = settled_cells(decided)
    as_they_are = {seat.system: {each.field: cell} for seat, cell in zip(seats, cells, strict=True)}
    return settled == as_they_are and not any(o.writes for o in decided.outcomes.values())


def _sits(alias: str, seats: Iterable[Seat]) -> str:
    held = [
        f"({alias}.system = {literal(s.system)} AND {alias}.object = {literal(s.object)})"
        for s in seats
    ]
    return " OR ".join(held) or "false"


def count_adopted(columns: Columns, entity: Entity) -> int:
    """How many customers agree everywhere and were never settled."""
    row = columns.db.execute(f"SELECT count(*) FROM {quoted('adopt_' + entity.entity)}").fetchall()
    return int(row[0][0])


def adopted_bases(columns: Columns, entity: Entity) -> Iterator[pa.RecordBatch]:
    """(key, system, digest, values) of every side that agrees, ready to be kept as a base."""
    for seat in entity.seats:
        pairs = [
            f"{literal(each.field)}, {quoted(each.field)}"
            for each in columns.visible(entity, seat)
            if each in entity.synced()
        ]
        values = f"json_object({', '.join(pairs)})::VARCHAR" if pairs else "'{}'"
        reader = (
            columns.db.cursor()
            .sql(
                f"SELECT key, system, digest, {values} AS values FROM {quoted('row_' + entity.entity)} "
                f"WHERE system = ? AND object = ? AND key IN (SELECT key FROM {quoted('adopt_' + entity.entity)}) "
                "ORDER BY key",
                params=[seat.system, seat.object],
            )
            .to_arrow_reader(10_000)
        )
        yield from reader


def changed_groups(columns: Columns, entity: Entity, bases_of: BasesOf) -> Iterator[Group]:
    """Every customer that needs a decision, in order of key."""
    query = f"SELECT key FROM {quoted('changed_' + entity.entity)} ORDER BY key"
    keys = [row[0] for row in columns.db.execute(query).fetchall()]
    yield from groups(columns, entity, keys, bases_of)


def groups(
    columns: Columns,
    entity: Entity,
    keys: Sequence[str],
    bases_of: BasesOf,
    only: Field | None = None,
) -> Iterator[Group]:
    """The customers with these keys, in this order; keys that nobody has are left out.

    With `only` their cells and bases are those of one field, which takes a fraction of the time.
    """
    fields = entity.fields if only is None else [only]
    visible = visible_in(columns, entity)
    for start in range(0, len(keys), _CHUNK):
        chunk = list(keys[start : start + _CHUNK])
        known = bases_of(entity.entity, chunk)
        bases = _with_what_stands(known, columns.anew(entity.entity), entity.lasting())
        gone = _gone(columns, entity, chunk)
        rows: dict[str, list[dict[str, Any]]] = {}
        for row in _fetch(columns, entity, fields, chunk):
            rows.setdefault(row["key"], []).append(row)
        for key in chunk:
            if key in rows:
                group = group_of(entity.entity, fields, key, rows[key], bases.get(key, {}), visible)
                yield replace(group, gone=gone[key]) if key in gone else group


def _with_what_stands(
    bases: Bases, anew: Collection[tuple[str, str]], lasting: Collection[str]
) -> Bases:
    """The bases, and of sides that another record stands for now only the fields that outlive a record."""
    without = {key for key, _ in anew}
    return {
        key: {s: _kept(cells, lasting) if (key, s) in anew else cells for s, cells in sides.items()}
        if key in without
        else sides
        for key, sides in bases.items()
    }


def _kept(cells: Mapping[str, str | None], names: Collection[str]) -> Mapping[str, str | None]:
    return {name: text for name, text in cells.items() if name in names}


def _gone(columns: Columns, entity: Entity, keys: list[str]) -> dict[str, frozenset[str]]:
    """Systems that held a record of a customer once and did not show it this time, by key."""
    rows = columns.db.execute(
        f"SELECT key, list(system) FROM {quoted('gone_' + entity.entity)} "
        "WHERE key IN (SELECT unnest(?)) GROUP BY key",
        [keys],
    ).fetchall()
    return {key: frozenset(systems) for key, systems in rows}


def crowded(columns: Columns, entity: Entity) -> list[tuple[str, str, str]]:
    """(key, system, object) of customers with two records in one system: nobody can say which counts."""
    rows = columns.db.execute(
        f"SELECT r.key, r.system, min(r.object) FROM {quoted('row_' + entity.entity)} r "
        f"WHERE r.key IN (SELECT key FROM {quoted('crowded_' + entity.entity)}) "
        "GROUP BY r.key, r.system HAVING count(*) > 1 ORDER BY ALL"
    ).fetchall()
    return [(key, system, object_) for key, system, object_ in rows]


def _fetch(
    columns: Columns, entity: Entity, fields: Sequence[Field], keys: list[str]
) -> list[dict[str, Any]]:
    import pyarrow as pa

    names = [name for each in fields for name in (each.field, each.field + "_raw")]
    cells = ", ".join(f"r.{quoted(name)}" for name in (*ADDRESS, *names))
    columns.db.register("wanted", pa.table({"key": pa.array(keys, pa.string())}))
    found: pa.Table = columns.db.sql(
        f"SELECT {cells} FROM {quoted('row_' + entity.entity)} r JOIN wanted w ON w.key = r.key "
        "ORDER BY r.key, r.system, r.object, r.id"
    ).to_arrow_table()
    columns.db.unregister("wanted")
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def visible_in(columns: Columns, entity: Entity) -> dict[tuple[str, str], set[str]]:
    """The fields that can be seen in each seat, by system and object."""
    return {
        (s.system, s.object): {f.field for f in columns.visible(entity, s)} for s in entity.seats
    }


def group_of(
    entity: str,
    fields: Sequence[Field],
    key: str,
    rows: Sequence[Mapping[str, Any]],
    bases: Mapping[str, Mapping[str, str | None]],
    visible: Mapping[tuple[str, str], set[str]],
) -> Group:
    """One customer, out of rows of row_<entity>."""
    records: dict[str, Record] = {}
    for row in rows:
        ref = Ref(row["system"], row["object"], row["id"])
        seen = set() if row["outside"] else visible[ref.system, ref.object]
        records.setdefault(
            ref.system,
            Record(ref, {e.field: _cell(e.field, e.type, row, seen) for e in fields}),
        )
    types = {each.field: each.type for each in fields}
    settled = {system: _values(texts, types) for system, texts in bases.items()}
    outside = frozenset(row["system"] for row in rows if row["outside"])
    return Group(entity, key, records, settled, outside=outside)


def _cell(name: str, type_name: str, row: Mapping[str, Any], visible: set[str]) -> Cell:
    if name not in visible:
        return ABSENT
    if row[name] is not None:
        return value_of(row[name], type_name)
    return BLANK if row[name + "_raw"] is None else Invalid(row[name + "_raw"])


def _values(texts: Mapping[str, str | None], types: Mapping[str, str]) -> dict[str, Value | None]:
    """A base as values; fields that the mapping no longer has, or has as another type, are left out."""
    found: dict[str, Value | None] = {}
    for name, text in texts.items():
        if name in types:
            with suppress(ValueError, ArithmeticError):
                found[name] = value_of(text, types[name])
    return found
