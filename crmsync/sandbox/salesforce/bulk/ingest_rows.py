"""Uploaded CSV read row by row: the header line as columns, each row as the record it means."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from crmsync.sandbox.salesforce.bulk.forms import Form
from crmsync.sandbox.salesforce.bulk.state import JobFailed
from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.items import Record
from crmsync.sandbox.salesforce.schema import Field
from crmsync.sandbox.salesforce.world import SalesforceWorld

# 32,000 characters a field, 5,000 fields and 400,000 characters a record: bulk_api_2_limits
# (read 2026-11).
_LONGEST_FIELD = 32_000
_MOST_FIELDS = 5_000
_LONGEST_RECORD = 400_000
NULL = "#N/A"
# Words for a checkbox: Bulk API guide, Valid CSV Record Rows (read 2026-11).
_TRUTHS = {
    **dict.fromkeys(("yes", "y", "true", "on", "1"), True),
    **dict.fromkeys(("no", "n", "false", "off", "0"), False),
}

Put = Callable[[Record, str], None]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an upload: how a cell gets into the record, and the field it belongs to."""

    name: str
    field: Field
    put: Put


def read_rows(data: bytes, form: Form) -> Iterator[list[str]]:
    """All rows of an upload, the header line first; JobFailed where the text is no CSV."""
    lines = _Lines(data, form)
    reader = csv.reader(lines, delimiter=form.separator, strict=True)
    try:
        for row in reader:
            _refuse_spaced_quote(row, form, lines.taken())
            if row:
                yield row
    except (csv.Error, UnicodeDecodeError) as error:
        raise JobFailed(f"InvalidBatch : {error}") from None


def check_line_ends(data: bytes, form: Form, *, everywhere: bool) -> None:
    """JobFailed when the text ends its lines otherwise than the job says."""
    text = data if everywhere else data[: data.find(b"\n") + 1]
    bare = text.count(b"\n") - text.count(b"\r\n")
    wrong = bare if form.line_end == "CRLF" else text.count(b"\r\n")
    if wrong:
        # The text as users quote it (read 2026-11).
        raise JobFailed(
            "ClientInputError : LineEnding is invalid on user data. "
            f"Current LineEnding setting is {form.line_end}"
        )


def columns_of(world: SalesforceWorld, shape: Shape, header: list[str]) -> list[Column]:
    """The columns of a header line; JobFailed for a name that leads to no visible field."""
    if len(header) > _MOST_FIELDS:
        raise JobFailed(f"InvalidBatch : more than {_MOST_FIELDS} fields")
    columns = [_column(world, shape, name) for name in header]
    for name in header:
        if header.count(name) > 1:
            raise JobFailed(f"InvalidBatch : Duplicate field name found : {name}")
    return columns


def record_of(columns: list[Column], row: list[str], number: int) -> Record:
    """What a row means: empty cells leave their field alone, `#N/A` empties it."""
    if len(row) != len(columns):
        raise JobFailed(
            f"InvalidBatch : row {number} has {len(row)} values, the header {len(columns)}"
        )
    if sum(map(len, row)) > _LONGEST_RECORD:
        raise JobFailed(f"InvalidBatch : row {number} is longer than {_LONGEST_RECORD} characters")
    record: Record = {}
    for column, cell in zip(columns, row, strict=True):
        if len(cell) > _LONGEST_FIELD:
            message = f"{column.name} in row {number} is longer than {_LONGEST_FIELD} characters"
            raise JobFailed(f"InvalidBatch : {message}")
        if cell:
            column.put(record, cell)
    return record


class _Lines:
    """The lines of an upload, which remembers those the reader has taken for its latest row."""

    def __init__(self, data: bytes, form: Form) -> None:
        # A byte-order mark stays: it makes the first field name unknown, as users report.
        self._lines = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
        self._taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._taken.append(line)
        return line

    def taken(self) -> list[str]:
        """The lines since the last time this was asked."""
        taken, self._taken = self._taken, []
        return taken


def _refuse_spaced_quote(row: list[str], form: Form, lines: list[str]) -> None:
    """A space before a quote is an error; only a value that looks like one is worth the search."""
    # datafiles_prepare_csv (read 2026-11).
    if any(cell.startswith(" ") and cell.lstrip(" ").startswith('"') for cell in row):
        spaced = re.compile(rf'(?:^|{re.escape(form.separator)}) +"')
        if spaced.search("".join(lines)):
            raise JobFailed("InvalidBatch : a space stands before a quote")


def _column(world: SalesforceWorld, shape: Shape, name: str) -> Column:
    typed, _, path = name.rpartition(":")
    relation, _, key = path.rpartition(".")
    if not relation:
        found = None if typed else shape.field(path)
        if found is None:
            raise _unknown(name)
        return Column(name, found, _plain_put(found))
    return _relation_column(world, shape, name, (typed, relation, key))


def _relation_column(
    world: SalesforceWorld, shape: Shape, name: str, parts: tuple[str, str, str]
) -> Column:
    """`Owner.Email`, or `Contact:Who.Email` where the parent may be of several types."""
    typed, relation, key = parts
    lookup = shape.relations.get(relation.lower())
    if lookup is None:
        raise _unknown(name)
    if typed and len(lookup.reference_to) < 2:
        # The text as users quote it (read 2026-11).
        raise JobFailed(
            f"InvalidBatch : type is not needed for non polymorphic foreign key : {name}"
        )
    if typed and typed.lower() not in {each.lower() for each in lookup.reference_to}:
        raise _unknown(name)
    parent = world.shape(typed or lookup.reference_to[-1])
    found = parent.field(key) if parent else None
    if parent is None or found is None or not found.id_lookup:
        raise _unknown(name)
    attributes = {"attributes": {"type": parent.name}}

    def put(record: Record, cell: str) -> None:
        if cell == NULL:
            record[lookup.name] = None
        else:
            record[str(lookup.relationship)] = {**attributes, found.name: cell}

    return Column(name, lookup, put)


def _plain_put(field: Field) -> Put:
    def put(record: Record, cell: str) -> None:
        value: Any = None if cell == NULL else cell
        if field.type == "boolean":
            value = _TRUTHS.get(cell.strip().lower(), value)
        record[field.name] = value

    return put


def _unknown(name: str) -> JobFailed:
    # The text as users quote it (read 2026-11).
    return JobFailed(f"InvalidBatch : Field name not found : {name}")
