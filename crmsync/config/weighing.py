"""How much a text of YAML holds, before the reader that keeps places spends seconds on it.

Signs are counted, so a text is weighed in milliseconds. What stands in quotes and in comments counts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

DEEPEST = 100
"""Brackets in brackets. A mapping has some five; the reader takes seconds for a thousand."""
# Quotes open only where a value can begin: the one of `don't` is a letter.
_SIGNS = re.compile(
    r"""(?<![^\s\[{,:])"(?:\\.|[^"\\])*"|(?<![^\s\[{,:])'(?:[^']|'')*'|(?<!\S)\#[^\n]*"""
    r"""|(?P<sign>[\[\]{},]|:(?=\s)|^[ ]*-(?=\s)|^(?=\w))""",
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)


def too_deep(text: str) -> int | None:
    """The line, from 0, at which brackets are nested too deep; None if nowhere."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return None
    for sign, at, inside in _signs(text):
        if sign in ("[", "{") and len(inside) >= DEEPEST:
            return text.count("\n", 0, at)
    return None


def least_values(text: str) -> int:
    """At least so many values are in it: one for each key, each dash, and each comma of a list in brackets."""
    return sum(
        sign == "," if inside[-1:] == ["["] else sign in (":", "-")
        for sign, _, inside in _signs(text)
    )


def _signs(text: str) -> Iterator[tuple[str, int, list[str]]]:
    """Signs that mean something, with their places and the brackets around them.

    A key at the beginning of a line ends all brackets: those in the sentences of a file add up to nothing.
    """
    inside: list[str] = []
    for found in _SIGNS.finditer(text):
        if found.lastgroup is None:
            continue
        sign = found["sign"].strip()
        if sign in ("]", "}"):
            del inside[-1:]
        yield sign, found.start(), inside
        if sign in ("[", "{"):
            inside.append(sign)
        elif not sign:
            inside.clear()
