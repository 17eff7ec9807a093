"""Text in a form that both databases keep as it is.

PostgreSQL has no NUL character and neither database has half a surrogate pair, but a CRM may send both.
JSON escapes them, so that what must come back unchanged is kept as JSON; what is only read by people is
made printable.
"""

from __future__ import annotations

import json
import re
from typing import Any

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def as_json(value: Any) -> str:
    """JSON in ASCII: sorted keys, no blanks, the same text for the same value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def from_json(text: str | None) -> Any:
    """The value behind `as_json`, None for None."""
    return None if text is None else json.loads(text)


def printable(text: str) -> str:
    """The text for people: what no database can keep becomes U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)
