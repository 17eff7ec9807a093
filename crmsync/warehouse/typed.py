"""Canonical text as a typed value of SQL: what an audit and the view show."""

from __future__ import annotations

from crmsync.core.values import TYPES


def typed(text: str, type_name: str) -> str:
    """The value behind a canonical text, in SQL; of money the amount."""
    if type_name == "money":
        return f"try_cast(split_part({text}, ' ', 1) AS {TYPES[type_name].sql})"
    sql = TYPES[type_name].sql
    return text if sql == "VARCHAR" else f"try_cast({text} AS {sql})"
