"""One HTTP call as the portal sees it, and one answer; nothing of the web framework beyond."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import orjson

from crmsync.sandbox.hubspot.bodies import read_body
from crmsync.sandbox.hubspot.errors import invalid, malformed, unknown_object
from crmsync.sandbox.hubspot.objects import ObjectType, object_type
from crmsync.sandbox.hubspot.portal import Portal


@dataclass(frozen=True, slots=True)
class Call:
    """One call: what the path named, the query with repeated parameters, and the raw body."""

    path: dict[str, str]
    query: dict[str, list[str]]
    raw: bytes = b""

    def kind(self, name: str = "type") -> ObjectType:
        """The object the path names; Refusal 400 if the portal has none of that name."""
        known = object_type(self.path[name])
        if known is None:
            raise unknown_object(self.path[name])
        return known

    def one(self, name: str) -> str | None:
        """The last value of a query parameter, None if it is missing or blank."""
        return (self.query.get(name) or [""])[-1] or None

    def many(self, name: str) -> list[str]:
        """All values of a parameter that is repeated, comma separated, or both; no doubles."""
        parts = (part.strip() for value in self.query.get(name, ()) for part in value.split(","))
        return list(dict.fromkeys(part for part in parts if part))

    def flag(self, name: str) -> bool:
        """Whether a parameter says true; clients also send `True` and `False`."""
        return (self.one(name) or "").lower() == "true"

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """A whole parameter within bounds; Refusal 400 outside. The real wording was not seen."""
        told = self.one(name)
        if told is None:
            return default
        if not told.isascii() or not told.isdigit() or not low <= int(told) <= high:
            raise invalid(f"{name} must be a number between {low} and {high}, not {told}")
        return int(told)

    def body(self) -> Any:
        """The JSON of the body, its fields of their kinds; Refusal 400 without category if it is none."""
        try:
            return read_body(orjson.loads(self.raw))
        except orjson.JSONDecodeError as wrong:
            raise malformed(wrong.msg, wrong.lineno, wrong.colno) from None
        except RecursionError:
            raise malformed("Document nesting depth exceeds the maximum allowed") from None

    def fields(self) -> dict[str, Any]:
        """The body, which must be a JSON object."""
        body = self.body()
        if not isinstance(body, dict):
            raise malformed("Cannot deserialize value of type `java.util.Map`")
        return body


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; a body of None is an empty one."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[Portal, Call], Answer]


def parse_query(raw: bytes) -> dict[str, list[str]]:
    """The parameters of a query string, blank ones included."""
    return parse_qs(raw.decode("latin-1"), keep_blank_values=True)


def listed(body: dict[str, Any], name: str) -> list[Any]:
    """A list of the body; Refusal 400 if it is missing or something else."""
    value = body.get(name)
    if not isinstance(value, list):
        raise malformed(f"Cannot deserialize value of type `java.util.ArrayList` from {name}")
    return value


def mapping(value: Any, name: str) -> dict[str, Any]:
    """A JSON object inside a body; Refusal 400 if it is something else."""
    if not isinstance(value, dict):
        raise malformed(f"Cannot deserialize value of type `java.util.Map` from {name}")
    return value
