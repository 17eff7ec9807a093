"""What of the face has to be made for those who will read it: they name every table that they ask.

The stories beside audits build a face each, for one audit: most of it would be made in vain. A word counts wherever it
stands, so too much may be made and never too little; what was spared by mistake is no table, and said to be none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_WORD = re.compile(r"\w+")
_TABLE = re.compile(r"(?:\b(?:from|join)|,)\s+\"?(\w+)", re.IGNORECASE)
PARTS: Mapping[str, frozenset[str]] = {
    "drift": frozenset(("drift", "compared")),
    "facts": frozenset(
        (
            *("activity", "activity_about", "activity_mirror", "event", "campaign"),
            *("campaign_member", "calendar", "list", "list_member", "pipeline", "subscription"),
            *("consent", "marketing", "stage_time", "fact", "field_write"),
        )
    ),
    "field": frozenset(("field",)),
    "inventory": frozenset(
        (
            *("property", "field_use", "loss", "way", "term", "automation"),
            *("native_connector", "inventory", "tracked"),
        )
    ),
    "lifecycle": frozenset(
        (
            *("stage_event", "standing_in", "standing", "stage_reached", "conversion", "ladder"),
            *("says", "transition", "buyer"),
        )
    ),
    "misfit": frozenset(("misfit",)),
    "unreadable": frozenset(("unreadable",)),
}
"""The tables that can be spared, and the words of `needs` for them, by what makes them together."""
_RESTS_ON = {"lifecycle": ("facts",)}


def words_in(texts: Iterable[str | None]) -> frozenset[str]:
    """The words of some queries and needs."""
    return frozenset(word.lower() for text in texts if text for word in _WORD.findall(text))


def tables_in(queries: Iterable[str | None]) -> frozenset[str]:
    """The words of some queries that stand where a table may: fewer than all words, and some that are columns."""
    return frozenset(name.lower() for text in queries if text for name in _TABLE.findall(text))


def parts_of(words: frozenset[str] | None) -> frozenset[str]:
    """The parts to be made for who names these words; all of them where nobody says what is read."""
    if words is None:
        return frozenset(PARTS)
    named = {part for part, names in PARTS.items() if names & words}
    return frozenset((*named, *(other for part in named for other in _RESTS_ON.get(part, ()))))
