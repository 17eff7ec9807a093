"""Which customer each record belongs to: known links first, then the mapping's match rules.

SQL finds the records that a new one could meet; `core.matching` decides over those few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crmsync.core.following import Move, NeedsMerge
from crmsync.core.mapping import DECIDED, Entity
from crmsync.core.matching import Ambiguity, Candidate, Match, match
from crmsync.core.pair_decisions import PairDecision
from crmsync.core.records import Ref
from crmsync.warehouse.decided import Undone, kept_apart, read_decided, undone
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.marks import Rule, objectors, place_of, rules_of
from crmsync.warehouse.pointers import Snapshots, judge_pointers, read_pointers
from crmsync.warehouse.survivors import follow_merges

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Identified:
    """What was found about who is who: new matches, doubts, and links that follow a merge or cannot.

    `undone` are decisions of people that come to nothing, `unheard` those about records that are not there, `yes`
    pairs that they said are one.
    """

    matches: list[Match]
    ambiguities: list[Ambiguity]
    moves: list[Move] = field(default_factory=list)
    clashes: list[NeedsMerge] = field(default_factory=list)
    unseen: list[tuple[Ref, ...]] = field(default_factory=list)
    undone: list[Undone] = field(default_factory=list)
    unheard: Sequence[PairDecision] = ()
    yes: Sequence[PairDecision] = ()


def assign_keys(
    db: duckdb.DuckDBPyConnection,
    entity: Entity,
    lineage: str,
    snapshots: Snapshots,
    *,
    complete: bool,
    decisions: Sequence[PairDecision] = (),
    creates: bool = True,
) -> Identified:
    """Builds key_<entity> over canon_<entity>, gone_, lookalike_ and native_<entity>; what it found.

    lookalike_<entity> only if somebody `creates` records.

    `known_links` (key, system, object, native_id) is registered by the caller. A record that is linked to
    nobody has the key it would have as the first of its customer. Nobody is linked anew unless the read is
    `complete`: the better candidate may be in the part that is missing. `decisions` are what people said of pairs.
    """
    read_pointers(db, entity, snapshots)
    followed = follow_merges(db, entity, snapshots)
    _known_keys(db, entity.entity, lineage)
    heard = read_decided(db, entity, decisions)
    rules = rules_of(db, entity, decided=bool(heard.refs))
    _mark(db, entity, rules)
    gone = db.execute(f"SELECT key, system FROM {quoted('gone_' + entity.entity)}").fetchall()
    found = _candidates(db, entity, rules) if complete else []
    hows = [rule.how for rule in rules]
    apart = kept_apart(db, entity, heard, place_of(rules, DECIDED))
    matches, doubts = match(lineage, entity.entity, hows, found, gone, objectors(rules), apart)
    ambiguities = [each for each in doubts if each.how != DECIDED]  # told as what is undone
    _take_over(db, entity.entity, matches)
    if creates:
        _find_lookalikes(db, entity, rules)
    judge_pointers(db, entity, snapshots, ambiguities)
    db.execute(f"DROP TABLE {quoted('mark_' + entity.entity)}")
    left = undone(db, entity, heard) if complete else []
    return Identified(
        matches,
        ambiguities,
        followed.moves,
        followed.clashes,
        followed.unseen,
        left,
        heard.unheard,
        heard.yes,
    )


def _known_keys(db: duckdb.DuckDBPyConnection, name: str, lineage: str) -> None:
    """Builds key_, absent_ and gone_<entity> from the links as they are after merges and conversions."""
    links = quoted("link_" + name)
    db.execute(
        f"CREATE TABLE {quoted('key_' + name)} AS "
        f"SELECT c.system, c.object, c.id, coalesce(l.key, {own_key_sql(lineage, name)}) AS key, "
        "l.key IS NOT NULL AS linked "
        f"FROM {quoted('canon_' + name)} c LEFT JOIN {links} l "
        "ON l.system = c.system AND l.object = c.object AND l.native_id = c.id"
    )
    absent = quoted("absent_" + name)
    db.execute(
        f"CREATE TABLE {absent} AS SELECT l.* FROM {links} l ANTI JOIN {quoted('canon_' + name)} c "
        "ON l.system = c.system AND l.object = c.object AND l.native_id = c.id"
    )
    db.execute(
        f"CREATE TABLE {quoted('gone_' + name)} AS SELECT DISTINCT key, system FROM {absent}"
    )
    db.execute(f"DROP TABLE {links}")


def own_key_sql(lineage: str, entity: str, object_: str = "c.object", id_: str = "c.id") -> str:
    """`core.matching.key_of` of a record alone, in SQL; `object_` and `id_` are where its address stands."""
    head = literal(f"{lineage}\n{entity}\n")
    return f"substr(sha256({head} || c.system || chr(10) || {object_} || chr(10) || {id_}), 1, 24)"


def _mark(db: duckdb.DuckDBPyConnection, entity: Entity, rules: list[Rule]) -> None:
    """Builds mark_<entity>: what each record is recognised by under every rule."""
    columns = "".join(f", {rule.mark} AS mark_{number}" for number, rule in enumerate(rules))
    joins = " ".join(rule.join for rule in rules)
    db.execute(
        f"CREATE TABLE {quoted('mark_' + entity.entity)} AS "
        f"SELECT c.system, c.object, c.id, k.key, k.linked{columns} "
        f"FROM {quoted('canon_' + entity.entity)} c JOIN {quoted('key_' + entity.entity)} k "
        f"ON k.system = c.system AND k.object = c.object AND k.id = c.id {joins}"
    )


def _candidates(
    db: duckdb.DuckDBPyConnection, entity: Entity, rules: list[Rule]
) -> list[Candidate]:
    """Every record that meets one of another system under some rule, one of the two unlinked.

    With them come the linked records of every customer that could be joined, for a customer takes no second
    record in a system, and those that speak against a native link. Nobody else can change what
    `core.matching` decides.
    """
    if not rules:
        return []
    rows = db.sql(_candidates_sql(entity, rules)).to_arrow_table()
    columns = (rows.column(name).to_pylist() for name in rows.column_names)
    return [
        Candidate(Ref(system, object_, id_), tuple(marks), key if linked else None)
        for system, object_, id_, key, linked, *marks in zip(*columns, strict=True)
    ]


def _candidates_sql(entity: Entity, rules: list[Rule]) -> str:
    marked = quoted("mark_" + entity.entity)
    meets = " OR ".join(
        f"mark_{number} IN (SELECT mark_{number} FROM {marked} WHERE mark_{number} IN "
        f"(SELECT mark_{number} FROM {marked} WHERE NOT linked) GROUP BY 1 "
        "HAVING min(system) < max(system))"
        for number in range(len(rules))
    )
    joined = ["SELECT key FROM met WHERE linked"]
    joined += [f"SELECT mark_{n} FROM met" for n, rule in enumerate(rules) if rule.how == "key"]
    objecting = sorted({place for places in objectors(rules).values() for place in places})
    parts = [
        "SELECT * FROM met",
        f"SELECT * FROM {marked} WHERE linked AND key IN ({' UNION '.join(joined)})",
        *(
            f"SELECT * FROM {marked} WHERE mark_{place} IN (SELECT mark_{place} FROM met)"
            for place in objecting
        ),
    ]
    return (
        f"WITH met AS (SELECT * FROM {marked} WHERE {meets}) "
        f"{' UNION '.join(parts)} ORDER BY system, object, id"
    )


def _find_lookalikes(db: duckdb.DuckDBPyConnection, entity: Entity, rules: list[Rule]) -> None:
    """Builds lookalike_<entity>: keys of customers who share a mark with another customer.

    Nothing is created for them: the other one may be the very same, in this system or in the next.
    """
    marked, keys = quoted("mark_" + entity.entity), quoted("key_" + entity.entity)
    parts = [
        f"SELECT key FROM now WHERE mark_{number} IN (SELECT mark_{number} FROM now "
        f"WHERE mark_{number} IS NOT NULL GROUP BY 1 HAVING min(key) < max(key))"
        for number, rule in enumerate(rules)
        if rule.how != "key"
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


def _take_over(db: duckdb.DuckDBPyConnection, name: str, matches: list[Match]) -> None:
    """Records that were matched get the key of their customer."""
    import pyarrow as pa

    rows = [(m.key, ref.system, ref.object, ref.id) for m in matches for ref in m.refs]
    if not rows:
        return
    names = ("key", "system", "object", "id")
    table = pa.table({n: [row[i] for row in rows] for i, n in enumerate(names)})
    keys = quoted("key_" + name)
    db.register("matched", table)
    # Made anew: in a file, DuckDB 2.0.0 takes a hundred times as long to update so many texts (2026-11).
    db.execute(
        f"CREATE OR REPLACE TABLE {keys} AS "
        f"SELECT k.* REPLACE (coalesce(m.key, k.key) AS key) FROM {keys} k "
        "LEFT JOIN matched m ON m.system = k.system AND m.object = k.object AND m.id = k.id"
    )
    db.unregister("matched")
