"""Duplicate rules of an org: what they tell, refuse and let through."""

from __future__ import annotations

import httpx
import pytest
import salesforce_posts
from salesforce_posts import DATA, DUPLICATES, LEAD, Post

from crmsync.sandbox.salesforce.declaring import declare
from crmsync.sandbox.salesforce.options import bulk_options
from crmsync.sandbox.salesforce.switches import set_switch
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.salesforce.writes import create

post = salesforce_posts.post


def test_a_duplicate_is_told_under_the_misspelt_key(
    org: SalesforceWorld, api: httpx.Client, post: Post
) -> None:
    declare(org, DUPLICATES)
    there = org.put("Contact", {"LastName": "Ruiz", "Email": "r@acme.example"})
    answer = post("Contact", LastName="R", Email="R@ACME.example")
    assert answer.status_code == 400
    (error,) = answer.json()
    assert (error["errorCode"], error["message"]) == (
        "DUPLICATES_DETECTED",
        "Use one of these records?",
    )
    result = error["duplicateResut"]
    assert (result["allowSave"], result["duplicateRule"]) == (False, "Contacts_DR")
    (match,) = result["matchResults"]
    assert (match["rule"], match["size"], match["entityType"]) == ("Contact_MR", 1, "Contact")
    url = f"{DATA}/sobjects/Contact/{there}"
    assert match["matchRecords"][0]["record"] == {
        "attributes": {"type": "Contact", "url": url},
        "Id": there,
    }
    # A change of something else is no duplicate; that of the e-mail is.
    other = org.put("Contact", {"LastName": "Gil", "Email": "g@acme.example"})
    assert api.patch(f"{DATA}/sobjects/Contact/{other}", json={"Title": "x"}).status_code == 204
    changed = api.patch(f"{DATA}/sobjects/Contact/{other}", json={"Email": "r@acme.example"})
    assert changed.json()[0]["errorCode"] == "DUPLICATES_DETECTED"
    # Two that were there before the rule may stay as they are.
    twin = org.put("Contact", {"LastName": "R", "Email": "g@acme.example"})
    assert api.patch(f"{DATA}/sobjects/Contact/{twin}", json={"Title": "x"}).status_code == 204
    # A record is no duplicate of itself, and one in the bin of nobody.
    assert api.patch(url, json={"Email": "R@acme.example"}).status_code == 204
    api.delete(url)
    assert post("Contact", LastName="R", Email="R@ACME.example").status_code == 201


def test_the_key_is_a_switch(org: SalesforceWorld, post: Post, org_url: str) -> None:
    declare(org, DUPLICATES)
    org.put("Contact", {"LastName": "Ruiz", "Email": "r@acme.example"})
    switches = {"duplicate_result_key": "duplicateResult"}
    httpx.post(f"{org_url}/__control__/switches", json=switches, trust_env=False)
    (error,) = post("Contact", LastName="R", Email="r@acme.example").json()
    assert "duplicateResult" in error
    assert "duplicateResut" not in error


@pytest.mark.parametrize(
    ("action", "header", "version", "status"),
    [
        ("alert", "allowSave=true", "67.0", 201),
        ("alert", "allowSave=true; includeRecordDetails=false; runAsCurrentUser=true", "52.0", 201),
        ("alert", "allowSave=true", "51.0", 400),
        ("alert", "allowSave=false", "67.0", 400),
        ("block", "allowSave=true", "67.0", 400),
    ],
)
def test_allow_save_overrides_an_alert_and_no_block(
    org: SalesforceWorld, api: httpx.Client, action: str, header: str, version: str, status: int
) -> None:
    declare(org, {**DUPLICATES, "action": action})
    org.put("Contact", {"LastName": "Ruiz", "Email": "r@acme.example"})
    body = {"LastName": "R", "Email": "r@acme.example"}
    headers = {"Sforce-Duplicate-Rule-Header": header}
    url = f"/services/data/v{version}/sobjects/Contact"
    assert api.post(url, json=body, headers=headers).status_code == status


def test_details_of_a_duplicate_are_told_when_asked_for(org: SalesforceWorld, post: Post) -> None:
    declare(org, DUPLICATES)
    org.put("Contact", {"LastName": "Ruiz", "Email": "r@acme.example"})
    headers = {"Sforce-Duplicate-Rule-Header": "includeRecordDetails=true"}
    (error,) = post("Contact", headers, LastName="R", Email="r@acme.example").json()
    (match,) = error["duplicateResut"]["matchResults"]
    assert match["matchRecords"][0]["record"]["LastName"] == "Ruiz"


@pytest.mark.parametrize("told", [False, True])
def test_an_item_of_a_collection_is_refused_alone(
    org: SalesforceWorld, api: httpx.Client, told: bool
) -> None:
    set_switch(org.tables, "collections_tell_duplicates", told)
    declare(org, DUPLICATES)
    org.put("Contact", {"LastName": "Ruiz", "Email": "r@acme.example"})
    records = [
        {"attributes": {"type": "Contact"}, "LastName": "R", "Email": email}
        for email in ("r@acme.example", "s@acme.example")
    ]
    refused, made = api.post(f"{DATA}/composite/sobjects", json={"records": records}).json()
    assert (refused["success"], made["success"]) == (False, True)
    assert refused["errors"][0]["statusCode"] == "DUPLICATES_DETECTED"
    assert ("duplicateResut" in refused["errors"][0]) is told


def test_a_lead_may_be_a_duplicate_of_a_contact(org: SalesforceWorld, post: Post) -> None:
    declare(org, {**DUPLICATES, "object": "Lead", "against": "Contact", "name": "Leads_DR"})
    org.put("Contact", {"LastName": "Ruiz", "Email": "r@acme.example"})
    (error,) = post("Lead", **LEAD, Email="r@acme.example").json()
    result = error["duplicateResut"]
    assert result["duplicateRuleEntityType"] == "Lead"
    assert result["matchResults"][0]["entityType"] == "Contact"


@pytest.mark.parametrize(("blocks", "refused"), [(True, True), (False, False)])
def test_alerts_block_in_bulk_or_not_as_the_switch_says(
    org: SalesforceWorld, blocks: bool, refused: bool
) -> None:
    set_switch(org.tables, "bulk_alert_rules_block", blocks)
    declare(org, {**DUPLICATES, "action": "alert"})
    org.put("Contact", {"LastName": "Ruiz", "Email": "r@acme.example"})
    body = {"LastName": "R", "Email": "r@acme.example"}
    outcome = create(org, org.shapes["contact"], body, bulk_options(org))
    assert bool(outcome.errors) is refused
