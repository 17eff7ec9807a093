"""Keys by the names of whom they mean: a reference that a person can read."""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.core.records import Cell
from crmsync.reports.cleaning import clean
from crmsync.reports.values import cell_text, shown_text

_MOST = 80


def shown_cell(
    cell: Cell,
    field: str,
    language: str,
    labels: Mapping[str, str],
    *,
    unmask: bool = False,
    kind: str = "",
) -> str:
    """As `cell_text`, but of a reference the names of whom it leads to; `labels` are those, by key."""
    text = ";".join(sorted(cell)) if isinstance(cell, frozenset) else cell
    name = called(text, labels, unmask=unmask) if isinstance(text, str) else None
    return name or cell_text(cell, field, language, unmask=unmask, kind=kind)


def called(text: str, labels: Mapping[str, str], *, unmask: bool) -> str | None:
    """A reference, or a set of them with roles, by name; None for a text that is not made of known keys."""
    parts = [part.partition("|") for part in text.split(";")]
    if not all(key in labels for key, _, _ in parts):
        return None
    return ", ".join(
        name_of(labels[key], unmask=unmask) + (f" ({clean(role, 40)})" if role else "")
        for key, _, role in parts
    )


def name_of(label: str, *, unmask: bool) -> str:
    """What a customer is called, masked unless asked."""
    return clean(shown_text(label, "name", unmask=unmask), _MOST)
