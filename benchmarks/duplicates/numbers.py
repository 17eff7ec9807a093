"""Phone numbers that nobody shares by chance: who shares one was made to."""

from __future__ import annotations

import numpy as np

from benchmarks.duplicates.drawing import Ints, Texts, different_numbers
from benchmarks.duplicates.places import CODES, COUNTRIES

MOBILE, SWITCHBOARD, DIRECT, HOME, NEW_MOBILE = "6", "2", "4", "8", "7"
"""The digit after the prefix; numbers of different uses never meet."""


def numbers(random: np.random.Generator, countries: Ints, use: str) -> Texts:
    """A number for everybody of these countries: its national part, no two of a country alike."""
    found = np.empty(len(countries), object)
    for place, code in enumerate(CODES):
        mine = np.flatnonzero(countries == place)
        country = COUNTRIES[code]
        mobile = use in (MOBILE, NEW_MOBILE)
        heads = country.mobile if mobile else country.landline
        found[mine] = _of_country(random, len(mine), heads, country.digits[0 if mobile else 1], use)
    return found


def _of_country(
    random: np.random.Generator, count: int, heads: tuple[str, ...], digits: int, use: str
) -> list[str]:
    rest = digits - 1 - max(map(len, heads))
    tails = different_numbers(random, count, rest).tolist()
    first = random.integers(len(heads), size=count).tolist()
    return [
        f"{heads[h]}{use}{tail:0{digits - 1 - len(heads[h])}d}"
        for h, tail in zip(first, tails, strict=True)
    ]
