"""The SELECT list of a bulk query as CSV columns, and what a bulk query may not ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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

# The cells of one column for a block of rows.
Cells = Callable[[list[Row]], list[str]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the result: the name in the header line, and its cells."""

    name: str
    cells: Cells


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
    spell = _spelling(field, datetimes)
    if relations or field.type == "boolean":
        _, read = path_reader(scope, path)
        return Column(name, lambda rows: [spell(read(row)) for row in rows])
    return Column(name, _stored_cells(field.name, spell))


def _stored_cells(name: str, spell: Callable[[Any], str]) -> Cells:
    if spell is _text:
        return lambda rows: [row.get(name) or "" for row in rows]
    return lambda rows: [spell(row.get(name)) for row in rows]


def _spelling(field: Field, datetimes: str) -> Callable[[Any], str]:
    if field.type == "datetime" and datetimes == "Z":
        return _instant
    return _BY_TYPE.get(field.type, _text)


def _text(value: Any) -> str:
    return value or ""


def _number(value: Any) -> str:
    return "" if value is None else str(value)


def _boolean(value: Any) -> str:
    return "" if value is None else str(value).lower()


def _instant(value: Any) -> str:
    return "" if value is None else value.replace("+0000", "Z")


_BY_TYPE: dict[str, Callable[[Any], str]] = {
    "boolean": _boolean,
    "int": _number,
    "double": _number,
    "currency": _number,
    "percent": _number,
    "anyType": _number,
}


def _unsupported(what: str) -> Refusal:
    return refuse("API_ERROR", f"{what} not supported in Bulk Query")
