"""A mapping fitted to what systems really have: what is not there becomes a comment with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from crmsync.config.casting import matching
from crmsync.config.mapping_text import MappingText, Part, remark_part
from crmsync.core.records import Schema
from crmsync.language import _

Schemas: TypeAlias = Mapping[tuple[str, str], Schema | str]
"""By system and object: what it told of its fields, or why it did not."""
Names: TypeAlias = str | dict[str, str]


@dataclass(frozen=True, slots=True)
class Fitted:
    """The mapping as it can be pulled at once, and what had to be left out, in words."""

    mapping: MappingText
    left_out: tuple[str, ...] = ()


def fitted(mapping: MappingText, schemas: Schemas) -> Fitted:
    """Seats that cannot be read and fields that are not there as comments; the rest stays."""
    seats = [seat for seat in mapping.values.get("seats", []) if isinstance(seat, dict)]
    closed = {place: said for place, said in schemas.items() if isinstance(said, str)}
    lost = [seat for seat in seats if (seat["system"], seat["object"]) in closed]
    told = [f"{s['system']} {s['object']}: {closed[s['system'], s['object']]}" for s in lost]
    if lost and len(lost) < len(seats):
        open_seats = [seat for seat in seats if seat not in lost]
        mapping = mapping.head_changed("seats", lambda _seats: open_seats)
        mapping = replace(mapping, fields=(remark_part(told), *mapping.fields))
    fields, missing = [], []
    for part in mapping.fields:
        part, reason = _fit(part, _readable(seats, schemas))
        fields.append(part)
        missing += [reason] if reason else []
    return Fitted(matching(replace(mapping, fields=tuple(fields))), (*told, *missing))


def _readable(seats: list[Any], schemas: Schemas) -> dict[str, dict[str, Schema]]:
    """Schemas by system and object, of the seats that could be asked."""
    found: dict[str, dict[str, Schema]] = {}
    for seat in seats:
        schema = schemas.get((seat["system"], seat["object"]))
        if isinstance(schema, Schema):
            found.setdefault(seat["system"], {})[seat["object"]] = schema
    return found


def _fit(part: Part, schemas: Mapping[str, Mapping[str, Schema]]) -> tuple[Part, str]:
    """A field as far as it is there, and why it is not, if it is not."""
    value = part.value
    if value is None or not isinstance(value.get("names"), dict):
        return part, ""
    names: dict[str, Names] = {}
    gone = []
    for system, said in value["names"].items():
        there = _there(said, schemas.get(system))
        gone += [f"{system} {_shown(said)}"] if there is None else []
        if there is not None:
            names[system] = there
    known = [system for system in names if system in schemas]
    if not gone:
        return _with_objects(part, names)
    reason = _("{field}: not there, or not readable: {names}").format(
        field=value["field"], names=", ".join(gone)
    )
    if len(known) > 1 and not _leaning(value) & (set(value["names"]) - set(names)):
        return part.with_value(_narrowed(value, names)), reason
    return part.as_comment(reason), reason


def _with_objects(part: Part, names: Mapping[str, Names]) -> tuple[Part, str]:
    """A field without the objects that do not have it, and which those are."""
    value = part.value
    less = [system for system, said in names.items() if said != value["names"][system]]
    if not less:
        return part, ""
    there = ", ".join(f"{system} {', '.join(names[system])}" for system in less)
    reason = _("{field}: only in {names}").format(field=value["field"], names=there)
    return part.with_value({**value, "names": dict(names)}), reason


def _there(said: Names, objects: Mapping[str, Schema] | None) -> Names | None:
    """The names that exist, None if none does; as they are where the system was not asked."""
    if objects is None:
        return said
    wanted = said if isinstance(said, dict) else dict.fromkeys(objects, said)
    found = {
        object_: name
        for object_, name in wanted.items()
        if object_ not in objects or name in objects[object_].fields
    }
    if found == wanted:
        return said
    return found or None


def _shown(said: Names) -> str:
    return said if isinstance(said, str) else ", ".join(dict.fromkeys(said.values()))


def _leaning(value: Mapping[str, Any]) -> set[str]:
    """Systems that the policy or the direction of a field names."""
    rules = (value.get("on_conflict"), value.get("direction"))
    return {name for rule in rules if isinstance(rule, dict) for name in rule.values()}


def _narrowed(value: dict[str, Any], names: Mapping[str, Names]) -> dict[str, Any]:
    """The field without what it says of systems that do not have it."""
    lost = set(value["names"]) - set(names)
    return {key: dict(_without(key, each, names, lost)) if isinstance(each, dict) else each
            for key, each in value.items()}  # fmt: skip


def _without(
    key: str, each: Mapping[str, Any], names: Mapping[str, Names], lost: set[str]
) -> Iterator[tuple[str, Any]]:
    if key == "names":
        yield from names.items()
        return
    yield from ((name, said) for name, said in each.items() if name not in lost)
