"""The reference set for systems of other names: who plays Salesforce's part, who HubSpot's.

A workspace may call its systems `crm` and `marketing`, or have two portals. What the reference files
say of `salesforce` is then said of each system that is built like it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from crmsync.config.mapping_text import MappingText
from crmsync.config.sound import sound, told_by_object

Cast: TypeAlias = Mapping[str, tuple[str, ...]]
"""Systems of the workspace by the part they play: `{"salesforce": ("crm",), "hubspot": ()}`."""

_TOLD = frozenset(("doc", "why", "when", "order", "options", "inputs"))


def as_it_stands(cast: Cast) -> bool:
    """True if every system bears the name of its part: the reference files fit without a change."""
    return all(systems in ((), (part,)) for part, systems in cast.items())


def cast_mapping(mapping: MappingText, cast: Cast) -> MappingText:
    """The mapping for other systems: parts that nobody plays are left out, those of two are doubled."""
    if as_it_stands(cast):
        return mapping
    objects = _objects(mapping.values.get("seats", []))
    mapping = mapping.head_changed("seats", lambda seats: _seats(seats, cast))
    mapping = mapping.head_changed("scope", lambda scope: _said(scope, cast))
    mapping = mapping.head_changed("native_links", lambda links: _links(links, cast))
    kept = [
        (part, _field(part.value, cast, objects))
        for part in mapping.fields
        if part.value is not None
    ]
    fields = tuple(
        part.with_value(value) for part, value in kept if value.get("names") or value.get("made_of")
    )
    return sound(replace(mapping, fields=fields))


def cast_audit(text: str, cast: Cast) -> str:
    """The SQL of an audit for other systems: each part is the first system that plays it.

    What an audit says to people stays: header lines with sentences, and literals of several words.
    """
    named = {system for systems in cast.values() for system in systems}
    chosen = {part: systems[0] for part, systems in cast.items() if systems}
    # A part that nobody plays must not become the system that bears its name and plays another.
    chosen |= {part: f"no_{part}" for part in named & (set(cast) - set(chosen))}
    if as_it_stands(cast) or not chosen:
        return text
    return "".join(_audit_line(line, chosen) for line in text.splitlines(keepends=True))


_SENTENCES = re.compile(r"-- (summary|why|remedy|id|severity|category):")
_LITERAL = re.compile(r"('[^']*')")


def _audit_line(line: str, chosen: Mapping[str, str]) -> str:
    if _SENTENCES.match(line):
        return line
    name = re.compile(rf"(?<![A-Za-z0-9])({'|'.join(chosen)})(?![A-Za-z0-9])")
    pieces = _LITERAL.split(line)
    return "".join(
        piece if piece.startswith("'") and " " in piece else name.sub(lambda m: chosen[m[1]], piece)
        for piece in pieces
    )


def _seats(seats: Any, cast: Cast) -> list[Any]:
    return [
        {**seat, "system": system}
        for seat in seats
        for system in cast.get(seat.get("system"), (seat.get("system"),))
    ]


def _links(links: Any, cast: Cast) -> list[Any]:
    """Native links between systems whose parts are played by one each: between others nobody wrote any."""
    played = {
        part: systems[0]
        for part, systems in cast.items()
        if len(systems) == 1 and systems[0] not in _undecided(cast)
    }
    return [
        {
            **link,
            "system": played[link["system"]],
            "to": {**link["to"], "system": played[link["to"]["system"]]},
        }
        for link in links
        if {link["system"], link["to"]["system"]} <= set(played)
    ]


def _objects(seats: list[Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for seat in seats:
        found.setdefault(seat["system"], []).append(seat["object"])
    return found


def _field(value: dict[str, Any], cast: Cast, objects: Mapping[str, list[str]]) -> dict[str, Any]:
    """A field for other systems; one that could play several parts has the names of each by object."""
    found: dict[str, Any] = _said(value, cast)
    for system in _undecided(cast):
        for key in ("names", "made_of"):
            by_object: dict[str, Any] = {}
            for part, said in value.get(key, {}).items():
                by_object |= told_by_object(said, objects[part])
            if by_object:
                found[key][system] = by_object
        mapped = {k: v for values in value.get("values", {}).values() for k, v in values.items()}
        if mapped:
            found["values"][system] = mapped
    return found


def _undecided(cast: Cast) -> list[str]:
    """Systems of which nobody knows yet whose part they play."""
    played = [system for systems in cast.values() for system in systems]
    return [system for system in dict.fromkeys(played) if played.count(system) > 1]


def _said(value: Any, cast: Cast) -> Any:
    """A value with every key that names a part given to who plays it; who decides is kept if it is one."""
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for key, each in value.items():
        if key in cast:
            found |= dict.fromkeys(cast[key], each)
        elif key in _TOLD:
            found[key] = each
        else:
            found[key] = _DECIDED.get(key, _said)(each, cast)
    return {key: each for key, each in found.items() if each != {} or value.get(key) == {}}


def _policy(policy: Any, cast: Cast) -> Any:
    """`{prefer: salesforce}` for the one who plays it; with none or several of them a person decides."""
    return _one(policy, cast, otherwise="ask")


def _direction(direction: Any, cast: Cast) -> Any:
    return _one(direction, cast, otherwise="none")


def _one(said: Any, cast: Cast, *, otherwise: str) -> Any:
    if not isinstance(said, dict):
        return said
    ((word, part),) = said.items()
    systems = [one for one in cast.get(part, (part,)) if one not in _undecided(cast)]
    return {word: systems[0]} if len(systems) == 1 else otherwise


_DECIDED: Mapping[str, Any] = {"on_conflict": _policy, "direction": _direction}
