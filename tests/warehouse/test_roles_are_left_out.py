"""Who is not proposed for a deal, or looked at first: mailboxes, other accounts, who left, and what came too late."""

from __future__ import annotations

from pathlib import Path

from crmsync.core.roles import to_add
from warehouse.roleless import BORN, answered, converted, deal, org, person, proposed, ran, told


def test_a_mailbox_of_a_team_is_nobody(tmp_path: Path) -> None:
    box = person("003B", FirstName=None, LastName="Ventas", Email="ventas@acme.example")
    found = proposed(tmp_path / "one", org(person("003A"), box))
    assert told(found) == [("006A", "003A", "medium", "only_contact", "add")]
    assert proposed(tmp_path / "two", org(box)) == []


def test_a_person_who_writes_from_a_mailbox_of_a_team_is_somebody(tmp_path: Path) -> None:
    found = proposed(tmp_path, org(person("003A", Email="ventas@acme.example")))
    assert [each.contact_id for each in found] == ["003A"]


def test_who_opted_out_of_mail_has_bought_all_the_same(tmp_path: Path) -> None:
    found = proposed(tmp_path, org(person("003A", HasOptedOutOfEmail="true")))
    assert [each.step for each in found] == ["add"]


def test_what_somebody_put_down_of_a_doubtful_contact_is_looked_at_first(tmp_path: Path) -> None:
    box = person("003B", FirstName=None, LastName="Ventas", Email="ventas@acme.example")
    calls = {"_activities.Task": [ran("006A", "003B", "003C")]}
    found = proposed(tmp_path, org(person("003A"), box, person("003C", "001B"), **calls))
    assert {(each.contact_id, each.step, each.doubt) for each in found} == {
        ("003A", "add", None),
        ("003B", "look", "mailbox"),
        ("003C", "look", "other_account"),
    }
    assert [each.contact_id for each, _ in to_add(found, "salesforce")] == ["003A"]


def test_a_branch_is_no_other_account(tmp_path: Path) -> None:
    calls = {"_activities.Task": [ran("006A", "003C")]}
    rows = org(person("003A"), person("003B"), person("003C", "001B"), **calls)
    rows["Account"] = [
        {"_id": "001A", "Name": "Acme", "ParentId": "001B"},
        {"_id": "001B", "Name": "Acme Group"},
    ]
    assert told(proposed(tmp_path, rows)) == [("006A", "003C", "medium", "activity", "add")]


def test_a_second_company_of_a_contact_is_no_other_account(tmp_path: Path) -> None:
    hubspot = {
        "companies": [{"_id": "8", "name": "Umbra"}, {"_id": "9", "name": "Acme"}],
        "contacts": [
            {
                "_id": "5",
                "email": "eva@acme.example",
                "lastname": "Ruiz",
                "associatedcompanyid": "8",
            }
        ],
        "contacts.companies": [{"from_id": "5", "to_id": "8"}, {"from_id": "5", "to_id": "9"}],
        "deals": [{"_id": "7", "dealname": "Deal"}],
        "deals.companies": [{"from_id": "7", "to_id": "9", "is_primary": "true"}],
        "_activities.calls": [
            {"id": "1", "kind": "call", "about": "deals|7;contacts|5", "created_at": BORN}
        ],
    }
    assert told(proposed(tmp_path, {}, hubspot)) == [("7", "5", "medium", "activity", "add")]


def test_who_seems_to_have_left_is_not_assumed(tmp_path: Path) -> None:
    gone = {"contacts": [{"_id": "5", "email": "003a@acme.example", "lastname": "Gil",
                          "hs_email_hard_bounce_reason_enum": "UNKNOWN_USER"}]}  # fmt: skip
    assert proposed(tmp_path / "one", org(person("003A")), gone) == []
    calls = {"_activities.Task": [ran("006A", "003A")]}
    (found,) = proposed(tmp_path / "two", org(person("003A"), **calls), gone)
    assert (found.step, found.doubt) == ("look", "bounced")


def test_a_contact_who_is_deleted_is_not_proposed(tmp_path: Path) -> None:
    calls = {"_activities.Task": [ran("006A", "003Z")]}
    rows = org(person("003A"), person("003B"), Lead=[converted("003Z", "006A")], **calls)
    assert proposed(tmp_path, rows) == []


def test_what_came_after_the_close_is_no_evidence(tmp_path: Path) -> None:
    late = "2026-11-15T09:00:00.000Z"
    answers = [answered("003B", late[:10]), answered("003C", "2024-01-01")]
    facts = {
        "_activities.Task": [ran("006A", "003B", at=late)],
        "_campaign_members.CampaignMember": answers,
    }
    rows = org(person("003B"), person("003C"), person("003D", "001B", _created_at=late), **facts)
    rows["Opportunity"].append(deal("006B", AccountId="001B"))
    assert proposed(tmp_path, rows) == []


def test_an_open_deal_has_no_day_after_which_nothing_counts(tmp_path: Path) -> None:
    calls = {"_activities.Task": [ran("006A", "003A", at="2026-11-15T09:00:00.000Z")]}
    still = deal(IsWon="false", IsClosed="false", CloseDate="2026-10-01")
    (found,) = proposed(tmp_path, org(person("003A"), person("003B"), deals=[still], **calls))
    assert (found.state, found.evidence) == ("open", "activity")


def test_a_cancelled_activity_did_not_happen(tmp_path: Path) -> None:
    calls = {"_activities.Task": [ran("006A", "003A", state="cancelled")]}
    assert proposed(tmp_path, org(person("003A"), person("003B"), **calls)) == []
