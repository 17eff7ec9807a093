from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from crmsync.sandbox.salesforce.world import SalesforceWorld

DATA = "/services/data/v67.0"

CONTACTS = f"{DATA}/sobjects/Contact"


def test_a_create_answers_201_with_id_and_location(api: httpx.Client) -> None:
    answer = api.post(f"{CONTACTS}/", json={"LastName": "Ruiz"})
    assert answer.status_code == 201
    id_ = answer.json()["id"]
    assert answer.json() == {"id": id_, "success": True, "errors": []}
    assert answer.headers["Location"] == f"{CONTACTS}/{id_}"
    assert len(id_) == 18
    assert id_.startswith("003")


def test_a_record_shows_all_fields_attributes_first(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    values = {"FirstName": "Ana", "LastName": "Ruiz", "MailingCity": "Lugo"}
    id_ = org.put("Contact", values)
    record = api.get(f"{CONTACTS}/{id_}").json()
    assert next(iter(record)) == "attributes"
    assert record["attributes"] == {"type": "Contact", "url": f"{CONTACTS}/{id_}"}
    assert record["Name"] == "Ana Ruiz"
    assert record["MailingAddress"]["city"] == "Lugo"
    assert record["OtherAddress"] is None
    assert record["CreatedDate"] == "2026-11-20T09:30:00.000+0000"
    assert record["IsDeleted"] is False


def test_only_the_fields_asked_for_are_shown(api: httpx.Client, org: SalesforceWorld) -> None:
    id_ = org.put("Contact", {"LastName": "Ruiz", "Phone": "911"})
    record = api.get(f"{CONTACTS}/{id_}", params={"fields": "Phone,LastName"}).json()
    assert list(record) == ["attributes", "Phone", "LastName"]
    assert api.get(f"{CONTACTS}/{id_}", params={"fields": "Nope"}).status_code == 400


def test_a_record_answers_to_its_15_character_id(api: httpx.Client, org: SalesforceWorld) -> None:
    id_ = org.put("Contact", {"LastName": "Ruiz"})
    assert api.get(f"{CONTACTS}/{id_[:15]}").json()["Id"] == id_


@pytest.mark.parametrize("id_", ["003Sb0000000zzzIAA", "nonsense"])
def test_a_record_there_is_not_is_404(api: httpx.Client, id_: str) -> None:
    answer = api.get(f"{CONTACTS}/{id_}")
    assert answer.status_code == 404
    assert answer.json()[0]["errorCode"] == "NOT_FOUND"


def test_an_update_answers_204_and_moves_the_stamps(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    id_ = org.put("Contact", {"FirstName": "Ana", "LastName": "Ruiz"})
    org.clock.advance(90)
    answer = api.patch(f"{CONTACTS}/{id_}", json={"LastName": "Gil", "FirstName": None})
    assert (answer.status_code, answer.content) == (204, b"")
    record = api.get(f"{CONTACTS}/{id_}").json()
    assert (record["Name"], record["FirstName"]) == ("Gil", None)
    assert record["CreatedDate"] == "2026-11-20T09:30:00.000+0000"
    assert record["LastModifiedDate"] == record["SystemModstamp"] == "2026-11-20T09:31:30.000+0000"


def test_a_delete_hides_the_record(api: httpx.Client, org: SalesforceWorld) -> None:
    id_ = org.put("Contact", {"LastName": "Ruiz"})
    assert api.delete(f"{CONTACTS}/{id_}").status_code == 204
    assert api.get(f"{CONTACTS}/{id_}").status_code == 404
    again = api.delete(f"{CONTACTS}/{id_}")
    assert (again.status_code, again.json()[0]["errorCode"]) == (404, "ENTITY_IS_DELETED")
    update = api.patch(f"{CONTACTS}/{id_}", json={"LastName": "Gil"})
    assert update.json()[0]["errorCode"] == "ENTITY_IS_DELETED"


def test_deleting_an_account_takes_contacts_deals_and_roles_along(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    account = org.put("Account", {"Name": "Uno"})
    contact = org.put("Contact", {"LastName": "Ruiz", "AccountId": account})
    deal = org.put("Opportunity", {"Name": "Uno", "AccountId": account, "StageName": "Prospecting"})
    org.put("OpportunityContactRole", {"OpportunityId": deal, "ContactId": contact})
    api.delete(f"{DATA}/sobjects/Account/{account}")
    for name in ("Account", "Contact", "Opportunity", "OpportunityContactRole"):
        query = f"SELECT Id, IsDeleted FROM {name}"
        assert api.get(f"{DATA}/query", params={"q": query}).json()["totalSize"] == 0
        binned = api.get(f"{DATA}/queryAll", params={"q": query}).json()["records"]
        assert [row["IsDeleted"] for row in binned] == [True]


def test_a_role_deleted_by_itself_is_in_no_query_all(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    contact = org.put("Contact", {"LastName": "Ruiz"})
    deal = org.put("Opportunity", {"Name": "Uno", "StageName": "Prospecting"})
    role = org.put("OpportunityContactRole", {"OpportunityId": deal, "ContactId": contact})
    assert api.delete(f"{DATA}/sobjects/OpportunityContactRole/{role}").status_code == 204
    query = {"q": "SELECT Id FROM OpportunityContactRole"}
    assert api.get(f"{DATA}/queryAll", params=query).json()["totalSize"] == 0


def test_a_user_cannot_be_deleted(api: httpx.Client, org: SalesforceWorld) -> None:
    answer = api.delete(f"{DATA}/sobjects/User/{org.user_id}")
    assert answer.status_code == 403
    assert answer.json()[0]["errorCode"] == "INSUFFICIENT_ACCESS_OR_READONLY"


def test_upsert_creates_then_updates(api: httpx.Client) -> None:
    path = f"{CONTACTS}/crmsync_key__c/k-1"
    created = api.patch(path, json={"LastName": "Ruiz"})
    assert (created.status_code, created.json()["created"]) == (201, True)
    updated = api.patch(path, json={"Title": "CEO"})
    assert (updated.status_code, updated.json()["created"]) == (200, False)
    assert updated.json()["id"] == created.json()["id"]
    record = api.get(path).json()
    assert (record["LastName"], record["Title"]) == ("Ruiz", "CEO")
    assert record["crmsync_key__c"] == "k-1"


def test_upsert_on_a_shared_email_answers_300_and_writes_nothing(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    ids = [org.put("Contact", {"LastName": name, "Email": "a@uno.example"}) for name in "AB"]
    path = f"{CONTACTS}/Email/A@uno.example"
    several = [f"{CONTACTS}/{id_}" for id_ in ids]
    answer = api.patch(path, json={"Title": "CEO"})
    assert (answer.status_code, answer.json()) == (300, several)
    assert (api.get(path).status_code, api.get(path).json()) == (300, several)
    assert api.get(several[0]).json()["Title"] is None


def test_upsert_with_update_only_creates_nothing(api: httpx.Client) -> None:
    path = f"{CONTACTS}/crmsync_key__c/k-1"
    answer = api.patch(path, json={"LastName": "Ruiz"}, params={"updateOnly": "true"})
    assert answer.status_code == 404
    assert api.get(path).status_code == 404


def test_upsert_by_a_field_that_is_no_key_is_404(api: httpx.Client) -> None:
    answer = api.patch(f"{CONTACTS}/Phone/911", json={"LastName": "Ruiz"})
    assert answer.status_code == 404
    assert answer.json() == [
        {
            "message": "Provided external ID field does not exist or is not accessible: Phone",
            "errorCode": "NOT_FOUND",
        }
    ]


def test_the_key_of_an_upsert_may_not_be_in_the_body(api: httpx.Client) -> None:
    body = {"LastName": "Ruiz", "crmsync_key__c": "k-1"}
    answer = api.patch(f"{CONTACTS}/crmsync_key__c/k-1", json=body)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_FIELD")


def test_a_key_may_hold_any_character(api: httpx.Client) -> None:
    path = f"{CONTACTS}/crmsync_key__c/a%20b%2Fc%2Bd%C3%B1"
    api.patch(path, json={"LastName": "Ruiz"})
    assert api.get(path).json()["crmsync_key__c"] == "a b/c+dñ"


def test_post_on_id_creates(api: httpx.Client) -> None:
    assert api.post(f"{CONTACTS}/Id", json={"LastName": "Ruiz"}).status_code == 201


def test_a_stale_conditional_update_is_412_and_writes_nothing(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    id_ = org.put("Contact", {"LastName": "Ruiz"})
    read = api.get(f"{CONTACTS}/{id_}")
    assert read.headers["Last-Modified"] == "Fri, 20 Nov 2026 09:30:00 GMT"
    headers = {"If-Unmodified-Since": read.headers["Last-Modified"]}
    org.clock.advance(1)
    assert api.patch(f"{CONTACTS}/{id_}", json={"Title": "A"}, headers=headers).status_code == 204
    assert api.patch(f"{CONTACTS}/{id_}", json={"Title": "B"}, headers=headers).status_code == 412
    assert api.get(f"{CONTACTS}/{id_}").json()["Title"] == "A"


def test_a_condition_that_is_no_date_is_400(api: httpx.Client, org: SalesforceWorld) -> None:
    id_ = org.put("Contact", {"LastName": "Ruiz"})
    headers = {"If-Unmodified-Since": "yesterday"}
    assert api.patch(f"{CONTACTS}/{id_}", json={}, headers=headers).status_code == 400


def test_a_record_already_held_is_not_sent_again(api: httpx.Client, org: SalesforceWorld) -> None:
    id_ = org.put("Contact", {"LastName": "Ruiz"})
    since = {"If-Modified-Since": api.get(f"{CONTACTS}/{id_}").headers["Last-Modified"]}
    assert api.get(f"{CONTACTS}/{id_}", headers=since).status_code == 304


def test_only_accounts_have_an_etag(api: httpx.Client, org: SalesforceWorld) -> None:
    account = f"{DATA}/sobjects/Account/{org.put('Account', {'Name': 'Uno'})}"
    contact = f"{CONTACTS}/{org.put('Contact', {'LastName': 'Ruiz'})}"
    tag = api.get(account).headers["ETag"]
    assert len(tag) == 46
    assert "ETag" not in api.get(contact).headers
    assert api.get(account, headers={"If-None-Match": tag}).status_code == 304
    assert api.patch(account, json={"Fax": "1"}, headers={"If-Match": tag}).status_code == 204
    assert api.patch(account, json={"Fax": "2"}, headers={"If-Match": tag}).status_code == 412


def test_a_method_a_path_has_not_is_405(api: httpx.Client) -> None:
    answer = api.put(f"{CONTACTS}/003000000000000", json={})
    assert answer.status_code == 405
    assert answer.json()[0]["errorCode"] == "METHOD_NOT_ALLOWED"


def test_the_stage_decides_what_it_decides(api: httpx.Client, org: SalesforceWorld) -> None:
    body = {"Name": "Uno", "StageName": "Prospecting", "CloseDate": "2026-12-31", "Amount": 1000}
    path = (
        f"{DATA}/sobjects/Opportunity/"
        + api.post(f"{DATA}/sobjects/Opportunity", json=body).json()["id"]
    )
    names = ("IsWon", "IsClosed", "Probability", "ForecastCategory", "ForecastCategoryName")
    record = api.get(path).json()
    assert [record[name] for name in names] == [False, False, 10.0, "Pipeline", "Pipeline"]
    assert (record["ExpectedRevenue"], record["Fiscal"]) == (100.0, "2026 4")
    api.patch(path, json={"StageName": "Closed Won"})
    record = api.get(path).json()
    assert [record[name] for name in names] == [True, True, 100.0, "Closed", "Closed"]
    api.patch(path, json={"StageName": "In Progress", "Probability": 33})
    record = api.get(path).json()
    assert [record[name] for name in names] == [False, False, 33.0, "Pipeline", "Pipeline"]


def test_a_deal_has_at_most_one_primary_role(api: httpx.Client, org: SalesforceWorld) -> None:
    ids = [org.put("Contact", {"LastName": name}) for name in "AB"]
    body = {"Name": "U", "StageName": "Prospecting", "CloseDate": "2026-12-31", "ContactId": ids[0]}
    deal = api.post(f"{DATA}/sobjects/Opportunity", json=body).json()["id"]
    role = {"OpportunityId": deal, "ContactId": ids[1], "IsPrimary": True}
    api.post(f"{DATA}/sobjects/OpportunityContactRole", json=role)
    query = {"q": "SELECT ContactId, IsPrimary FROM OpportunityContactRole ORDER BY Id"}
    found = api.get(f"{DATA}/query", params=query).json()["records"]
    assert [(row["ContactId"], row["IsPrimary"]) for row in found] == [
        (ids[0], False),
        (ids[1], True),
    ]
    assert api.get(f"{DATA}/sobjects/Opportunity/{deal}").json()["ContactId"] == ids[1]


def test_put_backdates_and_validates_nothing(org: SalesforceWorld) -> None:
    values = {"Email": "no email", "createddate": "2020-01-02T03:04:05Z", "Phone": ""}
    id_ = org.put("CONTACT", values, id="003000000000001")
    row = org.tables.get("Contact", id_)
    assert row is not None
    assert id_ == "003000000000001AAA"
    assert (row["Email"], row["Phone"]) == ("no email", None)
    stamps = {row[name] for name in ("CreatedDate", "LastModifiedDate", "SystemModstamp")}
    assert stamps == {"2020-01-02T03:04:05.000+0000"}
    assert row["OwnerId"] == row["CreatedById"] == org.user_id


def test_put_on_an_existing_row_lays_values_over_it(org: SalesforceWorld) -> None:
    id_ = org.put("Contact", {"LastName": "Ruiz", "Phone": "911"})
    org.clock.advance(60)
    org.put("Contact", {"Phone": "912"}, id=id_)
    row = org.tables.get("Contact", id_) or {}
    assert (row["LastName"], row["Phone"]) == ("Ruiz", "912")
    assert row["LastModifiedDate"] == "2026-11-20T09:31:00.000+0000"
    later = org.clock.now() + timedelta(minutes=5)
    org.put("Contact", {"SystemModstamp": later}, id=id_)
    row = org.tables.get("Contact", id_) or {}
    assert row["LastModifiedDate"] == "2026-11-20T09:31:00.000+0000"
    assert row["SystemModstamp"] == "2026-11-20T09:36:00.000+0000"


@pytest.mark.parametrize(
    ("name", "values", "id_", "message"),
    [
        ("Widget", {}, None, "no object 'Widget'"),
        ("Contact", {"Nope": 1}, None, "no field 'Nope'"),
        ("Contact", {"LastName": "Ruiz"}, "001000000000001", "is no id of Contact"),
        ("Contact", {"Birthdate": "soon"}, None, "Birthdate: Cannot deserialize"),
    ],
)
def test_put_refuses_what_the_org_has_no_place_for(
    org: SalesforceWorld, name: str, values: dict[str, object], id_: str | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        org.put(name, values, id=id_)
