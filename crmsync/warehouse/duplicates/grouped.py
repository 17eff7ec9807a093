"""The groups that a search came to, with what is known of their records and pairs, for people to read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from crmsync.core.duplicate_groups import (
    Alike,
    DuplicateGroup,
    DuplicatePair,
    DuplicateRecord,
    Tier,
    tier_of,
)
from crmsync.core.duplicates import DuplicateModel
from crmsync.core.mapping import Entity, Field
from crmsync.core.records import Ref
from crmsync.warehouse.duplicates.asked import GIVEN, shown_fields
from crmsync.warehouse.duplicates.decided import Decided, rids_decided
from crmsync.warehouse.duplicates.subjects import SUBJECTS
from crmsync.warehouse.duplicates.telling import told_of
from crmsync.warehouse.engine import quoted

if TYPE_CHECKING:
    import duckdb

Weights = Mapping[str, Mapping[str, float]]


def read_groups(
    db: duckdb.DuckDBPyConnection,
    entity: Entity,
    model: DuplicateModel,
    groups: Sequence[Sequence[int]],
    weights: Weights,
    decided: Decided,
) -> list[DuplicateGroup]:
    """The groups that are news, numbered from 1, the surest tier first: not those of one customer alone."""
    _register(db, groups)
    records = _records(db, entity, model)
    pairs = _pairs(db, model, weights, records, decided)
    news = [
        members
        for members in groups
        if len({records[rid].key for rid in members}) > 1 or _is_twice(records, members)
    ]
    tiers = {tuple(each): _tier(model, records, each, pairs[each[0]]) for each in news}
    ordered = sorted(news, key=lambda each: (tiers[tuple(each)] != "sure", _refs(records, each)))
    return [
        DuplicateGroup(
            entity.entity,
            number,
            tiers[tuple(each)],
            tuple(sorted((records[rid] for rid in each), key=lambda record: record.ref)),
            _listed(records, pairs[each[0]]),
        )
        for number, each in enumerate(ordered, 1)
    ]


def _refs(records: Mapping[int, DuplicateRecord], members: Iterable[int]) -> list[Ref]:
    """The records of a group, sorted: in which order a search met them is nobody's business."""
    return sorted(records[rid].ref for rid in members)


Told = tuple[int, int, DuplicatePair]


def _tier(
    model: DuplicateModel,
    records: Mapping[int, DuplicateRecord],
    members: Sequence[int],
    pairs: Iterable[Told],
) -> Tier:
    """How sure a group is; who is one customer already is sure to be one."""
    linked = {
        (one, other)
        for one, other in combinations(members, 2)
        if records[one].key == records[other].key
    }
    known = [(one, other, _sureness(p)) for one, other, p in pairs if (one, other) not in linked]
    known += [(one, other, 1.0) for one, other in linked]
    compared = {(one, other) for one, other, _ in known}
    known += [(*pair, 0.0) for pair in combinations(members, 2) if pair not in compared]
    return tier_of(members, known, review=model.review, sure=model.sure)


def _sureness(pair: DuplicatePair) -> float:
    """How probable a pair is, by what somebody decided of it if anybody did; who was unsure doubts it."""
    return {"yes": 1.0, "unsure": 0.0}.get(pair.decided or "", pair.probability)


def _listed(
    records: Mapping[int, DuplicateRecord], pairs: Iterable[Told]
) -> tuple[DuplicatePair, ...]:
    """The pairs that are news, the surest first."""
    news = [told for told in pairs if records[told[0]].key != records[told[1]].key]
    told = [pair for _, _, pair in news]
    return tuple(sorted(told, key=lambda each: (-each.probability, each.one, each.other)))


def _is_twice(records: Mapping[int, DuplicateRecord], members: Iterable[int]) -> bool:
    systems = [records[rid].ref.system for rid in members]
    return len(systems) != len(set(systems))


def _register(db: duckdb.DuckDBPyConnection, groups: Sequence[Sequence[int]]) -> None:
    """Builds dup_member (rid, grp): who is in which group, by its first record."""
    import pyarrow as pa

    rows = [(rid, members[0]) for members in groups for rid in members]
    columns = {name: [row[at] for row in rows] for at, name in enumerate(("rid", "grp"))}
    table = pa.table({name: pa.array(each, pa.int32()) for name, each in columns.items()})
    db.register("dup_members", table)
    db.execute("CREATE OR REPLACE TEMP TABLE dup_member AS SELECT * FROM dup_members")
    db.unregister("dup_members")


def _records(
    db: duckdb.DuckDBPyConnection, entity: Entity, model: DuplicateModel
) -> dict[int, DuplicateRecord]:
    """Every record of a group."""
    names = [each for each in entity.shown_by() if entity.field_named(each)]
    facts = [
        each
        for each in shown_fields(entity, model)
        if each.field not in names and each.type not in ("reference", "flag")
    ]
    filled = " + ".join(f"(r.{quoted(each.field)} IS NOT NULL)::INTEGER" for each in entity.fields)
    ties = (
        "SELECT system, object, id, count(*) AS n FROM ("
        "SELECT system, from_object AS object, from_id AS id FROM association UNION ALL "
        "SELECT system, to_object, to_id FROM association) GROUP BY ALL"
    )
    linked = (
        "SELECT key, list_sort(list(DISTINCT system)) AS systems FROM "
        f"{quoted('row_' + entity.entity)} GROUP BY key HAVING count(DISTINCT system) > 1"
    )
    out = [each for each in entity.fields if each.is_consent and each.type == "flag"]
    opted = " OR ".join(f"coalesce(r.{quoted(e.field)} = 'true', false)" for e in out) or "false"
    rows = db.execute(
        f"SELECT m.rid, r.system, r.object, r.id, r.key, r.created_at, {filled}, coalesce(t.n, 0), l.systems, {opted}, "
        f"[{', '.join(f'r.{quoted(name)}' for name in names)}], [{', '.join(_fact(each) for each in facts)}] "
        f"FROM dup_member m JOIN dup_id i ON i.rid = m.rid JOIN {GIVEN} g ON g.system = i.system AND g.id = i.id "
        f"JOIN {quoted('row_' + entity.entity)} r "
        "ON r.system = g.system AND r.object = g.object AND r.id = g.native_id "
        f"LEFT JOIN ({ties}) t ON t.system = r.system AND t.object = r.object AND t.id = r.id "
        f"LEFT JOIN ({linked}) l ON l.key = r.key"
    ).fetchall()
    return {row[0]: _record(row, facts) for row in rows}


def _fact(field: Field) -> str:
    """A field as people know it: a reference by the id that the system gives."""
    text, raw = f"r.{quoted(field.field)}", f"r.{quoted(field.field + '_raw')}"
    return raw if field.type == "reference" else f"coalesce({text}, {raw})"


def _record(row: tuple[Any, ...], facts: Sequence[Field]) -> DuplicateRecord:
    _, system, object_, id_, key, created, filled, ties, systems, opted, names, values = row
    return DuplicateRecord(
        Ref(system, object_, id_),
        key,
        " ".join(each for each in names if each),
        tuple((f.field, value) for f, value in zip(facts, values, strict=True) if value),
        tuple(each for each in systems or () if each != system),
        filled,
        ties,
        created or "",
        opted,
    )


def _pairs(
    db: duckdb.DuckDBPyConnection,
    model: DuplicateModel,
    weights: Weights,
    records: Mapping[int, DuplicateRecord],
    decided: Decided,
) -> dict[int, list[Told]]:
    """What is known of the pairs inside each group, by its first record."""
    names = SUBJECTS[model.subject].comparisons_of(model.parts)
    told = told_of(db, SUBJECTS[model.subject], names, _INSIDE)
    rows = db.execute(
        f"SELECT a.grp, f.l, f.r, f.p, f.guard, {', '.join('f.' + quoted(name) for name in names)} FROM dup_found f "
        "JOIN dup_member a ON a.rid = f.l JOIN dup_member b ON b.rid = f.r AND b.grp = a.grp ORDER BY f.l, f.r"
    ).fetchall()
    found: dict[int, list[Told]] = defaultdict(list)
    for group, one, other, p, guard, *levels in rows:
        said = told.get((one, other), {})
        seen = [
            Alike(what, level, weights.get(what, {}).get(level, 0.0), said.get(what, ""))
            for what, level in zip(names, levels, strict=True)
            if level is not None
        ]
        heaviest = tuple(sorted(seen, key=lambda each: -each.bits))
        refs = _refs(records, (one, other))
        pair = DuplicatePair(
            refs[0], refs[1], p, heaviest, guard or "", decided.get(frozenset(refs))
        )
        found[group].append((one, other, pair))
    _add_decided(db, found, records, decided)
    return found


_INSIDE = "EXISTS (FROM dup_member a JOIN dup_member b ON b.grp = a.grp WHERE a.rid = f.l AND b.rid = f.r)"
"""Pairs of one group."""


def _add_decided(
    db: duckdb.DuckDBPyConnection,
    found: dict[int, list[Told]],
    records: Mapping[int, DuplicateRecord],
    decided: Decided,
) -> None:
    """Pairs that people made one though the search saw nothing in them."""
    group_of = dict(db.execute("SELECT rid, grp FROM dup_member").fetchall())
    for (one, other), word in rids_decided(db, decided).items():
        group = group_of.get(one)
        known = {told[:2] for told in found.get(group, ())} if group is not None else set()
        if group is not None and group == group_of.get(other) and (one, other) not in known:
            refs = _refs(records, (one, other))
            pair = DuplicatePair(refs[0], refs[1], 0.0, (), decided=word)
            found[group].append((one, other, pair))
