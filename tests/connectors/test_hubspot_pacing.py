"""A portal is never asked faster than it allows, and waits no longer than it has to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from connectors import paced_portals
from connectors.paced_portals import search
from connectors.portals import Portal
from crmsync.connectors.hubspot.pacing import budget_of
from crmsync.language import choose

served = paced_portals.served
portal = paced_portals.portal
NONE = {"inputs": [{"id": "1"}]}


def ties(connector: Any) -> Any:
    return connector._api.ties_read("contacts", "companies", NONE["inputs"])


# Against a portal that counts


@pytest.mark.slow_cases("190")
@pytest.mark.parametrize("burst", [100, 190, 250])
def test_a_thousand_calls_in_a_row_meet_no_429_and_waste_no_window(
    portal: Portal, burst: int
) -> None:
    portal.turn(burst_limit=burst)
    connector = portal.connect()
    for _ in range(1000):
        connector.whoami()
    assert portal.refused(429) == 0
    # The last call of 1,000 goes in the window after so many whole ones
    assert sum(portal.slept) == pytest.approx(10 * ((1000 - 1) // burst), abs=0.01)


def test_the_first_burst_of_many_threads_is_no_more_than_the_smallest_portal_allows(
    portal: Portal,
) -> None:
    portal.turn(burst_limit=100)
    connector = portal.connect()
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: connector.whoami(), range(300)))
    assert portal.refused(429) == 0
    assert sum(portal.slept) > 0


def test_a_window_rolls_so_a_pause_does_not_bring_twice_the_calls(portal: Portal) -> None:
    connector = portal.connect()
    for _ in range(190):
        connector.whoami()
    portal.later(9)  # a bucket would be full again by nine tenths
    for _ in range(190):
        connector.whoami()
    assert portal.refused(429) == 0
    assert portal.slept == [pytest.approx(1.0)]


def test_an_app_is_paced_by_its_own_window(portal: Portal) -> None:
    connector = portal.connect("OAuth app")
    for _ in range(340):
        connector.whoami()
    assert portal.refused(429) == 0
    assert sum(portal.slept) == pytest.approx(30, abs=0.01)  # 110 in ten seconds, three times


def test_calls_of_others_with_the_same_token_are_left_room_for(portal: Portal) -> None:
    one, other = portal.connect(), portal.connect()
    for _ in range(150):
        other.whoami()
    for _ in range(100):
        one.whoami()
    assert portal.refused(429) == 0


def test_a_portal_that_does_not_count_is_not_waited_for(portal: Portal) -> None:
    portal.turn(rate_limited=False)
    connector = portal.connect()
    for _ in range(600):
        connector.whoami()
    assert portal.slept == []


def test_searches_have_a_budget_of_five_a_second_that_no_header_tells(portal: Portal) -> None:
    connector = portal.connect()
    for _ in range(23):
        search(connector)
    assert portal.refused(429) == 0
    assert portal.slept == [pytest.approx(1.0)] * 4


def test_13b_several_components_share_the_five_searches(portal: Portal) -> None:
    """Each keeps to the limit by itself and knows nothing of the others: all of them find in the end."""
    components = [
        portal.connect(),
        portal.connect(token=portal.key("crm.objects.contacts.read")),
        portal.connect("OAuth app"),
    ]
    found = [search(each)["total"] for _round in range(8) for each in components]
    assert found == [0] * 24
    assert portal.refused(429) > 0
    assert sum(portal.slept) < 24


def test_searches_and_ties_leave_the_other_calls_alone(portal: Portal) -> None:
    connector = portal.connect()
    for _ in range(5):
        search(connector)
    for _ in range(100):
        ties(connector)
    for _ in range(190):
        connector.whoami()
    assert (portal.slept, portal.refused(429)) == ([], 0)


def test_ties_have_a_budget_of_their_own(portal: Portal) -> None:
    portal.turn(association_limit=100)
    connector = portal.connect()
    try:
        for _ in range(250):
            ties(connector)
    finally:
        portal.turn(association_limit=150)
    assert portal.refused(429) == 0
    assert sum(portal.slept) == pytest.approx(20, abs=0.01)


@pytest.mark.parametrize(("burst", "ties_most"), [(100, 100), (190, 150), (250, 200)])
def test_ties_go_as_fast_as_the_plan_that_the_general_window_shows(
    portal: Portal, burst: int, ties_most: int
) -> None:
    portal.turn(burst_limit=burst, association_limit=ties_most)
    connector = portal.connect()
    connector.whoami()
    try:
        for _ in range(ties_most + 1):
            ties(connector)
    finally:
        portal.turn(association_limit=150)
    assert portal.refused(429) == 0
    assert portal.slept == [pytest.approx(10.0)]


@pytest.mark.parametrize(
    ("label", "budget"),
    [
        ("POST objects/contacts/search", "search"),
        ("POST objects/contacts/batch/read", "general"),
        ("POST associations/batch/read", "associations"),
        ("POST associations/batch/create_default", "associations"),
        ("GET associations/labels", "general"),
        ("POST lists/search", "general"),
        ("GET account-info", "general"),
    ],
)
def test_every_call_counts_for_the_budget_of_its_label(label: str, budget: str) -> None:
    assert budget_of(label) == budget


def test_who_waits_for_a_place_is_told_for_what(portal: Portal) -> None:
    connector = portal.connect()
    for _ in range(191):
        connector.whoami()
    assert portal.told == ["waiting 10 s for hub: its limit of calls in a moment"]
    portal.told.clear()
    try:
        choose("es")
        for _ in range(190):
            connector.whoami()
    finally:
        choose("en")
    assert portal.told
    assert portal.told[0].startswith("esperando 10 s a hub")
