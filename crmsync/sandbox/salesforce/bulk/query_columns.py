"""The SELECT list of a bulk query as CSV columns, and what a bulk query may not ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from crmsync.sandbox.salesforce.errors import Refusal, refuse
from crmsync.sandbox.salesforce.schema import Field
from crmsync.sandbox.salesforce.soql.aggregates import is_aggregate
from crmsync.sandbox.salesforce.soql.columns import all_fields, select_tree
from crmsync.sandbox.salesforce.soql.fields import Scope, lookup, path_reader
from crmsync.sandbox.salesforce.soql.tokens import tokens
from crmsync.sandbox.salesforce.soql.tree import AllFields, Path, Query
from crmsync.sandbox.tables import Row

# The cells of a column for the values of some rows.
Spell = Callable[[Iterable[Any]], list[str]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the result: its name in the header line, and how its values are spelled.

    `read` finds the value of a row; without it the value stands in the row under the column's name.
    """

    name: str
    spell: Spell
    read: Callable[[Row], Any] | None = None


def cells_of(columns: list[Column], rows: list[Row]) -> Iterator[list[str]]:
    """The cells of some rows, column by column.

    Stored values are taken row by row: a million rows are more than any cache holds.
    """
    names = [column.name for column in columns if column.read is None]
    stored = zip(*[tuple(map(row.get, names)) for row in rows], strict=True)
    for column in columns:
        values = next(stored, ()) if column.read is None else map(column.read, rows)
        yield column.spell(values)


def check_query(query: Query) -> None:
    """Refusal for what Bulk API 2.0 does not do, going by the text alone."""
    # GROUP BY, OFFSET, TYPEOF, aggregates, parent-to-child subqueries: Bulk API guide, queries
    # (read 2026-11); the texts of these refusals are ours.
    words = [token for token in tokens(query.text) if token.kind == "word"]
    if any(token.says("TYPEOF") for token in words):
        raise _unsupported("TYPEOF")
    if any(token.says("OFFSET") for token in words):
        raise _unsupported("OFFSET")
    if is_aggregate(query):
        raise _unsupported("GROUP BY and aggregate functions")
    if any(isinstance(item, Query) for item in query.select):
        raise _unsupported("Aggregate Relationships")
    if any(isinstance(item, AllFields) and item.kind != "STANDARD" for item in query.select):
        raise _unsupported("FIELDS(ALL) and FIELDS(CUSTOM)")


def columns_of(scope: Scope, datetimes: str) -> list[Column]:
    """The columns in SELECT order; Refusal for unknown, repeated and compound fields."""
    select_tree(scope)
    return [_column(scope, path, datetimes) for path in _paths(scope)]


def _paths(scope: Scope) -> Iterator[Path]:
    for item in scope.query.select:
        if isinstance(item, Path):
            yield item
        elif isinstance(item, AllFields):
            # FIELDS(STANDARD) is accepted, so its compound fields cannot be among the columns.
            plain = (field for field in all_fields(scope, item) if field.type != "address")
            yield from (Path((field.name,)) for field in plain)


def _column(scope: Scope, path: Path, datetimes: str) -> Column:
    relations, field = lookup(scope, path)
    if field.type == "address":
        # Quoted by airbyte's source-salesforce and others (read 2026-11).
        raise refuse("API_ERROR", "Selecting compound data not supported in Bulk Query")
    name = ".".join([*(str(each.relationship) for each in relations), field.name])
    if relations:
        _, read = path_reader(scope, path)
        return Column(name, _spelling(field, datetimes), read)
    if field.type == "boolean":
        return Column(name, lambda values: ["true" if value else "false" for value in values])
    return Column(name, _spelling(field, datetimes))


def _spelling(field: Field, datetimes: str) -> Spell:
    if field.type == "datetime" and datetimes == "Z":
        return _instants
    return _BY_TYPE.get(field.type, _texts)


def _texts(values: Iterable[Any]) -> list[str]:
    return [value or "" for value in values]


def _numbers(values: Iterable[Any]) -> list[str]:
    return ["" if value is None else str(value) for value in values]


def _booleans(values: Iterable[Any]) -> list[str]:
    return ["" if value is None else str(value).lower() for value in values]


def _instants(values: Iterable[Any]) -> list[str]:
    return ["" if value is None else value.replace("+0000", "Z") for value in values]


_BY_TYPE: dict[str, Spell] = {
    "boolean": _booleans,
    "int": _numbers,
    "double": _numbers,
    "currency": _numbers,
    "percent": _numbers,
    "anyType": _numbers,
}


def _unsupported(what: str) -> Refusal:
    return refuse("API_ERROR", f"{what} not supported in Bulk Query")
