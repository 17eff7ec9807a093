"""What a reviewer has to know about a change of a mapping: what changed, its risks, and a verdict.

| rule | level | what |
|---|---|---|
| R101 | red | more values would be blanked |
| R201 | red | an opt-out could be taken back, or no longer travel |
| R301 | red | ordered choices would move back |
| R401 | red | records would be linked otherwise |
| R502 | orange | which records take part, or may be created, changed |
| R503 | orange | the scope changed: how many records leave it, and how many come in |
| R501 | red | more records would be created than the limit allows without asking |
| R601 | orange | the type of a field changed |
| R602 | orange | more values of a field cannot be read |
| R701 | orange | far more would be written: over 100 records and a fifth more |
| R702 | orange | a policy, direction, blank rule or native name changed |
| R801 | orange | a field stops being synced; its values stay |
| R001 | green | a field is new |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from dataclasses import fields as dataclass_fields
from datetime import datetime

from crmsync.commands.aspects import entity_pairs, field_pairs, rescoped
from crmsync.core.guarding import LIMITS
from crmsync.core.mapping import Entity, Field, WorkspaceMapping
from crmsync.core.planning import CellChange, Change, ConflictLine, Line, line_bytes
from crmsync.language import N_
from crmsync.reports.facts import EVERYWHERE, Risk, Sample, Totals, Verdict
from crmsync.reports.masking import kind_of

_GROWTH = 1.2
_GROWN_BY = 100
"""More records than that, and a fifth more than before, are far more: a new field writes a few anyway."""
_SAMPLES_EACH = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """What one mapping would do: the lines of its plan, and how many records it looked at.

    By entity, `outside` are records that the scope leaves out, `unread` what it asks for and was not read;
    `missing` are native fields that could decide something and are in no snapshot; `unreadable` how many values are
    not what their field is, by `system entity field`.
    """

    lines: Sequence[Line]
    records: Mapping[str, int]
    snapshots: Mapping[str, datetime]
    matches: Mapping[str, frozenset[tuple[object, ...]]]
    outside: Mapping[str, frozenset[tuple[str, str, str]]]
    unread: Mapping[str, frozenset[tuple[str, str]]]
    missing: frozenset[str] = frozenset()
    unreadable: Mapping[str, int] = default(default_factory=dict)


def consent_fields(mapping: WorkspaceMapping) -> set[tuple[str, str]]:
    """(entity, field) of every opt-out."""
    return {(e.entity, f.field) for e in mapping.entities for f in e.fields if f.is_consent}


def _cells(lines: Sequence[Line]) -> Iterator[tuple[Change, CellChange]]:
    for line in lines:
        if isinstance(line, Change):
            for cell in line.cells:
                yield line, cell


def totals_of(mapping: WorkspaceMapping, measured: Measured) -> Totals:
    """What a plan does, by system, and what it cannot read; opt-outs and orders are those of `mapping`."""
    found: dict[str, dict[str, int]] = {each.name: {} for each in dataclass_fields(Totals)}

    def add(name: str, system: str, number: int = 1) -> None:
        found[name][system] = found[name].get(system, 0) + number

    for place, number in measured.unreadable.items():
        add("unreadable", place.partition(" ")[0], number)
    for line in measured.lines:
        if isinstance(line, Change):
            add(f"{line.action}s", line.system)
        if isinstance(line, ConflictLine):
            add("conflicts", EVERYWHERE)
    for change, cell in _cells(measured.lines):
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
    earlier = totals_of(old, before) if before else None
    later = totals_of(old, after) if after else None
    risks = [*_structural(old, new, later), *_grown(earlier, later)]
    risks += _scoped(old, new, before, after)
    if before and after:
        risks += _unreadable(old, new, before, after)
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
    more = writes[0] - writes[1]
    if more > _GROWN_BY and writes[0] > writes[1] * _GROWTH:
        what = N_("Far more records would be written than under the mapping as it was")
        yield Risk("orange", "R701", what, {}, more)


def _unreadable(
    old: WorkspaceMapping, new: WorkspaceMapping, before: Measured, after: Measured
) -> Iterator[Risk]:
    """Fields of which the new mapping can read less than the old one: such a value neither wins nor is written over."""
    former = {
        f"{right.entity} {two.field}": f"{right.entity} {one.field}"
        for left, right in entity_pairs(old, new)
        for one, two in field_pairs(left, right)
        if right and one and two
    }
    for place, count in sorted(after.unreadable.items()):
        system, _, name = place.partition(" ")
        more = count - before.unreadable.get(f"{system} {former.get(name, name)}", 0)
        if more > 0:
            entity, _, field = name.partition(" ")
            what = N_("{entity} {field}: more values of {system} cannot be read: crmsync audit")
            params: dict[str, str | int] = {"entity": entity, "field": field, "system": system}
            yield Risk("orange", "R602", what, params, more)


def _scoped(
    old: WorkspaceMapping, new: WorkspaceMapping, before: Measured | None, after: Measured | None
) -> Iterator[Risk]:
    """Who comes into the scope and who leaves it, by system."""
    for left, right in entity_pairs(old, new):
        for system in sorted(rescoped(left, right)) if left and right else ():
            name = right.entity if right else ""
            yield from _rescoped_risks(name, system, before, after)


def _rescoped_risks(
    entity: str, system: str, before: Measured | None, after: Measured | None
) -> Iterator[Risk]:
    params: dict[str, str | int] = {"entity": entity, "system": system}
    unread = {
        native
        for each in (before, after)
        for where, native in (each.unread.get(entity, ()) if each else ())
        if where == system
    }
    if before is None or after is None or unread:
        what = N_("{entity}: other records of {system} take part; how many was not measured")
        if unread:
            params["fields"] = ", ".join(sorted(unread))
            what = N_(
                "{entity}: the scope of {system} asks for {fields}, not read yet: crmsync pull"
            )
        yield Risk("orange", "R503", what, params)
        return
    was, will = (_outside(each, entity, system) for each in (before, after))
    if will - was:
        what = N_(
            "{entity}: records leave the scope of {system}: kept as they are, written no more"
        )
        yield Risk("orange", "R503", what, params, len(will - was))
    if was - will:
        what = N_("{entity}: records come into the scope of {system}")
        yield Risk("orange", "R503", what, params, len(was - will))


def _outside(measured: Measured, entity: str, system: str) -> set[tuple[str, str, str]]:
    return {each for each in measured.outside.get(entity, ()) if each[0] == system}


def _structural(
    old: WorkspaceMapping, new: WorkspaceMapping, later: Totals | None
) -> Iterator[Risk]:
    for before, after in entity_pairs(old, new):
        for left, right in field_pairs(before, after):
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


_DECIDES = (
    *("on_conflict", "direction", "blank", "names", "made_of", "values", "order", "to"),
    *("region", "country", "country_from", "currency", "timezone"),
)
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
