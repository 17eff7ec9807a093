"""Whatever JSON comes, each route of the simulated portal answers in HubSpot's form and never breaks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hubspot_bodies import BARE, BODIES, Route, filled, routes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.app import hubspot_app
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.tables import Tables

WRITES = tuple(routes("POST", "PUT", "PATCH"))
READS = tuple(routes("GET"))
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 1.5, 10**30, "", " ", "x", "101", "9" * 30, "-1", "1e5", "NaN", "²", "٣", "ñ", "😀",
    "\x00", "sNaN", [], {}, [None], [[]], ["a"], [1], [{}], {"id": "101"}, {"id": None}, {"a": {"b": []}}, "DESCENDING",
    "associations.company", "associations.none", "2026-02-30T00:00:00Z", "x" * 65_537,
)  # fmt: skip


class Door:
    """A portal that can be put back to what it was, and one client; an exception inside is one here."""

    def __init__(self, runner: asyncio.Runner) -> None:
        self.runner = runner
        self.world = HubspotWorld(Tables("hubspot"), Clock())
        self.transport = httpx.ASGITransport(hubspot_app(self.world))
        filled(self.world)
        self.before = json.dumps(self.world.tables.dump())
        told = self.send("GET", "/communication-preferences/v3/definitions").json()
        self.type = told["subscriptionDefinitions"][0]["id"]

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        request = httpx.Request(
            method,
            f"http://portal.example{path}",
            headers={"Authorization": f"Bearer {self.world.token}"},
            **more,
        )
        return self.runner.run(self._sent(request))

    async def _sent(self, request: httpx.Request) -> httpx.Response:
        answer = await self.transport.handle_async_request(request)
        await answer.aread()
        return answer

    def again(self) -> None:
        self.world.tables.restore(json.loads(self.before))

    def body(self, route: Route) -> Any:
        """An example that it takes."""
        return json.loads(json.dumps(route.body).replace("{type}", self.type))

    def post(self, route: Route, body: Any) -> httpx.Response:
        content = json.dumps(body).encode("utf-8", "surrogatepass")
        return self.send(route.method, route.path(), params=route.query, content=content)


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with asyncio.Runner() as runner:
        yield Door(runner)


def in_form(answer: httpx.Response) -> None:
    """Fails unless an answer is one that HubSpot could give."""
    assert answer.status_code < 500
    if answer.status_code < 400:
        assert answer.status_code in (200, 201, 204, 207)
        return
    told = answer.json()
    assert told["status"] == "error"
    assert told["message"]
    assert told["correlationId"] == answer.headers["x-hubspot-correlation-id"]


def mutated(draw: st.DrawFn, value: Any, odd: st.SearchStrategy[Any]) -> Any:
    """The same JSON with one part of it another, missing, or with one more."""
    inside = (
        list(value)
        if isinstance(value, dict)
        else list(range(len(value or ())))
        if isinstance(value, list)
        else []
    )
    if not inside or draw(st.integers(0, 3)) == 0:
        return draw(odd)
    place = draw(st.sampled_from(inside))
    changed = dict(value) if isinstance(value, dict) else list(value)
    what = draw(st.integers(0, 5))
    if what == 0:
        del changed[place]
    elif what == 1 and isinstance(changed, list):
        changed.append(draw(odd))
    else:
        changed[place] = mutated(draw, value[place], odd)
    return changed


@st.composite
def bodies(draw: st.DrawFn, example: Any) -> Any:
    """A body near the example, or any JSON at all."""
    odd = st.sampled_from(ODD)
    told = example
    for _ in range(draw(st.integers(1, 3))):
        told = mutated(draw, told, odd)
    return told


def test_every_route_that_writes_has_an_example() -> None:
    known = {(one.family, one.method, one.rest) for one in WRITES}
    assert known == set(BODIES) | BARE


@pytest.mark.parametrize("route", WRITES, ids=lambda one: one.name)
def test_an_example_is_taken(door: Door, route: Route) -> None:
    door.again()
    answer = door.post(route, door.body(route))
    assert answer.status_code in (200, 201, 204), answer.text


@pytest.mark.parametrize("route", READS, ids=lambda one: one.name)
def test_a_read_of_what_is_there_is_answered(door: Door, route: Route) -> None:
    door.again()
    answer = door.send("GET", route.path(), params={"channel": "EMAIL"})
    assert answer.status_code in (200, 404), answer.text
    in_form(answer)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"nul",
        b"\xff\xfe",
        b'{"a": "\\ud800"}',
        b"[" * 900 + b"]" * 900,
        b'{"inputs":' * 900 + b"1" + b"}" * 900,
        b"[" * 5000 + b"]" * 5000,
    ],
)
def test_what_is_no_json_or_too_deep_is_refused_in_form(door: Door, raw: bytes) -> None:
    for path in ("/crm/v3/objects/contacts", "/crm/v3/objects/contacts/batch/read"):
        answer = door.send("POST", path, content=raw)
        assert answer.status_code == 400
        in_form(answer)
        assert answer.json()["message"].startswith("Invalid input JSON on line ")


QUERIES = (
    "limit", "after", "properties", "propertiesWithHistory", "associations", "archived", "idProperty", "email",
    "channel", "listIds", "subscriptionId", "includeFilters", "verbose", "businessUnitId",
)  # fmt: skip
WORDS = st.sampled_from([str(one) for one in ODD if not isinstance(one, list | dict)])


@pytest.mark.parametrize("route", READS, ids=lambda one: one.name)
def test_odd_queries_and_names_are_answered_in_form(door: Door, route: Route) -> None:
    @settings(
        max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.dictionaries(st.sampled_from(QUERIES), WORDS, max_size=3), st.none() | WORDS)
    def attempt(query: dict[str, str], name: str | None) -> None:
        path = route.path()
        if name and name.strip():
            path = f"{path.rsplit('/', 1)[0]}/{quote(name[:100], safe='')}"
        short = {key: value[:200] for key, value in query.items()}
        answer = door.send("GET", path, params=short)
        if answer.headers.get("content-type", "").startswith("application/json"):
            in_form(answer)
        assert answer.status_code < 500

    attempt()


@pytest.mark.parametrize("route", WRITES, ids=lambda one: one.name)
def test_odd_bodies_are_answered_in_form_and_break_nothing(door: Door, route: Route) -> None:
    @settings(
        max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(bodies(door.body(route)))
    def attempt(body: Any) -> None:
        door.again()
        in_form(door.post(route, body))
        for read in READS:
            if read.family in (route.family, "objects"):
                in_form(door.send("GET", read.path(), params={"channel": "EMAIL"}))

    attempt()
