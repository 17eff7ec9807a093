"""The kinds of faults that concern HTTP alone, and what every kind is made of.

Those whose words are a CRM's own are in a table beside it (`salesforce_kinds.py`, `hubspot_kinds.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import orjson

Parameters = Mapping[str, int]
NO_PARAMETERS: Parameters = {}


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that takes the place of the CRM's own."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


def as_json(status: int, body: object) -> Answered:
    """An answer in JSON."""
    return Answered(status, orjson.dumps(body), (("content-type", "application/json"),))


def as_html(status: int, words: str) -> Answered:
    """An answer of a layer before the CRM, which speaks HTML."""
    page = f"<html><body>{words}</body></html>".encode()
    return Answered(status, page, (("content-type", "text/html"),))


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to go wrong. With an `answer` the CRM hears nothing of the call.

    `path` is where it happens if nobody says where, `parameters` are its own with their defaults; `within` says
    that it is the CRM's business, not that of HTTP.
    """

    name: str
    told: str
    answer: Callable[[Parameters], Answered] | None = None
    path: str = "*"
    parameters: Parameters = field(default_factory=dict)
    within: bool = False


def answers(
    name: str, told: str, answered: Answered, *, path: str = "*", waits: bool = False
) -> Kind:
    """A kind that is an answer; with `waits` a `retry_after` in seconds can be given, 0 is none."""

    def answer(parameters: Parameters) -> Answered:
        asked = parameters.get("retry_after", 0)
        more = (("retry-after", str(asked)),) if asked else ()
        return Answered(answered.status, answered.body, (*answered.headers, *more))

    return Kind(name, told, answer, path, {"retry_after": 0} if waits else {})


_SNAG = "We've hit a snag"
# 502 to 504 come from layers before the CRM, as HTML or empty: jsforce http-api.test.ts, airbyte
# rate_limiting.py (read 2026-11).
SHARED: tuple[Kind, ...] = (
    answers("404-html", "404 with a page of HTML", as_html(404, "Not Found")),
    answers("502", "502 with a page of HTML", as_html(502, _SNAG), waits=True),
    answers("503-html", "503 with a page of HTML", as_html(503, _SNAG), waits=True),
    answers("503-empty", "503 without a body", Answered(503), waits=True),
    answers("504", "504 without a body", Answered(504), waits=True),
    Kind("dropped-before", "the connection ends, nothing was done"),
    Kind("dropped-after", "it is done, and the connection ends without an answer"),
    Kind("timeout-before", "no answer ever, nothing was done"),
    Kind("timeout-after", "it is done, and no answer ever"),
    Kind("empty", "it is done, and the answer has no body"),
    Kind("truncated", "it is done, half of the answer comes and the connection ends"),
    Kind("cut", "it is done, half of the answer comes as if it were the whole"),
    Kind(
        "slow",
        "it is done, and the answer comes in pieces, each when it is released",
        parameters={"pieces": 2},
    ),
    Kind("page-repeats", "a page begins with rows of the page before", parameters={"rows": 1}),
    Kind("page-skips", "the last rows of a page are left out", parameters={"rows": 1}),
    Kind(
        "merged-after",
        "the answer is as ever, and then somebody merges two contacts",
        parameters={"winner": -1, "loser": 0},
    ),
    Kind(
        "archived-after",
        "the answer is as ever, and then somebody deletes a contact",
        parameters={"who": 0},
    ),
    Kind(
        "skew",
        "Date header and stamps are ahead of the real time",
        parameters={"seconds": 300},
        within=True,
    ),
)
