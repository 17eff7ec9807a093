"""What a mapping says of values that a workspace cannot do, or does in a way that is worth knowing.

| code | says | is |
|---|---|---|
| CRM089 | several native values are one of ours, and which of them is written | a remark |
| CRM090 | words of ours that a system has no word for, so that they are never written there | a remark |
| CRM040, CRM095 | what `condition_checks.py` finds worth knowing | a remark |
| CRM091 | `newest` where a system cannot say when a value changed | a problem |
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crmsync.config.condition_checks import remarks_on_conditions
from crmsync.config.consequences import Complaint
from crmsync.config.mappings import Mappings
from crmsync.config.project_form import Project
from crmsync.config.writer_checks import Checked
from crmsync.core.mapping import Entity, Field
from crmsync.errors import Problem

_MAPPED = frozenset({"choice", "choices", "flag", "references"})
# Neither exports nor tables keep the history of a value.
_TIMELESS = frozenset({"files", "sql"})
_SHOWN = 3


def check_values(project: Project, mappings: Mappings) -> Checked:
    """Problems and remarks, in order of the fields, of all that can be understood."""
    found = Checked()
    for entity in mappings.mapping.entities:
        file = mappings.files[entity.entity]
        for field in entity.fields:
            at = file.named(field.field) or ()
            said = [(found.remarks, each) for each in _remarks(project, entity, field)]
            said += [(found.problems, each) for each in _timeless(project, field)]
            for lines, (path, code, message, remedy) in said:
                lines.append(Problem(*file.place((*at, *path)), code, message, remedy))
        whole = file.entity or entity
        for path, code, message, remedy in remarks_on_conditions(whole, file.document):
            found.remarks.append(Problem(*file.place(path), code, message, remedy))
    return found


def _remarks(project: Project, entity: Entity, field: Field) -> Iterator[Complaint]:
    if field.type not in _MAPPED or field.direction == "none":
        return
    for system in _written(project, entity, field):
        if field.values.get(system):
            yield from _several(field, system)
            yield from _wordless(field, system)


def _written(project: Project, entity: Entity, field: Field) -> list[str]:
    """Systems whose own field may be set: not what is only read, and not what others make."""
    closed = project.read_only()
    return [
        seat.system
        for seat in {seat.system: seat for seat in entity.seats}.values()
        if seat.system in field.names
        and field.writes_to(seat.system)
        and any((seat.system, each.object) not in closed for each in entity.seats_of(seat.system))
    ]


def _several(field: Field, system: str) -> Iterator[Complaint]:
    """Native values that mean the same: one of them is written for all."""
    groups: dict[str, list[str]] = {}
    for native, ours in field.values[system].items():
        groups.setdefault(ours, []).append(native)
    drawn = [
        f"{_listed(natives)} = '{ours}'" for ours, natives in groups.items() if len(natives) > 1
    ]
    if drawn:
        message = (
            f"field '{field.field}': several values of {system} are one of ours; "
            f"the first of each will be written: {_shortened(drawn, '; ')}"
        )
        remedy = f"leave it, or put the value to be written first under `values: {{{system}: ...}}`"
        yield ("values", system), "CRM089", message, remedy


def _wordless(field: Field, system: str) -> Iterator[Complaint]:
    """Our words that the other systems say and this one has no word for."""
    known = set(field.values[system].values())
    lost = [word for word in _said(field, system) if word not in known]
    if lost:
        message = f"field '{field.field}': {system} has no word for {_listed(lost)}"
        remedy = f"leave it if it is never to be written there, or add one under `values: {{{system}: ...}}`"
        yield ("values", system), "CRM090", message, remedy


def _said(field: Field, target: str) -> list[str]:
    """Our words that may come to a system from the others, in the order of the maps."""
    if field.type == "flag":
        return ["true", "false"]
    others = [each for each in field.systems if each != target and field.speaks_for(each)]
    words = (ours for each in others for ours in field.values.get(each, {}).values())
    return list(dict.fromkeys(words))


def _timeless(project: Project, field: Field) -> Iterator[Complaint]:
    if field.policy != "newest" or field.direction == "none":
        return
    for system in field.systems:
        kind = project.systems[system].get("kind")
        if kind in _TIMELESS:
            message = (
                f"field '{field.field}': 'newest' needs times, and {system} ({kind}) keeps none"
            )
            remedy = f"write `on_conflict: ask`, or `{{prefer: {system}}}`"
            yield ("on_conflict",), "CRM091", message, remedy


def _listed(words: Sequence[str]) -> str:
    return _shortened([f"'{word}'" for word in words])


def _shortened(words: Sequence[str], sign: str = ", ") -> str:
    """The first few, and how many more there are."""
    more = len(words) - _SHOWN
    shown = sign.join(words[:_SHOWN])
    return f"{shown} (+{more})" if more > 0 else shown
