"""The names of scopes, and which of them a call takes.

developers.hubspot.com, Scopes, and the specification of each call (read 2026-11). Must not know: who asks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

OWNERS = "crm.objects.owners.read"
USERS = "crm.objects.users.read"
LISTS = "crm.lists.read"
READ_CONSENT = "communication_preferences.read"
READ_STATUSES = "communication_preferences.statuses.batch.read"
SET_CONSENT = "communication_preferences.read_write"
AUTOMATION = "automation"

_OBJECT = re.compile(r"(GET|POST|DELETE) objects/(\w+)(/.+)?")
# Activities are read with the scope of contacts
_BY_OBJECT: Mapping[str, str] = {
    **{name: name for name in ("contacts", "companies", "deals", "users")},
    **dict.fromkeys(("calls", "emails", "meetings", "notes", "tasks"), "contacts"),
}
_READS = ("/search", "/batch/read")
_BY_CALL: Mapping[str, str] = {
    "GET owners": OWNERS,
    "GET lists": LISTS,
    "POST lists": LISTS,
    "GET automation": AUTOMATION,
    "POST automation": AUTOMATION,
    "POST communication-preferences/batch/read": READ_STATUSES,
    "GET communication-preferences": READ_CONSENT,
    "POST communication-preferences": SET_CONSENT,
}
"""Scopes by how a call begins; the first that fits counts."""


def scope_of(where: str) -> str:
    """The scope that a call takes (`hubspot: GET objects/deals`), "" where it is one of several or not known."""
    call = where.rpartition(": ")[2]
    found = _OBJECT.fullmatch(call)
    if found:
        verb, name, rest = found.groups()
        reads = rest in _READS or (verb == "GET" and not rest)
        kind = _BY_OBJECT.get(name)
        return f"crm.objects.{kind}.{'read' if reads else 'write'}" if kind else ""
    return next((scope for head, scope in _BY_CALL.items() if call.startswith(head)), "")
