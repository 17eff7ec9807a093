"""Addresses that were erased for good and may not be used again."""

from __future__ import annotations

from crmsync.sandbox.hubspot.errors import invalid
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.rows import Changes
from crmsync.sandbox.hubspot.wire import iso

_TABLE = "blocklist"


def block(portal: Portal, email: str) -> None:
    """Keeps an address from being used again."""
    portal.tables.put(_TABLE, email.strip().lower(), {"since": iso(portal.clock.now())})


def is_blocked(portal: Portal, email: str) -> bool:
    """Whether an address was erased for good."""
    return portal.tables.get(_TABLE, email.strip().lower()) is not None


def check_blocklist(portal: Portal, object_name: str, changes: Changes) -> None:
    """Refusal 400 if a contact would get an address that was erased. The real wording was not seen."""
    email = changes.get("email") if object_name == "contacts" else ""
    if email and is_blocked(portal, email):
        raise invalid(f"The email address {email} is on the blocklist of deleted contacts")
