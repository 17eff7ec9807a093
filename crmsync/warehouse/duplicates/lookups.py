"""Tables of answers, one row for each distinct text: what Python knows of a word, SQL joins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def keep_answers(
    db: duckdb.DuckDBPyConnection, table: str, texts: str, answer: Callable[[str], str | None]
) -> None:
    """Builds a table (text, answer) of the texts that a query gives and that have an answer."""
    asked: list[str] = db.sql(texts).to_arrow_table().column(0).to_pylist()
    found = {text: answer(text) for text in asked if text is not None}
    keep_pairs(db, table, {text: said for text, said in found.items() if said is not None})


def keep_pairs(db: duckdb.DuckDBPyConnection, table: str, pairs: Mapping[str, str]) -> None:
    """Builds a table (text, answer)."""
    import pyarrow as pa

    columns = {
        "text": pa.array(list(pairs), pa.string()),
        "answer": pa.array(list(pairs.values()), pa.string()),
    }
    db.register("dup_given", pa.table(columns))
    db.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM dup_given")
    db.unregister("dup_given")
