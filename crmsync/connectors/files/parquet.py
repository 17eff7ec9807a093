"""Rows of a Parquet file, in the order of its row groups."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from crmsync.connectors.files.sources import Exact, Row, Source, file_problem
from crmsync.connectors.wire import NoText, wire
from crmsync.errors import AnswerBroken

_BATCH = 10_000


def parquet_source(path: Path) -> Source:
    """The rows of a Parquet file, its column names as the first of them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    def rows() -> Iterator[Row]:
        try:
            with pq.ParquetFile(path) as file:
                yield 0, list(file.schema_arrow.names)
                yield from _rows(path, file)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
            remedy = "Write the file again, or export it as CSV."
            raise AnswerBroken(
                "this cannot be read as Parquet", where=path.name, remedy=remedy
            ) from error

    return Source(path, path.name, rows, titled=False)


def _rows(path: Path, file: Any) -> Iterator[Row]:
    number = 0
    for batch in file.iter_batches(_BATCH):
        columns = [column.to_pylist() for column in batch.columns]
        for cells in zip(*columns, strict=True):
            number += 1
            try:
                yield number, [_text(cell) for cell in cells]
            except NoText as error:
                message = f"{path.name}: row {number} holds bytes"
                raise file_problem(message, "write text into the file, not bytes") from error


def _text(value: Any) -> str | None:
    text = wire(value)
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return Exact(text) if text is not None and is_number else text
