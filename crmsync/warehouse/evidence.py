"""What was read of a few records: the native texts behind their values, and when those were written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from crmsync.core.evidence import Written, natives_needed
from crmsync.core.mapping import TIE, Entity, Seat
from crmsync.core.records import Ref
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.raws import text_sql
from crmsync.warehouse.snapshots import Snapshot

_HISTORY = "_history"
Times = Mapping[Ref, Mapping[str, Written]]
"""By record: when a native field was last written, and under "" when the record was last changed."""


def native_texts(
    columns: Columns, entity: Entity, refs: Iterable[Ref]
) -> dict[Ref, dict[str, str | None]]:
    """The native texts of some records that a mapped value is read from, by native name."""
    found: dict[Ref, dict[str, str | None]] = {}
    for seat, ids in _by_seat(entity, refs):
        snapshot = columns.snapshots[seat.system, seat.object]
        known = set(snapshot.manifest.fields)
        # A set of ties is as wide as the customer has ties: its text is that of the row.
        names = [
            native
            for native in natives_needed(columns.schemas, entity, seat)
            if native in known or (native.startswith(TIE) and not _is_set(entity, seat, native))
        ]
        cells = "".join(f", {text_sql(seat, n, known)} AS {quoted(n)}" for n in names)
        for row in _rows(columns, f"SELECT r._id{cells} FROM {_source(snapshot)} r", "r._id", ids):
            found[Ref(seat.system, seat.object, row[0])] = dict(zip(names, row[1:], strict=True))
    _add_sets(columns, entity, found)
    return found


def _by_seat(entity: Entity, refs: Iterable[Ref]) -> Iterator[tuple[Seat, list[str]]]:
    wanted: dict[tuple[str, str], list[str]] = defaultdict(list)
    for ref in refs:
        wanted[ref.system, ref.object].append(ref.id)
    for seat in entity.seats:
        if (seat.system, seat.object) in wanted:
            yield seat, wanted.pop((seat.system, seat.object))


def _is_set(entity: Entity, seat: Seat, native: str) -> bool:
    return any(
        each.type == "references" and native in each.inputs_in(seat.system, seat.object)
        for each in entity.fields
    )


def _add_sets(columns: Columns, entity: Entity, found: Mapping[Ref, dict[str, str | None]]) -> None:
    """Adds the text of every set of ties, which is put together when the rows are built."""
    sets = [each for each in entity.fields if each.type == "references"]
    if not sets or not found:
        return
    cells = ", ".join(quoted(each.field + "_raw") for each in sets)
    query = f"SELECT system, object, id, {cells} FROM {quoted('row_' + entity.entity)}"
    for system, object_, id_, *texts in _rows(columns, query, "id", [ref.id for ref in found]):
        for each, text in zip(sets, texts, strict=True):
            native = each.name_in(system, object_)
            ref = Ref(system, object_, id_)
            if native is not None and ref in found:
                found[ref][native] = text


def times_written(columns: Columns, entity: Entity, refs: Sequence[Ref]) -> Times:
    """When some records and their native fields were last written, as far as any system tells."""
    found: dict[Ref, dict[str, Written]] = {ref: {} for ref in refs}
    query = f"SELECT system, object, id, modified_at FROM {quoted('row_' + entity.entity)}"
    for *address, text in _rows(columns, query, "id", [ref.id for ref in refs]):
        moment = _instant(text)
        if Ref(*address) in found and moment is not None:
            found[Ref(*address)][""] = Written(moment, "upper_bound", "record")
    for (system, table), snapshot in sorted(columns.snapshots.items()):
        kind, _, rest = table.partition(".")
        ids = [r.id for r in refs if (r.system, r.object) == (system, rest.partition(".")[0])]
        if kind == _HISTORY and ids and snapshot.manifest.rows:
            _add_history(columns, snapshot, ids, found)
    return found


def _add_history(
    columns: Columns, snapshot: Snapshot, ids: list[str], found: dict[Ref, dict[str, Written]]
) -> None:
    """Adds the last change of every native field that a history tells of."""
    manifest = snapshot.manifest
    fields = ("record_id", "native", "told", "new", "happened_at", "precision")
    cells = ", ".join(quoted(n) if n in manifest.fields else "NULL" for n in fields)
    rows = _rows(columns, f"SELECT {cells} FROM {_source(snapshot)}", "record_id", ids)
    changes: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    for id_, native, told, new, at, precision in rows:
        if native and told in ("change", "state"):
            changes[id_, native].append((at or "", told, new, precision))
    object_ = manifest.object.split(".")[1]
    for (id_, native), told in changes.items():
        ref, written = Ref(manifest.system, object_, id_), _last(sorted(told, key=lambda e: e[0]))
        known = found[ref].get(native)
        if written is not None and (known is None or known.at < written.at):
            found[ref][native] = written


def _last(told: Sequence[tuple[Any, ...]]) -> Written | None:
    """The last change that is told. Of states it is the first of the last equal ones: the field stayed as it was."""
    place = len(told) - 1
    while place and told[place][1] == "state" and told[place - 1][2] == told[place][2]:
        place -= 1
    at, kind, _new, precision = told[place]
    moment = _instant(at)
    if moment is None:
        return None
    is_first = kind == "state" and place == 0
    return Written(moment, "upper_bound" if is_first else precision or "instant", "history")


def _instant(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC) if moment else None


def _source(snapshot: Snapshot) -> str:
    return f"read_parquet({literal(snapshot.pattern)})"


def _rows(columns: Columns, query: str, column: str, ids: list[str]) -> list[tuple[Any, ...]]:
    return columns.db.execute(f"{query} WHERE {column} IN (SELECT unnest(?))", [ids]).fetchall()
