"""Agreement by field: of customers with one record in each of two systems, what either says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, TypeAlias

from crmsync.core.mapping import Entity, Field, WorkspaceMapping
from crmsync.core.profile import FieldAgreement
from crmsync.warehouse.engine import literal, quoted

Seen: TypeAlias = dict[tuple[str, str, str], list[str]]
"""Objects that have a field: by entity, field and system."""


def read_agreement(db: Any, mapping: WorkspaceMapping) -> tuple[FieldAgreement, ...]:
    """A row for each field that two systems were read with, in the order of the mapping; lists of ties left out."""
    seen: Seen = {}
    for *place, object_ in db.execute("SELECT entity, field, system, object FROM field").fetchall():
        seen.setdefault((place[0], place[1], place[2]), []).append(object_)
    return tuple(
        each
        for entity in mapping.entities
        for two in combinations(sorted(entity.systems), 2)
        for each in _between(db, entity, two, seen)
    )


def _between(db: Any, entity: Entity, two: tuple[str, str], seen: Seen) -> Iterator[FieldAgreement]:
    fields = [
        each
        for each in entity.fields
        if each.type != "references"
        and all((entity.entity, each.field, system) in seen for system in two)
    ]
    if not fields:
        return
    cells = ", ".join(cell for each in fields for cell in _cells(entity, each, two, seen))
    (row,) = db.execute(f"SELECT {cells} FROM {quoted(entity.entity + '_pair')}").fetchall()
    for at, each in enumerate(fields):
        counts = row[at * 5 : at * 5 + 5]
        if sum(counts):
            yield FieldAgreement(entity.entity, each.field, *two, *counts)


def _cells(entity: Entity, each: Field, two: Sequence[str], seen: Seen) -> Iterator[str]:
    """Equal, differing, filled in the one, in the other, in neither: of pairs whose objects both have the field."""
    one, other = (_said(each, quoted(f"{system}_{each.field}")) for system in two)
    there = " AND ".join(
        f"{quoted(system + '_object')} IN ({', '.join(map(literal, seen[entity.entity, each.field, system]))})"
        for system in two
    )
    for holds in (
        f"{one} = {other}",
        f"{one} <> {other}",
        f"{one} IS NOT NULL AND {other} IS NULL",
        f"{one} IS NULL AND {other} IS NOT NULL",
        f"{one} IS NULL AND {other} IS NULL",
    ):
        yield f"count(*) FILTER ({there} AND {holds})"


def _said(each: Field, cell: str) -> str:
    """What a system says; of a box to tick, not ticked and never touched are one."""
    return f"coalesce({cell}, false)" if each.type == "flag" else cell
