"""Phone numbers that say themselves how they are read, without the long way through `phonenumbers`.

`+34 911 23 45 67` is most of what CRMs hold, and reading it the long way costs more than everything else
about a record. Where the metadata of its calling code leave the library no choice (nothing that could be a
trunk prefix, a possible length, no leading zero), its answer is the digits as they stand; everything else
goes the long way. `tests/core/test_phones.py` holds both ways together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_PLAIN = re.compile(r"\+[1-9][0-9 .()-]{3,40}(?<=[0-9])")
_SIGNS = str.maketrans("", "", " .()-")
_LONGEST_CODE = 3
_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a calling code says of the numbers behind it: how they cannot begin, and how long they can be."""

    prefix: re.Pattern[str]
    lengths: frozenset[int]


def plain_number(text: str) -> str | None:
    """The E.164 form of a number with `+`; None where that takes a closer look."""
    if not _PLAIN.fullmatch(text):
        return None
    number = text.translate(_SIGNS)
    for end in range(2, 2 + _LONGEST_CODE):
        plan = _plan(number[1:end])
        if plan is not None:
            national = number[end:]
            clear = len(national) in plan.lengths and not plan.prefix.match(national)
            return number if clear and national[0] != "0" else None
    return None


@cache
def _plan(code: str) -> _Plan | None:
    """The numbering plan of a calling code, None if it is none."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(code))
    if regions is None:
        return None
    found = PhoneMetadata.metadata_for_region_or_calling_code(int(code), regions[0])
    if found is None or found.general_desc is None:
        return None
    general, prefix = found.general_desc, found.national_prefix_for_parsing
    return _Plan(
        re.compile(prefix) if prefix else _NOTHING,
        frozenset(general.possible_length) - frozenset(general.possible_length_local_only),
    )
