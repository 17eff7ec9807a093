"""The inventory of fields: every native field of every mapped object, mapped or not, and what else runs on them.

    property          system, object, native, label, type, field, filled, total, distinct, options, read_only, custom,
                      length, required, is_unique, usual, longest, top, top_count, same
    field_use         system, object, native, field, type, id, value, created_at: records by their values, of fields
                      with few
    loss              entity, field, system, object, native, to_system, to_object, to_native, kind, number, words
    way               entity, field, to_system, to_object, to_native: the fields that the mapping writes
    term              word, term, kind: words that people use for stages and the like (core/terms.py)
    automation        system, id, kind, name, object, events, active, writes, reads, was_read, namespace, modified_at
    tracked           system, object, native: whose history is kept (warehouse/tracked.py)
    native_connector  system, name, kind, object, native: its traces, and the fields that it usually writes

`filled`, `total` and what follows from values are of mapped fields, counted over what was read; `distinct` is about
right. Of other fields `pull --inventory` counts how many records fill them; else nobody knows, and they are blank.
`same` is alike for two fields that hold the same in every record. `usual` is the option that is there if nobody chose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import TYPE_CHECKING, Any

from crmsync.core.lenses import spec_of
from crmsync.core.losses import Passage, losses
from crmsync.core.mapping import TIE, Entity, Field, Seat
from crmsync.core.records import Native
from crmsync.core.sides import native_of
from crmsync.core.surroundings import NOT_CHECKED
from crmsync.core.terms import TERMS
from crmsync.warehouse.between import put_rows, put_view
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.parsing import sits
from crmsync.warehouse.tracked import build_tracked

if TYPE_CHECKING:
    from crmsync.warehouse.columns import Columns

INVENTORY = "_inventory"
"""The side table in which a pull keeps how many records fill each field."""
NATIVE_CONNECTOR = "_native_connector"
"""The side table in which a pull keeps the traces of the CRMs' own connector."""
INVENTORY_COLUMNS = ("object", "native", "filled", "total")
NATIVE_COLUMNS = ("name", "kind", "place")
_AUTOMATIONS = "_automations"
_FEW = 300
"""So many values, or fewer, make a list of them worth reading."""
_PROPERTY = (
    "system VARCHAR, object VARCHAR, native VARCHAR, label VARCHAR, type VARCHAR, field VARCHAR, filled BIGINT, "
    'total BIGINT, "distinct" BIGINT, options VARCHAR[], read_only BOOLEAN, custom BOOLEAN, length BIGINT, '
    "required BOOLEAN, is_unique BOOLEAN, usual VARCHAR, longest BIGINT, top VARCHAR, top_count BIGINT, same UBIGINT"
)
_USE = ("system", "object", "native", "field", "type", "id", "value", "created_at")
_WAY = ("entity", "field", "to_system", "to_object", "to_native")
_LOSS = (
    *("entity", "field", "system", "object", "native", "to_system", "to_object", "to_native"),
    *("kind", "number", "words"),
)


def build_inventory(columns: Columns) -> set[str]:
    """Builds the tables above in the face; what there is of them, in words of `needs`."""
    rows = [
        row
        for entity in columns.mapping.entities
        for seat in entity.seats
        for row in _of_seat(columns, entity, seat)
    ]
    _property_table(columns, rows)
    have = {"property"} if rows else set[str]()
    have |= _counted(columns)
    _uses(columns)
    put_rows(columns, "loss", _LOSS, list(_losses(columns)))
    put_rows(columns, "way", _WAY, list(_ways(columns)))
    put_rows(columns, "term", ("word", "term", "kind"), [(e.word, e.term, e.kind) for e in TERMS])
    build_tracked(columns)
    return have | _automations(columns) | _native_connectors(columns)


def _property_table(columns: Columns, rows: Sequence[tuple[Any, ...]]) -> None:
    import pyarrow as pa

    kinds = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "BOOLEAN": pa.bool_(), "UBIGINT": pa.uint64(),
             "VARCHAR[]": pa.list_(pa.string())}  # fmt: skip
    columns.db.execute(f"CREATE TABLE face.property ({_PROPERTY})")
    cells = [tuple(each.replace('"', "").split()) for each in _PROPERTY.split(", ")]
    arrays = [
        pa.array([row[at] for row in rows], kinds[kind]) for at, (_, kind) in enumerate(cells)
    ]
    columns.db.register("given_rows", pa.Table.from_arrays(arrays, names=[n for n, _ in cells]))
    columns.db.execute("INSERT INTO face.property SELECT * FROM given_rows")
    columns.db.unregister("given_rows")


def _of_seat(columns: Columns, entity: Entity, seat: Seat) -> Iterator[tuple[Any, ...]]:
    """A row for every native field of a seat, in order of name; ties are none."""
    schema = columns.schemas.get((seat.system, seat.object))
    ours = _named(entity, seat)
    measured = _measured(columns, entity, seat) if schema else {}
    key = columns.key_fields.get((seat.system, seat.object))
    for name, native in sorted(schema.fields.items()) if schema else ():
        # Our own key is for records that we made, and no field that anybody fills.
        if not name.startswith(TIE) and name != key:
            yield _row(seat, native, ours.get(name), measured.get(name, _Measured()))


def _row(seat: Seat, native: Native, each: Field | None, told: _Measured) -> tuple[Any, ...]:
    # The people who may be owners are no options of a field.
    listed = native.options is not None and (each is None or each.type != "owner")
    return (
        *(seat.system, seat.object, native.name, native.label or None, native.type),
        *(each.field if each else None, told.filled, told.total, told.distinct),
        *(sorted(native.options or ()) if listed else None, not native.writable, native.custom),
        *(native.length, native.required, native.unique, native.usual or None),
        *(told.longest, told.top, told.top_count, told.same),
    )


def _named(entity: Entity, seat: Seat) -> dict[str, Field]:
    """Our field by native name, the parts of one that is made of several among them."""
    return {
        name: each for each in entity.fields for name in each.inputs_in(seat.system, seat.object)
    }


def _direct(columns: Columns, entity: Entity, seat: Seat) -> list[tuple[str, Field]]:
    """Native name and field, where the value of the one is what the last read holds of the other."""
    found = (
        (each.name_in(seat.system, seat.object), each) for each in columns.visible(entity, seat)
    )
    return [(name, each) for name, each in found if name and not name.startswith(TIE)]


@dataclass(frozen=True, slots=True)
class _Measured:
    """What the values of one field are like; all None where they were not read."""

    filled: int | None = None
    total: int | None = None
    distinct: int | None = None
    longest: int | None = None
    same: int | None = None
    top: str | None = None
    top_count: int | None = None


def _measured(columns: Columns, entity: Entity, seat: Seat) -> dict[str, _Measured]:
    """By native name; one scan for all fields, and one more for those of few values."""
    direct = _direct(columns, entity, seat)
    counts = ", ".join(
        f"count({raw}), approx_count_distinct({raw}), max(length({raw})), "
        f"bit_xor(hash(id, {raw})) FILTER ({raw} IS NOT NULL)"
        for raw in (quoted(each.field + "_raw") for _, each in direct)
    )
    if not direct:
        return {}
    (told,) = columns.db.execute(f"SELECT count(*), {counts} {_seated(entity, seat)}").fetchall()
    total, rest = told[0], iter(told[1:])
    found = {
        name: _Measured(filled, total, distinct, longest, same)
        for (name, _), (filled, distinct, longest, same) in zip(
            direct, zip(rest, rest, rest, rest, strict=True), strict=True
        )
    }
    few = [(name, each) for name, each in direct if 0 < (found[name].distinct or 0) <= _FEW]
    return found | _with_tops(columns, entity, seat, few, found)


def _seated(entity: Entity, seat: Seat) -> str:
    return f"FROM {quoted('row_' + entity.entity)} WHERE {sits([seat])}"


def _with_tops(
    columns: Columns,
    entity: Entity,
    seat: Seat,
    few: list[tuple[str, Field]],
    found: dict[str, _Measured],
) -> dict[str, _Measured]:
    """The value that most records hold, of fields with few values."""
    if not few:
        return {}
    tops = ", ".join(f"histogram({quoted(each.field + '_raw')})" for _, each in few)
    (told,) = columns.db.execute(f"SELECT {tops} {_seated(entity, seat)}").fetchall()
    named = zip((name for name, _ in few), told, strict=True)
    most = {name: min(held.items(), key=lambda one: (-one[1], one[0])) for name, held in named}
    return {name: replace(found[name], top=top, top_count=n) for name, (top, n) in most.items()}


def _counted(columns: Columns) -> set[str]:
    """How many records fill the fields that nobody maps, where a pull counted that."""
    have = set()
    for (system, name), snapshot in sorted(columns.snapshots.items()):
        if name == INVENTORY:
            have |= {"inventory", f"{system}:inventory"} if snapshot.manifest.complete else set()
            if snapshot.manifest.rows:
                columns.db.execute(
                    "UPDATE face.property p SET filled = i.filled::BIGINT, total = i.total::BIGINT "
                    f"FROM read_parquet({literal(snapshot.pattern)}) i WHERE p.system = ? "
                    "AND p.object = i.object AND p.native = i.native AND p.filled IS NULL",
                    [system],
                )
    return have


def _uses(columns: Columns) -> None:
    """Every record by its value, of fields that have few of them and are no tie, date, number or person."""
    few = _of_few(columns)
    parts = [
        f"SELECT {literal(seat.system)}, {literal(seat.object)}, {literal(name)}, {literal(each.field)}, "
        f"{literal(each.type)}, id, {quoted(each.field + '_raw')}, created_at FROM {quoted(entity.entity)} "
        f"WHERE {sits([seat])} AND {quoted(each.field + '_raw')} IS NOT NULL"
        for entity in columns.mapping.entities
        for seat in entity.seats
        for name, each in _direct(columns, entity, seat)
        if each.type in ("text", "choice") and (seat.system, seat.object, name) in few
    ]
    put_view(columns, "field_use", _USE, parts)


def _of_few(columns: Columns) -> set[tuple[str, ...]]:
    rows = columns.db.execute(
        f'SELECT system, object, native FROM face.property WHERE "distinct" BETWEEN 1 AND {_FEW}'
    )
    return {tuple(row) for row in rows.fetchall()}


def _ways(columns: Columns) -> Iterator[tuple[str, ...]]:
    for entity in columns.mapping.entities:
        for each in entity.synced():
            for seat in entity.seats:
                native = native_of(each, seat.system, seat.object, columns.schemas)
                if native is not None and native.writable and each.writes_to(seat.system):
                    yield entity.entity, each.field, seat.system, seat.object, native.name


def _losses(columns: Columns) -> Iterator[tuple[str | None, ...]]:
    for entity in columns.mapping.entities:
        for each in entity.synced():
            for source, target in permutations(entity.seats, 2):
                if source.system != target.system:
                    yield from _lost(columns, entity, each, source, target)


def _lost(
    columns: Columns, entity: Entity, each: Field, source: Seat, target: Seat
) -> Iterator[tuple[str | None, ...]]:
    if not (each.writes_to(target.system) and each.speaks_for(source.system)):
        return
    natives = [
        native_of(each, seat.system, seat.object, columns.schemas) for seat in (source, target)
    ]
    if natives[0] is None or natives[1] is None:
        return
    specs = [spec_of(columns.schemas, each, seat) for seat in (source, target)]
    for loss in losses(Passage(natives[0], natives[1], *specs)):
        yield (
            *(entity.entity, each.field, source.system, source.object, natives[0].name),
            *(target.system, target.object, natives[1].name, loss.kind),
            *(None if loss.number is None else str(loss.number), ", ".join(loss.values) or None),
        )


_AUTOMATION = (
    "NULL::VARCHAR AS system, NULL::VARCHAR AS id, NULL::VARCHAR AS kind, NULL::VARCHAR AS name, "
    "NULL::VARCHAR AS object, "
    "NULL::VARCHAR[] AS events, NULL::BOOLEAN AS active, NULL::VARCHAR[] AS writes, NULL::VARCHAR[] AS reads, "
    "NULL::BOOLEAN AS was_read, NULL::VARCHAR AS namespace, NULL::TIMESTAMP AS modified_at"
)


def _automations(columns: Columns) -> set[str]:
    """One row an automation; a kind that could not be listed has none, and then not all of them are known."""
    parts, have = [f"SELECT {_AUTOMATION} WHERE false"], set()
    for (system, name), snapshot in sorted(columns.snapshots.items()):
        if name == _AUTOMATIONS:
            have |= {"automation", f"{system}:automation"} if snapshot.manifest.complete else set()
            if snapshot.manifest.rows:
                parts.append(
                    f"SELECT {literal(system)}, id, kind, name, object, string_split(events, ';'), state = 'active', "
                    "string_split(writes, ';'), string_split(reads, ';'), read = 'true', namespace, "
                    f"try_cast(modified_at AS TIMESTAMP) FROM read_parquet({literal(snapshot.pattern)}) "
                    f"WHERE state <> {literal(NOT_CHECKED)}"
                )
    columns.db.execute(f"CREATE TABLE face.automation AS {' UNION ALL '.join(parts)}")
    return have


def _native_connectors(columns: Columns) -> set[str]:
    cells = ("system", "name", "kind", "object", "native")
    empty = ", ".join(f"NULL::VARCHAR AS {name}" for name in cells)
    parts, have = [f"SELECT {empty} WHERE false"], set()
    for (system, name), snapshot in sorted(columns.snapshots.items()):
        if name == NATIVE_CONNECTOR:
            have |= {"native_connector"} if snapshot.manifest.complete else set()
            if snapshot.manifest.rows:
                parts.append(
                    f"SELECT {literal(system)}, name, kind, split_part(place, '.', 1), split_part(place, '.', 2) "
                    f"FROM read_parquet({literal(snapshot.pattern)})"
                )
    columns.db.execute(f"CREATE TABLE face.native_connector AS {' UNION ALL '.join(parts)}")
    return have
