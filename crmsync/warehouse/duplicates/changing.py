"""The search over what changed since the last one: only pairs with a changed record are compared.

What a search leaves in the database is needed: dup_source and dup_id, what `restage` of the subject keeps, dup_record,
dup_side, dup_rare_*, dup_key, dup_size and dup_found. What is compared is weighed as the whole search would weigh it by
the same shares; how probable it is that a pair is one at all, and the weights of pairs that no changed record is in,
stay as they are.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from crmsync.core.duplicates import DuplicateModel
from crmsync.core.saved_duplicates import SavedModel
from crmsync.warehouse.duplicates.finding import Search, count_rows, group
from crmsync.warehouse.duplicates.frequencies import lay_sides, recount_frequencies
from crmsync.warehouse.duplicates.guarding import judge
from crmsync.warehouse.duplicates.inside import grouped_whole
from crmsync.warehouse.duplicates.reblocking import block_changed
from crmsync.warehouse.duplicates.restaging import stage_again
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
    (subject.restage or (lambda db: stage_again(db, subject)))(db)
    crowded = block_changed(db, subject.keys, model.crowded)
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_meets AS FROM dup_changed "
        "UNION SELECT unnest([l, r]) FROM dup_pair"
    )
    recount_frequencies(db, subject, names, "dup_meets")
    lay_sides(db, subject, names, of="dup_meets")
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_met_side AS FROM dup_side WHERE rid IN (FROM dup_meets)"
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


def _renew(db: duckdb.DuckDBPyConnection, review: float) -> None:
    """`dup_found` with the new pairs for the old ones; `dup_touched` (rid): whom a change can have moved."""
    gone = (
        f"l IN {_OURS} OR r IN {_OURS} OR EXISTS (FROM dup_pair p WHERE p.l = f.l AND p.r = f.r) "
        "OR EXISTS (FROM dup_parted p WHERE p.l = f.l AND p.r = f.r)"
    )
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE dup_old AS SELECT l, r, p FROM dup_found f WHERE {gone}"
    )
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_touched AS SELECT rid FROM dup_changed "
        f"UNION SELECT unnest([l, r]) FROM dup_old WHERE p >= {review} "
        f"UNION SELECT unnest([l, r]) FROM dup_news WHERE p >= {review}"
    )
    db.execute(
        "DELETE FROM dup_found f WHERE EXISTS (FROM dup_old o WHERE o.l = f.l AND o.r = f.r)"
    )
    db.execute("INSERT INTO dup_found FROM dup_news")
    db.execute("DROP TABLE dup_news")
    _spread(db, review)


def _spread(db: duckdb.DuckDBPyConnection, review: float) -> None:
    """Adds to `dup_touched` whoever is tied to one of them by others."""
    known, grown = -1, count_rows(db, "dup_touched")
    while grown > known:
        ties = " UNION ".join(
            f"SELECT {to} FROM dup_found WHERE p >= {review} AND {by} IN (FROM dup_touched)"
            for by, to in (("l", "r"), ("r", "l"))
        )
        db.execute(f"INSERT INTO dup_touched ({ties}) EXCEPT FROM dup_touched")
        known, grown = grown, count_rows(db, "dup_touched")
