"""The audit face, version 1: the tables an audit may ask, built once and then read only.

    contact | company | deal   system, object, id, key, created_at, modified_at, <fields typed>, <field>_raw
    <entity>_pair              key, and <system>_object, <system>_id, <system>_<field> side by side (linked)
    association                system, from_object, from_id, to_object, to_id, label, role, is_primary
    owner                      system, id, email, name, active
    stage                      system, pipeline, stage, label, position, is_closed, is_won
    link                       entity, key, system, object, id, linked
    native_link                entity, system, object, id, key, field, to_system, to_object, to_id, to_key, state
    field                      entity, field, system, object, native, filled, total
    unreadable                 entity, system, object, id, field, raw: a value that its type cannot read
    activity, event, campaign  what people did and what fields held; these and more: warehouse/facts.py

A Lead is a row of contact with object 'Lead'. `$as_of` is the instant of the audit; the clock is not
asked. A file that asks for anything but one SELECT over these is refused.
"""

from __future__ import annotations

from pathlib import Path

from crmsync.core.mapping import Entity, Field, Seat
from crmsync.core.values import TYPES
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.facts import build_facts, is_fact
from crmsync.warehouse.parsing import sits
from crmsync.warehouse.pointers import shown_links
from crmsync.warehouse.raws import ASSOCIATION

_NAMED = ("contact", "company", "deal")


def build_face(columns: Columns, file: Path) -> set[str]:
    """Writes the face to a file; what it has, in the words of an audit's `needs`."""
    file.unlink(missing_ok=True)
    columns.db.execute(f"ATTACH {literal(str(file))} AS face")
    try:
        # One transaction: a commit for every table would wait for the disk each time.
        columns.db.begin()
        have = _fill(columns)
        columns.db.commit()
    except Exception:
        columns.db.rollback()
        raise
    finally:
        columns.db.execute("DETACH face")
    file.chmod(0o600)
    return have


def _fill(columns: Columns) -> set[str]:
    have = {f"system:{system}" for system, _ in columns.snapshots}
    for entity in columns.mapping.entities:
        have |= _entity_table(columns, entity)
        _pair_table(columns, entity)
    columns.db.execute(
        "CREATE TABLE face.association AS SELECT system, from_object, from_id, to_object, to_id, label, "
        "role, is_primary = 'true' AS is_primary FROM association"
    )
    have |= {
        f"association:{system}.{object_.split('.', 1)[1]}"
        for system, object_ in columns.snapshots
        if object_.startswith(f"{ASSOCIATION}.")
    }
    for name in ("owner", "stage"):
        _side_table(columns, name)
    _link_table(columns)
    have |= _native_link_table(columns)
    _field_table(columns)
    have |= _unreadable_table(columns)
    have |= build_facts(columns)
    for name in _NAMED:
        columns.db.execute(
            f"CREATE TABLE IF NOT EXISTS face.{name} (system VARCHAR, object VARCHAR, id VARCHAR, key VARCHAR)"
        )
    return have - _uncertain(columns, have)


def _uncertain(columns: Columns, have: set[str]) -> set[str]:
    """Needs that a read which broke off cannot meet: what was not seen may be there, so nothing is inferred."""
    broken = {
        place
        for place, each in columns.snapshots.items()
        if not each.manifest.complete and not is_fact(place[1])
    }
    objects = {
        (system, part)
        for system, name in broken
        for part in name.removeprefix("_associations.").split(".")
    }
    entities = {
        entity.entity
        for entity in columns.mapping.entities
        for seat in entity.seats
        if (seat.system, seat.object) in objects
    }
    ties = {
        f"association:{system}.{name.partition('.')[2]}" for system, name in broken if "." in name
    }
    fields = {need for need in have if need.rpartition(":")[2].partition(".")[0] in entities}
    if any(need.startswith("native_link:") for need in fields):
        fields.add("native_link")
    if fields:
        fields.add("unreadable")
    return fields | ties


def _entity_table(columns: Columns, entity: Entity) -> set[str]:
    cells = ", ".join(
        f"{_typed(each.field, each.type)} AS {quoted(each.field)}, {quoted(each.field + '_raw')}"
        for each in entity.fields
    )
    columns.db.execute(
        f"CREATE TABLE face.{quoted(entity.entity)} AS SELECT system, object, id, key, "
        "try_cast(created_at AS TIMESTAMP) AS created_at, try_cast(modified_at AS TIMESTAMP) AS modified_at, "
        f"{cells} FROM {quoted('row_' + entity.entity)} ORDER BY system, object, id"
    )
    return {
        need
        for seat in entity.seats
        for each in columns.visible(entity, seat)
        for need in (f"{entity.entity}.{each.field}", f"{seat.system}:{entity.entity}.{each.field}")
    }


def _typed(name: str, type_name: str) -> str:
    text = quoted(name)
    if type_name == "money":
        return f"try_cast(split_part({text}, ' ', 1) AS {TYPES[type_name].sql})"
    sql = TYPES[type_name].sql
    return text if sql == "VARCHAR" else f"try_cast({text} AS {sql})"


def _pair_table(columns: Columns, entity: Entity) -> None:
    """Customers with a record in two systems or more, side by side."""
    cells = ", ".join(
        f"any_value({quoted(name)}) FILTER (system = {literal(system)}) AS {quoted(f'{system}_{name}')}"
        for system in entity.systems
        for name in ("object", "id", *(each.field for each in entity.fields))
    )
    source = f"face.{quoted(entity.entity)}"
    columns.db.execute(
        f"CREATE TABLE face.{quoted(entity.entity + '_pair')} AS SELECT key, {cells} FROM {source} "
        "GROUP BY key HAVING count(DISTINCT system) > 1 AND count(*) = count(DISTINCT system) ORDER BY key"
    )


_SIDE = {
    "owner": "system VARCHAR, id VARCHAR, email VARCHAR, name VARCHAR, active BOOLEAN",
    "stage": "system VARCHAR, pipeline VARCHAR, stage VARCHAR, label VARCHAR, position INTEGER, "
    "is_closed BOOLEAN, is_won BOOLEAN",
}


def _side_table(columns: Columns, name: str) -> None:
    columns.db.execute(f"CREATE TABLE face.{name} ({_SIDE[name]})")
    for (system, object_), snapshot in sorted(columns.snapshots.items()):
        if object_ == f"_{name}s" and snapshot.manifest.rows:
            columns.db.execute(
                f"INSERT INTO face.{name} BY NAME SELECT {literal(system)} AS system, * "
                f"FROM read_parquet({literal(snapshot.pattern)})"
            )


def _link_table(columns: Columns) -> None:
    parts = [
        f"SELECT {literal(e.entity)} AS entity, key, system, object, id, linked FROM {quoted('key_' + e.entity)}"
        for e in columns.mapping.entities
    ]
    columns.db.execute(f"CREATE TABLE face.link AS {' UNION ALL '.join(parts)}")


_NATIVE_LINK = (
    "system",
    "object",
    "id",
    "key",
    "field",
    "to_system",
    "to_object",
    "to_id",
    "to_key",
    "state",
)


def _native_link_table(columns: Columns) -> set[str]:
    """What records say they are in another system; `native_link:contact` where the last read had any."""
    empty = ", ".join(f"NULL::VARCHAR AS {name}" for name in ("entity", *_NATIVE_LINK))
    parts = [f"SELECT {empty} WHERE false"]
    parts += [
        f"SELECT {literal(e.entity)}, {', '.join(_NATIVE_LINK)} FROM {quoted('native_' + e.entity)}"
        for e in columns.mapping.entities
    ]
    columns.db.execute(f"CREATE TABLE face.native_link AS {' UNION ALL '.join(parts)}")
    shown = {
        f"native_link:{e.entity}"
        for e in columns.mapping.entities
        if shown_links(e, columns.snapshots)
    }
    return {*shown, "native_link"} if shown else shown


_FIELD = "entity VARCHAR, field VARCHAR, system VARCHAR, object VARCHAR, native VARCHAR, filled BIGINT, total BIGINT"


def _field_table(columns: Columns) -> None:
    """How often every mapped field is filled, by system and object."""
    columns.db.execute(f"CREATE TABLE face.field ({_FIELD})")
    rows = [
        row
        for entity in columns.mapping.entities
        for seat in entity.seats
        for row in _filled(columns, entity, seat)
    ]
    if rows:
        places = ", ".join(["(?, ?, ?, ?, ?, ?, ?)"] * len(rows))
        cells = [cell for row in rows for cell in row]
        columns.db.execute(f"INSERT INTO face.field VALUES {places}", cells)


def _filled(columns: Columns, entity: Entity, seat: Seat) -> list[tuple[object, ...]]:
    """One row of face.field for every field that the last read of a seat had."""
    seen = columns.visible(entity, seat)
    if not seen:
        return []
    counts = ", ".join(f"count({quoted(each.field + '_raw')})" for each in seen)
    (row,) = columns.db.execute(
        f"SELECT count(*), {counts} FROM {quoted('row_' + entity.entity)} WHERE system = ? AND object = ?",
        [seat.system, seat.object],
    ).fetchall()
    return [
        (entity.entity, each.field, seat.system, seat.object,
         each.name_in(seat.system, seat.object), filled, row[0])
        for each, filled in zip(seen, row[1:], strict=True)
    ]  # fmt: skip


def _unreadable_table(columns: Columns) -> set[str]:
    """Every value that its type cannot read, as the system wrote it: one row for a record and a field."""
    parts = [
        "SELECT NULL::VARCHAR AS entity, NULL::VARCHAR AS system, NULL::VARCHAR AS object, "
        "NULL::VARCHAR AS id, NULL::VARCHAR AS field, NULL::VARCHAR AS raw WHERE false"
    ]
    for entity in columns.mapping.entities:
        parts += [
            _unread(entity, each, seats)
            for each in entity.fields
            # The other end of a tie is missing, not unreadable: audits of links and orphans tell that.
            if each.type != "reference" and (seats := _read_from(columns, entity, each))
        ]
    columns.db.execute(f"CREATE TABLE face.unreadable AS {' UNION ALL '.join(parts)}")
    return {"unreadable"}


def _unread(entity: Entity, each: Field, seats: list[Seat]) -> str:
    return (
        f"SELECT {literal(entity.entity)}, system, object, id, {literal(each.field)}, "
        f"{quoted(each.field + '_raw')} FROM {quoted('row_' + entity.entity)} "
        f"WHERE {quoted(each.field)} IS NULL AND {quoted(each.field + '_raw')} IS NOT NULL "
        f"AND ({sits(seats)})"
    )


def _read_from(columns: Columns, entity: Entity, each: Field) -> list[Seat]:
    """Seats that have the field themselves: what is looked up in another record is told there, once."""
    return [
        seat
        for seat in entity.seats
        if each in columns.visible(entity, seat)
        and not each.lookup_in(seat.system, seat.object)
        and (each.type != "owner" or _has_users(columns, seat.system))
    ]


def _has_users(columns: Columns, system: str) -> bool:
    """False where no user was read, as in an export: every owner would be somebody unknown."""
    users = columns.snapshots.get((system, "_owners"))
    return users is not None and users.manifest.rows > 0
