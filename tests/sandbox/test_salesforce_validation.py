from __future__ import annotations

from typing import Any

import httpx
import pytest

from crmsync.sandbox.salesforce.world import SalesforceWorld

DATA = "/services/data/v67.0"

SOME_ID = "001Sb0000000zzz"


def refusal(api: httpx.Client, name: str, body: dict[str, Any]) -> dict[str, Any]:
    """The one error that a create is refused with."""
    answer = api.post(f"{DATA}/sobjects/{name}", json=body)
    assert answer.status_code == 400
    (error,) = answer.json()
    assert isinstance(error, dict)
    return error


@pytest.mark.parametrize(
    ("name", "body", "code", "message", "fields"),
    [
        (
            "Lead",
            {"FirstName": "Ana"},
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [LastName, Company]",
            ["LastName", "Company"],
        ),
        (
            "Contact",
            {"LastName": "Ruiz", "Email": "badone"},
            "INVALID_EMAIL_ADDRESS",
            "Email: invalid email address: badone",
            ["Email"],
        ),
        (
            "Account",
            {"Name": "x" * 256},
            "STRING_TOO_LONG",
            f"Account Name: data value too large: {'x' * 256} (max length=255)",
            ["Name"],
        ),
        (
            "Opportunity",
            {
                "Name": "Uno",
                "StageName": "Prospecting",
                "CloseDate": "2026-12-31",
                "ForecastCategoryName": "Sure",
            },
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "Forecast Category: bad value for restricted picklist field: Sure",
            ["ForecastCategoryName"],
        ),
        (
            "Contact",
            {"LastName": "Ruiz", "Nope": 1},
            "INVALID_FIELD",
            "No such column 'Nope' on sobject of type Contact",
            None,
        ),
        (
            "Contact",
            {"LastName": "Ruiz", "AccountId": "nonsense"},
            "MALFORMED_ID",
            "Account ID: id value of incorrect type: nonsense",
            ["AccountId"],
        ),
        (
            "Contact",
            {"LastName": "Ruiz", "AccountId": SOME_ID},
            "INVALID_CROSS_REFERENCE_KEY",
            "invalid cross reference id",
            None,
        ),
        (
            "Account",
            {"Name": "Uno", "NumberOfEmployees": 10**9},
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Employees: value outside of valid range on numeric field: 1000000000",
            ["NumberOfEmployees"],
        ),
        (
            "Contact",
            {"LastName": "Ruiz", "DoNotCall": None},
            "INVALID_TYPE_ON_FIELD_IN_RECORD",
            "Do Not Call: value not of required type: None",
            ["DoNotCall"],
        ),
    ],
)
def test_a_refused_value_is_named_as_salesforce_does(
    api: httpx.Client,
    name: str,
    body: dict[str, Any],
    code: str,
    message: str,
    fields: list[str] | None,
) -> None:
    error = refusal(api, name, body)
    assert (error["errorCode"], error["message"], error.get("fields")) == (code, message, fields)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Contact", {"LastName": 5}),
        ("Contact", {"LastName": "Ruiz", "Birthdate": "soon"}),
        ("Contact", {"LastName": "Ruiz", "DoNotCall": "perhaps"}),
        ("Account", {"Name": "Uno", "AnnualRevenue": "a lot"}),
        ("Account", {"Name": "Uno", "NumberOfEmployees": 2.5}),
    ],
)
def test_a_value_of_another_type_is_a_parser_error(
    api: httpx.Client, name: str, body: dict[str, Any]
) -> None:
    error = refusal(api, name, body)
    assert error["errorCode"] == "JSON_PARSER_ERROR"
    assert error["message"].startswith("Cannot deserialize instance of ")


@pytest.mark.parametrize("field", ["Name", "CreatedDate", "IsEmailBounced", "MailingAddress"])
def test_a_read_only_field_cannot_be_sent(api: httpx.Client, field: str) -> None:
    error = refusal(api, "Contact", {"LastName": "Ruiz", field: "x"})
    assert error["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    assert error["message"].startswith(f"Unable to create/update fields: {field}. Please check")
    assert error["fields"] == [field]


def test_a_create_only_field_cannot_be_updated(api: httpx.Client, org: SalesforceWorld) -> None:
    lead = org.put("Lead", {"LastName": "Ruiz", "Company": "Uno"})
    answer = api.patch(f"{DATA}/sobjects/Lead/{lead}", json={"IsConverted": True})
    assert answer.json()[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"


def test_a_required_field_cannot_be_cleared(api: httpx.Client, org: SalesforceWorld) -> None:
    id_ = org.put("Contact", {"LastName": "Ruiz"})
    answer = api.patch(f"{DATA}/sobjects/Contact/{id_}", json={"LastName": " "})
    assert answer.json()[0]["message"] == "Required fields are missing: [LastName]"


def test_several_errors_come_at_once(api: httpx.Client) -> None:
    body = {"LastName": "x" * 81, "Email": "badone"}
    codes = {error["errorCode"] for error in api.post(f"{DATA}/sobjects/Contact", json=body).json()}
    assert codes == {"STRING_TOO_LONG", "INVALID_EMAIL_ADDRESS"}


def test_a_unique_key_is_held_by_one_record(api: httpx.Client, org: SalesforceWorld) -> None:
    first = org.put("Contact", {"LastName": "Ruiz", "crmsync_key__c": "Key-1"})
    error = refusal(api, "Contact", {"LastName": "Gil", "crmsync_key__c": "key-1"})
    assert error["errorCode"] == "DUPLICATE_VALUE"
    assert error["message"] == (
        f"duplicate value found: crmsync_key__c duplicates value on record with id: {first[:15]}"
    )
    own = api.patch(f"{DATA}/sobjects/Contact/{first}", json={"crmsync_key__c": "Key-1"})
    assert own.status_code == 204


def test_a_deleted_record_gives_its_key_free(api: httpx.Client, org: SalesforceWorld) -> None:
    first = org.put("Contact", {"LastName": "Ruiz", "crmsync_key__c": "k"})
    api.delete(f"{DATA}/sobjects/Contact/{first}")
    body = {"LastName": "Gil", "crmsync_key__c": "k"}
    assert api.post(f"{DATA}/sobjects/Contact", json=body).status_code == 201


def test_what_is_stored_is_trimmed_rounded_and_never_empty(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    body = {"Name": "  Uno ", "Fax": "", "AnnualRevenue": 1000.5, "NumberOfEmployees": "12"}
    id_ = api.post(f"{DATA}/sobjects/Account", json=body).json()["id"]
    row = org.tables.get("Account", id_) or {}
    assert [row[name] for name in body] == ["Uno", None, 1001.0, 12]


def test_instants_are_stored_in_utc(api: httpx.Client, org: SalesforceWorld) -> None:
    body = {"LastName": "Ruiz", "EmailBouncedDate": "2026-11-01T10:00:00+02:00"}
    id_ = api.post(f"{DATA}/sobjects/Contact", json=body).json()["id"]
    record = api.get(f"{DATA}/sobjects/Contact/{id_}").json()
    assert record["EmailBouncedDate"] == "2026-11-01T08:00:00.000+0000"
    assert record["IsEmailBounced"] is True


def test_defaults_fill_what_is_not_sent(api: httpx.Client, org: SalesforceWorld) -> None:
    body = {"LastName": "Ruiz", "Company": "Uno"}
    id_ = api.post(f"{DATA}/sobjects/Lead", json=body).json()["id"]
    record = api.get(f"{DATA}/sobjects/Lead/{id_}").json()
    assert record["Status"] == "Open - Not Contacted"
    assert record["HasOptedOutOfEmail"] is False
    assert record["OwnerId"] == org.user_id


def test_an_unrestricted_picklist_takes_any_value(api: httpx.Client) -> None:
    body = {"LastName": "Ruiz", "Company": "Uno", "Status": "Reciclado"}
    assert api.post(f"{DATA}/sobjects/Lead", json=body).status_code == 201


def test_an_inactive_user_cannot_own(api: httpx.Client, org: SalesforceWorld) -> None:
    values = {"LastName": "Gone", "Username": "gone@uno.example", "IsActive": False}
    user = org.put("User", values)
    error = refusal(api, "Account", {"Name": "Uno", "OwnerId": user})
    assert error["errorCode"] == "INACTIVE_OWNER_OR_USER"


def test_a_converted_lead_cannot_be_changed(api: httpx.Client, org: SalesforceWorld) -> None:
    lead = org.put("Lead", {"LastName": "Ruiz", "Company": "Uno", "IsConverted": True})
    answer = api.patch(f"{DATA}/sobjects/Lead/{lead}", json={"Title": "CEO"})
    assert answer.json() == [
        {"errorCode": "CANNOT_UPDATE_CONVERTED_LEAD", "message": "cannot reference converted lead"}
    ]


def test_a_parent_can_be_named_by_its_external_id(api: httpx.Client, org: SalesforceWorld) -> None:
    account = org.put("Account", {"Name": "Uno", "crmsync_key__c": "a-1"})
    body = {"LastName": "Ruiz", "Account": {"crmsync_key__c": "a-1"}}
    id_ = api.post(f"{DATA}/sobjects/Contact", json=body).json()["id"]
    assert api.get(f"{DATA}/sobjects/Contact/{id_}").json()["AccountId"] == account
    error = refusal(api, "Contact", {"LastName": "Gil", "Account": {"crmsync_key__c": "a-2"}})
    assert error["errorCode"] == "INVALID_FIELD"
    assert "Foreign key external ID: a-2 not found" in error["message"]


def test_the_org_itself_cannot_be_created_again(api: httpx.Client) -> None:
    error = refusal(api, "Organization", {"Name": "Two"})
    assert error["errorCode"] == "INVALID_TYPE_FOR_OPERATION"


@pytest.mark.parametrize("content", [b"{", b"[]", b""])
def test_a_body_that_is_no_object_is_a_parser_error(api: httpx.Client, content: bytes) -> None:
    answer = api.post(f"{DATA}/sobjects/Contact", content=content)
    assert answer.status_code == 400
    assert answer.json()[0]["errorCode"] == "JSON_PARSER_ERROR"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/composite", {"compositeRequest": ["x"]}),
        ("POST", "/composite", {"compositeRequest": [{"referenceId": "a", "url": "nowhere"}]}),
        ("POST", "/composite", {"compositeRequest": [{"referenceId": "a", "httpHeaders": 1}]}),
        ("POST", "/composite/sobjects", {"records": [{"attributes": "Contact"}]}),
        ("POST", "/composite/sobjects", {"records": {"a": 1}}),
        ("POST", "/composite/sobjects/Contact", {"ids": [1, None], "fields": [2]}),
        ("POST", "/sobjects/Contact", {"LastName": "R", "Birthdate": "0001-01-01"}),
        ("POST", "/sobjects/Contact", {"LastName": ["R"], "Account": {"Name": {}}}),
        (
            "POST",
            "/sobjects/Contact",
            {"LastName": "R", "EmailBouncedDate": "0001-01-01T00:00+14:00"},
        ),
        ("GET", "/query/01g-²", None),
        ("GET", f"/query?q=SELECT+Id+FROM+User+LIMIT+{'9' * 5000}", None),
        ("GET", f"/query?q=SELECT+Id+FROM+User+WHERE+{'(' * 5000}", None),
        ("GET", "/query?q=%FF%00", None),
        ("GET", "/sobjects/Contact/%2F%00", None),
    ],
)
def test_hostile_input_is_an_error_of_the_caller(
    api: httpx.Client, method: str, path: str, body: Any
) -> None:
    answer = api.request(method, DATA + path, json=body)
    found = answer.json()
    if "compositeResponse" in found:
        assert found["compositeResponse"][0]["httpStatusCode"] == 400
    else:
        assert 400 <= answer.status_code < 500
        assert found[0]["errorCode"]


def test_a_token_that_is_no_ascii_is_merely_wrong(api: httpx.Client) -> None:
    headers = {b"Authorization": "Bearer ñ".encode()}
    assert api.get(f"{DATA}/limits", headers=headers).status_code == 401
