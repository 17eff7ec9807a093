"""A portal is never asked faster than it allows, and waits no longer than it has to; every 429 is understood."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.portals import NOW, Portal, served_portal
from crmsync.connectors.hubspot.day import Day
from crmsync.connectors.hubspot.pacing import BUDGETS, Pacer, budget_of
from crmsync.errors import AccessDenied, TryLater, Unavailable
from crmsync.language import choose, translate_said
from crmsync.sandbox.faults.book import clear_faults, set_fault
from crmsync.testing.proxy import Proxy, proxied, rewrites, says

SEARCH = "/crm/v3/objects/contacts/search"
NONE = {"inputs": [{"id": "1"}]}


@pytest.fixture(scope="module")
def served() -> Iterator[Portal]:
    with served_portal() as portal:
        yield portal


@pytest.fixture
def portal(served: Portal) -> Iterator[Portal]:
    served.later(86_400)  # another day, with empty windows
    served.turn(rate_limited=True, burst_limit=190, retry_after=0)
    served.world.requests.clear()
    served.slept.clear()
    served.told.clear()
    yield served
    clear_faults(served.world)
    served.turn(rate_limited=False, burst_limit=190, retry_after=0, daily_limit=625_000)


@pytest.fixture
def proxy(portal: Portal) -> Iterator[Proxy]:
    with proxied(portal.url) as proxy:
        yield proxy


def search(connector: Any) -> Any:
    return connector._api.raw("POST objects/contacts/search", "POST", SEARCH, {"limit": 1})


def ties(connector: Any) -> Any:
    return connector._api.ties_read("contacts", "companies", NONE["inputs"])


# Against a portal that counts


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


# The law, whatever the threads and the answers do

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


def test_threads_take_places_in_order_and_none_twice() -> None:
    pacer = Pacer(lambda: 0.0)
    found: list[float] = []
    lock = threading.Lock()

    def take() -> None:
        for _ in range(25):
            wait_s = pacer("POST objects/deals/search").wait_s
            with lock:
                found.append(wait_s)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(found) == [float(at // MOST) for at in range(100)]


def told(left: int, most: int = 190, window_ms: int = 10_000) -> dict[str, str]:
    """Headers as HubSpot shows them."""
    named = {"max": most, "remaining": left, "interval-milliseconds": window_ms}
    return {f"x-hubspot-ratelimit-{name}": str(value) for name, value in named.items()}


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


# 429, in every shape, and what else says "not now"

SECONDLY = "You have reached your secondly limit."
ROLLING = "You have reached your ten_secondly_rolling limit."


@pytest.mark.parametrize(
    ("body", "headers", "seconds"),
    [
        ({"message": SECONDLY, "category": "RATE_LIMITS"}, {}, 1.0),
        ({"message": ROLLING, "policyName": "TEN_SECONDLY_ROLLING"}, {}, 10.0),
        ({"message": SECONDLY, "policyName": "SECONDLY"}, {}, 1.0),
        ({"message": ROLLING, "policyName": "TEN_SECONDLY_ROLLING"}, {"Retry_After": "3"}, 3.0),
        ({}, {}, 10.0),
        (b"error code: 1015", {}, 10.0),
        (b"<html>slow down</html>", {"Retry_After": "7"}, 7.0),
        ({"message": None, "policyName": None}, {}, 10.0),
    ],
)
def test_a_429_of_any_shape_is_waited_for_and_asked_again(
    portal: Portal, proxy: Proxy, body: Any, headers: dict[str, str], seconds: float
) -> None:
    proxy.faults = [says(429, body, **headers)]
    assert portal.connect(url=proxy.url).whoami().id
    assert portal.slept == [seconds]


@pytest.mark.parametrize(
    "body",
    [
        {"message": "You have reached your daily limit.", "policyName": "DAILY"},
        {"message": "You have reached your daily limit."},
        {"message": "no words", "policyName": "DAILY"},
    ],
)
def test_the_calls_of_the_day_used_up_are_for_after_midnight_over_there(
    portal: Portal, proxy: Proxy, body: Any
) -> None:
    connector = portal.connect(url=proxy.url)
    proxy.faults = [says(429, body)]
    with pytest.raises(TryLater) as raised:
        connector.whoami()
    assert raised.value.remedy == "Run again after midnight in the portal's time zone."
    connector.whoami()
    proxy.faults = [says(429, body)]
    with pytest.raises(TryLater) as raised:
        connector.whoami()
    remedy = raised.value.remedy
    assert "(Europe/Madrid): 2026-11-23 00:00 there" in remedy  # by the clock of opening
    assert translate_said(remedy, "es") != remedy
    assert portal.slept == []


@pytest.mark.parametrize(
    ("zone", "now", "ends"),
    [
        ("Europe/Madrid", datetime(2026, 11, 22, 22, 59, tzinfo=UTC), "2026-11-22T23:00"),
        ("Europe/Madrid", datetime(2026, 11, 22, 23, 0, tzinfo=UTC), "2026-11-23T23:00"),
        ("America/Santiago", datetime(2026, 11, 22, 2, 0, tzinfo=UTC), "2026-11-22T03:00"),
        ("Asia/Kolkata", datetime(2026, 11, 22, 18, 31, tzinfo=UTC), "2026-11-23T18:30"),
    ],
)
def test_a_day_ends_at_midnight_where_the_portal_is(zone: str, now: datetime, ends: str) -> None:
    found = Day(lambda: now, zone).ends()
    assert found is not None
    assert found.astimezone(UTC).isoformat().startswith(ends)


@pytest.mark.parametrize("zone", ["", "US/Nowhere", "../etc"])
def test_a_zone_nobody_knows_is_no_error(zone: str) -> None:
    day = Day(lambda: NOW, zone)
    assert day.ends() is None
    assert day.remedy() == "Run again after midnight in the portal's time zone."


def test_the_reserve_of_the_day_stops_the_next_call_and_names_midnight(portal: Portal) -> None:
    portal.turn(daily_limit=100)
    connector = portal.connect(reserve="0.2")
    for _ in range(81):
        connector.whoami()
    with pytest.raises(TryLater, match="19 of 100") as raised:
        connector.whoami()
    assert "Europe/Madrid" in raised.value.remedy
    assert "`reserve`" in raised.value.remedy
    assert translate_said(raised.value.remedy, "es") != raised.value.remedy
    assert connector.meter.made == 81
    assert portal.refused(429) == 0


def test_an_app_is_told_no_day_and_keeps_no_reserve_of_it(portal: Portal) -> None:
    portal.turn(daily_limit=10)
    connector = portal.connect("OAuth app")
    for _ in range(30):
        connector.whoami()
    assert (connector.meter.left, connector.meter.allowed) == (None, None)


@pytest.mark.parametrize(("after", "said"), [("7200", "7200 s"), ("", "86400 s")])
def test_an_account_that_moves_is_for_later(
    portal: Portal, proxy: Proxy, after: str, said: str
) -> None:
    """477: the account is moved to another data centre, for up to a day."""
    proxy.faults = [says(477, b"", **({"Retry_After": after} if after else {}))]
    with pytest.raises(TryLater, match="477") as raised:
        portal.connect(url=proxy.url).whoami()
    assert said in raised.value.remedy + raised.value.message
    assert portal.slept == []


def test_a_wait_of_more_than_a_minute_is_for_later(portal: Portal, proxy: Proxy) -> None:
    proxy.faults = [says(429, {"message": ROLLING}, Retry_After="61")]
    with pytest.raises(TryLater, match="61 s"):
        portal.connect(url=proxy.url).whoami()


def test_a_limit_that_stays_is_given_up_after_some_waits(portal: Portal) -> None:
    set_fault(portal.world, "429", path="/account-info", times=0)
    with pytest.raises(Unavailable, match="429"):
        portal.connect().whoami()
    assert len(portal.slept) == 4


def test_headers_of_a_refusal_are_heard_as_well(portal: Portal, proxy: Proxy) -> None:
    proxy.faults = [
        says(403, {"message": "no"}, **{k.replace("-", "_"): v for k, v in told(0).items()})
    ]
    connector = portal.connect(url=proxy.url)
    with pytest.raises(AccessDenied):
        connector.whoami()
    connector.whoami()
    assert portal.slept == [pytest.approx(10.0)]


def test_the_window_that_headers_tell_is_the_one_that_is_kept(portal: Portal, proxy: Proxy) -> None:
    wide = {k.replace("-", "_"): v for k, v in told(2, most=3, window_ms=30_000).items()}
    proxy.faults = [rewrites(lambda body: body, **wide)]
    connector = portal.connect(url=proxy.url)
    connector.whoami()
    pacer = connector._api.calls.rules.pace
    assert pacer is not None
    assert [round(pacer("GET x").wait_s) for _ in range(3)] == [0, 0, 30]


def test_a_place_is_given_back_when_no_answer_comes(portal: Portal, proxy: Proxy) -> None:
    connector = portal.connect(url=proxy.url)
    window = connector._api.calls.rules.pace._windows["general"]  # type: ignore[union-attr]  # it is a Pacer
    proxy.always = says(500)
    with pytest.raises(Unavailable):
        connector.whoami()
    assert len(window._open) == 0
    assert timedelta(seconds=sum(portal.slept)) < timedelta(minutes=1)
