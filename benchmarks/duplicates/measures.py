"""How good groups of records are, when it is known which records are one person, firm or deal.

Everything counts over *clusters*: two records are said to be the same if they are in one cluster, however
they came there. So a chain of doubtful pairs costs what it would cost whoever merges by it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Quality:
    """What clusters are worth; every share is between 0 and 1.

    precision, recall, f1: over pairs of records that share a cluster.
    b_cubed: F1 of the mean over records, so that a big cluster weighs by its records, not by its pairs.
    false_merges: clusters of several records that hold several entities, of all clusters of several records.
    biggest: records in the largest cluster. groups: clusters of several records.
    """

    precision: float
    recall: float
    f1: float
    b_cubed: float
    false_merges: float
    biggest: int
    groups: int


@dataclass(frozen=True, slots=True)
class PairQuality:
    """What scored pairs are worth at a cut: precision and recall over all true pairs, and how many were proposed."""

    precision: float
    recall: float
    f1: float
    proposed: int


def quality(truth: Mapping[str, Hashable], clusters: Mapping[str, Hashable]) -> Quality:
    """Clusters against the truth, over the records of `truth`.

    A record that `clusters` does not name is alone. Raises ValueError if it names a record that is not there.
    """
    strangers = clusters.keys() - truth.keys()
    if strangers:
        raise ValueError(f"clusters of records that do not exist, as {min(strangers)!r}")
    entity = _codes([str(each) for each in truth.values()])
    said = _codes([_label(clusters, record) for record in truth])
    return _quality(entity, said)


def pair_quality(
    truth: Mapping[str, Hashable], pairs: Mapping[tuple[str, str], float], cut: float
) -> PairQuality:
    """Pairs whose probability is at least `cut`, against all pairs of records that are one entity."""
    taken = [pair for pair, probability in pairs.items() if probability >= cut]
    right = sum(truth[left] == truth[other] for left, other in taken)
    entity = _codes([str(each) for each in truth.values()])
    precision = _share(right, len(taken))
    recall = _share(right, _pairs(np.bincount(entity)))
    return PairQuality(precision, recall, _harmonic(precision, recall), len(taken))


def calibration_error(
    truth: Mapping[str, Hashable], pairs: Mapping[tuple[str, str], float], bins: int = 10
) -> float:
    """Expected calibration error: how far, on average over pairs, a probability is from the share that is true.

    The bins are of equal width. 0 without pairs. A pair that was not scored counts for nothing.
    """
    if not pairs:
        return 0.0
    said = np.fromiter(pairs.values(), float, len(pairs))
    true = np.fromiter((truth[a] == truth[b] for a, b in pairs), float, len(pairs))
    place = np.minimum((said * bins).astype(int), bins - 1)
    gaps = np.abs(np.bincount(place, said, bins) - np.bincount(place, true, bins))
    return float(gaps.sum() / len(pairs))


def _label(clusters: Mapping[str, Hashable], record: str) -> str:
    """A cluster's name in a space of its own, so that nobody who is alone meets a cluster of that name."""
    return f"cluster {clusters[record]}" if record in clusters else f"alone {record}"


def _codes(names: list[str]) -> Codes:
    encoded = pa.array(names, pa.string()).dictionary_encode().indices
    return np.asarray(encoded).astype(np.int64)


def _quality(entity: Codes, said: Codes) -> Quality:
    sizes, truths = np.bincount(said), np.bincount(entity)
    cells, counts = np.unique(np.stack((said, entity)), axis=1, return_counts=True)
    together = _pairs(counts)
    precision = _share(together, _pairs(sizes))
    recall = _share(together, _pairs(truths))
    several = sizes > 1
    mixed = np.bincount(cells[0], minlength=len(sizes)) > 1
    return Quality(
        precision,
        recall,
        _harmonic(precision, recall),
        _b_cubed(counts, sizes[cells[0]], truths[cells[1]]),
        _share((mixed & several).sum(), several.sum(), of_nothing=0.0),
        int(sizes.max(initial=0)),
        int(several.sum()),
    )


def _b_cubed(counts: Codes, clusters: Codes, entities: Codes) -> float:
    """`counts` records are in a cluster of so many, and of an entity of so many."""
    square = counts.astype(float) ** 2
    records = int(counts.sum())
    return _harmonic(
        _share((square / clusters).sum(), records), _share((square / entities).sum(), records)
    )


def _pairs(sizes: Codes) -> int:
    wide = sizes.astype(np.int64)
    return int((wide * (wide - 1) // 2).sum())


def _share(part: float, whole: float, *, of_nothing: float = 1.0) -> float:
    """Nobody who proposes nothing is wrong, and nothing is missed where there is nothing to find."""
    return float(part / whole) if whole else of_nothing


def _harmonic(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0
