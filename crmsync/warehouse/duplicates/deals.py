"""How two deals are compared: whose, what, which one of several, for how much and when.

Deals are alike by right: the same thing is sold again each year, in instalments, and to many customers. So the guards
decide here, and the weights only say how doubtful it is where a fact is missing. Two deals are one if the customer,
the thing and the number in the name agree, and amount and closing date nearly.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.warehouse.duplicates.deals_staging import SOURCE, stage
from crmsync.warehouse.duplicates.levels import Comparison, Level, missing, one_slip, same
from crmsync.warehouse.duplicates.subject import Guard, Proof, Subject

NEAR_AMOUNT, NEAR_DAYS, APART_DAYS = 0.01, 21, 60
"""Amounts that differ by rounding; dates that somebody moved a little; and dates of two sales."""
_DAYS = "abs(day_l - day_r)"
_PART = "(list_has_all(words_l, words_r) OR list_has_all(words_r, words_l))"

CUSTOMER = Comparison(
    missing("customer"),
    (Level("same", same("customer"), 0.98, weighs="customer"), Level("other", "ELSE", 0.02)),
)
NAME = Comparison(
    missing("bare"),
    (
        Level("same", "bare_l = bare_r OR title_l = title_r", 0.85, weighs="bare"),
        Level("near", one_slip("bare", 5), 0.1),
        Level("part", _PART, 0.03),
        Level("other", "ELSE", 0.02),
    ),
)
NUMBER = Comparison(
    "number_l IS NULL AND number_r IS NULL",
    (
        Level("same", same("number"), 0.95),
        Level("only_one", "number_l IS NULL OR number_r IS NULL", 0.04),
        Level("other", "ELSE", 0.01),
    ),
)
AMOUNT = Comparison(
    missing("amount"),
    (
        Level("same", "abs(amount_l - amount_r) < 0.01", 0.75, weighs="amount"),
        Level("near", f"abs(amount_l - amount_r) <= {NEAR_AMOUNT} * greatest(amount_l, amount_r)", 0.2),
        Level("other", "ELSE", 0.05),
    ),
)  # fmt: skip
CURRENCY = Comparison(
    missing("currency"),
    (Level("same", same("currency"), 0.98), Level("other", "ELSE", 0.02)),
)
DATE = Comparison(
    missing("day"),
    (
        Level("same", same("day"), 0.6),
        Level("near", f"{_DAYS} <= {NEAR_DAYS}", 0.37),
        Level("weeks_apart", f"{_DAYS} <= {APART_DAYS}", 0.02),
        Level("other", "ELSE", 0.01),
    ),
)
STAGE = Comparison(
    missing("stage"), (Level("same", same("stage"), 0.7), Level("other", "ELSE", 0.3))
)
IDENT = Comparison(
    missing("ident"), (Level("same", same("ident"), 0.9, 0.000001), Level("other", "ELSE", 0.1))
)
COMPARISONS: Mapping[str, Comparison] = {
    "customer": CUSTOMER,
    "name": NAME,
    "number": NUMBER,
    "amount": AMOUNT,
    "currency": CURRENCY,
    "date": DATE,
    "stage": STAGE,
    "ident": IDENT,
}
READS: Mapping[str, tuple[str, ...]] = dict.fromkeys(COMPARISONS, SOURCE)
"""Every comparison is made whatever the parts are: a fact that nobody holds is unknown, and guards ask for that."""
KEYS: Mapping[str, tuple[str, ...]] = {
    "customer": ("customer",),
    "customer_name": ("customer || '|' || left(bare, 5)", "customer || '|' || right(bare, 5)"),
    "customer_amount": ("customer || '|' || amount",),
    "customer_date": ("customer || '|' || day",),
    "name_amount": ("bare || '|' || amount",),
    "name_date": ("bare || '|' || day",),
    "id": ("ident",),
}
"""What two records have to share to be compared, by kind of key: expressions over `dup_record`."""

GUARDS: tuple[Guard, ...] = (
    Guard("two_customers", {"customer": ("other",)}, 0.0),
    Guard("customer_unknown", {"customer": (None,)}, 0.5),
    Guard("two_things", {"name": ("other",)}, 0.0),
    Guard("name_unknown", {"name": (None,)}, 0.5),
    Guard("thing_and_more", {"name": ("part",)}, 0.6),
    Guard("two_of_several", {"number": ("other",)}, 0.0),
    Guard("one_of_several", {"number": ("only_one",)}, 0.6),
    Guard("months_apart", {"date": ("other",)}, 0.0),
    Guard("weeks_apart", {"date": ("weeks_apart",)}, 0.5),
    Guard("date_unknown", {"date": (None,)}, 0.6),
    Guard("two_amounts", {"amount": ("other",)}, 0.5),
    Guard("two_currencies", {"currency": ("other",)}, 0.5),
)
"""What makes two deals of what looks like one."""

PROOFS = (
    Proof(
        "one_sale",
        dict.fromkeys(("customer", "name", "amount", "date"), ("same",)),
    ),
)
DEALS = Subject(
    source=SOURCE,
    stage=stage,
    comparisons=COMPARISONS,
    reads=READS,
    keys=KEYS,
    guards=GUARDS,
    proofs=PROOFS,
)
"""How deals are searched."""
