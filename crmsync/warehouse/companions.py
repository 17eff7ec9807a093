"""What records tell beside their mapped fields: columns of their own snapshots, read for audits alone.

`marketing` has a row for every record of a system that tells any of it, `stage_time` one for every stage that a record
is known to have entered or left. What a property says of consent is a row of `consent` of origin `property`, but for
records of which the statuses themselves were read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from crmsync.core.companions import (
    COMPANIONS,
    COUNT,
    ENTERED,
    EXITED,
    FLAG,
    INSTANT,
    OPTED_OUT,
    TEXT,
)
from crmsync.warehouse.engine import literal, quoted

if TYPE_CHECKING:
    from crmsync.core.mapping import Entity
    from crmsync.warehouse.columns import Columns
    from crmsync.warehouse.snapshots import Snapshot

_SQL = {TEXT: "VARCHAR", INSTANT: "TIMESTAMP", FLAG: "BOOLEAN", COUNT: "BIGINT"}
_HEAD = "system VARCHAR, object VARCHAR, id VARCHAR, entity VARCHAR, key VARCHAR"
_NAMES = "system, object, id, entity, key"
EVERYTHING = "opted_out"
"""The word for having opted out of everything."""


def build_companions(columns: Columns) -> set[str]:
    """Builds marketing and stage_time, adds to consent; what there is of them, in words of `needs`."""
    cells = ", ".join(f"{name} {_SQL[kind]}" for name, kind in COMPANIONS.items())
    columns.db.execute(f"CREATE TABLE face.marketing ({_HEAD}, {cells})")
    columns.db.execute(
        f"CREATE TABLE face.stage_time ({_HEAD}, stage VARCHAR, entered_at TIMESTAMP, exited_at TIMESTAMP)"
    )
    have: set[str] = set()
    unsure: set[str] = set()
    for entity, snapshot in _sources(columns):
        told = snapshot.manifest.companions
        if snapshot.manifest.rows:
            _marketing(columns, entity, snapshot, told)
            _stage_times(columns, entity, snapshot, told)
            _consents(columns, entity, snapshot, told)
        words = _words(snapshot.manifest.system, told)
        have |= words
        unsure |= set() if snapshot.manifest.complete else words
    return have - unsure


def _sources(columns: Columns) -> Iterator[tuple[Entity, Snapshot]]:
    """Entity and snapshot of every object whose records tell such things."""
    for entity in columns.mapping.entities:
        for seat in entity.seats:
            snapshot = columns.snapshots.get((seat.system, seat.object))
            if snapshot is not None and snapshot.manifest.companions:
                yield entity, snapshot


def _words(system: str, told: Mapping[str, str]) -> set[str]:
    words = {f"marketing.{name}" for name in told if name in COMPANIONS}
    words |= {"marketing"} if words else set()
    words |= {"stage_time"} if any(name.startswith(ENTERED) for name in told) else set()
    return words | {f"{system}:{word}" for word in words}


def _records(columns: Columns, entity: Entity, snapshot: Snapshot) -> str:
    """The rows of a snapshot that are records of the entity, with the customer of each."""
    place = snapshot.manifest
    return (
        f"read_parquet({literal(snapshot.pattern)}) r JOIN {quoted('key_' + entity.entity)} k "
        f"ON k.id = r._id AND k.system = {literal(place.system)} AND k.object = {literal(place.object)}"
    )


def _head(entity: Entity) -> str:
    return f"k.system, k.object, k.id, {literal(entity.entity)} AS entity, k.key"


def _marketing(
    columns: Columns, entity: Entity, snapshot: Snapshot, told: Mapping[str, str]
) -> None:
    known = {name: told[name] for name in COMPANIONS if name in told}
    if not known:
        return
    cells = [
        _told(entity, snapshot, native, COMPANIONS[name]) + f" AS {name}"
        for name, native in known.items()
    ]
    columns.db.execute(
        f"INSERT INTO face.marketing BY NAME SELECT {', '.join([_head(entity), *cells])} "
        f"FROM {_records(columns, entity, snapshot)}"
    )


def _told(entity: Entity, snapshot: Snapshot, native: str, kind: str) -> str:
    """A cell; a flag also by the words that the mapping has for it, as exports write them."""
    place = snapshot.manifest
    fields = (f for f in entity.fields if f.name_in(place.system, place.object) == native)
    words = next((each.values.get(place.system, {}) for each in fields), {})
    if kind != FLAG or not words:
        return _typed(native, kind)
    cell = f"lower(trim(r.{quoted(native)}))"
    cases = " ".join(
        f"WHEN {literal(word.lower())} THEN {literal(str(ours).lower())}::BOOLEAN"
        for word, ours in words.items()
    )
    return f"coalesce({_typed(native, kind)}, CASE {cell} {cases} END)"


def _typed(native: str, kind: str) -> str:
    return f"try_cast(r.{quoted(native)} AS {_SQL[kind]})"


def _stage_times(
    columns: Columns, entity: Entity, snapshot: Snapshot, told: Mapping[str, str]
) -> None:
    for word, native in told.items():
        if word.startswith(ENTERED):
            stage = word.removeprefix(ENTERED)
            left = told.get(EXITED + stage)
            exited = _typed(left, INSTANT) if left else "NULL"
            columns.db.execute(
                f"INSERT INTO face.stage_time SELECT {_head(entity)}, {literal(stage)}, "
                f"{_typed(native, INSTANT)}, {exited} FROM {_records(columns, entity, snapshot)} "
                f"WHERE r.{quoted(native)} IS NOT NULL"
                + (f" OR r.{quoted(left)} IS NOT NULL" if left else "")
            )


def _consents(
    columns: Columns, entity: Entity, snapshot: Snapshot, told: Mapping[str, str]
) -> None:
    """A property says only whether somebody opted out: that they did not is no subscription."""
    natives = {
        word.removeprefix(OPTED_OUT): native
        for word, native in told.items()
        if word.startswith(OPTED_OUT)
    }
    if EVERYTHING in told:
        natives[""] = told[EVERYTHING]
    basis = f"r.{quoted(told['legal_basis'])}" if "legal_basis" in told else "NULL"
    for subscription, native in natives.items():
        columns.db.execute(
            "INSERT INTO face.consent BY NAME SELECT k.system, k.object, k.id AS record_id, k.key, "
            f"nullif({literal(subscription)}, '') AS subscription_id, "
            f"CASE lower(r.{quoted(native)}) WHEN 'true' THEN 'unsubscribed' ELSE 'not_unsubscribed' END AS status, "
            f"{basis} AS basis, 'property' AS origin "
            f"FROM {_records(columns, entity, snapshot)} WHERE r.{quoted(native)} IS NOT NULL AND NOT EXISTS ("
            "SELECT 1 FROM face.consent c WHERE c.system = k.system AND c.object = k.object "
            "AND c.record_id = k.id AND c.origin <> 'property' AND c.subscription_id IS NOT DISTINCT FROM "
            f"nullif({literal(subscription)}, ''))"
        )
