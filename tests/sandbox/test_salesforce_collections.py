from __future__ import annotations

from typing import Any

import httpx

from crmsync.sandbox.salesforce.world import SalesforceWorld

DATA = "/services/data/v67.0"

COLLECTION = f"{DATA}/composite/sobjects"


def contact(**values: Any) -> dict[str, Any]:
    return {"attributes": {"type": "Contact"}, **values}


def test_results_come_in_request_order_and_a_failed_item_has_no_id(api: httpx.Client) -> None:
    records = [contact(LastName="Ruiz"), contact(LastName="Gil", Email="badone"), contact()]
    answer = api.post(COLLECTION, json={"allOrNone": False, "records": records})
    assert answer.status_code == 200
    first, second, third = answer.json()
    assert first == {"id": first["id"], "success": True, "errors": []}
    assert second == {
        "success": False,
        "errors": [
            {
                "statusCode": "INVALID_EMAIL_ADDRESS",
                "message": "Email: invalid email address: badone",
                "fields": ["Email"],
            }
        ],
    }
    assert third["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"


def test_all_or_none_rolls_back_the_innocent(api: httpx.Client, org: SalesforceWorld) -> None:
    kept = org.put("Contact", {"LastName": "Ruiz", "Email": "a@uno.example"})
    records = [contact(Id=kept, LastName="Gil", Email="b@uno.example"), contact(Id=kept, Email="x")]
    answer = api.patch(COLLECTION, json={"allOrNone": True, "records": records})
    codes = [item["errors"][0]["statusCode"] for item in answer.json()]
    assert codes == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "INVALID_EMAIL_ADDRESS"]
    assert (org.tables.get("Contact", kept) or {})["LastName"] == "Ruiz"
    found = api.get(f"{DATA}/sobjects/Contact/Email/a@uno.example")
    assert found.json()["Id"] == kept
    assert api.get(f"{DATA}/sobjects/Contact/Email/b@uno.example").status_code == 404


def test_all_or_none_leaves_no_created_record_behind(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    records = [contact(LastName="Ruiz"), contact()]
    api.post(COLLECTION, json={"allOrNone": True, "records": records})
    assert org.tables.count("Contact") == 0


def test_updates_take_id_in_either_spelling(api: httpx.Client, org: SalesforceWorld) -> None:
    ids = [org.put("Contact", {"LastName": name}) for name in "AB"]
    records = [contact(id=ids[0], Title="CEO"), contact(Id=ids[1][:15], Title="CFO")]
    answer = api.patch(COLLECTION, json={"records": records}).json()
    assert [item["id"] for item in answer] == ids
    assert [(org.tables.get("Contact", id_) or {})["Title"] for id_ in ids] == ["CEO", "CFO"]


def test_an_update_of_nothing_fails_in_its_item(api: httpx.Client, org: SalesforceWorld) -> None:
    gone = org.put("Contact", {"LastName": "Gone"})
    api.delete(f"{DATA}/sobjects/Contact/{gone}")
    ids = ["003000000000009", "nonsense", gone, None]
    records = [contact(Id=id_, Title="CEO") for id_ in ids]
    answer = api.patch(COLLECTION, json={"records": records}).json()
    assert [item["errors"][0]["statusCode"] for item in answer] == [
        "INVALID_CROSS_REFERENCE_KEY",
        "MALFORMED_ID",
        "ENTITY_IS_DELETED",
        "MISSING_ARGUMENT",
    ]


def test_upserts_tell_which_were_created(api: httpx.Client, org: SalesforceWorld) -> None:
    known = org.put("Contact", {"LastName": "Ruiz", "crmsync_key__c": "k-1"})
    records = [
        contact(crmsync_key__c="K-1", Title="CEO"),
        contact(crmsync_key__c="k-2", LastName="Gil"),
        contact(crmsync_key__c="k-3"),
        contact(LastName="Sin clave"),
    ]
    path = f"{COLLECTION}/Contact/crmsync_key__c"
    first, second, third, fourth = api.patch(path, json={"records": records}).json()
    assert first == {"id": known, "success": True, "errors": [], "created": False}
    assert second["created"] is True
    assert third["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    assert "created" not in third
    assert fourth["errors"][0]["statusCode"] == "MISSING_ARGUMENT"


def test_a_key_given_twice_in_one_upsert_fails_both(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    records = [contact(crmsync_key__c="k", LastName=name) for name in "AB"]
    answer = api.patch(f"{COLLECTION}/Contact/crmsync_key__c", json={"records": records}).json()
    assert [item["errors"][0]["statusCode"] for item in answer] == ["DUPLICATE_VALUE"] * 2
    assert org.tables.count("Contact") == 0


def test_an_upsert_by_a_shared_email_fails_in_its_item(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    for name in "AB":
        org.put("Contact", {"LastName": name, "Email": "a@uno.example"})
    records = [contact(Email="a@uno.example", Title="CEO")]
    (item,) = api.patch(f"{COLLECTION}/Contact/Email", json={"records": records}).json()
    assert item["errors"][0]["statusCode"] == "DUPLICATE_EXTERNAL_ID"


def test_an_upsert_by_a_null_id_creates(api: httpx.Client) -> None:
    records = [contact(Id=None, LastName="Ruiz")]
    (item,) = api.patch(f"{COLLECTION}/Contact/Id", json={"records": records}).json()
    assert (item["success"], item["created"]) == (True, True)


def test_deletes_answer_item_by_item(api: httpx.Client, org: SalesforceWorld) -> None:
    contact_id = org.put("Contact", {"LastName": "Ruiz"})
    lead_id = org.put("Lead", {"LastName": "Gil", "Company": "Uno"})
    ids = f"{contact_id},003000000000009,{lead_id},nonsense"
    answer = api.delete(COLLECTION, params={"ids": ids, "allOrNone": "false"}).json()
    assert [item["success"] for item in answer] == [True, False, True, False]
    assert (org.tables.get("Lead", lead_id) or {})["IsDeleted"] is True


def test_records_are_retrieved_in_the_order_of_the_ids(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    one, two = (org.put("Contact", {"LastName": name}) for name in "AB")
    ids = [two, "003000000000009AAA", one]
    by_get = api.get(
        f"{COLLECTION}/Contact", params={"ids": ",".join(ids), "fields": "id,LastName"}
    )
    by_post = api.post(f"{COLLECTION}/Contact", json={"ids": ids, "fields": ["id", "LastName"]})
    assert by_get.json() == by_post.json()
    found = by_get.json()
    assert [row and row["LastName"] for row in found] == ["B", None, "A"]
    assert list(found[0]) == ["attributes", "Id", "LastName"]


def test_an_unknown_field_fails_a_whole_retrieve(api: httpx.Client) -> None:
    answer = api.post(f"{COLLECTION}/Contact", json={"ids": [], "fields": ["Nope"]})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_FIELD")


def test_more_than_200_records_are_refused(api: httpx.Client, org: SalesforceWorld) -> None:
    records = [contact(LastName=str(number)) for number in range(201)]
    answer = api.post(COLLECTION, json={"records": records})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "EXCEEDED_ID_LIMIT")
    assert org.tables.count("Contact") == 0
    assert len(api.post(COLLECTION, json={"records": records[:200]}).json()) == 200


def test_more_than_ten_chunks_are_refused(api: httpx.Client, org: SalesforceWorld) -> None:
    account = {"attributes": {"type": "Account"}, "Name": "Uno"}
    records = [contact(LastName="Ruiz"), account] * 5
    assert all(item["success"] for item in api.post(COLLECTION, json={"records": records}).json())
    answer = api.post(COLLECTION, json={"records": [*records, contact(LastName="Gil")]})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "LIMIT_EXCEEDED")


def test_a_call_without_records_is_malformed(api: httpx.Client) -> None:
    assert api.post(COLLECTION, json={"allOrNone": False}).status_code == 400


def test_simple_salesforce_drives_collections(sf: Any, org: SalesforceWorld) -> None:
    body = {"allOrNone": False, "records": [contact(LastName="Ruiz"), contact(Email="x@")]}
    created = sf.restful("composite/sobjects", method="POST", json=body)
    assert [item["success"] for item in created] == [True, False]
    body = {"records": [contact(Id=created[0]["id"], Title="CEO")]}
    (updated,) = sf.restful("composite/sobjects", method="PATCH", json=body)
    assert updated["success"]
    path = "composite/sobjects/Contact/crmsync_key__c"
    body = {"records": [contact(crmsync_key__c="k", LastName="Gil")]}
    (upserted,) = sf.restful(path, method="PATCH", json=body)
    assert upserted["created"]
    ids = {"ids": f"{created[0]['id']},{upserted['id']}"}
    deleted = sf.restful("composite/sobjects", params=ids, method="DELETE")
    assert [item["success"] for item in deleted] == [True, True]
