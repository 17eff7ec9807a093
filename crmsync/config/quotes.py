"""Quotes around a value: curly ones, which YAML takes for a part of the text, and those that are missing."""

from __future__ import annotations

import re
from typing import Any

_PAIRS = {"“": "”“", "”": "”", "„": "“”", "‘": "’‘", "’": "’", "‚": "‘’", "«": "»", "»": "«"}
"""What may close each."""
_STRAIGHT = "\"'"
# What YAML 1.1 takes for a flag or a number, and 1.2 for a text: yaml.org/type/bool.html, int.html (read 2026-11).
_AMBIGUOUS = re.compile(r"yes|no|on|off|y|n|\d+(?::[0-5]?\d)+", re.IGNORECASE)


def bare(node: Any) -> Any:
    """The text as it was meant, without curly quotes around it; anything else as it is.

    `“vip” customers` begins with one and is meant so, and so is what stands in straight quotes.
    """
    if type(node) is not str or len(node) < 2 or node[0] not in _PAIRS:
        return node
    closing = _PAIRS[node[0]] + _STRAIGHT
    inner = node[1:]
    if inner[-1] in closing:
        inner = inner[:-1]
    return node if any(sign in _PAIRS[node[0]] for sign in inner) else inner


def is_ambiguous(node: Any) -> bool:
    """True for a word such as `no` and `10:30` that stands without quotes."""
    return type(node) is str and _AMBIGUOUS.fullmatch(node) is not None
