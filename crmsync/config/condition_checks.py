"""What is wrong with conditions (`where`, `scope`, `create: {when: ...}`) and match rules that say nothing.

| code | says | is |
|---|---|---|
| CRM040 | a match rule of no field; one that says something twice | a problem; a remark |
| CRM041, CRM087 | no condition at all, or one of no values: everybody, or nobody | a problem |
| CRM094 | `no` or `10:30` without quotes where a flag may be meant: a text, which no flag is | a problem |
| CRM095 | the same where it can only be a text, as in a value map | a remark |
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from crmsync.config.consequences import Complaint
from crmsync.config.edits import value_at
from crmsync.config.lines import Document, Path
from crmsync.core.mapping import Condition, CreateWhen, Entity, Field

_YES = frozenset(("yes", "y", "on"))


class _Asked(NamedTuple):
    """Conditions that stand together: their place, what they are called and, by name, whether each may be of a flag."""

    path: Path
    called: str
    code: str
    conditions: Mapping[str, Condition]
    flags: Mapping[str, bool]
    remedy: str = "add one, or remove it"


def check_conditions(entity: Entity, document: Document) -> Iterator[Complaint]:
    """Conditions that are met by everybody or by nobody, and match rules of no field."""
    for asked in _asked(entity, document):
        if not asked.conditions:
            message = f"{asked.called} without a condition"
            yield asked.path, asked.code, message, asked.remedy
        for name, condition in asked.conditions.items():
            if condition == []:
                message = f"{asked.called}: '{name}' is to be one of no values"
                yield (*asked.path, name), asked.code, message, "list values, or remove it"
    for at, rule in enumerate(entity.match):
        if rule == []:
            message = "a match rule of no field"
            yield ("match", at), "CRM040", message, "name a field of this entity, or remove it"
    yield from (each for is_remark, each in _unquoted(entity, document) if not is_remark)


def remarks_on_conditions(entity: Entity, document: Document) -> Iterator[Complaint]:
    """What works, and is worth a look: words without quotes in value maps, match rules that are there twice."""
    yield from (each for is_remark, each in _unquoted(entity, document) if is_remark)
    seen: set[tuple[str, ...]] = set()
    for at, rule in enumerate(entity.match):
        names = [rule] if isinstance(rule, str) else rule
        for name in (name for name, times in Counter(names).items() if times > 1):
            yield ("match", at), "CRM040", f"match names '{name}' twice in one rule", "remove one"
        if (same := tuple(sorted(set(names)))) in seen:
            message = f"match has the rule '{', '.join(same)}' twice"
            yield ("match", at), "CRM040", message, "remove one"
        seen.add(same)


def _asked(entity: Entity, document: Document) -> Iterator[_Asked]:
    """All conditions of an entity; a `where` only if the file has one."""
    for at, seat in enumerate(entity.seats):
        path: Path = ("seats", at, "where")
        if value_at(document.value, path) is not None:
            flags = _flags(entity, seat.system, seat.object, seat.where)
            yield _Asked(path, "where", "CRM087", seat.where, flags)
        if isinstance(seat.create, CreateWhen):
            when = seat.create.when
            ours = {name: _is_flag([entity.field_named(name)]) for name in when}
            path = ("seats", at, "create", "when")
            remedy = "add one, or write `create: ask`: everybody meets no condition"
            yield _Asked(path, "create: when", "CRM041", when, ours, remedy)
    for system, scope in entity.scope.items():
        plain = {name: each for name, each in scope.items() if not isinstance(each, dict)}
        if plain:
            flags = _flags(entity, system, "", plain)
            yield _Asked(("scope", system), "scope", "CRM087", plain, flags)
        for name, each in scope.items():
            if isinstance(each, dict) and each:  # an empty one is told with the scopes
                flags = _flags(entity, system, name, each)
                yield _Asked(("scope", system, name), "scope", "CRM087", each, flags)


def _flags(
    entity: Entity, system: str, object_: str, conditions: Mapping[str, Condition]
) -> dict[str, bool]:
    """For native fields of an object (`""`: of all), whether each may be a flag for all the mapping says."""
    objects = [object_] if object_ else [seat.object for seat in entity.seats_of(system)]
    return {
        native: _is_flag(
            [
                field
                for field in entity.fields
                if any(native in field.inputs_in(system, each) for each in objects)
            ]
        )
        for native in conditions
    }


def _is_flag(fields: list[Field] | list[Field | None]) -> bool:
    """True if all that is known of a value leaves room for a flag."""
    return all(field is None or field.type == "flag" for field in fields)


def _unquoted(entity: Entity, document: Document) -> Iterator[tuple[bool, Complaint]]:
    """Words such as `no` and `10:30` without quotes, and whether that is only worth a remark."""
    if document.unquoted or document.unquoted_keys:
        yield from _in_conditions(entity, document)
        yield from _in_value_maps(entity, document)


def _in_conditions(entity: Entity, document: Document) -> Iterator[tuple[bool, Complaint]]:
    for asked in _asked(entity, document):
        for name, is_flag in asked.flags.items():
            for path in _at_or_in((*asked.path, name), document):
                yield not is_flag, _told(path, value_at(document.value, path), is_flag=is_flag)


def _in_value_maps(entity: Entity, document: Document) -> Iterator[tuple[bool, Complaint]]:
    """Native words of a map are texts whatever they look like; those of ours may have to be a flag."""
    pairs = (
        (field, ("fields", at, "values", system, native), native, ours)
        for at, field in enumerate(entity.fields)
        for system, values in field.values.items()
        for native, ours in values.items()
    )
    for field, path, native, ours in pairs:
        if path in document.unquoted_keys:
            yield True, _told(path, native, is_flag=False)
        if path in document.unquoted:
            is_flag = field.type == "flag"
            yield not is_flag, _told(path, ours, is_flag=is_flag)


def _at_or_in(path: Path, document: Document) -> Iterator[Path]:
    """The place itself, and those of a list that stands there, where a word lacks its quotes."""
    for each in sorted(document.unquoted, key=str):
        if each == path or each[:-1] == path:
            yield each


def _told(path: Path, word: str, *, is_flag: bool) -> Complaint:
    """What YAML makes of a word, and how to write what was meant."""
    quoted = f'"{word}" in quotes'
    if ":" in word or not is_flag:
        message = f"'{word}' without quotes: a text here, and something else for other programs"
        return path, "CRM094" if is_flag else "CRM095", message, f"write {quoted}"
    meant = "true" if word.lower() in _YES else "false"
    message = f"'{word}' without quotes is a text, and no flag is like it"
    return path, "CRM094", message, f"write {meant}, or {quoted}"
