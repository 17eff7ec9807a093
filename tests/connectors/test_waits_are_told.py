"""Whoever waits is told for what; no call can hang; threads count right; a moment and a day are different limits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from connectors.bulk_rig import bulk_org, table
from connectors.orgs import Org, served_org
from crmsync.commands.rendering import calls_told
from crmsync.connectors.abilities import TellingConnector
from crmsync.connectors.base import CallMeter, WriteRequest
from crmsync.connectors.calls import READ_S, TIMEOUT_S, Answer, Call, Calls, Rules, Turn
from crmsync.connectors.salesforce.problems import CONCURRENT_WAIT_S
from crmsync.connectors.salesforce.ways import WAYS
from crmsync.errors import TryLater, Unavailable
from crmsync.language import choose
from crmsync.sandbox.faults.book import clear_faults, set_fault
from crmsync.testing.proxy import Proxy, says

THREADS = 8


@pytest.fixture(scope="module")
def served() -> Iterator[Org]:
    with served_org() as org:
        yield org


@pytest.fixture
def org(served: Org) -> Iterator[Org]:
    served.slept.clear()
    yield served
    clear_faults(served.world)


def told_by(connector: Any) -> list[str]:
    """Everything a connector tells from now on."""
    told: list[str] = []
    connector.tell_to(told.append)
    return told


def test_both_connectors_can_tell(org: Org, open_hubspot: Callable[..., Any]) -> None:
    assert isinstance(org.connect(), TellingConnector)
    assert isinstance(open_hubspot(), TellingConnector)


def test_a_wait_that_the_server_asks_for_is_told_with_its_reason(org: Org) -> None:
    connector = org.connect()
    told = told_by(connector)
    set_fault(org.world, "503", path="/query", retry_after=12)
    assert connector.whoami().id
    assert org.slept == [12]
    assert told == [
        "waiting 12 s for crm: not available (503): SERVER_UNAVAILABLE: Server unavailable"
    ]


def test_a_moment_that_nobody_notices_is_not_told(org: Org) -> None:
    connector = org.connect()
    told = told_by(connector)
    set_fault(org.world, "503", path="/query", times=2)
    assert connector.whoami().id
    assert org.slept == [0.5, 1.0]
    assert len(told) == 1  # the half second is left out


def test_the_wait_for_a_query_in_bulk_is_told() -> None:
    with bulk_org() as org:
        org.world.put("Contact", {"LastName": "Waited for"})
        org.turn(bulk_polls=14)
        connector = org.open()
        told = told_by(connector)
        assert len(table(connector.read("Contact", ["LastName"]))) == 1
    assert told == [
        f"waiting {round(each)} s for crm: a query in bulk of Contact"
        for each in org.slept
        if each >= 1
    ]
    assert told


def test_the_wait_for_rows_that_are_locked_is_told(org: Org) -> None:
    connector = org.connect()
    connector.schema("Contact")
    told = told_by(connector)
    set_fault(org.world, "row-lock", path="composite/sobjects", times=3)
    change = WriteRequest("c", "create", None, "key-locked", {"LastName": "Locked"})
    assert connector.write("Contact", [change])[0].outcome == "written"
    assert org.slept == [0.5, 1.0, 2.0]
    assert told == [
        f"waiting {seconds} s for crm: rows that somebody else has locked" for seconds in (1, 2)
    ]


def test_a_wait_is_told_in_the_language_of_the_reader(org: Org) -> None:
    connector = org.connect()
    told = told_by(connector)
    set_fault(org.world, "503-empty", path="/query", times=2)
    try:
        choose("es")
        assert connector.whoami().id
    finally:
        choose("en")
    assert told[0].startswith("esperando 1 s a crm: no disponible")


def test_the_pace_that_hubspot_sets_is_told(
    open_hubspot: Callable[..., Any], hubspot_proxy: Proxy, slept: list[float]
) -> None:
    connector = open_hubspot()
    told = told_by(connector)
    full = {
        "X_HubSpot_RateLimit_Max": "100",
        "X_HubSpot_RateLimit_Remaining": "0",
        "X_HubSpot_RateLimit_Interval_Milliseconds": "10000",
    }
    hubspot_proxy.faults = [
        says(200, {"portalId": 1, "timeZone": "UTC", "companyCurrency": "EUR"}, **full)
    ]
    connector.whoami()
    connector.owners()
    assert max(slept) >= 1
    assert any("its limit of calls in a moment" in text for text in told)


def test_too_many_long_calls_at_once_are_waited_for_and_the_read_goes_on(org: Org) -> None:
    connector = org.connect()
    told = told_by(connector)
    set_fault(org.world, "403-concurrent", path="/query", times=4)
    assert connector.whoami().id
    assert org.slept == [CONCURRENT_WAIT_S] * 4
    assert all("ConcurrentRequests" in text for text in told)
    set_fault(org.world, "403-concurrent", path="/query", times=0)
    with pytest.raises(Unavailable):
        connector.whoami()


def test_a_write_that_met_too_many_at_once_is_sent_again_and_done_once(org: Org) -> None:
    connector = org.connect()
    connector.schema("Contact")
    set_fault(org.world, "403-concurrent", path="composite/sobjects")
    [result] = connector.write(
        "Contact", [WriteRequest("c", "create", None, "key-1", {"LastName": "Once"})]
    )
    assert result.outcome == "written"
    assert org.slept == [CONCURRENT_WAIT_S]
    assert [row["LastName"] for row in org.rows("Contact")].count("Once") == 1


def test_a_day_that_is_used_up_is_not_waited_for(org: Org) -> None:
    connector = org.connect()
    told = told_by(connector)
    org.world.allowance.daily = org.world.calls
    try:
        with pytest.raises(TryLater, match="TotalRequests"):
            connector.whoami()
    finally:
        org.world.allowance.daily = 115_000
    assert (org.slept, told) == ([], [])


# No call can hang


@pytest.mark.parametrize("way", WAYS)
def test_every_call_of_every_verb_has_a_time_limit(
    org: Org, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: dict[str, Any] = {}
    sends = requests.adapters.HTTPAdapter.send

    def noting(self: Any, request: requests.PreparedRequest, **options: Any) -> Any:
        limits[f"{request.method} {request.path_url.partition('?')[0]}"] = options["timeout"]
        return sends(self, request, **options)

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", noting)
    connector = org.connect(way)
    connector.whoami()
    connector.schema("Contact")
    [result] = connector.write(
        "Contact", [WriteRequest("c", "create", None, f"k-{way}", {"LastName": "X"})]
    )
    list(connector.read("Contact", ["LastName"]))
    list(connector.merged("Contact"))
    list(connector.associations("Opportunity", "Contact"))
    connector.owners()
    connector.stages()
    connector.find("Contact", [f"k-{way}"])
    connector.get("Contact", [str(result.native_id)], ["LastName"])
    connector.footprint(["Contact"])
    connector.sentinel("nobody")
    connector.remove_record("Contact", str(result.native_id))
    assert len(limits) >= 8
    assert set(limits.values()) == {TIMEOUT_S}
    assert limits.keys() >= {
        "GET /services/data/v67.0/query/",
        "PATCH /services/data/v67.0/composite/sobjects/Contact/crmsync_key__c",
    }


def test_a_server_that_says_nothing_is_left_after_the_time_limit(
    org: Org, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crmsync.connectors import calls
    from crmsync.connectors.salesforce import session

    monkeypatch.setattr(session, "TIMEOUT_S", (1.0, 0.05))
    connector = org.connect()
    set_fault(org.world, "timeout-before", path="/oauth2/token", times=0)
    with pytest.raises(Unavailable, match="no answer"):
        connector.whoami()
    assert READ_S == calls.TIMEOUT_S[1] > 60
    assert org.logins() >= calls.ATTEMPTS


# Threads


def test_threads_count_every_call_once() -> None:
    def note(meter: CallMeter, _headers: Any) -> float:
        left = 10_000 if meter.left is None else meter.left
        time.sleep(0)  # anybody else may go on here, who is let
        meter.left = left - 1
        return 0.0

    calls = Calls("crm", Rules(lambda *_: TryLater("no"), note), datetime(2026, 1, 1, tzinfo=UTC))
    calls.meter = HastyMeter()
    call = Call("GET x", lambda: Answer(200, {}, b"{}"), writes=True)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda _: calls.ask(call), range(400)))
    meter = calls.meter
    assert (meter.made, meter.written, meter.by_path) == (400, 400, {"GET x": 400})
    assert meter.left == 10_000 - 400


class HastyMeter(CallMeter):
    """A meter that lets others go on between what was read and what is written."""

    def __setattr__(self, name: str, value: object) -> None:
        time.sleep(0)
        object.__setattr__(self, name, value)


def test_threads_share_one_pause() -> None:
    slept: list[float] = []
    pauses = iter([5.0])
    rules = Rules(lambda *_: TryLater("no"), lambda *_: next(pauses, 0.0))
    now = datetime(2026, 1, 1, tzinfo=UTC)
    calls = Calls("crm", rules, now, sleep=slept.append)
    call = Call("GET x", lambda: Answer(200, {}, b"{}"))
    calls.ask(call)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda _: calls.ask(call), range(THREADS)))
    assert slept == [5.0]


def test_who_waited_for_a_turn_waits_on_until_it_is_free() -> None:
    slept: list[float] = []
    still = iter([3.0, 0.5, 0.0])
    turn = Turn(2.0, lambda _headers: None, lambda: next(still))
    rules = Rules(lambda *_: TryLater("no"), lambda *_: 0.0, pace=lambda _label: turn)
    calls = Calls("crm", rules, datetime(2026, 1, 1, tzinfo=UTC), sleep=slept.append)
    calls.ask(Call("GET x", lambda: Answer(200, {}, b"{}")))
    assert (slept, list(still)) == ([2.0, 3.0, 0.5], [])
    assert calls.meter.waited_s == 5.5


def test_what_is_waited_for_limits_stands_beside_the_calls() -> None:
    meter = CallMeter(made=3, by_path={"GET x": 3}, waited_s=34.4)
    assert calls_told({"crm": meter}, "en") == ["crm: 3 GET x; 34 s waited for its limits"]
    assert calls_told({"crm": meter}, "es") == ["crm: 3 GET x; 34 s esperando por sus límites"]
    assert calls_told({"crm": CallMeter(made=1, by_path={"GET x": 1}, waited_s=0.4)}, "en") == [
        "crm: 1 GET x"
    ]


def late_calls(told: list[str], heard: threading.Event) -> Calls:
    def hear(text: str) -> None:
        told.append(text)
        heard.set()

    rules = Rules(lambda *_: TryLater("no"), lambda *_: 0.0)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Calls("crm", rules, now, tell=hear, silent_s=0.01)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "crm has not answered POST x for 0 s; the answer is waited for up to 120 s"),
        ("es", "crm no responde a POST x desde hace 0 s; se espera la respuesta hasta 120 s"),
    ],
)
def test_who_waits_for_an_answer_hears_for_which_and_how_long_at_most(
    language: str, said: str
) -> None:
    told: list[str] = []
    heard = threading.Event()

    def send() -> Answer:
        assert heard.wait(20), "nobody said a word"
        return Answer(200, {}, b"{}")

    choose(language)
    try:
        late_calls(told, heard).ask(Call("POST x", send, writes=True))
    finally:
        choose("en")
    assert told == [said]


def test_of_an_answer_that_comes_in_time_nothing_is_said() -> None:
    told: list[str] = []
    calls = late_calls(told, threading.Event())
    calls.silent_s = 3600.0
    before = threading.active_count()
    for _ in range(3):
        calls.ask(Call("GET x", lambda: Answer(200, {}, b"{}")))
    for each in threading.enumerate():
        if isinstance(each, threading.Timer):
            each.join(20)
    assert threading.active_count() <= before
    assert told == []
