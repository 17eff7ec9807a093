"""How two people are compared: one comparison a fact, so that no fact counts twice.

A name is one fact whichever field its words stand in. The employer is one, whether it shows in the domain, in the
company's name, the switchboard or a mailbox of the team. An address and a phone speak of a person alone: what
colleagues have in common anyway (a phone, a place, a domain) says little of two of them.

Shares among pairs that are one person were set on invented CRMs (benchmarks/duplicates) and are the same for all data;
those among others are estimated from the data itself, but where colleagues are meant: no random pair tells of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.warehouse.duplicates.levels import (
    Comparison,
    Level,
    alike,
    any_same,
    both,
    missing,
    numbers_in,
    one_slip,
    plain,
    same,
)
from crmsync.warehouse.duplicates.persons_guards import GUARDS
from crmsync.warehouse.duplicates.persons_names import FREQUENCY, MADE_OF, NAME
from crmsync.warehouse.duplicates.persons_tellings import TELLINGS
from crmsync.warehouse.duplicates.restaging import restage
from crmsync.warehouse.duplicates.staging import SOURCE, stage
from crmsync.warehouse.duplicates.subject import Namesakes, Proof, Subject


def _firm_is_domain(one: str, other: str) -> str:
    """The company's name of one, written together, is what the domain of the other begins with."""
    firm = f"replace(firm_{one}, ' ', '')"
    return f"(length(firm_{one}) >= 6 AND {firm} = split_part(dom_{other}, '.', 1))"


_COLLEAGUES = (
    "(dom_l = dom_r OR firm_root_l = firm_root_r OR line_l = line_r OR box_l = box_r "
    f"OR {_firm_is_domain('l', 'r')} OR {_firm_is_domain('r', 'l')})"
)
_MAIL_SLIP = both(
    "left(e1_l, 2) = left(e1_r, 2) AND right(local_l, 1) = right(local_r, 1)",
    both(
        one_slip("e1", 8),
        "regexp_replace(e1_l, '[^0-9]', '', 'g') = regexp_replace(e1_r, '[^0-9]', '', 'g')",
    ),
)
EMAIL = Comparison(
    missing("e1", "e2"),
    (
        Level("same", any_same("e1", "e2"), 0.65),
        Level("same_own_local", same("own"), 0.05, weighs="own"),
        Level("near", _MAIL_SLIP, 0.015, 0.0005),
        Level("two_at_one_domain", "dom_l = dom_r AND NOT free_l AND NOT free_r", 0.07, 0.9),
        Level("same_local", same("local"), 0.06, 0.05),
        Level("other", "ELSE", 0.25),
    ),
)


def _one_phone(only: str = "true") -> str:
    """One of the two numbers of both; `only` is asked of them besides."""
    return " OR ".join(
        f"(p{a}_l = p{b}_r AND coalesce(q{a}_l = q{b}_r, true) AND {only.format(a=a, b=b)})"
        for a in (1, 2)
        for b in (1, 2)
    )


_PHONE = _one_phone("x{a}_l IS NOT DISTINCT FROM x{b}_r")
_PHONE_NEAR = f"({one_slip('p1', 7)} AND coalesce(damerau_levenshtein(q1_l, q1_r) <= 1, true))"
PHONE = Comparison(
    missing("p1", "p2"),
    (
        Level("same_of_colleagues", f"({_PHONE}) AND {_COLLEAGUES}", 0.7, 0.03),
        Level("same", _PHONE, 0.7),
        Level("same_switchboard", _one_phone(), 0.05, 0.03),
        Level("near", _PHONE_NEAR, 0.01),
        Level("other", "ELSE", 0.28),
    ),
)
_NO_WORK_TO_COMPARE = " AND ".join(
    f"({name}_l IS NULL OR {name}_r IS NULL)" for name in ("dom", "firm", "line", "box")
)
_NO_WORK_IN_COMMON = f"{_NO_WORK_TO_COMPARE} AND NOT coalesce({_COLLEAGUES}, false)"
_ONE_NUMBER = f"{numbers_in('firm_l')} = {numbers_in('firm_r')}"
EMPLOYER = Comparison(
    _NO_WORK_IN_COMMON,
    (
        Level("same", _COLLEAGUES, 0.8, weighs="work"),
        Level("near", both(alike("firm", 0.92), _ONE_NUMBER), 0.02),
        Level("other", "ELSE", 0.18),
    ),
)
PLACE = Comparison(
    missing("place"),
    (
        Level("same_of_colleagues", f"{same('place')} AND {_COLLEAGUES}", 0.85, 0.7),
        Level("same", same("place"), 0.8, weighs="place"),
        Level("near", one_slip("place"), 0.02),
        Level("other", "ELSE", 0.18),
    ),
)
DATE = Comparison(
    missing("date"),
    (
        Level("same", same("date"), 0.65),
        Level("near", one_slip("date", 6), 0.2),
        Level(
            "same_year",
            "left(date_l, 4) = left(date_r, 4) AND left(date_l, 2) IN ('19', '20')",
            0.03,
        ),
        Level("other", "ELSE", 0.05),
    ),
)
_AREA = "length(postcode_{0}) > 4 AND left(postcode_{0}, length(postcode_{0}) - 3)"
POSTCODE = Comparison(
    missing("postcode"),
    (
        Level("same", same("postcode"), 0.7, weighs="postcode"),
        Level("near", one_slip("postcode"), 0.1),
        Level("same_area", f"{_AREA.format('l')} = left(postcode_r, length(postcode_r) - 3)", 0.05),
        Level("other", "ELSE", 0.15),
    ),
)
COMPARISONS: Mapping[str, Comparison] = {
    "name": NAME,
    "email": EMAIL,
    "phone": PHONE,
    "employer": EMPLOYER,
    "place": PLACE,
    "date": DATE,
    "street": plain("street", 0.6, slips=6),
    "postcode": POSTCODE,
    "ident": plain("ident", 0.9, slips=6),
    "other": plain("other", 0.8),
}
READS: Mapping[str, tuple[str, ...]] = {
    "name": ("given_name", "family_name", "full_name"),
    "email": ("email",),
    "phone": ("phone",),
    "employer": ("employer", "domain", "email"),
    "place": ("place",),
    "date": ("date",),
    "street": ("street",),
    "postcode": ("postcode",),
    "ident": ("id",),
    "other": ("other",),
}
"""The parts of a model that each comparison needs one of."""
KEYS: Mapping[str, tuple[str, ...]] = {
    "email": ("e1", "e2"),
    "mailbox": ("box || ' ' || g1", "box || ' ' || f1"),
    "phone": ("p1", "p2"),
    "line": ("line || ' ' || g1", "line || ' ' || f1"),
    "local": ("CASE WHEN length(local) >= 5 THEN local END",),
    "words": ("CASE WHEN contains(bag, ' ') THEN bag END",),
    "name": ("person",),
    "name_employer": ("person || '|' || firm_root", "person || '|' || dom"),
    "name_place": ("person || '|' || place",),
    "given_employer": ("g1 || '|' || firm_root", "g1 || '|' || dom"),
    "family_employer": ("f1 || '|' || firm_root", "f1 || '|' || dom"),
    "family_place": ("f1 || '|' || left(g1, 1) || '|' || place",),
    "given_place": (
        "g1 || '|' || left(f1, 2) || '|' || place",
        "g1 || '|' || right(f1, 3) || '|' || place",
    ),
    "date": ("date || '|' || left(f1, 2)", "date || '|' || left(g1, 2)", "date || '|' || postcode"),
    "postcode": ("postcode || '|' || left(g1, 3)", "postcode || '|' || left(f1, 3)"),
    "id": ("ident",),
    "street": ("street || '|' || left(g1, 2)", "street || '|' || left(f1, 2)"),
}
"""What two records have to share to be compared, by kind of key: expressions over `dup_record`."""

PROOFS = (
    Proof("one_name_one_mailbox", {"name": ("same_both_surnames", "same"), "email": ("same",)}),
)
PERSONS = Subject(
    source=SOURCE,
    stage=stage,
    comparisons=COMPARISONS,
    reads=READS,
    keys=KEYS,
    guards=GUARDS,
    proofs=PROOFS,
    frequency=FREQUENCY,
    made_of=MADE_OF,
    restage=restage,
    namesakes=Namesakes(again=0.3, together=3.0),
    tellings=TELLINGS,
)
"""How people are searched."""
