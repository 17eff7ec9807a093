"""From a written path to the field it means and a function that reads it off a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.errors import Refusal, refuse
from crmsync.sandbox.salesforce.schema import Field
from crmsync.sandbox.salesforce.soql.polymorphic import NAME, as_name, leads_to_several, parent_of
from crmsync.sandbox.salesforce.soql.tokens import pointing
from crmsync.sandbox.salesforce.soql.tree import Path, Query
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Row

Read = Callable[[Row], Any]
_ADDRESS_PARTS = (
    *("City", "Country", "GeocodeAccuracy", "Latitude", "Longitude"),
    *("PostalCode", "State", "Street"),
)
_ADVICE = (
    " If you are attempting to use a custom field, be sure to append the '__c' after the custom "
    "field name. Please reference your WSDL or the describe call for the appropriate names."
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where the names of a query are looked up: the org, one object, and the text for messages."""

    world: SalesforceWorld
    shape: Shape
    query: Query

    def bare(self, path: Path) -> Path:
        """The path without the alias or the name of the queried object in front."""
        first = path.parts[0].lower()
        own = {(self.query.source.alias or self.shape.name).lower(), self.shape.name.lower()}
        if len(path.parts) > 1 and first in own and first not in self.shape.relations:
            return Path(path.parts[1:], path.at, path.alias)
        return path

    def refuse(self, path: Path, message: str) -> Refusal:
        """INVALID_FIELD with the place of the path in the text."""
        return refuse("INVALID_FIELD", pointing(self.query.text, path.at, message))


def lookup(scope: Scope, path: Path) -> tuple[tuple[Field, ...], Field]:
    """The parent lookups a path goes through and the field at its end; Refusal if there is none."""
    parts = scope.bare(path).parts
    shape, lookups = scope.shape, []
    for part in parts[:-1]:
        relation = shape.relations.get(part.lower())
        parent = parent_shape(scope.world, relation) if relation else None
        if relation is None or parent is None:
            message = f"Didn't understand relationship '{part}' in field path." + _ADVICE
            raise scope.refuse(path, message)
        lookups.append(relation)
        shape = parent
    found = shape.field(parts[-1])
    if found is None:
        message = f"No such column '{parts[-1]}' on entity '{shape.name}'." + _ADVICE
        raise scope.refuse(path, message)
    return tuple(lookups), found


def parent_shape(world: SalesforceWorld, relation: Field) -> Shape | None:
    """The object a lookup leads to; the object Name where it may be one of several."""
    if leads_to_several(world, relation):
        return NAME
    shapes = [shape for name in relation.reference_to if (shape := _shape(world, name))]
    return shapes[-1] if shapes else None


def _shape(world: SalesforceWorld, name: str) -> Shape | None:
    return world.shape(name) or world.tooling.get(name.lower())


def field_reader(field: Field) -> Read:
    """Reads one field off a row of its own object; compound addresses are put together here."""
    name = field.name
    if field.type == "address":
        return _address_reader(name.removesuffix("Address"))
    if field.type == "boolean":
        return lambda row: row.get(name) or False
    return lambda row: row.get(name)


def _address_reader(prefix: str) -> Read:
    # City, country, ... in this order, null as a whole when every part is: grouparoo (read 2026-11).
    names = {part[0].lower() + part[1:]: prefix + part for part in _ADDRESS_PARTS}

    def read(row: Row) -> dict[str, Any] | None:
        value = {part: row.get(name) for part, name in names.items()}
        return value if any(v is not None for v in value.values()) else None

    return read


def path_reader(scope: Scope, path: Path) -> tuple[Field, Read]:
    """The field of a path and a reader through its parents; no parent reads as None."""
    lookups, field = lookup(scope, path)
    read = field_reader(field)
    for relation in reversed(lookups):
        read = _through(scope.world, relation, read)
    return field, read


def _through(world: SalesforceWorld, relation: Field, inner: Read) -> Read:
    parent = parent_shape(world, relation)
    assert parent is not None  # `lookup` went this way already
    name, key = parent.name, relation.name

    def read_name(row: Row) -> Any:
        found = parent_of(world, relation, row.get(key))
        return None if found is None else inner(as_name(*found))

    def read(row: Row) -> Any:
        row_of_parent = world.rows.live(name, row.get(key))
        return None if row_of_parent is None else inner(row_of_parent)

    return read_name if parent is NAME else read
