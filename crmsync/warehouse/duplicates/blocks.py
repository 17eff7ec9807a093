"""Which records are compared at all: those that share a key which few others have.

A key that many share tells nothing of two of them: it is not used, and told. So the pairs grow with the records, and
not with their square.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from crmsync.core.duplicates import Crowded

if TYPE_CHECKING:
    import duckdb

_TOLD = 50
"""So many crowded keys are told, the fullest first."""


def block(
    db: duckdb.DuckDBPyConnection, kinds: Mapping[str, Sequence[str]], crowded: int
) -> tuple[Crowded, ...]:
    """Builds `dup_pair` (l, r), l before r, each pair once; the keys that were left out, fullest first."""
    union = " UNION ".join(
        f"SELECT {at} AS kind, hash({sql}) AS key, {sql} AS text, rid FROM dup_record WHERE {sql} IS NOT NULL"
        for at, each in enumerate(kinds.values())
        for sql in each
    )
    db.execute(f"CREATE OR REPLACE TEMP TABLE dup_key AS {union}")
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_size AS SELECT kind, key, count(*) AS records, min(text) AS text "
        "FROM dup_key GROUP BY kind, key HAVING count(*) > 1"
    )
    used = (
        "SELECT k.kind, k.key, k.rid FROM dup_key k "
        f"JOIN dup_size s ON s.kind = k.kind AND s.key = k.key AND s.records <= {crowded}"
    )
    db.execute(
        "CREATE OR REPLACE TABLE dup_pair AS SELECT DISTINCT a.rid AS l, b.rid AS r "
        f"FROM ({used}) a JOIN ({used}) b ON a.kind = b.kind AND a.key = b.key AND a.rid < b.rid"
    )
    left_out = db.execute(
        f"SELECT kind, text, records FROM dup_size WHERE records > {crowded} "
        f"ORDER BY records DESC, kind, text LIMIT {_TOLD}"
    ).fetchall()
    db.execute("DROP TABLE dup_key")
    db.execute("DROP TABLE dup_size")
    names = list(kinds)
    return tuple(Crowded(names[kind], text, records) for kind, text, records in left_out)
