"""Duplicates as CSV, JSON and Excel: a row a pair, with a column in which a person says yes, no or unsure.

`crmsync fix decide --from` reads the file back (`decision_heads`).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from crmsync.core.duplicate_groups import DuplicateGroup, DuplicatePair, DuplicateRecord
from crmsync.core.records import Ref
from crmsync.language import N_, translate
from crmsync.reports.as_csv import BOM, disarmed
from crmsync.reports.as_xlsx import fill_sheet
from crmsync.reports.decision_heads import HEADS
from crmsync.reports.duplicates_lists import LISTS, list_rows, lists_of
from crmsync.reports.duplicates_text import COUNT_HEADS, count_rows, deep_link
from crmsync.reports.duplicates_words import (
    DECISIONS,
    ROLES,
    TIER_NAMES,
    DuplicateReport,
    cautions,
    not_looked_at,
    reason,
    role_of,
    shown_facts,
    shown_name,
    why_it_stays,
)
from crmsync.reports.numbers import delimiter
from crmsync.reports.words import ENTITIES, named, translated

FORMAT_VERSION = "1.0"
_MORE: Mapping[str, str] = {
    "guard": N_("Held down by"),
    "one_name": N_("One: name"),
    "other_name": N_("Other: name"),
    "one_link": N_("One: link"),
    "other_link": N_("Other: link"),
}
COLUMNS: Mapping[str, str] = {**HEADS, **_MORE}
"""By the name in a CSV file, the head in a workbook."""
PAIRED: Mapping[str, str] = {
    **dict.fromkeys(COLUMNS, "text"),
    "group": "number",
    "probability": "amount",
}
"""The columns of a pair, and of what kind they are."""
RECORD_HEADS = (
    *(N_("Kind"), N_("Group"), N_("How sure"), N_("What"), N_("System"), N_("Object"), N_("Record"), N_("Name")),
    *(N_("Compared by"), N_("Why it stays"), N_("Mind"), N_("Link")),
)  # fmt: skip


def pair_rows(
    report: DuplicateReport, language: str, *, unmask: bool = False
) -> Iterator[dict[str, Any]]:
    """Every pair by its COLUMNS; names are masked unless asked."""
    for group in report.groups:
        known = {each.ref: each for each in group.records}
        for pair in group.pairs:
            yield _pair_row(report, group, pair, known, language, unmask=unmask)


def _pair_row(
    report: DuplicateReport,
    group: DuplicateGroup,
    pair: DuplicatePair,
    known: dict[Ref, DuplicateRecord],
    language: str,
    *,
    unmask: bool,
) -> dict[str, Any]:
    row: dict[str, Any] = {"entity": group.entity, "group": group.number}
    for side, ref in (("one", pair.one), ("other", pair.other)):
        row |= {f"{side}_system": ref.system, f"{side}_object": ref.object, f"{side}_id": ref.id}
    row |= {
        "tier": group.tier,
        "probability": round(pair.probability, 6),
        "reason": reason(pair, report.subject_of(group.entity), language),
        "decision": pair.decided or "",
        "note": "",
        "guard": pair.guard,
    }
    for side, ref in (("one", pair.one), ("other", pair.other)):
        row[f"{side}_name"] = shown_name(known[ref], unmask=unmask)
        row[f"{side}_link"] = deep_link(report, ref)
    return {name: row[name] for name in COLUMNS}


def duplicates_csv(report: DuplicateReport, language: str, *, unmask: bool = False) -> str:
    """Every pair, one a row; a semicolon in Spanish."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter(language), lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in pair_rows(report, language, unmask=unmask):
        writer.writerow(
            [disarmed(each) if isinstance(each, str) else each for each in row.values()]
        )
    return BOM + file.getvalue()


def duplicates_json(report: DuplicateReport, language: str, *, unmask: bool = False) -> str:
    """Counts, groups and pairs for programs; keys are added, never renamed."""
    body = {
        "format_version": FORMAT_VERSION,
        "as_of": report.as_of.isoformat(),
        "masked": not unmask,
        "accepted": report.accepted or None,
        "looked_at": [
            {"entity": each.entity, "records": each.records, "compared": each.compared,
             "changed": each.changed,
             "searched_on": each.searched_on.isoformat() if each.searched_on else None,
             "crowded": [{"kind": key.kind, "records": key.records} for key in each.crowded]}
            for each in report.looked
        ],
        "counts": [
            {"entity": e.entity, "tier": e.tier, "groups": e.groups, "records": e.records,
             "surplus": e.surplus, "links": e.links}
            for e in report.counts
        ],
        "groups": [_group_body(report, each, language, unmask=unmask) for each in report.groups],
        "pairs": list(pair_rows(report, language, unmask=unmask)),
    }  # fmt: skip
    text = json.dumps(body, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "replace").decode() + "\n"


def _group_body(
    report: DuplicateReport, group: DuplicateGroup, language: str, *, unmask: bool
) -> dict[str, Any]:
    return {
        "entity": group.entity,
        "group": group.number,
        "tier": group.tier,
        "records": [
            {**_address(each.ref), "key": each.key, "name": shown_name(each, unmask=unmask),
             "what": role_of(each, group)}
            for each in group.records
        ],
        "merges": [
            {**_address(each.survivor), "into_it": [ref.id for ref in each.losers], "why": each.why,
             "said": why_it_stays(each, language)}
            for each in group.merges()
        ],
        "link": group.is_link(),
        "mind": list(cautions(group, language)),
    }  # fmt: skip


def _address(ref: Ref) -> dict[str, str]:
    return {"system": ref.system, "object": ref.object, "id": ref.id}


def duplicates_xlsx(report: DuplicateReport, language: str, *, unmask: bool = False) -> bytes:
    """A workbook: counts, pairs to decide, records with what would become of them, and lists of what was accepted."""
    from openpyxl import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    book.remove(book.worksheets[0])
    summary = book.create_sheet(translate(N_("Summary"), language))
    fill_sheet(summary, translated(COUNT_HEADS, language), iter(_summary(report, language)))
    pairs = book.create_sheet(translate(N_("Pairs"), language))
    rows = (_worded(row, language) for row in pair_rows(report, language, unmask=unmask))
    fill_sheet(pairs, translated(list(COLUMNS.values()), language), rows)
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
    rows: list[list[Any]] = [*count_rows(report.counts, language)]
    return [*rows, *([disarmed(each)] for each in not_looked_at(report, language))]


def _worded(row: dict[str, Any], language: str) -> list[Any]:
    row["entity"] = named(ENTITIES, row["entity"], language)
    row["tier"] = named(TIER_NAMES, row["tier"], language)
    row["decision"] = named(DECISIONS, row["decision"], language) if row["decision"] else None
    return [disarmed(cell) if isinstance(cell, str) else cell for cell in row.values()]


def _record_rows(report: DuplicateReport, language: str, *, unmask: bool) -> Iterator[list[Any]]:
    for group in report.groups:
        stays = {each.survivor: why_it_stays(each, language) for each in group.merges()}
        mind = "; ".join(cautions(group, language))
        for each in group.records:
            cells = [
                named(ENTITIES, group.entity, language), group.number, named(TIER_NAMES, group.tier, language),
                named(ROLES, role_of(each, group), language), *_address(each.ref).values(),
                shown_name(each, unmask=unmask), " · ".join(shown_facts(each, unmask=unmask)),
                stays.get(each.ref, ""), mind, deep_link(report, each.ref),
            ]  # fmt: skip
            yield [disarmed(cell) if isinstance(cell, str) else cell for cell in cells]
