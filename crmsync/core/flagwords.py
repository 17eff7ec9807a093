"""How exports write yes and no: words that a flag is not taken for unless the mapping says so.

`init` puts those that it sees under `values`, where a person sees and changes them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

# Spanish, Portuguese and English reports and spreadsheets; Excel writes VERDADERO for its own booleans.
_PAIRS = (
    ("sí", "no"), ("si", "no"), ("yes", "no"), ("sim", "não"), ("sim", "nao"), ("verdadero", "falso"),
    ("verdadeiro", "falso"), ("x", ""),
)  # fmt: skip
_YES = frozenset(yes for yes, _ in _PAIRS)
_NO = frozenset(no for _, no in _PAIRS if no)
_CASES: tuple[Callable[[str], str], ...] = (str.lower, str.upper, str.capitalize)
FLAG_WORDS = _YES | _NO | {"true", "false"}
"""Every word that may stand for yes or no, in lower case."""


def flag_values(words: Collection[str]) -> Mapping[str, bool]:
    """What each word seen in a column means, with the opposite of each; empty if it is no such column.

    `true`, `false`, `1` and `0` need no entry: a flag is read from them as they are.
    """
    if not words or not all(word.lower() in FLAG_WORDS for word in words):
        return {}
    if not {word.lower() for word in words} & _YES and not {w.lower() for w in words} & _NO:
        return {}
    found = {word: word.lower() in _YES for word in words if word.lower() in _YES | _NO}
    for word in words:
        if not set(found.values()) >= {True, False}:
            found |= _opposite(word)
    return dict(sorted(found.items(), key=lambda each: (not each[1], each[0])))


def _opposite(word: str) -> dict[str, bool]:
    """The other word of its pair, written in the same case."""
    same = next((case for case in _CASES if case(word) == word), str.lower)
    if len(word) == 1:
        return {}
    for yes, no in _PAIRS:
        if word.lower() in (yes, no):
            other = no if word.lower() == yes else yes
            return {same(other): word.lower() != yes} if other else {}
    return {}
