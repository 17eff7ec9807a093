"""Chance, in columns: the same seed draws the same, in whatever order the parts of a crowd are made."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.object_]


def stream(seed: int, part: str) -> np.random.Generator:
    """The random numbers of one part: what another part draws does not move them."""
    return np.random.default_rng([seed, zlib.crc32(part.encode())])


def zipf(count: int, offset: float = 4.0) -> NDArray[np.float64]:
    """Shares of `count` things by rank, 1 / (rank + offset): the first are common, none is rare enough to vanish."""
    weights = 1 / (np.arange(count) + offset)
    return weights / weights.sum()


def draw(random: np.random.Generator, shares: Sequence[float], count: int) -> Ints:
    """`count` places in a list, each as likely as its share says; the shares need not add up to 1."""
    ends = np.cumsum(np.asarray(shares, float))
    drawn = np.searchsorted(ends, random.random(count) * ends[-1], side="right")
    return np.minimum(drawn, len(ends) - 1)


def words(
    random: np.random.Generator, pool: Sequence[str], count: int, offset: float = 4.0
) -> Texts:
    """`count` words of a pool whose first ones are the common ones."""
    return np.array(pool, object)[draw(random, zipf(len(pool), offset).tolist(), count)]


def different_numbers(random: np.random.Generator, count: int, digits: int) -> Ints:
    """`count` numbers of at most so many digits, no two alike, in no visible order.

    Raises ValueError where there are not so many.
    """
    space = 10**digits
    if count > space:
        raise ValueError(f"there are no {count} different numbers of {digits} digits")
    # A multiplier that shares no factor with a power of ten goes through all numbers before it repeats one.
    start = int(random.integers(space))
    return (np.arange(count, dtype=np.int64) * 387_420_489 % space + start) % space
