"""Ways in which two records can be alike, as conditions over the columns of both: `<column>_l` and `<column>_r`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """One degree of likeness: its name, when it holds, and how often that is so.

    `of_same` is its share among pairs that are one record, from what is known of CRMs; `of_others` its share among
    pairs that are not, None if it is estimated from random pairs. `weighs` is a column whose rare values say more.
    """

    name: str
    holds: str
    of_same: float
    of_others: float | None = None
    weighs: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One fact: when nothing can be said of it, and its levels, the most alike first; the last one holds else."""

    unknown: str
    levels: tuple[Level, ...]


def same(column: str) -> str:
    """Both are equal."""
    return f"{column}_l = {column}_r"


def any_same(one: str, other: str) -> str:
    """One of the two of the left is one of the two of the right."""
    return " OR ".join(f"{a}_l = {b}_r" for a in (one, other) for b in (one, other))


def one_slip(column: str, least: int = 4) -> str:
    """One letter apart, or two swapped, in words of `least` letters.

    The distance is dear, so what it implies is looked at first: lengths, and that one half of the word is untouched.
    """
    left, right = f"{column}_l", f"{column}_r"
    half = f"((length({left}) - 2) // 2)"
    return both(
        f"length({left}) >= {least} AND abs(length({left}) - length({right})) <= 1",
        both(
            f"left({left}, {half}) = left({right}, {half}) OR right({left}, {half}) = right({right}, {half})",
            f"damerau_levenshtein({left}, {right}) <= 1",
        ),
    )


def begins(initial: str, word: str = "") -> str:
    """One is a single letter, and the other begins with it; `word` is the other's column, if it is another."""
    word = word or initial
    return " OR ".join(
        f"(length({initial}_{a}) = 1 AND left({word}_{b}, 1) = {initial}_{a})"
        for a, b in ("lr", "rl")
    )


def both(first: str, second: str) -> str:
    """Both hold; the second is looked at only where the first does, as DuckDB's AND does not promise."""
    return f"(CASE WHEN {first} THEN {second} ELSE false END)"


def either(first: str, second: str) -> str:
    """One of them holds; the second is looked at only where the first does not."""
    return f"(CASE WHEN {first} THEN true ELSE {second} END)"


def alike(column: str, cut: float) -> str:
    """Spelled alike, the beginning counting most."""
    return f"(jaro_winkler_similarity({column}_l, {column}_r) >= {cut})"


def numbers_in(text: str) -> str:
    """The numbers in a name: a word of figures, or two figures and more; a single one inside a word is a slip."""
    return f"regexp_extract_all({text}, '\\b[0-9]+\\b|[0-9]{{2,}}')"


def abbreviated(left: str, right: str) -> str:
    """As many words on both sides, each of two letters and more, and one of each two begins like the other."""
    begins = "starts_with(z[1], z[2]) OR starts_with(z[2], z[1])"
    long = "least(length(z[1]), length(z[2])) >= 2"
    return (
        f"(CASE WHEN len({left}) = len({right}) THEN list_bool_and(list_transform(list_zip({left}, {right}), "
        f"lambda z: ({begins}) AND {long})) ELSE false END)"
    )


def missing(*columns: str) -> str:
    """One of the two records has none of the columns."""
    left, right = (", ".join(f"{column}_{side}" for column in columns) for side in "lr")
    return f"coalesce({left}) IS NULL OR coalesce({right}) IS NULL"


def plain(column: str, of_same: float, *, slips: int = 0) -> Comparison:
    """A fact that is equal, one slip apart where it has `slips` letters, or different."""
    levels = [Level("same", same(column), of_same, weighs=column)]
    if slips:
        levels.append(Level("near", one_slip(column, slips), 0.05))
    return Comparison(missing(column), (*levels, Level("other", "ELSE", 0.95 - of_same)))
