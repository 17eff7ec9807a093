"""Duplicates as CSV and JSON: a row a pair, with a column in which a person says yes, no or unsure.

`crmsync fix decide --from` reads the file back (`decision_heads`).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from crmsync.core.duplicate_groups import DuplicateGroup, DuplicatePair, DuplicateRecord
from crmsync.core.duplicates import ContactPoints
from crmsync.core.records import Ref
from crmsync.language import N_
from crmsync.reports.as_csv import BOM, disarmed
from crmsync.reports.decision_heads import HEADS
from crmsync.reports.duplicates_guards import GUARDS
from crmsync.reports.duplicates_shown import id_of, other_facts, shown_name, shown_points
from crmsync.reports.duplicates_text import deep_link
from crmsync.reports.duplicates_words import (
    DECISIONS,
    ROLES,
    TIER_NAMES,
    DuplicateReport,
    cautions,
    reason,
    role_of,
    why_it_stays,
)
from crmsync.reports.numbers import delimiter, has_comma
from crmsync.reports.words import ENTITIES, named

FORMAT_VERSION = "1.0"
_MORE: Mapping[str, str] = {
    "guard": N_("Held down by"),
    "one_name": N_("One: name"),
    "other_name": N_("Other: name"),
    "one_email": N_("One: e-mail"),
    "other_email": N_("Other: e-mail"),
    "one_phone": N_("One: phone"),
    "other_phone": N_("Other: phone"),
    "one_company": N_("One: company"),
    "other_company": N_("Other: company"),
    "one_facts": N_("One: other facts"),
    "other_facts": N_("Other: other facts"),
    "one_what": N_("One: proposed"),
    "other_what": N_("Other: proposed"),
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


def pair_rows(
    report: DuplicateReport, language: str, *, unmask: bool = False
) -> Iterator[dict[str, Any]]:
    """Every pair by its COLUMNS, codes as they are; personal data are masked unless asked."""
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
    row: dict[str, Any] = {
        "entity": group.entity,
        "group": group.number,
        "tier": group.tier,
        "probability": round(pair.probability, 6),
        "reason": reason(pair, report.subject_of(group.entity), language),
        "decision": pair.decided or "",
        "note": "",
        "guard": pair.guard,
    }
    for side, ref in (("one", pair.one), ("other", pair.other)):
        cells = _side(report, known[ref], unmask=unmask)
        cells["what"] = role_of(known[ref], group)
        row |= {f"{side}_{name}": cell for name, cell in cells.items()}
    return {name: row[name] for name in COLUMNS}


def _side(report: DuplicateReport, record: DuplicateRecord, *, unmask: bool) -> dict[str, str]:
    """One record of a pair: its address, name, points, other facts and link."""
    points = report.points.get(record.ref, ContactPoints())
    return {
        **_address(record.ref, unmask=unmask),
        "name": shown_name(record, unmask=unmask),
        **shown_points(points, unmask=unmask),
        "facts": other_facts(record, points, unmask=unmask),
        "link": deep_link(report, record.ref),
    }


def worded(row: dict[str, Any], language: str) -> dict[str, Any]:
    """A row with words in place of codes; `crmsync fix decide` reads the words of both languages."""
    tables = {
        **{"entity": ENTITIES, "tier": TIER_NAMES, "decision": DECISIONS, "guard": GUARDS},
        **{"one_what": ROLES, "other_what": ROLES},
    }
    words = {name: named(table, row[name], language) for name, table in tables.items() if row[name]}
    return {**row, **words}


def duplicates_csv(report: DuplicateReport, language: str, *, unmask: bool = False) -> str:
    """Every pair, one a row; in Spanish with semicolons and in words, in English with codes that programs know."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter(language), lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in pair_rows(report, language, unmask=unmask):
        told = worded(row, language) if language != "en" else row
        told = {**told, "guard": named(GUARDS, row["guard"], language) if row["guard"] else ""}
        writer.writerow([_written(each, language) for each in told.values()])
    return BOM + file.getvalue()


def _written(cell: Any, language: str) -> Any:
    """A cell that no spreadsheet runs; a share with a comma where cells are parted by semicolons."""
    if isinstance(cell, float) and has_comma(language):
        return str(cell).replace(".", ",")
    return disarmed(cell) if isinstance(cell, str) else cell


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
            {**_address(each.ref, unmask=unmask), "key": each.key, "name": shown_name(each, unmask=unmask),
             "what": role_of(each, group)}
            for each in group.records
        ],
        "merges": [
            {**_address(each.survivor, unmask=unmask), "into_it": [id_of(ref, unmask=unmask) for ref in each.losers],
             "why": each.why,
             "said": why_it_stays(each, language)}
            for each in group.merges()
        ],
        "link": group.is_link(),
        "mind": list(cautions(group, language)),
    }  # fmt: skip


def _address(ref: Ref, *, unmask: bool) -> dict[str, str]:
    return {"system": ref.system, "object": ref.object, "id": id_of(ref, unmask=unmask)}
