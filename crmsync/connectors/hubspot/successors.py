"""Which property may have taken the place of one that was archived.

The name of a property can never be changed: whoever wants another one makes a new property and archives the old one
(developers.hubspot.com, Properties, read 2026-11). So the new one is of people's own making, younger, of the same type,
and has the same label or the same options.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crmsync.connectors.hubspot.values import instant

Property = Mapping[str, Any]
_FEWEST_OPTIONS = 2
"""One option alone, or none, is no likeness."""


def successors(old: Property, live: Iterable[Property]) -> tuple[str, ...]:
    """Names of the properties that look as if they had taken the place of an archived one, sorted."""
    return tuple(sorted(str(one["name"]) for one in live if _looks_like(one, old)))


def _looks_like(one: Property, old: Property) -> bool:
    if one.get("hubspotDefined") or one.get("type") != old.get("type") or not _is_younger(one, old):
        return False
    return _label(one) == _label(old) != "" or _has_the_options(one, old)


def _is_younger(one: Property, old: Property) -> bool:
    """True too if one of them does not say when it was made."""
    made, before = (instant(each.get("createdAt")) for each in (one, old))
    return not made or not before or made > before


def _label(one: Property) -> str:
    return str(one.get("label") or "").strip().casefold()


def _has_the_options(one: Property, old: Property) -> bool:
    """True if every option of the old one is there by its value."""
    now, before = ({str(o.get("value")) for o in each.get("options") or ()} for each in (one, old))
    return len(before) >= _FEWEST_OPTIONS and before <= now and before != {"true", "false"}
