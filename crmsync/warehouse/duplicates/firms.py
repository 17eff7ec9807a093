"""How two companies are compared: one comparison a fact, so that no fact counts twice.

The domain's first label mostly repeats the name: of firms of one name it says nothing that another ending has it too.
A domain is a firm's own as long as the names agree; under differing names it is a group's. A domain with branches in
several towns is a brand's, and says no more than the name does. Words that many names have weigh little.

Shares among pairs that are one firm were set on invented CRMs (benchmarks/duplicates) and are the same for all data.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.warehouse.duplicates import firms_likeness as likeness
from crmsync.warehouse.duplicates.firms_guards import GUARDS
from crmsync.warehouse.duplicates.firms_staging import SOURCE, stage
from crmsync.warehouse.duplicates.firms_tellings import TELLINGS
from crmsync.warehouse.duplicates.levels import Comparison, Level, missing, plain, same
from crmsync.warehouse.duplicates.subject import Proof, Subject

NAME = Comparison(
    missing("bag"),
    (
        Level("holding", likeness.HOLDING, 0.005, 0.00005),
        Level("country_added", f"NOT ({likeness.ONE_LAND}) AND {likeness.ALIKE}", 0.02, 0.00005),
        Level(
            "same_of_several_firms", f"{likeness.CORE} AND (many_l OR many_r)", 0.6, weighs="bag"
        ),
        Level("same_unusual", f"{likeness.CORE} AND unusual_l IS NOT NULL", 0.5, weighs="unusual"),
        Level("same", likeness.CORE, 0.6, weighs="whole"),
        Level("near", likeness.SLIP, 0.1, 0.00003),
        Level("part", likeness.PART, 0.04, weighs="rare"),
        Level("initials", likeness.INITIALS, 0.005, 0.0005),
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
        Level("same", likeness.SAME_DOMAIN, 0.75, weighs="dom"),
        Level("same_under_other_name", same("dom"), 0.03, weighs="dom"),
        Level("same_label", likeness.SAME_LABEL, 0.1, 0.2),
        Level("near", likeness.NEAR_DOMAIN, 0.08, 0.001),
        Level("other", "ELSE", 0.02),
    ),
)
PHONE = Comparison(
    missing("phone"),
    (
        Level("same", likeness.ONE_PHONE, 0.62, weighs="phone"),
        Level("near", likeness.slip("phone", 7), 0.02),
        Level("other", "ELSE", 0.36),
    ),
)
PLACE = Comparison(
    missing("place"),
    (
        Level("same_as_in_name", f"{same('place')} AND list_contains(words_l, place_l)", 0.9, 0.9),
        Level("same", same("place"), 0.85, weighs="place"),
        Level("near", likeness.slip("place", 5), 0.03),
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
TAX_ID = Comparison(
    missing("ident"),
    (
        Level("same", same("ident"), 0.97, 0.00000001),
        Level("slip", likeness.SLIPPED_ID, 0.02),
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
READS: Mapping[str, tuple[str, ...]] = dict.fromkeys(COMPARISONS, SOURCE)
"""Every comparison is made whatever the parts are: a fact that nobody holds is unknown, and guards ask for that."""
FREQUENCY: Mapping[str, tuple[str, float]] = {
    "whole": ("whole", 0.12),
    "unusual": ("unusual", 0.025),
}
"""Of the records with one name so many are others: most are the same firm again."""
MADE_OF: Mapping[str, tuple[str, ...]] = {"whole": ("rare", "usual")}
"""A name is as frequent as its words make it by chance, even if nobody else has it here."""
KEYS: Mapping[str, tuple[str, ...]] = {
    "tax_id": ("ident",),
    "phone": ("phone", "CASE WHEN length(phone) >= 7 THEN right(phone, 7) || '|' || place END"),
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
_ONE_NAME = ("same_unusual", "same")
PROOFS = (
    Proof("one_name_one_tax_id", {"name": _ONE_NAME, "tax_id": ("same",)}),
    Proof(
        "one_name_one_domain",
        {
            "name": (*_ONE_NAME, "same_of_several_firms"),
            "domain": ("same",),
            "place": ("same", "same_as_in_name"),
        },
    ),
)
FIRMS = Subject(
    source=SOURCE,
    stage=stage,
    comparisons=COMPARISONS,
    reads=READS,
    keys=KEYS,
    guards=GUARDS,
    proofs=PROOFS,
    frequency=FREQUENCY,
    made_of=MADE_OF,
    tellings=TELLINGS,
)
"""How companies are searched."""
