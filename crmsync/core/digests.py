"""One digest for what a side holds: the same in SQL (warehouse/columns.py) and in Python.

    name=vTEXT    a value, by its canonical text
    name=b        a blank
    name=iRAW     something that does not parse

Fields in order of name, joined by the unit separator; md5, for speed and because nobody is kept out by it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from crmsync.core.records import Invalid

SEPARATOR = "\x1f"


def digest_of(values: Mapping[str, str | Invalid | None]) -> str:
    """The digest of canonical texts by field (None is a blank), as a base holds them.

    A record may hold Invalid as well, which no base does: such a record always differs.
    """
    parts = [f"{name}={_state(values[name])}" for name in sorted(values)]
    text = SEPARATOR.join(parts)
    return hashlib.md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def _state(text: str | Invalid | None) -> str:
    if isinstance(text, Invalid):
        return f"i{text.raw}"
    return "b" if text is None else f"v{text}"
