"""What an administrator sets up, declared as data: rules, dependent picklists, flows and packages.

There is no formula language: a condition names a field and one of a few tests. Declaring a name again replaces
what was declared under it; `"active": false` turns it off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.flow_actions import checked_action
from crmsync.sandbox.salesforce.ids import full_id
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Row

Body = Mapping[str, Any]
# A key that is no field of any object: what the simulator itself has to know of a rule.
SETUP = "~setup"

Test = Callable[[Any, Any, Any], bool]  # value before, value now, the condition's own value
TESTS: Mapping[str, Test] = {
    "blank": lambda before, now, value: now in (None, ""),
    "filled": lambda before, now, value: now not in (None, ""),
    "equal": lambda before, now, value: now == value,
    "different": lambda before, now, value: now != value,
    "one_of": lambda before, now, value: now in value,
    "longer": lambda before, now, value: len(str(now or "")) > value,
    "above": lambda before, now, value: now is not None and now > value,
    "below": lambda before, now, value: now is not None and now < value,
    "changed": lambda before, now, value: before != now,
    "lowered": lambda before, now, value: None not in (before, now) and now < before,
}


def declare(world: SalesforceWorld, body: Body) -> dict[str, str]:
    """The id of what was set up; ValueError for a kind, an object, a field or a test there is not."""
    kind = body["kind"]
    if kind not in _KINDS:
        raise ValueError(f"no kind {kind!r}; there are {', '.join(sorted(_KINDS))}")
    return {"id": _KINDS[kind](world, body)}


def holds(conditions: Sequence[Body], before: Row, row: Row) -> bool:
    """Whether all conditions are fulfilled by a record as it would be."""
    return all(
        TESTS[each["is"]](before.get(each["field"]), row.get(each["field"]), each.get("value"))
        for each in conditions
    )


def setups(world: SalesforceWorld, table: str, name: str) -> list[tuple[Row, Body]]:
    """The active rules of one sort about an object, in the order declared: row and setup."""
    rows = (row for _, row in world.tables.rows(table))
    found = [(row, row[SETUP]) for row in rows if SETUP in row]
    return [(row, setup) for row, setup in found if setup["object"] == name and setup["active"]]


def _validation(world: SalesforceWorld, body: Body) -> str:
    shape = _object(world, body["object"])
    columns = {
        "ValidationName": body["name"],
        "EntityDefinitionId": shape.name,
        "Active": body.get("active", True),
        "ErrorMessage": body["message"],
        "ErrorDisplayField": body.get("field"),
        "Description": body.get("description"),
    }
    setup = {"when": _conditions(shape, body["when"]), "field": body.get("field")}
    kind = world.tooling["validationrule"]
    return _keep(world, kind, "ValidationName", columns, _setup(shape, body, setup))


def _duplicate(world: SalesforceWorld, body: Body) -> str:
    shape = _object(world, body["object"])
    against = _object(world, body.get("against", shape.name))
    match = [shape.stored(_field(shape, name)).name for name in body["match"]]
    for name in match:
        _field(against, name)
    if body.get("action", "block") not in ("block", "alert"):
        raise ValueError(f"a duplicate rule blocks or alerts, it does not {body['action']!r}")
    names = {"DeveloperName": body["name"], "MasterLabel": body["name"].replace("_", " ")}
    common = {**names, "SobjectType": shape.name}
    rule = body.get("matching_rule", f"{body['name']}_match")
    _keep(
        world,
        world.shapes["matchingrule"],
        "DeveloperName",
        {**common, "DeveloperName": rule, "SobjectType": against.name},
        {},
    )
    setup = {
        "match": match,
        "against": against.name,
        "action": body.get("action", "block"),
        "message": body.get("message", "Use one of these records?"),
        "matching_rule": rule,
    }
    columns = {**common, "IsActive": body.get("active", True)}
    kind = world.shapes["duplicaterule"]
    return _keep(world, kind, "DeveloperName", columns, _setup(shape, body, setup))


def _assignment(world: SalesforceWorld, body: Body) -> str:
    shape = _object(world, body["object"])
    entries = [
        {"when": _conditions(shape, each.get("when", [])), "owner": _user(world, each["owner"])}
        for each in body["entries"]
    ]
    columns = {
        "Name": body["name"],
        "SobjectType": shape.name,
        "Active": body.get("active", True),
    }
    setup = _setup(shape, body, {"entries": entries})
    return _keep(world, world.shapes["assignmentrule"], "Name", columns, setup)


def _dependent(world: SalesforceWorld, body: Body) -> str:
    shape = _object(world, body["object"])
    field, controller = (shape.stored(_field(shape, body[n])) for n in ("field", "controller"))
    for each in (field, controller):
        if not each.picklist and each.type != "boolean":
            raise ValueError(f"{shape.name}.{each.name} is no picklist")
    place = f"{shape.name}.{field.name}"
    allowed = {str(key): list(values) for key, values in body["allowed"].items()}
    world.tables.put("~dependent", place, {"controller": controller.name, "allowed": allowed})
    world.rebuild()
    return place


def _flow(world: SalesforceWorld, body: Body) -> str:
    """A version of a flow, as the Tooling API lists it, and its line in the list of flows."""
    active = body.get("active", True)
    kind, view = world.tooling["flow"], world.shapes["flowdefinitionview"]
    version = {
        "DefinitionId": body["name"],
        "MasterLabel": body.get("label", body["name"]),
        "ProcessType": body.get("process", "AutoLaunchedFlow"),
        "Status": "Active" if active else "Obsolete",
        "VersionNumber": 1,
        "Description": body.get("description"),
    }
    object_ = body.get("object")
    shape = _object(world, object_) if object_ else None
    writes = [_field(shape, name) for name in body.get("writes", ())] if shape else []
    setup = {
        "object": object_,
        "active": active,
        "trigger": body.get("trigger", "RecordAfterSave" if object_ else None),
        "on": body.get("on", "CreateAndUpdate" if object_ else None),
        "writes": writes,
        "reads": [_field(shape, name) for name in body.get("reads", ())] if shape else [],
        "starts_on": [_field(shape, name) for name in body.get("starts_on", ())] if shape else [],
    }
    if shape is not None and body.get("does"):
        setup["does"] = checked_action(world, shape, body["does"])
        setup["writes"] = writes or ([] if setup["does"]["through"] else [setup["does"]["to"]])
    id_ = _keep(world, kind, "DefinitionId", version, setup)
    line = {
        "DurableId": body["name"],
        "ApiName": body["name"],
        "Label": version["MasterLabel"],
        "Description": version["Description"],
        "ProcessType": version["ProcessType"],
        "TriggerType": setup["trigger"],
        "RecordTriggerType": setup["on"],
        "TriggerObjectOrEventId": object_,
        "TriggerObjectOrEventLabel": shape.object.label if shape else None,
        "ActiveVersionId": id_ if active else None,
        "LatestVersionId": id_,
        "NamespacePrefix": body.get("namespace"),
        "IsActive": active,
    }
    _keep(world, view, "ApiName", line, {})
    return id_


def _package(world: SalesforceWorld, body: Body) -> str:
    """An installed package and its licence."""
    names = {"NamespacePrefix": body["namespace"], "Name": body.get("name", body["namespace"])}
    package = world.tooling["subscriberpackage"]
    package_id = _keep(world, package, "NamespacePrefix", names, {})
    installed = {
        "SubscriberPackageId": package_id,
        "SubscriberPackageVersionId": "04t" + package_id[3:],
    }
    kind = world.tooling["installedsubscriberpackage"]
    id_ = _keep(world, kind, "SubscriberPackageId", installed, {})
    licence = {
        "NamespacePrefix": body["namespace"],
        "Status": body.get("status", "Active"),
        "AllowedLicenses": body.get("licences", -1),
        "UsedLicenses": 0,
    }
    _keep(world, world.shapes["packagelicense"], "NamespacePrefix", licence, {})
    return id_


def _trigger(world: SalesforceWorld, body: Body) -> str:
    """An Apex trigger; it can be read, and does nothing."""
    shape = _object(world, body["object"])
    kind = world.shapes["apextrigger"]
    usages = {f"Usage{each}" for each in body.get("on", ("AfterInsert", "AfterUpdate"))}
    unknown = sorted(name for name in usages if name.lower() not in kind.fields)
    if unknown:
        raise ValueError(f"no trigger runs {unknown[0].removeprefix('Usage')!r}")
    columns = {
        "Name": body["name"],
        "TableEnumOrId": shape.name,
        "Status": "Active" if body.get("active", True) else "Inactive",
        "NamespacePrefix": body.get("namespace"),
        **{name: name in usages for name in kind.object_flags("Usage")},
    }
    return _keep(world, kind, "Name", columns, {})


def _workflow(world: SalesforceWorld, body: Body) -> str:
    """A workflow rule of the old kind; it can be read, and does nothing."""
    shape = _object(world, body["object"])
    columns = {"Name": body["name"], "TableEnumOrId": shape.name}
    setup = {
        "on": body.get("on", "onCreateOrTriggeringUpdate"),
        "actions": list(body.get("actions", ())),
    }
    kind = world.tooling["workflowrule"]
    return _keep(world, kind, "Name", columns, _setup(shape, body, setup))


def _record_type(world: SalesforceWorld, body: Body) -> str:
    """A record type, as describe lists it; records do not know of it."""
    shape = _object(world, body["object"])
    place = f"{shape.name}.{body['name']}"
    known = world.tables.get("~record_types", place)
    number = known["number"] if known else world.tables.count("~record_types") + 1
    told = {"object": shape.name, "name": body["name"], "number": number}
    world.tables.put("~record_types", place, told | {"default": bool(body.get("default"))})
    return place


_KINDS: Mapping[str, Callable[[SalesforceWorld, Body], str]] = {
    "validation": _validation,
    "duplicate": _duplicate,
    "assignment": _assignment,
    "dependent": _dependent,
    "flow": _flow,
    "package": _package,
    "record_type": _record_type,
    "trigger": _trigger,
    "workflow": _workflow,
}


def _setup(shape: Shape, body: Body, more: Row) -> Row:
    return {"object": shape.name, "active": body.get("active", True), **more}


def _keep(world: SalesforceWorld, shape: Shape, key: str, columns: Row, setup: Row) -> str:
    """The id of the row that holds these values, the one of that name if there is one."""
    named = [id_ for id_, row in world.tables.rows(shape.name) if row.get(key) == columns[key]]
    id_ = named[0] if named else world.new_id(shape)
    stamp = world.stamp()
    before = world.rows.get(shape.name, id_) or {"CreatedDate": stamp}
    defaults = {f.name: f.default for f in shape.fields.values() if f.default is not None}
    row = {**defaults, **before, "Id": id_, **columns, "LastModifiedDate": stamp, SETUP: setup}
    if not setup:
        del row[SETUP]
    world.rows.save(shape.name, id_, row)
    return id_


def _object(world: SalesforceWorld, name: str) -> Shape:
    shape = world.shape(name)
    if shape is None:
        raise ValueError(f"this org has no object {name!r}")
    return shape


def _field(shape: Shape, name: str) -> str:
    if name.lower() not in shape.fields:
        raise ValueError(f"{shape.name} has no field {name!r}")
    return name


def _conditions(shape: Shape, told: Sequence[Body]) -> list[Row]:
    for each in told:
        if each["is"] not in TESTS:
            raise ValueError(f"no test {each['is']!r}; there are {', '.join(TESTS)}")
    return [{**each, "field": shape.stored(_field(shape, each["field"])).name} for each in told]


def _user(world: SalesforceWorld, id_: str) -> str:
    user = world.rows.live("User", full_id(id_))
    if user is None:
        raise ValueError(f"no User is '{id_}'")
    return str(user["Id"])
