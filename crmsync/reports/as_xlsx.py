"""The audits as an Excel workbook: what to fix first, a sheet for each responsible person, and all findings.

Nothing in it runs: what would start a formula is marked as a text, and links lead to the two CRMs only.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from crmsync.core.auditing import AuditResult, Finding, fix_first
from crmsync.language import N_, translate
from crmsync.reports import segments, words
from crmsync.reports.as_csv import COLUMNS, disarmed, finding_row, name_of
from crmsync.reports.cleaning import clean, safe_link
from crmsync.reports.details import detail_text
from crmsync.reports.facts import ReportFacts, addresses_of, link_of, responsible_for
from crmsync.reports.masking import mask

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_ROWS = 200_000
"""A sheet of Excel ends at 1,048,576 rows, and a workbook that nobody can open helps nobody."""
MOST_PEOPLE = 60
# support.microsoft.com, Excel specifications and limits: 65,530 hyperlinks in a worksheet (read 2026-11).
_MOST_LINKS = 65_000
_WIDEST, _MEASURED = 60, 1000
_MOST = 2000
_OF_A_FILTER = 3  # the width of its arrow
_SUMMARY = (
    *(N_("Audit"), N_("Severity"), N_("What it found"), N_("Findings"), N_("Looked at"), N_("New")),
    *(N_("Fixed"), N_("Hours, about"), N_("Cost, about"), N_("Remedy")),
)
_EVERY = (
    *(N_("Audit"), N_("Severity"), N_("System"), N_("Object"), N_("Record"), N_("Customer")),
    *(N_("Field"), N_("Detail"), N_("Amount"), N_("Responsible"), N_("New"), N_("Link")),
)
"""The columns of the CSV, called as people call them."""
PERSON_HEADS = (
    *(N_("Audit"), N_("Severity"), N_("What it found"), N_("System"), N_("Record"), N_("Name")),
    *(N_("Field"), N_("Detail"), N_("Amount"), N_("New"), N_("Remedy"), N_("Link")),
)
# What Excel takes in the name of a sheet: support.microsoft.com, Rename a worksheet (read 2026-11).
_NO_SHEET = re.compile(r"[\[\]:*?/\\']")
NOBODY = N_("Nobody")
OTHERS = N_("Others")


def findings_xlsx(facts: ReportFacts, language: str = "en", *, unmask: bool = False) -> bytes:
    """A summary, a sheet for each responsible person, the most findings first, and every finding in one list."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    taken: set[str] = set()
    fill_sheet(
        book.create_sheet(sheet_title(translate(N_("Summary"), language), taken)),
        heads_in(_SUMMARY, language),
        _summary(facts, language),
    )
    for name in segments.names_of(facts):
        sheet = book.create_sheet(sheet_title(name, taken))
        counted = segments.segment_rows(facts, name, language)
        heads = heads_in(segments.HEADS, language)
        fill_sheet(sheet, heads, ([disarmed(str(each[0])), *each[1:]] for each in counted))
    for person, rows in by_person(facts).items():
        sheet = book.create_sheet(sheet_title(person_called(person, language), taken))
        fill_sheet(
            sheet,
            heads_in(PERSON_HEADS, language),
            person_rows(facts, rows, language, unmask=unmask),
        )
    everything = (
        _listed(facts, result, finding, language, unmask=unmask)
        for result in facts.results
        for finding in result.findings
    )
    every = book.create_sheet(sheet_title(translate(N_("All findings"), language), taken))
    fill_sheet(every, heads_in(_EVERY, language), everything)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _listed(
    facts: ReportFacts, result: AuditResult, finding: Finding, language: str, *, unmask: bool
) -> list[Any]:
    """The row of the CSV in the reader's words, with its amount as a number and one link to click on."""
    row: list[Any] = list(finding_row(facts, finding, result.is_new(finding), unmask=unmask))
    said = _said(facts, result, finding, language, unmask=unmask)
    row[COLUMNS.index("severity")], row[COLUMNS.index("field")], row[COLUMNS.index("detail")] = said
    row[COLUMNS.index("amount")] = finding.amount
    row[COLUMNS.index("new")] = _new(result, finding, language)
    return [*row[:-1], _link(facts, finding)]


def _said(
    facts: ReportFacts, result: AuditResult, finding: Finding, language: str, *, unmask: bool
) -> tuple[str, str, str]:
    """How bad a finding is, the field it is about and its detail."""
    place = finding.entity, finding.field or ""
    return (
        words.named(words.SEVERITIES, finding.severity, language),
        disarmed(words.field_called(result, place, language)),
        clean(detail_text(finding, name_of(facts, finding), language, unmask=unmask), _MOST),
    )


def _new(result: AuditResult, finding: Finding, language: str) -> str:
    return translate(N_("yes"), language) if result.is_new(finding) else ""


def heads_in(heads: Sequence[str], language: str) -> list[str]:
    """Titles of columns in a language."""
    return [translate(head, language) for head in heads]


def person_called(person: str, language: str) -> str:
    """The person, or in the reader's words that it is nobody, or all others."""
    return translate(person, language) if person in (NOBODY, OTHERS) else person


def sheet_title(name: str, taken: set[str]) -> str:
    """A name of a sheet that nobody has yet: at most 31 characters, none that Excel refuses."""
    plain = _NO_SHEET.sub(" ", name).strip()[:27] or "-"
    found, n = plain, 1
    while found.casefold() in taken:
        n += 1
        found = f"{plain} {n}"
    taken.add(found.casefold())
    return found


def fill_sheet(
    sheet: Worksheet, heads: list[str], rows: Iterator[list[Any]], linked: Sequence[int] = (-1,)
) -> None:
    """Writes headed rows with a filter, as wide as what is in them.

    An address in one of the `linked` columns (the last one) becomes a link to click on, as many as a sheet can have.
    """
    from openpyxl.styles import Font

    sheet.append(heads)
    widths = [len(head) + _OF_A_FILTER for head in heads]
    links = 0
    for n, row in enumerate(rows, 2):
        if n > MOST_ROWS:
            break
        sheet.append(row)
        _harmless(sheet, n, row)
        if n < _MEASURED:
            widths = [max(w, len(str(cell or ""))) for w, cell in zip(widths, row, strict=False)]
        links += _link_cells(sheet, n, row, linked) if links < _MOST_LINKS else 0
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    bold = Font(bold=True)
    for place, width in enumerate(widths, 1):
        head = sheet.cell(1, place)
        head.font = bold
        sheet.column_dimensions[head.column_letter].width = min(_WIDEST, width + 2)


def _link_cells(sheet: Worksheet, n: int, row: list[Any], linked: Sequence[int]) -> int:
    """Makes links of the addresses in some columns of a row; how many there were."""
    places = [at % len(row) for at in linked if str(row[at]).startswith(("https://", "http://"))]
    for at in places:
        sheet.cell(n, at + 1).hyperlink = row[at]
    return len(places)


def _harmless(sheet: Worksheet, n: int, row: Sequence[Any]) -> None:
    """Texts of a row that look like a formula stay texts, as they are, even where somebody edits the cell."""
    for place, value in enumerate(row, 1):
        if isinstance(value, str) and (disarmed(value) != value or value.startswith("#")):
            cell = sheet.cell(n, place)
            cell.data_type = "s"
            cell.quotePrefix = True


def _summary(facts: ReportFacts, language: str) -> Iterator[list[Any]]:
    for result in fix_first(facts.results, most=len(facts.results)):
        audit, change = result.audit, result.change
        yield [
            disarmed(audit.id),
            words.named(words.SEVERITIES, audit.severity, language),
            disarmed(words.title_of(audit, language)),
            result.count,
            result.eligible,
            change.new if change else None,
            change.fixed if change else None,
            round(audit.minutes * result.count / 60, 1),
            round(audit.minutes * result.count / 60 * facts.hour, 2) if facts.hour else None,
            disarmed(words.text_in(audit.remedy, language)),
        ]


def by_person(
    facts: ReportFacts, most: int = MOST_PEOPLE
) -> dict[str, list[tuple[AuditResult, Finding]]]:
    """Findings by who answers for them, the most first; what nobody answers for last, people beyond `most` as one."""
    found: dict[str, list[tuple[AuditResult, Finding]]] = {}
    for result in fix_first(facts.results, most=len(facts.results)):
        for finding in result.findings:
            person = responsible_for(facts, finding) or NOBODY
            found.setdefault(person, []).append((result, finding))
    ranked = sorted(found, key=lambda person: (person == NOBODY, -len(found[person]), person))
    shown = {person: found[person] for person in ranked[:most]}
    rest = [row for person in ranked[most:] for row in found[person]]
    return {**shown, OTHERS: rest} if rest else shown


def person_rows(
    facts: ReportFacts,
    rows: Sequence[tuple[AuditResult, Finding]],
    language: str,
    *,
    unmask: bool,
) -> Iterator[list[Any]]:
    """Findings in the order of PERSON_HEADS, masked unless asked, and harmless to a spreadsheet."""
    for result, finding in rows:
        audit, name = result.audit, name_of(facts, finding)
        severity, field, detail = _said(facts, result, finding, language, unmask=unmask)
        yield [
            disarmed(audit.id),
            severity,
            disarmed(words.title_of(audit, language)),
            disarmed(words.system_name(finding.system or "")),
            disarmed(finding.id or finding.key or ""),
            clean(name if unmask else mask(name, "name"), _MOST),
            field,
            detail,
            finding.amount,
            _new(result, finding, language),
            disarmed(words.text_in(audit.remedy, language)),
            _link(facts, finding),
        ]


def _link(facts: ReportFacts, finding: Finding) -> str:
    links = (safe_link(link_of(facts.links, each)) for each in addresses_of(facts, finding))
    return next((link for link in links if link), "")
