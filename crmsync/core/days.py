"""Days as people type them: 2026-11-23, 23/11/2026, 23.11.26, 23 de noviembre de 2026, 23 Nov 2026."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]\d{1,2}:\d{2}.*)?")
_NUMBERS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_WORDS = re.compile(r"(\d{1,2})\.?[ -](?:de )?([a-z]{3,10})\.?(?:,? de| del|,)?[ -](\d{4})")
_MONTHS = (
    *(("ene", "jan"), ("feb",), ("mar",), ("abr", "apr"), ("may",), ("jun",), ("jul",)),
    *(("ago", "aug"), ("sep", "set"), ("oct",), ("nov",), ("dic", "dec")),
)
"""How the name of a month begins in Spanish and in English."""
_CENTURY = 2000


def day_typed(text: str) -> date | None:
    """The day that a text means, the day before the month; None for a text that means none, 11/23/2026 among them."""
    plain = unicodedata.normalize("NFKD", " ".join(text.casefold().split()))
    if found := _ISO.fullmatch(plain):
        return _day(*(int(part) for part in found.groups()))
    if found := _NUMBERS.fullmatch(plain):
        day, month, year = (int(part) for part in found.groups())
        return _day(year + (_CENTURY if year < 100 else 0), month, day)
    if found := _WORDS.fullmatch(plain):
        return _day(int(found[3]), _month(found[2]), int(found[1]))
    return None


def _month(word: str) -> int:
    return next((n for n, begins in enumerate(_MONTHS, 1) if word.startswith(begins)), 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
