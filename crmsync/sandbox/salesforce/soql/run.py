"""Runs a query: decides once which rows it has and in which order, then renders page by page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.definitions import NAMES, list_definitions
from crmsync.sandbox.salesforce.errors import refuse
from crmsync.sandbox.salesforce.ids import numbered_id
from crmsync.sandbox.salesforce.profiles import show_own_rights
from crmsync.sandbox.salesforce.soql.aggregates import aggregate, is_aggregate, is_bare_count
from crmsync.sandbox.salesforce.soql.columns import Render, renderer, select_tree
from crmsync.sandbox.salesforce.soql.conditions import ID_TYPES, candidates, row_test
from crmsync.sandbox.salesforce.soql.fields import Scope, path_reader
from crmsync.sandbox.salesforce.soql.grammar import parse
from crmsync.sandbox.salesforce.soql.sorting import folding, sorted_by
from crmsync.sandbox.salesforce.soql.tokens import malformed, pointing
from crmsync.sandbox.salesforce.soql.tree import Aggregate, Path, Query
from crmsync.sandbox.salesforce.tracking import unseen_changes
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Row

# Results stay for two days at Salesforce; here the latest 50 queries do, whatever their age.
_KEPT_CURSORS = 50


@dataclass(frozen=True, slots=True)
class Cursor:
    """A query that was run: the ids of its rows in order, and how to render one of them."""

    object: str
    ids: list[str]
    render: Render
    page_size: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Under which conditions a query runs: page size, URL prefix of the version, deleted or not."""

    page_size: int
    prefix: str  # /services/data/v67.0/
    include_deleted: bool = False
    tooling: bool = False

    @property
    def root(self) -> str:
        """Start of the URL of every record."""
        return self.prefix + ("tooling/sobjects/" if self.tooling else "sobjects/")


def run_query(world: SalesforceWorld, soql: str, asked: Asked) -> dict[str, Any]:
    """The first page of a query's answer; Refusal when the text or a name in it is wrong."""
    smaller = min(asked.page_size, max(int(world.switch("most_page_rows")), 1))
    asked = replace(asked, page_size=smaller)
    query = parse(soql)
    most = int(world.switch("most_offset"))
    if query.offset > most:
        message = f"Maximum SOQL offset allowed is {most}"
        raise refuse("NUMBER_OUTSIDE_VALID_RANGE", message)
    scope = queried_scope(world, query, asked)
    if is_aggregate(query):
        return _aggregated(scope, asked)
    children = _children(world, query, asked)
    render = renderer(world, scope.shape, select_tree(scope), children, query)
    ids = [row["Id"] for row in _rows(scope, asked, _candidate_rows(scope))]
    return _first_page(world, Cursor(scope.shape.name, ids, render, asked.page_size), asked)


def found_rows(world: SalesforceWorld, query: Query, asked: Asked) -> tuple[Scope, list[Row]]:
    """Where the names of a query are looked up, and its rows as they are now, in order."""
    scope = queried_scope(world, query, asked)
    return scope, _rows(scope, asked, _candidate_rows(scope))


def queried_scope(world: SalesforceWorld, query: Query, asked: Asked) -> Scope:
    """Where the names of a query are looked up; Refusal (INVALID_TYPE) for an unknown object."""
    return Scope(world, _queried(world, query, asked), query)


def more(world: SalesforceWorld, locator: str, asked: Asked) -> dict[str, Any]:
    """A later page; Refusal (INVALID_QUERY_LOCATOR) when nothing is known under that name."""
    id_, _, start = locator.partition("-")
    cursor = world.cursors.get(id_)
    if cursor is None or not start.isdecimal() or int(start) > len(cursor.ids):
        raise refuse("INVALID_QUERY_LOCATOR", "invalid query locator")
    return _page(world, cursor, id_, int(start), asked)


def _queried(world: SalesforceWorld, query: Query, asked: Asked) -> Shape:
    name = query.source.parts[-1]
    shape = world.tooling.get(name.lower()) if asked.tooling else world.seen(name)
    if shape is not None and shape.name == "UserPermissionAccess":
        show_own_rights(world)
    if shape is not None and (shape.name in NAMES or "entitydefinition" in shape.relations):
        list_definitions(world)
    if shape is None:
        message = (
            f"sObject type '{name}' is not supported. If you are attempting to use a custom "
            "object, be sure to append the '__c' after the entity name. Please reference your "
            "WSDL or the describe call for the appropriate names."
        )
        raise refuse("INVALID_TYPE", pointing(query.text, query.source.at, message))
    return shape


def _candidate_rows(scope: Scope) -> Iterable[Row]:
    told = candidates(scope, scope.query.where)
    if told is None:
        return (row for _, row in scope.world.tables.rows(scope.shape.name))
    rows = (scope.world.rows.get(scope.shape.name, id_) for id_ in told)
    return (row for row in rows if row is not None)


def _rows(scope: Scope, asked: Asked, rows: Iterable[Row]) -> list[Row]:
    """The rows a query is about: filtered, sorted, cut."""
    query = scope.query
    found = _filtered(scope, asked, rows)
    if query.order_by and not is_aggregate(query):
        found = sorted_by(
            found, [(_sort_reader(scope, each.what), each) for each in query.order_by]
        )
    end = None if query.limit is None else query.offset + query.limit
    return found if is_aggregate(query) else found[query.offset : end]


def _filtered(scope: Scope, asked: Asked, rows: Iterable[Row]) -> list[Row]:
    if not asked.include_deleted:
        # Archived activities come with queryAll alone: resources-queryall (read 2026-11).
        rows = (row for row in rows if not (row.get("IsDeleted") or row.get("IsArchived")))
    hidden = unseen_changes(scope.world, scope.shape.name)
    if hidden:
        rows = (row for row in rows if row["Field"] not in hidden)
    if scope.query.where is None:
        return list(rows)

    def run_inner(query: Query) -> Iterable[Any]:
        return _single_column(scope.world, query, asked)

    test = row_test(scope, scope.query.where, run_inner)
    return [row for row in rows if test(row)]


def _sort_reader(scope: Scope, what: Any) -> Any:
    if isinstance(what, Aggregate):
        raise malformed(f"unexpected token: '{what.function}'")
    field, read = path_reader(scope, what)
    if not field.filterable:
        raise scope.refuse(what, f"field '{field.name}' can not be sorted in a query call")
    # Ids are told apart by case, so that WHERE Id > x ORDER BY Id walks through all of them.
    return read if field.type in ID_TYPES else folding(read)


def _single_column(world: SalesforceWorld, query: Query, asked: Asked) -> Iterable[Any]:
    """The values that a query inside IN (...) finds; nulls match nothing."""
    scope = Scope(world, _queried(world, query, asked), query)
    column = query.select[0]
    if len(query.select) != 1 or not isinstance(column, Path):
        raise malformed("semi join sub-selects can only query one field")
    _, read = path_reader(scope, column)
    values = (read(row) for row in _rows(scope, asked, _candidate_rows(scope)))
    return [value for value in values if value is not None]


def _aggregated(scope: Scope, asked: Asked) -> dict[str, Any]:
    query = scope.query
    rows = _rows(scope, asked, _candidate_rows(scope))
    end = None if query.limit is None else query.offset + query.limit
    if is_bare_count(query) and len(query.select) == 1:
        return {"totalSize": len(rows[query.offset : end]), "done": True, "records": []}
    found = aggregate(scope, rows)[query.offset : end]
    return {"totalSize": len(found), "done": True, "records": found}


def _children(world: SalesforceWorld, outer: Query, asked: Asked) -> Any:
    def render_children(parent: Shape, query: Query) -> Render:
        name = query.source.parts[-1]
        if name.lower() not in parent.children:
            message = (
                f"Didn't understand relationship '{name}' in FROM part of query call. If you are "
                "attempting to use a custom relationship, be sure to append the '__r' after the "
                "custom relationship name. Please reference your WSDL or the describe call for "
                "the appropriate names."
            )
            raise refuse("INVALID_TYPE", pointing(outer.text, query.source.at, message))
        child, lookup = parent.children[name.lower()]
        return _child_renderer(Scope(world, world.shapes[child.lower()], query), lookup.name, asked)

    return render_children


def _child_renderer(scope: Scope, key: str, asked: Asked) -> Render:
    world, name = scope.world, scope.shape.name
    children = _children(world, scope.query, asked)
    inner = renderer(world, scope.shape, select_tree(scope), children, scope.query)
    # Once over nothing, so that a wrong name is refused even where no parent has children.
    _rows(scope, asked, ())

    def render(row: Row, root: str) -> dict[str, Any] | None:
        ids = sorted(world.rows.index(name, key).get(row["Id"].casefold(), ()))
        rows = (child for id_ in ids if (child := world.rows.get(name, id_)) is not None)
        found = _rows(scope, asked, rows)
        if not found:
            # null, not an empty result: CumulusCI TestUpsert cassette (read 2026-11).
            return None
        cursor = Cursor(name, [child["Id"] for child in found], inner, asked.page_size)
        return _first_page(world, cursor, asked)

    return render


def _first_page(world: SalesforceWorld, cursor: Cursor, asked: Asked) -> dict[str, Any]:
    if len(cursor.ids) <= cursor.page_size:
        return _page(world, cursor, "", 0, asked)
    world.cursor_number += 1
    id_ = numbered_id("01g", world.cursor_number)
    world.cursors[id_] = cursor
    if len(world.cursors) > _KEPT_CURSORS:
        del world.cursors[next(iter(world.cursors))]
    return _page(world, cursor, id_, 0, asked)


def _page(
    world: SalesforceWorld, cursor: Cursor, id_: str, start: int, asked: Asked
) -> dict[str, Any]:
    end = start + cursor.page_size
    rows = (world.rows.get(cursor.object, each) for each in cursor.ids[start:end])
    page: dict[str, Any] = {"totalSize": len(cursor.ids), "done": end >= len(cursor.ids)}
    if not page["done"]:
        # /query/ even for queryAll, and relative to the host: resources-queryall (read 2026-11).
        page["nextRecordsUrl"] = f"{asked.prefix}query/{id_}-{end}"
    page["records"] = [cursor.render(row, asked.root) for row in rows if row is not None]
    return page
