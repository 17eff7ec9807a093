"""COUNT, MIN, MAX, SUM and AVG, over everything or by groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from crmsync.sandbox.salesforce.soql.fields import Read, Scope, path_reader
from crmsync.sandbox.salesforce.soql.having import group_test
from crmsync.sandbox.salesforce.soql.sorting import folding, sorted_by
from crmsync.sandbox.salesforce.soql.tokens import malformed
from crmsync.sandbox.salesforce.soql.tree import Aggregate, Order, Path, Query
from crmsync.sandbox.tables import Row

Fold = Callable[[list[Any]], Any]

# Each sees the values that are not null. A sum of nothing is null, a count of nothing is 0.
_FOLDS: dict[str, Fold] = {
    "COUNT": len,
    "COUNT_DISTINCT": lambda values: len(set(values)),
    "MIN": lambda values: min(values, default=None),
    "MAX": lambda values: max(values, default=None),
    "SUM": lambda values: sum(values) if values else None,
    "AVG": lambda values: sum(values) / len(values) if values else None,
}


def is_aggregate(query: Query) -> bool:
    """Whether a query answers with AggregateResult rows."""
    return bool(query.group_by) or any(isinstance(item, Aggregate) for item in query.select)


def is_bare_count(query: Query) -> bool:
    """Whether it is SELECT COUNT(), whose answer is `totalSize` alone."""
    return any(isinstance(item, Aggregate) and item.path is None for item in query.select)


def aggregate(scope: Scope, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The AggregateResult rows of a query, sorted as asked, else by group."""
    query = scope.query
    if len(query.select) > 1 and is_bare_count(query):
        raise malformed("unexpected token: 'COUNT'")
    keys = [path_reader(scope, path)[1] for path in query.group_by]
    groups: dict[tuple[Any, ...], list[Row]] = {} if keys else {(): []}
    for row in rows:
        groups.setdefault(tuple(read(row) for read in keys), []).append(row)
    columns = _columns(scope)
    if query.having is not None:
        test = group_test(query.having, lambda what: _column(scope, what))
        groups = {key: group for key, group in groups.items() if test(group)}
    found = [
        {"attributes": {"type": "AggregateResult"}, **{n: c(group) for n, c in columns.items()}}
        for _, group in sorted(groups.items(), key=lambda pair: [str(part) for part in pair[0]])
    ]
    return _ordered(scope, found, columns)


def _columns(scope: Scope) -> dict[str, Callable[[list[Row]], Any]]:
    columns: dict[str, Callable[[list[Row]], Any]] = {}
    unnamed = 0
    for item in scope.query.select:
        if isinstance(item, Aggregate):
            name = item.alias or f"expr{unnamed}"
            unnamed += item.alias is None
            columns[name] = _folding(scope, item)
        elif isinstance(item, Path):
            column = _column(scope, item)
            columns[item.alias or path_reader(scope, item)[0].name] = column
        else:
            raise malformed("Field must be grouped or aggregated: subquery")
    return columns


def _column(scope: Scope, what: Path | Aggregate) -> Fold:
    """What reads an aggregate, or a grouped field, off a group."""
    if isinstance(what, Aggregate):
        return _folding(scope, what)
    if not _is_grouped(scope, what):
        raise malformed(f"Field must be grouped or aggregated: {'.'.join(what.parts)}")
    return _first(path_reader(scope, what)[1])


def _is_grouped(scope: Scope, path: Path) -> bool:
    grouped = {tuple(p.lower() for p in scope.bare(each).parts) for each in scope.query.group_by}
    return tuple(part.lower() for part in scope.bare(path).parts) in grouped


def _first(read: Read) -> Callable[[list[Row]], Any]:
    return lambda group: read(group[0])


def _folding(scope: Scope, item: Aggregate) -> Callable[[list[Row]], Any]:
    if item.path is None:  # COUNT() stands alone
        raise malformed("unexpected token: ')'")
    field, read = path_reader(scope, item.path)
    if item.function in ("SUM", "AVG") and field.type not in _SUMMABLE:
        raise malformed(f"field {field.name} does not support aggregate operator {item.function}")
    fold = _FOLDS[item.function]
    return lambda group: fold([value for row in group if (value := read(row)) is not None])


_SUMMABLE = frozenset({"int", "double", "currency", "percent"})


def _ordered(
    scope: Scope, found: list[dict[str, Any]], columns: dict[str, Any]
) -> list[dict[str, Any]]:
    names = {
        _spelled(scope, item): name
        for item, name in zip(scope.query.select, columns, strict=True)
        if isinstance(item, Path | Aggregate)
    }

    def column(order: Order) -> Callable[[dict[str, Any]], Any]:
        spelled = _spelled(scope, order.what)
        aliases = {name.lower(): name for name in columns}
        name = names.get(spelled) or aliases.get(spelled[-1])
        if name is None:
            raise malformed(f"Ordered field must be grouped or aggregated: {spelled[-1]}")
        return folding(lambda record: record[name])

    return sorted_by(found, [(column(order), order) for order in scope.query.order_by])


def _spelled(scope: Scope, what: Path | Aggregate) -> tuple[str, ...]:
    """One spelling for a column, to find it again in ORDER BY."""
    if isinstance(what, Path):
        return tuple(part.lower() for part in scope.bare(what).parts)
    path = scope.bare(what.path).parts if what.path else ()
    return (what.function, *(part.lower() for part in path))
