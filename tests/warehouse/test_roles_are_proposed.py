"""Who may belong to deals that name nobody: each kind of evidence, what goes before what, and who is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from crmsync.core.roles import GRADES, at_least, to_add
from crmsync.warehouse.role_proposals import read_role_figures, read_role_proposals
from warehouse.roleless import (
    answered,
    converted,
    deal,
    faced,
    org,
    person,
    portal,
    proposed,
    ran,
    told,
)


def test_a_conversion_into_contact_and_deal_is_certain(tmp_path: Path) -> None:
    found = proposed(
        tmp_path, org(person("003A"), person("003B"), Lead=[converted("003A", "006A")])
    )
    assert told(found) == [("006A", "003A", "certain", "conversion", "add")]
    assert str(found[0].record) == "salesforce/Lead/00QA"
    assert str(found[0].on) == "2026-09-01"


def test_a_contact_of_the_deal_in_the_other_system_is_strong(tmp_path: Path) -> None:
    found = proposed(tmp_path, org(person("003A"), person("003B")), portal("003A"))
    assert told(found) == [("006A", "003A", "strong", "association", "add")]
    assert str(found[0].record) == "hubspot/deals/7"


def test_an_activity_of_contact_and_deal_is_medium(tmp_path: Path) -> None:
    calls = [ran("006A", "003A"), ran("006A", "003A", at="2026-10-07T09:00:00.000Z")]
    rows = org(person("003A"), person("003B"), **{"_activities.Task": calls})
    (found,) = proposed(tmp_path, rows)
    assert told([found]) == [("006A", "003A", "medium", "activity", "add")]
    assert (found.record.id, str(found.on), found.times) == ("00T006A10-07", "2026-10-07", 2)


def test_the_only_contact_of_the_account_is_medium(tmp_path: Path) -> None:
    found = proposed(tmp_path, org(person("003A"), person("003B", "001B")))
    assert told(found) == [("006A", "003A", "medium", "only_contact", "add")]
    assert str(found[0].record) == "salesforce/Account/001A"


def test_an_answer_to_a_campaign_is_weak(tmp_path: Path) -> None:
    members = {"_campaign_members.CampaignMember": [answered("003A")]}
    found = proposed(tmp_path, org(person("003A"), person("003B"), **members))
    assert told(found) == [("006A", "003A", "weak", "campaign", "add")]
    assert str(found[0].record) == "salesforce/Campaign/701A"


def test_who_is_on_the_deal_already_needs_a_name_for_the_role_and_nobody_else_is_proposed(
    tmp_path: Path,
) -> None:
    ties = [{"from_id": "006A", "to_id": "003A"}, {"from_id": "006A", "to_id": "003B", "role": " "}]
    rows = org(person("003A"), person("003B"), person("003C"), **{"Opportunity.Contact": ties})
    found = proposed(tmp_path, {**rows, "Lead": [converted("003C", "006A")]}, portal("003C"))
    assert told(found) == [
        ("006A", "003A", "certain", "role", "name"),
        ("006A", "003B", "certain", "role", "name"),
    ]
    assert to_add(found, "salesforce") == []


def test_a_deal_with_a_named_role_is_left_alone(tmp_path: Path) -> None:
    ties = [{"from_id": "006A", "to_id": "003A", "role": "Evaluator"}]
    rows = org(person("003A"), **{"Opportunity.Contact": ties})
    with faced(tmp_path, {**rows, "Lead": [converted("003A", "006A")]}) as (file, _):
        assert (read_role_proposals(file), read_role_figures(file).deals) == ([], 0)


def test_nobody_is_proposed_twice_for_a_deal_and_the_best_evidence_counts(tmp_path: Path) -> None:
    facts = {"_activities.Task": [ran("006A", "003A", "003B")],
             "_campaign_members.CampaignMember": [answered("003A"), answered("003B")]}  # fmt: skip
    rows = org(person("003A"), person("003B"), Lead=[converted("003A", "006A")], **facts)
    found = proposed(tmp_path, rows, portal("003A"))
    assert told(found) == [
        ("006A", "003A", "certain", "conversion", "add"),
        ("006A", "003B", "medium", "activity", "add"),
    ]
    assert [each.place for each in found] == [1, 2]


def test_a_campaign_is_asked_only_where_nothing_better_is_known(tmp_path: Path) -> None:
    facts = {"_activities.Task": [ran("006A", "003A")],
             "_campaign_members.CampaignMember": [answered("003B")]}  # fmt: skip
    found = proposed(tmp_path, org(person("003A"), person("003B"), **facts))
    assert [each.contact_id for each in found] == ["003A"]


def test_of_many_who_answered_campaigns_the_last_three_are_proposed(tmp_path: Path) -> None:
    people = [person(f"003{each}") for each in "ABCDE"]
    members = [answered(f"003{each}", f"2026-06-0{day}") for day, each in enumerate("ABCDE", 1)]
    found = proposed(tmp_path, org(*people, **{"_campaign_members.CampaignMember": members}))
    assert [each.contact_id for each in found] == ["003E", "003D", "003C"]


def test_two_people_at_an_account_are_no_evidence(tmp_path: Path) -> None:
    assert proposed(tmp_path, org(person("003A"), person("003B"))) == []


@pytest.mark.parametrize("known", [{"associatedcompanyid": "9"}, {}], ids=["main", "further"])
def test_a_second_person_whom_only_the_other_system_knows_is_one(
    tmp_path: Path, known: dict[str, str]
) -> None:
    hubspot = {
        "companies": [{"_id": "9", "name": "Acme", "domain": "acme.example"}],
        "contacts": [{"_id": "5", "email": "eva@acme.example", "lastname": "Ruiz", **known}],
        "contacts.companies": [{"from_id": "5", "to_id": "9"}],
    }
    rows = org(person("003A"))
    rows["Account"] = [{"_id": "001A", "Name": "Acme", "Website": "acme.example"}]
    assert proposed(tmp_path, rows, hubspot) == []


def test_better_grades_are_accepted_with_a_grade(tmp_path: Path) -> None:
    rows = org(
        person("003A"), person("003B"), person("003C", "001B"),
        deals=[deal(), deal("006B", AccountId="001B")],
        Lead=[converted("003A", "006A")],
    )  # fmt: skip
    found = proposed(tmp_path, rows)
    assert [len(at_least(found, grade)) for grade in GRADES] == [1, 1, 2, 2]


def test_who_is_not_in_the_system_of_the_deal_is_made_or_converted_first(tmp_path: Path) -> None:
    lead = {"_id": "00QB", "LastName": "Gil", "Email": "003b@acme.example", "IsConverted": "false"}
    found = proposed(tmp_path, org(Lead=[lead]), portal("003A", "003B"))
    assert sorted((each.contact_id, each.step) for each in found) == [
        (None, "convert"),
        (None, "create"),
    ]
    assert to_add(found, "salesforce") == []


def test_the_first_of_a_deal_to_be_added_is_its_main_contact(tmp_path: Path) -> None:
    calls = {"_activities.Task": [ran("006A", "003A", "003B")]}
    found = proposed(tmp_path, org(person("003A"), person("003B"), **calls))
    assert [first for _, first in to_add(found, "salesforce")] == [True, False]


def test_a_deal_of_hubspot_takes_the_roles_of_salesforce(tmp_path: Path) -> None:
    ties = {"Opportunity.Contact": [{"from_id": "006A", "to_id": "003A", "role": "Evaluator"}]}
    bare = {**portal("003A"), "deals.contacts": []}
    (found,) = proposed(tmp_path, org(person("003A"), person("003B"), **ties), bare)
    assert told([found]) == [("7", "1A", "strong", "association", "add")]
    assert (found.said, str(found.record)) == ("Evaluator", "salesforce/Opportunity/006A")
