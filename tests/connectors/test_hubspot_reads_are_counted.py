"""A full read is counted against search, which hears of what was just made, merged and archived a while later."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connectors.moving_portals import Desk, desk
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.connectors.hubspot.searching import CATCH_UP_S
from crmsync.errors import AnswerBroken
from crmsync.sandbox.hubspot.merging import merge
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.testing.proxy import Reply, Seen

LAG = 20
PAGES = "/objects/contacts?"


@pytest.fixture
def portal() -> Iterator[Desk]:
    with desk() as made:
        made.world.switches.search_lag = LAG
        for at in range(150):
            made.put(lastname=f"N{at}", email=f"n{at}@people.example")
        made.later()
        yield made


def made_lately(portal: Desk, count: int) -> None:
    """Records made ten seconds before a read begins, of which search has not heard."""
    for at in range(count):
        portal.put(lastname=f"Late{at}", email=f"late{at}@people.example")
    portal.later(10)


def read(connector: HubspotConnector) -> set[str]:
    ids = [
        one
        for batch in connector.read("contacts", ["lastname"])
        for one in batch.column("_id").to_pylist()
    ]
    assert len(set(ids)) == len(ids)
    return set(ids) - connector.went_meanwhile("contacts")


def live(portal: Desk) -> set[str]:
    return {id_ for id_, row in portal.world.tables.rows("contacts") if "archivedAt" not in row}


def loses(portal: Desk, count: int, last: bool = False) -> None:
    """From now on the first page of a list, or the last, comes without so many of its records."""

    def fault(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        reply = forward()
        if PAGES in seen.path and ("after=" in seen.path) == last:
            body = json.loads(reply.body)
            del body["results"][:count]
            return Reply(reply.status, reply.headers, json.dumps(body).encode())
        return reply

    portal.proxy.only, portal.proxy.always = "archived=False", fault


def asked_for_the_archive(portal: Desk) -> int:
    return sum("archived=true" in seen.path.lower() for seen in portal.proxy.seen)


@pytest.mark.parametrize(("lag", "ago"), [(LAG, 0), (60, 40), (300, 60), (1800, 1700)])
@pytest.mark.parametrize("count", [1, 3])
def test_records_made_while_search_is_late_hide_no_records_that_do_not_come(
    portal: Desk, count: int, lag: int, ago: int
) -> None:
    portal.world.switches.search_lag = lag
    made_lately(portal, count)
    portal.later(ago)
    loses(portal, count)
    with pytest.raises(AnswerBroken, match=f"{150 - count} records came of 150"):
        read(portal.opens())


def test_records_made_lately_that_search_knows_are_missed_too(portal: Desk) -> None:
    made_lately(portal, 2)
    portal.later(LAG - 5)
    loses(portal, 1, last=True)
    with pytest.raises(AnswerBroken, match="records came of"):
        read(portal.opens())


@pytest.mark.parametrize("seconds", [0, LAG, CATCH_UP_S])
def test_a_record_made_a_moment_ago_has_nobody_list_the_whole_archive(
    portal: Desk, seconds: float
) -> None:
    made_lately(portal, 1)
    portal.later(seconds)
    assert read(portal.opens()) == live(portal)
    assert len(live(portal)) == 151
    assert not asked_for_the_archive(portal)
    assert not portal.slept


@pytest.mark.parametrize("keeps", [False, True])
@pytest.mark.parametrize("lag", [0, LAG])
def test_who_is_merged_after_the_last_page_makes_no_read_incomplete(
    portal: Desk, keeps: bool, lag: int
) -> None:
    """Search has heard of it, and the survivor is read; or it has not, and the read is of the moment before."""
    portal.world.switches.merge_keeps_primary = keeps
    portal.world.switches.search_lag = lag
    before = sorted(live(portal), key=int)
    merged: list[str] = []

    def fault(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        reply = forward()
        if PAGES in seen.path and "after=" in seen.path and not merged:
            ends = merge(portal.world.portal, OBJECTS["contacts"], before[3], before[140])
            merged.append(ends)
        return reply

    portal.proxy.always = fault
    found: Any = read(portal.opens())
    assert merged
    assert found == (set(before) if lag else live(portal))
