"""One API call and its answer as values, so that a composite request can make calls too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.errors import NOT_FOUND, ApiError, Refusal, refuse, single_body
from crmsync.sandbox.salesforce.soql.run import Asked
from crmsync.sandbox.salesforce.world import SalesforceWorld

# 2,000 records a page at most and by default, a hint may ask for 200 and more: headers_queryoptions
# (read 2026-11).
PAGE_SIZE = 2_000
SMALLEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class Call:
    """A call below `/services/data/vN/`: `parts` of the path, parsed JSON body, lower-case headers."""

    method: str
    version: str
    parts: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any = None

    @property
    def prefix(self) -> str:
        """Path of the API version, with a slash at the end."""
        return f"/services/data/v{self.version}/"

    @property
    def path(self) -> str:
        """The whole path."""
        return self.prefix + "/".join(self.parts)

    @property
    def root(self) -> str:
        """Start of the URL of every record."""
        return self.prefix + "sobjects/"

    def asked(self, *, include_deleted: bool = False, tooling: bool = False) -> Asked:
        """How a query of this call is to be run."""
        return Asked(_page_size(self.headers), self.prefix, include_deleted, tooling)


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, JSON body (None: no body at all) and headers of an answer; `csv` is a body in pieces."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    csv: Iterable[bytes] | None = None


def refused(errors: tuple[ApiError, ...]) -> Reply:
    """The answer to a refused single call; the first error sets the status."""
    return Reply(errors[0].status, single_body(errors))


def known_shape(world: SalesforceWorld, name: str) -> Shape:
    """The shape of an object; Refusal (404) when the org has none of that name."""
    shape = world.seen(name)
    if shape is None:
        raise Refusal(NOT_FOUND)
    return shape


def json_object(call: Call) -> dict[str, Any]:
    """The body of a call that must be a JSON object; Refusal if it is not."""
    if not isinstance(call.body, dict):
        raise refuse("JSON_PARSER_ERROR", "Unexpected or missing JSON object in the request body")
    return call.body


def flag(value: Any) -> bool:
    """A boolean out of a query string or a JSON body."""
    return value is True or str(value).lower() == "true"


def _page_size(headers: Mapping[str, str]) -> int:
    _, _, asked = headers.get("sforce-query-options", "").partition("batchSize=")
    digits = asked.split(",")[0].strip()
    return min(max(int(digits), SMALLEST_PAGE), PAGE_SIZE) if digits.isdecimal() else PAGE_SIZE
