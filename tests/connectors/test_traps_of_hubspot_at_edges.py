"""Traps of HubSpot at the edges of pages, of spans and of merges: each test is one, by its place in the fact sheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from connectors.moving_portals import Desk, desk
from crmsync.connectors.hubspot.changes import OVERLAP
from crmsync.sandbox.hubspot.merging import merge
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.testing.proxy import says


@pytest.fixture
def portal() -> Iterator[Desk]:
    with desk() as made:
        yield made


@pytest.mark.parametrize("keeps", [False, True])
def test_0_2_both_old_ids_of_a_merge_lead_to_the_survivor(portal: Desk, keeps: bool) -> None:
    portal.world.switches.merge_keeps_primary = keeps
    one, other = (portal.put(lastname=each) for each in "ab")
    portal.later()
    since = portal.cursor()
    survivor = merge(portal.world.portal, OBJECTS["contacts"], one, other)
    assert set(portal.opens().get("contacts", [one, other], ["lastname"])) == {one, other} & {
        survivor
    }
    _live, gone, _cursor = portal.told(since)
    assert {row["into"] for row in gone.values()} == {survivor}
    assert set(gone) == {one, other} - {survivor}


def test_3_9_an_empty_page_with_a_next_one_ends_no_list_of_activities(portal: Desk) -> None:
    notes = {portal.put("notes", hs_timestamp="2026-11-20T09:00:00Z") for _each in range(3)}
    portal.later()
    empty = {"results": [], "paging": {"next": {"after": "1", "link": ""}}}
    portal.proxy.only, portal.proxy.faults = "/objects/notes?", [says(200, empty)]
    [told] = [
        {row["id"] for batch in fact.batches for row in batch.to_pylist()}
        for fact in portal.opens().facts({})
        if fact.table == "_activities.notes"
    ]
    assert told == notes


def test_13b_a_record_stamped_at_the_very_edge_of_a_span_is_in_it(portal: Desk) -> None:
    since = portal.cursor()
    edge = datetime.fromisoformat(since) - OVERLAP
    stamps = {name: edge.isoformat() for name in ("lastmodifieddate", "hs_lastmodifieddate")}
    one = portal.put(lastname="a", **stamps)
    live, _gone, _cursor = portal.told(since)
    assert set(live) == {one}
