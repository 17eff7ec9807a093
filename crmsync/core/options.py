"""Whether two picklists are the same, and what stands in the way if they are not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from crmsync.core.likeness import folded, slug

Listed: TypeAlias = tuple[tuple[str, str], ...]
"""Value and label of each option, in the order of the system."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two picklists have in common.

    same       the very same values: nothing to map
    relabelled the same labels over other values: `values` maps all of them
    partial    some in common; `only_left` and `only_right` are the labels of the rest
    apart      nothing in common
    unlisted   a side does not tell its options

    `left` and `right` map native values to ours, and are empty where the values are the same anyway.
    """

    kind: Literal["same", "relabelled", "partial", "apart", "unlisted"]
    left: Mapping[str, str] = field(default_factory=dict)
    right: Mapping[str, str] = field(default_factory=dict)
    only_left: tuple[str, ...] = ()
    only_right: tuple[str, ...] = ()


def compare(left: Listed, right: Listed) -> Comparison:
    """Options matched by value first, then by label without case and accents."""
    if not left or not right:
        return Comparison("unlisted")
    pairs = _pairs(left, right)
    only_left = tuple(label for value, label in left if value not in pairs)
    taken = set(pairs.values())
    only_right = tuple(label for value, label in right if value not in taken)
    if not pairs:
        return Comparison("apart", only_left=only_left, only_right=only_right)
    whole = not only_left and not only_right
    if all(one == other for one, other in pairs.items()):
        kind: Literal["same", "partial"] = "same" if whole else "partial"
        return Comparison(kind, only_left=only_left, only_right=only_right)
    ours = _ours(dict(left), pairs)
    return Comparison(
        "relabelled" if whole else "partial",
        {value: ours[value] for value in pairs},
        {other: ours[value] for value, other in pairs.items()},
        only_left,
        only_right,
    )


def _pairs(left: Listed, right: Listed) -> dict[str, str]:
    """Value of the right for values of the left; each option is used once."""
    values = {value for value, _ in right}
    pairs = {value: value for value, _ in left if value in values}
    free = [(value, label) for value, label in right if value not in pairs]
    by_label = {folded(label): value for value, label in reversed(free)}
    for value, label in left:
        other = by_label.pop(folded(label), None) if value not in pairs else None
        if other is not None:
            pairs[value] = other
    return {value: pairs[value] for value, _ in left if value in pairs}


def _ours(labels: Mapping[str, str], values: Iterable[str]) -> dict[str, str]:
    """A word of ours for each value, made of its label; two of one word are numbered."""
    found: dict[str, str] = {}
    for value in values:
        word, number = slug(labels[value]), 2
        while word in found.values():
            word, number = f"{slug(labels[value])}_{number}", number + 1
        found[value] = word
    return found
