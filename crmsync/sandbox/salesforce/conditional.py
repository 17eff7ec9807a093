"""Conditional headers on one row: dates on every object, ETags on Account alone.

Dates are to the second, so two writes within one second cannot be told apart
(intro_rest_conditional_requests, read 2026-11).
"""

from __future__ import annotations

import base64
import hashlib

import orjson

from crmsync.sandbox.salesforce.calls import Call, Reply
from crmsync.sandbox.salesforce.catalogue import Shape
from crmsync.sandbox.salesforce.errors import ApiError, Refusal, refuse
from crmsync.sandbox.salesforce.instants import http_date, parse_http_date
from crmsync.sandbox.tables import Row

# The body of a real 412 was in no recording; clients go by the status.
_FAILED = ApiError(
    "PRECONDITION_FAILED", "The precondition of the request does not hold", status=412
)


def row_headers(shape: Shape, row: Row) -> dict[str, str]:
    """`Last-Modified`, and the `ETag` of an Account."""
    # Equal to SystemModstamp to the second: grouparoo row GETs (read 2026-11).
    headers = {"Last-Modified": http_date(row["SystemModstamp"])}
    return {**headers, "ETag": _etag(row)} if shape.object.has_etag else headers


def check_preconditions(call: Call, shape: Shape, row: Row) -> None:
    """Refusal with status 412 when the row is not as the caller believes it to be; 400 for nonsense."""
    bound = call.headers.get("if-unmodified-since")
    if bound is not None and row["SystemModstamp"] > _instant("If-Unmodified-Since", bound):
        raise Refusal(_FAILED)
    if shape.object.has_etag and not _tag_matches(call, "if-match", row, default=True):
        raise Refusal(_FAILED)


def not_modified(call: Call, shape: Shape, row: Row) -> Reply | None:
    """The 304 for a caller who already has this row, or None."""
    since = call.headers.get("if-modified-since")
    unchanged = since is not None and row["SystemModstamp"] <= _instant("If-Modified-Since", since)
    if shape.object.has_etag:
        unchanged = unchanged or _tag_matches(call, "if-none-match", row, default=False)
    return Reply(304, headers=row_headers(shape, row)) if unchanged else None


def _instant(header: str, text: str) -> str:
    try:
        return parse_http_date(text)
    except ValueError:
        raise refuse("INVALID_HEADER_VALUE", f"Invalid value of {header}: {text}") from None


def _tag_matches(call: Call, header: str, row: Row, *, default: bool) -> bool:
    given = call.headers.get(header)
    if given is None:
        return default
    tags = [tag.strip().replace('-gzip"', '"') for tag in given.split(",")]
    if not all(tag.startswith('"') and tag.endswith('"') for tag in tags):
        raise refuse("INVALID_HEADER_VALUE", f"Invalid value of {header}: {given}")
    return _etag(row) in tags


def _etag(row: Row) -> str:
    digest = hashlib.sha256(orjson.dumps(row, option=orjson.OPT_SORT_KEYS)).digest()
    return f'"{base64.b64encode(digest).decode()}"'
