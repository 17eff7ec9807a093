"""How two companies are compared: one comparison a fact, so that no fact counts twice.

The domain's first label mostly repeats the name: of firms of one name it says nothing that another ending has it too.
A domain is a firm's own as long as the names agree; under differing names it is a group's. A domain with branches in
several towns is a brand's, and says no more than the name does. Words that many names have weigh little.

Shares among pairs that are one firm were set on invented CRMs (benchmarks/duplicates) and are the same for all data.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.warehouse.duplicates.firms_staging import SOURCE, stage
from crmsync.warehouse.duplicates.levels import Comparison, Level, missing, one_slip, plain, same
from crmsync.warehouse.duplicates.subject import Guard, Subject

_CORE = "(bag_l = bag_r OR bare_l = bare_r)"
_LONG = "(length(bare_l) >= 12 AND abs(length(bare_l) - length(bare_r)) <= 2 AND damerau_levenshtein(bare_l, bare_r) <= 2)"
_SLIP = f"((lone_l OR lone_r) AND least(seen_l, seen_r) = 1 AND length(rare_l) >= 4 AND length(rare_r) >= 4 AND ({one_slip('bare', 6)} OR {_LONG}))"
_ALIKE = f"({_CORE} OR {_SLIP})"
_PART = "(list_has_all(words_l, words_r) OR list_has_all(words_r, words_l))"
_INITIALS = "(initials_l = bare_r OR initials_r = bare_l)"
_NAMED = f"({_ALIKE} OR {_PART} OR {_INITIALS})"
_ONE_LAND = "land_l IS NOT DISTINCT FROM land_r"
_ONE_GROUP = "of_group_l = of_group_r"
_DIGITS = "regexp_replace({0}, '[^0-9]', '', 'g')"
_ONE_NUMBER = f"{_DIGITS.format('stem_l')} = {_DIGITS.format('stem_r')}"
_STEM = f"((stem_l = stem_r OR starts_with(stem_l, stem_r) OR starts_with(stem_r, stem_l)) AND {_ONE_NUMBER})"
_TWICE = f"({_SLIP} AND NOT {_CORE})"
"""One slip in the name and one in the domain: two firms that are spelled alike."""

NAME = Comparison(
    missing("bag"),
    (
        Level("holding", f"NOT ({_ONE_GROUP}) AND {_ALIKE}", 0.005, 0.00005),
        Level("country_added", f"NOT ({_ONE_LAND}) AND {_ALIKE}", 0.02, 0.00005),
        Level("same_of_several_firms", f"{_CORE} AND (many_l OR many_r)", 0.6, weighs="bag"),
        Level("same_unusual", f"{_CORE} AND unusual_l IS NOT NULL", 0.5, weighs="unusual"),
        Level("same", _CORE, 0.6, weighs="whole"),
        Level("near", _SLIP, 0.1, 0.00003),
        Level("part", _PART, 0.04, weighs="rare"),
        Level("initials", _INITIALS, 0.005, 0.0005),
        Level("other", "ELSE", 0.06),
    ),
)
LEGAL_FORM = Comparison(
    missing("form"),
    (Level("same", same("form"), 0.96, 0.5), Level("other", "ELSE", 0.04, 0.5)),
)
DOMAIN = Comparison(
    missing("dom"),
    (
        Level("same_of_branches", f"{same('dom')} AND brand_l IS NOT NULL", 0.5, 0.5),
        Level("same", f"{same('dom')} AND {_NAMED}", 0.75, weighs="dom"),
        Level("same_under_other_name", same("dom"), 0.03, weighs="dom"),
        Level("same_label", f"{_STEM} AND {_NAMED}", 0.1, 0.2),
        Level("near", f"{one_slip('dom', 7)} AND {_ONE_NUMBER} AND NOT {_TWICE}", 0.08, 0.001),
        Level("other", "ELSE", 0.02),
    ),
)
PHONE = Comparison(
    missing("phone"),
    (
        Level("same", same("phone"), 0.62, weighs="phone"),
        Level("near", one_slip("phone", 7), 0.02),
        Level("other", "ELSE", 0.36),
    ),
)
PLACE = Comparison(
    missing("place"),
    (
        Level("same_as_in_name", f"{same('place')} AND list_contains(words_l, place_l)", 0.9, 0.9),
        Level("same", same("place"), 0.85, weighs="place"),
        Level("near", one_slip("place", 5), 0.03),
        Level("other", "ELSE", 0.12),
    ),
)
COUNTRY = Comparison(
    missing("country"),
    (
        Level("same", same("country"), 0.99, 0.4),
        Level("other", "ELSE", 0.01),
    ),
)
_SLIPPED = f"({one_slip('ident', 6)} AND NOT (proven_l AND proven_r))"
TAX_ID = Comparison(
    missing("ident"),
    (
        Level("same", same("ident"), 0.97, 0.00000001),
        Level("slip", _SLIPPED, 0.02),
        Level("other_unproven", "NOT (proven_l AND proven_r)", 0.005),
        Level("other", "ELSE", 0.005),
    ),
)
_KIN = "(head_l = own_r OR head_r = own_l)"
KINSHIP = Comparison(
    "head_l IS NULL AND head_r IS NULL",
    (
        Level("head_and_branch", _KIN, 0.001, 0.5),
        Level("none", "ELSE", 1.0, 1.0),
    ),
)
COMPARISONS: Mapping[str, Comparison] = {
    "name": NAME,
    "legal_form": LEGAL_FORM,
    "domain": DOMAIN,
    "phone": PHONE,
    "place": PLACE,
    "country": COUNTRY,
    "street": plain("street", 0.6, slips=6),
    "postcode": plain("postcode", 0.8, slips=5),
    "tax_id": TAX_ID,
    "kinship": KINSHIP,
}
READS: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "legal_form": ("name",),
    "domain": ("domain",),
    "phone": ("phone",),
    "place": ("place",),
    "country": ("country", "phone", "place", "id", "name"),
    "street": ("street",),
    "postcode": ("postcode",),
    "tax_id": ("id",),
    "kinship": ("parent",),
}
"""The parts of a model that each comparison needs one of."""
FREQUENCY: Mapping[str, tuple[str, float]] = {
    "whole": ("whole", 0.12),
    "unusual": ("unusual", 0.025),
}
"""Of the records with one name so many are others: most are the same firm again."""
MADE_OF: Mapping[str, tuple[str, str]] = {"whole": ("rare", "usual")}
"""A name is as frequent as its words make it by chance, even if nobody else has it here."""
KEYS: Mapping[str, tuple[str, ...]] = {
    "tax_id": ("ident",),
    "phone": ("phone",),
    "domain": ("dom",),
    "domain_label": ("CASE WHEN length(stem) >= 4 THEN stem END",),
    "name": ("bag", "bare"),
    "rare_word": ("rare",),
    "word_place": ("rare || '|' || place",),
    "initials": ("initials", "CASE WHEN length(bare) <= 6 THEN bare END"),
    "beginning": ("left(bare, 7)", "left(bare, 4) || '|' || usual || '|' || country"),
    "end": ("right(bare, 7) || '|' || left(bare, 2)",),
    "slip_place": (
        "left(rare, 3) || '|' || usual || '|' || place",
        "right(rare, 3) || '|' || usual || '|' || place",
    ),
    "line": ("line || '|' || rare",),
    "street": ("street || '|' || left(bare, 3)",),
}
"""What two records have to share to be compared, by kind of key: expressions over `dup_record`."""
_SAME_NAME = ("same", "near", "part", "initials")
_NOT_SAME_ID = ("slip", "other_unproven", "other", None)
_SEVERAL: Mapping[str, tuple[str | None, ...]] = {
    "name": ("same_of_several_firms",),
    "domain": ("same_label", "near", "other", None),
    "phone": ("near", "other", None),
    "tax_id": _NOT_SAME_ID,
}

GUARDS: tuple[Guard, ...] = (
    Guard("two_tax_ids", {"tax_id": ("other",)}, 0.0),
    Guard("two_unproven_tax_ids", {"tax_id": ("other_unproven",)}, 0.1),
    Guard("head_and_branch", {"kinship": ("head_and_branch",)}, 0.0),
    Guard("two_countries", {"country": ("other",)}, 0.0),
    Guard("holding", {"name": ("holding",)}, 0.0),
    Guard("country_added", {"name": ("country_added",), "country": (None,)}, 0.3),
    Guard(
        "two_branches", {"domain": ("same", "same_of_branches"), "place": ("other",), "phone": ("other",)}, 0.5
    ),
    Guard(
        "branch_unknown",
        {"domain": ("same_of_branches",), "place": ("near", "other", None), "phone": ("near", "other", None), "tax_id": _NOT_SAME_ID},
        0.5,
    ),
    Guard("name_of_several_firms", {**_SEVERAL, "place": ("near", "other", "same_as_in_name", None)}, 0.5),
    Guard("name_of_several_firms_in_one_town", {**_SEVERAL, "legal_form": ("other", None)}, 0.5),
    Guard("usual_name_in_one_town", _SEVERAL, 0.5, only="others_l > 1.5"),
    Guard("name_of_several_firms_two_phones", {**_SEVERAL, "phone": ("other",)}, 0.5),
    Guard(
        "name_of_several_firms_two_forms",
        {**_SEVERAL, "legal_form": ("other",), "domain": ("same", "same_of_branches")},
        0.5,
    ),
    Guard(
        "two_domains_country_unknown",
        {"domain": ("same_label",), "country": (None,), "phone": ("near", "other", None), "tax_id": _NOT_SAME_ID},
        0.7,
    ),
    Guard(
        "two_legal_forms",
        {
            "legal_form": ("other",), "tax_id": _NOT_SAME_ID,
            "domain": ("same_label", "near", "other", None), "phone": ("near", "other", None),
        },
        0.0,
    ),
    Guard("two_domains_two_towns", {"domain": ("other",), "place": ("other",), "phone": ("near", "other", None), "tax_id": _NOT_SAME_ID}, 0.0),
    Guard("two_domains_two_phones", {"domain": ("other",), "place": ("other", "same_as_in_name", None), "phone": ("other",), "tax_id": _NOT_SAME_ID}, 0.0),
    Guard("domain_of_a_group", {"name": ("other",), "domain": ("same_under_other_name",), "phone": ("near", "other", None)}, 0.5),
    Guard("other_name", {"name": ("other",), "tax_id": _NOT_SAME_ID, "domain": ("same_of_branches", "near", "other", None)}, 0.5),
)  # fmt: skip

FIRMS = Subject(
    source=SOURCE,
    stage=stage,
    comparisons=COMPARISONS,
    reads=READS,
    keys=KEYS,
    guards=GUARDS,
    frequency=FREQUENCY,
    made_of=MADE_OF,
)
"""How companies are searched."""
