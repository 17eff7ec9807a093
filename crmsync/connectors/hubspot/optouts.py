"""The properties that tell an opt-out, and the legal basis that a portal may ask for.

They are read only to the properties API, and yet written: through communication preferences (`consent.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from crmsync.connectors.settings import problem_of
from crmsync.errors import Problem

OBJECT = "contacts"
OPT_OUT = "hs_email_optout"
SETTINGS = ("legal_basis", "legal_basis_explanation")
_OF_ONE = re.compile(rf"{OPT_OUT}_(\d+)", re.ASCII)
# The enumeration of the public specification (read 2026-11)
BASES = (
    "LEGITIMATE_INTEREST_PQL",
    "LEGITIMATE_INTEREST_CLIENT",
    "LEGITIMATE_INTEREST_OTHER",
    "PERFORMANCE_OF_CONTRACT",
    "CONSENT_WITH_NOTICE",
    "NON_GDPR",
    "PROCESS_AND_STORE",
)

Basis = Mapping[str, str]
"""What is sent along with the end of one subscription; nothing unless the project says so."""


def is_opt_out(object_: str, name: str) -> bool:
    """True for the properties that tell an opt-out, and are written another way."""
    return object_ == OBJECT and (name == OPT_OUT or bool(_OF_ONE.fullmatch(name)))


def subscription_of(name: str) -> int | None:
    """The subscription that a property is about, None for all of them."""
    one = _OF_ONE.fullmatch(name)
    return int(one[1]) if one else None


def basis_of(given: Mapping[str, str]) -> Basis:
    """The legal basis that the settings of a system name."""
    names = {"legal_basis": "legalBasis", "legal_basis_explanation": "legalBasisExplanation"}
    return {theirs: given[ours] for ours, theirs in names.items() if given.get(ours)}


def basis_problems(system: str, given: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with the legal basis in the settings of a system."""
    basis = given.get("legal_basis", "")
    if basis and basis not in BASES:
        remedy = f"known: {', '.join(BASES)}"
        yield problem_of(system, f"legal_basis '{basis}' is not known", remedy, "legal_basis")
    if len(basis_of(given)) == 1:
        message = "`legal_basis` and `legal_basis_explanation` go together"
        yield problem_of(system, message, "give both, or neither", *SETTINGS[:1])
