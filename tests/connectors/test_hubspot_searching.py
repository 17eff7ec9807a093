"""Which records search finds, though it is capped, in no order, and moves while it is paged through: all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.moving_portals import Desk, desk
from crmsync.connectors.hubspot import searching
from crmsync.connectors.hubspot.searching import MOST, Bounds, changed_ids
from crmsync.errors import AnswerBroken
from crmsync.testing.proxy import Reply, Seen, rewrites

CROWD = MOST + 1
STAMP = "2026-11-20T09:30:00.000Z"
BEGIN = datetime(2026, 11, 20, tzinfo=UTC)
WAYS = ("", "search_unsorted", "search_ids_as_text", "search_short_pages")


@pytest.fixture
def portal() -> Iterator[Desk]:
    with desk() as made:
        yield made


@pytest.fixture(scope="module")
def crowd() -> Iterator[tuple[Desk, set[str]]]:
    """One record more than search shows, all of one stamp, and some before and after; old ids are short."""
    with desk() as made:
        made.put(lastname="Before", lastmodifieddate="2026-11-19T09:30:00.000Z")
        ids = {
            made.put(
                id_=str(7 + n * n) if n < 2_000 else None, lastname="N", lastmodifieddate=STAMP
            )
            for n in range(CROWD)
        }
        ids |= {
            made.put(lastname="After", lastmodifieddate=f"2026-11-21T09:30:0{n}Z") for n in "12"
        }
        yield made, ids


@pytest.fixture(scope="module")
def few() -> Iterator[Desk]:
    with desk() as made:
        yield made


def found(portal: Desk) -> list[str]:
    api = portal.opens()._api
    return [one for ids in changed_ids(api, "contacts", BEGIN) for one in ids]


@pytest.mark.parametrize("way", WAYS)
def test_more_records_of_one_stamp_than_search_shows_are_all_found(
    crowd: tuple[Desk, set[str]], way: str
) -> None:
    portal, ids = crowd
    portal.proxy.seen.clear()
    if way:
        setattr(portal.world.switches, way, True)
    try:
        told = found(portal)
    finally:
        if way:
            setattr(portal.world.switches, way, False)
    assert len(told) == len(ids)
    assert set(told) == ids
    calls = portal.proxy.count("/search")
    assert calls < 1.5 * CROWD / searching.PAGE_SIZE + 10


def test_no_body_is_too_long_and_no_page_too_far(crowd: tuple[Desk, set[str]]) -> None:
    """Both are refused with 400."""
    portal, _ids = crowd
    portal.proxy.seen.clear()
    found(portal)
    bodies = [each for each in portal.proxy.seen if "/search" in each.path]
    assert max(len(each.body) for each in bodies) < 3_000
    assert max(int(each.json["after"]) + each.json["limit"] for each in bodies) == MOST
    long = {
        "x": searching.with_ids([str(734_000_000_001 + n) for n in range(searching.IDS_A_SEARCH)])
    }
    assert len(str(long)) < 2_700


def test_what_is_read_does_not_hang_on_a_page_that_lacks_rows(portal: Desk) -> None:
    def lacks(page: Any) -> Any:
        return page | {"results": page["results"][1:]}

    made = {portal.put(lastname=str(n)) for n in range(3)}
    portal.proxy.only, portal.proxy.faults = "/search", [rewrites(lacks)]
    assert set(found(portal)) == made
    portal.proxy.always = rewrites(lacks)
    with pytest.raises(AnswerBroken, match="2 changed records came of 3"):
        found(portal)


def test_rows_that_come_twice_do_not_stand_for_others(portal: Desk) -> None:
    """As pages do that are sorted anew for each: their number is right."""

    def twice(page: Any) -> Any:
        return page | {"results": [page["results"][0], *page["results"][:-1]]}

    made = {portal.put(lastname=str(n)) for n in range(450)}
    portal.proxy.only = "/search"
    portal.proxy.faults = [rewrites(twice)] * 4
    assert set(found(portal)) == made


@pytest.mark.parametrize("page", [1, 2])
def test_a_record_that_is_edited_while_pages_are_read_takes_nobody_along(
    portal: Desk, page: int
) -> None:
    """It leaves the span, the others move up by one, and one of them is on no page."""
    made = [portal.put(lastname=str(n), lastmodifieddate=STAMP) for n in range(401)]

    def edits(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        reply = forward()
        portal.put(id_=made[0], jobtitle="Director")
        return reply

    portal.proxy.only = "/search"
    portal.proxy.faults = [lambda _seen, forward: forward()] * (page - 1) + [edits]
    assert set(found(portal)) == set(made)


def test_an_empty_page_with_a_next_one_does_not_end_a_search(portal: Desk) -> None:
    made = {portal.put(lastname=str(n)) for n in range(5)}
    empty = {"results": [], "paging": {"next": {"after": "0"}}}

    def first(page: Any) -> Any:
        return page | empty

    def small(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        return rewrites(lambda page: page | {"results": [], "paging": {"next": {"after": "1"}}})(
            seen, forward
        )

    portal.proxy.only, portal.proxy.faults = "/search", [rewrites(first)]
    with pytest.raises(AnswerBroken, match="stands still"):
        found(portal)
    portal.proxy.faults = [small]
    assert set(found(portal)) == made


def test_a_search_that_tells_the_same_whatever_is_asked_ends_as_broken(portal: Desk) -> None:
    for n in range(3):
        portal.put(lastname=str(n))
    portal.proxy.only = "/search"
    portal.proxy.always = rewrites(lambda page: page | {"total": 20_000})
    with pytest.raises(AnswerBroken, match="whatever is asked"):
        found(portal)
    assert portal.proxy.count("/search") < 500


def test_a_search_without_a_total_is_broken(portal: Desk) -> None:
    portal.proxy.only = "/search"
    portal.proxy.always = rewrites(lambda page: {"results": page["results"]})
    with pytest.raises(AnswerBroken, match="no total"):
        found(portal)


def test_stamps_of_a_clock_that_is_ahead_are_found(portal: Desk) -> None:
    id_ = portal.put(lastname="A", lastmodifieddate="2031-01-01T00:00:00Z")
    assert found(portal) == [id_]


@given(
    stamps=st.lists(st.integers(0, 5), min_size=1, max_size=25),
    most=st.integers(4, 8),
    size=st.integers(2, 4),
    turned=st.sets(st.sampled_from(WAYS[1:])),
)
@settings(max_examples=15, deadline=None)
def test_all_are_found_however_few_are_shown_at_once(
    few: Desk, stamps: list[int], most: int, size: int, turned: set[str]
) -> None:
    """The cap made small at both ends."""
    portal = few.world.portal
    for number in list(portal.objects["contacts"].live):
        portal.drop("contacts", str(number))
    for name in WAYS[1:]:
        setattr(few.world.switches, name, name in turned)
    few.world.switches.search_cap = most
    made = [
        few.put(lastname="N", lastmodifieddate=f"2026-11-20T09:30:00.00{each}Z") for each in stamps
    ]
    pages = changed_ids(few.opens()._api, "contacts", BEGIN, Bounds(most, size))
    assert sorted(one for ids in pages for one in ids) == sorted(made)
