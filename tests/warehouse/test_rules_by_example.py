"""The rules people write: who is recognised by them, and who is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from crmsync.core.mapping import Entity, Seat
from crmsync.core.records import Native, Schema
from warehouse.people import OBJECT, SYSTEMS, a_field, columns_of
from warehouse.shelf import columns_over, reference_mapping, stored

Cells = Mapping[str, str | None]


def matched(
    fields: Mapping[str, str], rules: Sequence[Any], east: Cells, *west: Cells
) -> list[str]:
    """By which rule a record of east was linked with one of west: none or one."""
    seats = [Seat(system, OBJECT) for system in SYSTEMS]
    mapped = [a_field(type_, name) for name, type_ in fields.items()]
    entity = Entity("person", seats, [*rules], mapped)
    held = {("east", "1"): {name: east.get(name) for name in fields}}
    held |= {
        ("west", str(place)): {name: each.get(name) for name in fields}
        for place, each in enumerate(west)
    }
    with columns_of(entity, held) as columns:
        return [each.how for each in columns.matches["person"]]


COMPANY = {"name": "text", "tax_id": "text", "domain": "domain"}
COMPANY_RULES = ("key", "tax_id", ["domain", "name"], "domain")
ACME = {"name": "Acme", "tax_id": "ESA58818501", "domain": "acme.example"}


@pytest.mark.parametrize(
    ("west", "how"),
    [
        ([{"tax_id": "esa58818501", "name": "Otra"}], ["tax_id"]),
        ([{"name": "ACMÉ", "domain": "www.acme.example"}], ["domain+name"]),
        ([{"name": "Acme Norte", "domain": "acme.example"}], ["domain"]),
        (
            [
                {"name": "Acme", "domain": "acme.example"},
                {"name": "Acme Norte", "domain": "acme.example"},
            ],
            ["domain+name"],
        ),
        ([{"tax_id": "ESA58818501"}, {"tax_id": "ESA58818501"}], []),
        (
            [
                {"name": "Acme Norte", "domain": "acme.example"},
                {"name": "B", "domain": "acme.example"},
            ],
            [],
        ),
        ([{"name": "Acme"}], []),
    ],
    ids=[
        "tax id",
        "domain and name",
        "domain",
        "branch",
        "two tax ids",
        "two branches",
        "name alone",
    ],
)
def test_companies_go_by_tax_id_then_domain_and_name(west: list[Cells], how: list[str]) -> None:
    assert matched(COMPANY, COMPANY_RULES, ACME, *west) == how


def test_a_person_goes_by_phone_and_surname_however_it_is_spelt() -> None:
    fields = {"phone": "phone", "last_name": "text"}
    east = {"phone": "+34 911 234 567", "last_name": "Pérez"}
    rules = ("key", ["phone", "last_name"])
    assert matched(fields, rules, east, {"phone": "911234567", "last_name": "PEREZ "}) == [
        "phone+last_name"
    ]
    assert matched(fields, rules, east, {"phone": "911234567", "last_name": "Gil"}) == []


def test_a_person_goes_by_the_mailbox_and_keeps_the_address() -> None:
    mailbox = "{}@gmail.com".format
    fields = {"email": "email"}
    held = {
        ("east", "1"): {"email": mailbox("Ana.Gil")},
        ("west", "2"): {"email": mailbox("anagil+crm")},
    }
    seats = [Seat(system, OBJECT) for system in SYSTEMS]
    entity = Entity(
        "person", seats, ["email"], [a_field(kind, name) for name, kind in fields.items()]
    )
    with columns_of(entity, held) as columns:
        assert [each.how for each in columns.matches["person"]] == ["email"]
        kept = columns.db.execute("SELECT email FROM row_person ORDER BY system").fetchall()
    assert kept == [(mailbox("ana.gil"),), (mailbox("anagil+crm"),)]


DEAL = {"dealname": "Renewal", "closedate": "2027-01-31T12:00:00.000Z"}


def deals_matched(tmp_path: Path, *opportunities: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Rule and records of every link between one HubSpot deal of Acme and some opportunities."""
    rows = {
        "hubspot": {
            "companies": [{"_id": "7", "name": "Acme", "domain": "acme.example"}],
            "deals": [{"_id": "8", **DEAL}],
            "deals.companies": [{"from_id": "8", "to_id": "7", "is_primary": "true"}],
        },
        "salesforce": {
            "Account": [
                {"_id": "001A", "Name": "Acme", "Website": "acme.example"},
                {"_id": "001B", "Name": "Beta", "Website": "beta.example"},
            ],
            "Opportunity": [
                {"_id": f"006{place}", **each} for place, each in enumerate(opportunities)
            ],
        },
    }
    mapping = reference_mapping()
    place = ("hubspot", "deals")
    schemas = {place: Schema(*place, {"closedate": Native("closedate", "datetime")})}
    with columns_over(stored(tmp_path, rows, mapping), mapping, schemas=schemas) as columns:
        return [(m.how, [ref.id for ref in m.refs]) for m in columns.matches["deal"]]


def test_a_deal_goes_by_account_name_and_date(tmp_path: Path) -> None:
    """Of two renewals of one account the date says which; the account is the one both systems know."""
    found = deals_matched(
        tmp_path,
        {"Name": "Renewal", "AccountId": "001A", "CloseDate": "2026-01-31"},
        {"Name": "RENEWAL", "AccountId": "001A", "CloseDate": "2027-01-31"},
        {"Name": "Renewal", "AccountId": "001B", "CloseDate": "2027-01-31"},
    )
    assert found == [("name+company+close_date", ["8", "0061"])]


def test_a_deal_whose_date_moved_is_still_found_if_it_is_the_only_one(tmp_path: Path) -> None:
    one = {"Name": "Renewal", "AccountId": "001A", "CloseDate": "2027-02-28"}
    assert deals_matched(tmp_path / "one", one) == [("name+company", ["8", "0060"])]
    assert deals_matched(tmp_path / "two", one, one) == []


def test_a_deal_of_another_account_is_another_deal(tmp_path: Path) -> None:
    other = {"Name": "Renewal", "AccountId": "001B", "CloseDate": "2027-01-31"}
    assert deals_matched(tmp_path, other) == []
