"""How exports write yes and no: words that people and spreadsheets write, and no CRM answers in.

`init` puts those that it sees under `values`, where a person sees and changes them. The others are read in files all
the same, unless `values` say the opposite of one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

# Spanish, Portuguese, French, German and English reports and spreadsheets; Excel writes VERDADERO for its own booleans.
_PAIRS = (
    ("sí", "no"), ("si", "no"), ("yes", "no"), ("sim", "não"), ("sim", "nao"), ("oui", "non"), ("ja", "nein"),
    ("verdadero", "falso"), ("verdadeiro", "falso"), ("vrai", "faux"), ("wahr", "falsch"), ("s", "n"), ("y", "n"),
    ("x", ""),
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


_TEXTS = {"true": True, "false": False}
_MEANS = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False) | _TEXTS


def with_usual_words(said: Mapping[str, str]) -> Mapping[str, str]:
    """What `values` of a flag say (native word: `true` or `false`), and the usual words for what they leave open.

    Unchanged where a usual word means the opposite: nobody can tell then what the others mean. Case does not count.
    """
    told = {word.strip().lower(): _TEXTS.get(ours.lower()) for word, ours in said.items()}
    if any(_MEANS.get(word, means) is not means for word, means in told.items()):
        return said
    usual = {word: "true" if word in _YES else "false" for word in sorted(_YES | _NO)}
    return {**said, **{word: ours for word, ours in usual.items() if word not in told}}


def without_usual_words(said: Mapping[str, str]) -> dict[str, str]:
    """What `values` of a flag say that does not go without saying."""
    return {
        word: ours
        for word, ours in said.items()
        if usual_flag(word) != ours or word.lower() != word
    }


def usual_flag(word: str) -> str:
    """`true` or `false` for a usual word for yes or no, any other text as it is."""
    means = _MEANS.get(word.strip().lower())
    return word if means is None else "true" if means else "false"


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
