"""Groups of records by what was found and by what is settled: links that there are, and what people decided.

Who is one customer already is one here, whatever a guard says; who was told apart by a person stays apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmsync.core.clusters import Pair
from crmsync.core.duplicates import DuplicateModel
from crmsync.warehouse.duplicates.asked import GIVEN
from crmsync.warehouse.duplicates.decided import Decided, rids_decided
from crmsync.warehouse.duplicates.joining import join_by_id

if TYPE_CHECKING:
    import duckdb


def group_settled(
    db: duckdb.DuckDBPyConnection, model: DuplicateModel, decided: Decided | None = None
) -> list[list[int]]:
    """The groups of `rid`s in `dup_found`, each sorted, by what was found, linked and decided."""
    words = rids_decided(db, decided or {})
    same, apart = ({pair for pair, word in words.items() if word == said} for said in ("yes", "no"))
    found = db.execute("SELECT l, r, p FROM dup_found WHERE p >= $1", [model.review]).fetchall()
    settled = ({*linked_pairs(db)} | same) - apart
    vetoed = db.execute("SELECT l, r FROM dup_found WHERE vetoed").fetchall()
    pairs = [(one, other, p) for one, other, p in found if (one, other) not in settled]
    return join_by_id(
        db,
        model,
        [*pairs, *((one, other, 1.0) for one, other in settled)],
        [*({*vetoed} - settled), *apart],
        _clean(db, model),
    )


def linked_pairs(db: duckdb.DuckDBPyConnection) -> list[Pair]:
    """Records of one customer, of whom one may be a duplicate of somebody else."""
    rows: list[Any] = db.execute(
        "WITH keyed AS (SELECT i.rid, g.key FROM dup_id i "
        f"JOIN {GIVEN} g ON g.system = i.system AND g.id = i.id), "
        "asked AS (SELECT DISTINCT k.key FROM keyed k JOIN "
        "(SELECT l AS rid FROM dup_found UNION SELECT r FROM dup_found) f ON f.rid = k.rid), "
        "told AS (SELECT * FROM keyed WHERE key IN (FROM asked)) "
        "SELECT a.rid, b.rid FROM told a JOIN told b ON a.key = b.key AND a.rid < b.rid ORDER BY ALL"
    ).fetchall()
    return [(one, other) for one, other in rows]


def _clean(db: duckdb.DuckDBPyConnection, model: DuplicateModel) -> dict[int, str]:
    if not model.clean:
        return {}
    rows: list[Any] = db.execute(
        "SELECT rid, system FROM dup_record WHERE system = ANY($1)", [list(model.clean)]
    ).fetchall()
    return dict(rows)
