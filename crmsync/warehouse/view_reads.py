"""What is read from the table of the view: its rows in order, and how far customers and fields agree."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crmsync.core.mapping import Entity
from crmsync.core.views import FieldStats, ViewStats
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.views import STATES, Settled, build_view

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS = 20_000


@contextmanager
def view_rows(columns: Columns, entity: Entity, settled: Settled) -> Iterator[pa.RecordBatchReader]:
    """Every customer in order of key, a part at a time: key, records, and for each field its value and system."""
    table = quoted("view_" + entity.entity)
    build_view(columns, entity, settled, table)
    rows = quoted("row_" + entity.entity)
    address = "system || '/' || object || '/' || id"
    query = (
        f"SELECT v.key, r.records, v.* EXCLUDE (key) FROM {table} v JOIN (SELECT key, "
        f"string_agg({address}, ' ' ORDER BY {address}) AS records FROM {rows} GROUP BY key) r "
        "USING (key) ORDER BY v.key"
    )
    try:
        yield columns.db.cursor().sql(query).to_arrow_reader(_ROWS)
    finally:
        columns.db.execute(f"DROP TABLE {table}")


def count_view(columns: Columns, entity: Entity, settled: Settled) -> ViewStats:
    """How many customers an entity has, which systems hold them, and how far their fields agree."""
    table = quoted("view_" + entity.entity)
    build_view(columns, entity, settled, table, states=True)
    counts = [
        "count(*)",
        *(count for each in entity.fields for count in _counts(each.field, entity)),
    ]
    (row,) = columns.db.execute(f"SELECT {', '.join(counts)} FROM {table}").fetchall()
    columns.db.execute(f"DROP TABLE {table}")
    numbers = iter(row)
    customers = next(numbers)
    fields = tuple(_field(each.field, entity.systems, numbers) for each in entity.fields)
    held, several = _held_in(columns, entity)
    complete = columns.is_complete(entity)
    return ViewStats(entity.entity, customers, held, several, fields, complete)


def _counts(name: str, entity: Entity) -> Iterator[str]:
    """What is counted of one field, in the order in which `_field` takes it."""
    value, state, system = (quoted(name + end) for end in ("", "_state", "_system"))
    alone, agree, disagree = (f"{state} = {STATES.index(s)}" for s in STATES[1:])
    yield f"count({value})"
    yield f"count(*) FILTER ({agree})"
    yield f"count(*) FILTER ({disagree})"
    for each in entity.systems:
        yield f"count(*) FILTER ({alone} AND {system} = {literal(each)})"
        yield f"count(*) FILTER ({system} = {literal(each)})"


def _field(name: str, systems: list[str], numbers: Iterator[int]) -> FieldStats:
    filled, agree, disagree = next(numbers), next(numbers), next(numbers)
    shares = {system: (next(numbers), next(numbers)) for system in systems}
    alone = {system: only for system, (only, _) in shares.items()}
    sources = {system: source for system, (_, source) in shares.items()}
    return FieldStats(name, filled, agree, disagree, alone, sources)


def _held_in(columns: Columns, entity: Entity) -> tuple[dict[tuple[str, ...], int], int]:
    """Customers by the systems that hold them, and how many have two records in one."""
    bits = " ".join(
        f"WHEN {literal(system)} THEN {1 << place}" for place, system in enumerate(entity.systems)
    )
    rows = columns.db.execute(
        "SELECT held, count(*), count(*) FILTER (records > systems) FROM (SELECT "
        f"bit_or(CASE system {bits} END) AS held, count(*) AS records, "
        f"count(DISTINCT system) AS systems FROM {quoted('row_' + entity.entity)} GROUP BY key) "
        "GROUP BY held ORDER BY held"
    ).fetchall()
    held = {
        tuple(name for place, name in enumerate(entity.systems) if bit >> place & 1): number
        for bit, number, _several in rows
    }
    return held, sum(row[2] for row in rows)
