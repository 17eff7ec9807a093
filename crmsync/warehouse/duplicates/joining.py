"""Records joined into groups in an order of their own: by system and id, not by when a search first met them.

Equally probable pairs are offered in some order, and a group may come out otherwise by another one. The numbers of
records (`rid`) tell when they came: a search of what changed gives new ones the next. Their ids tell nothing of that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from crmsync.core.clusters import Pair, join_records
from crmsync.core.duplicates import DuplicateModel

if TYPE_CHECKING:
    import duckdb


def join_by_id(
    db: duckdb.DuckDBPyConnection,
    model: DuplicateModel,
    pairs: Sequence[tuple[int, int, float]],
    vetoed: Collection[Pair],
    clean: Mapping[int, str],
) -> list[list[int]]:
    """The groups of `rid`s, each sorted, in the order of their first; reads `dup_id`."""
    asked = sorted({rid for one, other, _ in pairs for rid in (one, other)})
    rows = db.execute(
        "SELECT rid FROM dup_id WHERE rid = ANY($1) ORDER BY system, id", [asked]
    ).fetchall()
    rids = [int(rid) for (rid,) in rows]
    place = {rid: at for at, rid in enumerate(rids)}
    groups = join_records(
        [(place[one], place[other], p) for one, other, p in pairs],
        [(place[one], place[other]) for one, other in vetoed if one in place and other in place],
        {place[rid]: system for rid, system in clean.items() if rid in place},
        largest=model.largest,
        sure=model.sure,
    )
    return sorted(sorted(rids[at] for at in each) for each in groups)
