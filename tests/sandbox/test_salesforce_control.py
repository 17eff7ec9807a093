from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
from simple_salesforce.exceptions import (
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceResourceNotFound,
)

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Tables

DATA = "/services/data/v67.0"


@pytest.fixture
def control(org_url: str) -> Iterator[httpx.Client]:
    """The side door: no token."""
    with httpx.Client(base_url=f"{org_url}/__control__/", trust_env=False) as client:
        yield client


def test_rows_are_put_and_their_ids_told(control: httpx.Client, org: SalesforceWorld) -> None:
    records = [{"Name": "Uno"}, {"Name": "Dos", "id": "001000000000007"}]
    answer = control.post("put", json={"object": "account", "records": records})
    assert answer.json()["ids"] == org.tables.ids("Account")
    assert answer.json()["ids"][1] == "001000000000007AAA"


def test_a_put_that_makes_no_sense_is_400(control: httpx.Client) -> None:
    answer = control.post("put", json={"object": "Widget", "records": [{"Name": "Uno"}]})
    assert answer.status_code == 400
    assert "Widget" in answer.json()["error"]


def test_a_state_can_be_dumped_changed_and_restored(
    control: httpx.Client, api: httpx.Client, org: SalesforceWorld
) -> None:
    org.put("Contact", {"LastName": "Ruiz", "crmsync_key__c": "k"})
    org.define_field("Contact", "Score__c", "double")
    state = control.get("state").json()
    org.put("Contact", {"LastName": "Gil"})
    org.define_field("Contact", "Other__c", "double")
    api.patch(f"{DATA}/sobjects/Contact/crmsync_key__c/k", json={"LastName": "Changed"})
    assert control.put("state", content=control.get("state").content).status_code == 204
    assert org.tables.count("Contact") == 2
    control.put("state", json=state)
    found = api.get(f"{DATA}/query", params={"q": "SELECT LastName, Score__c FROM Contact"}).json()
    assert [row["LastName"] for row in found["records"]] == ["Ruiz"]
    assert api.get(f"{DATA}/query", params={"q": "SELECT Other__c FROM Contact"}).status_code == 400
    assert api.get(f"{DATA}/sobjects/Contact/crmsync_key__c/k").json()["LastName"] == "Ruiz"
    assert control.get("state").json() == state


def test_an_empty_state_is_an_empty_org(
    control: httpx.Client, api: httpx.Client, org: SalesforceWorld
) -> None:
    org.put("Contact", {"LastName": "Ruiz"})
    control.put("state", json={})
    founded = {"BusinessHours", "LeadStatus", "OpportunityStage", "Organization", "User"}
    assert set(org.tables.objects()) == {*founded, "CustomField", "~secrets"}
    assert api.get(f"{DATA}/query", params={"q": "SELECT Id FROM User"}).json()["totalSize"] == 1


def test_the_clock_is_set_frozen_and_advanced(control: httpx.Client, org: SalesforceWorld) -> None:
    control.post("clock", json={"freeze": "2027-01-01T00:00:00Z"})
    answer = control.post("clock", json={"advance": 90})
    assert answer.json() == {"now": "2027-01-01T00:01:30+00:00"}
    assert org.stamp() == "2027-01-01T00:01:30.000+0000"
    control.post("clock", json={"set": "2028-01-01T00:00:00+02:00"})
    assert org.stamp().startswith("2027-12-31T22:00:0")
    assert org.clock.frozen_at is None
    assert control.post("clock", json={"stop": 1}).status_code == 400


def test_requests_are_logged_without_those_of_the_side_door(
    control: httpx.Client, api: httpx.Client
) -> None:
    api.get(f"{DATA}/query", params={"q": "SELECT Id FROM Contact"})
    api.post(f"{DATA}/sobjects/Contact", json={})
    assert control.get("requests").json() == [
        {
            "method": "GET",
            "path": f"{DATA}/query",
            "query": "q=SELECT+Id+FROM+Contact",
            "status": 200,
            "headers": {},
        },
        {
            "method": "POST",
            "path": f"{DATA}/sobjects/Contact",
            "query": "",
            "status": 400,
            "headers": {},
        },
    ]
    control.delete("requests")
    assert control.get("requests").json() == []


def test_fields_are_hidden_and_shown_from_outside(control: httpx.Client, api: httpx.Client) -> None:
    query = {"q": "SELECT Email FROM Contact"}
    field = {"object": "Contact", "field": "Email"}
    control.post("hide_field", json=field)
    assert api.get(f"{DATA}/query", params=query).status_code == 400
    control.post("show_field", json=field)
    assert api.get(f"{DATA}/query", params=query).status_code == 200
    unknown = control.post("hide_field", json={"object": "Contact", "field": "Nope"})
    assert unknown.status_code == 400


def test_fields_are_defined_from_outside(control: httpx.Client, api: httpx.Client) -> None:
    args = ["Contact", "Score__c", "double", {"label": "Score"}]
    assert control.post("call", json={"method": "define_field", "args": args}).status_code == 200
    query = {"q": "SELECT Score__c FROM Contact"}
    assert api.get(f"{DATA}/query", params=query).status_code == 200


def test_an_answered_write_is_in_the_file(
    tmp_path: Path, switchboard: object, org: SalesforceWorld
) -> None:
    file = tmp_path / "org.db"
    world = SalesforceWorld(Tables("salesforce", file), Clock())
    world.define_field("Lead", "Score__c", "reference", referenceTo=["Contact"])
    world.hide_field("Lead", "Fax")
    kept = world.put("Lead", {"LastName": "Ruiz", "Company": "Uno"})
    world.tables.commit()
    again = SalesforceWorld(Tables("salesforce", file), Clock())
    assert again.token == world.token
    assert again.client_secret == world.client_secret
    assert again.org_id == world.org_id
    assert again.tables.get("Lead", kept) == world.tables.get("Lead", kept)
    assert again.shapes == world.shapes
    assert again.put("Lead", {"LastName": "Gil", "Company": "Uno"}) > kept


def test_simple_salesforce_writes_single_records(sf: Any, org: SalesforceWorld) -> None:
    created = sf.Contact.create({"LastName": "Ruiz", "Email": "a@uno.example"})
    assert created["success"]
    assert sf.Contact.update(created["id"], {"Title": "CEO"}) == 204
    assert sf.Contact.get(created["id"])["Title"] == "CEO"
    assert sf.Contact.upsert("crmsync_key__c/k-1", {"LastName": "Gil"}) == 201
    assert sf.Contact.upsert("crmsync_key__c/k-1", {"Title": "CFO"}) == 200
    assert sf.Contact.get_by_custom_id("crmsync_key__c", "k-1")["Title"] == "CFO"
    assert sf.Contact.delete(created["id"]) == 204
    with pytest.raises(SalesforceResourceNotFound):
        sf.Contact.get(created["id"])
    with pytest.raises(SalesforceMalformedRequest) as caught:
        sf.Contact.create({"LastName": "Ruiz", "Email": "x"})
    content: Any = caught.value.content
    assert content[0]["errorCode"] == "INVALID_EMAIL_ADDRESS"
    for _ in range(2):
        org.put("Contact", {"LastName": "Doble", "Email": "dos@uno.example"})
    with pytest.raises(SalesforceMoreThanOneRecord):
        sf.Contact.upsert("Email/dos@uno.example", {"Title": "CEO"})


def test_simple_salesforce_reads_its_limits(sf: Any, loopback: requests.Session) -> None:
    assert sf.limits()["DailyApiRequests"]["Max"] == 115_000
    sf.query("SELECT Id FROM User")
    assert sf.api_usage["api-usage"].used == 2
