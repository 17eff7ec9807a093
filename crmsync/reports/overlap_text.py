"""What other writers have to do with a plan, in lines for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmsync.core.writers import Overlap
from crmsync.language import translate
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import number, quantity
from crmsync.reports.terminal import painted

_NAME = 80


def overlaps_text(found: Sequence[Overlap], language: str, *, colours: bool = False) -> str:
    """A line for each writer and for what it does; "" where nobody else has to do with the plan."""
    if not found:
        return ""
    title = translate("Others write there, too; what they do is seen at the next read:", language)
    lines = [line for each in found for line in _lines(each, language)]
    return "\n".join([painted(title, "warning", colours=colours), *lines])


def _lines(overlap: Overlap, language: str) -> list[str]:
    found = []
    if overlap.writes:
        cells = quantity(
            "writes {n} cell of this plan, too",
            "writes {n} cells of this plan, too",
            sum(overlap.writes.values()),
            language,
        )
        found.append((cells, overlap.writes))
    if overlap.copies:
        cells = quantity(
            "carries {n} cell of this plan on to other fields",
            "carries {n} cells of this plan on to other fields",
            sum(overlap.copies.values()),
            language,
        )
        found.append((cells, overlap.copies))
    name = clean(overlap.writer, _NAME)
    return [f"  {name}: {cells} ({_fields(counts, language)})" for cells, counts in found]


def _fields(counts: Mapping[str, int], language: str) -> str:
    """Our fields with their cells, the most first."""
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{clean(name, _NAME)} {number(n, language)}" for name, n in ranked)
