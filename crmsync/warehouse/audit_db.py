"""The audit face, version 1: the tables an audit may ask, built once and then read only.

    contact | company | deal   system, object, id, key, created_at, modified_at, <fields typed>, <field>_raw
    <entity>_pair              key, and <system>_object, <system>_id, <system>_<field> side by side (linked)
    <entity>_view              key, and <field>, <field>_system: the value that counts and whose it is; if asked for
    association                system, from_object, from_id, to_object, to_id, label, role, is_primary, created_at
    owner                      system, id, email, name, active
    stage                      system, pipeline, stage, label, position, is_closed, is_won
    tied                       system, from_entity, from_object, to_entity, to_object: ties that were read to their end
    today                      day, timezone: the day of the audit where the workspace is, one row
    link                       entity, key, system, object, id, linked
    native_link                entity, system, object, id, key, field, to_system, to_object, to_id, to_key, state
    field                      entity, field, system, object, native, filled, total
    unreadable                 entity, system, object, id, field, type, raw: a value that its type cannot read
    stage_event, standing      how far customers are, and since when; these and more: warehouse/lifecycle.py
    host, country              what a word means, and the macros over it: warehouse/wording_tables.py, wording_macros.py
    activity, event, campaign  what people did and what fields held; these and more: warehouse/facts.py
    drift, owned, gone, misfit what holds between the systems: warehouse/between.py, misfits.py, settled.py
    probable_duplicate         what the last search for duplicates found: warehouse/probable.py
    property, automation       what fields there are, mapped or not, and what else runs: warehouse/inventory.py
    handoff, touch, works      when customers were handed to sales, and what was done then: warehouse/handoffs.py
    role_gap, role_proposal    deals that name nobody, and who may belong to them: warehouse/role_gaps.py and
                               role_proposals.py; if asked for

A Lead is a row of contact with object 'Lead'. `$as_of` is the instant of the audit; the clock is not
asked. A file that asks for anything but one SELECT over these is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from crmsync.core.agreement import Agreement
from crmsync.core.mapping import Entity, Field, Seat
from crmsync.warehouse.between import build_between, build_drift, linked
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.facts import build_facts, is_fact
from crmsync.warehouse.handoffs import build_handoffs
from crmsync.warehouse.inventory import build_inventory
from crmsync.warehouse.lifecycle import build_lifecycle
from crmsync.warehouse.misfits import build_misfits
from crmsync.warehouse.parsing import sits
from crmsync.warehouse.parts import parts_of
from crmsync.warehouse.pointers import shown_links
from crmsync.warehouse.probable import build_probable
from crmsync.warehouse.role_gaps import build_role_gaps
from crmsync.warehouse.role_proposals import build_role_proposals
from crmsync.warehouse.sets import unknown_roles
from crmsync.warehouse.settled import build_settled
from crmsync.warehouse.tied import build_ties, build_today
from crmsync.warehouse.typed import typed
from crmsync.warehouse.views import NAMED, Asked, build_views
from crmsync.warehouse.wording_macros import add_macros
from crmsync.warehouse.wording_tables import build_word_tables

FACE_VERSION = 1
"""Under one number tables and columns of the face are added, never renamed or taken away."""
_USUAL = Agreement()


def build_face(
    columns: Columns,
    file: Path,
    asked: Asked | None = None,
    *,
    agreement: Agreement = _USUAL,
    zone: str = "UTC",
    handoffs: bool = True,
    roles: bool = False,
    named: frozenset[str] | None = None,
) -> set[str]:
    """Writes the face to a file; what it has, in the words of an audit's `needs`.

    `asked` are the views that somebody asks for, `handoffs` and `roles` whether anybody asks for these: they cost more
    than all the rest, and few audits need them. Agreed working hours that name no zone are of `zone`. `named` are the
    words of those who will read it: of the rest no more is made than that rests on (warehouse/parts.py).
    """
    # Hand-offs and roles rest on what is known of stages and deeds.
    parts = parts_of(None if handoffs or roles else named)
    file.unlink(missing_ok=True)
    # Nobody goes on with a face that was not finished: it needs no log beside it, and half as much is written.
    columns.db.execute(f"ATTACH {literal(str(file))} AS face (RECOVERY_MODE no_wal_writes)")
    try:
        # One transaction: a commit for every table would wait for the disk each time.
        columns.db.begin()
        have = _fill(columns, parts)
        build_today(columns, as_of(columns), zone)
        if handoffs:
            have |= build_handoffs(columns, agreement, zone, as_of(columns))
            have -= _uncertain(columns, have)
        if roles:
            have |= build_role_gaps(columns, have)
        if asked is not None:
            build_views(columns, asked)
        add_macros(columns, named)
        columns.db.commit()
    except Exception:
        columns.db.rollback()
        raise
    finally:
        columns.db.execute("DETACH face")
    if roles:
        build_role_proposals(file)
    file.chmod(0o600)
    return have


def as_of(columns: Columns) -> datetime:
    """The instant the audits take for now: when the last of the snapshots was read."""
    return max(
        datetime.fromisoformat(each.manifest.taken_at) for each in columns.snapshots.values()
    )


def _fill(columns: Columns, parts: frozenset[str]) -> set[str]:
    have = {f"system:{system}" for system, _ in columns.snapshots}
    for entity in columns.mapping.entities:
        have |= _entity_table(columns, entity)
        _pair_table(columns, entity)
    have |= build_ties(columns)
    for name in ("owner", "stage"):
        _side_table(columns, name)
    _link_table(columns)
    have |= _native_link_table(columns)
    have |= linked(columns, have)
    have |= _made(columns, parts, _BEFORE) | build_between(columns) | build_settled(columns)
    have |= build_probable(columns)
    for name in NAMED:
        columns.db.execute(
            f"CREATE TABLE IF NOT EXISTS face.{name} (system VARCHAR, object VARCHAR, id VARCHAR, key VARCHAR, "
            "created_at TIMESTAMP, modified_at TIMESTAMP)"
        )
    have |= _made(columns, parts, _AFTER)
    columns.db.execute("DROP TABLE IF EXISTS face.whose")
    build_word_tables(columns)
    return have - _uncertain(columns, have)


def _made(columns: Columns, parts: frozenset[str], order: Sequence[str]) -> set[str]:
    """Makes those of some parts that are asked for; what there is of them, in words of `needs`."""
    return {word for part in order if part in parts for word in _MAKERS[part](columns)}


_DERIVED = frozenset(
    (
        *("unreadable", "pair", "linked", "owned", "conversion", "standing", "stage_event"),
        *("settled", "handoff", "inbound"),
    )
)
"""Words of `needs` for what is made of the records of all entities."""


def _uncertain(columns: Columns, have: set[str]) -> set[str]:
    """Needs that a read which broke off cannot meet: what was not seen may be there, so nothing is inferred."""
    broken = {
        place
        for place, each in columns.snapshots.items()
        if not each.manifest.complete and not is_fact(place[1])
    }
    objects = {place for each in broken for place in _ends(each, broken)}
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
    fields |= have & {
        need
        for entity in columns.mapping.entities
        for each in entity.fields
        if each.to in entities
        for system in ("", *(f"{name}:" for name in entity.systems))
        for need in [f"{system}{entity.entity}.{each.field}"]
    }
    if any(need.startswith("native_link:") for need in fields):
        fields.add("native_link")
    if fields:
        whole = {system for system, _ in columns.snapshots} - {system for system, _ in broken}
        fields |= {need for need in have if _rests_on_others(need, whole)}
    return fields | ties


def _ends(place: tuple[str, str], broken: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The objects of which nothing can be inferred where this read broke off: of ties both, or those that broke too."""
    system, name = place
    if not name.startswith("_associations."):
        return {place}
    ends = {(system, part) for part in name.removeprefix("_associations.").split(".")}
    return ends & broken or ends


def _rests_on_others(need: str, whole: set[str]) -> bool:
    """True if it is made of records of more than the one system it names, which was read whole."""
    words = set(need.split(":"))
    return bool(_DERIVED & words) and not whole & words


def _entity_table(columns: Columns, entity: Entity) -> set[str]:
    cells = ", ".join(
        f"{typed(quoted(each.field), each.type)} AS {quoted(each.field)}, {quoted(each.field + '_raw')}"
        for each in entity.fields
    )
    columns.db.execute(
        f"CREATE TABLE face.{quoted(entity.entity)} AS SELECT system, object, id, key, "
        "try_cast(created_at AS TIMESTAMP) AS created_at, try_cast(modified_at AS TIMESTAMP) AS modified_at, "
        f"{cells} FROM {quoted('row_' + entity.entity)}"
    )
    return _dated(columns, entity) | {
        need
        for seat in entity.seats
        for each in columns.visible(entity, seat)
        for need in (f"{entity.entity}.{each.field}", f"{seat.system}:{entity.entity}.{each.field}")
    }


def _dated(columns: Columns, entity: Entity) -> set[str]:
    """`ticket.created_at`, unless there are records and none says when it was made."""
    ((dated,),) = columns.db.execute(
        f"SELECT count(*) = 0 OR count(created_at) > 0 FROM face.{quoted(entity.entity)}"
    ).fetchall()
    return {f"{entity.entity}.created_at"} if dated else set()


def _pair_table(columns: Columns, entity: Entity) -> None:
    """Customers with one record in each of two systems or more, side by side.

    By a join a system: gathering a hundred cells a customer by aggregates takes six times as long (measured 2026-11).
    """
    source = f"face.{quoted(entity.entity)}"
    names = ("object", "id", *(each.field for each in entity.fields))
    cells, joins = [], []
    for system in entity.systems:
        rows = quoted(f"of {system}")
        joins.append(
            f"LEFT JOIN {source} {rows} ON {rows}.key = paired.key AND {rows}.system = {literal(system)}"
        )
        cells += [f"{rows}.{quoted(name)} AS {quoted(f'{system}_{name}')}" for name in names]
    columns.db.execute(
        f"CREATE TABLE face.{quoted(entity.entity + '_pair')} AS SELECT paired.key, {', '.join(cells)} FROM ("
        f"SELECT key FROM {source} GROUP BY key "
        "HAVING count(DISTINCT system) > 1 AND count(*) = count(DISTINCT system)) paired "
        f"{' '.join(joins)}"
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


_FIELD = ("entity", "field", "system", "object", "native", "filled", "total")


def _field_table(columns: Columns) -> set[str]:
    """How often every mapped field is filled, by system and object; nothing is needed by it."""
    import pyarrow as pa

    rows = [
        row
        for entity in columns.mapping.entities
        for seat in entity.seats
        for row in _filled(columns, entity, seat)
    ]
    kinds = [pa.string()] * 5 + [pa.int64()] * 2
    arrays = [pa.array([row[at] for row in rows], kind) for at, kind in enumerate(kinds)]
    columns.db.register("counted", pa.Table.from_arrays(arrays, names=list(_FIELD)))
    columns.db.execute("CREATE TABLE face.field AS SELECT * FROM counted")
    columns.db.unregister("counted")
    return set()


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
        "NULL::VARCHAR AS id, NULL::VARCHAR AS field, NULL::VARCHAR AS type, NULL::VARCHAR AS raw WHERE false"
    ]
    for entity in columns.mapping.entities:
        parts += [
            _unread(entity, each, seats)
            for each in entity.fields
            # The other end of a tie is missing, not unreadable: audits of links and orphans tell that.
            if each.type not in ("reference", "references")
            and (seats := _read_from(columns, entity, each))
        ]
        parts += [
            f"SELECT {literal(entity.entity)}, system, object, id, {literal(each.field)}, 'choices', role "
            f"FROM ({roles})"
            for each in entity.fields
            if each.type == "references"
            for roles in unknown_roles(entity, each)
        ]
    columns.db.execute(f"CREATE TABLE face.unreadable AS {' UNION ALL '.join(parts)}")
    return {"unreadable"}


def _unread(entity: Entity, each: Field, seats: list[Seat]) -> str:
    return (
        f"SELECT {literal(entity.entity)}, system, object, id, {literal(each.field)}, {literal(each.type)}, "
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


_MAKERS: Mapping[str, Callable[[Columns], set[str]]] = {
    "drift": build_drift,
    "facts": build_facts,
    "field": _field_table,
    "inventory": build_inventory,
    "lifecycle": build_lifecycle,
    "misfit": build_misfits,
    "unreadable": _unreadable_table,
}
_BEFORE, _AFTER = ("drift", "field", "unreadable", "facts", "misfit", "inventory"), ("lifecycle",)
