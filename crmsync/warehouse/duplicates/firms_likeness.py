"""When the names, domains and numbers of two companies are alike, as conditions over the columns of both.

CASE, as AND looks at both sides for every pair: distances between texts are asked only where they can be small.
"""

from __future__ import annotations

from crmsync.warehouse.duplicates.levels import numbers_in, same

_SHORT, _LONG = 6, 12
"""Names of so many letters may differ by one slip, and by two."""


def slip(column: str, least: int) -> str:
    """One letter apart, or two swapped, in texts of `least` letters whose first or last two agree."""
    return _apart(column, f"CASE WHEN length({column}_l) >= {least} THEN 1 ELSE -1 END")


def _apart(column: str, most: str) -> str:
    left, right = f"{column}_l", f"{column}_r"
    near = (
        f"abs(length({left}) - length({right})) <= {most} "
        f"AND (left({left}, 2) = left({right}, 2) OR right({left}, 2) = right({right}, 2))"
    )
    return f"(CASE WHEN {near} THEN damerau_levenshtein({left}, {right}) <= {most} ELSE false END)"


_SHORTER = "least(length(bare_l), length(bare_r))"
_MOST = f"CASE WHEN {_SHORTER} >= {_LONG} THEN 2 WHEN {_SHORTER} >= {_SHORT} THEN 1 ELSE -1 END"
_LONE = "(lone_l OR lone_r) AND least(seen_l, seen_r) = 1 AND least(length(rare_l), length(rare_r)) >= 4"
CORE = "(bag_l = bag_r OR bare_l = bare_r)"
_NUMBERS = "array_to_string(words_{0}, ' ')"
_ONE_NUMBER_IN_NAMES = f"{numbers_in(_NUMBERS.format('l'))} = {numbers_in(_NUMBERS.format('r'))}"
_MAY_SLIP = f"{_LONE} AND {_ONE_NUMBER_IN_NAMES}"
SLIP = f"(CASE WHEN {_MAY_SLIP} THEN {_apart('bare', _MOST)} ELSE false END)"
"""A misspelling makes a word that no other name has, and stands once.

A number is none: Hotel 2000 and Hotel 2010 are two. A figure in place of a letter is one: S0lar.
"""
ALIKE = f"({CORE} OR {SLIP})"
PART = "(list_has_all(words_l, words_r) OR list_has_all(words_r, words_l))"
INITIALS = "coalesce(initials_l = bare_r, false) OR coalesce(initials_r = bare_l, false)"
_NAMED = f"(bag_l IS NULL OR bag_r IS NULL OR {ALIKE} OR {PART} OR {INITIALS})"
"""The names agree, or there is none to disagree."""
ONE_LAND = "land_l IS NOT DISTINCT FROM land_r"
ONE_GROUP = "of_group_l = of_group_r"
HOLDING = f"NOT ({ONE_GROUP}) AND ({ALIKE} OR {PART})"


WITHOUT_AREA = (
    "least(length(phone_l), length(phone_r)) = 7 AND right(phone_l, 7) = right(phone_r, 7)"
)
ONE_PHONE = f"(phone_l = phone_r OR ({WITHOUT_AREA} AND coalesce(place_l = place_r, false)))"
"""A phone of seven digits is written without its area, which is that of the town."""


def _digits(column: str) -> str:
    return f"regexp_replace({column}, '[^0-9]', '', 'g')"


_ONE_NUMBER = f"{_digits('stem_l')} = {_digits('stem_r')}"
_STEM = "(stem_l = stem_r OR starts_with(stem_l, stem_r) OR starts_with(stem_r, stem_l))"
_TWICE = f"coalesce({SLIP} AND NOT {CORE}, false)"
"""One slip in the name and one in the domain: two firms that are spelled alike."""
SAME_DOMAIN = f"(CASE WHEN {same('dom')} THEN {_NAMED} ELSE false END)"
SAME_LABEL = f"(CASE WHEN {_STEM} THEN {_NAMED} AND {_ONE_NUMBER} ELSE false END)"
"""A number in a domain is no slip: it is there because the name was taken."""
NEAR_DOMAIN = f"(CASE WHEN {slip('dom', 7)} THEN {_ONE_NUMBER} AND NOT {_TWICE} ELSE false END)"
SLIPPED_ID = f"(CASE WHEN proven_l AND proven_r THEN false ELSE {slip('ident', 6)} END)"
"""Check digits find every slip: two numbers that are both right are two."""
