"""Flows that change what was written, on every way of writing, as saves of their own."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from crmsync.sandbox.salesforce.world import SalesforceWorld

DATA = "/services/data/v67.0"


def flow(api: httpx.Client, field: str, action: str, **more: Any) -> str:
    object_, _, name = field.partition(".")
    does = {"field": name, "action": action, **more}
    body = {"kind": "flow", "name": f"{name}_{action}", "object": object_, "does": does}
    answer = api.post("/__control__/declare", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def create(api: httpx.Client, object_: str, **values: Any) -> str:
    answer = api.post(f"{DATA}/sobjects/{object_}", json=values)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


DEAL = {"Name": "Deal", "StageName": "Prospecting", "CloseDate": "2027-01-31"}


@pytest.mark.parametrize(
    ("field", "action", "value", "written", "held"),
    [
        ("Contact.Title", "upper", None, "ceo", "CEO"),
        ("Contact.Title", "lower", None, "CEO", "ceo"),
        ("Contact.Title", "title", None, "sales lead", "Sales Lead"),
        ("Contact.Title", "fight", "Mine", "Yours", "Mine"),
        ("Contact.Title", "fill", "None given", None, "None given"),
        ("Contact.Title", "fill", "None given", "CEO", "CEO"),
        ("Opportunity.Amount", "round", "0", 10.6, 11.0),
    ],
)
def test_a_flow_changes_what_was_written(
    api: httpx.Client, org: SalesforceWorld, field: str, action: str, value: Any, written: Any, held: Any
) -> None:  # fmt: skip
    flow(api, field, action, value=value)
    object_, _, name = field.partition(".")
    required = DEAL if object_ == "Opportunity" else {"LastName": "Ruiz"}
    id_ = create(api, object_, **required, **{name: written})
    assert (org.rows.get(object_, id_) or {})[name] == held


def test_it_runs_on_every_way_of_writing(api: httpx.Client, org: SalesforceWorld) -> None:
    flow(api, "Contact.LastName", "upper")
    one = {"attributes": {"type": "Contact"}, "LastName": "one"}
    api.post(f"{DATA}/composite/sobjects", json={"records": [one]})
    api.patch(f"{DATA}/sobjects/Contact/crmsync_key__c/k", json={"LastName": "two"})
    tree = {**one, "attributes": {"type": "Contact", "referenceId": "r"}, "LastName": "three"}
    api.post(f"{DATA}/composite/tree/Contact", json={"records": [tree]})
    job = api.post(f"{DATA}/jobs/ingest", json={"object": "Contact", "operation": "insert"}).json()
    csv = {"Content-Type": "text/csv"}
    api.put(f"{DATA}/jobs/ingest/{job['id']}/batches", content=b"LastName\nfour\n", headers=csv)
    api.patch(f"{DATA}/jobs/ingest/{job['id']}", json={"state": "UploadComplete"})
    while api.get(f"{DATA}/jobs/ingest/{job['id']}").json()["state"] != "JobComplete":
        pass
    names = [row["LastName"] for _, row in org.tables.rows("Contact")]
    assert names == ["ONE", "TWO", "THREE", "FOUR"]
    org.put("Contact", {"LastName": "imported"})
    assert "imported" in [row["LastName"] for _, row in org.tables.rows("Contact")]


def test_a_copy_reaches_the_record_it_points_to_and_its_flows(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    flow(api, "Contact.Title", "copy", to="AccountId.Description")
    flow(api, "Account.Description", "upper")
    account = create(api, "Account", Name="Acme")
    org.clock.advance(60)
    contact = create(api, "Contact", LastName="Ruiz", Title="ceo", AccountId=account)
    row = org.rows.get("Account", account) or {}
    assert (row["Description"], row["SystemModstamp"]) == ("CEO", org.stamp())
    api.patch(f"{DATA}/sobjects/Contact/{contact}", json={"AccountId": None, "Title": "cto"})
    assert (org.rows.get("Account", account) or {})["Description"] == "CEO"


def test_a_flow_moves_stamps_as_a_save_does_and_may_run_as_somebody_else(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    robot = org.put("User", {"LastName": "Automated Process"})
    flow(api, "Contact.Title", "fight", value="Mine", by=robot)
    id_ = create(api, "Contact", LastName="Ruiz", Title="Mine")
    assert (org.rows.get("Contact", id_) or {})["LastModifiedById"] == org.user_id
    org.clock.advance(60)
    api.patch(f"{DATA}/sobjects/Contact/{id_}", json={"Title": "Yours"})
    row = org.rows.get("Contact", id_) or {}
    assert (row["Title"], row["LastModifiedById"]) == ("Mine", robot)
    assert row["LastModifiedDate"] == row["SystemModstamp"] == org.stamp()


def test_what_was_rolled_back_takes_its_automations_along(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    flow(api, "Contact.Title", "copy", to="AccountId.Description")
    account = create(api, "Account", Name="Acme")
    kind = {"attributes": {"type": "Contact"}}
    records = [{**kind, "LastName": "Ruiz", "Title": "ceo", "AccountId": account}, kind]
    api.post(f"{DATA}/composite/sobjects", json={"allOrNone": True, "records": records})
    assert (org.rows.get("Account", account) or {}).get("Description") is None


def test_it_is_listed_as_a_flow_and_can_be_turned_off(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    id_ = flow(api, "Contact.Title", "upper")
    soql = "SELECT Id, MasterLabel FROM Flow WHERE Status = 'Active'"
    found = api.get(f"{DATA}/tooling/query", params={"q": soql}).json()["records"]
    assert [(row["Id"], row["MasterLabel"]) for row in found] == [(id_, "Title_upper")]
    does = {"field": "Title", "action": "upper"}
    off = {
        "kind": "flow",
        "name": "Title_upper",
        "object": "Contact",
        "does": does,
        "active": False,
    }
    api.post("/__control__/declare", json=off)
    contact = create(api, "Contact", LastName="Ruiz", Title="ceo")
    assert (org.rows.get("Contact", contact) or {})["Title"] == "ceo"


@pytest.mark.parametrize(
    ("does", "words"),
    [
        ({"field": "Title", "action": "shout"}, "no action 'shout'"),
        ({"field": "Tier__c", "action": "upper"}, "no field 'Tier__c'"),
        ({"field": "Title", "action": "copy", "to": "AccountId.Nothing"}, "no field 'Nothing'"),
        ({"field": "Title", "action": "copy", "to": "Title.Name"}, "points to no object"),
        ({"field": "Birthdate", "action": "fill", "value": "soon"}, "soon"),
    ],
)
def test_a_flow_that_makes_no_sense_is_refused(
    api: httpx.Client, does: dict[str, Any], words: str
) -> None:
    body = {"kind": "flow", "name": "Odd", "object": "Contact", "does": does}
    refused = api.post("/__control__/declare", json=body)
    assert refused.status_code == 400
    assert words in refused.json()["error"]
