"""Pages of rows that are not what they should be: rows come twice, or never."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

import orjson
from starlette.types import Message, Send

from crmsync.sandbox.faults.book import Fault, Faulty, faults_of
from crmsync.sandbox.faults.csv_paging import Headers, is_page, note_csv
from crmsync.sandbox.tables import Tables

# Under which key a page of rows stands in an answer.
_ROWS: Mapping[str, str] = {"salesforce": "records", "hubspot": "results"}
_LAST: WeakKeyDictionary[Tables, list[Any]] = WeakKeyDictionary()


def note_page(world: Faulty, send: Send) -> Send:
    """`send`, which keeps the last page of rows where a fault waits to repeat some of them."""
    if not any(row["kind"] == "page-repeats" for row in faults_of(world).values()):
        return send
    parts: list[bytes] = []

    headers: Headers = []

    async def noting(message: Message) -> None:
        await send(message)
        headers.extend(message.get("headers", ()))
        parts.append(message.get("body", b""))
        if message["type"] == "http.response.body" and not message.get("more_body"):
            _note(world, headers, b"".join(parts))

    return noting


def _note(world: Faulty, headers: Headers, body: bytes) -> None:
    if is_page(headers):
        note_csv(world, headers, body)
        return
    _, rows = _page(world, body)
    _LAST[world.tables] = rows or _LAST.get(world.tables, [])


def change_page(world: Faulty, fault: Fault, body: bytes) -> bytes:
    """The body of an answer with rows repeated or left out; one that holds no rows stays as it is."""
    told, rows = _page(world, body)
    count = fault.parameter("rows")
    if not rows:
        return body
    if fault.kind == "page-skips":
        changed = rows[: max(len(rows) - count, 0)]
    else:
        before = _LAST.get(world.tables) or rows
        like = before if _kind(before[0]) == _kind(rows[0]) else rows
        changed = [*like[-count:], *rows]
    return orjson.dumps({**told, _ROWS[world.system]: changed})


def _kind(row: Any) -> Any:
    """What rows of one query have in common."""
    if not isinstance(row, dict):
        return None
    return row.get("attributes", {}).get("type"), row.keys()


def _page(world: Faulty, body: bytes) -> tuple[dict[str, Any], list[Any]]:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}, []
    rows = told.get(_ROWS[world.system]) if isinstance(told, dict) else None
    return told, rows if isinstance(rows, list) else []
