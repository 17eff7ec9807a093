"""How two names are compared: which words agree, which are missing in one, and how rare what agrees is.

A word that is missing speaks neither for nor against anybody. A slip of the keyboard makes a word that hardly anybody
is called; two usual first names that are nearly one are two names. Manuel and Manuela are two people.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.warehouse.duplicates.levels import (
    Comparison,
    Level,
    alike,
    begins,
    both,
    either,
    one_slip,
)

_INITIAL = either(begins("called"), begins("called", "g1"))
"""As it is written, or as the name that it is a form of: T. is Tiago and S. is Tiago, for that is Santiago."""
_GIVEN_CROSSED = "g1_l = g2_r OR g2_l = g1_r"
_GIVEN_ALIKE = either(alike("g1", 0.88), one_slip("g1"))
_TWO_USUAL = "usual_l AND usual_r"
_SEXES = "regexp_replace(g1_l, '[aeo]s?$', '') = regexp_replace(g1_r, '[aeo]s?$', '')"
_FAMILY_CROSSED = "(f1_l = f2_r OR f2_l = f1_r)"
_FAMILY_NEAR = both("f1_l <> f1_r", either(alike("f1", 0.92), one_slip("f1")))
_GIVENS_FIT = f"coalesce(g2_l = g2_r OR {begins('g2')} OR {one_slip('g2')}, true)"
"""Juan Carlos and Juan are one name, Juan Carlos and Juan Antonio are two."""
_GIVENS_TURNED = "coalesce(f1_l = f1_r AND g1_l <> g1_r AND g1_l = g2_r AND g2_l = g1_r, false)"
"""María José and José María are two people, though their words are the same."""
_SECOND_FITS = f"coalesce(f2_l = f2_r OR {begins('f2')}, true)"
_OTHER_SECOND = f"f2_l <> f2_r AND NOT {one_slip('f2')}"
_SECOND = (
    f"person_l = person_r AND {_GIVENS_FIT} AND {_OTHER_SECOND} OR g1_l = g1_r AND {_FAMILY_NEAR} "
    f"AND {_OTHER_SECOND} AND NOT coalesce({begins('f2')} OR {_FAMILY_CROSSED}, false)"
)


def _turned(one: str, other: str) -> str:
    """The first name of one is the surname of the other, whose first name is its surname, or the initial of it."""
    initial = f"least(length(f1_{one}), length(called_{other})) = 1 AND left(f1_{one}, 1) = left(called_{other}, 1)"
    return f"called_{one} = f1_{other} AND (f1_{one} = called_{other} OR {initial})"


def _short(one: str, other: str) -> str:
    """One is a short form that begins like the other as it is written: Dani, Daniela."""
    return (
        f"called_{one} <> g1_{one} AND length(called_{one}) >= 3 "
        f"AND left(called_{one}, 3) = left(called_{other}, 3)"
    )


_TURNED = f"({_turned('l', 'r')} OR {_turned('r', 'l')})"


def _turned_with_a_slip(one: str, other: str) -> str:
    """The words stand in each other's field, and the longer one is spelled another way."""
    return (
        f"(called_{one} = f1_{other} AND length(called_{other}) >= 5 AND length(f1_{one}) >= 5 "
        f"AND jaro_winkler_similarity(f1_{one}, called_{other}) >= 0.92)"
    )


_TURNED_NEAR = f"{_turned_with_a_slip('l', 'r')} OR {_turned_with_a_slip('r', 'l')}"
_SHORT = f"{_short('l', 'r')} OR {_short('r', 'l')} OR replace(given_l, ' ', '') = replace(given_r, ' ', '')"
_NEAR_FIRST_NAME = either(
    f"{_GIVEN_CROSSED} OR {_SHORT}", both(f"NOT ({_TWO_USUAL})", _GIVEN_ALIKE)
)
_NEAR = (
    f"CASE WHEN person_l = person_r THEN {_GIVENS_FIT} WHEN {_GIVENS_TURNED} THEN false "
    f"WHEN f1_l = f1_r THEN {_NEAR_FIRST_NAME} "
    f"WHEN g1_l = g1_r THEN {either(_FAMILY_CROSSED, _FAMILY_NEAR)} ELSE {_TURNED} END"
)
_TWO_NAMES = both(f"{_TWO_USUAL} AND {_SEXES}", "g1_l <> g1_r")
_LIKE_NAMES = both(
    f"f1_l = f1_r AND g1_l <> g1_r AND NOT {_GIVENS_TURNED} AND {_TWO_USUAL}",
    both(f"NOT {_TWO_NAMES}", _GIVEN_ALIKE),
)
_GIVEN_NEAR = either(f"{_INITIAL} OR {_GIVEN_CROSSED}", both(f"NOT {_TWO_NAMES}", _GIVEN_ALIKE))
_NO_GIVEN = "(g1_l IS NULL OR g1_r IS NULL)"
_NO_FAMILY = "(f1_l IS NULL OR f1_r IS NULL)"
_ALONE = "(f1_l IS NULL AND called_l = f1_r OR f1_r IS NULL AND called_r = f1_l)"
_SAME_WORDS = (
    f"bag_l = bag_r AND whole_l IS NOT NULL AND whole_r IS NOT NULL AND NOT {_GIVENS_TURNED}"
)
_TWO_ALPHABETS = "foreign_letters_l <> foreign_letters_r"
_NO_FIRST_NAME = f"{_NO_GIVEN} AND (f1_l = f1_r OR {_FAMILY_CROSSED}) OR {_ALONE}"

NAME = Comparison(
    f"{_NO_GIVEN} AND {_NO_FAMILY}",
    (
        Level("same_both_surnames", "whole_l = whole_r AND f2_l IS NOT NULL", 0.15, weighs="whole"),
        Level("same", f"whole_l = whole_r OR ({_SAME_WORDS})", 0.36, weighs="whole"),
        Level(
            "known_as",
            f"person_l = person_r AND {_SECOND_FITS} AND {_GIVENS_FIT}",
            0.24,
            weighs="person",
        ),
        Level("other_second_surname", _SECOND, 0.004, weighs="person"),
        Level("near", _NEAR, 0.07, weighs="near"),
        Level(
            "initial", both(f"f1_l = f1_r OR {_FAMILY_CROSSED}", _INITIAL), 0.06, weighs="initial"
        ),
        Level("like_names", _LIKE_NAMES, 0.01, weighs="like_names"),
        Level("both_near", either(both(_FAMILY_NEAR, _GIVEN_NEAR), _TURNED_NEAR), 0.01),
        Level("no_first_name", _NO_FIRST_NAME, 0.03, weighs="no_first_name"),
        Level("no_surname", f"{_NO_FAMILY} AND g1_l = g1_r", 0.02, weighs="called"),
        Level("initial_only", f"{_NO_FAMILY} AND ({_INITIAL})", 0.002, 0.001),
        Level("given_only", "g1_l = g1_r AND f1_l <> f1_r", 0.013, weighs="g1"),
        Level("two_alphabets", _TWO_ALPHABETS, 0.001, 0.001),
        Level("family_only", f"f1_l = f1_r OR {_FAMILY_CROSSED}", 0.013),
        Level("other", "ELSE", 0.013),
    ),
)
FREQUENCY: Mapping[str, tuple[str, float]] = {
    "near": ("f1", 0.01),
    "initial": ("f1", 0.08),
    "like_names": ("f1", 0.02),
    "no_first_name": ("f1", 0.05),
    "called": ("called", 0.04),
}
"""A column that weighs by the frequency of a surname or first name, and how often the rest of its level is chance."""
MADE_OF: Mapping[str, tuple[str, ...]] = {"whole": ("given", "f1", "f2"), "person": ("g1", "f1")}
"""A name is at least as frequent as its parts make it by chance, even if nobody else has it here."""
