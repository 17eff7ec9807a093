"""The findings as an Excel workbook."""

from __future__ import annotations

import csv
import io

from openpyxl import load_workbook
from report_samples import make_facts

from crmsync.reports.as_csv import COLUMNS, findings_csv
from crmsync.reports.as_xlsx import findings_xlsx


def test_a_workbook_holds_what_the_csv_holds_and_no_formula() -> None:
    facts = make_facts({"D06": 3, "C05": 4})
    sheet = load_workbook(io.BytesIO(findings_xlsx(facts))).active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    assert tuple(cell.value for cell in rows[0]) == COLUMNS
    plain = list(csv.reader(io.StringIO(findings_csv(facts).removeprefix("\ufeff"))))
    assert len(rows) == len(plain) > 1
    assert all(cell.data_type != "f" for row in rows for cell in row)
    money = COLUMNS.index("amount")
    for row, texts in zip(rows[1:], plain[1:], strict=True):
        shown = [str(cell.value or "") for cell in row]
        assert [t for n, t in enumerate(shown) if n != money] == [
            t for n, t in enumerate(texts) if n != money
        ]
        assert float(shown[money] or 0) == float(texts[money] or 0)
