"""The list of custom fields that the Tooling API shows, kept in step with the fields there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.rows import Rows
from crmsync.sandbox.tables import Tables

SUFFIX = "__c"
NAME = "CustomField"


def list_custom_fields(
    tables: Tables, rows: Rows, shapes: Iterable[Shape], new_id: Callable[[], str]
) -> None:
    """Makes a row for every custom field that has none, and drops those whose field is gone."""
    there = {
        (shape.name, field.name.removesuffix(SUFFIX))
        for shape in shapes
        for field in shape.fields.values()
        if field.custom
    }
    known = {(row["TableEnumOrId"], row["DeveloperName"]): id_ for id_, row in tables.rows(NAME)}
    for place in known.keys() - there:
        rows.drop(NAME, known[place])
    for object_, name in sorted(there - known.keys()):
        id_ = new_id()
        row = {"Id": id_, "DeveloperName": name, "TableEnumOrId": object_, "NamespacePrefix": None}
        rows.save(NAME, id_, row)
