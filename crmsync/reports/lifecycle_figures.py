"""Where people stand, as text and as JSON: a line a stage, and one system's word against the other's."""

from __future__ import annotations

from typing import Any

from crmsync.core.stage_counts import CrossTable, LifecycleFigures, StageCount
from crmsync.language import translate
from crmsync.reports import lifecycle_words as spoken
from crmsync.reports import words
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import number, quantity
from crmsync.reports.terminal import columns


def figures_text(figures: LifecycleFigures | None, language: str) -> str:
    """How many people stand at each stage, and the cross-tables; "" where nothing is known of it."""
    if figures is None:
        return ""
    systems = sorted({name for each in figures.stages for name in each.by_system})
    heads = ("", translate("Together", language), *map(words.system_name, systems))
    rows = [_row(each, systems, language) for each in figures.stages]
    right = frozenset(range(1, len(heads)))
    lines = [translate("How far people are", language)]
    lines += [f"  {line}" for line in columns([heads, *rows], right)]
    if figures.disagreeing:
        said = quantity(
            "Of {n} person the systems say different stages.",
            "Of {n} people the systems say different stages.",
            figures.disagreeing,
            language,
        )
        lines.append(f"  {said}")
    return "\n\n".join(["\n".join(lines), *(_table(each, language) for each in figures.tables)])


def _row(each: StageCount, systems: list[str], language: str) -> tuple[str, ...]:
    counts = (each.together, *(each.by_system.get(system, 0) for system in systems))
    return (stage_word(each.stage or "", language), *(number(n, language) for n in counts))


def stage_word(word: str, language: str) -> str:
    """A stage by its name, a status as its system writes it."""
    if not word:
        return translate("no stage", language)
    return words.named(spoken.STAGES, word, language) if word in spoken.STAGES else clean(word, 32)


def _table(table: CrossTable, language: str) -> str:
    title = translate("Stage in {rows}, against {columns}", language).format(
        rows=words.system_name(table.row_system), columns=words.system_name(table.column_system)
    )
    heads = ("", *(stage_word(each, language) for each in table.columns))
    body = [
        (
            stage_word(row, language),
            *(_cell(table, row, column, language) for column in table.columns),
        )
        for row in table.rows
    ]
    right = frozenset(range(1, len(heads)))
    return "\n".join([title, *(f"  {line}" for line in columns([heads, *body], right))])


def _cell(table: CrossTable, row: str, column: str, language: str) -> str:
    count = table.counts.get((row, column), 0)
    return number(count, language) if count else "·"


def figures_json(figures: LifecycleFigures | None) -> dict[str, Any] | None:
    """The figures for programs; null where nothing is known of how far anybody is."""
    if figures is None:
        return None
    return {
        "stages": [
            {"stage": each.stage, "together": each.together, "systems": dict(each.by_system)}
            for each in figures.stages
        ],
        "disagreeing": figures.disagreeing,
        "cross_tables": [
            {
                "row_system": each.row_system,
                "column_system": each.column_system,
                "cells": [
                    {"row": row or None, "column": column or None, "people": count}
                    for (row, column), count in sorted(each.counts.items())
                ],
            }
            for each in figures.tables
        ],
    }
