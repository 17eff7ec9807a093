"""The first figures on a terminal and in Markdown."""

from __future__ import annotations

from crmsync.core.figures import Figures
from crmsync.reports.escaping import escaped, table
from crmsync.reports.figures_tables import Table, sentences_of, tables_of, title_of
from crmsync.reports.terminal import columns, painted


def figures_text(figures: Figures, language: str, *, colours: bool = False) -> str:
    """Tables that line up, then what they leave out; "" where no period was looked at."""
    if not figures.days:
        return ""
    head = painted(title_of(figures, language), "bold", colours=colours)
    said = [f"  {each}" for each in sentences_of(figures, language)]
    parts = ["\n".join(_lines(each)) for each in tables_of(figures, language)]
    return "\n\n".join([head, *parts, "\n".join(said)]) + "\n"


def figures_markdown(figures: Figures, language: str) -> str:
    """The same as tables and a list; "" where no period was looked at."""
    if not figures.days:
        return ""
    parts = [f"### {escaped(title_of(figures, language), 200)}"]
    for each in tables_of(figures, language):
        rows = [[escaped(cell, 80) for cell in row] for row in each.rows]
        parts.append(
            f"**{escaped(each.title, 300)}**\n" + table(list(each.heads), each.right, rows)
        )
    parts.append("\n".join(f"- {escaped(each, 400)}" for each in sentences_of(figures, language)))
    return "\n\n".join(part for part in parts if part)


def _lines(each: Table) -> list[str]:
    return [
        f"  {each.title}",
        *(f"    {line}" for line in columns([each.heads, *each.rows], each.right)),
    ]
