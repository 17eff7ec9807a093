"""What differs between two mappings, aspect by aspect, as a reviewer reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from dataclasses import fields as dataclass_fields
from typing import Any

from crmsync.core.mapping import Entity, Field, MadeOf, OneWay, WorkspaceMapping

Aspect = tuple[str, str, str, str | None, str | None]
"""Entity, field, aspect, before, after."""
_REMARKS = ("doc", "why", "renamed_from", "field")


def entity_pairs(
    old: WorkspaceMapping, new: WorkspaceMapping
) -> Iterator[tuple[Entity | None, Entity | None]]:
    """Entities of both sides by name; None where a side has none."""
    for _, before, after in _by_name(old, new):
        yield before, after


def _by_name(
    old: WorkspaceMapping, new: WorkspaceMapping
) -> Iterator[tuple[str, Entity | None, Entity | None]]:
    left = {each.entity: each for each in old.entities}
    right = {each.entity: each for each in new.entities}
    for name in sorted({*left, *right}):
        yield name, left.get(name), right.get(name)


def field_pairs(
    old: Entity | None, new: Entity | None
) -> Iterator[tuple[Field | None, Field | None]]:
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
    for name, before, after in _by_name(old, new):
        changes += _entity_aspects(name, before, after)
        for left, right in field_pairs(before, after):
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
    if before.duplicates != after.duplicates:
        yield name, "*", "duplicates", _model(before), _model(after)
    for system in sorted(rescoped(before, after)):
        yield name, "*", f"scope {system}", _scope(before, system), _scope(after, system)
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


def rescoped(before: Entity, after: Entity) -> set[str]:
    """Systems in which other records take part than before."""
    systems = {*before.scope, *after.scope}
    return {each for each in systems if before.scope.get(each) != after.scope.get(each)}


def _scope(entity: Entity, system: str) -> str | None:
    """Who takes part, as the file says it; None for everybody."""
    return _shown(entity.scope[system]) if entity.scope.get(system) else None


def _links(entity: Entity) -> str:
    told = (f"{x.system} {x.field} -> {x.to.system} {x.to.object}" for x in entity.native_links)
    return ", ".join(told)


def _model(entity: Entity) -> str | None:
    """By what records are compared, as the file says it; None where duplicates are not searched."""
    return _shown(asdict(entity.duplicates)) if entity.duplicates else None


def _seat(seat: Any) -> str:
    where = f", where {seat.where}" if seat.where else ""
    create = seat.create if isinstance(seat.create, str) else f"when {seat.create.when}"
    return f"create {create}{where}"


def _field_aspects(entity: str, before: Field | None, after: Field | None) -> Iterator[Aspect]:
    if before is None and after is not None:
        yield entity, after.field, "added", None, _shown(after.names)
        if after.made_of:
            yield entity, after.field, "made_of", None, _shown(after.made_of)
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
    if isinstance(value, MadeOf):
        options = "".join(f", {name} {text!r}" for name, text in sorted(value.options.items()))
        return f"{value.transform}({', '.join(value.inputs)}{options})"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_nested(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join("+".join(each) if isinstance(each, list) else str(each) for each in value)
    return str(value)


def _nested(value: Any) -> str:
    return f"{{{_shown(value)}}}" if isinstance(value, Mapping) else _shown(value)
