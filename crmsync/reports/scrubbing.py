"""Values and names taken out of a sentence that somebody else wrote: what a CRM says of a record it refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from crmsync.core.likeness import folded

DOTS = "•••"
_WORD = re.compile(r"[^\W_]++(?!•)")
_BETWEEN = frozenset(
    ("de", "la", "el", "le", "lo", "da", "do", "di", "du", "of", "al", "and", "del", "los", "las")
)
"""Words of two letters and three that stand in names and in every sentence."""


def without_phrases(text: str, phrases: Sequence[tuple[str, str]]) -> str:
    """The text with each phrase in place of which something else is shown; the longest first, whatever the case."""
    shown = {_alike(phrase): instead for phrase, instead in phrases if phrase.strip()}
    wanted = sorted((each for each in shown if shown[each] != each), key=len, reverse=True)
    if not wanted:
        return text
    found = re.compile("|".join(map(_pattern, wanted)), re.IGNORECASE)
    return found.sub(lambda hit: shown.get(_alike(hit.group()), DOTS), text)


def _alike(text: str) -> str:
    """The text in one case, with single spaces."""
    return " ".join(text.casefold().split())


def _pattern(phrase: str) -> str:
    """The phrase as it may stand in a sentence: as whole words, in scripts that part words."""
    words = r"\s+".join(map(re.escape, phrase.split()))
    before = r"(?<![^\W_])" if _parts(phrase[0]) else ""
    after = r"(?![^\W_])" if _parts(phrase[-1]) else ""
    return f"{before}{words}{after}"


def _parts(letter: str) -> bool:
    """True for a letter of a script with capitals, and for a digit: such words stand apart from their neighbours."""
    return letter.isdigit() or letter.lower() != letter.upper()


def without_names(text: str, name: str) -> str:
    """The text with every word of a name cut to its initial, whatever its case and accents.

    A particle or a single letter is hidden where it stands beside the word it has beside it in the name, or where the
    whole name stands: "Le Duc Al Do" goes, "al" alone stays.
    """
    parts = _WORD.findall(name)
    text = without_phrases(text, [(part, part[0] + DOTS) for part in parts if _is_unparted(part)])
    words = [folded(part) for part in parts]
    found = list(_WORD.finditer(text))
    hidden = _hidden([folded(each.group()) for each in found], words)
    for at in sorted(hidden, reverse=True):
        start, end = found[at].span()
        text = text[: start + 1] + DOTS + text[end:]
    return text


def _is_unparted(word: str) -> bool:
    return not any(map(_parts, word))


def _hidden(said: Sequence[str], name: Sequence[str]) -> set[int]:
    """Places of words that tell a name."""
    strong = {word for word in name if len(word) > 1 and not word.isdigit()} - _BETWEEN
    hidden = {at for at, word in enumerate(said) if word in strong}
    hidden.update(_wholes(said, name))
    beside = set(pairwise(name))
    for at in range(1, len(said)):
        if at - 1 in hidden and (said[at - 1], said[at]) in beside:
            hidden.add(at)
    for at in reversed(range(len(said) - 1)):
        if at + 1 in hidden and (said[at], said[at + 1]) in beside:
            hidden.add(at)
    return hidden


def _wholes(said: Sequence[str], name: Sequence[str]) -> Iterator[int]:
    """Places of words where the whole name stands."""
    size = len(name)
    for at in range(len(said) - size + 1) if size else ():
        if list(said[at : at + size]) == list(name) and not "".join(name).isdigit():
            yield from range(at, at + size)
