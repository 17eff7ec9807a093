"""Custom fields through the Tooling API, and who sees them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from crmsync.sandbox.salesforce.world import SalesforceWorld

DATA = "/services/data/v67.0"
FIELDS = f"{DATA}/tooling/sobjects/CustomField"
METADATA: dict[str, Any] = {
    "label": "Marker",
    "type": "Text",
    "length": 64,
    "unique": True,
    "externalId": True,
    "caseSensitive": False,
}


def create(api: httpx.Client, full_name: str = "Contact.Marker__c", **more: Any) -> httpx.Response:
    return api.post(FIELDS, json={"FullName": full_name, "Metadata": METADATA | more})


def fields_of(api: httpx.Client, name: str = "Contact") -> dict[str, Any]:
    told = api.get(f"{DATA}/sobjects/{name}/describe").json()
    return {each["name"]: each for each in told["fields"]}


def found(api: httpx.Client, developer_name: str) -> list[dict[str, Any]]:
    soql = (
        "SELECT Id, DeveloperName, TableEnumOrId FROM CustomField "
        f"WHERE TableEnumOrId = 'Contact' AND DeveloperName = '{developer_name}'"
    )
    records: list[dict[str, Any]] = api.get(f"{DATA}/tooling/query/", params={"q": soql}).json()[
        "records"
    ]
    return records


def post(api: httpx.Client, name: str, **values: Any) -> httpx.Response:
    return api.post(f"{DATA}/sobjects/{name}", json=values)


def grant(api: httpx.Client, user: str, *, edit: bool = True) -> dict[str, str]:
    """Ids of a permission set that shows the field to a user, and of what is in it."""
    made = post(api, "PermissionSet", Name="marker", Label="Marker").json()["id"]
    field = post(
        api,
        "FieldPermissions",
        ParentId=made,
        SobjectType="Contact",
        Field="Contact.Marker__c",
        PermissionsRead=True,
        PermissionsEdit=edit,
    )
    assigned = post(api, "PermissionSetAssignment", PermissionSetId=made, AssigneeId=user)
    assert (field.status_code, assigned.status_code) == (201, 201)
    return {"set": made, "field": field.json()["id"], "assignment": assigned.json()["id"]}


def test_a_new_field_is_hidden_until_a_permission_set_shows_it(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    assert create(api).status_code == 201
    assert "Marker__c" not in fields_of(api)
    given = grant(api, org.user_id)
    told = fields_of(api)["Marker__c"]
    assert (told["unique"], told["externalId"], told["length"]) == (True, True, 64)
    assert told["createable"]
    api.delete(f"{DATA}/sobjects/PermissionSetAssignment/{given['assignment']}")
    assert "Marker__c" not in fields_of(api)


def test_a_permission_to_read_is_none_to_write(api: httpx.Client, org: SalesforceWorld) -> None:
    create(api)
    given = grant(api, org.user_id, edit=False)
    assert not fields_of(api)["Marker__c"]["createable"]
    path = f"{DATA}/sobjects/FieldPermissions/{given['field']}"
    assert api.patch(path, json={"PermissionsEdit": True}).status_code == 204
    assert fields_of(api)["Marker__c"]["createable"]


def test_a_hidden_field_is_found_and_described_by_its_id(api: httpx.Client) -> None:
    made = create(api).json()["id"]
    (row,) = found(api, "Marker")
    assert row["Id"] == made
    assert row["attributes"]["url"] == f"{FIELDS}/{made}"
    told = api.get(f"{FIELDS}/{made}").json()
    assert told["FullName"] == "Contact.Marker__c"
    assert {"type": "Text", "length": 64, "unique": True, "externalId": True}.items() <= told[
        "Metadata"
    ].items()


def test_a_deleted_field_takes_its_values_along_and_its_name_is_free(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    record = org.put("Contact", {"LastName": "Ruiz", "crmsync_key__c": "k-1"})
    (row,) = found(api, "crmsync_key")
    assert api.delete(f"{FIELDS}/{row['Id']}").status_code == 204
    assert found(api, "crmsync_key") == []
    assert api.delete(f"{FIELDS}/{row['Id']}").status_code == 404
    assert create(api, "Contact.crmsync_key__c").status_code == 201
    org.show_field("Contact", "crmsync_key__c")
    again = api.get(f"{DATA}/sobjects/Contact/{record}").json()
    assert (again["LastName"], again["crmsync_key__c"]) == ("Ruiz", None)


def test_what_is_deleted_stays_deleted_over_a_restart(org: SalesforceWorld) -> None:
    org.drop_field("Lead", "crmsync_key__c")
    org.reload()
    assert "crmsync_key__c" not in org.shapes["lead"].fields


@pytest.mark.parametrize(
    ("full_name", "more", "code"),
    [
        ("Contact.crmsync_key__c", {}, "DUPLICATE_DEVELOPER_NAME"),
        ("Contact.Marker", {}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Nothing.Marker__c", {}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Contact.Marker__c", {"type": "Nonsense"}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Contact.Marker__c", {"length": 300}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Contact.Marker__c", {"label": ""}, "REQUIRED_FIELD_MISSING"),
    ],
)
def test_a_field_that_makes_no_sense_is_refused(
    api: httpx.Client, full_name: str, more: dict[str, Any], code: str
) -> None:
    answer = create(api, full_name, **more)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)


def test_the_same_permission_is_given_once(api: httpx.Client, org: SalesforceWorld) -> None:
    create(api)
    given = grant(api, org.user_id)
    twice = post(
        api, "PermissionSetAssignment", PermissionSetId=given["set"], AssigneeId=org.user_id
    )
    assert twice.json()[0]["errorCode"] == "DUPLICATE_VALUE"
    named = post(api, "PermissionSet", Name="marker", Label="Marker")
    assert named.json()[0]["errorCode"] == "DUPLICATE_DEVELOPER_NAME"


def test_a_permission_set_that_somebody_has_is_not_deleted(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    create(api)
    given = grant(api, org.user_id)
    path = f"{DATA}/sobjects/PermissionSet/{given['set']}"
    assert api.delete(path).json()[0]["errorCode"] == "DELETE_FAILED"
    api.delete(f"{DATA}/sobjects/PermissionSetAssignment/{given['assignment']}")
    assert api.delete(path).status_code == 204
    assert org.tables.count("FieldPermissions") == 0


def test_custom_fields_are_none_of_the_ordinary_objects(api: httpx.Client) -> None:
    answer = api.get(f"{DATA}/query/", params={"q": "SELECT Id FROM CustomField"})
    assert answer.json()[0]["errorCode"] == "INVALID_TYPE"


def test_the_resources_of_a_version_say_who_is_asking(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    told = api.get(f"{DATA}/").json()
    assert told["identity"].endswith(f"/{org.org_id}/{org.user_id}")
