"""The side door of both simulated CRMs: state, clock, request log and rows, under `/__control__/`.

It asks for no token and never counts as a call. It knows a `World` and nothing of either CRM.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol, runtime_checkable

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.faults.book import clear_faults, control_faults, faults_of
from crmsync.sandbox.faults.gate import release
from crmsync.sandbox.faults.middleware import SIDE_DOOR
from crmsync.sandbox.tables import Tables

PREFIX = SIDE_DOOR

Command = Callable[["World", Any], Any]
NOTHING_MORE: Mapping[str, Command] = {}


class World(Protocol):
    """What both simulated CRMs have in common."""

    system: str
    tables: Tables
    clock: Clock
    requests: list[dict[str, Any]]

    def put(self, name: str, values: dict[str, Any], id: str | None = None) -> str:
        """Loads one row past every validation and gives back its id."""

    def rehearse(self, name: str, body: Any) -> Any:
        """What a command of the side door answers."""


@runtime_checkable
class Reloads(Protocol):
    """A world that keeps something derived from its tables and must hear that they were replaced."""

    def reload(self) -> None:
        """Forgets what was derived from the rows."""


@runtime_checkable
class HidesFields(Protocol):
    """A world with field-level security."""

    def hide_field(self, name: str, field: str) -> None:
        """Takes a field of an object out of sight."""

    def show_field(self, name: str, field: str) -> None:
        """Brings it back."""


class RequestLog:
    """Pure ASGI middleware: every answered call but the control ones ends in `world.requests`."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self.app = app
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the call on, and notes it when its answer starts."""
        if scope["type"] != "http" or scope["path"].startswith(PREFIX):
            await self.app(scope, receive, send)
            return

        async def noting_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.world.requests.append(_log_line(scope, message["status"]))
            await send(message)

        await self.app(scope, receive, noting_send)


# Headers that change what a call does. Never one that carries a credential.
_TOLD_HEADERS = (b"sforce-", b"if-")


def _log_line(scope: Scope, status: int) -> dict[str, Any]:
    told = {
        name.decode("latin-1").lower(): value.decode("latin-1")
        for name, value in scope["headers"]
        if name.lower().startswith(_TOLD_HEADERS)
    }
    return {
        "method": scope["method"],
        "path": scope["path"],
        "query": scope["query_string"].decode("latin-1"),
        "status": status,
        "headers": told,
    }


def control_routes(world: World, more: Mapping[str, Command] = NOTHING_MORE) -> list[Route]:
    """Routes of the side door, to be mounted first in the app of one simulated CRM.

    `more` is what people of this CRM can do besides, by the name under which it is posted.

    A body that makes no sense is a 400 with `{"error": ...}`; of a `put`, the records before the
    bad one stay.
    """
    commands: dict[tuple[str, str], Command] = {
        ("GET", "state"): lambda world, _: world.tables.dump(),
        ("PUT", "state"): _restore,
        ("POST", "clock"): _move_clock,
        ("GET", "requests"): lambda world, _: world.requests,
        ("DELETE", "requests"): lambda world, _: world.requests.clear(),
        ("POST", "put"): _put_records,
        ("POST", "faults"): control_faults,
        ("GET", "faults"): lambda world, _: faults_of(world),
        ("DELETE", "faults"): lambda world, _: clear_faults(world),
        ("POST", "release"): lambda world, _: {"released": release(world.tables)},
    }
    if isinstance(world, HidesFields):
        commands["POST", "hide_field"] = _hide_field
        commands["POST", "show_field"] = _show_field
    commands |= {("POST", name): run for name, run in more.items()}
    return [_route(world, method, name, run) for (method, name), run in commands.items()]


def _route(world: World, method: str, name: str, command: Command) -> Route:
    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        try:
            answer = command(world, orjson.loads(raw) if raw else None)
        except (KeyError, TypeError, ValueError) as error:
            world.tables.commit()
            return _json({"error": f"{type(error).__name__}: {error}"}, status=400)
        if method != "GET":
            world.tables.commit()
        return Response(status_code=204) if answer is None else _json(answer)

    return Route(PREFIX + name, endpoint, methods=[method])


def _json(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status_code=status, media_type="application/json")


def _restore(world: World, state: Any) -> None:
    world.tables.restore(state)
    if isinstance(world, Reloads):
        world.reload()


def _move_clock(world: World, body: Any) -> dict[str, str]:
    moves: dict[str, Callable[[Any], None]] = {
        "set": lambda text: world.clock.set(_instant(text)),
        "freeze": lambda text: world.clock.freeze(_instant(text)),
        "advance": lambda seconds: world.clock.advance(float(seconds)),
    }
    for word, value in body.items():
        moves[word](value)
    return {"now": world.clock.now().isoformat()}


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _put_records(world: World, body: Any) -> dict[str, list[str]]:
    return {"ids": [_put_record(world, body["object"], record) for record in body["records"]]}


def _put_record(world: World, name: str, record: dict[str, Any]) -> str:
    values = {field: value for field, value in record.items() if field != "id"}
    return world.put(name, values, record.get("id"))


def _hide_field(world: World, body: Any) -> None:
    assert isinstance(world, HidesFields)
    world.hide_field(body["object"], body["field"])


def _show_field(world: World, body: Any) -> None:
    assert isinstance(world, HidesFields)
    world.show_field(body["object"], body["field"])
