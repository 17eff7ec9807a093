"""The invented world of what people did: plausible, the same every time, and no part of the truth."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from crmsync.sandbox.seed import Seed, generate

FACTS = ("Task", "Event", "Campaign", "CampaignMember", "LeadHistory", "OpportunityFieldHistory")


@pytest.fixture(scope="module")
def seed() -> Seed:
    return generate()


def test_there_is_something_of_every_kind_and_somebody_without_any(seed: Seed) -> None:
    assert all(seed.salesforce[name] for name in FACTS)
    people = {row.id for name in ("Contact", "Lead") for row in seed.salesforce[name]}
    dealt_with = {row.values["WhoId"] for row in seed.salesforce["Task"]}
    assert 0.4 < len(dealt_with & people) / len(people) < 0.9


def test_everything_is_about_somebody_who_was_there_at_the_time(seed: Seed) -> None:
    born = {
        row.id: row.values["CreatedDate"][:10]
        for name in ("Contact", "Lead", "Opportunity")
        for row in seed.salesforce[name]
    }
    about = {"Task": "WhoId", "LeadHistory": "LeadId", "OpportunityFieldHistory": "OpportunityId"}
    for name, field in about.items():
        for row in seed.salesforce[name]:
            assert born[row.values[field]] <= row.values["CreatedDate"][:10]
    for row in seed.salesforce["Event"]:
        assert born[row.values["WhatId"]] <= row.values["StartDateTime"][:10]
        assert row.values["WhoId"] in born


def test_nobody_is_in_a_campaign_twice_and_a_converted_lead_as_the_contact(seed: Seed) -> None:
    members = [row.values for row in seed.salesforce["CampaignMember"]]
    pairs = Counter((m["CampaignId"], m.get("ContactId") or m.get("LeadId")) for m in members)
    assert max(pairs.values()) == 1
    converted = {row.id for row in seed.salesforce["Lead"] if row.values["IsConverted"]}
    assert not converted & {m.get("LeadId") for m in members}
    assert not converted & {row.values["WhoId"] for row in seed.salesforce["Task"]}


def test_the_last_change_that_is_told_leads_to_what_the_record_holds(seed: Seed) -> None:
    for name, parent, field, object_ in (
        ("LeadHistory", "LeadId", "Status", "Lead"),
        ("OpportunityFieldHistory", "OpportunityId", "StageName", "Opportunity"),
    ):
        held = {row.id: row.values for row in seed.salesforce[object_]}
        last = {row.values[parent]: row.values for row in seed.salesforce[name]}
        assert last
        for id_, told in last.items():
            assert told["NewValue"] == held[id_][field]
            assert told["CreatedDate"] == held[id_]["LastModifiedDate"]


def test_all_of_it_was_before_the_day_of_the_seed() -> None:
    as_of = date(2025, 3, 1)
    seed = generate(as_of=as_of)
    dated = ("ActivityDate", "StartDateTime", "CompletedDateTime", "CreatedDate")
    for name in FACTS:
        for row in seed.salesforce[name]:
            dates = (str(row.values.get(field, ""))[:10] for field in dated)
            assert all(each < as_of.isoformat() for each in dates)
