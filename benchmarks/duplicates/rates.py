"""How often what goes wrong: three presets, and every rate by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

_FIXED = ("duplicates", "copies")
_MOST = 0.9


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares between 0 and 1, each of the records that it can happen to.

    duplicates: records that are a further one of somebody. copies: further records that were taken over from the
    first one, with what was wrong in it. Everything else happens to each record by itself.
    """

    duplicates: float = 1 / 3
    copies: float = 0.15
    new_job: float = 0.13
    new_mobile: float = 0.25
    moved: float = 0.05
    married: float = 0.06

    blank_email: float = 0.07
    blank_phone: float = 0.35
    blank_mobile: float = 0.58
    blank_first: float = 0.025
    blank_last: float = 0.02
    blank_company: float = 0.1
    blank_domain: float = 0.4
    blank_title: float = 0.35
    blank_city: float = 0.3
    blank_country: float = 0.25

    other_address: float = 0.1
    alias: float = 0.04
    team_address: float = 0.006
    address_notation: float = 0.12
    address_slip: float = 0.02

    name_slip: float = 0.025
    nickname: float = 0.09
    spelling: float = 0.12
    initial: float = 0.03
    accents_lost: float = 0.3
    letter_case: float = 0.1
    one_surname: float = 0.25
    swapped_names: float = 0.01
    one_field: float = 0.015

    other_number: float = 0.28
    number_slip: float = 0.015
    swapped_numbers: float = 0.05

    form_lost: float = 0.4
    shortened: float = 0.1
    company_slip: float = 0.025
    words_translated: float = 0.3

    def times(self, factor: float) -> Rates:
        """Everything that goes wrong, so many times as often, but how many duplicates there are."""
        names = [each.name for each in fields(self) if each.name not in _FIXED]
        return replace(self, **{name: min(_MOST, getattr(self, name) * factor) for name in names})


PRESETS: Mapping[str, Rates] = {
    "calm": Rates().times(0.5),
    "usual": Rates(),
    "dirty": Rates().times(1.6),
}
