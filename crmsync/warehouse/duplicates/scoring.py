"""How probable it is that two records are one: Splink's weights, in one query.

The weight of a level is log2 of its share among pairs that are one to its share among others; of a value that weighs,
its own frequency stands for the latter. Splink estimates the shares, and its own scoring gives the same numbers.

The share of pairs that are one is not given: it is the one under which the probabilities of all pairs add up to it, so
a probability means the same among a thousand records and among a million.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from crmsync.core.duplicate_labels import DecidedPair, learn_shares
from crmsync.core.saved_duplicates import SavedModel, Shares
from crmsync.warehouse.duplicates.estimating import PRIOR, RAREST
from crmsync.warehouse.duplicates.frequencies import weighing
from crmsync.warehouse.duplicates.levels import Comparison, Level
from crmsync.warehouse.duplicates.subject import Subject

if TYPE_CHECKING:
    import duckdb

_LOUDEST = 60.0
_HARDLY = 2e-6
"""With fewer pairs that are one among all, random pairs tell of the others as they are."""
_FEWEST = 0.5
"""So many pairs are one at least, whatever their weights."""

Bits = Mapping[str, Mapping[str, float]]


def weights(subject: Subject, names: Sequence[str], others: Shares, same: Shares) -> Bits:
    """By comparison and level, how many bits it speaks for one record; a rare value speaks louder than its level."""
    return {
        name: {
            level.name: _bits_of(
                level, of_same(level, same.get(name, {})), others[name][level.name]
            )
            for level in subject.comparisons[name].levels
        }
        for name in names
    }


def _bits_of(level: Level, of_same: float, of_others: float) -> float:
    """What a level weighs; to be equal in what nearly all others are equal in speaks against nobody."""
    bits = math.log2(of_same / of_others)
    return max(bits, 0.0) if level.name == "same" and level.of_others is None else bits


def of_same(level: Level, learned: Mapping[str, float]) -> float:
    """Its share among pairs that are one, as people's decisions have it, or else as it was set."""
    return learned.get(level.name, level.of_same)


def without_same(subject: Subject, model: SavedModel) -> Shares:
    """The shares among others without the pairs that are one among them; as they are if these are hardly any."""
    if model.prior < _HARDLY:
        return model.others
    return {
        name: {
            level.name: _without(level, model.others[name][level.name], model)
            if level.of_others is None
            else level.of_others
            for level in subject.comparisons[name].levels
        }
        for name in model.others
    }


def _without(level: Level, share: float, model: SavedModel) -> float:
    one = model.prior * level.of_same
    return min(1.0, max((share - one) / (1 - model.prior), min(share, RAREST)))


def learned_from(subject: Subject, saved: SavedModel, decided: Iterable[DecidedPair]) -> SavedModel:
    """The saved model with the shares of a subject as decisions of people move them; `same` is empty if too few did."""
    set_by_hand = {
        name: {level.name: level.of_same for level in each.levels}
        for name, each in subject.comparisons.items()
        if name in saved.others
    }
    fixed = {
        name: [level.name for level in each.levels if level.of_others is not None]
        for name, each in subject.comparisons.items()
    }
    learned = learn_shares(set_by_hand, decided, fixed)
    return replace(saved, same={} if learned == set_by_hand else learned)


def weigh(
    db: duckdb.DuckDBPyConnection,
    subject: Subject,
    names: Sequence[str],
    others: Shares,
    same: Shares,
    sides: str = "dup_side",
) -> None:
    """Builds `dup_weight` (l, r, bits, by comparison the level's place, by guard whether it may speak) of `dup_pair`.

    `sides` has the rows of `dup_side` that are needed.
    """
    told = weights(subject, names, others, same)
    bits = " + ".join(
        _bits(name, subject.comparisons[name], told[name], others[name], same.get(name, {}))
        for name in names
    )
    kept = ", ".join(f"at_{name}" for name in names)
    only = "".join(f", only_{at}" for at, _ in enumerate(subject.guards))
    db.execute(
        f"CREATE OR REPLACE TABLE dup_weight AS WITH side AS ({_sides(db, sides)}), seen AS ({_seen(subject, names)}) "
        f"SELECT l, r, greatest(-{_LOUDEST}, least({_LOUDEST}, {bits})) AS bits, {kept}{only} FROM seen"
    )


def _sides(db: duckdb.DuckDBPyConnection, table: str) -> str:
    columns = [row[0] for row in db.execute(f"DESCRIBE {table}").fetchall() if row[0] != "rid"]
    both = ", ".join(f"{side}.{name} AS {name}_{side}" for side in "lr" for name in columns)
    return f"SELECT p.l, p.r, {both} FROM dup_pair p JOIN {table} l ON l.rid = p.l JOIN {table} r ON r.rid = p.r"


def _seen(subject: Subject, names: Sequence[str]) -> str:
    """The level of each comparison by its place, NULL if unknown."""
    levels = ", ".join(f"{_place(subject.comparisons[name])} AS at_{name}" for name in names)
    rare = "".join(
        f", least(rare_{each}_l, rare_{each}_r) AS rare_{each}" for each in weighing(subject, names)
    )
    only = "".join(
        f", coalesce({each.only}, false) AS only_{at}" for at, each in enumerate(subject.guards)
    )
    return f"SELECT l, r, {levels}{rare}{only} FROM side"


def _place(comparison: Comparison) -> str:
    *levels, last = range(len(comparison.levels))
    cases = " ".join(f"WHEN {comparison.levels[at].holds} THEN {at}" for at in levels)
    return f"(CASE WHEN {comparison.unknown} THEN NULL {cases} ELSE {last} END)::UTINYINT"


def _bits(
    name: str,
    comparison: Comparison,
    told: Mapping[str, float],
    others: Mapping[str, float],
    same: Mapping[str, float],
) -> str:
    cases = []
    for at, level in enumerate(comparison.levels):
        bits = f"{told[level.name]!r}"
        if level.weighs:
            average = -math.log2(others[level.name])
            bits = (
                f"{math.log2(of_same(level, same))!r} + coalesce(rare_{level.weighs}, {average!r})"
            )
        cases.append(f"WHEN {at} THEN {bits}")
    return f"CASE at_{name} {' '.join(cases)} ELSE 0.0::DOUBLE END"


def share_of_same(db: duckdb.DuckDBPyConnection, records: int) -> float:
    """The share of all pairs that are one, under which the probabilities of all pairs of `dup_weight` add up to it."""
    counts = db.execute(
        "SELECT round(bits, 1) AS bits, count(*) FROM dup_weight GROUP BY 1 ORDER BY 1"
    ).fetchall()
    pairs = max(1.0, records * (records - 1) / 2)
    share = PRIOR
    for _ in range(50):
        odds = share / (1 - share)
        one = sum(n * (o := 2.0**bits * odds) / (1 + o) for bits, n in counts)
        share = min(0.5, max(one, _FEWEST) / pairs)
    return share
