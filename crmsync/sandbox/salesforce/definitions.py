"""EntityDefinition and FieldDefinition: the schema as rows, made anew whenever somebody asks for it."""

from __future__ import annotations

from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.schema import Field
from crmsync.sandbox.salesforce.schema.automations import DEFINITIONS
from crmsync.sandbox.salesforce.tracking import HISTORY_OF, TRACKED
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Row

NAMES = frozenset(each.name for each in DEFINITIONS)
# What FieldDefinition calls a type: Tooling API guide, FieldDefinition, DataType (read 2026-11).
_TYPES = {
    "string": "Text",
    "textarea": "Long Text Area",
    "boolean": "Checkbox",
    "int": "Number",
    "double": "Number",
    "currency": "Currency",
    "percent": "Percent",
    "date": "Date",
    "datetime": "Date/Time",
    "reference": "Lookup",
    "multipicklist": "Picklist (Multi-Select)",
    "url": "URL",
}


def list_definitions(world: SalesforceWorld) -> None:
    """Brings the rows of both objects in step with the schema."""
    tracked = set(world.tables.ids(TRACKED))
    rows: dict[str, dict[str, Row]] = {name: {} for name in NAMES}
    for shape in world.shapes.values():
        rows["EntityDefinition"][shape.name] = _entity(shape, tracked)
        for field in shape.visible.values():
            place = f"{shape.name}.{field.name}"
            rows["FieldDefinition"][place] = _field(shape, field, place in tracked)
    for name, wanted in rows.items():
        for id_ in set(world.tables.ids(name)) - wanted.keys():
            world.rows.drop(name, id_)
        for id_, row in wanted.items():
            if world.rows.get(name, id_) != row:
                world.rows.save(name, id_, row)


def _entity(shape: Shape, tracked: set[str]) -> Row:
    return {
        "Id": shape.name,
        "DurableId": shape.name,
        "QualifiedApiName": shape.name,
        "DeveloperName": shape.name,
        "Label": shape.object.label,
        "PluralLabel": shape.object.plural,
        "KeyPrefix": shape.object.prefix,
        "IsCustomizable": shape.object.updateable,
        "IsTriggerable": shape.object.updateable,
        "IsFieldHistoryTracked": shape.name in HISTORY_OF
        and any(place.startswith(f"{shape.name}.") for place in tracked),
    }


def _field(shape: Shape, field: Field, tracked: bool) -> Row:
    place = f"{shape.name}.{field.name}"
    return {
        "Id": place,
        "DurableId": place,
        "QualifiedApiName": field.name,
        "DeveloperName": field.name.removesuffix("__c"),
        "Label": field.label,
        "DataType": _data_type(field),
        "EntityDefinitionId": shape.name,
        "Length": field.length,
        "IsFieldHistoryTracked": tracked,
        "IsNillable": field.nillable,
        "IsIndexed": field.id_lookup or field.unique or field.type == "reference",
        "IsCalculated": field.calculated,
    }


def _data_type(field: Field) -> str:
    name = _TYPES.get(field.type, field.type.capitalize())
    if field.type == "reference":
        return f"{name}({','.join(field.reference_to)})"
    if field.type in ("string", "textarea"):
        return f"{name}({field.length})"
    if field.type in ("currency", "double", "percent"):
        return f"{name}({field.precision - field.scale}, {field.scale})"
    return name
