"""What a reviewer has to know about a change of a mapping: what changed, its risks, and a verdict.

| rule | level | what |
|---|---|---|
| R101 | red | more values would be blanked |
| R201 | red | an opt-out could be taken back, or no longer travel |
| R301 | red | ordered choices would move back |
| R401 | red | records would be linked otherwise |
| R502 | orange | which records take part, or may be created, changed |
| R501 | red | more records would be created than the limit allows without asking |
| R601 | orange | the type of a field changed |
| R701 | orange | far more would be written |
| R702 | orange | a policy, direction, blank rule or native name changed |
| R801 | orange | a field stops being synced; its values stay |
| R001 | green | a field is new |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from datetime import datetime
from typing import Any

from crmsync.core.guarding import LIMITS
from crmsync.core.mapping import Entity, Field, OneWay, WorkspaceMapping
from crmsync.core.planning import CellChange, Change, ConflictLine, Line, line_bytes
from crmsync.language import N_
from crmsync.reports.facts import Risk, Sample, Totals, Verdict
from crmsync.reports.masking import kind_of

Aspect = tuple[str, str, str, str | None, str | None]
"""Entity, field, aspect, before, after."""
_REMARKS = ("doc", "why", "renamed_from", "field")
_GROWTH = 1.2
_SAMPLES_EACH = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """What one mapping would do: the lines of its plan, how many records it looked at, and fields never read."""

    lines: list[Line]
    records: Mapping[str, int]
    snapshots: Mapping[str, datetime]
    matches: Mapping[str, frozenset[tuple[object, ...]]]
    unread: frozenset[str] = frozenset()


def _pairs(
    old: WorkspaceMapping, new: WorkspaceMapping
) -> Iterator[tuple[Entity | None, Entity | None]]:
    names = sorted({e.entity for e in old.entities} | {e.entity for e in new.entities})
    for name in names:
        yield tuple(  # type: ignore[misc]  # a pair by construction
            next((e for e in mapping.entities if e.entity == name), None) for mapping in (old, new)
        )


def _fields(old: Entity | None, new: Entity | None) -> Iterator[tuple[Field | None, Field | None]]:
    """Fields of both sides by name, a declared rename as one."""
    before = {each.field: each for each in old.fields} if old else {}
    after = {each.field: each for each in new.fields} if new else {}
    renamed = {e.renamed_from: e for e in after.values() if e.renamed_from in before}
    for name, field in before.items():
        yield field, after.get(name) or renamed.get(name)
    for name, field in after.items():
        if name not in before and field.renamed_from not in before:
            yield None, field


def field_changes(old: WorkspaceMapping, new: WorkspaceMapping) -> list[Aspect]:
    """Every aspect of every field that differs, remarks left out."""
    changes: list[Aspect] = []
    for before, after in _pairs(old, new):
        name = (after or before).entity  # type: ignore[union-attr]  # one of them is there
        changes += _entity_aspects(name, before, after)
        for left, right in _fields(before, after):
            changes += _field_aspects(name, left, right)
    return changes


def _entity_aspects(name: str, before: Entity | None, after: Entity | None) -> Iterator[Aspect]:
    if before is None or after is None:
        yield name, "*", "entity", "there" if before else None, "there" if after else None
        return
    if before.match != after.match:
        yield name, "*", "match", _shown(before.match), _shown(after.match)
    if before.native_links != after.native_links:
        yield name, "*", "native_links", _links(before), _links(after)
    left = {(s.system, s.object): s for s in before.seats}
    right = {(s.system, s.object): s for s in after.seats}
    for place in sorted(set(left) | set(right)):
        one, other = left.get(place), right.get(place)
        if one != other:
            yield (
                name,
                "*",
                f"seat {place[0]} {place[1]}",
                _seat(one) if one else None,
                _seat(other) if other else None,
            )


def _links(entity: Entity) -> str:
    told = (f"{x.system} {x.field} -> {x.to.system} {x.to.object}" for x in entity.native_links)
    return ", ".join(told)


def _seat(seat: Any) -> str:
    where = f", where {seat.where}" if seat.where else ""
    create = seat.create if isinstance(seat.create, str) else f"when {seat.create.when}"
    return f"create {create}{where}"


def _field_aspects(entity: str, before: Field | None, after: Field | None) -> Iterator[Aspect]:
    if before is None and after is not None:
        yield entity, after.field, "added", None, _shown(after.names)
    elif after is None and before is not None:
        yield entity, before.field, "removed", _shown(before.names), None
    elif before is not None and after is not None:
        if before.field != after.field:
            yield entity, after.field, "renamed", before.field, after.field
        for each in dataclass_fields(Field):
            left, right = getattr(before, each.name), getattr(after, each.name)
            if each.name not in _REMARKS and left != right:
                yield entity, after.field, each.name, _shown(left), _shown(right)


def _shown(value: Any) -> str:
    if isinstance(value, OneWay):
        return f"to {value.to}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_shown(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join("+".join(each) if isinstance(each, list) else str(each) for each in value)
    return str(value)


def consent_fields(mapping: WorkspaceMapping) -> set[tuple[str, str]]:
    """(entity, field) of every opt-out."""
    return {(e.entity, f.field) for e in mapping.entities for f in e.fields if f.is_consent}


def _cells(lines: Sequence[Line]) -> Iterator[tuple[Change, CellChange]]:
    for line in lines:
        if isinstance(line, Change):
            for cell in line.cells:
                yield line, cell


def totals_of(mapping: WorkspaceMapping, lines: Sequence[Line]) -> Totals:
    """What a plan does, by system; opt-outs and orders are those of `mapping`."""
    found: dict[str, dict[str, int]] = {each.name: {} for each in dataclass_fields(Totals)}

    def add(name: str, system: str) -> None:
        found[name][system] = found[name].get(system, 0) + 1

    for line in lines:
        if isinstance(line, Change):
            add(f"{line.action}s", line.system)
        if isinstance(line, ConflictLine):
            for system in line.sides:
                add("conflicts", system)
    for change, cell in _cells(lines):
        for name in _harms(mapping, change, cell):
            add(name, change.system)
    return Totals(**found)


def _harms(mapping: WorkspaceMapping, change: Change, cell: CellChange) -> Iterator[str]:
    if cell.before is not None and cell.after is None:
        yield "blanks"
    if (change.entity, cell.field) in consent_fields(mapping) and cell.before == "true":
        yield "optouts_reopened"
    entity = next((e for e in mapping.entities if e.entity == change.entity), None)
    mapped = entity.field_named(cell.field) if entity else None
    order = mapped.order if mapped else []
    if cell.before in order and (
        cell.after not in order or order.index(cell.after) < order.index(cell.before)
    ):
        yield "regressions"


def _sum(totals: Totals | None, name: str) -> int:
    return sum(getattr(totals, name).values()) if totals else 0


def risks_of(
    old: WorkspaceMapping, new: WorkspaceMapping, before: Measured | None, after: Measured | None
) -> list[Risk]:
    """Everything a reviewer has to know, the gravest first."""
    earlier = totals_of(old, before.lines) if before else None
    later = totals_of(old, after.lines) if after else None
    risks = [*_structural(old, new, later), *_grown(earlier, later)]
    if before and after:
        relinked = sum(
            len(after.matches.get(n, frozenset()) ^ before.matches.get(n, frozenset()))
            for n in after.matches
        )
        if relinked:
            risks.append(Risk("red", "R401", N_("Records would be linked otherwise"), {}, relinked))
    order = ("red", "orange", "green")
    return sorted(risks, key=lambda risk: (order.index(risk.level), risk.rule, str(risk.params)))


def _grown(earlier: Totals | None, later: Totals | None) -> Iterator[Risk]:
    """What the new mapping would do more of than the old one."""
    if earlier is None or later is None:
        return
    blanks = _sum(later, "blanks") - _sum(earlier, "blanks")
    if blanks > 0:
        yield Risk("red", "R101", N_("Values would be blanked"), {}, blanks)
    moved = _sum(later, "regressions") - _sum(earlier, "regressions")
    if moved > 0:
        yield Risk("red", "R301", N_("Stages would move back"), {}, moved)
    creates = _sum(later, "creates") - _sum(earlier, "creates")
    if creates > LIMITS["creates"].at_most:
        yield Risk("red", "R501", N_("Many records would be created"), {}, creates)
    writes = _sum(later, "updates"), _sum(earlier, "updates")
    if writes[0] > writes[1] * _GROWTH:
        yield Risk(
            "orange", "R701", N_("Far more records would be written"), {}, writes[0] - writes[1]
        )


def _structural(
    old: WorkspaceMapping, new: WorkspaceMapping, later: Totals | None
) -> Iterator[Risk]:
    for before, after in _pairs(old, new):
        for left, right in _fields(before, after):
            yield from _field_risks(left, right, later)
        if before and after and before.seats != after.seats:
            what = N_("{entity}: which records take part, or may be created, changes")
            yield Risk("orange", "R502", what, {"entity": after.entity})
        if before and after and _recognised(before) != _recognised(after) and later is None:
            yield Risk("red", "R401", N_("Records would be linked otherwise"))


def _recognised(entity: Entity) -> tuple[object, object]:
    """What decides who is who."""
    return entity.match, entity.native_links


def _field_risks(left: Field | None, right: Field | None, later: Totals | None) -> Iterator[Risk]:
    if left is None and right is not None:
        yield Risk("green", "R001", N_("New field {field}"), {"field": right.field})
    elif right is None and left is not None:
        what = N_("{field} stops being synced; its values stay")
        yield Risk("orange", "R801", what, {"field": left.field})
        yield from _consent_risk(left, left, later)
    elif left is not None and right is not None:
        decides = [name for name in _DECIDES if getattr(left, name) != getattr(right, name)]
        if decides:
            yield from _consent_risk(left, right, later)
            what = N_("{field}: who wins, or what is read, changes ({aspects})")
            params: dict[str, str | int] = {"field": right.field, "aspects": ", ".join(decides)}
            yield Risk("orange", "R702", what, params)
        if left.type != right.type:
            what = N_("{field}: type {before} becomes {after}")
            types: dict[str, str | int] = {
                "field": right.field, "before": left.type, "after": right.type
            }  # fmt: skip
            yield Risk("orange", "R601", what, types)


_DECIDES = ("on_conflict", "direction", "blank", "names", "values", "order", "to")
"""What decides a value, beside its type."""


def _consent_risk(left: Field, right: Field, later: Totals | None) -> Iterator[Risk]:
    """Any change of how an opt-out travels, for it may stop travelling."""
    if left.is_consent or right.is_consent:
        what = N_("{field}: an opt-out could be taken back, or no longer be carried over")
        count = _sum(later, "optouts_reopened") if later else None
        yield Risk("red", "R201", what, {"field": right.field}, count or None)


def verdict_of(
    same: bool, risks: Sequence[Risk], before: Measured | None, after: Measured | None
) -> Verdict:
    """none: nothing that decides a value changed; breaking: any red; review: any orange or writes; safe."""
    levels = {risk.level for risk in risks}
    if same:
        return "none"
    if "red" in levels:
        return "breaking"
    if "orange" in levels or before is None or after is None:
        return "review"
    return "review" if {line_bytes(each) for each in after.lines} - _known(before) else "safe"


def _known(measured: Measured) -> set[bytes]:
    return {line_bytes(each) for each in measured.lines}


def samples_of(
    new: WorkspaceMapping, before: Measured | None, after: Measured | None
) -> tuple[Sample, ...]:
    """A few cells of each field that only the new mapping would write."""
    if before is None or after is None:
        return ()
    known = {(c.key, c.system, cell.field, cell.after) for c, cell in _cells(before.lines)}
    shown: dict[tuple[str, str, str], int] = {}
    samples = []
    for change, cell in _cells(after.lines):
        place = (change.entity, cell.field, change.system)
        fresh = (change.key, change.system, cell.field, cell.after) not in known
        if fresh and shown.get(place, 0) < _SAMPLES_EACH:
            shown[place] = shown.get(place, 0) + 1
            kind = kind_of(cell.field)
            samples.append(
                Sample(
                    change.entity,
                    change.key,
                    change.system,
                    cell.field,
                    kind,
                    cell.before,
                    cell.after,
                )
            )
    return tuple(sorted(samples, key=lambda s: (s.entity, s.field, s.system, s.key)))
