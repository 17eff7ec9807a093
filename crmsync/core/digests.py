"""One digest for what a side holds: the same in SQL (warehouse/columns.py) and in Python.

    name=vTEXT    a value, by its canonical text
    name=b        a blank
    name=iRAW     something that does not parse

Fields in order of name, joined by the unit separator; md5, for speed and because nobody is kept out by it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

SEPARATOR = "\x1f"


def digest_of(values: Mapping[str, str | None]) -> str:
    """The digest of canonical texts by field (None is a blank), as a base holds them."""
    parts = [f"{name}={_state(values[name])}" for name in sorted(values)]
    text = SEPARATOR.join(parts)
    return hashlib.md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def _state(text: str | None) -> str:
    return "b" if text is None else f"v{text}"
