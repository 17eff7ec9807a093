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
Kinds = Mapping[str, Sequence[str]]


def block(db: duckdb.DuckDBPyConnection, kinds: Kinds, crowded: int) -> tuple[Crowded, ...]:
    """Builds `dup_pair` (l, r), l before r, each pair once; the keys that were left out, fullest first.

    Beside it `dup_key` (kind, key, rid) and `dup_size` (kind, key, records) of the keys that several share.
    """
    db.execute(f"CREATE OR REPLACE TABLE dup_key AS {keys_of(kinds, 'dup_record')}")
    db.execute(
        "CREATE OR REPLACE TABLE dup_size AS SELECT kind, key, count(*) AS records FROM dup_key "
        "GROUP BY kind, key HAVING count(*) > 1"
    )
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_used AS SELECT k.key, k.kind, k.rid FROM dup_key k "
        f"JOIN dup_size s ON s.key = k.key AND s.kind = k.kind WHERE s.records <= {crowded}"
    )
    db.execute(
        "CREATE OR REPLACE TABLE dup_pair AS SELECT DISTINCT a.rid AS l, b.rid AS r "
        "FROM dup_used a JOIN dup_used b ON a.key = b.key AND a.kind = b.kind AND a.rid < b.rid"
    )
    db.execute("DROP TABLE dup_used")
    return crowded_keys(db, kinds, crowded)


def keys_of(kinds: Kinds, table: str) -> str:
    """The keys of the records of a table, each once a record: kind, key, rid."""
    return " UNION ALL ".join(
        f"SELECT {at}::UTINYINT AS kind, hash({sql}) AS key, rid FROM {table} WHERE {_is_first(each, sql)}"
        for at, each in enumerate(kinds.values())
        for sql in each
    )


def _is_first(same_kind: Sequence[str], sql: str) -> str:
    """It is there, and is not what the record has already under this kind."""
    earlier = same_kind[: same_kind.index(sql)]
    return " AND ".join(
        [f"{sql} IS NOT NULL", *(f"{sql} IS DISTINCT FROM {each}" for each in earlier)]
    )


def crowded_keys(db: duckdb.DuckDBPyConnection, kinds: Kinds, crowded: int) -> tuple[Crowded, ...]:
    """The keys of `dup_size` that too many records share, fullest first; what a key says is read from one of them."""
    texts = " ".join(
        f"WHEN {at} THEN list_filter([{', '.join(each)}], lambda text: hash(text) = f.key)[1]"
        for at, each in enumerate(kinds.values())
    )
    full = (
        f"SELECT kind, key, records FROM dup_size WHERE records > {crowded} "
        f"ORDER BY records DESC, kind, key LIMIT {_TOLD}"
    )
    rows = db.execute(
        f"WITH f AS MATERIALIZED ({full}), one AS (SELECT k.kind, k.key, min(k.rid) AS rid FROM dup_key k "
        "JOIN f ON f.key = k.key AND f.kind = k.kind GROUP BY 1, 2) "
        f"SELECT f.kind, CASE f.kind {texts} END AS text, f.records FROM f JOIN one USING (kind, key) "
        "JOIN dup_record d ON d.rid = one.rid ORDER BY f.records DESC, f.kind, text"
    ).fetchall()
    names = list(kinds)
    return tuple(Crowded(names[kind], text, records) for kind, text, records in rows)
