"""What audits ask about systems side by side: who owns what, where linked records differ, who went, whose law it is.

    drift            entity, key, field, type, system, object, id, value, other_system, other_object, other_id,
                     other_value: a field that two linked records both fill, and differently
    compared         entity, field, system, other_system, filled, held: how many linked records both fill it, alike or
                     not, and how many values these records hold in either system
    owned            entity, system, object, id, key, field, owner, owner_id, is_closed, lifecycle_stage: every record
                     of an object that has owners; the last two where the entity has such a field
    owner_email      system, id, email: who a user is across the systems, exceptions of the mapping applied
    ambiguous        entity, how, mark, system, object, id, parent: records of which nobody can say who is whom
    called           entity, key, system, name: what a person calls each record: the fields its entity is shown by
    gone             entity, key, system, object, id, at, why, into_id: linked records that are not there any more
    consent_law      country, law, since: where mail to people needs their consent beforehand

`why` is deleted, merged, or untold where the system tells of what it deletes and said nothing of this one.
`drift`, `compared`, `owned` and `called` are views: they cost nothing until somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from crmsync.core.consent_laws import CONSENT_LAWS
from crmsync.core.mapping import NATIVE_LINK, Entity, Field
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.parsing import sits
from crmsync.warehouse.snapshots import GONE

if TYPE_CHECKING:
    from crmsync.warehouse.columns import Columns

_DRIFT = (
    *("entity", "key", "field", "type", "system", "object", "id", "value"),
    *("other_system", "other_object", "other_id", "other_value"),
)
_COMPARED = ("entity", "field", "system", "other_system", "filled", "held")
_OWNED = (
    *("entity", "system", "object", "id", "key", "field", "owner", "owner_id"),
    *("is_closed", "lifecycle_stage"),
)


def build_between(columns: Columns) -> set[str]:
    """Builds the tables above in the face but drift; what there is of them, in words of `needs`."""
    have = {"pair"} if len({system for system, _ in columns.snapshots}) > 1 else set()
    owned = list(_owned(columns))
    put_view(columns, "owned", _OWNED, owned)
    put_view(columns, "called", ("entity", "key", "system", "name"), list(_called(columns)))
    _owner_emails(columns)
    _ambiguous(columns)
    _gone(columns)
    laws = [(each.country, each.law, each.since) for each in CONSENT_LAWS]
    put_rows(columns, "consent_law", ("country", "law", "since"), laws)
    ((users,),) = columns.db.execute("SELECT count(*) FROM face.owner").fetchall()
    return have | ({"owned"} if owned else set()) | ({"owner"} if users else set())


def build_drift(columns: Columns) -> set[str]:
    """Builds the views of linked records that differ, and of how many are compared; no word of `needs` is for them."""
    pairs = list(_both(columns))
    put_view(columns, "drift", _DRIFT, [_drift(*each) for each in pairs])
    put_view(columns, "compared", _COMPARED, [_compared(*each) for each in pairs])
    return set()


def put_rows(
    columns: Columns, name: str, names: Sequence[str], rows: Sequence[Sequence[str | None]]
) -> None:
    """Creates a table of texts in the face with these rows."""
    import pyarrow as pa

    arrays = [pa.array([row[at] for row in rows], pa.string()) for at in range(len(names))]
    columns.db.register("given_rows", pa.Table.from_arrays(arrays, names=list(names)))
    columns.db.execute(f"CREATE TABLE face.{name} AS SELECT * FROM given_rows")
    columns.db.unregister("given_rows")


def put_view(columns: Columns, name: str, names: Sequence[str], parts: Sequence[str]) -> None:
    """Creates a view in the face over tables of the face, which it names as those who ask will find them.

    A name that ends in `_at` is of an instant, one that begins with `is_` of a flag, `filled` and `held` are
    numbers, every other one is a text.
    """
    empty = ", ".join(f"NULL::{_kind(each)} AS {quoted(each)}" for each in names)
    union = " UNION ALL ".join([f"SELECT {empty} WHERE false", *parts])
    ((home,),) = columns.db.execute("SELECT current_catalog()").fetchall()
    columns.db.execute("USE face")
    columns.db.execute(f"CREATE VIEW {quoted(name)} AS {union}")
    columns.db.execute(f"USE {quoted(home)}")


def _kind(name: str) -> str:
    if name.endswith("_at"):
        return "TIMESTAMP"
    if name in ("filled", "held"):
        return "BIGINT"
    return "BOOLEAN" if name.startswith("is_") else "VARCHAR"


def _both(columns: Columns) -> Iterator[tuple[Entity, Field, str, str]]:
    """Every field that two systems have, with these two; ties to several are not compared."""
    for entity in columns.mapping.entities:
        for each in entity.fields:
            if each.type != "references":
                held = sorted(set(each.systems) & set(entity.systems))
                yield from ((entity, each, *two) for two in combinations(held, 2))


def _drift(entity: Entity, each: Field, one: str, other: str) -> str:
    mine, theirs = (quoted(f"{system}_{each.field}") for system in (one, other))
    places = ", ".join(
        f"{literal(system)}, {quoted(system + '_object')}, {quoted(system + '_id')}, {value}::VARCHAR"
        for system, value in ((one, mine), (other, theirs))
    )
    return (
        f"SELECT {literal(entity.entity)}, key, {literal(each.field)}, {literal(each.type)}, {places} "
        f"FROM {quoted(entity.entity + '_pair')} WHERE {mine} <> {theirs}"
    )


def _compared(entity: Entity, each: Field, one: str, other: str) -> str:
    mine, theirs = (quoted(f"{system}_{each.field}") for system in (one, other))
    names = ", ".join(literal(name) for name in (entity.entity, each.field, one, other))
    return (
        f"SELECT {names}, count(*) FILTER ({mine} IS NOT NULL AND {theirs} IS NOT NULL), "
        f"count({mine}) + count({theirs}) FROM {quoted(entity.entity + '_pair')}"
    )


def _called(columns: Columns) -> Iterator[str]:
    for entity in columns.mapping.entities:
        name = ", ".join(f"{quoted(each + '_raw')}" for each in entity.shown_by())
        if name:
            yield (
                f"SELECT {literal(entity.entity)}, key, system, nullif(concat_ws(' ', {name}), '') "
                f"FROM {quoted(entity.entity)}"
            )


def _owned(columns: Columns) -> Iterator[str]:
    for entity in columns.mapping.entities:
        for each in entity.fields:
            seats = [seat for seat in entity.seats if each in columns.visible(entity, seat)]
            if each.type == "owner" and seats:
                yield (
                    f"SELECT {literal(entity.entity)}, system, object, id, key, {literal(each.field)}, "
                    f"{quoted(each.field)}, {quoted(each.field + '_raw')}, {_said(entity, 'is_closed', 'flag')}, "
                    f"{_said(entity, 'lifecycle_stage', 'choice')} FROM {quoted(entity.entity)} "
                    f"WHERE {sits(seats)}"
                )


def _said(entity: Entity, name: str, kind: str) -> str:
    """A field of an entity in SQL; NULL where it has none of that name and type."""
    field = entity.field_named(name)
    return quoted(name) if field is not None and field.type == kind else "NULL"


def _owner_emails(columns: Columns) -> None:
    known = {
        (system, id_, email)
        for entity in columns.mapping.entities
        for each in entity.fields
        if each.type == "owner"
        for system, values in each.values.items()
        for id_, email in values.items()
        if "@" not in id_
    }
    put_rows(columns, "owner_email", ("system", "id", "email"), sorted(known))


def _ambiguous(columns: Columns) -> None:
    rows = [
        (name, each.how, each.mark, ref.system, ref.object, ref.id)
        for name, found in sorted(columns.ambiguities.items())
        for each in found
        if each.how != NATIVE_LINK
        for ref in each.refs
    ]
    names = ("entity", "how", "mark", "system", "object", "id")
    put_rows(columns, "ambiguous", names, rows)
    columns.db.execute("ALTER TABLE face.ambiguous ADD COLUMN parent VARCHAR")
    for entity in columns.mapping.entities:
        for each in entity.fields:
            if each.type == "reference" and each.to == entity.entity:
                columns.db.execute(
                    f"UPDATE face.ambiguous a SET parent = r.{quoted(each.field + '_raw')} "
                    f"FROM face.{quoted(entity.entity)} r WHERE a.entity = ? AND r.system = a.system "
                    "AND r.object = a.object AND r.id = a.id",
                    [entity.entity],
                )


_NOTHING_TOLD = ", ".join(f'NULL::VARCHAR AS "{name}"' for name in ("id", "at", "why", "into"))


def _gone(columns: Columns) -> None:
    """Of an object that was not read to its end nobody is gone."""
    cells = ("entity", "key", "system", "object", "id", "at", "why", "into_id")
    empty = ", ".join(f"NULL::VARCHAR AS {quoted(name)}" for name in cells)
    parts = [part for entity in columns.mapping.entities for part in _gone_parts(columns, entity)]
    union = " UNION ALL ".join([f"SELECT {empty} WHERE false", *parts])
    columns.db.execute(f"CREATE TABLE face.gone AS {union}")


def _gone_parts(columns: Columns, entity: Entity) -> Iterator[str]:
    for seat in entity.seats:
        live = columns.snapshots.get((seat.system, seat.object))
        if live is None or not live.manifest.complete:
            continue
        told = columns.snapshots.get((seat.system, GONE + seat.object))
        known = f"SELECT {_NOTHING_TOLD} WHERE false"
        if told is not None and told.manifest.rows:
            known = f'SELECT id, "at", why, "into" FROM read_parquet({literal(told.pattern)})'
        there = "SELECT NULL::VARCHAR AS _id WHERE false"
        if live.manifest.rows:
            there = f"SELECT _id FROM read_parquet({literal(live.pattern)})"
        otherwise = "NULL" if told is None else "'untold'"
        yield (
            f"SELECT {literal(entity.entity)}, a.key, a.system, a.object, a.native_id, g.at, "
            f'coalesce(g.why, {otherwise}), g."into" '
            f"FROM {quoted('absent_' + entity.entity)} a "
            f"ANTI JOIN ({there}) t ON t._id = a.native_id LEFT JOIN ({known}) g ON g.id = a.native_id "
            f"WHERE a.system = {literal(seat.system)} AND a.object = {literal(seat.object)}"
        )


def linked(columns: Columns, have: set[str]) -> set[str]:
    """`linked` where a link can be missing: records can name their other system's, or crmsync made one."""
    if "native_link" in have:
        return {"linked"}
    query = (
        "SELECT 1 FROM face.link WHERE linked GROUP BY entity, key HAVING min(system) <> max(system) "
        "LIMIT 1"
    )
    return {"linked"} if columns.db.execute(query).fetchall() else set()
