"""A user with less rights: what permission sets give them, and what they are refused."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from crmsync.sandbox.salesforce.declaring import declare
from crmsync.sandbox.salesforce.world import SalesforceWorld

DATA = "/services/data/v67.0"
HEAD = '<PermissionSet xmlns="http://soap.sforce.com/2006/04/metadata"><label>tried</label>'
API = "<userPermissions><enabled>true</enabled><name>ApiEnabled</name></userPermissions>"


def of_object(name: str, *verbs: str) -> str:
    words = "".join(f"<{verb}>true</{verb}>" for verb in verbs)
    return f"<objectPermissions>{words}<object>{name}</object></objectPermissions>"


def of_field(name: str, *, editable: bool = False) -> str:
    edit = str(editable).lower()
    words = f"<editable>{edit}</editable><field>{name}</field><readable>true</readable>"
    return f"<fieldPermissions>{words}</fieldPermissions>"


def permission(name: str) -> str:
    return f"<userPermissions><enabled>true</enabled><name>{name}</name></userPermissions>"


def least(api: httpx.Client, *parts: str) -> httpx.Response:
    """The API user with nothing but one permission set."""
    api.post("/__control__/profile", json={"name": "Minimum Access - Salesforce"})
    return api.post(
        "/__control__/permission_set", json={"xml": f"{HEAD}{''.join(parts)}</PermissionSet>"}
    )


def asked(api: httpx.Client, soql: str, kind: str = "") -> httpx.Response:
    return api.get(f"{DATA}/{kind}query/", params={"q": soql})


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()[0]["errorCode"]


ACCOUNT = of_object("Account", "allowRead")


def test_without_api_enabled_every_call_is_refused(api: httpx.Client) -> None:
    least(api)
    assert code(api.get(f"{DATA}/sobjects")) == (403, "API_DISABLED_FOR_ORG")


def test_an_object_without_read_is_not_there(org: SalesforceWorld, api: httpx.Client) -> None:
    least(api, API, ACCOUNT)
    assert api.get(f"{DATA}/sobjects/Account/describe").status_code == 200
    assert code(api.get(f"{DATA}/sobjects/Lead/describe")) == (404, "NOT_FOUND")
    assert code(asked(api, "SELECT Id FROM Lead")) == (400, "INVALID_TYPE")
    assert "Lead" not in {each["name"] for each in api.get(f"{DATA}/sobjects").json()["sobjects"]}


def test_names_come_with_the_object_and_other_fields_by_themselves(api: httpx.Client) -> None:
    least(
        api,
        API,
        ACCOUNT,
        of_field("Account.Phone"),
        of_field("Account.BillingAddress", editable=True),
    )
    told = {
        each["name"]: each for each in api.get(f"{DATA}/sobjects/Account/describe").json()["fields"]
    }
    assert {"Id", "Name", "OwnerId", "Phone", "BillingCity", "BillingAddress"} <= told.keys()
    assert not {"Website", "ShippingCity"} & told.keys()
    assert (told["Phone"]["updateable"], told["BillingCity"]["updateable"]) == (False, True)
    assert all(told[name]["permissionable"] for name in ("Phone", "BillingCity"))
    assert not told["Name"]["permissionable"]


def test_each_verb_is_a_right_of_its_own(org: SalesforceWorld, api: httpx.Client) -> None:
    id_ = org.put("Account", {"Name": "Acme"})
    least(api, API, ACCOUNT)
    created = api.post(f"{DATA}/sobjects/Account", json={"Name": "New"})
    changed = api.patch(f"{DATA}/sobjects/Account/{id_}", json={"Name": "Other"})
    assert code(created) == code(changed) == (400, "INVALID_TYPE_FOR_OPERATION")
    assert code(api.delete(f"{DATA}/sobjects/Account/{id_}")) == (
        403,
        "INSUFFICIENT_ACCESS_OR_READONLY",
    )
    least(api, API, of_object("Account", "allowRead", "allowEdit"))
    assert api.patch(f"{DATA}/sobjects/Account/{id_}", json={"Name": "Other"}).status_code == 204


def test_another_owner_takes_the_permission_to_transfer(
    org: SalesforceWorld, api: httpx.Client
) -> None:
    other = org.put("User", {"LastName": "Ruiz", "IsActive": True})
    theirs = org.put("Account", {"Name": "Acme", "OwnerId": other})
    edit = of_object("Account", "allowRead", "allowEdit")
    least(api, API, edit)
    path = f"{DATA}/sobjects/Account/{theirs}"
    assert code(api.patch(path, json={"OwnerId": org.user_id})) == (
        403,
        "INSUFFICIENT_ACCESS_OR_READONLY",
    )
    assert api.patch(path, json={"OwnerId": other}).status_code == 204, "no change of owner"
    least(api, API, edit, permission("TransferAnyEntity"))
    assert api.patch(path, json={"OwnerId": org.user_id}).status_code == 204


def test_setup_is_seen_with_view_setup_alone(api: httpx.Client) -> None:
    least(api, API, ACCOUNT)
    assert code(api.get(f"{DATA}/limits")) == (403, "FORBIDDEN")
    assert code(asked(api, "SELECT Id FROM ValidationRule", "tooling/")) == (
        403,
        "INSUFFICIENT_ACCESS",
    )
    assert code(asked(api, "SELECT Id FROM PermissionSet")) == (400, "INVALID_TYPE")
    api.post("/__control__/switches", json={"tooling_refusal": "INVALID_TYPE"})
    assert code(asked(api, "SELECT Id FROM ValidationRule", "tooling/")) == (400, "INVALID_TYPE")
    least(api, API, ACCOUNT, permission("ViewSetup"), permission("ViewRoles"))
    assert asked(api, "SELECT Id FROM ValidationRule", "tooling/").json()["totalSize"] == 0
    assert asked(api, "SELECT Id FROM PermissionSet").json()["totalSize"] == 2


def test_a_user_asks_for_their_own_permissions(api: httpx.Client) -> None:
    soql = "SELECT PermissionsApiEnabled, PermissionsModifyAllData FROM UserPermissionAccess"
    (row,) = asked(api, soql).json()["records"]
    assert (row["PermissionsApiEnabled"], row["PermissionsModifyAllData"]) == (True, True)
    least(api, API)
    (row,) = asked(api, soql).json()["records"]
    assert (row["PermissionsApiEnabled"], row["PermissionsModifyAllData"]) == (True, False)


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        (of_field("Account.Name"), "You cannot deploy to a required field: Account.Name"),
        (of_field("Account.BillingCity"), "no CustomField named Account.BillingCity found"),
        (of_object("Account", "allowEdit"), "Permission Edit Account depends on permission(s): Read Account"),
        (of_object("Contact", "allowRead"), "Permission Read Contact depends on permission(s): Read Account"),
        (of_object("OpportunityContactRole", "allowRead"), "no CustomObject named OpportunityContactRole found"),
        (permission("ViewSetup"), "Permission ViewSetup depends on permission(s): ViewRoles"),
        (permission("Magic"), "Unknown user permission: Magic"),
    ],
)  # fmt: skip
def test_a_permission_set_that_could_not_be_deployed_is_refused(
    api: httpx.Client, part: str, problem: str
) -> None:
    answer = least(api, part)
    assert answer.status_code == 400
    assert problem in answer.json()["error"]


def test_the_profile_is_a_permission_set_of_its_own(api: httpx.Client) -> None:
    api.post("/__control__/profile", json={"name": "System Administrator"})
    soql = "SELECT Label, Profile.Name, PermissionsModifyAllData FROM PermissionSet WHERE IsOwnedByProfile = true"
    (row,) = asked(api, soql).json()["records"]
    assert (row["Label"], row["PermissionsModifyAllData"]) == ("System Administrator", True)
    assert row["Profile"]["Name"] == "System Administrator"
    assert api.post("/__control__/profile", json={"name": "King"}).status_code == 400


def one_of(api: httpx.Client, table: str, id_: str) -> Any:
    return api.get(f"{DATA}/tooling/sobjects/{table}/{id_}").json()["Metadata"]


def test_triggers_and_workflow_rules_can_be_read(org: SalesforceWorld, api: httpx.Client) -> None:
    declare(org, {"kind": "trigger", "name": "Code", "object": "Lead", "on": ["BeforeInsert"]})
    rule = declare(org, {"kind": "workflow", "name": "Old", "object": "Lead", "active": False})[
        "id"
    ]
    (row,) = asked(
        api, "SELECT Name, Status, UsageBeforeInsert, UsageAfterInsert FROM ApexTrigger", "tooling/"
    ).json()["records"]
    assert (row["Status"], row["UsageBeforeInsert"], row["UsageAfterInsert"]) == (
        "Active",
        True,
        False,
    )
    assert one_of(api, "WorkflowRule", rule)["active"] is False
    with pytest.raises(ValueError, match="no trigger runs"):
        declare(org, {"kind": "trigger", "name": "Odd", "object": "Lead", "on": ["Sometimes"]})


def test_a_flow_before_the_save_assigns_and_one_after_it_updates(
    org: SalesforceWorld, api: httpx.Client
) -> None:
    flow = {
        "kind": "flow",
        "name": "One",
        "object": "Lead",
        "writes": ["Rating"],
        "starts_on": ["Email"],
        "reads": ["Phone"],
    }
    told = one_of(api, "Flow", declare(org, flow)["id"])
    assert told["recordUpdates"][0]["inputAssignments"][0]["field"] == "Rating"
    assert (told["start"]["filters"][0]["field"], told["start"]["filters"][0]["operator"]) == (
        "Email",
        "IsChanged",
    )
    assert (
        told["decisions"][0]["rules"][0]["conditions"][0]["leftValueReference"] == "$Record.Phone"
    )
    before = one_of(api, "Flow", declare(org, {**flow, "trigger": "RecordBeforeSave"})["id"])
    assert before["recordUpdates"] == []
    assert before["assignments"][0]["assignmentItems"][0]["assignToReference"] == "$Record.Rating"


def test_25_of_the_tooling_api_travel_in_one_call(org: SalesforceWorld, api: httpx.Client) -> None:
    flow = declare(org, {"kind": "flow", "name": "One", "object": "Lead"})["id"]
    path = f"{DATA}/tooling/sobjects/Flow/"
    requests = [
        {"method": "GET", "url": path + each, "referenceId": f"r{at}"}
        for at, each in enumerate((flow, "301000000000999AAA"))
    ]
    answer = api.post(f"{DATA}/tooling/composite", json={"compositeRequest": requests}).json()
    assert [each["httpStatusCode"] for each in answer["compositeResponse"]] == [200, 404]


def test_record_types_stand_beside_the_master(org: SalesforceWorld, api: httpx.Client) -> None:
    declare(org, {"kind": "record_type", "object": "Lead", "name": "Partner", "default": True})
    told = api.get(f"{DATA}/sobjects/Lead/describe").json()["recordTypeInfos"]
    assert [(each["developerName"], each["defaultRecordTypeMapping"]) for each in told] == [
        ("Partner", True),
        ("Master", False),
    ]
