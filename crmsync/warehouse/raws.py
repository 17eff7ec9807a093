"""Raw columns: every record of every system under our names, as the system wrote it, and its ties.

    association     system, from_object, from_id, to_object, to_id, label, role, is_primary, created_at
    raw_<entity>    system, object, id, created_at, modified_at, stamp, outside, <field>

raw_<entity> is a view where there are many records: it is read a column at a time to parse and once as a whole
to join, straight from Parquet, and a copy of it would be a third of the memory of a plan. Of few records it is
a table.

A field made of several native ones is a JSON list of their texts. `outside` is true for a record that the scope
leaves out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmsync.core.choices import flag_words
from crmsync.core.lenses import Lens, Schemas, lens_of
from crmsync.core.mapping import TIE, Condition, Conditions, Entity, Field, Seat
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.snapshots import Snapshot

if TYPE_CHECKING:
    import duckdb

Snapshots = Mapping[tuple[str, str], Snapshot]
ASSOCIATION = "_associations"
COPIED_ROWS = 20_000
"""Up to so many records of an entity, in all systems together, raw_<entity> is a table."""


@dataclass(frozen=True, slots=True)
class Reads:
    """What was read: snapshots and schemas by (system, object), and the native field that carries our key."""

    db: duckdb.DuckDBPyConnection
    snapshots: Snapshots
    schemas: Schemas
    key_fields: Mapping[tuple[str, str], str]


def build_associations(reads: Reads) -> None:
    """All ties inside the systems, one table."""
    empty = (
        "SELECT NULL::VARCHAR AS system, NULL::VARCHAR AS from_object, NULL::VARCHAR AS from_id, "
        "NULL::VARCHAR AS to_object, NULL::VARCHAR AS to_id, NULL::VARCHAR AS label, "
        "NULL::VARCHAR AS role, NULL::VARCHAR AS is_primary, NULL::VARCHAR AS created_at WHERE false"
    )
    parts = [
        f"SELECT {literal(system)} AS system, * FROM read_parquet({literal(snapshot.pattern)})"
        for (system, object_), snapshot in sorted(reads.snapshots.items())
        if object_.startswith(ASSOCIATION) and snapshot.manifest.rows
    ]
    reads.db.execute(f"CREATE TABLE association AS {' UNION ALL BY NAME '.join([empty, *parts])}")


def build_raw(reads: Reads, entity: Entity) -> None:
    """Builds raw_<entity> over all of its seats; without a row it has its columns all the same."""
    selects = [_raw_of_seat(reads, entity, seat) for seat in entity.seats]
    found = [select for select in selects if select]
    if not found:
        found = [_no_rows(entity)]
    names = quoted("raw_" + entity.entity)
    reads.db.execute(
        f"CREATE {_kind(reads, entity)} {names} AS {' UNION ALL BY NAME '.join(found)}"
    )


def drop_raw(reads: Reads, entity: Entity) -> None:
    """Takes raw_<entity> away: from here on only what was parsed counts."""
    reads.db.execute(f"DROP {_kind(reads, entity)} {quoted('raw_' + entity.entity)}")


def _kind(reads: Reads, entity: Entity) -> str:
    return "TABLE" if is_copied(reads.snapshots, entity) else "VIEW"


def is_copied(snapshots: Snapshots, entity: Entity) -> bool:
    """True where raw_<entity> is a table: a copy is read some thirty times more quickly, as long as it is small."""
    places = [snapshots.get((seat.system, seat.object)) for seat in entity.seats]
    return sum(each.manifest.rows for each in places if each is not None) <= COPIED_ROWS


def filled_in(reads: Reads, entity: Entity) -> set[str]:
    """Fields that hold something in a record of raw_<entity>; those of many records are not counted, all may."""
    names = [each.field for each in entity.fields]
    if not names or not is_copied(reads.snapshots, entity):
        return set(names)
    counts = ", ".join(f"count({quoted(name)})" for name in names)
    query = f"SELECT {counts} FROM {quoted('raw_' + entity.entity)}"
    (row,) = reads.db.execute(query).fetchall()
    return {name for name, count in zip(names, row, strict=True) if count}


def _no_rows(entity: Entity) -> str:
    cells = "".join(f", NULL::VARCHAR AS {quoted(each.field)}" for each in entity.fields)
    names = ("system", "object", "id", "created_at", "modified_at", "stamp")
    head = ", ".join(f"NULL::VARCHAR AS {name}" for name in names)
    return f"SELECT {head}, false AS outside{cells} WHERE false"


def _raw_of_seat(reads: Reads, entity: Entity, seat: Seat) -> str:
    snapshot = reads.snapshots.get((seat.system, seat.object))
    if snapshot is None or not snapshot.manifest.rows:
        return ""
    known = set(snapshot.manifest.fields)
    stamp = reads.key_fields.get((seat.system, seat.object), "")
    cells = [_raw_cell(reads, entity, seat, each, known) for each in entity.fields]
    head = [
        f"{literal(seat.system)} AS system",
        f"{literal(seat.object)} AS object",
        "_id AS id, _created_at AS created_at, _modified_at AS modified_at",
        f"nullif({quoted(stamp)}, '') AS stamp" if stamp in known else "NULL::VARCHAR AS stamp",
        f"NOT coalesce({all_met(entity.scope_of(seat), known)}, false) AS outside",
    ]
    where = all_met(seat.where, known)
    flag = snapshot.manifest.converted_flag
    if flag in known:  # it became another record, and nobody writes it any more
        where += f" AND {quoted(flag)} IS DISTINCT FROM 'true'"
    source = f"read_parquet({literal(snapshot.pattern)}) r"
    return f"SELECT {', '.join([*head, *cells])} FROM {source} WHERE {where}"


def _raw_cell(reads: Reads, entity: Entity, seat: Seat, each: Field, known: set[str]) -> str:
    """What one field is read from: a text, or a JSON list of texts where it takes several."""
    lens = lens_of(reads.schemas, entity, each, seat)
    if lens is None or each.type == "references":
        return f"NULL::VARCHAR AS {quoted(each.field)}"
    texts = [text_sql(seat, native, known) for native in lens.inputs]
    if not is_list(lens):
        return f"{texts[0]} AS {quoted(each.field)}"
    filled = f"coalesce({', '.join(texts)})" if lens.made else texts[0]
    listed = f"json_array({', '.join(texts)})::VARCHAR"
    return f"CASE WHEN {filled} IS NOT NULL THEN {listed} END AS {quoted(each.field)}"


def is_list(lens: Lens) -> bool:
    """True if what a field is read from is kept as a list of texts."""
    return lens.made is not None or len(lens.inputs) > 1


def text_sql(seat: Seat, native: str, known: set[str]) -> str:
    """The text of a native field, or of a tie, of a record of `r` in SQL; NULL for what was not read."""
    if native.startswith(TIE):
        return _tied(seat, native)
    return quoted(native) if native in known else "NULL::VARCHAR"


def _tied(seat: Seat, native: str) -> str:
    """The one record tied to this one under a label: the smallest id, should there be several."""
    to_object, label = native.removeprefix(TIE).rsplit(".", 1)
    tie = "is_primary = 'true'" if label == "primary" else f"label = {literal(label)}"
    return (
        f"(SELECT min(to_id) FROM association a WHERE a.system = {literal(seat.system)} "
        f"AND a.from_object = {literal(seat.object)} AND a.to_object = {literal(to_object)} "
        f"AND a.from_id = r._id AND a.{tie})"
    )


def all_met(conditions: Conditions, known: set[str]) -> str:
    """True in SQL if a record meets every condition; a field that cannot be seen meets none."""
    tests = [_condition(n, v) if n in known else "false" for n, v in conditions.items()]
    return " AND ".join(f"({test})" for test in tests) or "true"


def _condition(name: str, value: Condition) -> str:
    if value in ("present", "blank"):
        return f"{quoted(name)} IS {'NOT ' if value == 'present' else ''}NULL"
    wanted = value if isinstance(value, list) else [value]
    texts = [literal(str(each)) for each in wanted if not isinstance(each, bool)]
    flags = [
        literal(word) for each in wanted if isinstance(each, bool) for word in flag_words(each)
    ]
    tests = [f"{quoted(name)} IN ({', '.join(texts)})"] if texts else []
    tests += [f"lower(trim({quoted(name)})) IN ({', '.join(flags)})"] if flags else []
    return " OR ".join(tests) or "false"
