"""Describe: the org's schema as the API tells it, fields hidden from the user left out."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from zlib import crc32

import orjson

from crmsync.sandbox.salesforce.calls import Call, Reply, known_shape
from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.grants import is_granted_by_field
from crmsync.sandbox.salesforce.ids import numbered_id
from crmsync.sandbox.salesforce.instants import http_date
from crmsync.sandbox.salesforce.schema import Field
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Row

_SOAP_TYPES = {
    "id": "tns:ID",
    "reference": "tns:ID",
    "boolean": "xsd:boolean",
    "int": "xsd:int",
    "double": "xsd:double",
    "currency": "xsd:double",
    "percent": "xsd:double",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "address": "urn:address",
    "time": "xsd:time",
    "anyType": "xsd:anyType",
}
# Keys and their order as in a v59 recording: CumulusCI Lead describe (read 2026-11). These are the
# same for every field of this org.
_SAME_FOR_ALL: dict[str, Any] = {
    "aiPredictionField": False,
    "autoNumber": False,
    "calculatedFormula": None,
    "defaultValueFormula": None,
    "deprecatedAndHidden": False,
    "displayLocationInDecimal": False,
    "encrypted": False,
    "filteredLookupInfo": None,
    "formulaTreatNullNumberAsZero": False,
    "highScaleNumber": False,
    "htmlFormatted": False,
    "inlineHelpText": None,
    "mask": None,
    "maskType": None,
    "queryByDistance": False,
    "referenceTargetField": None,
    "relationshipOrder": None,
    "restrictedDelete": False,
    "searchPrefilterable": False,
    "writeRequiresMasterRead": False,
}
_NOT_GROUPABLE = frozenset({"double", "currency", "percent", "multipicklist"})
_MASTER_TYPE_ID = "012000000000000AAA"


def object_list(world: SalesforceWorld, call: Call) -> Reply:
    """All objects, each with its flags."""
    listed = [_global_entry(shape, call) for shape in world.shapes.values() if shape.readable]
    return _tagged(world, call, {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": listed})


def object_metadata(world: SalesforceWorld, call: Call) -> Reply:
    """The flags of one object, as GET on the object itself gives them."""
    shape = known_shape(world, call.parts[1])
    return Reply(200, {"objectDescribe": _global_entry(shape, call), "recentItems": []})


def object_describe(world: SalesforceWorld, call: Call) -> Reply:
    """One object with its visible fields and its child relationships."""
    shape = known_shape(world, call.parts[1])
    types = [row for _, row in world.tables.rows("~record_types") if row["object"] == shape.name]
    told = describe(shape, call)
    listed = [_record_type(row, call, shape) for row in types]
    master = {
        **told["recordTypeInfos"][0],
        "defaultRecordTypeMapping": not any(r["default"] for r in types),
    }
    return _tagged(world, call, {**told, "recordTypeInfos": [*listed, master]})


def _record_type(row: Row, call: Call, shape: Shape) -> dict[str, Any]:
    """A record type an administrator made."""
    id_ = numbered_id("012", row["number"])
    return {
        "active": True,
        "available": True,
        "defaultRecordTypeMapping": row["default"],
        "developerName": row["name"],
        "master": False,
        "name": row["name"].replace("_", " "),
        "recordTypeId": id_,
        "urls": {"layout": f"{call.root}{shape.name}/describe/layouts/{id_}"},
    }


def describe(shape: Shape, call: Call) -> dict[str, Any]:
    """The describe result of one object."""
    return {
        **_global_entry(shape, call),
        "actionOverrides": [],
        "childRelationships": [_child(shape, name) for name in shape.children],
        "compactLayoutable": True,
        "fields": [
            describe_field(field, shape.visible.get((field.controller or "").lower()))
            for field in shape.visible.values()
        ],
        "listviewable": None,
        "lookupLayoutable": None,
        "namedLayoutInfos": [],
        "networkScopeFieldName": None,
        "recordTypeInfos": [_master_record_type(shape, call)],
        "searchLayoutable": True,
        "sobjectDescribeOption": "FULL",
        "supportedScopes": [{"label": f"All {shape.object.plural}", "name": "everything"}],
    }


def describe_field(field: Field, controller: Field | None = None) -> dict[str, Any]:
    """One field of a describe result; `controller` is the field its values depend on."""
    return {
        **_SAME_FOR_ALL,
        "aggregatable": field.filterable,
        "byteLength": field.length * 3 if field.type not in ("id", "reference") else field.length,
        "calculated": field.calculated,
        "cascadeDelete": field.cascades,
        "caseSensitive": field.case_sensitive,
        "compoundFieldName": field.compound,
        "controllerName": field.controller,
        "createable": field.createable,
        "custom": field.custom,
        "defaultValue": field.default if field.type == "boolean" else None,
        "defaultedOnCreate": field.defaulted,
        "dependentPicklist": field.controller is not None,
        "digits": field.precision if field.type == "int" else 0,
        "externalId": field.external_id,
        "extraTypeInfo": "plaintextarea" if field.type == "textarea" else None,
        "filterable": field.filterable,
        "groupable": field.filterable and field.type not in _NOT_GROUPABLE,
        "idLookup": field.id_lookup,
        "label": field.label,
        "length": field.length,
        "name": field.name,
        "nameField": field.name_field,
        "namePointing": len(field.reference_to) > 1,
        "nillable": field.nillable,
        # True of the parts of an address, too, though only the whole is granted: recorded Account describe.
        "permissionable": is_granted_by_field(field),
        "picklistValues": [_option(field, value, controller) for value in field.picklist],
        "polymorphicForeignKey": len(field.reference_to) > 1,
        "precision": 0 if field.type == "int" else field.precision,
        "referenceTo": list(field.reference_to),
        "relationshipName": field.relationship,
        "restrictedPicklist": field.restricted,
        "scale": field.scale,
        "soapType": _SOAP_TYPES.get(field.type, "xsd:string"),
        "sortable": field.filterable,
        "type": field.type,
        "unique": field.unique,
        "updateable": field.updateable,
    }


def _option(field: Field, value: str, controller: Field | None) -> dict[str, Any]:
    return {
        "active": True,
        "defaultValue": value == field.default,
        "label": value,
        "validFor": None if controller is None else _valid_for(field, value, controller),
        "value": value,
    }


def _valid_for(field: Field, value: str, controller: Field) -> str:
    """A bitmap in base 64: the bits, from the left, of the controlling values it goes with."""
    # SOAP guide, DescribeSObjectResult, PicklistEntry, validFor (read 2026-11).
    keys = controller.picklist or ("false", "true")
    allowed = dict(field.valid_for)
    bits = "".join("1" if value in allowed.get(key, ()) else "0" for key in keys)
    padded = bits.ljust(-(-len(bits) // 8) * 8, "0")
    return b64encode(int(padded, 2).to_bytes(len(padded) // 8, "big")).decode()


def _child(shape: Shape, name: str) -> dict[str, Any]:
    child, lookup = shape.children[name]
    return {
        "cascadeDelete": lookup.cascades,
        "childSObject": child,
        "deprecatedAndHidden": False,
        "field": lookup.name,
        "junctionIdListNames": [],
        "junctionReferenceTo": [],
        "relationshipName": lookup.children,
        "restrictedDelete": False,
    }


def _master_record_type(shape: Shape, call: Call) -> dict[str, Any]:
    return {
        "active": True,
        "available": True,
        "defaultRecordTypeMapping": True,
        "developerName": "Master",
        "master": True,
        "name": "Master",
        "recordTypeId": _MASTER_TYPE_ID,
        "urls": {"layout": f"{call.root}{shape.name}/describe/layouts/{_MASTER_TYPE_ID}"},
    }


def _global_entry(shape: Shape, call: Call) -> dict[str, Any]:
    kind, path = shape.object, call.root + shape.name
    writable = kind.createable or kind.updateable
    always = ("layoutable", "queryable", "replicateable", "retrieveable", "searchable")
    never = ("customSetting", "deprecatedAndHidden", "hasSubtypes", "isInterface", "isSubtype")
    return {
        "activateable": False,
        "associateEntityType": None,
        "associateParentEntity": None,
        "createable": kind.createable,
        "custom": False,
        "deepCloneable": False,
        "deletable": kind.deletable,
        "feedEnabled": writable,
        "keyPrefix": kind.prefix,
        "label": kind.label,
        "labelPlural": kind.plural,
        "mergeable": kind.mergeable,
        "mruEnabled": writable,
        "name": kind.name,
        "triggerable": writable,
        "undeletable": kind.deletable,
        "updateable": kind.updateable,
        "urls": {
            "sobject": path,
            "describe": f"{path}/describe",
            "rowTemplate": f"{path}/{{ID}}",
        },
        **dict.fromkeys(always, True),
        **dict.fromkeys(never, False),
    }


def _tagged(world: SalesforceWorld, call: Call, body: dict[str, Any]) -> Reply:
    """The answer with an ETag of eight hex digits; 304 when the caller holds that very one."""
    tag = f'"{crc32(orjson.dumps(body)):08x}"'
    headers = {"ETag": tag, "Last-Modified": http_date(_schema_changed(world))}
    if call.headers.get("if-none-match") == tag:
        return Reply(304, headers=headers)
    return Reply(200, body, headers)


def _schema_changed(world: SalesforceWorld) -> str:
    """When the org was made: the schema knows no later date."""
    row = world.rows.get("Organization", world.org_id) or {}
    return str(row["CreatedDate"])
