"""The whole search over `dup_source`: staged, blocked, weighed, guarded, grouped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from crmsync.core.duplicates import Crowded, DuplicateModel
from crmsync.core.saved_duplicates import SavedModel, drift
from crmsync.errors import CrmsyncError
from crmsync.warehouse.duplicates.blocks import block
from crmsync.warehouse.duplicates.estimating import PRIOR, estimate_others, splink_version
from crmsync.warehouse.duplicates.frequencies import count_frequencies, lay_sides
from crmsync.warehouse.duplicates.guarding import judge
from crmsync.warehouse.duplicates.inside import grouped_whole
from crmsync.warehouse.duplicates.joining import join_by_id
from crmsync.warehouse.duplicates.scoring import Bits, share_of_same, weigh, weights, without_same
from crmsync.warehouse.duplicates.subject import Subject
from crmsync.warehouse.duplicates.subjects import SUBJECTS

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Search:
    """What a search came to.

    `groups` of `rid`s, each sorted; pairs `compared` and `vetoed`; `crowded` keys that were not used. `saved` is the
    model that weighed, to be kept for the next search, and `weights` are its bits by comparison and level. `anew` says
    why shares were estimated though a model was given: `splink`, `levels`, `records`, or the column that drifted.
    """

    groups: list[list[int]]
    compared: int
    vetoed: int
    crowded: tuple[Crowded, ...]
    saved: SavedModel
    weights: Bits
    anew: str = ""


def search(
    db: duckdb.DuckDBPyConnection, model: DuplicateModel, saved: SavedModel | None = None
) -> Search:
    """The groups of `dup_source` that are one with the model's `review` probability; `dup_found` holds the pairs.

    With a saved model nothing is estimated, unless the data has drifted from it. The same records give the same
    groups, in whatever order they come. CrmsyncError if the saved model is of another subject.

    DuckDB must not conclude from the statistics of columns meanwhile (`engine.is_defect`): columns may be blank in
    every row.
    """
    db.execute("SET disabled_optimizers = 'statistics_propagation'")
    subject = SUBJECTS[model.subject]
    names = subject.comparisons_of(model.parts)
    subject.stage(db)
    crowded = block(db, subject.keys, model.crowded)
    used, anew = _model(db, model, names, saved)
    count_frequencies(db, subject, names)
    lay_sides(db, subject, names)
    used = _weighed(db, subject, names, used, known=saved is used)
    judge(db, subject, names, used.prior, model.sure)
    bits = weights(subject, names, used.others, used.same)
    compared = count_rows(db, "dup_pair")
    groups = grouped_whole(db, model, used, lambda: group(db, model))
    vetoed = count_rows(db, "dup_found WHERE vetoed")
    return Search(groups, compared, vetoed, crowded, used, bits, anew)


def _weighed(
    db: duckdb.DuckDBPyConnection,
    subject: Subject,
    names: Sequence[str],
    used: SavedModel,
    *,
    known: bool,
) -> SavedModel:
    """Builds `dup_weight`; gives the model with the share of pairs that are one.

    Among random pairs are some that are one, the more of them the fewer records there are. What they add to the shares
    of the others is taken off, once it is known how many they are.
    """
    weigh(db, subject, names, used.others, used.same)
    records = count_rows(db, "dup_record")
    used = replace(used, prior=share_of_same(db, records))
    others = without_same(subject, used)
    if known or others == used.others:
        return used
    weigh(db, subject, names, others, used.same)
    return replace(used, others=others, prior=share_of_same(db, records))


def _model(
    db: duckdb.DuckDBPyConnection,
    model: DuplicateModel,
    names: Sequence[str],
    saved: SavedModel | None,
) -> tuple[SavedModel, str]:
    """The saved model, or one that is estimated anew, and why."""
    records, filled = _filled(db)
    anew = _anew(model, names, saved, records, filled) if saved else ""
    if saved and not anew:
        return saved, ""
    subject = SUBJECTS[model.subject]
    others = _estimated(db, subject, names)
    same = saved.same if saved else {}
    return SavedModel(model.subject, splink_version(), records, PRIOR, others, filled, same), anew


def _estimated(
    db: duckdb.DuckDBPyConnection, subject: Subject, names: Sequence[str]
) -> Mapping[str, Mapping[str, float]]:
    """Nobody to compare needs no estimate."""
    if count_rows(db, "dup_pair"):
        return estimate_others(db, subject, names)
    return {name: {each.name: 1.0 for each in subject.comparisons[name].levels} for name in names}


def _anew(
    model: DuplicateModel,
    names: Sequence[str],
    saved: SavedModel,
    records: int,
    filled: Mapping[str, float],
) -> str:
    if saved.subject != model.subject:
        raise CrmsyncError(
            f"the saved model of duplicates is about {saved.subject}, not {model.subject}",
            remedy="search with the model of that subject, or without one",
        )
    if saved.splink != splink_version():
        return "splink"
    comparisons = SUBJECTS[model.subject].comparisons
    levels = {name: {each.name for each in comparisons[name].levels} for name in names}
    if any(set(saved.others.get(name, {})) != levels[name] for name in names):
        return "levels"
    return drift(saved, records, filled)


def _filled(db: duckdb.DuckDBPyConnection) -> tuple[int, dict[str, float]]:
    """How many records there are, and by column the share that has it."""
    columns = [row[0] for row in db.execute("DESCRIBE dup_record").fetchall() if row[0] != "rid"]
    counts = ", ".join(f"count({each})" for each in columns)
    ((records, *known),) = db.execute(f"SELECT count(*), {counts} FROM dup_record").fetchall()
    shares = {
        name: round(count / max(1, records), 4) for name, count in zip(columns, known, strict=True)
    }
    return records, shares


def count_rows(db: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many rows there are."""
    ((count,),) = db.execute(f"SELECT count(*) FROM {table}").fetchall()
    return int(count)


def group(db: duckdb.DuckDBPyConnection, model: DuplicateModel, of: str = "") -> list[list[int]]:
    """The groups of records in `dup_found` that are one with the model's `review` probability, each sorted.

    `of` is a table of `rid`s: then only pairs within it count.
    """
    within = f" AND l IN (FROM {of}) AND r IN (FROM {of})" if of else ""
    pairs = db.execute(
        f"SELECT l, r, p FROM dup_found WHERE p >= $1{within}", [model.review]
    ).fetchall()
    vetoed = db.execute(f"SELECT l, r FROM dup_found WHERE vetoed{within}").fetchall()
    clean: dict[int, str] = {}
    if model.clean:
        rows: list[Any] = db.execute(
            "SELECT rid, system FROM dup_record WHERE system = ANY($1)", [list(model.clean)]
        ).fetchall()
        clean = dict(rows)
    return join_by_id(db, model, pairs, vetoed, clean)
