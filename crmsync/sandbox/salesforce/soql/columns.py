"""SELECT as a function from a row to its JSON, in the order written, `attributes` first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.schema import Field
from crmsync.sandbox.salesforce.soql.fields import (
    Scope,
    field_reader,
    lookup,
    parent_shape,
)
from crmsync.sandbox.salesforce.soql.polymorphic import NAME, as_name, leads_to_several, parent_of
from crmsync.sandbox.salesforce.soql.tokens import malformed
from crmsync.sandbox.salesforce.soql.tree import AllFields, Path, Query, TypeOf
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Row

# The second argument is the start of every record's URL, `/services/data/v67.0/sobjects/`.
Render = Callable[[Row, str], Any]
Tree = dict[str, Any]  # exact name -> Field, (lookup, Tree) for a parent, Query for children


def select_tree(scope: Scope) -> Tree:
    """What a SELECT list asks for, parents nested; Refusal for unknown and for repeated fields."""
    tree: Tree = {}
    for item in scope.query.select:
        if isinstance(item, Query):
            tree[item.source.parts[-1]] = item
        elif isinstance(item, AllFields):
            for field in all_fields(scope, item):
                _place(scope, tree, (), field)
        elif isinstance(item, TypeOf):
            tree[_relation(scope, item).relationship or ""] = item
        elif isinstance(item, Path):
            if item.alias:
                raise malformed(f"unexpected token: '{item.alias}'")
            _place(scope, tree, *lookup(scope, item))
    return tree


def _relation(scope: Scope, item: TypeOf) -> Field:
    relation = scope.shape.relations.get(item.path.parts[-1].lower())
    if relation is None or not leads_to_several(scope.world, relation):
        message = f"Invalid polymorphic relationship: {item.path.parts[-1]}"
        raise scope.refuse(item.path, message)
    return relation


def all_fields(scope: Scope, item: AllFields) -> list[Field]:
    """The visible fields that FIELDS(...) stands for; Refusal without the LIMIT it needs."""
    limit = scope.query.limit
    # FIELDS(ALL) and FIELDS(CUSTOM) need LIMIT 200: SOQL guide, SELECT (read 2026-11).
    if item.kind != "STANDARD" and (limit is None or limit > 200):
        raise malformed("The SOQL FIELDS function must have a LIMIT of at most 200")
    wanted = {"ALL": (True, False), "STANDARD": (False,), "CUSTOM": (True,)}[item.kind]
    return [field for field in scope.shape.visible.values() if field.custom in wanted]


def _place(scope: Scope, tree: Tree, lookups: tuple[Field, ...], field: Field) -> None:
    for relation in lookups:
        _, tree = tree.setdefault(str(relation.relationship), (relation, {}))
    if field.name in tree:
        message = f"duplicate field selected: {field.name}"
        raise scope.refuse(Path((field.name,)), message)
    tree[field.name] = field


def renderer(
    world: SalesforceWorld,
    shape: Shape,
    tree: Tree,
    children: RenderChildren,
    query: Query | None = None,
) -> Render:
    """A function that makes the JSON of a row of `shape`; `query` is the one a TYPEOF stands in."""
    stored = [name for name, what in tree.items() if _is_plain(what)]
    if len(stored) == len(tree):
        return _plain_renderer(shape.name, stored)
    steps = [
        (name, _typed_step(Scope(world, shape, query), what, children))
        if isinstance(what, TypeOf) and query is not None
        else (name, _step(world, shape, what, children))
        for name, what in tree.items()
    ]
    name_of_object = shape.name

    def render(row: Row, root: str) -> dict[str, Any]:
        record: dict[str, Any] = {"attributes": attributes(name_of_object, row, root)}
        for name, step in steps:
            record[name] = step(row, root)
        return record

    return render


def attributes(name: str, row: Row, root: str) -> dict[str, str]:
    """The `attributes` of a record."""
    return {"type": name, "url": f"{root}{name}/{row['Id']}"}


def _is_plain(what: Any) -> bool:
    if not isinstance(what, Field) or what.type == "address":
        return False
    # A custom checkbox is false, not null, in the rows that were there before it.
    return not (what.custom and what.type == "boolean")


def _plain_renderer(name: str, stored: list[str]) -> Render:
    """The short way for fields that are in the row as they are: most pages of a full read."""

    def render(row: Row, root: str) -> dict[str, Any]:
        get = row.get
        record: dict[str, Any] = {"attributes": {"type": name, "url": f"{root}{name}/{row['Id']}"}}
        for field in stored:
            record[field] = get(field)
        return record

    return render


def _step(world: SalesforceWorld, shape: Shape, what: Any, children: RenderChildren) -> Render:
    if isinstance(what, Field):
        read = field_reader(what)
        return lambda row, root: read(row)
    if isinstance(what, Query):
        return children(shape, what)
    relation, tree = what
    return _parent_step(world, relation, tree, children)


def _parent_step(
    world: SalesforceWorld, relation: Field, tree: Tree, children: RenderChildren
) -> Render:
    shape = parent_shape(world, relation)
    assert shape is not None  # `lookup` went this way already
    if shape is NAME:
        return _name_step(world, relation, list(tree))
    inner = renderer(world, shape, tree, children)
    name, key = shape.name, relation.name

    def render(row: Row, root: str) -> Any:
        parent = world.rows.live(name, row.get(key))
        return None if parent is None else inner(parent, root)

    return render


def _name_step(world: SalesforceWorld, relation: Field, names: list[str]) -> Render:
    """A parent of one of several objects: its attributes tell which."""

    def render(row: Row, root: str) -> Any:
        found = parent_of(world, relation, row.get(relation.name))
        if found is None:
            return None
        shown = as_name(*found)
        return {
            "attributes": attributes(found[0].name, found[1], root),
            **{name: shown[name] for name in names},
        }

    return render


def _typed_step(scope: Scope, item: TypeOf, children: RenderChildren) -> Render:
    """A TYPEOF: each object's own fields, else those of any object."""
    world, relation = scope.world, _relation(scope, item)
    renders: dict[str, Render] = {}
    for what, paths in item.branches:
        shape = world.shape(what.parts[-1])
        if shape is None or shape.name not in relation.reference_to:
            raise scope.refuse(what, f"'{what.parts[-1]}' is no type of {relation.relationship}")
        inner = Scope(world, shape, replace(scope.query, select=paths, source=what))
        renders[shape.name] = renderer(world, shape, select_tree(inner), children)
    other = Scope(world, NAME, replace(scope.query, select=item.otherwise))
    names = list(select_tree(other))

    def render(row: Row, root: str) -> Any:
        found = parent_of(world, relation, row.get(relation.name))
        if found is None:
            return None
        shape, parent = found
        if shape.name in renders:
            return renders[shape.name](parent, root)
        shown = as_name(shape, parent)
        head = {"attributes": attributes(shape.name, parent, root)}
        return {**head, **{name: shown[name] for name in names}}

    return render


# Makes the renderer of a child subquery of an object.
RenderChildren = Callable[[Shape, Query], Render]
