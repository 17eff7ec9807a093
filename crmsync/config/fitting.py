"""A mapping fitted to what systems really have: what is not there becomes a comment with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from crmsync.config.mapping_text import MappingText, Part, remark_part
from crmsync.config.sound import sound, told_by_object
from crmsync.core.records import Schema
from crmsync.language import _

Schemas: TypeAlias = Mapping[tuple[str, str], Schema | str]
"""By system and object: what it told of its fields, or why it did not."""
_HELD = ("names", "made_of")


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
    return Fitted(sound(replace(mapping, fields=tuple(fields))), (*told, *missing))


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
    if value is None or not any(isinstance(value.get(key), dict) for key in _HELD):
        return part, ""
    held: dict[str, dict[str, Any]] = {key: {} for key in _HELD if key in value}
    gone = []
    for key, systems in held.items():
        for system, said in value[key].items():
            there = _there(said, schemas.get(system))
            gone += [] if there else [f"{system} {', '.join(dict.fromkeys(_natives(said)))}"]
            systems |= {system: there} if there else {}
    if not gone:
        return _with_objects(part, held)
    reason = _("{field}: not there, or not readable: {names}").format(
        field=value["field"], names=", ".join(gone)
    )
    before, after = _systems(value), _systems(held)
    if len(after & set(schemas)) > 1 and not _leaning(value) & (before - after):
        return part.with_value(_narrowed(value, held, before - after)), reason
    return part.as_comment(reason), reason


def _systems(value: Mapping[str, Any]) -> set[str]:
    """Systems that hold a field in some way."""
    return {system for key in _HELD for system in value.get(key, {})}


def _with_objects(part: Part, held: Mapping[str, dict[str, Any]]) -> tuple[Part, str]:
    """A field without the objects that do not have it, and which those are."""
    value = part.value
    less = [
        f"{system} {', '.join(said)}"
        for key, systems in held.items()
        for system, said in systems.items()
        if said != value[key][system]
    ]
    if not less:
        return part, ""
    reason = _("{field}: only in {names}").format(field=value["field"], names=", ".join(less))
    return part.with_value({**value, **held}), reason


def _there(said: Any, objects: Mapping[str, Schema] | None) -> Any:
    """What exists of it, None if nothing does; as it is where the system was not asked."""
    if objects is None:
        return said
    wanted = told_by_object(said, objects)
    found = {
        object_: each
        for object_, each in wanted.items()
        if object_ not in objects or set(_natives(each)) <= set(objects[object_].fields)
    }
    return said if found == wanted else found or None


def _natives(said: Any) -> list[str]:
    """The native fields that have to be there: a name, or the inputs of a transform."""
    if isinstance(said, str):
        return [said]
    if "transform" in said:
        return [] if said["transform"] == "lookup" else list(said.get("inputs", ()))
    return [name for each in said.values() for name in _natives(each)]


def _leaning(value: Mapping[str, Any]) -> set[str]:
    """Systems that the policy or the direction of a field names."""
    rules = (value.get("on_conflict"), value.get("direction"))
    return {name for rule in rules if isinstance(rule, dict) for name in rule.values()}


def _narrowed(
    value: dict[str, Any], held: Mapping[str, dict[str, Any]], lost: set[str]
) -> dict[str, Any]:
    """The field without what it says of systems that do not have it."""
    said = {**value, **{key: each for key, each in held.items() if each}}
    bare = {key: each for key, each in said.items() if key not in held or held[key]}
    values = {system: each for system, each in bare.get("values", {}).items() if system not in lost}
    return bare | {"values": values} if "values" in bare else bare
