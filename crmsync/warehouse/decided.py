"""What people decided of pairs, laid over the records that were read: who is one by it, and what cannot be done.

    decided_<entity>  system, object, id, mark: records that are one by decisions have one mark

A decision about a record that was not read, or that the scope leaves out, changes nothing.

| undone | means |
|---|---|
| decided_doubt | people said that these are one, and that some of them are two |
| decided_merge | they are one, and a system has several of them: those are merged there first |
| decided_linked | they are one, and belong to customers who have other records there |
| decided_two | they are two, and are linked already |
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crmsync.core.keeping_apart import Apart
from crmsync.core.mapping import DECIDED, Entity
from crmsync.core.marks import id_mark
from crmsync.core.pair_decisions import Pair, PairDecision, apart, groups
from crmsync.core.records import Ref
from crmsync.warehouse.engine import quoted

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Undone = tuple[str, tuple[Ref, ...]]
UNDONE = ("decided_doubt", "decided_merge", "decided_linked", "decided_two")


@dataclass(frozen=True, slots=True)
class Heard:
    """Decisions about records that are there: groups that are one, pairs that are two; `unheard` are the others.

    `yes` are the pairs that were said to be one, as they were read.
    """

    groups: Sequence[tuple[Ref, ...]] = ()
    apart: frozenset[Pair] = frozenset()
    unheard: Sequence[PairDecision] = ()
    yes: Sequence[PairDecision] = ()

    @property
    def refs(self) -> set[Ref]:
        """Every record that a decision is about."""
        return {ref for each in (*self.groups, *self.apart) for ref in each}


def read_decided(
    db: duckdb.DuckDBPyConnection, entity: Entity, decisions: Sequence[PairDecision]
) -> Heard:
    """Builds decided_<entity> over canon_<entity>, if anything was decided of records of that entity."""
    if DECIDED not in entity.match or not decisions:
        return Heard()
    there = _there(db, entity, {ref for each in decisions for ref in (each.one, each.other)})
    heard = [named for each in decisions if (named := _as_read(each, there)) is not None]
    unheard = [each for each in decisions if not {each.one, each.other} <= there.keys()]
    yes = [each for each in heard if each.same == "yes"]
    found = Heard(groups(heard), apart(heard), unheard, yes)
    rows = [(ref, _mark(each)) for each in found.groups for ref in each]
    db.register("decided_rows", _table([ref for ref, _ in rows], mark=[mark for _, mark in rows]))
    name = quoted(f"decided_{entity.entity}")
    db.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM decided_rows")
    db.unregister("decided_rows")
    return found


def _mark(group: Sequence[Ref]) -> str:
    return str(group[0])


def _there(db: duckdb.DuckDBPyConnection, entity: Entity, refs: set[Ref]) -> Mapping[Ref, Ref]:
    """By the name that people gave: the record that was read and takes part; an id of 15 characters has 18 there."""
    spelt = [(ref, name) for ref in sorted(refs) for name in {ref.id, id_mark(ref.id)}]
    named = _table(
        [replace(ref, id=name) for ref, name in spelt], said=[ref.id for ref, _ in spelt]
    )
    db.register("decided_named", named)
    rows = db.execute(
        f"SELECT n.system, n.object, n.said, c.id FROM {quoted('canon_' + entity.entity)} c "
        "JOIN decided_named n ON n.system = c.system AND n.object = c.object AND n.id = c.id "
        "WHERE NOT c.outside ORDER BY c.id = n.said"
    ).fetchall()
    db.unregister("decided_named")
    return {
        Ref(system, object_, said): Ref(system, object_, id_) for system, object_, said, id_ in rows
    }


def _as_read(each: PairDecision, there: Mapping[Ref, Ref]) -> PairDecision | None:
    """The decision about the records as they were read; None if one is not there, or both are one record."""
    one, other = there.get(each.one), there.get(each.other)
    if one is None or other is None or one == other:
        return None
    return PairDecision.of(each.entity, (one, other), each.same, each.by, each.on, each.note)


def _table(refs: Sequence[Ref], **more: Sequence[str]) -> pa.Table:
    import pyarrow as pa

    columns = {
        "system": [ref.system for ref in refs],
        "object": [ref.object for ref in refs],
        "id": [ref.id for ref in refs],
        **more,
    }
    return pa.table({name: pa.array(texts, pa.string()) for name, texts in columns.items()})


def kept_apart(
    db: duckdb.DuckDBPyConnection, entity: Entity, heard: Heard, place: int | None
) -> Apart:
    """What is said to be two, with who of it is linked already; `place` is that of the rule `decided`."""
    if place is None or not heard.apart:
        return Apart()
    linked: dict[str, set[Ref]] = {}
    known = f"SELECT key, system, object, id FROM {quoted('key_' + entity.entity)} WHERE linked"
    for ref, key in _keyed(db, known, heard.refs):
        linked.setdefault(key, set()).add(ref)
    return Apart(heard.apart, place, linked)


def undone(db: duckdb.DuckDBPyConnection, entity: Entity, heard: Heard) -> list[Undone]:
    """Decisions that come to nothing, over key_<entity> once everybody has a key; each with its records, sorted."""
    if not heard.refs:
        return []
    keys = dict(
        _keyed(
            db, f"SELECT key, system, object, id FROM {quoted('key_' + entity.entity)}", heard.refs
        )
    )
    found = [
        (_why(group, heard), group)
        for group in heard.groups
        if len({keys[ref] for ref in group}) > 1
    ]
    linked = [each for why, each in found if why == "decided_linked"]
    beside = _beside(db, entity, {keys[ref] for group in linked for ref in group})
    told = [(why, _with(group, keys, beside) if group in linked else group) for why, group in found]
    two = [tuple(sorted(pair)) for pair in heard.apart if len({keys[ref] for ref in pair}) == 1]
    return sorted([*told, *(("decided_two", pair) for pair in two)])


def _why(group: Sequence[Ref], heard: Heard) -> str:
    if any(pair <= set(group) for pair in heard.apart):
        return "decided_doubt"
    times = Counter(ref.system for ref in group)
    return "decided_merge" if max(times.values()) > 1 else "decided_linked"


def _with(
    group: Sequence[Ref], keys: Mapping[Ref, str], beside: Mapping[str, set[Ref]]
) -> tuple[Ref, ...]:
    """The records of a group, and the other ones of their customers."""
    others = (beside.get(keys[ref], set()) for ref in group)
    return tuple(sorted({*group, *(ref for each in others for ref in each)}))


def _beside(
    db: duckdb.DuckDBPyConnection, entity: Entity, wanted: Iterable[str]
) -> dict[str, set[Ref]]:
    found: dict[str, set[Ref]] = {}
    rows = db.execute(
        f"SELECT key, system, object, id FROM {quoted('key_' + entity.entity)} "
        "WHERE key IN (SELECT unnest(?::VARCHAR[]))",
        [sorted(wanted)],
    ).fetchall()
    for key, *address in rows:
        found.setdefault(key, set()).add(Ref(*address))
    return found


def _keyed(db: duckdb.DuckDBPyConnection, query: str, refs: Iterable[Ref]) -> list[tuple[Ref, str]]:
    """The key of each of some records that a query of key, system, object and id has."""
    db.register("decided_refs", _table(sorted(refs)))
    rows = db.execute(
        f"SELECT k.system, k.object, k.id, k.key FROM ({query}) k JOIN decided_refs d "
        "ON d.system = k.system AND d.object = k.object AND d.id = k.id"
    ).fetchall()
    db.unregister("decided_refs")
    return [(Ref(system, object_, id_), key) for system, object_, id_, key in rows]
