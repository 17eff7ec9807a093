"""JSON bodies, parsed by orjson and, for what it refuses, by the standard library."""

from __future__ import annotations

import json
from typing import Any

import orjson


def parsed(body: bytes) -> Any:
    """The value of a JSON body. Raises orjson.JSONDecodeError if it is none.

    orjson refuses NaN and lone surrogates that both CRMs' servers can send; the standard library
    takes them. Its errors are of the same class.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        if body.lstrip()[:1] not in (b"{", b"["):
            raise
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise problem from None
