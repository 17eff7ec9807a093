"""What is read out of an org's metadata, and what is known of versions: pure functions with their traps."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crmsync.connectors.salesforce.metadata import fields_of_flow, fields_of_formula
from crmsync.connectors.salesforce.permissions import granted_as, needs
from crmsync.connectors.salesforce.versions import version_of
from crmsync.core.rights import Demand, Right


@pytest.mark.parametrize(
    ("formula", "fields"),
    [
        ('AND(ISPICKVAL(Rating, "Hot"), ISBLANK(Phone))', ("Phone", "Rating")),
        ('LEN(Title) > 10 /* not Email */ && $User.Department = "Sales"', ("Title",)),
        ('Account.Name = "Acme" || Region__r.Code__c = 1', ("AccountId", "Region__c")),
        ("NOT( Unit__c ) && TRUE", ("Unit__c",)),
        ("", ()),
    ],
)
def test_a_formula_names_its_fields_and_neither_texts_nor_functions(
    formula: str, fields: tuple[str, ...]
) -> None:
    assert fields_of_formula(formula) == fields


def flow(**more: Any) -> dict[str, Any]:
    return {"start": {"object": "Lead", "filters": []}, **more}


def test_a_flow_writes_what_it_assigns_updates_and_creates() -> None:
    item = {"assignToReference": "$Record.Rating", "value": {"elementReference": "$Record.Email"}}
    metadata = flow(
        assignments=[{"assignmentItems": [item, {"assignToReference": "counter"}]}],
        recordUpdates=[
            {"inputReference": "$Record", "inputAssignments": [{"field": "Phone"}]},
            {"object": "Account", "inputAssignments": [{"field": "Website"}]},
            {"inputReference": "some_collection", "inputAssignments": []},
        ],
        recordCreates=[{"object": "Task", "inputAssignments": [{"field": "Subject"}]}],
    )
    named = fields_of_flow("Lead", metadata)
    assert named.writes == ("Account.Website", "Lead.Phone", "Lead.Rating", "Task.Subject")
    assert named.reads == ("Email",), "what is only set is not read"


def test_only_filters_that_are_changes_say_what_a_flow_starts_on() -> None:
    changed = {"field": "Email", "operator": "IsChanged"}
    other = {"field": "Rating", "operator": "EqualTo"}
    both = fields_of_flow("Lead", flow(start={"filters": [changed, other], "filterLogic": "or"}))
    assert (both.starts_on, both.reads) == ((), ("Email", "Rating"))
    alone = fields_of_flow("Lead", flow(start={"filters": [changed], "filterLogic": "or"}))
    assert alone.starts_on == ("Email",)


def test_a_version_says_when_it_ends_and_what_is_promised() -> None:
    now = version_of("67.0", ["66.0", "67.0", "68.0"])
    assert (now.release, now.ends, now.promised) == ("Summer '26", None, date(2029, 6, 1))
    assert (now.offered, now.newest) == (True, "68.0")
    winter = version_of("68.0", None)
    assert (winter.release, winter.promised, winter.offered) == (
        "Winter '27",
        date(2029, 10, 1),
        None,
    )
    assert version_of("35.0", None).ends == date(2028, 6, 1)
    assert version_of("30.0", None).ends == date(2025, 6, 1)
    unknown = version_of("69.0", ["9.0", "69.0", "100.0"])
    assert (unknown.known, unknown.release, unknown.promised, unknown.newest) == (
        False,
        "",
        None,
        "100.0",
    )


@pytest.mark.parametrize(
    ("native", "granted"),
    [("BillingCity", "BillingAddress"), ("Name", ""), ("Phone", "Phone"), ("Unit__c", "Unit__c"),
     ("associations.Contact.all", ""), ("OwnerId", "")],
)  # fmt: skip
def test_a_field_nobody_can_describe_is_granted_under_the_name_that_permission_sets_use(
    native: str, granted: str
) -> None:
    assert granted_as("Account", native, None) == granted
    assert granted_as("Lead", "Company", None) == ""
    assert granted_as("Lead", "City", None) == "Address"


def test_what_describe_says_goes_before_what_is_usual() -> None:
    told = {
        "Phone": {"permissionable": False},
        "BillingCity": {"permissionable": True, "compoundFieldName": "BillingAddress"},
    }
    assert granted_as("Account", "Phone", told) == ""
    assert granted_as("Account", "BillingCity", told) == "BillingAddress"


def test_a_mapping_that_only_reads_asks_for_no_edit_and_no_create() -> None:
    found = needs([Demand("Contact", {"Email": ("contact.email",)}, {})], lambda _: None)
    verbs = {need.right.verb for need in found}
    assert verbs == {"", "read", "view_all"}
    assert Right("Account", "read") in {need.right for need in found}, (
        "Contact is granted only with it"
    )
