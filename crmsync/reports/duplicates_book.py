"""Duplicates as an Excel workbook: counts, pairs to decide, records with what would become of them, accepted lists."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from crmsync.language import N_, translate
from crmsync.reports.as_xlsx import fill_sheet
from crmsync.reports.cleaning import clean
from crmsync.reports.duplicates_lists import LISTS, list_rows, lists_of
from crmsync.reports.duplicates_notes import not_looked_at
from crmsync.reports.duplicates_rows import COLUMNS, pair_rows, worded
from crmsync.reports.duplicates_shown import id_of, shown_facts, shown_name
from crmsync.reports.duplicates_text import COUNT_HEADS, deep_link
from crmsync.reports.duplicates_words import (
    DECISIONS,
    ROLES,
    TIER_NAMES,
    DuplicateReport,
    cautions,
    role_of,
    why_it_stays,
)
from crmsync.reports.words import ENTITIES, named, translated

RECORD_HEADS = (
    *(N_("Kind"), N_("Group"), N_("How sure"), N_("What"), N_("System"), N_("Object"), N_("Record"), N_("Name")),
    *(N_("Compared by"), N_("Why it stays"), N_("Mind"), N_("Link")),
)  # fmt: skip
_LINKED = tuple(at for at, name in enumerate(COLUMNS) if name.endswith("_link"))
"""The columns of pairs that hold a link."""
_MOST = 2000


def duplicates_xlsx(report: DuplicateReport, language: str, *, unmask: bool = False) -> bytes:
    """A workbook: counts, pairs to decide, records with what would become of them, and lists of what was accepted."""
    from openpyxl import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    book.remove(book.worksheets[0])
    summary = book.create_sheet(translate(N_("Summary"), language))
    fill_sheet(summary, translated(COUNT_HEADS, language), iter(_summary(report, language)))
    pairs = book.create_sheet(translate(N_("Pairs"), language))
    rows = (_cells(row, language) for row in pair_rows(report, language, unmask=unmask))
    fill_sheet(pairs, translated(list(COLUMNS.values()), language), rows, linked=_LINKED)
    words = ",".join(translated(list(DECISIONS.values()), language))
    choice = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
    pairs.add_data_validation(choice)
    place = pairs.cell(1, list(COLUMNS).index("decision") + 1).column_letter
    choice.add(f"{place}2:{place}{max(2, pairs.max_row)}")
    records = book.create_sheet(translate(N_("Records"), language))
    fill_sheet(
        records, translated(RECORD_HEADS, language), _record_rows(report, language, unmask=unmask)
    )
    for name, system, object_ in lists_of(report) if report.accepted else ():
        listed = list_rows(report, name, system, object_)
        fill_sheet(
            book.create_sheet(f"{name} {object_}"[:31]), list(LISTS[name].columns), iter(listed)
        )
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _summary(report: DuplicateReport, language: str) -> list[list[Any]]:
    """The counts as numbers, then what was not looked at."""
    rows: list[list[Any]] = [
        [
            named(ENTITIES, each.entity, language),
            named(TIER_NAMES, each.tier, language),
            *(each.groups, each.records, each.surplus, each.links),
        ]
        for each in report.counts
    ]
    return [*rows, *([clean(each, _MOST)] for each in not_looked_at(report, language))]


def _cells(row: dict[str, Any], language: str) -> list[Any]:
    return [_cell(cell) for cell in worded(row, language).values()]


def _cell(cell: Any) -> Any:
    """A cell as it is written: `fill_sheet` keeps texts texts, so nothing in it runs; nothing in place of ""."""
    return (clean(cell, _MOST) or None) if isinstance(cell, str) else cell


def _record_rows(report: DuplicateReport, language: str, *, unmask: bool) -> Iterator[list[Any]]:
    for group in report.groups:
        stays = {each.survivor: why_it_stays(each, language) for each in group.merges()}
        mind = "; ".join(cautions(group, language))
        for each in group.records:
            cells = [
                named(ENTITIES, group.entity, language), group.number, named(TIER_NAMES, group.tier, language),
                named(ROLES, role_of(each, group), language), each.ref.system, each.ref.object,
                id_of(each.ref, unmask=unmask),
                shown_name(each, unmask=unmask), " · ".join(shown_facts(each, unmask=unmask)),
                stays.get(each.ref, ""), mind, deep_link(report, each.ref),
            ]  # fmt: skip
            yield [_cell(cell) for cell in cells]
