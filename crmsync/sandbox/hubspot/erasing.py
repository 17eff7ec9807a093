"""Contacts that are deleted for good, and records that come back from the archive."""

from __future__ import annotations

from datetime import timedelta

from crmsync.sandbox.hubspot import lists, ties
from crmsync.sandbox.hubspot.blocklist import block
from crmsync.sandbox.hubspot.errors import not_found
from crmsync.sandbox.hubspot.index import unique_values
from crmsync.sandbox.hubspot.objects import OBJECTS, ObjectType
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.wire import instant

# Archived records can be restored for 90 days: developers.hubspot.com, objects (read 2026-11).
RECOVERABLE = timedelta(days=90)


def erase(portal: Portal, asked: str, id_property: str) -> None:
    """Deletes a contact for good, archived or not; an address nobody has is only blocked.

    Refusal 404 for an id nobody has. Its activities stay without it: changelog, GDPR deletion (read 2026-11).
    """
    if id_property == "email":
        _erase_email(portal, asked)
        return
    id_ = portal.now_at("contacts", asked)
    if portal.tables.get("contacts", id_) is None:
        raise not_found()
    _erase(portal, id_)


def _erase_email(portal: Portal, email: str) -> None:
    holder = portal.holder("contacts", "email", email)
    if holder is None:
        block(portal, email)
    else:
        _erase(portal, holder)


def _erase(portal: Portal, id_: str) -> None:
    row = portal.tables.get("contacts", id_)
    assert row is not None
    ties.remove_all(portal, "contacts", id_)
    lists.leave_all(portal, OBJECTS["contacts"], (id_,))
    portal.drop("contacts", id_)
    if portal.switches.erased_email_blocked:
        for email in unique_values("email", row):
            block(portal, email)


def restore(portal: Portal, kind: ObjectType, id_: str) -> None:
    """Brings an archived record back with its ties; ValueError if it is not there, or a value is taken."""
    row = portal.row(kind.name, id_, archived=True)
    if row is None or id_ != portal.now_at(kind.name, id_):
        raise ValueError(f"no archived {kind.singular} {id_}")
    for name in portal.unique_names(kind.name):
        for value in unique_values(name, row):
            if portal.holder(kind.name, name, value) is not None:
                raise ValueError(f"another {kind.singular} has {name} {value} by now")
    kept = row.get("ties", [])
    fresh = {key: value for key, value in row.items() if key not in ("archivedAt", "ties")}
    portal.keep(kind.name, id_, fresh)
    for far, far_id, types in kept:
        if portal.row(far, far_id) is not None:
            ties.add(portal, (kind.name, id_, far, far_id), types)


def empty_bin(portal: Portal) -> None:
    """Takes away what was archived more than 90 days ago; looks once a day of the portal's clock."""
    today = portal.clock.now().date()
    if portal.swept == today:
        return
    portal.swept = today
    since = portal.clock.now() - RECOVERABLE
    for name in OBJECTS:
        for number in list(portal.objects[name].archived):
            row = portal.tables.get(name, str(number))
            at = instant(row["archivedAt"]) if row else None
            if at is not None and at < since:
                portal.drop(name, str(number))
