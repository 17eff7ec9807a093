"""The forms of CSV that a bulk job may choose, and CSV written in one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmsync.sandbox.salesforce.errors import refuse

# Six delimiters, two line ends: Bulk API guide, datafiles_prepare_csv (read 2026-11).
DELIMITERS = {
    "BACKQUOTE": "`",
    "CARET": "^",
    "COMMA": ",",
    "PIPE": "|",
    "SEMICOLON": ";",
    "TAB": "\t",
}
LINE_ENDS = {"LF": "\n", "CRLF": "\r\n"}


@dataclass(frozen=True, slots=True)
class Form:
    """One form of CSV, by the words of the API."""

    delimiter: str = "COMMA"
    line_end: str = "LF"

    @property
    def separator(self) -> str:
        """The character between two values."""
        return DELIMITERS[self.delimiter]

    @property
    def terminator(self) -> str:
        """The characters after each row."""
        return LINE_ENDS[self.line_end]


def form_of(body: Mapping[str, Any]) -> Form:
    """The form a new job asks for; Refusal for a word the API does not know."""
    form = Form(body.get("columnDelimiter") or "COMMA", body.get("lineEnding") or "LF")
    content = body.get("contentType") or "CSV"
    for name, value, known in (
        ("contentType", content, ("CSV",)),
        ("columnDelimiter", form.delimiter, DELIMITERS),
        ("lineEnding", form.line_end, LINE_ENDS),
    ):
        if value not in known:
            raise refuse("JSON_PARSER_ERROR", f"{name} must be one of {', '.join(known)}")
    return form


def written(form: Form, rows: Iterable[Sequence[str]]) -> bytes:
    """CSV with every value quoted, as the results of bulk jobs are."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(
        buffer,
        delimiter=form.separator,
        lineterminator=form.terminator,
        quoting=csv.QUOTE_ALL,
    )
    writer.writerows(rows)
    return buffer.getvalue().encode()


def written_columns(form: Form, columns: Sequence[list[str]]) -> bytes:
    """The same from columns, several times as fast: quotes are looked for in a whole column at once."""
    clean = [
        [cell.replace('"', '""') for cell in column] if '"' in "".join(column) else column
        for column in columns
    ]
    between, end = f'"{form.separator}"', f'"{form.terminator}'
    lines = [f'"{between.join(row)}{end}' for row in zip(*clean, strict=True)]
    return "".join(lines).encode()
