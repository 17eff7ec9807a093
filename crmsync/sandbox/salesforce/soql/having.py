"""HAVING as a function of a group of rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crmsync.sandbox.salesforce.soql.conditions import ORDERINGS
from crmsync.sandbox.salesforce.soql.tokens import malformed
from crmsync.sandbox.salesforce.soql.tree import (
    Aggregate,
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Day,
    Instant,
    Not,
    Path,
)
from crmsync.sandbox.tables import Row

GroupTest = Callable[[list[Row]], bool]
Column = Callable[[Path | Aggregate], Callable[[list[Row]], Any]]


def group_test(condition: Condition, column: Column) -> GroupTest:
    """The condition as a test of one group; `column` makes what reads an aggregate or a grouped field."""
    if isinstance(condition, AllOf | AnyOf):
        tests = [group_test(each, column) for each in condition.conditions]
        together = all if isinstance(condition, AllOf) else any
        return lambda group: together(test(group) for test in tests)
    if isinstance(condition, Not):
        inner = group_test(condition.condition, column)
        return lambda group: not inner(group)
    return _comparison(condition, column(condition.path))


def _comparison(condition: Comparison, read: Callable[[list[Row]], Any]) -> GroupTest:
    operator, value = condition.operator, condition.value
    members = value if isinstance(value, tuple) else (value,)
    wanted = {_plain(each) for each in members}
    if operator in ("=", "IN"):
        return lambda group: _folded(read(group)) in wanted
    if operator in ("!=", "NOT IN"):
        return lambda group: _folded(read(group)) not in wanted
    if operator not in ORDERINGS:
        raise malformed(f"unexpected token: '{operator}'")
    order, (bound,) = ORDERINGS[operator], wanted
    return lambda group: (held := _folded(read(group))) is not None and order(held, bound)


def _plain(value: Any) -> Any:
    return _folded(value.wire if isinstance(value, Instant | Day) else value)


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
