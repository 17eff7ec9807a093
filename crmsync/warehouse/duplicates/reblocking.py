"""Which records are compared because of a change: those that share a key with a changed record.

A key that is crowded now parts whom only it brought together; one that is crowded no more brings its records together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.core.duplicates import Crowded
from crmsync.warehouse.duplicates.blocks import Kinds, crowded_keys, keys_of

if TYPE_CHECKING:
    import duckdb

_OURS = "(FROM dup_changed)"


def block_changed(db: duckdb.DuckDBPyConnection, kinds: Kinds, crowded: int) -> tuple[Crowded, ...]:
    """Brings `dup_key` and `dup_size` up to date for the records of `dup_changed`; the keys that are left out now.

    Builds `dup_pair` (l, r) of whom to compare, and `dup_parted` (l, r) of those who share no key any more.
    """
    _rekey(db, kinds)
    _resize(db, crowded)
    _pair(db, crowded)
    _part(db, crowded)
    return crowded_keys(db, kinds, crowded)


def _rekey(db: duckdb.DuckDBPyConnection, kinds: Kinds) -> None:
    """`dup_key` anew for the changed records; `dup_ours` are theirs now, `dup_met` all records with one of them."""
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE dup_theirs AS SELECT DISTINCT kind, key FROM dup_key WHERE rid IN {_OURS}"
    )
    db.execute(f"DELETE FROM dup_key WHERE rid IN {_OURS}")
    db.execute(f"CREATE OR REPLACE TEMP TABLE dup_renewed AS FROM dup_record WHERE rid IN {_OURS}")
    db.execute(f"CREATE OR REPLACE TEMP TABLE dup_ours AS {keys_of(kinds, 'dup_renewed')}")
    db.execute("INSERT INTO dup_key FROM dup_ours")
    db.execute("INSERT INTO dup_theirs SELECT DISTINCT kind, key FROM dup_ours")
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_met AS SELECT k.* FROM dup_key k "
        "SEMI JOIN dup_theirs t ON t.key = k.key AND t.kind = k.kind"
    )


def _resize(db: duckdb.DuckDBPyConnection, crowded: int) -> None:
    """`dup_size` up to date; `dup_turned` (kind, key, full) of keys that became crowded, or are no more."""
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_sized AS "
        "SELECT kind, key, count(*) AS records FROM dup_met GROUP BY kind, key"
    )
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_turned AS SELECT t.kind, t.key, n.records > "
        f"{crowded} AS full FROM (SELECT DISTINCT kind, key FROM dup_theirs) t "
        "LEFT JOIN dup_size s ON s.key = t.key AND s.kind = t.kind "
        "JOIN dup_sized n ON n.key = t.key AND n.kind = t.kind "
        f"WHERE (coalesce(s.records, 0) > {crowded}) <> (n.records > {crowded})"
    )
    db.execute(
        "DELETE FROM dup_size s WHERE EXISTS (FROM dup_theirs t WHERE t.key = s.key AND t.kind = s.kind)"
    )
    db.execute("INSERT INTO dup_size FROM dup_sized WHERE records > 1")


def _pair(db: duckdb.DuckDBPyConnection, crowded: int) -> None:
    """Whoever shares a key with a changed record, or one that is crowded no more."""
    opened = (
        "SELECT m.key, m.kind, m.rid FROM dup_met m "
        "JOIN dup_turned t ON t.key = m.key AND t.kind = m.kind AND NOT t.full"
    )
    db.execute(
        "CREATE OR REPLACE TABLE dup_pair AS SELECT DISTINCT least(o.rid, k.rid) AS l, greatest(o.rid, k.rid) AS r "
        f"FROM (SELECT key, kind, rid FROM dup_ours UNION {opened}) o "
        "JOIN dup_met k ON k.key = o.key AND k.kind = o.kind AND k.rid <> o.rid "
        f"JOIN dup_sized s ON s.key = o.key AND s.kind = o.kind AND s.records <= {crowded}"
    )


def _part(db: duckdb.DuckDBPyConnection, crowded: int) -> None:
    """Pairs of `dup_found` whom a key brought together that is crowded now, and no other key does."""
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_filled AS SELECT m.key, m.kind, m.rid FROM dup_met m "
        "JOIN dup_turned t ON t.key = m.key AND t.kind = m.kind AND t.full"
    )
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_doubted AS SELECT DISTINCT f.l, f.r FROM dup_found f "
        "JOIN dup_filled a ON a.rid = f.l JOIN dup_filled b ON b.rid = f.r AND b.key = a.key AND b.kind = a.kind"
    )
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_parted AS SELECT l, r FROM dup_doubted d WHERE NOT EXISTS ("
        "FROM dup_key a JOIN dup_key b ON b.key = a.key AND b.kind = a.kind "
        "JOIN dup_size s ON s.key = a.key AND s.kind = a.kind "
        f"WHERE a.rid = d.l AND b.rid = d.r AND s.records <= {crowded})"
    )
    for table in ("renewed", "ours", "theirs", "met", "sized", "turned", "filled", "doubted"):
        db.execute(f"DROP TABLE dup_{table}")
