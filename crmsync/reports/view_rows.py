"""All customers as CSV, Excel, JSON or Parquet, a part at a time: whatever their number, memory holds one part."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from crmsync.errors import CrmsyncError
from crmsync.language import N_, translate
from crmsync.reports.as_csv import BOM, disarmed
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import delimiter
from crmsync.reports.values import shown_text

if TYPE_CHECKING:
    import pyarrow as pa

# What a cell of Excel holds: support.microsoft.com, Excel specifications and limits (read 2026-11).
_CELL = 32_767
_SHEET = 1_048_576
_DIGITS = 15
_ERRORS = "#"  # `#N/A` as a text would be read as an error


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table; `masked_as` is the field whose text is a person's own.

    `called` are titles by language for who reads the workbook; `is_source` if it tells the system of such a field.
    """

    name: str
    masked_as: str | None = None
    called: Mapping[str, str] = field(default_factory=dict)
    is_source: bool = False


Columns = Sequence[Column]
Batches: TypeAlias = "pa.RecordBatchReader"
Write = Callable[[IO[bytes], Columns, Batches, str], int]


def write_rows(
    form: str,
    file: IO[bytes],
    columns: Columns,
    batches: Batches,
    language: str,
    *,
    unmask: bool = False,
) -> int:
    """Writes the rows in one of FORMS; how many there were. Masked unless asked."""
    shown = batches if unmask else masked_rows(columns, batches)
    return FORMS[form](file, columns, shown, language)


def masked_rows(columns: Columns, batches: Batches) -> Batches:
    """The rows with everything that is a person's own made unreadable."""
    import pyarrow as pa

    masked = (_masked(batch, columns) for batch in batches)
    return pa.RecordBatchReader.from_batches(batches.schema, masked)


def _masked(batch: pa.RecordBatch, columns: Columns) -> pa.RecordBatch:
    """The batch with every text of a person's own made unreadable."""
    import pyarrow as pa

    arrays = [
        array if column.masked_as is None else _each_once(array, _masker(column.masked_as))
        for column, array in zip(columns, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=batch.schema)


def _masker(field: str) -> Callable[[str], str]:
    return lambda text: shown_text(text, field)


def _each_once(array: pa.Array, change: Callable[[str], str]) -> pa.Array:
    """The texts of a column changed: each distinct one once, and blanks left as they are."""
    import pyarrow as pa

    coded = array.dictionary_encode()
    texts = [change(text) for text in coded.dictionary.to_pylist()]
    return pa.array(texts, pa.string()).take(coded.indices)


def _write_csv(file: IO[bytes], columns: Columns, batches: Batches, language: str) -> int:
    """UTF-8 with a byte order mark and CRLF, cells divided as the region does; none that a spreadsheet would run.

    Its heads are our names: programs read it, too.
    """
    file.write(BOM.encode() + _csv([[each.name for each in columns]], delimiter(language)))
    count = 0
    for batch in batches:
        cells = [_cells(array) for array in batch.columns]
        file.write(_csv(zip(*cells, strict=True), delimiter(language)))
        count += batch.num_rows
    return count


def _csv(rows: Iterable[Sequence[str]], between: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=between, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _cells(array: pa.Array) -> list[str]:
    import pyarrow as pa

    if pa.types.is_string(array.type):
        safe = _each_once(array, lambda text: disarmed(text, _CELL))
        return ["" if text is None else text for text in safe.to_pylist()]
    return ["" if value is None else _plain(value) for value in array.to_pylist()]


def _plain(value: Any) -> str:
    """A value that is no text, without a locale: 1200.5, true, 2026-11-20, 2026-11-20T07:30:00Z."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, datetime):
        return value.isoformat() + "Z"  # the table holds UTC without saying so
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _write_json(file: IO[bytes], columns: Columns, batches: Batches, _language: str) -> int:
    """One list of objects, one a line."""
    import orjson

    names = [each.name for each in columns]
    count = 0
    file.write(b"[")
    for batch in batches:
        for cells in zip(*(_values(array) for array in batch.columns), strict=True):
            file.write(b",\n" if count else b"\n")
            file.write(orjson.dumps(dict(zip(names, cells, strict=True))))
            count += 1
    file.write(b"\n]\n")
    return count


def _values(array: pa.Array) -> Iterator[Any]:
    """The values of a column as JSON has them; a number has all its digits."""
    import orjson

    for value in array.to_pylist():
        if isinstance(value, Decimal):
            yield orjson.Fragment(_number(value))
        elif isinstance(value, datetime):
            yield _plain(value)
        else:
            yield value


def _write_parquet(file: IO[bytes], _columns: Columns, batches: Batches, _language: str) -> int:
    """Typed columns: amounts and whole numbers as decimals, instants in UTC."""
    from pyarrow import parquet

    count = 0
    with parquet.ParquetWriter(file, batches.schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            count += batch.num_rows
    return count


_HEADS: Mapping[str, str] = {"key": N_("Customer"), "records": N_("Records")}


def heads(columns: Columns, language: str) -> list[str]:
    """What people call the columns, each another name: the mapping's titles, else our names."""
    found: list[str] = []
    for each in columns:
        head = _head(each, language)
        found.append(f"{head} ({each.name})" if head in found else head)
    return found


def _head(column: Column, language: str) -> str:
    if column.name in _HEADS:
        return translate(_HEADS[column.name], language)
    called = clean(column.called.get(language) or "", 120)
    if not called or not column.is_source:
        return called or column.name
    return translate(N_("{field}: system"), language).format(field=called)


def _write_xlsx(file: IO[bytes], columns: Columns, batches: Batches, language: str) -> int:
    """One sheet with a filter: numbers, days and instants (in UTC) as Excel has them, texts that it does not run.

    Its heads are in the reader's language. CrmsyncError for more rows than a sheet holds.
    """
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(translate(N_("Customers"), language))
    sheet.freeze_panes = "A2"
    count = 0
    try:
        sheet.append([_text_cell(sheet, head) for head in heads(columns, language)])
        for batch in batches:
            count += batch.num_rows
            _demand_room(count)
            for cells in zip(*(array.to_pylist() for array in batch.columns), strict=True):
                sheet.append([_cell(sheet, value) for value in cells])
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count + 1}"
    finally:
        sheet.close()  # what is written bit by bit has to be ended, whatever happens
    book.save(file)
    return count


def _demand_room(rows: int) -> None:
    if rows >= _SHEET:
        raise CrmsyncError(
            f"a sheet of Excel holds {_SHEET:,} rows, and there are more customers",
            remedy="Use another format: --format csv or --format parquet.",
        )


def _cell(sheet: Any, value: Any) -> Any:
    """A value as a cell of Excel; a number of which it would lose digits is a text."""
    if isinstance(value, str):
        return _text_cell(sheet, clean(value, _CELL))
    if isinstance(value, Decimal):
        digits = len(value.normalize().as_tuple().digits)
        return value if digits <= _DIGITS else _number(value)
    return value


def _text_cell(sheet: Any, text: str) -> Any:
    """A text as it is, which Excel does not take for a formula, not even where somebody edits the cell."""
    from openpyxl.cell import WriteOnlyCell

    if disarmed(text, _CELL) == text and not text.startswith(_ERRORS):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # a text that begins with `=` would be a formula
    cell.quotePrefix = True
    return cell


FORMS: Mapping[str, Write] = {
    "csv": _write_csv,
    "json": _write_json,
    "parquet": _write_parquet,
    "xlsx": _write_xlsx,
}
BINARY: Mapping[str, str] = {"parquet": "Parquet", "xlsx": "Excel"}
"""Formats that are written to a file only, as their readers call them."""
