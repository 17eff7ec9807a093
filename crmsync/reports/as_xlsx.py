"""Every finding as an Excel workbook: one sheet, headed, filterable, and nothing in it that runs."""

from __future__ import annotations

import io

from crmsync.reports.as_csv import COLUMNS, finding_row
from crmsync.reports.facts import ReportFacts

_WIDTHS = (8, 10, 12, 14, 20, 26, 18, 50, 12, 50)


def findings_xlsx(facts: ReportFacts, *, unmask: bool = False) -> bytes:
    """All findings, one a row, in the order of the audits; amounts as numbers, everything else as text."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None, "a new workbook has a sheet"
    sheet.title = "findings"
    sheet.append(COLUMNS)
    for result in facts.results:
        for finding in result.findings:
            sheet.append(finding_row(facts, finding, unmask=unmask))
            amount = sheet.cell(sheet.max_row, COLUMNS.index("amount") + 1)
            amount.value = finding.amount
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    for place, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFGHIJ"[place]].width = width
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
