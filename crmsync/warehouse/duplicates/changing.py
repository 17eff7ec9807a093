"""The search over what changed since the last one: only pairs with a changed record are compared.

What a search leaves in the database is needed: dup_source and dup_id, what `restage` of the subject keeps, dup_record,
dup_side, dup_rare_*, dup_key and dup_found. How rare values are stays as it was counted last.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from crmsync.core.duplicates import Crowded, DuplicateModel
from crmsync.core.saved_duplicates import SavedModel
from crmsync.warehouse.duplicates.blocks import Kinds, crowded_keys, keys_of
from crmsync.warehouse.duplicates.finding import Search, count_rows, group
from crmsync.warehouse.duplicates.frequencies import lay_sides
from crmsync.warehouse.duplicates.guarding import judge
from crmsync.warehouse.duplicates.inside import grouped_whole
from crmsync.warehouse.duplicates.scoring import weigh, weights
from crmsync.warehouse.duplicates.subjects import SUBJECTS

if TYPE_CHECKING:
    import duckdb

_OURS = "(FROM dup_changed)"


def search_changed(
    db: duckdb.DuckDBPyConnection,
    model: DuplicateModel,
    saved: SavedModel,
    changed: Collection[int],
) -> Search:
    """What the search of all records would now say of the changed ones; `dup_found` is brought up to date.

    `changed` are `rid`s of records that `dup_source` holds anew, or no more. The groups are those that a changed record
    belongs to, or belonged to, or is tied to by others. If all have changed, it says what `search` says by this model.
    """
    db.execute("SET disabled_optimizers = 'statistics_propagation'")
    subject = SUBJECTS[model.subject]
    names = subject.comparisons_of(model.parts)
    _mark(db, changed)
    (subject.restage or subject.stage)(db)
    lay_sides(db, subject, names, of="dup_changed")
    crowded = _block(db, subject.keys, model.crowded)
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_met_side AS FROM dup_side "
        "WHERE rid IN (SELECT l FROM dup_pair UNION SELECT r FROM dup_pair)"
    )
    weigh(db, subject, names, saved.others, saved.same, "dup_met_side")
    judge(db, subject, names, saved.prior, model.sure, "dup_news")
    _renew(db, model.review)
    compared = count_rows(db, "dup_pair")
    found = grouped_whole(db, model, saved, lambda: group(db, model, "dup_touched"))
    vetoed = count_rows(db, f"dup_found WHERE vetoed AND (l IN {_OURS} OR r IN {_OURS})")
    bits = weights(subject, names, saved.others, saved.same)
    return Search(found, compared, vetoed, crowded, saved, bits)


def _mark(db: duckdb.DuckDBPyConnection, changed: Collection[int]) -> None:
    db.execute("CREATE OR REPLACE TEMP TABLE dup_changed (rid INTEGER)")
    db.execute("INSERT INTO dup_changed SELECT DISTINCT unnest($1::INTEGER[])", [sorted(changed)])


def _block(db: duckdb.DuckDBPyConnection, kinds: Kinds, crowded: int) -> tuple[Crowded, ...]:
    """`dup_key` up to date; `dup_pair` with one changed record at least, `dup_size` of their keys."""
    db.execute(f"DELETE FROM dup_key WHERE rid IN {_OURS}")
    db.execute(f"CREATE OR REPLACE TEMP TABLE dup_renewed AS FROM dup_record WHERE rid IN {_OURS}")
    db.execute(f"CREATE OR REPLACE TEMP TABLE dup_ours AS {keys_of(kinds, 'dup_renewed')}")
    db.execute("INSERT INTO dup_key FROM dup_ours")
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_met AS SELECT k.* FROM dup_key k "
        "SEMI JOIN dup_ours o ON o.key = k.key AND o.kind = k.kind"
    )
    db.execute(
        "CREATE OR REPLACE TABLE dup_size AS SELECT kind, key, count(*) AS records FROM dup_met "
        "GROUP BY kind, key HAVING count(*) > 1"
    )
    db.execute(
        "CREATE OR REPLACE TABLE dup_pair AS SELECT DISTINCT least(o.rid, k.rid) AS l, greatest(o.rid, k.rid) AS r "
        "FROM dup_ours o JOIN dup_met k ON k.key = o.key AND k.kind = o.kind AND k.rid <> o.rid "
        f"JOIN dup_size s ON s.key = o.key AND s.kind = o.kind AND s.records <= {crowded}"
    )
    for table in ("dup_renewed", "dup_ours", "dup_met"):
        db.execute(f"DROP TABLE {table}")
    return crowded_keys(db, kinds, crowded)


def _renew(db: duckdb.DuckDBPyConnection, review: float) -> None:
    """`dup_found` with the new pairs for the old ones; `dup_touched` (rid): whom a change can have moved."""
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_touched AS SELECT rid FROM dup_changed "
        f"UNION SELECT r FROM dup_found WHERE l IN {_OURS} AND p >= {review} "
        f"UNION SELECT l FROM dup_found WHERE r IN {_OURS} AND p >= {review}"
    )
    db.execute(f"DELETE FROM dup_found WHERE l IN {_OURS} OR r IN {_OURS}")
    db.execute("INSERT INTO dup_found FROM dup_news")
    db.execute("DROP TABLE dup_news")
    sides: Sequence[tuple[str, str]] = (("l", "r"), ("r", "l"))
    known, grown = -1, count_rows(db, "dup_touched")
    while grown > known:
        ties = " UNION ".join(
            f"SELECT {to} FROM dup_found WHERE p >= {review} AND {by} IN (FROM dup_touched)"
            for by, to in sides
        )
        db.execute(f"INSERT INTO dup_touched ({ties}) EXCEPT FROM dup_touched")
        known, grown = grown, count_rows(db, "dup_touched")
