"""Relationships that lead to several objects: Who, What, and the Owner of a lead.

What may be asked of them is what the object Name has, whatever the record is: object reference, Name; SOQL guide,
Understanding Polymorphic Keys and Relationships (read 2026-11).
"""

from __future__ import annotations

from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.schema import Field, ObjectType
from crmsync.sandbox.salesforce.schema.fields import field, flag, record_id, text
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Row

_FIELDS = (
    record_id("Name"),
    text("Name", 121, "", name_field=True),
    text("FirstName", 40, "N"),
    text("LastName", 80, "N"),
    text("Type", 40, ""),
    text("Alias", 8, "N"),
    text("Title", 128, "N"),
    text("Username", 80, "N"),
    field("Email", "email", "N", length=80),
    field("Phone", "phone", "N", length=40),
    flag("IsActive", "D"),
)
_BY_NAME = {each.name.lower(): each for each in _FIELDS}
NAME = Shape(
    ObjectType("Name", "Name", "Names", "", _FIELDS, createable=False, updateable=False),
    fields=_BY_NAME,
    visible=_BY_NAME,
    relations={},
    children={},
)


def leads_to_several(world: SalesforceWorld, relation: Field) -> bool:
    """Whether a lookup has more than one object of this org to lead to."""
    return sum(1 for name in relation.reference_to if world.shape(name)) > 1


def parent_of(world: SalesforceWorld, relation: Field, id_: str | None) -> tuple[Shape, Row] | None:
    """Object and row that a lookup of several objects leads to."""
    shapes = (world.shape(name) for name in relation.reference_to)
    for shape in shapes:
        row = world.rows.live(shape.name, id_) if shape and id_ else None
        if shape is not None and row is not None:
            return shape, row
    return None


def as_name(shape: Shape, row: Row) -> Row:
    """A record as the object Name shows it; `Type` is its object."""
    shown = {each.name: row.get(each.name) for each in _FIELDS}
    return {**shown, "Name": row.get("Name"), "Type": shape.name}
