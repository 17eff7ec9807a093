"""`lifecycle.yml` for systems of other names: as `casting.py` does it for mappings, comments and all."""

from __future__ import annotations

import re

from crmsync.config.casting import Cast, as_it_stands

_SECTION = re.compile(r"^  (\w+):\n((?:    .*\n|\s*\n)*)", re.MULTILINE)
_OWNED = re.compile(r"^(  \w+|disposition_owner): (\w+)$", re.MULTILINE)
_SYSTEMS = "systems:\n"


def cast_lifecycle(text: str, cast: Cast) -> str:
    """The reference lifecycle for other systems: a part that two play is told of both, the first decides.

    What is said of a part that nobody plays stays: it waits for the second system.
    """
    if as_it_stands(cast):
        return text
    head, mark, below = text.partition(_SYSTEMS)
    played = {part: systems[0] for part, systems in cast.items() if systems}
    head = _OWNED.sub(lambda found: f"{found[1]}: {played.get(found[2], found[2])}", head)
    told: set[str] = set()
    return head + mark + _SECTION.sub(lambda found: _section(found, cast, told), below)


def _section(found: re.Match[str], cast: Cast, told: set[str]) -> str:
    """The section of a part for each system that plays it; a system is told of once."""
    part, said = found[1], found[2]
    systems = [each for each in cast.get(part, ()) or (part,) if each not in told]
    told.update(systems)
    return "".join(f"  {system}:\n{said}" for system in systems)
