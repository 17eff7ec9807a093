"""Pairs become clusters: whoever is joined by a chain of pairs is together."""

from __future__ import annotations

from collections.abc import Iterable


def components(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The cluster of every id that is in a pair, named after one of its ids."""
    above: dict[str, str] = {}
    for one, other in pairs:
        left, right = _top(above, one), _top(above, other)
        if left != right:
            above[max(left, right)] = min(left, right)
    return {each: _top(above, each) for each in list(above)}


def _top(above: dict[str, str], each: str) -> str:
    """The one that stands for the cluster; whoever is passed on the way is hung nearer to it."""
    while (parent := above.setdefault(each, each)) != each:
        above[each] = each = above[parent]
    return each
