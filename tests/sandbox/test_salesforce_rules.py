"""Rules that an administrator set up: they refuse, find duplicates, assign, and can be read."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import salesforce_posts
from salesforce_posts import DATA, DUPLICATES, LEAD, Post, needs_title, tooling

from crmsync.sandbox.salesforce.declaring import TESTS, declare
from crmsync.sandbox.salesforce.switches import SWITCHES, set_switch
from crmsync.sandbox.salesforce.tooling_setups import formula as as_formula
from crmsync.sandbox.salesforce.world import SalesforceWorld

post = salesforce_posts.post


def test_a_validation_rule_refuses_in_the_words_of_the_administrator(
    org: SalesforceWorld, api: httpx.Client, post: Post
) -> None:
    needs_title(org, field="Title")
    answer = post("Contact", LastName="Ruiz", Department="Board")
    assert answer.status_code == 400
    assert answer.json() == [
        {
            "message": "A board member has a title.",
            "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            "fields": ["Title"],
        }
    ]
    id_ = post("Contact", LastName="Ruiz", Department="Board", Title="CEO").json()["id"]
    # On an update the record counts as it would be, not the fields that were sent.
    answer = api.patch(f"{DATA}/sobjects/Contact/{id_}", json={"Title": None})
    assert answer.json()[0]["errorCode"] == "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    records = [{"attributes": {"type": "Contact"}, "Id": id_, "Title": ""}]
    (item,) = api.patch(f"{DATA}/composite/sobjects", json={"records": records}).json()
    assert item["errors"][0]["statusCode"] == "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    assert (org.rows.get("Contact", id_) or {})["Title"] == "CEO"


def test_a_rule_that_is_off_refuses_nothing(org: SalesforceWorld, post: Post) -> None:
    needs_title(org)
    needs_title(org, active=False)
    assert post("Contact", LastName="Ruiz", Department="Board").status_code == 201


@pytest.mark.parametrize(
    ("condition", "refused"),
    [
        ({"is": "filled"}, {"NumberOfEmployees": 1}),
        ({"is": "above", "value": 5}, {"NumberOfEmployees": 6}),
        ({"is": "below", "value": 5}, {"NumberOfEmployees": 4}),
        ({"is": "one_of", "value": [5, 6]}, {"NumberOfEmployees": 6}),
        ({"is": "different", "value": 5}, {"NumberOfEmployees": 4}),
        ({"is": "changed"}, {"NumberOfEmployees": 4}),
    ],
)
def test_each_test_of_a_condition_holds_where_it_should(
    org: SalesforceWorld, post: Post, condition: dict[str, Any], refused: dict[str, Any]
) -> None:
    rule = {"kind": "validation", "object": "Account", "name": "R", "message": "no"}
    declare(org, {**rule, "when": [{"field": "NumberOfEmployees", **condition}]})
    fine = {"NumberOfEmployees": 5} if condition["is"] in ("above", "below", "different") else {}
    assert post("Account", Name="Acme", **fine).status_code == 201
    assert post("Account", Name="Acme", **refused).status_code == 400


def test_an_amount_may_not_be_lowered(org: SalesforceWorld, api: httpx.Client) -> None:
    when = [{"field": "Amount", "is": "lowered"}, {"field": "IsWon", "is": "equal", "value": True}]
    rule = {"kind": "validation", "object": "Opportunity", "name": "R", "message": "won"}
    declare(org, {**rule, "when": when})
    deal = {"Name": "Big", "StageName": "Prospecting", "CloseDate": "2026-12-01", "Amount": 9}
    id_ = org.put("Opportunity", deal)
    url = f"{DATA}/sobjects/Opportunity/{id_}"
    # What the stage decides counts with the very write that moves it.
    assert api.patch(url, json={"Amount": 8, "StageName": "Closed Won"}).status_code == 400
    assert api.patch(url, json={"Amount": 8}).status_code == 204


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"kind": "nothing"}, "no kind"),
        ({"kind": "validation", "object": "Widget", "name": "x", "message": "m"}, "no object"),
        (
            {"kind": "validation", "object": "Lead", "name": "x", "message": "m",
             "when": [{"field": "Nope", "is": "blank"}]},
            "no field 'Nope'",
        ),
        (
            {"kind": "validation", "object": "Lead", "name": "x", "message": "m",
             "when": [{"field": "Title", "is": "green"}]},
            "no test 'green'",
        ),
        ({**DUPLICATES, "action": "shout"}, "blocks or alerts"),
        ({"kind": "assignment", "object": "Lead", "name": "x", "entries": [{"owner": "005x"}]},
         "no User"),
    ],
)  # fmt: skip
def test_a_declaration_that_makes_no_sense_is_refused(
    org_url: str, body: dict[str, Any], says: str
) -> None:
    answer = httpx.post(f"{org_url}/__control__/declare", json=body, trust_env=False)
    assert answer.status_code == 400
    assert says in answer.json()["error"]


def test_an_assignment_rule_gives_a_lead_another_owner_unless_told_not_to(
    org: SalesforceWorld, api: httpx.Client, post: Post
) -> None:
    seller = org.put(
        "User", {"LastName": "Seller", "Username": "s@x.example", "Email": "s@x.example"}
    )
    entries = [{"when": [{"field": "Country", "is": "equal", "value": "ES"}], "owner": seller}]
    declare(org, {"kind": "assignment", "object": "Lead", "name": "Standard", "entries": entries})

    def owner(id_: str) -> str:
        return str((org.rows.get("Lead", id_) or {})["OwnerId"])

    off = {"Sforce-Auto-Assign": "FALSE"}
    assert owner(post("Lead", **LEAD, Country="ES").json()["id"]) == seller
    assert owner(post("Lead", **LEAD, Country="FR").json()["id"]) == org.user_id
    kept = post("Lead", off, **LEAD, Country="ES").json()["id"]
    assert owner(kept) == org.user_id
    url = f"{DATA}/sobjects/Lead/{kept}"
    api.patch(url, json={"Title": "x"}, headers=off)
    assert owner(kept) == org.user_id
    api.patch(url, json={"Title": "x"})
    assert owner(kept) == seller
    assert tooling(api, "SELECT Name, SobjectType, Active FROM AssignmentRule", "query") == [
        {"Name": "Standard", "SobjectType": "Lead", "Active": True}
    ]


def test_a_dependent_picklist_takes_what_goes_with_its_controller(
    org: SalesforceWorld, api: httpx.Client, post: Post
) -> None:
    org.define_field("Lead", "Area__c", "picklist", picklist=["North", "South", "East"])
    body = {
        "kind": "dependent",
        "object": "Lead",
        "field": "Area__c",
        "controller": "Rating",
        "allowed": {"Hot": ["North", "South"], "Cold": ["East"]},
    }
    declare(org, body)
    assert post("Lead", **LEAD, Rating="Hot", Area__c="South").status_code == 201
    for rating in ("Cold", None):
        (error,) = post("Lead", **LEAD, Rating=rating, Area__c="South").json()
        assert error["errorCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
        assert error["fields"] == ["Area__c"]
    fields = api.get(f"{DATA}/sobjects/Lead/describe").json()["fields"]
    area = next(each for each in fields if each["name"] == "Area__c")
    assert (area["dependentPicklist"], area["controllerName"]) == (True, "Rating")
    # The controlling values are Hot, Warm, Cold: the bits from the left.
    masks = [base64.b64decode(each["validFor"])[0] for each in area["picklistValues"]]
    assert masks == [0b10000000, 0b10000000, 0b00100000]


@pytest.mark.parametrize(("trims", "kept"), [(True, ("Ruiz", None)), (False, (" Ruiz ", ""))])
def test_text_is_trimmed_or_not_as_the_switch_says(
    org: SalesforceWorld, post: Post, trims: bool, kept: tuple[str, str | None]
) -> None:
    set_switch(org.tables, "trim_text", trims)
    id_ = post("Contact", LastName=" Ruiz ", Title="").json()["id"]
    row = org.rows.get("Contact", id_) or {}
    assert (row["LastName"], row["Title"]) == kept


@pytest.mark.parametrize(("makes", "roles"), [(True, 1), (False, 0)])
def test_a_new_opportunity_makes_a_role_or_not_as_the_switch_says(
    org: SalesforceWorld, post: Post, makes: bool, roles: int
) -> None:
    set_switch(org.tables, "contact_makes_role", makes)
    contact = org.put("Contact", {"LastName": "Ruiz"})
    deal = {"Name": "Big", "StageName": "Prospecting", "CloseDate": "2026-12-01"}
    assert post("Opportunity", **deal, ContactId=contact).status_code == 201
    assert org.tables.count("OpportunityContactRole") == roles


def test_switches_are_told_and_a_wrong_one_is_refused(org_url: str) -> None:
    with httpx.Client(base_url=f"{org_url}/__control__/", trust_env=False) as control:
        assert set(control.post("switches", json={"trim_text": "no"}).json()) == set(SWITCHES)
        assert control.post("switches").json()["trim_text"] is False
        assert "no switch" in control.post("switches", json={"nope": 1}).json()["error"]
        assert "true or false" in control.post("switches", json={"trim_text": 7}).json()["error"]


def test_rules_flows_and_packages_are_read_through_the_tooling_api(
    org: SalesforceWorld, api: httpx.Client
) -> None:
    needs_title(org)
    declare(org, DUPLICATES)
    declare(org, {"kind": "flow", "name": "Round_up", "object": "Opportunity", "label": "Round up"})
    declare(org, {"kind": "flow", "name": "Old", "active": False})
    declare(org, {"kind": "package", "namespace": "hubbish", "name": "A connector"})
    soql = (
        "SELECT ValidationName, Active, ErrorMessage, EntityDefinition.QualifiedApiName "
        "FROM ValidationRule WHERE EntityDefinition.QualifiedApiName = 'Contact'"
    )
    (rule,) = tooling(api, soql)
    assert (rule["ValidationName"], rule["Active"]) == ("Boss_needs_title", True)
    assert rule["EntityDefinition"]["QualifiedApiName"] == "Contact"
    soql = "SELECT DeveloperName, IsActive, SobjectType FROM DuplicateRule"
    found = [{"DeveloperName": "Contacts_DR", "IsActive": True, "SobjectType": "Contact"}]
    assert tooling(api, soql) == tooling(api, soql, "query") == found
    soql = "SELECT DeveloperName, MatchEngine, RuleStatus FROM MatchingRule"
    assert tooling(api, soql)[0]["DeveloperName"] == "Contact_MR"
    soql = (
        "SELECT ApiName, Label, TriggerType, TriggerObjectOrEventLabel, ActiveVersionId "
        "FROM FlowDefinitionView WHERE IsActive = true"
    )
    (flow,) = tooling(api, soql)
    assert (flow["ApiName"], flow["TriggerObjectOrEventLabel"]) == ("Round_up", "Opportunity")
    soql = "SELECT MasterLabel, Status, VersionNumber FROM Flow WHERE Status = 'Active'"
    active = {"MasterLabel": "Round up", "Status": "Active", "VersionNumber": 1}
    assert tooling(api, soql) == [active]
    soql = (
        "SELECT SubscriberPackage.Name, SubscriberPackage.NamespacePrefix "
        "FROM InstalledSubscriberPackage"
    )
    (package,) = tooling(api, soql)
    assert package["SubscriberPackage"]["NamespacePrefix"] == "hubbish"
    (licence,) = tooling(api, "SELECT NamespacePrefix, Status FROM PackageLicense", "query")
    assert licence == {"NamespacePrefix": "hubbish", "Status": "Active"}
    # What the Tooling API alone knows is no object of the data API.
    answer = api.get(f"{DATA}/query", params={"q": "SELECT Id FROM ValidationRule"})
    assert answer.json()[0]["errorCode"] == "INVALID_TYPE"
    for table in ("DuplicateRule", "Flow"):
        (row, *_) = tooling(api, f"SELECT Id FROM {table}")
        assert len(row["Id"]) == 18


def test_the_rules_of_the_documentation_can_be_declared(org: SalesforceWorld) -> None:
    text = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    rules = json.loads(text.partition("```json")[2].partition("```")[0])
    assert {declare(org, each)["id"][:3] for each in rules} >= {"03d", "0Bm", "01Q", "301", "0A3"}
    tests = text.partition("Tests: ")[2].partition(".\n")[0]
    assert tests.replace("`", "").split(", ") == list(TESTS)


def test_what_is_set_up_outlives_a_dump_of_the_state(
    org: SalesforceWorld, post: Post, org_url: str
) -> None:
    needs_title(org)
    with httpx.Client(base_url=f"{org_url}/__control__/", trust_env=False) as control:
        control.put("state", json=control.get("state").json())
    assert post("Contact", LastName="Ruiz", Department="Board").status_code == 400


def test_a_rule_and_a_flow_tell_which_fields_they_touch(
    org: SalesforceWorld, api: httpx.Client
) -> None:
    needs_title(org)
    flow = {"kind": "flow", "name": "Round_up", "object": "Opportunity", "writes": ["Amount"]}
    declare(org, flow)
    (rule,) = tooling(api, "SELECT Id FROM ValidationRule")
    body = api.get(f"{DATA}/tooling/sobjects/ValidationRule/{rule['Id']}").json()
    assert body["FullName"] == "Contact.Boss_needs_title"
    formula = 'AND(Department = "Board", ISBLANK(Title))'
    assert body["Metadata"]["errorConditionFormula"] == formula
    assert "~setup" not in body
    (version,) = tooling(api, "SELECT Id FROM Flow")
    metadata = api.get(f"{DATA}/tooling/sobjects/Flow/{version['Id']}").json()["Metadata"]
    assert metadata["start"]["object"] == "Opportunity"
    (update,) = metadata["recordUpdates"]
    assert [each["field"] for each in update["inputAssignments"]] == ["Amount"]
    for place in ("Flow/301000000000009", "Nothing/301000000000009", "FieldDefinition/Lead.Id"):
        assert api.get(f"{DATA}/tooling/sobjects/{place}").status_code == 404
    with pytest.raises(ValueError, match="no field 'Nope'"):
        declare(org, {**flow, "writes": ["Nope"]})


@pytest.mark.parametrize(
    ("condition", "formula"),
    [
        ({"is": "one_of", "value": ["a", "b"]}, 'OR(Title = "a", Title = "b")'),
        ({"is": "equal", "value": True}, "Title = TRUE"),
        ({"is": "longer", "value": 3}, "LEN(Title) > 3"),
        ({"is": "lowered"}, "Title < PRIORVALUE(Title)"),
    ],
)
def test_a_condition_reads_as_a_formula(condition: dict[str, Any], formula: str) -> None:
    assert as_formula([{"field": "Title", **condition}]) == formula
