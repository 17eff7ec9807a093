"""Every planted defect is found by a plain reading of the rows, and nothing else is.

The oracle is `seed_readings.py`.
"""

from __future__ import annotations

from collections import Counter

import pytest
import seed_readings
from seed_readings import (
    AUDITS,
    SIZES,
    World,
    d06,
    email_of,
    g02,
    has_open_deal_in_hubspot,
    is_open,
    is_role,
    is_won,
    l06,
    l11,
    m01,
    planted,
    pointed,
    x02,
    x03,
    x04,
)

from crmsync.sandbox.seed import generate

world = seed_readings.world


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("chance", [7, 1, 20261120])
def test_the_truth_is_what_a_plain_reading_of_the_rows_finds(size: str, chance: int) -> None:
    seed = generate(**SIZES[size], seed=chance)
    world = World(seed)
    for audit, find in AUDITS.items():
        assert find(world) == planted(seed, audit), audit


@pytest.mark.parametrize("chance", range(100, 120))
def test_the_default_size_plants_the_promised_numbers_whatever_the_seed(chance: int) -> None:
    seed = generate(seed=chance)
    world = World(seed)
    assert {a: find(world) for a, find in AUDITS.items()} == {a: planted(seed, a) for a in AUDITS}
    counts = Counter((p.audit, p.system) for p in seed.truth)
    # who is on an open deal comes by chance, too
    assert counts.pop(("D05", "salesforce")) >= 1
    assert counts.pop(("D05", "hubspot")) >= 1
    # mistyped tax ids come by chance, beside one phone that is none in both systems
    assert counts.pop(("C20", "salesforce")) >= 1
    assert counts.pop(("C20", "hubspot")) >= 1
    assert counts == {
        ("C01", "salesforce"): 6,
        ("C01", "hubspot"): 6,
        ("C05", "salesforce"): 13,  # five pairs and a group of three
        ("D06", "salesforce"): 6,
        ("D06", "hubspot"): 4,
        ("D10", "salesforce"): 3,
        ("D10", "hubspot"): 3,
        ("G02", "hubspot"): 5,
        ("L06", "hubspot"): 8,
        ("L09", "salesforce"): 7,
        ("L11", "hubspot"): 6,
        ("M01", "salesforce"): 6,
        ("M01", "hubspot"): 6,
        ("X02", "hubspot"): 4,
        ("X03", "hubspot"): 6,
        ("X04", "hubspot"): 2,
    }


def test_defects_grow_in_proportion_to_the_size() -> None:
    seed = generate(contacts=4000, companies=1200, deals=800)
    counts = Counter(p.audit for p in seed.truth)
    assert counts["L06"] == 80
    assert counts["L09"] == 70
    assert counts["D06"] == 100
    assert counts["M01"] == 120


def test_shared_mailboxes_are_there_and_innocent(world: World) -> None:
    emails = Counter(email_of(row) for row in world.salesforce["Contact"].values())
    assert any(is_role(email) and how_many > 1 for email, how_many in emails.items())
    leads = {email_of(row) for row in world.salesforce["Lead"].values()}
    assert any(is_role(email) for email in leads & set(emails))


def test_branch_families_are_there_and_innocent(world: World) -> None:
    findings = m01(world)
    children = [id_ for id_, row in world.salesforce["Account"].items() if "ParentId" in row]
    whole_families = [
        id_
        for id_ in children
        if ("M01", "salesforce", "Account", world.salesforce["Account"][id_]["ParentId"])
        not in findings
    ]
    assert whole_families
    assert not {id_ for _, _, _, id_ in findings} & set(children)
    tied = [c for c in world.hubspot["companies"] if world.tied("companies", c, "companies", 14)]
    assert len(tied) == len(children)


def test_a_family_with_a_stranger_accuses_parent_and_stranger_only(world: World) -> None:
    accounts = world.salesforce["Account"]
    parents = {row["ParentId"] for row in accounts.values() if "ParentId" in row}
    assert {id_ for _, system, _, id_ in m01(world) if system == "salesforce"} & parents


def test_both_kinds_of_missing_role_are_planted(world: World) -> None:
    rows = world.salesforce["OpportunityContactRole"].values()
    with_a_row = {row["OpportunityId"] for row in rows}
    accused = {id_ for _, system, _, id_ in d06(world) if system == "salesforce"}
    assert accused & with_a_row
    assert accused - with_a_row


def test_converted_leads_are_there_and_innocent(world: World) -> None:
    contacts = {email_of(row) for row in world.salesforce["Contact"].values()}
    converted = [row for row in world.salesforce["Lead"].values() if row["IsConverted"]]
    assert {email_of(row) for row in converted} & contacts


def test_some_opportunities_are_justified_by_their_company_or_by_salesforce_only() -> None:
    world = World(generate(contacts=2000, companies=600, deals=500))
    accused = {id_ for _, _, _, id_ in l06(world)}
    by_company = by_salesforce = 0
    for id_, row in world.hubspot["contacts"].items():
        if row["lifecyclestage"] != "opportunity":
            continue
        deals = world.hubspot["deals"]
        own = any(is_open(deals[deal]) for deal in world.tied("contacts", id_, "deals"))
        here = has_open_deal_in_hubspot(world, id_)
        by_company += here and not own
        by_salesforce += not here and id_ not in accused
    assert by_company
    assert by_salesforce


def test_some_won_deals_are_known_through_salesforce_only() -> None:
    world = World(generate(contacts=2000, companies=600, deals=500))
    through_salesforce = [
        id_
        for _, _, _, id_ in l11(world)
        if not any(
            is_won(world.hubspot["deals"][deal]) for deal in world.tied("contacts", id_, "deals")
        )
    ]
    assert through_salesforce


def test_opt_outs_differ_in_both_directions() -> None:
    world = World(generate(contacts=2000))
    directions = {
        world.hubspot["contacts"][id_].get("hs_email_optout") == "true"
        for _, _, _, id_ in g02(world)
    }
    assert directions == {True, False}


def test_old_spellings_and_former_leads_are_there_and_innocent(world: World) -> None:
    rows = {id_: row for id_, row in world.hubspot["contacts"].items() if id_ in pointed(world)}
    guilty = {each[3] for find in (x02, x03, x04) for each in find(world)}
    innocent = [row for id_, row in rows.items() if id_ not in guilty]
    assert any(len(row.get("salesforcecontactid", "")) == 15 for row in innocent)
    assert any("salesforcecontactid" in row and "salesforceleadid" in row for row in innocent)
    assert any("salesforcecontactid" not in row for row in innocent)
