"""The lifecycle in a report: where people stand, one system's word against the other's, and how they moved."""

from __future__ import annotations

from crmsync.core.profile import StageMoves
from crmsync.core.stage_counts import CrossTable, LifecycleFigures
from crmsync.language import translate
from crmsync.reports import words
from crmsync.reports.facts import ReportFacts
from crmsync.reports.lifecycle_figures import stage_word
from crmsync.reports.numbers import number, quantity
from crmsync.reports.panels import Cell, Grid, Panel, shade_of

BACK = "◂"
_EMPTY = Cell("·")


def stages(facts: ReportFacts, language: str) -> list[Panel]:
    """Where people stand, and the cross-tables; [] where nothing is known of how far anybody is."""
    figures = facts.lifecycle
    if figures is None:
        return []
    said = ""
    if figures.disagreeing:
        said = quantity(
            "Of {n} person the systems say different stages.",
            "Of {n} people the systems say different stages.",
            figures.disagreeing,
            language,
        )
    grids = (_standing(figures, language), *(_cross(each, language) for each in figures.tables))
    return [Panel(translate("How far people are", language), said, grids)]


def _standing(figures: LifecycleFigures, language: str) -> Grid:
    systems = sorted({name for each in figures.stages for name in each.by_system})
    heads = (
        translate("Stage", language),
        translate("Together", language),
        *map(words.system_name, systems),
    )
    rows = tuple(
        (
            stage_word(each.stage or "", language),
            tuple(
                Cell(number(n, language))
                for n in (each.together, *(each.by_system.get(name, 0) for name in systems))
            ),
        )
        for each in figures.stages
    )
    return Grid(translate("People by stage", language), heads, rows)


def _cross(table: CrossTable, language: str) -> Grid:
    """People known to both systems; the darker, the larger a part of its row."""
    caption = translate("Stage in {rows}, against {columns}", language).format(
        rows=words.system_name(table.row_system), columns=words.system_name(table.column_system)
    )
    heads = (
        words.system_name(table.row_system),
        *(stage_word(each, language) for each in table.columns),
    )
    rows = []
    for row in table.rows:
        counts = [table.counts.get((row, column), 0) for column in table.columns]
        cells = tuple(_count(n, sum(counts), language) for n in counts)
        rows.append((stage_word(row, language), cells))
    return Grid(caption, heads, tuple(rows))


def _count(n: int, whole: int, language: str) -> Cell:
    return Cell(number(n, language), shade=shade_of(n, whole)) if n else _EMPTY


def moves(facts: ReportFacts, language: str) -> list[Panel]:
    """From each stage to each other one, a table a system that keeps the history of the stage."""
    found = facts.profile.moves
    if not found:
        return []
    said = translate(
        "How often somebody went from the stage on the left to the one above, as far as the history was kept. "
        "{mark} leads back down the ladder.",
        language,
    ).format(mark=BACK)
    grids = tuple(_moved(each, language) for each in found)
    notes = tuple(note for each in found for note in _backward(each, language))
    return [Panel(translate("How people moved between stages", language), said, grids, notes)]


def _moved(each: StageMoves, language: str) -> Grid:
    caption = translate("Moves between stages in {system}", language).format(
        system=words.system_name(each.system)
    )
    most = max(each.counts.values())
    heads = (
        translate("From, to", language),
        *(stage_word(stage, language) for stage in each.stages),
    )
    rows = tuple(
        (
            stage_word(before, language),
            tuple(_move(each, before, after, most, language) for after in each.stages),
        )
        for before in each.stages
    )
    return Grid(caption, heads, rows)


def _move(each: StageMoves, before: str, after: str, most: int, language: str) -> Cell:
    count = each.counts.get((before, after), 0)
    if not count:
        return Cell("") if before == after else _EMPTY
    if (before, after) in each.back:
        return Cell(f"{BACK} {number(count, language)}", marked=True)
    return Cell(number(count, language), shade=shade_of(count, most))


def _backward(each: StageMoves, language: str) -> list[str]:
    count = sum(each.counts[place] for place in each.back)
    if not count:
        return []
    said = quantity(
        "{system}: {n} of {all} moves led back; audit L05 says which of them had no reason.",
        "{system}: {n} of {all} moves led back; audit L05 says which of them had no reason.",
        count,
        language,
    )
    whole = number(sum(each.counts.values()), language)
    return [said.replace("{system}", words.system_name(each.system)).replace("{all}", whole)]
