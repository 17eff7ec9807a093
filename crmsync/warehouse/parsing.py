"""Each distinct raw value parsed once, in Python: the columns that raw ones are joined with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import orjson

from crmsync.core.lenses import Lens, Schemas, Seen, home_of, lens_of, look
from crmsync.core.mapping import Entity, Field, Seat
from crmsync.core.records import Invalid
from crmsync.core.values import text_of
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.raws import is_list

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

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


def way_sql(ways: Ways) -> str:
    """The place of the way that a record of raw_<entity> is read by, in SQL."""
    if len(ways) <= 1:
        return "0"
    cases = (f"WHEN {sits(seats)} THEN {number}" for number, (_, seats) in enumerate(ways))
    return f"CASE {' '.join(cases)} END"


def sits(seats: Iterable[Seat]) -> str:
    """True in SQL for the records of these seats."""
    held = [
        f"(system = {literal(seat.system)} AND object = {literal(seat.object)})" for seat in seats
    ]
    return " OR ".join(held) or "false"


def parsed(
    db: duckdb.DuckDBPyConnection, entity: Entity, each: Field, ways: Ways
) -> pa.Table | None:
    """(way, raw, text, shown) for every distinct raw value of one field that is not all three; `shown` is null for a
    blank. None if no record has a value.

    Most values are read as they are written. What is not here is: that spares a join, and the memory of all of them.
    """
    import pyarrow as pa

    types = {"way": pa.int32(), "raw": pa.string(), "text": pa.string(), "shown": pa.string()}
    parts = [pa.table({name: pa.array([], kind) for name, kind in types.items()})]
    filled = False
    for number, (lens, seats) in enumerate(ways):
        raws = _distinct(db, entity, each, seats).to_pylist()
        filled = filled or bool(raws)
        rows = _other_than_written(raws, *_texts(raws, lens))
        numbers = pa.repeat(pa.scalar(number, pa.int32()), len(rows))
        cells = [pa.array([row[at] for row in rows], pa.string()) for at in range(3)]
        parts.append(pa.table(dict(zip(types, (numbers, *cells), strict=True))))
    return pa.concat_tables(parts) if filled else None


def _other_than_written(
    raws: Sequence[str], texts: Sequence[str | None], shown: Sequence[str | None]
) -> list[tuple[str, str | None, str | None]]:
    """(raw, text, shown) of those that are not the same text three times."""
    return [row for row in zip(raws, texts, shown, strict=True) if not row[0] == row[1] == row[2]]


def _distinct(
    db: duckdb.DuckDBPyConnection, entity: Entity, each: Field, seats: Iterable[Seat]
) -> pa.ChunkedArray:
    name = quoted(each.field)
    rows = db.sql(
        f"SELECT DISTINCT {name} AS raw FROM {quoted('raw_' + entity.entity)} "
        f"WHERE {name} IS NOT NULL AND ({sits(seats)})"
    )
    return rows.to_arrow_table().column("raw")


def _texts(raws: Sequence[str], lens: Lens) -> tuple[list[str | None], list[str | None]]:
    """The canonical text of every raw one, null where it does not parse, and the text it is shown by."""
    found = _seen_at_home(raws, lens) if lens.home else _seen(raws, lens)
    kind = lens.spec.type
    cells = [
        (None if isinstance(e.cell, Invalid) else text_of(e.cell, kind), e.shown) for e in found
    ]
    return [text for text, _ in cells], [shown for _, shown in cells]


def _seen(raws: Sequence[str], lens: Lens) -> Iterator[Seen]:
    lists = (orjson.loads(raw) for raw in raws) if is_list(lens) else ([raw] for raw in raws)
    return (look(lens, each) for each in lists)


def _seen_at_home(raws: Sequence[str], lens: Lens) -> Iterator[Seen]:
    """As `_seen`; countries are few, so the lens of each is made once."""
    homes: dict[str | None, Lens] = {}
    for raw in raws:
        texts = orjson.loads(raw)
        home = homes.get(texts[-1])
        if home is None:
            home = homes[texts[-1]] = home_of(lens, texts[-1])
        yield look(home, texts)
