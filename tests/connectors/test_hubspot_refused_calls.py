"""Every 429 of HubSpot is understood: of a second, of ten, of a day, and of an account on the move."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from connectors import paced_portals
from connectors.paced_portals import told
from connectors.portals import NOW, Portal
from crmsync.connectors.hubspot.day import Day
from crmsync.errors import AccessDenied, TryLater, Unavailable
from crmsync.language import translate_said
from crmsync.sandbox.faults.book import set_fault
from crmsync.testing.proxy import Proxy, proxied, rewrites, says

served = paced_portals.served
portal = paced_portals.portal


@pytest.fixture
def proxy(portal: Portal) -> Iterator[Proxy]:
    with proxied(portal.url) as proxy:
        yield proxy


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
    proxy.faults = [says(429, body, Date=format_datetime(NOW, usegmt=True))]
    with pytest.raises(TryLater) as raised:
        connector.whoami()
    assert raised.value.remedy == "Run again after midnight in the portal's time zone."
    connector.whoami()
    proxy.faults = [says(429, body)]
    with pytest.raises(TryLater) as raised:
        connector.whoami()
    remedy = raised.value.remedy
    assert "(Europe/Madrid): 2026-11-23 00:00 there" in remedy  # by the portal's clock
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


def test_who_is_turned_away_holds_back_the_other_threads(portal: Portal, proxy: Proxy) -> None:
    connector = portal.connect(url=proxy.url)
    proxy.seen.clear()
    proxy.faults = [says(429, {"message": ROLLING})]
    sent: list[int] = []

    def sleep(seconds: float) -> None:
        sent.append(len(proxy.seen))
        if len(sent) == 1:
            with ThreadPoolExecutor(1) as pool:
                assert pool.submit(connector.whoami).result().id
        portal.later(seconds)

    connector._api.calls.sleep = sleep
    assert connector.whoami().id
    assert (sent, len(proxy.seen)) == ([1, 1], 3)


def test_a_wait_that_nobody_sits_through_holds_back_no_other_thread(
    portal: Portal, proxy: Proxy
) -> None:
    """It would be sat through there."""
    connector = portal.connect(url=proxy.url)
    proxy.faults = [says(429, {"message": ROLLING}, Retry_After="3600")]
    with pytest.raises(TryLater):
        connector.whoami()
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(connector.whoami).result().id
    assert portal.slept == []
