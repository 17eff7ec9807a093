from __future__ import annotations

from typing import Any

import httpx

from crmsync.sandbox.salesforce.world import SalesforceWorld

DATA = "/services/data/v67.0"


def fields_of(api: httpx.Client, name: str) -> dict[str, dict[str, Any]]:
    described = api.get(f"{DATA}/sobjects/{name}/describe").json()
    return {field["name"]: field for field in described["fields"]}


def test_all_objects_are_listed_with_their_key_prefix(api: httpx.Client) -> None:
    listed = api.get(f"{DATA}/sobjects").json()
    assert {each["name"]: each["keyPrefix"] for each in listed["sobjects"]} == {
        "Account": "001",
        "ApexTrigger": "01q",
        "AccountHistory": "017",
        "AssignmentRule": "01Q",
        "BusinessHours": "01m",
        "Campaign": "701",
        "CampaignMember": "00v",
        "Case": "500",
        "CampaignMemberStatus": "01Y",
        "Contact": "003",
        "ContactHistory": "017",
        "DuplicateRule": "0Bm",
        "EntityDefinition": "4ie",
        "Event": "00U",
        "FieldDefinition": "4fe",
        "FieldPermissions": "01k",
        "FlowDefinitionView": "3dd",
        "Holiday": "0C0",
        "Lead": "00Q",
        "LeadHistory": "017",
        "LeadStatus": "01L",
        "MatchingRule": "0JD",
        "Opportunity": "006",
        "OpportunityContactRole": "00K",
        "OpportunityFieldHistory": "017",
        "OpportunityHistory": "008",
        "OpportunityStage": "01J",
        "ObjectPermissions": "110",
        "Organization": "00D",
        "PackageLicense": "050",
        "PermissionSet": "0PS",
        "PermissionSetAssignment": "0Pa",
        "Profile": "00e",
        "Task": "00T",
        "User": "005",
        "UserPermissionAccess": "000",
    }


def test_metadata_of_an_object_is_its_entry_in_the_list(api: httpx.Client) -> None:
    body = api.get(f"{DATA}/sobjects/Lead/").json()
    assert body["objectDescribe"]["mergeable"] is True
    assert body["recentItems"] == []


def test_lengths_flags_and_picklists_are_those_of_a_real_org(api: httpx.Client) -> None:
    lead = fields_of(api, "Lead")
    assert (lead["Company"]["length"], lead["Company"]["nillable"]) == (255, False)
    assert (lead["Email"]["type"], lead["Email"]["idLookup"]) == ("email", True)
    assert lead["Name"]["createable"] is False
    assert lead["LastName"]["compoundFieldName"] == "Name"
    assert lead["IsConverted"]["createable"] is True
    assert lead["IsConverted"]["updateable"] is False
    statuses = [option["value"] for option in lead["Status"]["picklistValues"]]
    assert statuses[0] == "Open - Not Contacted"
    assert lead["Status"]["restrictedPicklist"] is False


def test_our_key_is_a_unique_external_id_on_four_objects(api: httpx.Client) -> None:
    for name in ("Account", "Contact", "Lead", "Opportunity"):
        key = fields_of(api, name)["crmsync_key__c"]
        flags = [key[flag] for flag in ("custom", "externalId", "idLookup", "unique")]
        assert flags == [True] * 4
        assert (key["length"], key["byteLength"], key["caseSensitive"]) == (64, 192, False)


def test_accounts_name_is_writable_and_its_own_compound(api: httpx.Client) -> None:
    name = fields_of(api, "Account")["Name"]
    assert (name["updateable"], name["compoundFieldName"]) == (True, "Name")


def test_required_on_create_can_be_derived_from_the_flags(api: httpx.Client) -> None:
    required = {
        name: {
            field["name"]
            for field in fields_of(api, name).values()
            if field["createable"] and not field["nillable"] and not field["defaultedOnCreate"]
        }
        for name in ("Account", "Contact", "Lead", "Opportunity", "OpportunityContactRole")
    }
    assert required == {
        "Account": {"Name"},
        "Contact": {"LastName"},
        "Lead": {"LastName", "Company"},
        "Opportunity": {"Name", "StageName", "CloseDate"},
        "OpportunityContactRole": {"OpportunityId", "ContactId"},
    }


def test_child_relationships_are_described(api: httpx.Client) -> None:
    body = api.get(f"{DATA}/sobjects/Opportunity/describe").json()
    children = {each["relationshipName"]: each for each in body["childRelationships"]}
    assert set(children) == {
        *("Events", "Histories", "OpportunityContactRoles", "OpportunityHistories", "Tasks"),
    }
    assert children["OpportunityContactRoles"]["cascadeDelete"] is True
    assert children["Histories"]["childSObject"] == "OpportunityFieldHistory"


def test_an_unknown_object_is_not_found(api: httpx.Client) -> None:
    answer = api.get(f"{DATA}/sobjects/Widget/describe")
    assert answer.status_code == 404
    assert answer.json() == [
        {"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}
    ]


def test_a_describe_already_held_is_not_sent_again(api: httpx.Client, org: SalesforceWorld) -> None:
    path = f"{DATA}/sobjects/Contact/describe"
    tag = api.get(path).headers["ETag"]
    assert api.get(path, headers={"If-None-Match": tag}).status_code == 304
    org.define_field("Contact", "Score__c", "double")
    assert api.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_a_hidden_field_vanishes_from_describe_and_query(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    org.put("Contact", {"LastName": "Ruiz", "Email": "ruiz@uno.example"})
    org.hide_field("contact", "email")
    assert "Email" not in fields_of(api, "Contact")
    refused = api.get(f"{DATA}/query", params={"q": "SELECT Email FROM Contact"})
    assert refused.status_code == 400
    assert refused.json()[0]["errorCode"] == "INVALID_FIELD"
    org.show_field("Contact", "Email")
    shown = api.get(f"{DATA}/query", params={"q": "SELECT Email FROM Contact"}).json()
    assert shown["records"][0]["Email"] == "ruiz@uno.example"


def test_a_hidden_field_cannot_be_written(api: httpx.Client, org: SalesforceWorld) -> None:
    org.hide_field("Contact", "Title")
    body = {"LastName": "Ruiz", "Title": "CEO"}
    refused = api.post(f"{DATA}/sobjects/Contact", json=body)
    assert refused.json()[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    assert refused.json()[0]["fields"] == ["Title"]


def test_a_defined_field_can_be_described_written_and_queried(
    api: httpx.Client, org: SalesforceWorld, sf: Any
) -> None:
    org.define_field("contact", "Score__c", "double", precision=5, scale=1, label="Score")
    org.define_field("Contact", "Vip__c", "boolean")
    described = fields_of(api, "Contact")["Score__c"]
    assert (described["label"], described["scale"], described["custom"]) == ("Score", 1, True)
    before = org.put("Contact", {"LastName": "Sin valor"})
    after = sf.Contact.create({"LastName": "Con", "Score__c": 7.26, "Vip__c": True})["id"]
    found = sf.query("SELECT Id, Score__c, Vip__c FROM Contact ORDER BY Id")["records"]
    assert [(row["Id"], row["Score__c"], row["Vip__c"]) for row in found] == [
        (before, None, False),
        (after, 7.3, True),
    ]


def test_simple_salesforce_describes(sf: Any) -> None:
    assert sf.describe()["maxBatchSize"] == 200
    assert sf.Contact.describe()["name"] == "Contact"
    assert sf.Contact.metadata()["objectDescribe"]["name"] == "Contact"
