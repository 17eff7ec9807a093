"""The list of custom fields that the Tooling API shows, kept in step with the fields there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crmsync.sandbox.salesforce.world import SalesforceWorld

SUFFIX = "__c"


def list_custom_fields(world: SalesforceWorld) -> None:
    """Makes a row for every custom field that has none, and drops those whose field is gone."""
    kind = world.tooling["customfield"]
    there = {
        (shape.name, field.name.removesuffix(SUFFIX))
        for shape in world.shapes.values()
        for field in shape.fields.values()
        if field.custom
    }
    known = {
        (row["TableEnumOrId"], row["DeveloperName"]): id_
        for id_, row in world.tables.rows(kind.name)
    }
    for place in known.keys() - there:
        world.rows.drop(kind.name, known[place])
    for object_, name in sorted(there - known.keys()):
        id_ = world.new_id(kind)
        row = {"Id": id_, "DeveloperName": name, "TableEnumOrId": object_, "NamespacePrefix": None}
        world.rows.save(kind.name, id_, row)
