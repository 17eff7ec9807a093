"""Results of a query job, page by page: CSV that becomes columns of text.

The header `Sforce-Locator` leads to the next page, its literal text `null` to none; a page can be asked
for again: developer.salesforce.com, Bulk API 2.0, Get Results for a Query Job (read 2026-11). Whether
later pages repeat the header line is not verified: both are taken.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from crmsync.connectors.budget import whole
from crmsync.connectors.calls import Answer, Call
from crmsync.connectors.salesforce.api import Api
from crmsync.connectors.salesforce.bulk.jobs import PATH
from crmsync.errors import AnswerBroken

# A page is in memory as a whole, as bytes and as columns: half a million cells are about 8 MB of either.
CELLS_A_PAGE = 500_000
FEWEST_ROWS, MOST_ROWS = 2_000, 50_000
# Rows may be longer than a block of the parser: a record has at most 400,000 characters in Bulk API
# (developer.salesforce.com, Bulk API limits, read 2026-11), up to 4 bytes each.
_BLOCK = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next ones are; None after the last."""

    table: pa.Table
    locator: str | None


def rows_a_page(columns: int) -> int:
    """`maxRecords` for so many columns."""
    return max(FEWEST_ROWS, min(MOST_ROWS, CELLS_A_PAGE // columns))


def result_pages(api: Api, job_id: str, names: Sequence[str]) -> Iterator[pa.Table]:
    """The rows of a complete job, columns in the order of `names`; AnswerBroken if a page stays broken."""
    path, label = f"{PATH}/{job_id}/results", f"{PATH}/results"
    params = {"maxRecords": str(rows_a_page(len(names)))}
    seen: set[str] = set()
    while True:
        send = partial(api.session.send, "GET", path, params=params, headers={"Accept": "text/csv"})
        take = partial(page_of, names=names, first=not seen)
        page: Page = api.calls.ask(Call(f"GET {label}", send, take=take))
        yield page.table
        if page.locator is None:
            return
        if page.locator in seen:
            raise AnswerBroken("the pages of the results go in a circle", where=label)
        seen.add(page.locator)
        params["locator"] = page.locator


def page_of(answer: Answer, names: Sequence[str], *, first: bool) -> Page:
    """A page taken apart; AnswerBroken if it holds not what its headers say."""
    told = whole(answer.headers.get("sforce-numberofrecords"))
    locator = answer.headers.get("sforce-locator", "null")
    table = _table(answer.body, names, first=first)
    if told is not None and table.num_rows != told:
        raise AnswerBroken(f"{table.num_rows} rows came of {told}", status=answer.status)
    if answer.body.count(b'"') % 2 or not _are_ids(table.column("Id")):
        raise AnswerBroken("the results break off in the middle of a row", status=answer.status)
    return Page(table, None if locator == "null" else locator)


def _are_ids(column: pa.ChunkedArray) -> bool:
    """False for half a header line, or half a row, that the parser took for a whole one."""
    fit = pc.match_substring_regex(column, r"^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$")
    return column.null_count == 0 and pc.all(fit).as_py() is not False


def _table(body: bytes, names: Sequence[str], *, first: bool) -> pa.Table:
    header = _header(body)
    repeats = [each.lower() for each in header] == [name.lower() for name in names]
    if not repeats and (first or not body.strip()):
        if body.strip():
            raise AnswerBroken("the columns of the results are not those of the query")
        raise AnswerBroken("the results have no header line")
    try:
        return _read(body, names, skip=int(repeats), block=_BLOCK)
    except pa.ArrowInvalid:
        return _read_again(body, names, skip=int(repeats))


def _header(body: bytes) -> list[str]:
    line = body[: body.find(b"\n") + 1 or None].decode("utf-8", "replace").rstrip("\r\n")
    return next(csv.reader([line.removeprefix("\ufeff")]), [])


def _read_again(body: bytes, names: Sequence[str], *, skip: int) -> pa.Table:
    """A page with a row longer than a block, or with bytes that are no UTF-8."""
    try:
        text = body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    clean = text.encode("utf-8", "replace")
    try:
        return _read(clean, names, skip=skip, block=len(clean) + 1)
    except pa.ArrowInvalid:
        raise AnswerBroken("the results are no CSV of these columns") from None


def _read(body: bytes, names: Sequence[str], *, skip: int, block: int) -> pa.Table:
    """Cells as they stand between the quotes; empty ones are blank, for CSV cannot tell them from null."""
    return pv.read_csv(
        io.BytesIO(body),
        read_options=pv.ReadOptions(
            column_names=list(names), skip_rows=skip, block_size=block, use_threads=False
        ),
        parse_options=pv.ParseOptions(newlines_in_values=True, ignore_empty_lines=True),
        convert_options=pv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )
