"""Curly quotes around a value: a word processor's, which YAML takes for a part of the text."""

from __future__ import annotations

from typing import Any

_PAIRS = {"“": "”“", "”": "”", "„": "“”", "‘": "’‘", "’": "’", "‚": "‘’", "«": "»", "»": "«"}
"""What may close each."""
_STRAIGHT = "\"'"


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
