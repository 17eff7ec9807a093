"""ORDER BY over any rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from crmsync.sandbox.salesforce.soql.tree import Order

T = TypeVar("T")


def sorted_by(rows: list[T], keys: Sequence[tuple[Callable[[T], Any], Order]]) -> list[T]:
    """The rows sorted by several keys, the first one decisive; see `folding` for text."""
    for read, order in reversed(keys):
        blank = [row for row in rows if read(row) is None]
        held = [row for row in rows if read(row) is not None]
        held.sort(key=read, reverse=order.descending)
        # Nulls come first, DESC or not: SOQL guide, ORDER BY (read 2026-11).
        rows = held + blank if order.nulls_last else blank + held
    return rows


def folding(read: Callable[[T], Any]) -> Callable[[T], Any]:
    """A reader whose texts compare without regard to case."""

    def key(row: T) -> Any:
        value = read(row)
        return value.casefold() if isinstance(value, str) else value

    return key
