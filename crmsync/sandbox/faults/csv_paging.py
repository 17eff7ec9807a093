"""Pages of a bulk query that are not what they should be, told as if they were: rows come twice, or never."""

from __future__ import annotations

import csv
import gzip
import io
from weakref import WeakKeyDictionary

from crmsync.sandbox.faults.book import Fault, Faulty
from crmsync.sandbox.tables import Tables

_COUNT = b"sforce-numberofrecords"
Headers = list[tuple[bytes, bytes]]
_LAST: WeakKeyDictionary[Tables, list[list[str]]] = WeakKeyDictionary()


def is_page(headers: Headers) -> bool:
    """True for the answer that holds rows of a bulk query."""
    return any(name.lower() == _COUNT for name, _ in headers)


def note_csv(world: Faulty, headers: Headers, body: bytes) -> None:
    """Keeps the rows of a page, of which the next one may repeat some."""
    _LAST[world.tables] = _rows(headers, body)[1]


def change_csv(world: Faulty, fault: Fault, headers: Headers, body: bytes) -> tuple[Headers, bytes]:
    """Headers and body of a page with rows repeated or left out, counted as they then are."""
    head, rows = _rows(headers, body)
    count = fault.parameter("rows")
    if fault.kind == "page-skips":
        changed = rows[: max(len(rows) - count, 0)]
    else:
        changed = [*_LAST.get(world.tables, rows)[-count:], *rows]
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([*head, *changed])
    told = (_COUNT, str(len(changed)).encode())
    kept = [each for each in headers if each[0].lower() != _COUNT]
    return [*kept, told], gzip.compress(buffer.getvalue().encode(), 1)


def _rows(headers: Headers, body: bytes) -> tuple[list[list[str]], list[list[str]]]:
    """The header line, if there is one, and the rows, as many as the headers say."""
    text = gzip.decompress(body).decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    told = next(int(value) for name, value in headers if name.lower() == _COUNT)
    at = len(rows) - told
    return rows[:at], rows[at:]
