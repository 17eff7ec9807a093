"""One validation rule or flow with its metadata: what it asks of which fields, and what it writes.

Tooling API guide, ValidationRule and Flow, Metadata (read 2026-11): it comes with one record only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crmsync.sandbox.salesforce.calls import Call, Reply
from crmsync.sandbox.salesforce.declaring import SETUP
from crmsync.sandbox.salesforce.errors import NOT_FOUND, Refusal
from crmsync.sandbox.salesforce.ids import full_id
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Row


def get_setup(world: SalesforceWorld, call: Call) -> Reply:
    """200 with the row, its full name and its metadata; Refusal (404) for anything else."""
    shape = world.tooling.get(call.parts[2].lower())
    row = world.rows.get(shape.name, full_id(call.parts[3]) or "") if shape else None
    if shape is None or row is None or shape.name not in _METADATA:
        raise Refusal(NOT_FOUND)
    url = f"{call.prefix}tooling/sobjects/{shape.name}/{row['Id']}"
    shown = {field.name: row.get(field.name) for field in shape.visible.values()}
    more = _METADATA[shape.name](row)
    return Reply(200, {"attributes": {"type": shape.name, "url": url}, **shown, **more})


def _validation(row: Row) -> Row:
    return {
        "FullName": f"{row['EntityDefinitionId']}.{row['ValidationName']}",
        "Metadata": {
            "active": row["Active"],
            "description": row["Description"],
            "errorConditionFormula": formula(row[SETUP]["when"]),
            "errorDisplayField": row["ErrorDisplayField"],
            "errorMessage": row["ErrorMessage"],
        },
    }


def _flow(row: Row) -> Row:
    setup = row[SETUP]
    start = {
        "object": setup["object"],
        "triggerType": setup["trigger"],
        "recordTriggerType": setup["on"],
        "filterLogic": "or" if setup.get("starts_on") else None,
        "filters": [_changed(name) for name in setup.get("starts_on", ())],
    }
    return {
        "FullName": row["DefinitionId"],
        "Metadata": {
            "label": row["MasterLabel"],
            "processType": row["ProcessType"],
            "status": row["Status"],
            "start": start,
            "decisions": [_decision(name) for name in setup.get("reads", ())],
            **_changes(setup),
        },
    }


def _changed(name: str) -> Row:
    return {"field": name, "operator": "IsChanged", "value": {"booleanValue": True}}


def _decision(name: str) -> Row:
    condition = {"leftValueReference": f"$Record.{name}", "operator": "IsNull", "rightValue": {}}
    return {"name": f"Look_at_{name}", "rules": [{"name": "Filled", "conditions": [condition]}]}


def _changes(setup: Row) -> Row:
    """Assignments of a flow that runs before the save, updates of one that runs after it."""
    # Flow metadata: a before-save flow sets $Record itself, an after-save flow has Update Records (read 2026-11).
    if setup["trigger"] == "RecordBeforeSave":
        items = [
            {"assignToReference": f"$Record.{name}", "operator": "Assign"}
            for name in setup["writes"]
        ]
        return {
            "assignments": [{"name": "Set", "assignmentItems": items}] if items else [],
            "recordUpdates": [],
        }
    update: Row = {"name": "Update", "inputReference": "$Record"}
    names, does = setup["writes"], setup.get("does") or {}
    if does.get("through"):
        # `through` is a lookup of the record: another record is looked for by it, and updated.
        by = {
            "field": "Id",
            "operator": "EqualTo",
            "value": {"elementReference": f"$Record.{does['through']}"},
        }
        update = {"name": "Update", "object": does["of"], "filters": [by]}
        names = [does["to"]]
    source = {"elementReference": f"$Record.{does['field']}"} if does else None
    assigned = [{"field": name, "value": source} for name in names]
    return {
        "assignments": [],
        "recordUpdates": [{**update, "inputAssignments": assigned}] if assigned else [],
    }


def _workflow(row: Row) -> Row:
    setup = row[SETUP]
    return {
        "FullName": f"{row['TableEnumOrId']}.{row['Name']}",
        "Metadata": {
            "active": setup["active"],
            "triggerType": setup["on"],
            "actions": [{"name": name, "type": "FieldUpdate"} for name in setup["actions"]],
        },
    }


_METADATA: Mapping[str, Callable[[Row], Row]] = {
    "Flow": _flow,
    "ValidationRule": _validation,
    "WorkflowRule": _workflow,
}

# How a condition is written as a formula. Nothing here reads one: these are to be looked at.
_FORMULAS: Mapping[str, str] = {
    "blank": "ISBLANK({field})",
    "filled": "NOT(ISBLANK({field}))",
    "equal": "{field} = {value}",
    "different": "{field} <> {value}",
    "longer": "LEN({field}) > {value}",
    "above": "{field} > {value}",
    "below": "{field} < {value}",
    "changed": "ISCHANGED({field})",
    "lowered": "{field} < PRIORVALUE({field})",
}


def formula(conditions: list[Mapping[str, Any]]) -> str:
    """The conditions of a rule as the formula an administrator would have written."""
    parts = [_part(each) for each in conditions]
    return parts[0] if len(parts) == 1 else f"AND({', '.join(parts)})"


def _part(condition: Mapping[str, Any]) -> str:
    field, value = condition["field"], condition.get("value")
    if condition["is"] == "one_of":
        return f"OR({', '.join(f'{field} = {_literal(each)}' for each in value or ())})"
    return _FORMULAS[condition["is"]].format(field=field, value=_literal(value))


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    return f'"{value}"' if isinstance(value, str) else str(value)
