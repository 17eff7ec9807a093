"""The windows that pace calls, by any times and any threads: none ever holds more than it may."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from heapq import heappop, heappush
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.paced_portals import told
from crmsync.connectors.hubspot.pacing import BUDGETS, Pacer

MOST, WINDOW_S = BUDGETS["search"].most, BUDGETS["search"].window_s
PAUSES, TAKES = st.sampled_from([0.0, 0.1, 0.5, 1.0]), st.sampled_from([0.01, 0.3, 0.9, 2.5])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(PAUSES, TAKES, st.sampled_from([0.0, 0.5, 1.0])), min_size=6, max_size=30)
)
def test_no_window_ever_holds_more_than_it_may_wherever_in_it_a_call_arrives(
    calls: list[tuple[float, float, float]],
) -> None:
    """Calls with pauses before them, an answer after some time, and an arrival somewhere in between."""
    now = [0.0]
    pacer = Pacer(lambda: now[0])
    arrived: list[float] = []
    for pause, takes, where in calls:
        now[0] += pause
        turn = pacer("POST objects/contacts/search")
        now[0] += turn.wait_s
        arrived.append(now[0] + takes * where)
        now[0] += takes
        turn.end({})
    for start in arrived:
        assert sum(start <= each < start + WINDOW_S for each in arrived) <= MOST


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(PAUSES, TAKES, st.sampled_from([0.0, 0.5, 1.0])), min_size=21, max_size=60)
)
def test_twenty_who_ask_at_once_never_send_too_many_whatever_their_answers_take(
    calls: list[tuple[float, float, float]],
) -> None:
    """Each of twenty rests, takes a turn, waits, and has an answer after a while; a call arrives in between."""
    now = [0.0]
    pacer = Pacer(lambda: now[0])
    left, arrived = iter(calls), []

    def caller() -> Iterator[float]:
        for pause, takes, where in left:
            yield pause
            turn = pacer("POST objects/contacts/search")
            wait_s = turn.wait_s
            while wait_s > 0:
                yield wait_s
                wait_s = turn.again()
            arrived.append(now[0] + takes * where)
            yield takes
            turn.end({})

    waiting = [(0.0, number, caller()) for number in range(20)]
    while waiting:
        now[0], number, one = heappop(waiting)
        for wait_s in islice(one, 1):
            heappush(waiting, (now[0] + wait_s, number, one))
    assert len(arrived) == len(calls)
    for start in arrived:
        assert sum(start <= each < start + WINDOW_S for each in arrived) <= MOST


def test_threads_take_places_in_order_and_none_twice() -> None:
    pacer = Pacer(lambda: 0.0)
    found: list[float] = []
    lock = threading.Lock()

    def take() -> None:
        for _ in range(5):
            wait_s = pacer("POST objects/deals/search").wait_s
            with lock:
                found.append(wait_s)

    threads = [threading.Thread(target=take) for _ in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(found) == [float(at // MOST) for at in range(100)]


def test_what_is_in_flight_counts_though_no_answer_told_of_it() -> None:
    now = [0.0]
    pacer = Pacer(lambda: now[0])
    turns = [pacer("GET x") for _ in range(10)]
    turns[-1].end(told(1, most=10))  # HubSpot counts nine; the nine before may not have arrived
    assert [pacer("GET x").wait_s > 0 for _ in range(3)] == [True] * 3


def test_places_that_hubspot_gave_back_earlier_are_not_given_back_twice() -> None:
    """Calls arrive before they are answered, so their window ends over there first, and here a moment later."""
    now = [0.0]
    pacer = Pacer(lambda: now[0])
    turns = [pacer("GET x") for _ in range(5)]
    now[0] = 1.0
    for turn in turns:
        turn.end(told(5, most=10))
    now[0] = 10.5
    pacer("GET x").end(told(9, most=10))  # those five arrived more than ten seconds ago
    now[0] = 11.1
    assert sum(pacer("GET x").wait_s == 0 for _ in range(12)) == 10 - 1


TOLD_MOST = 5


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([0.0, 0.5, 9.0]),
            st.sampled_from([0.125, 1.0, 4.0]),
            st.sampled_from([0.0, 0.5, 1.0]),
        ),
        min_size=6,
        max_size=30,
    )
)
def test_a_portal_that_tells_what_it_counts_never_counts_too_many(
    calls: list[tuple[float, float, float]],
) -> None:
    """Calls with pauses before them, an answer after some time, and an arrival somewhere in between."""
    now = [0.0]
    pacer = Pacer(lambda: now[0])
    pacer("GET x").end(told(TOLD_MOST, most=TOLD_MOST))
    arrived: list[float] = []
    for pause, takes, where in calls:
        now[0] += pause
        turn = pacer("GET x")
        now[0] += turn.wait_s
        arrived.append(now[0] + takes * where)
        counted = sum(each > arrived[-1] - 10 for each in arrived)
        assert counted <= TOLD_MOST
        now[0] += takes
        turn.end(told(TOLD_MOST - counted, most=TOLD_MOST))


def test_an_older_answer_that_comes_late_takes_nothing_back() -> None:
    pacer = Pacer(lambda: 0.0)
    first, second = pacer("GET x"), pacer("GET x")
    second.end(told(0))
    first.end(told(189))
    assert pacer("GET x").wait_s == pytest.approx(10.0)


def test_headers_that_are_none_are_no_news() -> None:
    pacer = Pacer(lambda: 0.0)
    odd: tuple[dict[str, str], ...] = (
        {},
        {"x-hubspot-ratelimit-max": "0"},
        {"x-hubspot-ratelimit-remaining": "many"},
    )
    for headers in odd:
        pacer("GET x").end(headers)
    waits = [pacer("GET x").wait_s for _ in range(100 - len(odd))]
    assert waits == [0.0] * len(waits)
    assert pacer("GET x").wait_s == pytest.approx(10.0)


def elsewhere(doing: Callable[[], Any]) -> Any:
    """What it gives in a thread of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(doing).result()


def test_a_call_that_is_turned_away_holds_back_those_of_all_threads_that_are_counted_with_it() -> (
    None
):
    now = [0.0]
    pacer = Pacer(lambda: now[0])
    label = "POST objects/contacts/search"
    waiting = [elsewhere(lambda: pacer(label)) for _ in range(MOST + 1)][-1]
    assert waiting.wait_s == WINDOW_S
    now[0] = 0.5
    pacer.hold(label, 3.0)
    assert elsewhere(lambda: pacer("POST objects/deals/search")).wait_s == 3.0
    assert elsewhere(lambda: pacer("GET objects/contacts")).wait_s == 0.0
    now[0] = WINDOW_S
    assert elsewhere(waiting.again) == 3.5 - WINDOW_S


def test_a_shorter_wait_of_another_thread_ends_no_longer_one() -> None:
    pacer = Pacer(lambda: 0.0)
    pacer.hold("GET owners", 10.0)
    elsewhere(lambda: pacer.hold("GET owners", 1.0))
    assert elsewhere(lambda: pacer("GET owners")).wait_s == 10.0


def test_who_is_turned_away_waits_by_itself_and_not_twice() -> None:
    pacer = Pacer(lambda: 0.0)
    pacer.hold("GET owners", 10.0)
    assert pacer("GET owners").wait_s == 0.0
