"""Invented phone numbers, and the two ways people spell them. Knows no CRM."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """One country's numbers: its prefixes, and a pattern for each spelling.

    In a pattern `#` takes the next digit of the national number, everything else stands for itself.
    """

    prefixes: tuple[str, ...]
    national: str
    international: str


# Lengths, prefixes and groupings: libphonenumber metadata through `phonenumbers` (read 2026-11).
PLANS: dict[str, Plan] = {
    "ES": Plan(("6", "6", "911", "933", "954"), "### ### ###", "+34 ### ## ## ##"),
    "MX": Plan(("55", "33", "81"), "## #### ####", "+52 ## #### ####"),
    "CO": Plan(("310", "315", "320"), "### ### ####", "+57 ### #######"),
    "CL": Plan(("962", "987"), "# #### ####", "+56 # #### ####"),
    "AR": Plan(("114", "115"), "0## ####-####", "+54 ## ####-####"),
    "PE": Plan(("95", "98"), "### ### ###", "+51 #########"),
    "US": Plan(("212", "305", "512", "312"), "(###) ###-####", "+1 ###-###-####"),
    "GB": Plan(("2079", "2081"), "0## #### ####", "+44 ## #### ####"),
}

HOME = "ES"
"""The country of the company whose CRMs these are."""

# Multiplying by a prime that does not divide a power of ten visits every number once.
_STRIDE = 76_543


def number(country: str, serial: int) -> str:
    """National significant number, digits only; different serials give different numbers.

    True up to a million serials a country; they repeat beyond.
    """
    plan = PLANS[country]
    prefix = plan.prefixes[serial % len(plan.prefixes)]
    length = plan.national.count("#") - len(prefix)
    digits = serial * _STRIDE % 10**length
    if country == "US":  # an exchange never starts with 0 or 1
        digits = 2_000_000 + serial * _STRIDE % 8_000_000
    return prefix + str(digits).zfill(length)


def spell(country: str, digits: str, *, international: bool) -> str:
    """The number as people write it at home, or for callers from abroad.

    The demo company is Spanish: without a prefix nobody there would know what a foreign number is.
    """
    plan = PLANS[country]
    international = international or country != HOME
    rest = iter(digits)
    pattern = plan.international if international else plan.national
    return "".join(next(rest) if sign == "#" else sign for sign in pattern)
