"""The columns of a list of pairs that people fill in: what programs call them, and what people do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crmsync.language import LANGUAGES, N_, translate
from crmsync.reports.words import ENTITIES, named

HEADS: Mapping[str, str] = {
    "entity": N_("Entity"),
    "group": N_("Group"),
    "one_system": N_("One: system"),
    "one_object": N_("One: object"),
    "one_id": N_("One: record"),
    "other_system": N_("Other: system"),
    "other_object": N_("Other: object"),
    "other_id": N_("Other: record"),
    "tier": N_("Tier"),
    "probability": N_("Probability"),
    "reason": N_("Reason"),
    "decision": N_("Decision"),
    "note": N_("Comment"),
}
"""By the name in a CSV file, the head in a workbook."""


def columns_named(cells: Iterable[str | None]) -> dict[str, int]:
    """Where each known column stands, by its name, its English or its Spanish head; the first of a name counts."""
    names = {
        spelt.casefold(): name
        for name, head in HEADS.items()
        for spelt in (name, *(translate(head, each) for each in LANGUAGES))
    }
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = names.get((cell or "").strip().casefold())
        if name is not None:
            found.setdefault(name, place)
    return found


def entity_called(text: str, entities: Iterable[str]) -> str:
    """The entity that a cell names, by its name or as a workbook calls it in some language; else the text itself."""
    names = {
        spelt.casefold(): name
        for name in entities
        for spelt in (*(named(ENTITIES, name, each) for each in LANGUAGES), name)
    }
    return names.get(text.casefold(), text)
