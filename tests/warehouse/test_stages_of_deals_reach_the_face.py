"""Stage events that follow from deals: open, won and lost ones, of a person and of an account."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from warehouse.staged import (
    ANA,
    OPEN,
    WON,
    at,
    events,
    face,
    lifecycle,
    on_deal,
    opportunity,
    standing,
)

LOST = {"IsClosed": "true", "IsWon": "false", "CloseDate": "2026-11-12"}


def test_a_role_on_an_open_deal_is_an_opportunity_since_nobody_knows_when(tmp_path: Path) -> None:
    with face(tmp_path, salesforce=on_deal(**OPEN)) as (db, _):
        assert events(db, "salesforce") == [
            ("opportunity", "entered", None, None, "unknown", "deal")
        ]
        assert standing(db, "salesforce") == ("opportunity", "opportunity", "deal", None)


def test_a_won_deal_makes_a_customer_by_the_close_date_as_a_day(tmp_path: Path) -> None:
    with face(tmp_path, salesforce=on_deal(**WON)) as (db, _):
        assert ("customer", "entered", None, date(2026, 11, 10), "day", "deal") in events(
            db, "salesforce"
        )
        buyer = "SELECT id, deal_id FROM buyer WHERE entity = 'contact'"
        assert db.execute(buyer).fetchall() == [("003A", "006A")]


def test_a_close_date_that_lies_ahead_is_a_plan_and_no_day(tmp_path: Path) -> None:
    with face(tmp_path, salesforce=on_deal(**{**WON, "CloseDate": "2026-12-24"})) as (db, _):
        assert ("customer", "entered", None, None, "unknown", "deal") in events(db, "salesforce")


def test_the_history_of_the_deal_knows_the_moment_it_was_won(tmp_path: Path) -> None:
    stage = {"stage": "Closed Won", "label": "Ganada", "is_closed": "true", "is_won": "true"}
    told = {"record_id": "006A", "native": "StageName", "old": "Prospecting", "new": "Closed Won",
            "happened_at": "2026-11-09T10:00:00.000Z"}  # fmt: skip
    rows = on_deal(**WON) | {"_stages": [stage], "_history.Opportunity.OpportunityFieldHistory": [told]}  # fmt: skip
    with face(tmp_path, salesforce=rows) as (db, _):
        assert ("customer", "entered", at(11, 9, 10), None, "instant", "deal") in events(
            db, "salesforce"
        )


def test_whether_a_deal_is_won_is_said_by_its_stage_where_no_flag_is_read(tmp_path: Path) -> None:
    stage = {"stage": "Ganada", "label": "Ganada", "is_closed": "true", "is_won": "true"}
    rows = on_deal(StageName="Ganada") | {"_stages": [stage]}
    with face(tmp_path, salesforce=rows) as (db, _):
        assert standing(db, "salesforce")[0] == "customer"


def test_once_all_deals_are_lost_nobody_stands_at_opportunity(tmp_path: Path) -> None:
    with face(tmp_path, salesforce=on_deal(**LOST)) as (db, _):
        assert ("opportunity", "exited", None, date(2026, 11, 12), "day", "deal") in events(
            db, "salesforce"
        )
        assert standing(db, "salesforce") == (None, "opportunity", "all_deals_lost", None)


def test_a_contact_on_no_deal_says_nothing(tmp_path: Path) -> None:
    rows = {"Contact": [{"_id": "003A", "LastName": "Gil", "Email": ANA}]}
    with face(tmp_path, salesforce=rows) as (db, _):
        assert standing(db, "salesforce") == (None, None, "nothing_said", None)


def at_account(**more: str) -> dict[str, Any]:
    """Ana has a role on the deal of her account, first of two; Leo is only at the account."""
    roles = [
        {"from_id": "006A", "to_id": "003A", "is_primary": "true"},
        {"from_id": "006A", "to_id": "003C"},
    ]
    return {
        "Account": [{"_id": "001A", "Name": "Acme"}],
        "Contact": [{"_id": f"003{each}", "LastName": each, "AccountId": "001A"} for each in "ABC"],
        "Opportunity": [opportunity(AccountId="001A", **more)],
        "Opportunity.Contact": roles,
    }


def buyers(folder: Path, policy: str) -> list[str]:
    with face(folder, salesforce=at_account(**WON), mapping=lifecycle(customers=policy)) as (db, _):
        rows = db.execute("SELECT id FROM buyer WHERE entity = 'contact' ORDER BY 1").fetchall()
        return [row[0] for row in rows]


def test_who_of_a_won_deal_is_a_customer_is_the_policy(tmp_path: Path) -> None:
    assert buyers(tmp_path / "roles", "roles_only") == ["003A", "003C"]
    assert buyers(tmp_path / "primary", "primary_only") == ["003A"]
    assert buyers(tmp_path / "account", "whole_account") == ["003A", "003B", "003C"]


def test_an_account_is_a_customer_since_its_first_won_deal(tmp_path: Path) -> None:
    with face(tmp_path, salesforce=at_account(**WON)) as (db, _):
        said = "SELECT current, customer_status FROM standing WHERE entity = 'company'"
        assert db.execute(said).fetchall() == [("customer", "active")]
