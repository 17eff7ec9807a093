"""Texts without secrets: what every message, body and log line of a connector goes through."""

from __future__ import annotations

import re
from collections.abc import Iterable

REMOVED = "[removed]"
SHORTEST_SECRET = 6

_SHAPES = re.compile(
    "|".join(
        (
            # HubSpot service keys and private apps; some 403s echo a part of one
            r"pat-[A-Za-z0-9]{2,4}-[A-Za-z0-9-]+(?:(?:\.{2,}|\u2026|\*+)[A-Za-z0-9-]*)?",
            r"00D[A-Za-z0-9]{12,15}![A-Za-z0-9._~-]{8,}",  # Salesforce session ids
            r"eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*",  # JSON web tokens
            r"(?i:\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/!=-]{6,}",
            r"(?i:\b(?:client_secret|access_token|refresh_token|assertion|password)[\"']?\s*[=:]\s*[\"']?)"
            r"[^\s\"'&,}]{3,}",
        )
    )
)


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """The text with everything that looks like a token, and the given secrets, taken out."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, REMOVED)
    return _SHAPES.sub(REMOVED, text)
