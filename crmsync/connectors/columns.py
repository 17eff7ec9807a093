"""Columns of text from the lists a page was taken apart into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import pyarrow as pa


def plain_text(value: Any) -> str | None:
    """Wire text of a JSON value of unknown type: a blank stays None, a lone surrogate becomes `?`."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return orjson.dumps(value).decode()


def text_array(values: Sequence[Any]) -> pa.Array:
    """A column of text. The quick way takes text and None only, anything else the careful one."""
    try:
        return pa.array(values, pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeError):
        return pa.array([plain_text(value) for value in values], pa.string())


def text_batch(columns: Mapping[str, Sequence[Any]]) -> pa.RecordBatch:
    """One batch, its columns in the order given."""
    arrays = [text_array(values) for values in columns.values()]
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))


def text_table(names: Sequence[str], rows: Sequence[Sequence[str | None]]) -> pa.Table:
    """A table of text from rows that have these columns."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pa.table(dict(zip(names, (text_array(list(c)) for c in columns), strict=True)))


def rows_batch(names: Sequence[str], rows: Sequence[Sequence[str | None]]) -> pa.RecordBatch:
    """A batch of text from rows that have these columns."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return text_batch(dict(zip(names, map(list, columns), strict=True)))
