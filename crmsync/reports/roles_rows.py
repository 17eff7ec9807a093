"""Proposals of contact roles as CSV, JSON and Excel, and accepted ones as lists that a CRM takes in.

| list | for | columns |
|---|---|---|
| dataloader | an insert of contact roles by Salesforce's Data Loader | OpportunityId, ContactId, Role, IsPrimary |
| hubspot | an import of both objects in one file | Deal Record ID, Contact Record ID |

No cell is a formula. A list has only what can be added as it is.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmsync.core.records import Ref
from crmsync.core.roles import RoleFigures, RoleProposal, to_add
from crmsync.errors import CrmsyncError
from crmsync.language import N_, translate
from crmsync.reports.as_csv import BOM, disarmed
from crmsync.reports.as_xlsx import fill_sheet
from crmsync.reports.numbers import delimiter
from crmsync.reports.roles_text import GRADE_HEADS, deep_link
from crmsync.reports.roles_words import (
    GRADES,
    STATES,
    RoleReport,
    amounts_text,
    reason,
    shown_name,
    step,
    unread,
)
from crmsync.reports.words import named, translated

FORMAT_VERSION = "1.0"
COLUMNS = (
    *("system", "object", "id", "deal", "key", "state", "amount", "currency"),
    *("contact_object", "contact_id", "contact", "contact_key", "grade", "evidence", "reason"),
    *("evidence_system", "evidence_object", "evidence_id", "evidence_on", "times", "step", "to_do"),
    *("place", "evidence_link", "link"),
)
_HEADS = (
    *(
        N_("System"),
        N_("Object"),
        N_("Record"),
        N_("Deal"),
        N_("Customer"),
        N_("State"),
        N_("Amount"),
    ),
    *(N_("Currency"), N_("Contact: object"), N_("Contact: record"), N_("Contact")),
    *(N_("Contact: customer"), N_("How sure"), N_("Kind of evidence"), N_("Why")),
    *(N_("Evidence: system"), N_("Evidence: object"), N_("Evidence: record"), N_("Evidence: day")),
    *(N_("Times"), N_("Step"), N_("What to do"), N_("Place"), N_("Evidence: link"), N_("Link")),
)
"""The same columns as people call them, in a workbook."""
PROPOSED: Mapping[str, str] = {
    **dict.fromkeys(COLUMNS, "text"),
    "amount": "amount",
    "times": "number",
    "place": "number",
}
"""The columns of a proposal, and of what kind they are."""


@dataclass(frozen=True, slots=True)
class ListShape:
    """A list that a CRM takes in: the object of the deals, its columns, and one row of it."""

    object: str
    columns: tuple[str, ...]
    row: Callable[[RoleProposal, bool, str], Sequence[str]]


def _salesforce(each: RoleProposal, is_first: bool, role: str) -> Sequence[str]:
    return each.deal.id, each.contact_id or "", role, "TRUE" if is_first else "FALSE"


def _hubspot(each: RoleProposal, _is_first: bool, _role: str) -> Sequence[str]:
    return each.deal.id, each.contact_id or ""


LISTS: Mapping[str, ListShape] = {
    # Columns and their values: help.salesforce.com, Import Opportunity Contact Roles with Data Loader (read 2026-11)
    "dataloader": ListShape(
        "Opportunity", ("OpportunityId", "ContactId", "Role", "IsPrimary"), _salesforce
    ),
    # Records in one row are associated, each known by its Record ID: knowledge.hubspot.com, Import and associate
    # multiple objects (read 2026-11)
    "hubspot": ListShape("deals", ("Deal Record ID", "Contact Record ID"), _hubspot),
}


def list_rows(report: RoleReport, name: str) -> list[list[str]]:
    """The rows of one of LISTS; CrmsyncError if several systems would be mixed in it."""
    shape = LISTS[name]
    systems = sorted({p.deal.system for p in report.proposals if p.deal.object == shape.object})
    if len(systems) > 1:
        remedy = f"choose one: --system {' or --system '.join(systems)}"
        raise CrmsyncError("a list is for one system", remedy=remedy)
    return [
        [disarmed(cell) for cell in shape.row(each, is_first, report.role)]
        for system in systems
        for each, is_first in to_add(report.proposals, system)
        if each.deal.object == shape.object
    ]


def list_csv(report: RoleReport, name: str) -> str:
    """An accepted list as CSV with commas in whatever language, and no byte order mark: a program reads it."""
    return _csv([LISTS[name].columns, *list_rows(report, name)], ",")


def roles_csv(report: RoleReport, language: str, *, unmask: bool = False) -> str:
    """Every proposal, one a row; a semicolon in Spanish."""
    rows = (_texts(row) for row in _rows(report, language, unmask=unmask))
    return BOM + _csv([COLUMNS, *rows], delimiter(language))


def _csv(rows: Iterable[Sequence[str]], between: str) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=between, lineterminator="\r\n").writerows(rows)
    return file.getvalue()


def _texts(row: Sequence[Any]) -> list[str]:
    return [
        "" if cell is None else disarmed(cell) if isinstance(cell, str) else str(cell)
        for cell in row
    ]


def _rows(report: RoleReport, language: str, *, unmask: bool) -> Iterable[list[Any]]:
    for each in report.proposals:
        yield [
            *_address(each.deal), shown_name(each.deal_name, unmask=unmask), each.key, each.state,
            None if each.amount is None else float(each.amount), each.currency,
            each.contact_object, each.contact_id, shown_name(each.contact_name, unmask=unmask), each.contact_key,
            each.grade, each.evidence, reason(each, language), *_address(each.record),
            each.on and each.on.isoformat(), each.times, each.step, step(each, language), each.place,
            deep_link(report, each.record), deep_link(report, each.deal),
        ]  # fmt: skip


def _address(ref: Ref) -> tuple[str, str, str]:
    return ref.system, ref.object, ref.id


def roles_json(report: RoleReport, language: str, *, unmask: bool = False) -> str:
    """Figures and proposals for programs; keys are added, never renamed."""
    body = {
        "format_version": FORMAT_VERSION,
        "as_of": report.as_of.isoformat(),
        "masked": not unmask,
        "accepted": report.accepted or None,
        "figures": figures_body(report.figures),
        "proposals": list(proposal_rows(report, language, unmask=unmask)),
    }
    text = json.dumps(body, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "replace").decode() + "\n"


def proposal_rows(
    report: RoleReport, language: str, *, unmask: bool = False
) -> Iterator[dict[str, Any]]:
    """Every proposal by its COLUMNS; names are masked unless asked."""
    for row in _rows(report, language, unmask=unmask):
        yield dict(zip(COLUMNS, row, strict=True))


def figures_body(figures: RoleFigures | None) -> dict[str, Any] | None:
    """The figures for programs; null where nobody asked for them."""
    if figures is None:
        return None
    return {
        "deals": figures.deals,
        "won": figures.won,
        "amounts": _plain(figures.amounts),
        "attributable": _plain(figures.attributable),
        "grades": [
            {
                "grade": each.grade,
                "proposals": each.proposals,
                "deals": each.deals,
                "won": each.won,
                "amounts": _plain(each.amounts),
            }
            for each in figures.counts
        ],
        "not_read": [{"system": system, "what": what} for system, what in figures.unread],
    }


def _plain(amounts: Mapping[str, Any]) -> dict[str, float]:
    return {currency: float(amount) for currency, amount in amounts.items()}


def roles_xlsx(report: RoleReport, language: str, *, unmask: bool = False) -> bytes:
    """A workbook: what it comes to, the proposals, and a sheet for each list of what was accepted."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    summary = book.create_sheet(translate(N_("Summary"), language))
    fill_sheet(summary, translated(GRADE_HEADS, language), iter(_summary(report, language)))
    rows = (_worded(row, language) for row in _rows(report, language, unmask=unmask))
    proposals = book.create_sheet(translate(N_("Proposals"), language))
    fill_sheet(proposals, translated(_HEADS, language), iter(rows))
    for name in LISTS if report.accepted else ():
        if listed := list_rows(report, name):
            fill_sheet(book.create_sheet(name), list(LISTS[name].columns), iter(listed))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _worded(row: list[Any], language: str) -> list[Any]:
    """A row of the CSV with its deal's state and how sure it is in words; no cell is a formula."""
    for name, table in (("state", STATES), ("grade", GRADES)):
        row[COLUMNS.index(name)] = named(table, row[COLUMNS.index(name)], language)
    return [disarmed(cell) if isinstance(cell, str) else cell for cell in row]


def _summary(report: RoleReport, language: str) -> list[list[Any]]:
    figures = report.figures
    rows: list[list[Any]] = [
        [
            named(GRADES, each.grade, language),
            each.proposals,
            each.deals,
            each.won,
            amounts_text(each.amounts, language),
        ]
        for each in figures.counts
    ]
    all_of_them = translate(N_("All without a contact role"), language)
    rows.append(
        [all_of_them, None, figures.deals, figures.won, amounts_text(figures.amounts, language)]
    )
    return [*rows, *([disarmed(each)] for each in unread(figures, language))]
