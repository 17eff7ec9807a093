"""A mapping without loose ends: nothing in it asks for a field that was taken out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from crmsync.config.mapping_text import MappingText

_LOOKUP = "lookup"
_LINKS, _LINK = "native_links", "native_link"


def sound(mapping: MappingText) -> MappingText:
    """The mapping without what asks for fields it does not have: match rules, conditions, lookups, facts."""
    names = {field["field"] for field in mapping.values["fields"]}
    fields = tuple(
        part if part.value is None else part.with_value(_without_loose(part.value, names))
        for part in mapping.fields
    )
    mapping = replace(mapping, fields=fields)
    known = names | {"key", "decided"}
    if mapping.values.get(_LINKS):
        known |= {_LINK}
    else:
        mapping = mapping.head_without(_LINKS)
    mapping = mapping.head_changed("match", lambda rules: _known_rules(rules, known))
    mapping = mapping.head_changed("duplicates", lambda model: _known_model(model, names))
    return mapping.head_changed("seats", lambda seats: [_known_seat(each, names) for each in seats])


def told_by_object(said: Any, objects: Iterable[str]) -> dict[str, Any]:
    """What a field says of one system, by object: a name or a transform is said of all of them."""
    if isinstance(said, dict) and "transform" not in said:
        return said
    return dict.fromkeys(objects, said)


def _known_rules(rules: Any, names: Collection[str]) -> list[Any]:
    def known(rule: Any) -> bool:
        asked = [rule] if isinstance(rule, str) else rule
        return not isinstance(asked, list) or all(name in names for name in asked)

    return [rule for rule in rules if known(rule)]


def _known_model(model: Any, names: Collection[str]) -> Any:
    """How duplicates are searched, without facts in fields that are not there."""
    if not isinstance(model, dict) or not isinstance(model.get("parts"), dict):
        return model
    parts: dict[str, Any] = {}
    for part, said in model["parts"].items():
        asked = [said] if isinstance(said, str) else list(said)
        kept = [name for name in asked if str(name).partition(".")[0] in names]
        if kept:
            parts[part] = said if kept == asked else kept
    return {**model, "parts": parts}


def _known_seat(seat: Any, names: Collection[str]) -> Any:
    """A seat whose condition for creating can be met; a person is asked where it cannot be told."""
    create = seat.get("create") if isinstance(seat, dict) else None
    asked = create.get("when", {}) if isinstance(create, dict) else {}
    return {**seat, "create": "ask"} if set(asked) - set(names) else seat


def _without_loose(value: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    kept = {key: each for key, each in value.items() if not key.endswith("_from") or each in names}
    if "made_of" not in kept:
        return kept
    made = {system: _made(said, names) for system, said in kept["made_of"].items()}
    left = {system: said for system, said in made.items() if said}
    bare = {key: each for key, each in kept.items() if key != "made_of"}
    return {key: left if key == "made_of" else kept[key] for key in kept} if left else bare


def _made(said: Any, names: Collection[str]) -> Any:
    """How a value is made, without lookups through a field that is not there."""
    if not isinstance(said, dict):
        return said
    if "transform" in said:
        lost = said["transform"] == _LOOKUP and said.get("inputs", [""])[0] not in names
        return None if lost else said
    found = {object_: _made(each, names) for object_, each in said.items()}
    return {object_: each for object_, each in found.items() if each}
