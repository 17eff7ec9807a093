"""Which customer each record belongs to: known links first, then the mapping's match rules.

SQL finds the records that a new one could meet; `core.matching` decides over those few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.core.mapping import Entity
from crmsync.core.matching import Ambiguity, Candidate, Match, match
from crmsync.core.records import Ref
from crmsync.warehouse.engine import literal, quoted

if TYPE_CHECKING:
    import duckdb


def rule_name(rule: str | list[str]) -> str:
    """A match rule as it is shown: `email`, `phone+last_name`."""
    return rule if isinstance(rule, str) else "+".join(rule)


def assign_keys(
    db: duckdb.DuckDBPyConnection, entity: Entity, lineage: str, *, complete: bool
) -> tuple[list[Match], list[Ambiguity]]:
    """Builds key_<entity> over canon_<entity>, and gone_<entity>; new matches and ambiguities.

    `known_links` (key, system, object, native_id) is registered by the caller. A record that is linked to
    nobody has the key it would have as the first of its customer. Nobody is linked anew unless the read is
    `complete`: the better candidate may be in the part that is missing.
    """
    name = entity.entity
    db.execute(
        f"CREATE TABLE {quoted('key_' + name)} AS "
        f"SELECT c.system, c.object, c.id, coalesce(l.key, {own_key_sql(lineage, name)}) AS key, "
        "l.key IS NOT NULL AS linked "
        f"FROM {quoted('canon_' + name)} c LEFT JOIN known_links l "
        "ON l.system = c.system AND l.object = c.object AND l.native_id = c.id"
    )
    db.execute(
        f"CREATE TABLE {quoted('gone_' + name)} AS SELECT DISTINCT l.key, l.system FROM known_links l "
        f"ANTI JOIN {quoted('canon_' + name)} c "
        "ON l.system = c.system AND l.object = c.object AND l.native_id = c.id"
    )
    rules = [rule_name(rule) for rule in entity.match]
    _mark(db, entity)
    gone = db.execute(f"SELECT key, system FROM {quoted('gone_' + name)}").fetchall()
    found = _candidates(db, entity) if complete else []
    matches, ambiguities = match(lineage, name, rules, found, gone)
    _take_over(db, name, matches)
    _find_lookalikes(db, entity)
    db.execute(f"DROP TABLE {quoted('mark_' + name)}")
    return matches, ambiguities


def own_key_sql(lineage: str, entity: str, object_: str = "c.object", id_: str = "c.id") -> str:
    """`core.matching.key_of` of a record alone, in SQL; `object_` and `id_` are where its address stands."""
    head = literal(f"{lineage}\n{entity}\n")
    return f"substr(sha256({head} || c.system || chr(10) || {object_} || chr(10) || {id_}), 1, 24)"


def _mark(db: duckdb.DuckDBPyConnection, entity: Entity) -> None:
    """Builds mark_<entity>: what each record is recognised by under every rule."""
    marks = [_mark_sql(db, entity, rule) for rule in entity.match]
    columns = "".join(f", {mark} AS mark_{number}" for number, mark in enumerate(marks))
    db.execute(
        f"CREATE TABLE {quoted('mark_' + entity.entity)} AS "
        f"SELECT c.system, c.object, c.id, k.key, k.linked{columns} "
        f"FROM {quoted('canon_' + entity.entity)} c JOIN {quoted('key_' + entity.entity)} k "
        "ON k.system = c.system AND k.object = c.object AND k.id = c.id"
    )


def _candidates(db: duckdb.DuckDBPyConnection, entity: Entity) -> list[Candidate]:
    """Every record that meets one of another system under some rule, one of the two unlinked.

    With them come the linked records of every customer that could be joined: a customer takes no second
    record in a system. Nobody else can change what `core.matching` decides.
    """
    if not entity.match:
        return []
    rows = db.sql(_candidates_sql(entity)).to_arrow_table()
    columns = (rows.column(name).to_pylist() for name in rows.column_names)
    return [
        Candidate(Ref(system, object_, id_), tuple(marks), key if linked else None)
        for system, object_, id_, key, linked, *marks in zip(*columns, strict=True)
    ]


def _candidates_sql(entity: Entity) -> str:
    marked = quoted("mark_" + entity.entity)
    marks = [f"mark_{number}" for number in range(len(entity.match))]
    meets = " OR ".join(
        f"{mark} IN (SELECT {mark} FROM {marked} WHERE {mark} IS NOT NULL GROUP BY 1 "
        "HAVING count(DISTINCT system) > 1 AND bool_or(NOT linked))"
        for mark in marks
    )
    joined = ["SELECT key FROM met WHERE linked"]
    joined += [
        f"SELECT {mark} FROM met"
        for mark, rule in zip(marks, entity.match, strict=True)
        if rule == "key"
    ]
    return (
        f"WITH met AS (SELECT * FROM {marked} WHERE {meets}) SELECT * FROM met "
        f"UNION SELECT * FROM {marked} WHERE linked AND key IN ({' UNION '.join(joined)}) "
        "ORDER BY system, object, id"
    )


def _find_lookalikes(db: duckdb.DuckDBPyConnection, entity: Entity) -> None:
    """Builds lookalike_<entity>: keys of customers who share a mark with another customer.

    Nothing is created for them: the other one may be the very same, in this system or in the next.
    """
    marked, keys = quoted("mark_" + entity.entity), quoted("key_" + entity.entity)
    parts = [
        f"SELECT key FROM now WHERE mark_{number} IN (SELECT mark_{number} FROM now "
        f"WHERE mark_{number} IS NOT NULL GROUP BY 1 HAVING count(DISTINCT key) > 1)"
        for number, rule in enumerate(entity.match)
        if rule != "key"
    ]
    db.execute(
        f"CREATE TABLE {quoted('lookalike_' + entity.entity)} AS WITH now AS ("
        f"SELECT m.* REPLACE (k.key AS key) FROM {marked} m JOIN {keys} k "
        "ON k.system = m.system AND k.object = m.object AND k.id = m.id) "
        f"SELECT DISTINCT key FROM ({' UNION ALL '.join(parts) or 'SELECT key FROM now WHERE false'})"
    )


def lookalikes(db: duckdb.DuckDBPyConnection, entity: Entity) -> set[str]:
    """Keys of customers who share a mark with another customer."""
    rows = db.execute(f"SELECT key FROM {quoted('lookalike_' + entity.entity)}").fetchall()
    return {row[0] for row in rows}


def _mark_sql(db: duckdb.DuckDBPyConnection, entity: Entity, rule: str | list[str]) -> str:
    """What a record is recognised by under one rule: null unless every part of it is known."""
    if rule == "key":
        return "coalesce(c.stamp, k.key)"
    names = [rule] if isinstance(rule, str) else rule
    parts = [_part_sql(db, entity, name) for name in names]
    return f"({' || chr(31) || '.join(parts)})"


def _part_sql(db: duckdb.DuckDBPyConnection, entity: Entity, name: str) -> str:
    each = entity.field_named(name)
    if each is None or each.type != "reference":
        return f"lower(c.{quoted(name)})"
    tables = {row[0] for row in db.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    keys = f"key_{each.to}"
    if keys not in tables or each.to == entity.entity:
        return "NULL::VARCHAR"
    return (
        f"(SELECT min(t.key) FROM {quoted(keys)} t WHERE t.system = c.system "
        f"AND t.id = c.{quoted(name + '_raw')})"
    )


def _take_over(db: duckdb.DuckDBPyConnection, name: str, matches: list[Match]) -> None:
    """Records that were matched get the key of their customer."""
    import pyarrow as pa

    rows = [(m.key, ref.system, ref.object, ref.id) for m in matches for ref in m.refs]
    if not rows:
        return
    names = ("key", "system", "object", "id")
    table = pa.table({n: [row[i] for row in rows] for i, n in enumerate(names)})
    db.register("matched", table)
    db.execute(
        f"UPDATE {quoted('key_' + name)} AS k SET key = m.key FROM matched m "
        "WHERE m.system = k.system AND m.object = k.object AND m.id = k.id"
    )
    db.unregister("matched")
