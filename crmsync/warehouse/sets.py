"""Ties of records as sets: who one is tied to, by key, and with which role.

Every tie that was read counts, whether or not the other record was: what cannot be seen has the key it would
have on its own, so that nobody takes a tie away for not knowing who it leads to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.core.mapping import Entity, Field, Seat, tied_object
from crmsync.core.records import Invalid
from crmsync.core.spec import Spec
from crmsync.core.ties import ties_text
from crmsync.core.values import parse
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.identity import own_key_sql

if TYPE_CHECKING:
    import duckdb

ROLES = ".roles"


def build_sets(db: duckdb.DuckDBPyConnection, lineage: str, entity: Entity, each: Field) -> str:
    """Builds the table of one field's sets: system, object, id, text, raw; its name.

    `text` is null and `raw` is not where a role is not mapped.
    """
    name = quoted(f"set_{entity.entity}_{each.field}")
    parts = [
        _sets_of(db, lineage, each, seat, number)
        for number, seat in enumerate(entity.seats)
        if each.name_in(seat.system, seat.object)
    ]
    columns = ", ".join(f"{n} VARCHAR" for n in ("system", "object", "id", "text", "raw"))
    db.execute(f"CREATE TABLE {name} ({columns})")
    for part in parts:
        db.execute(f"INSERT INTO {name} BY NAME {part}")
    return name


def unknown_roles(entity: Entity, each: Field) -> list[str]:
    """Queries for the roles that are not mapped: system, object, id, role, once for each record that has it."""
    return [
        f"SELECT DISTINCT r.system, r.object, r.id, c.role FROM {quoted('row_' + entity.entity)} r "
        "JOIN association c ON c.system = r.system AND c.from_object = r.object AND c.from_id = r.id "
        f"JOIN {_roles_of(each, number)} w ON w.raw = c.role "
        f"WHERE w.ours IS NULL AND r.system = {literal(seat.system)} "
        f"AND r.object = {literal(seat.object)} AND c.to_object = {literal(tied_object(native))}"
        for number, seat in enumerate(entity.seats)
        if (native := each.name_in(seat.system, seat.object) or "").endswith(ROLES)
    ]


def _roles_of(each: Field, number: int) -> str:
    return quoted(f"roles_{each.field}_{number}")


def _sets_of(
    db: duckdb.DuckDBPyConnection, lineage: str, each: Field, seat: Seat, number: int
) -> str:
    native = each.name_in(seat.system, seat.object) or ""
    to_object = tied_object(native)
    roles = native.endswith(ROLES)
    table = _roles_of(each, number)
    _build_roles(db, table, seat, to_object, each.spec(seat.system))
    own = own_key_sql(lineage, each.to or "", object_="c.to_object", id_="c.to_id")
    joined = f"JOIN {table} w ON w.raw = c.role" if roles else ""
    role, shown = ("w.ours", "w.shown") if roles else ("''", "''")
    ours, theirs = f"coalesce(k.key, {own}) || {role}", f"c.to_id || {shown}"
    return (
        f"SELECT {literal(seat.system)} AS system, {literal(seat.object)} AS object, c.from_id AS id, "
        f"CASE WHEN bool_and({role} IS NOT NULL) THEN {_listed(ours)} END AS text, "
        f"{_listed(theirs)} AS raw FROM association c {joined} "
        f"LEFT JOIN {quoted('key_' + (each.to or ''))} k "
        "ON k.system = c.system AND k.object = c.to_object AND k.id = c.to_id "
        f"WHERE c.system = {literal(seat.system)} AND c.from_object = {literal(seat.object)} "
        f"AND c.to_object = {literal(to_object)} GROUP BY c.from_id"
    )


def _listed(element: str) -> str:
    """The text of a set in SQL: elements in order, none twice."""
    return f"string_agg(DISTINCT {element}, ';' ORDER BY {element})"


def _build_roles(
    db: duckdb.DuckDBPyConnection, table: str, seat: Seat, to_object: str, spec: Spec
) -> None:
    """Every role that was read: raw, ours as `|word` (null if it is not mapped), and how it is shown."""
    import pyarrow as pa

    found = db.execute(
        "SELECT DISTINCT role FROM association WHERE system = ? AND from_object = ? AND to_object = ? "
        "AND trim(coalesce(role, '')) <> '' ORDER BY 1",
        [seat.system, seat.object, to_object],
    ).fetchall()
    raws = [row[0] for row in found]
    ours = [_suffix(_role(raw, spec)) for raw in raws]
    rows = {"raw": raws, "ours": ours, "shown": [_suffix(raw) for raw in raws]}
    db.register(
        "read_roles", pa.table({n: pa.array(each, pa.string()) for n, each in rows.items()})
    )
    db.execute(f"CREATE TABLE {table} AS SELECT * FROM read_roles")
    db.unregister("read_roles")


def _role(raw: str, spec: Spec) -> str | None:
    role = parse(raw, Spec("choice", values=spec.values))
    return None if role is None or isinstance(role, Invalid) else str(role)


def _suffix(role: str | None) -> str | None:
    """A role as it follows an id in the text of a set."""
    return None if role is None else (ties_text([("-", role)]) or "").removeprefix("-")
