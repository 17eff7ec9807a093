"""The portal's workflows over HTTP, read only: listed, and each with what it does.

Keys: developers.hubspot.com, workflows v4, and answers quoted in public repositories (read 2026-11).
"""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.hubspot.calls import Answer, Call
from crmsync.sandbox.hubspot.definitions import EPOCH
from crmsync.sandbox.hubspot.envelopes import envelope, inputs
from crmsync.sandbox.hubspot.errors import Body, not_found
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.workflows import workflows_of
from crmsync.sandbox.tables import Row

PAGE = 100
# "Set property value" is 0-5, a delay is 0-1: public repositories' flows (read 2026-11).
_SET_PROPERTY, _DELAY = "0-5", "0-1"


def list_flows(portal: Portal, call: Call) -> Answer:
    """A page of workflows by number, without what they do."""
    limit = call.number("limit", PAGE, 1, PAGE)
    after = call.number("after", 0, 0, 10**18)
    known = sorted(workflows_of(portal).items(), key=lambda one: int(one[0]))
    rest = [(id_, row) for id_, row in known if int(id_) >= after]
    body: Body = {"results": [_head(id_, row) for id_, row in rest[:limit]]}
    if len(rest) > limit:
        body["paging"] = {"next": {"after": rest[limit][0]}}
    return Answer(200, body)


def get_flow(portal: Portal, call: Call) -> Answer:
    """One workflow whole, or 404."""
    row = workflows_of(portal).get(call.path["id"])
    if row is None:
        raise not_found()
    return Answer(200, _whole(call.path["id"], row))


def read_flows(portal: Portal, call: Call) -> Answer:
    """Up to 100 workflows whole; ids nobody has are left out."""
    known = workflows_of(portal)
    ids = [str(one.get("flowId")) for one in inputs(call, PAGE)]
    return envelope(portal, 200, [_whole(id_, known[id_]) for id_ in ids if id_ in known], [])


def _head(id_: str, row: Row) -> Body:
    return {
        "id": id_,
        "name": row["name"],
        "isEnabled": bool(row["active"]),
        "flowType": "WORKFLOW",
        "objectTypeId": OBJECTS[row["object"]].type_id,
        "revisionId": "1",
        "createdAt": row.get("createdAt", EPOCH),
        "updatedAt": row.get("updatedAt", EPOCH),
    }


def _whole(id_: str, row: Row) -> Body:
    actions = _actions(row["object"], row["does"])
    return {
        "type": "CONTACT_FLOW" if row["object"] == "contacts" else "PLATFORM_FLOW",
        **_head(id_, row),
        "startActionId": "1",
        "nextAvailableActionId": str(len(actions) + 1),
        "actions": actions,
        "enrollmentCriteria": _criteria(row["does"]["field"]),
        "timeWindows": [],
        "blockedDates": [],
        "customProperties": {},
        "dataSources": [],
        "crmObjectCreationStatus": "ACTIVE",
    }


# What is set on another record names its tie: reference of workflow actions; ids of ties: associations (read 2026-11).
_TIES = {
    ("contacts", "companies"): 1,
    ("companies", "contacts"): 2,
    ("deals", "companies"): 5,
    ("companies", "deals"): 6,
    ("deals", "contacts"): 3,
    ("contacts", "deals"): 4,
}


def _actions(name: str, does: Row) -> list[Body]:
    """A delay if there is one, then what is set; how a formatting action looks was not seen."""
    fields: dict[str, Any] = {"property_name": does["to"], "value": _value(does)}
    if does.get("through"):
        tie = _TIES.get((name, does["through"]), 0)
        fields["association"] = {
            "associationCategory": "HUBSPOT_DEFINED",
            "associationTypeId": tie,
        }
    made = [(_SET_PROPERTY, fields)]
    if does.get("delay"):
        made.insert(0, (_DELAY, {"delta": str(does["delay"]), "time_unit": "SECONDS"}))
    return [_action(at, type_, fields, len(made)) for at, (type_, fields) in enumerate(made, 1)]


def _action(at: int, type_id: str, fields: dict[str, Any], count: int) -> Body:
    told: Body = {
        "type": "SINGLE_CONNECTION",
        "actionId": str(at),
        "actionTypeVersion": 0,
        "actionTypeId": type_id,
        "fields": fields,
    }
    if at < count:
        told["connection"] = {"edgeType": "STANDARD", "nextActionId": str(at + 1)}
    return told


def _value(does: Row) -> Body:
    if does.get("value") is not None:
        return {"type": "STATIC_VALUE", "staticValue": does["value"]}
    return {"type": "OBJECT_PROPERTY", "propertyName": does["field"]}


def _criteria(name: str) -> Body:
    """Who has the property is enrolled, again whenever it changes."""
    known = {
        "property": name,
        "operation": {
            "operator": "IS_KNOWN",
            "includeObjectsWithNoValueSet": False,
            "operationType": "ALL_PROPERTY",
        },
        "filterType": "PROPERTY",
    }
    branch = {
        "filterBranches": [],
        "filters": [known],
        "filterBranchType": "AND",
        "filterBranchOperator": "AND",
    }
    return {
        "type": "LIST_BASED",
        "shouldReEnroll": True,
        "listFilterBranch": {
            "filterBranches": [branch],
            "filters": [],
            "filterBranchType": "OR",
            "filterBranchOperator": "OR",
        },
        "unEnrollObjectsNotMeetingCriteria": False,
        "reEnrollmentTriggersFilterBranches": [],
    }
