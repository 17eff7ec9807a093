"""WHERE as a function of a row, and the rows it can be told beforehand to be about.

Text compares without regard to case, ids with it. A null is smaller and greater than nothing, and differs from
every value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from crmsync.sandbox.salesforce.errors import refuse
from crmsync.sandbox.salesforce.ids import full_id
from crmsync.sandbox.salesforce.instants import parse_instant, wire_instant
from crmsync.sandbox.salesforce.schema import Field
from crmsync.sandbox.salesforce.soql.dates import RELATIVE_DATES
from crmsync.sandbox.salesforce.soql.fields import Scope, lookup, path_reader
from crmsync.sandbox.salesforce.soql.tokens import malformed
from crmsync.sandbox.salesforce.soql.tree import (
    Aggregate,
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Day,
    Instant,
    Literal,
    Not,
    Query,
    Relative,
)
from crmsync.sandbox.tables import Row

Test = Callable[[Any], bool]
RowTest = Callable[[Row], bool]
# Runs a query inside IN (...): the values of its one column.
RunInner = Callable[[Query], Iterable[Any]]

ID_TYPES = frozenset({"id", "reference"})
_NUMBERS = frozenset({"int", "double", "currency", "percent"})
ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
}


def row_test(scope: Scope, condition: Condition, run_inner: RunInner) -> RowTest:
    """The condition as a test of one row; Refusal for unknown fields and values of a wrong type."""
    if isinstance(condition, AllOf):
        tests = [row_test(scope, each, run_inner) for each in condition.conditions]
        return lambda row: all(test(row) for test in tests)
    if isinstance(condition, AnyOf):
        tests = [row_test(scope, each, run_inner) for each in condition.conditions]
        return lambda row: any(test(row) for test in tests)
    if isinstance(condition, Not):
        inner = row_test(scope, condition.condition, run_inner)
        return lambda row: not inner(row)
    return _comparison_test(scope, condition, run_inner)


def _comparison_test(scope: Scope, comparison: Comparison, run_inner: RunInner) -> RowTest:
    if isinstance(comparison.path, Aggregate):
        raise malformed(f"unexpected token: '{comparison.path.function}'")
    field, read = path_reader(scope, comparison.path)
    if not field.filterable:
        message = f"field '{field.name}' can not be filtered in a query call"
        raise scope.refuse(comparison.path, message)
    test = _value_test(scope, field, comparison, run_inner)
    if field.type in ID_TYPES or isinstance(comparison.value, Relative):
        return lambda row: test(read(row))
    return lambda row: test(_fold(read(row)))


def _value_test(scope: Scope, field: Field, comparison: Comparison, run_inner: RunInner) -> Test:
    operator, value = comparison.operator, comparison.value
    if operator in ("INCLUDES", "EXCLUDES"):
        return _options_test(field, value, negated=operator == "EXCLUDES")
    if operator in ("IN", "NOT IN"):
        wanted = _members(field, value, run_inner)
        return _membership(wanted, negated=operator == "NOT IN")
    assert not isinstance(value, tuple | Query)  # the grammar gives lists to IN alone
    if isinstance(value, Relative):
        return _span_test(scope, field, operator, value)
    if operator == "LIKE":
        return _like(field, value)
    bound = _bound(field, value)
    if operator in ("=", "!="):
        return _membership({bound}, negated=operator == "!=")
    order = ORDERINGS[operator]
    return lambda held: held is not None and bound is not None and order(held, bound)


def _options_test(field: Field, value: Any, *, negated: bool) -> Test:
    """Of the texts in the list one has to be there; `a;b` is there when both are."""
    if field.type != "multipicklist" or not all(isinstance(each, str) for each in value):
        raise _wrong_type(field)
    wanted = [set(_fold(each).split(";")) for each in value]

    def test(held: Any) -> bool:
        chosen = set(held.split(";")) if held else set()
        return any(each <= chosen for each in wanted) is not negated

    return test


def _membership(wanted: set[Any], *, negated: bool) -> Test:
    if negated:
        return lambda held: held not in wanted
    return lambda held: held in wanted


def _members(field: Field, value: Any, run_inner: RunInner) -> set[Any]:
    if isinstance(value, Query):
        fold = _same if field.type in ID_TYPES else _fold
        return {fold(each) for each in run_inner(value)}
    return {_bound(field, each) for each in value}


def _same(held: Any) -> Any:
    return held


def _fold(held: Any) -> Any:
    return held.casefold() if isinstance(held, str) else held


def _bound(field: Field, value: Literal) -> Any:
    """A literal in the form in which tests see the values of this field."""
    if value is None:
        return None
    if field.type in ID_TYPES:
        return _id_bound(value)
    if not _fits(field, value):
        raise _wrong_type(field)
    return _fold(value.wire if isinstance(value, Instant | Day) else value)


def _id_bound(value: Literal) -> str:
    id_ = full_id(value)
    if id_ is None:
        raise refuse("INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {value}")
    return id_


def _fits(field: Field, value: Literal) -> bool:
    if field.type in _NUMBERS:
        return isinstance(value, int | float) and not isinstance(value, bool)
    expected: dict[str, type] = {"boolean": bool, "date": Day, "datetime": Instant}
    return isinstance(value, expected.get(field.type, str))


def _wrong_type(field: Field) -> Exception:
    names = {"datetime": "dateTime", "currency": "double", "percent": "double"}
    unquoted = field.type in _NUMBERS | {"boolean", "date", "datetime"}
    message = (
        f"value of filter criterion for field '{field.name}' must be of type "
        f"{names.get(field.type, field.type if unquoted else 'string')} and should "
        f"{'not ' if unquoted else ''}be enclosed in quotes"
    )
    return refuse("INVALID_FIELD", message)


def _like(field: Field, value: Literal) -> Test:
    if not isinstance(value, str):
        raise _wrong_type(field)
    wildcards = {"%": ".*", "_": "."}
    parts = re.findall(r"\\.|.", value, re.DOTALL)
    pattern = "".join(wildcards.get(part) or re.escape(part[-1]) for part in parts)
    compiled = re.compile(_fold(pattern), re.DOTALL)
    return lambda held: held is not None and compiled.fullmatch(str(held)) is not None


def _span_test(scope: Scope, field: Field, operator: str, value: Relative) -> Test:
    """A comparison with a stretch of days: equal is inside, less is before, greater is after."""
    if field.type not in ("date", "datetime"):
        raise _wrong_type(field)
    first, after = RELATIVE_DATES[value.name](scope.world.now().date(), value.n)
    start, end = _edge(field, first), _edge(field, after)
    tests: dict[str, Test] = {
        "=": lambda held: start <= held < end,
        "!=": lambda held: not start <= held < end,
        "<": lambda held: held < start,
        "<=": lambda held: held < end,
        ">": lambda held: held >= end,
        ">=": lambda held: held >= start,
    }
    if operator not in tests:
        raise _wrong_type(field)
    test = tests[operator]
    return lambda held: operator == "!=" if held is None else test(held)


def _edge(field: Field, day: date) -> str:
    return day.isoformat() if field.type == "date" else wire_instant(parse_instant(day))


def candidates(scope: Scope, condition: Condition | None) -> list[str] | None:
    """Ids that alone can fulfil a condition, in id order, when an index tells; None for "any"."""
    if isinstance(condition, AllOf):
        told = (candidates(scope, each) for each in condition.conditions)
        return next((ids for ids in told if ids is not None), None)
    if not isinstance(condition, Comparison) or condition.operator not in ("=", "IN"):
        return None
    if isinstance(condition.path, Aggregate):
        return None
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    parents, field = lookup(scope, condition.path)
    if parents or not all(isinstance(value, str) for value in values):
        return None
    return _indexed(scope, field, values)


def _indexed(scope: Scope, field: Field, values: tuple[Any, ...]) -> list[str] | None:
    name = scope.shape.name
    if field.type == "id":
        ids = {id_ for value in values if (id_ := full_id(value))}
        return sorted(id_ for id_ in ids if scope.world.rows.get(name, id_) is not None)
    if not (field.id_lookup or field.type == "reference"):
        return None
    index = scope.world.rows.index(name, field.name)
    keys = [full_id(v) or v if field.type == "reference" else v for v in values]
    return sorted({id_ for key in keys for id_ in index.get(key.casefold(), ())})
