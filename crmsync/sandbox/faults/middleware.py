"""Pure ASGI middleware between the wire and a simulated CRM: here the faults happen.

A connection can be ended without an answer only where the server lends a hand: `server.py` puts a function that
hangs up into the scope, under `HANG_UP`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crmsync.sandbox.clock import real_now
from crmsync.sandbox.faults.book import Fault, Faulty, claimed, is_within, kinds_of
from crmsync.sandbox.faults.csv_paging import change_csv, is_page
from crmsync.sandbox.faults.gate import opened_since
from crmsync.sandbox.faults.meanwhile import somebody_goes
from crmsync.sandbox.faults.paging import change_page, note_page
from crmsync.sandbox.faults.within import WITHIN, ahead

HANG_UP = "crmsync.hang_up"
SIDE_DOOR = "/__control__/"  # nothing goes wrong there
_LOOK_EVERY_S = 0.01

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class _Whole:
    """An answer from its beginning to its end."""

    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class _Turn:
    """One call, and the fault whose turn it is."""

    app: ASGIApp
    world: Faulty
    scope: Scope
    receive: Receive
    send: Send
    fault: Fault

    async def answered(self) -> _Whole:
        """What the CRM answers; nobody has heard it yet."""
        parts: list[Message] = []

        async def keep(message: Message) -> None:
            parts.append(message)

        await self.app(self.scope, self.receive, keep)
        head, *rest = parts
        body = b"".join(part.get("body", b"") for part in rest)
        return _Whole(head["status"], list(head["headers"]), body)


class Faults:
    """Middleware: every call but those of the side door may go wrong, if a fault waits for it."""

    def __init__(self, app: ASGIApp, world: Faulty) -> None:
        self.app = app
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the call on, by way of the fault that happens to it."""
        if scope["type"] != "http" or scope["path"].startswith(SIDE_DOOR):
            await self.app(scope, receive, send)
            return
        happening = claimed(self.world, scope["method"], scope["path"])
        # Two CRMs may keep their rows in one file: what is open there locks the other one out.
        self.world.tables.commit()
        inside = [each for each in happening if is_within(self.world, each)]
        outside = [each for each in happening if each not in inside]
        scope[WITHIN] = inside
        send = _dated(send, ahead(inside))
        if not outside:
            await self.app(scope, receive, note_page(self.world, send))
            return
        again = await _replayed(receive)
        await _happens(_Turn(self.app, self.world, scope, again, send, outside[0]))


async def _happens(turn: _Turn) -> None:
    kind = kinds_of(turn.world.system)[turn.fault.kind]
    if kind.answer is None:
        await _ACTS[kind.name](turn)
        return
    told = kind.answer(turn.fault.parameters or {})
    headers = [(name.encode(), value.encode()) for name, value in told.headers]
    await _send(turn.send, _Whole(told.status, headers, told.body))


async def _send(send: Send, whole: _Whole) -> None:
    headers = _with_length(whole.headers, len(whole.body))
    await send({"type": "http.response.start", "status": whole.status, "headers": headers})
    await send({"type": "http.response.body", "body": whole.body})


def _with_length(headers: Headers, length: int) -> Headers:
    kept = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    return [*kept, (b"content-length", str(length).encode())]


def _dated(send: Send, seconds: int) -> Send:
    """`send`, with a Date header that is wrong by so many seconds."""
    if not seconds:
        return send

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            date = format_datetime(real_now() + timedelta(seconds=seconds), usegmt=True)
            message = {**message, "headers": [*message["headers"], (b"date", date.encode())]}
        await send(message)

    return sent


async def _replayed(receive: Receive) -> Receive:
    """`receive` after the whole body came: it is given again, then what follows."""
    messages: list[MutableMapping[str, Any]] = []
    while not messages or messages[-1].get("more_body"):
        messages.append(await receive())

    async def again() -> Message:
        return messages.pop(0) if messages else await receive()

    return again


async def _hang_up(turn: _Turn) -> None:
    """Ends the connection, and waits until the server has noticed."""
    turn.scope["extensions"][HANG_UP]()
    while (await turn.receive())["type"] != "http.disconnect":
        pass


async def _kept_waiting(turn: _Turn) -> bool:
    """True when the answer is released, False when whoever waited for it has gone."""
    gone = asyncio.ensure_future(turn.receive())
    released = opened_since(turn.world.tables)
    while not released():
        done, _ = await asyncio.wait({gone}, timeout=_LOOK_EVERY_S)
        if done:
            return False
    gone.cancel()
    with suppress(asyncio.CancelledError):
        await gone
    return True


async def _dropped_before(turn: _Turn) -> None:
    await _hang_up(turn)


async def _dropped_after(turn: _Turn) -> None:
    await turn.answered()
    await _hang_up(turn)


async def _timeout_before(turn: _Turn) -> None:
    while (await turn.receive()).get("more_body"):
        pass
    if await _kept_waiting(turn):
        await _hang_up(turn)


async def _timeout_after(turn: _Turn) -> None:
    await turn.answered()
    if await _kept_waiting(turn):
        await _hang_up(turn)


async def _empty(turn: _Turn) -> None:
    whole = await turn.answered()
    await _send(turn.send, _Whole(whole.status, whole.headers, b""))


async def _cut(turn: _Turn) -> None:
    whole = await turn.answered()
    await _send(turn.send, _Whole(whole.status, whole.headers, whole.body[: len(whole.body) // 2]))


async def _truncated(turn: _Turn) -> None:
    whole = await turn.answered()
    headers = _with_length(whole.headers, len(whole.body))
    await turn.send({"type": "http.response.start", "status": whole.status, "headers": headers})
    half = whole.body[: len(whole.body) // 2]
    await turn.send({"type": "http.response.body", "body": half, "more_body": True})
    await _hang_up(turn)


async def _slow(turn: _Turn) -> None:
    """The head and a first piece at once; each further piece when it is released."""
    whole = await turn.answered()
    headers = _with_length(whole.headers, len(whole.body))
    await turn.send({"type": "http.response.start", "status": whole.status, "headers": headers})
    size = -(-len(whole.body) // max(turn.fault.parameter("pieces"), 1)) or 1
    for start in range(0, len(whole.body), size):
        if start and not await _kept_waiting(turn):
            return
        piece = whole.body[start : start + size]
        await turn.send({"type": "http.response.body", "body": piece, "more_body": True})
    await turn.send({"type": "http.response.body", "body": b""})


async def _other_page(turn: _Turn) -> None:
    whole = await turn.answered()
    if is_page(whole.headers):
        headers, body = change_csv(turn.world, turn.fault, whole.headers, whole.body)
    else:
        headers, body = whole.headers, change_page(turn.world, turn.fault, whole.body)
    await _send(turn.send, _Whole(whole.status, headers, body))


async def _then_goes(turn: _Turn) -> None:
    whole = await turn.answered()
    somebody_goes(turn.world, turn.fault)
    turn.world.tables.commit()
    await _send(turn.send, whole)


_ACTS: dict[str, Callable[[_Turn], Awaitable[None]]] = {
    "dropped-before": _dropped_before,
    "dropped-after": _dropped_after,
    "timeout-before": _timeout_before,
    "timeout-after": _timeout_after,
    "empty": _empty,
    "truncated": _truncated,
    "cut": _cut,
    "slow": _slow,
    "page-repeats": _other_page,
    "page-skips": _other_page,
    "merged-after": _then_goes,
    "archived-after": _then_goes,
}
