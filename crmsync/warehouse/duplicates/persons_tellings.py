"""What is said of two people in place of a level: what a level counts as one is not always one to whoever reads.

A weight needs few levels, with many pairs each; a reason has to be true of every single pair. What is told here weighs
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.warehouse.duplicates.levels import abbreviated
from crmsync.warehouse.duplicates.subject import Telling

_ALPHABETS = "foreign_letters_l <> foreign_letters_r"
_RARE = (
    "rare_l AND rare_r AND (SELECT count(*) FROM dup_record w "
    "WHERE w.g1 = g1_l AND w.f1 = f1_l) <= 6"
)
"""Hardly anybody is called so by chance, and hardly any record is."""
_SAME = ("same_both_surnames", "same")
_CROSSED = "f1_l <> f1_r AND (f1_l = f2_r OR f2_l = f1_r)"
_GIVEN_CROSSED = "g1_l <> g1_r AND (g1_l = g2_r OR g2_l = g1_r)"
_UNUSUAL = "length(called_{0}) >= 4 AND NOT usual_{0}"
_FIRM = "string_split(firm_root_{0}, ' ')"


def _sorted(column: str) -> str:
    """The words of a column, in the same order on both sides."""
    left, right = (f"list_sort(string_split({column}_{side}, ' '))" for side in "lr")
    return f"{left} = {right}"


def _misspelt_form(one: str, other: str) -> str:
    """The first name of one, which hardly anybody has, is a letter apart from a form of the other's name."""
    return (
        f"({_UNUSUAL.format(one)} AND EXISTS (FROM dup_root x WHERE x.root = g1_{other} "
        f"AND length(x.form) >= 4 AND damerau_levenshtein(x.form, called_{one}) = 1))"
    )


def _initials(one: str, other: str) -> str:
    """The company's name of one is the first letters of the other's, which has three words and more."""
    words = f"string_split(firm_{other}, ' ')"
    letters = f"array_to_string(list_transform({words}, lambda w: left(w, 1)), '')"
    return f"(len({words}) >= 3 AND replace(firm_{one}, ' ', '') = {letters})"


def _slip_between(one: str, other: str) -> str:
    """The second surname of one is a letter apart from the first of the other."""
    return f"(length(f2_{one}) >= 4 AND damerau_levenshtein(f2_{one}, f1_{other}) <= 1)"


def _turned_form(one: str, other: str) -> str:
    """The surname of one stands for the other's first name, and what stands for its surname begins like the first."""
    return (
        f"(f1_{one} = called_{other} AND length(f1_{other}) >= 3 "
        f"AND left(called_{one}, 3) = left(f1_{other}, 3))"
    )


_LEFT, _RIGHT = _FIRM.format("l"), _FIRM.format("r")
_PART = f"list_has_all({_LEFT}, {_RIGHT}) OR list_has_all({_RIGHT}, {_LEFT})"
_NO_FIRMS = "(dom_l IS NULL OR dom_r IS NULL) AND (firm_l IS NULL OR firm_r IS NULL)"
_LABEL = "split_part(dom_{0}, '.', 1)"
_ONE_LABEL = f"{_LABEL.format('l')} = {_LABEL.format('r')} AND length({_LABEL.format('l')}) >= 4"
_EXTENSIONS = " OR ".join(f"(p{a}_l = p{b}_r AND x{a}_l <> x{b}_r)" for a in (1, 2) for b in (1, 2))
_HOST = "split_part(e1_{0}, '@', 2)"

NAME = (
    Telling((*_SAME, "known_as"), "same_in_two_alphabets", _ALPHABETS),
    Telling(_SAME, "turned_fields", "given_l <> given_r AND given_l = family_r AND family_l = given_r"),
    Telling(_SAME, "turned_surnames", f"family_l <> family_r AND {_sorted('given')} AND {_sorted('family')}"),
    Telling(_SAME, "turned_words", "whole_l <> whole_r"),
    Telling(("same_both_surnames",), "same_both_surnames_rare", _RARE),
    Telling(("same",), "same_rare", _RARE),
    Telling(("known_as",), "known_as_rare", _RARE),
    Telling(("near", "both_near"), "near_in_two_alphabets", _ALPHABETS),
    Telling(("near",), "one_surname", f"g1_l = g1_r AND {_CROSSED}"),
    Telling(("near",), "one_first_name", f"f1_l = f1_r AND {_GIVEN_CROSSED}"),
    Telling(("initial",), "initial_one_surname", _CROSSED),
    Telling(("no_first_name",), "one_word", "f1_l IS NULL OR f1_r IS NULL"),
    Telling(("no_first_name",), "no_first_name_one_surname", _CROSSED),
    Telling(("given_only",), "given_only_in_two_alphabets", _ALPHABETS),
    Telling(("given_only",), "one_surname_near", f"{_slip_between('l', 'r')} OR {_slip_between('r', 'l')}"),
    Telling(
        ("family_only", "other"),
        "misspelt_form",
        f"f1_l = f1_r AND ({_misspelt_form('l', 'r')} OR {_misspelt_form('r', 'l')})",
    ),
    Telling(("other",), "turned_near", f"{_turned_form('l', 'r')} OR {_turned_form('r', 'l')}"),
    Telling(
        ("other",),
        "first_name_near",
        "(f1_l IS NULL OR f1_r IS NULL) AND least(length(g1_l), length(g1_r)) >= 4 "
        "AND damerau_levenshtein(g1_l, g1_r) = 1",
    ),
    Telling(("family_only",), "other_first_name_one_surname", _CROSSED),
)  # fmt: skip
EMPLOYER = (
    Telling(("same",), "same_name", "firm_l = firm_r"),
    Telling(("same",), "same_name_otherwise", "firm_root_l = firm_root_r"),
    Telling(("same",), "same_domain", "dom_l = dom_r"),
    Telling(("same",), "same_box", "box_l = box_r"),
    Telling(("same",), "same_line", "line_l = line_r"),
    Telling(("same",), "name_is_domain", "true"),
    Telling(("other",), "initials", f"{_initials('l', 'r')} OR {_initials('r', 'l')}"),
    Telling(("near", "other"), "part", _PART),
    Telling(("near", "other"), "abbreviated", abbreviated(_LEFT, _RIGHT)),
    Telling(("other",), "domains_alike", _ONE_LABEL),
    Telling(("other",), "other_line", _NO_FIRMS),
)
_OF_ONE_NAME = (
    "g1_l = g1_r AND p1_l = p1_r AND (SELECT count(DISTINCT coalesce(w.g1, '')) FROM dup_record w "
    "WHERE w.p1 = p1_l) = 1"
)
"""Whoever has this phone has one and the same first name: it is no phone of colleagues."""
PHONE = (
    Telling(("same_of_colleagues",), "same", _OF_ONE_NAME),
    Telling(("same_switchboard",), "other_extension", _EXTENSIONS),
)
EMAIL = (
    Telling(("same_own_local",), "same_local", "NOT coalesce(free_l AND free_r, false)"),
    Telling(("two_at_one_domain",), "other", f"{_HOST.format('l')} IS DISTINCT FROM {_HOST.format('r')}"),
)  # fmt: skip
TELLINGS: Mapping[str, tuple[Telling, ...]] = {
    "name": NAME,
    "employer": EMPLOYER,
    "phone": PHONE,
    "email": EMAIL,
}
