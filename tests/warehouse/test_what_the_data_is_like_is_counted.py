"""The counts of the report's sections: each by rows that a person can count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from crmsync.core.found_pairs import FoundPair
from crmsync.core.profile import AgeCounts, DataProfile, DuplicateCounts, FieldAgreement
from crmsync.core.records import Ref
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.probable import note_probable, pairs_table
from crmsync.warehouse.profiling.reading import read_profile
from warehouse.roleless import mapping_of
from warehouse.shelf import Rows, columns_over, stored
from warehouse.staged import HISTORY, moved

AS_OF = datetime(2026, 11, 20, 12, tzinfo=UTC)
Given = Mapping[str, Any]


FIELDS = {
    "company": ("name",),
    "contact": (
        "email",
        "last_name",
        "job_title",
        "birthdate",
        "opted_out",
        "owner",
        "lifecycle_stage",
    ),
    "deal": ("name", "amount", "currency", "stage", "is_won", "is_closed"),
}


def profile(
    folder: Path,
    hubspot: Given,
    salesforce: Given,
    found: Mapping[str, pa.Table] | None = None,
    unread: str = "",
    fields: Mapping[str, Sequence[str]] = FIELDS,
) -> DataProfile:
    mapping = mapping_of(fields, "email")
    rows: Rows = {"hubspot": hubspot, "salesforce": salesforce}
    file = folder / "face.duckdb"
    snapshots = stored(folder, rows, mapping)
    kept = {place: each for place, each in snapshots.items() if place[1] != unread}
    with columns_over(kept, mapping) as columns:
        if found:
            note_probable(columns, found)
        have = build_face(columns, file, handoffs=False, roles=True)
    return read_profile(file, mapping, have, AS_OF)


def mail(n: int) -> str:
    return f"p{n}@acme.example"


def person(n: int, **more: str | None) -> dict[str, str | None]:
    return {"_id": f"{n}", "email": mail(n), **more}


def contact(n: int, **more: str | None) -> dict[str, str | None]:
    return {"_id": f"003{n}", "LastName": "Gil", "Email": mail(n), **more}


def of(told: DataProfile, field: str) -> FieldAgreement:
    (one,) = (e for e in told.agreement if (e.entity, e.field) == ("contact", field))
    return one


def test_agreement_counts_people_of_both_systems_once_in_one_of_five_cases(tmp_path: Path) -> None:
    told = profile(
        tmp_path,
        {"contacts": [person(1, jobtitle="CEO"), person(2, jobtitle="CEO"), person(3, jobtitle="CEO"),
                      person(4), person(5), person(6), person(9, jobtitle="CEO")]},
        {"Contact": [contact(1, Title="CEO"), contact(2, Title="CTO"), contact(3), contact(4, Title="CEO"),
                     contact(5), contact(6, Title="CEO")]},
    )  # fmt: skip
    one = of(told, "job_title")
    assert (one.system, one.other_system) == ("hubspot", "salesforce")
    assert (one.equal, one.differ, one.only, one.only_other, one.blank) == (1, 1, 1, 2, 1)
    assert one.both == 2


def test_a_field_that_a_lead_has_not_says_nothing_of_leads(tmp_path: Path) -> None:
    told = profile(
        tmp_path,
        {"contacts": [person(1, date_of_birth="1990-01-01"), person(2, date_of_birth="1990-01-01")]},
        {"Contact": [contact(1, Birthdate="1990-01-01")],
         "Lead": [{"_id": "00Q2", "LastName": "Gil", "Email": mail(2), "IsConverted": "false"}]},
    )  # fmt: skip
    both, dated = of(told, "email"), of(told, "birthdate")
    assert both.equal == 2
    assert (dated.equal, dated.only) == (1, 0)


def test_a_box_never_ticked_is_a_no(tmp_path: Path) -> None:
    told = profile(
        tmp_path,
        {"contacts": [person(1), person(2)]},
        {
            "Contact": [
                contact(1, HasOptedOutOfEmail="false"),
                contact(2, HasOptedOutOfEmail="true"),
            ]
        },
    )
    one = of(told, "opted_out")
    assert (one.equal, one.differ, one.only_other) == (1, 1, 0)


def test_moves_are_counted_by_stage_and_those_down_the_ladder_are_marked(tmp_path: Path) -> None:
    told = [
        moved(None, "lead", "11-01"),
        moved("lead", "marketingqualifiedlead", "11-03"),
        moved("marketingqualifiedlead", "lead", "11-04"),
        moved("lead", "marketingqualifiedlead", "11-05"),
    ]
    (one,) = profile(
        tmp_path,
        {"contacts": [person(1, lifecyclestage="marketingqualifiedlead")], HISTORY: told},
        {},
    ).moves
    assert (one.system, one.stages) == ("hubspot", ("lead", "mql"))
    assert one.counts == {("lead", "mql"): 2, ("mql", "lead"): 1}
    assert one.back == {("mql", "lead")}


OPEN = {"IsClosed": "false", "IsWon": "false", "StageName": "Prospecting"}


def test_open_deals_without_anybody_are_worth_something_in_each_currency(tmp_path: Path) -> None:
    deals = [
        {"_id": "006A", "Name": "A", **OPEN, "Amount": "100", "CurrencyIsoCode": "EUR"},
        {"_id": "006B", "Name": "B", **OPEN, "Amount": "7", "CurrencyIsoCode": "USD"},
        {"_id": "006C", "Name": "C", **OPEN},
        {"_id": "006D", "Name": "D", **OPEN, "Amount": "1000", "CurrencyIsoCode": "EUR"},
        {"_id": "006E", "Name": "E", **OPEN, "IsClosed": "true", "Amount": "9"},
        {"_id": "006F", "Name": "F", **OPEN, "StageName": "Negotiation"},
    ]
    tie = [{"from_id": each, "to_id": "0031"} for each in ("006D", "006F")]
    told = profile(
        tmp_path,
        {},
        {"Contact": [contact(1)], "Opportunity": deals, "Opportunity.Contact": tie,
         "_stages": [{"pipeline": "Opportunity", "stage": "Prospecting", "label": "Al principio",
                      "position": "2", "is_closed": "false", "is_won": "false"}]},
    ).gaps  # fmt: skip
    by_stage = {each.stage: each for each in told}
    first = by_stage["Al principio"]
    assert (first.deals, first.without, first.unpriced) == (4, 3, 1)
    assert first.amounts == {"EUR": Decimal(100), "USD": Decimal(7)}
    assert (by_stage["Negotiation"].deals, by_stage["Negotiation"].without) == (1, 0)


def test_where_ties_of_deals_were_not_read_nobody_says_that_there_are_none(tmp_path: Path) -> None:
    deals = [{"_id": "006A", "Name": "A", **OPEN}]
    rows = {"Contact": [contact(1)], "Opportunity": deals}
    assert profile(tmp_path / "read", {}, rows).gaps[0].without == 1
    told = profile(tmp_path, {}, rows, unread="_associations.Opportunity.Contact")
    assert told.gaps == ()


def test_a_mapping_that_does_not_say_which_deals_are_closed_says_nothing_of_open_ones(
    tmp_path: Path,
) -> None:
    rows = {"Contact": [contact(1)], "Opportunity": [{"_id": "006A", "Name": "A"}]}
    fewer = {**FIELDS, "deal": ("name", "stage")}
    assert profile(tmp_path, {}, rows, fields=fewer).gaps == ()


def changed(day: str) -> dict[str, str]:
    return {"_created_at": "2024-01-01T09:00:00.000Z", "_modified_at": f"2026-{day}T09:00:00.000Z"}


def test_age_is_that_of_the_last_change_or_activity(tmp_path: Path) -> None:
    old = {"_created_at": "2024-01-01T09:00:00.000Z", "_modified_at": "2024-02-01T09:00:00.000Z"}
    call = {"id": "00T1", "about": "Contact|0032", "kind": "call", "state": "closed", "precision": "instant",
            "created_at": "2026-11-10T09:00:00.000Z", "happened_at": "2026-11-10T09:00:00.000Z"}  # fmt: skip
    told = profile(
        tmp_path,
        {},
        {"Contact": [
            contact(1, **old),
            contact(2, **old),
            contact(3, **changed("10-20")),
            contact(4, **changed("02-20")),
            contact(5),
            contact(6, **changed("10-21"))],
         "_activities.Task": [call]},
    ).ages  # fmt: skip
    (one,) = (each for each in told if each.entity == "contact")
    assert one == AgeCounts("contact", "salesforce", (2, 1, 1, 1), 1)
    assert one.records == 6


def test_an_owner_is_missing_waits_in_a_queue_or_has_left(tmp_path: Path) -> None:
    users = [
        {"id": "005A", "email": "ana@acme.example", "name": "Ana", "active": "true"},
        {"id": "005B", "email": "ben@acme.example", "name": "Ben", "active": "false"},
    ]
    owners = ("005A", "005B", "005Z", "00G1", None)
    told = profile(
        tmp_path,
        {},
        {"Contact": [contact(n, OwnerId=each) for n, each in enumerate(owners)], "_owners": users},
    )
    (one,) = (each for each in told.owners if each.entity == "contact")
    assert (one.records, one.without, one.queued, one.left) == (5, 1, 1, 2)


def test_where_no_users_were_read_nobody_has_left(tmp_path: Path) -> None:
    told = profile(tmp_path, {}, {"Contact": [contact(1, OwnerId="005A")]})
    (one,) = (each for each in told.owners if each.entity == "contact")
    assert (one.records, one.left) == (1, None)


def pair(group: int, size: int, tier: Any, one: str, other: str, decided: str = "") -> FoundPair:
    refs = (Ref("salesforce", "Contact", each) for each in (one, other))
    return FoundPair(group, size, tier, *refs, 0.99, decided, 1)


@pytest.mark.parametrize("searched", [True, False])
def test_duplicates_are_groups_by_confidence_where_somebody_searched(
    tmp_path: Path, searched: bool
) -> None:
    pairs = [
        pair(1, 3, "sure", "1", "2"),
        pair(1, 3, "sure", "2", "3"),
        pair(2, 2, "review", "4", "5", "yes"),
        pair(3, 2, "review", "6", "7"),
    ]
    found = {"contact": pairs_table(pairs)} if searched else None
    told = profile(tmp_path, {}, {"Contact": [contact(n) for n in range(8)]}, found).duplicates
    (one,) = (each for each in told if each.entity == "contact")
    counted = DuplicateCounts("contact", True, 8, 1, 3, 2, 4, 1)
    assert one == (counted if searched else DuplicateCounts("contact", False))
