"""Where a text may be cut: between what a reader sees as two signs, never inside one.

After UAX #29, as far as the properties in `unicodedata` go; where they do not, a text is cut earlier rather than
inside a sign. An emoji family is five characters and one sign, a flag is two, `ñ` may be two.
"""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
_NON_JOINER = "\u200c"
_FLAG_LETTERS = ("\U0001f1e6", "\U0001f1ff")
# Ranges that go on with the sign before them though they are no marks: jamo of vowels and final consonants,
# skin tones, tags of regional flags, and the vowels AM of Thai and Lao.
_GOING_ON = (
    ("\u1160", "\u11ff"),
    ("\ud7b0", "\ud7fb"),
    ("\U0001f3fb", "\U0001f3ff"),
    ("\U000e0020", "\U000e007f"),
    ("\u0e33", "\u0e33"),
    ("\u0eb3", "\u0eb3"),
)


def cut(text: str, length: int) -> str:
    """The longest beginning of at most `length` characters that breaks no sign; empty if the first is longer."""
    if len(text) <= length:
        return text
    end = length
    while end > 0 and not _parts(text, end):
        end -= 1
    return text[:end]


def _parts(text: str, at: int) -> bool:
    """True if a sign ends before the character at this place."""
    before, after = text[at - 1], text[at]
    if before == _JOINER or _goes_on(after):
        return False
    if _is_flag_letter(before) and _is_flag_letter(after):
        return _flag_letters_before(text, at) % 2 == 0
    return True


def _goes_on(sign: str) -> bool:
    return (
        sign in (_JOINER, _NON_JOINER)
        or unicodedata.category(sign).startswith("M")
        or any(first <= sign <= last for first, last in _GOING_ON)
    )


def _is_flag_letter(sign: str) -> bool:
    return _FLAG_LETTERS[0] <= sign <= _FLAG_LETTERS[1]


def _flag_letters_before(text: str, at: int) -> int:
    start = at
    while start > 0 and _is_flag_letter(text[start - 1]):
        start -= 1
    return at - start
