"""What properties held before, as a portal's versions tell it: changes of mapped ones, by whom and from where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.fact_portal import FactPortal, fact_portal
from crmsync.testing.proxy import rewrites, says

CONTACTS, DEALS = "_history.contacts.contacts_history", "_history.deals.deals_history"
NOBODY: dict[str, frozenset[str]] = {"contacts": frozenset()}
Row = dict[str, Any]


@pytest.fixture
def portal() -> Iterator[FactPortal]:
    with fact_portal() as portal:
        yield portal


def brief(rows: list[Row]) -> list[tuple[Any, ...]]:
    return [(row["native"], row["old"], row["new"], row["told"]) for row in rows]


def test_a_change_is_told_with_what_was_before_who_when_and_from_where(portal: FactPortal) -> None:
    owner = portal.world.put("owners", {"email": "ruiz@sales.example"})
    contact = portal.world.put("contacts", {"email": "ana@acme.example", "jobtitle": "CTO"})
    portal.world.clock.advance(61)
    portal.world.edit("contacts", {"jobtitle": "CEO", "city": "Lima"}, contact)
    rows = portal.facts({"contacts": frozenset({"jobtitle"})})[CONTACTS].rows
    [row] = [one for one in rows if one["native"] != "lifecyclestage"]
    assert row == {
        "id": row["id"],
        "record_id": contact,
        "told": "change",
        "native": "jobtitle",
        "old": "CTO",
        "new": "CEO",
        "happened_at": "2026-11-20T09:31:01.000Z",
        "actor_id": owner,
        "precision": "instant",
        "origin": "CRM_UI",
        "origin_id": row["origin_id"],
    }


def test_a_value_that_came_with_the_record_is_no_change_but_a_stage_is(portal: FactPortal) -> None:
    portal.world.put("contacts", {"jobtitle": "CTO", "lifecyclestage": "lead"})
    rows = portal.facts({"contacts": frozenset({"jobtitle"})})[CONTACTS].rows
    assert brief(rows) == [("lifecyclestage", None, "lead", "change")]


def test_stage_status_and_owner_are_told_though_nobody_maps_them(portal: FactPortal) -> None:
    owner = portal.world.put("owners", {"email": "ruiz@sales.example"})
    told = {"lifecyclestage": "lead", "hs_lead_status": "NEW", "hubspot_owner_id": owner}
    portal.world.put("contacts", told)
    portal.world.put("deals", {"dealname": "Big", "dealstage": "contractsent", "pipeline": "default"})  # fmt: skip
    found = portal.facts({"contacts": frozenset(), "deals": frozenset()})
    assert {row["native"] for row in found[CONTACTS].rows} == told.keys()
    assert {row["native"] for row in found[DEALS].rows} == {"dealstage", "pipeline"}


def test_a_stage_taken_back_is_told_in_both_of_its_steps(portal: FactPortal) -> None:
    """Going back takes a clearing of its own, which is no stage anybody was in."""
    contact = portal.world.put("contacts", {"lifecyclestage": "customer"})
    for value in ("", "lead"):
        portal.world.clock.advance(1)
        portal.world.put("contacts", {"lifecyclestage": value}, contact)
    rows = portal.facts(NOBODY)[CONTACTS].rows
    assert [(row["old"], row["new"]) for row in rows] == [
        (None, "customer"),
        ("customer", None),
        (None, "lead"),
    ]


def test_versions_in_any_order_make_the_same_changes(portal: FactPortal) -> None:
    contact = portal.world.put("contacts", {"lifecyclestage": "lead"})
    portal.world.clock.advance(60)
    portal.world.put("contacts", {"lifecyclestage": "customer"}, contact)
    expected = portal.facts(NOBODY)[CONTACTS].rows

    def turned(page: Any) -> Any:
        for one in page["results"]:
            for versions in one["propertiesWithHistory"].values():
                versions.reverse()
        return page

    portal.proxy.only, portal.proxy.faults = "/objects/contacts?", [rewrites(turned)]
    assert portal.facts(NOBODY)[CONTACTS].rows == expected
    assert len(expected) == 2


def test_a_value_that_was_written_again_is_no_change(portal: FactPortal) -> None:
    """As by an import of what is there already."""
    portal.world.put("contacts", {"lifecyclestage": "lead"})

    def again(page: Any) -> Any:
        [versions] = [one["propertiesWithHistory"]["lifecyclestage"] for one in page["results"]]
        versions.append({**versions[0], "timestamp": "2026-11-20T09:45:00Z"})
        return page

    portal.proxy.only, portal.proxy.faults = "/objects/contacts?", [rewrites(again)]
    assert brief(portal.facts(NOBODY)[CONTACTS].rows) == [
        ("lifecyclestage", None, "lead", "change")
    ]


def test_history_days_says_how_far_back_and_what_was_before_is_still_known(
    portal: FactPortal,
) -> None:
    contact = portal.world.put(
        "contacts", {"lifecyclestage": "lead", "lastmodifieddate": "2025-11-01T08:00:00Z"}
    )
    portal.world.put("contacts", {"lifecyclestage": "customer"}, contact)
    told = portal.facts(NOBODY, history_days="30")[CONTACTS]
    assert brief(told.rows) == [("lifecyclestage", "lead", "customer", "change")]
    assert told.fact.since == "2026-10-21T00:00:00Z"
    assert len(portal.facts(NOBODY)[CONTACTS].rows) == 2


def test_where_older_versions_may_be_lost_the_oldest_is_only_a_state(portal: FactPortal) -> None:
    deal = portal.world.put("deals", {"dealname": "Big", "dealstage": "contractsent"})
    for at in range(25):
        portal.world.clock.advance(60)
        stage = ("qualifiedtobuy", "contractsent")[at % 2]
        portal.world.put("deals", {"dealstage": stage}, deal)
    rows = [r for r in portal.facts({"deals": frozenset()})[DEALS].rows if r["native"] == "dealstage"]  # fmt: skip
    assert len(rows) == 20, "the portal tells no more"
    assert [row["told"] for row in rows] == ["state", *["change"] * 19]
    assert rows[0]["old"] is None


def test_values_are_in_the_form_in_which_records_have_them(portal: FactPortal) -> None:
    deal = portal.world.put("deals", {"dealname": "Big", "amount": "1"})
    portal.world.clock.advance(60)
    portal.world.put("deals", {"amount": "1200.50", "closedate": "2026-12-01T00:00:00Z"}, deal)
    rows = portal.facts({"deals": frozenset({"amount", "closedate"})})[DEALS].rows
    changed = {
        row["native"]: row["new"] for row in rows if row["native"] in ("amount", "closedate")
    }
    assert changed == {"amount": "1200.50", "closedate": "2026-12-01T00:00:00.000Z"}


def test_long_texts_and_names_that_are_not_there_have_no_history(portal: FactPortal) -> None:
    contact = portal.world.put("contacts", {"message": "one"})
    portal.world.clock.advance(60)
    portal.world.put("contacts", {"message": "two"}, contact)
    portal.world.define_property("contacts", "essay", "string", "textarea")
    wanted = frozenset({"essay", "not_there", "associations.companies.primary", "hs_object_id"})
    rows = portal.facts({"contacts": wanted})[CONTACTS].rows
    assert {row["native"] for row in rows} <= {"lifecyclestage"}
    asked = [one.path for one in portal.proxy.seen if "propertiesWithHistory" in one.path]
    assert asked
    assert not [path for path in asked if "essay" in path or "not_there" in path]


def test_more_records_than_a_page_holds_come_whole_fifty_a_call(portal: FactPortal) -> None:
    for at in range(101):
        portal.world.put("contacts", {"lastname": str(at), "lifecyclestage": "lead"})
    connector = portal.opens()
    rows = [row for fact in connector.facts(NOBODY) for b in fact.batches for row in b.to_pylist()
            if fact.table == CONTACTS]  # fmt: skip
    assert len({row["record_id"] for row in rows}) == 101
    assert connector.meter.by_path["GET objects/contacts"] == 3


def test_more_properties_than_an_address_holds_are_read_in_parts(portal: FactPortal) -> None:
    names = [f"quite_a_long_name_of_a_custom_property_{at:04d}" for at in range(200)]
    for name in names:
        portal.world.define_property("contacts", name, "string", "text")
    contact = portal.world.put("contacts", {"lastname": "Ruiz"})
    portal.world.clock.advance(60)
    portal.world.put("contacts", {names[0]: "a", names[-1]: "z"}, contact)
    rows = portal.facts({"contacts": frozenset(names)})[CONTACTS].rows
    assert {(row["native"], row["new"]) for row in rows} >= {(names[0], "a"), (names[-1], "z")}
    assert max(len(one.path) for one in portal.proxy.seen) < 8_000


def test_a_history_that_may_not_be_read_says_why_and_others_are_read(portal: FactPortal) -> None:
    portal.world.put("deals", {"dealname": "Big", "dealstage": "contractsent"})
    refused = {"status": "error", "category": "MISSING_SCOPES", "message": "no",
               "context": {"requiredGranularScopes": ["crm.objects.contacts.read"]}}  # fmt: skip
    portal.proxy.only, portal.proxy.always = "/objects/contacts?", says(403, refused)
    told = portal.facts({"contacts": frozenset(), "deals": frozenset()})
    assert "crm.objects.contacts.read" in told[CONTACTS].fact.unread
    assert told[DEALS].rows
