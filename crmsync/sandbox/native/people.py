"""Contacts of HubSpot, and the leads and contacts of Salesforce with the same address.

Knowledge Base: Sync Salesforce leads and contacts to HubSpot (2025-05-21), How the integration handles duplicates
(2017-11-20), Manage your Salesforce integration settings (2026-01-16). All read 2026-11.
"""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.hubspot.lists import lists_of
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.sandbox.native.accounts import tie_to_company
from crmsync.sandbox.native.noticing import gone, see, stamp_of, touched
from crmsync.sandbox.native.settings import clear_error, forget, keys, note_error, settings_of
from crmsync.sandbox.native.syncing import (
    Partner,
    bring_together,
    hubspot_values,
    mapped,
    partner_of,
    remember_pair,
    salesforce_values,
)
from crmsync.sandbox.native.values import NoSuchValue, Pair, to_hubspot, to_salesforce
from crmsync.sandbox.native.writing import NotWritten, create_in_salesforce, write_in_hubspot
from crmsync.sandbox.tables import Row

_OBJECTS = ("Contact", "Lead")
# What it puts where Salesforce demands a value and HubSpot has none: the words users find all over Salesforce.
_UNKNOWN = "[not provided]"


def sync_people(pair: Pair) -> None:
    """Everything that changed about people on either side since the last time."""
    for name in _OBJECTS:
        for id_ in gone(pair, name):
            _gone(pair, name, id_)
    todo = dict.fromkeys(touched(pair, "contacts"))
    for name in _OBJECTS:
        for id_ in touched(pair, name):
            contact = _contact_of(pair, (name, id_))
            if contact is None:
                _new_in_salesforce(pair, (name, id_))
            else:
                todo[contact] = None
    for id_ in sorted(todo, key=int):
        _sync_contact(pair, id_)


def _sync_contact(pair: Pair, id_: str) -> None:
    """A contact outside the inclusion segment does not go over, and neither does what changed in Salesforce."""
    row = pair.hubspot.portal.row("contacts", id_)
    partner = _partner(pair, id_, row) if row else None
    if row is None or not _included(pair, id_, row):
        _only_seen(pair, id_, partner)
    elif partner is not None:
        bring_together(pair, "contacts", id_, partner, link_to(pair, partner))
        tie_to_company(pair, id_, partner)
    elif row["properties"].get("email") and settings_of(pair.hubspot.tables).creates != "nothing":
        _new_in_hubspot(pair, id_, row)
    else:
        see(pair, "contacts", id_)


def _only_seen(pair: Pair, id_: str, partner: Partner | None) -> None:
    see(pair, "contacts", id_)
    if partner is not None:
        see(pair, *partner)


def _included(pair: Pair, id_: str, row: Row) -> bool:
    settings, kept = settings_of(pair.hubspot.tables), row["properties"]
    listed = lists_of(pair.hubspot.portal, OBJECTS["contacts"], id_) if settings.segment else []
    if settings.segment and not any(one["listId"] == settings.segment for one in listed):
        return False
    include = settings.include
    return all(kept.get(name, "") in values for name, values in include.items())


def _partner(pair: Pair, id_: str, row: Row) -> Partner | None:
    """Of all with its address the one changed last, which may be another than before; else the one it had."""
    found = [
        (name, one)
        for email in (row["properties"].get("email", ""),)
        for name in _OBJECTS
        for one in (pair.salesforce.rows.find(name, "Email", email) if email else ())
        if _counts(pair, (name, one))
    ]
    if found:
        return max(found, key=lambda one: (_changed(pair, one), one[0] == "Contact", one[1]))
    before = partner_of(pair, "contacts", id_)
    return _converted(pair, before) if before else None


def _counts(pair: Pair, partner: Partner) -> bool:
    row = pair.salesforce.rows.live(*partner)
    return row is not None and not row.get("IsConverted")


def _changed(pair: Pair, partner: Partner) -> str:
    return stamp_of(partner[0], pair.salesforce.rows.get(*partner))


def _converted(pair: Pair, partner: Partner) -> Partner | None:
    """The contact that a lead has become; the record itself if it is there, None if it is not."""
    row = pair.salesforce.rows.live(*partner)
    if row is not None and row.get("IsConverted"):
        return "Contact", str(row["ConvertedContactId"])
    return partner if row is not None else None


def _contact_of(pair: Pair, partner: Partner) -> str | None:
    """The HubSpot contact of a lead or contact: by address, else the one it was synced with."""
    row = pair.salesforce.rows.get(*partner) or {}
    email = str(row.get("Email") or "")
    holder = pair.hubspot.portal.holder("contacts", "email", email) if email else None
    return holder or _synced_with(pair, partner)


def _synced_with(pair: Pair, partner: Partner) -> str | None:
    for key in keys(pair.hubspot.tables, "pair contacts "):
        id_ = key.rpartition(" ")[2]
        if partner_of(pair, "contacts", id_) == partner:
            return id_ if pair.hubspot.portal.row("contacts", id_) else None
    return None


def link_to(pair: Pair, partner: Partner) -> dict[str, str]:
    """The properties by which HubSpot knows the partner of a contact; a lead's id stays after its conversion."""
    name, id_ = partner
    if name == "Lead":
        return {"salesforceleadid": id_}
    row = pair.salesforce.rows.get(name, id_) or {}
    account = str(row.get("AccountId") or "")
    return {"salesforcecontactid": id_, "salesforceaccountid": account}


def _new_in_salesforce(pair: Pair, partner: Partner) -> None:
    """A lead or contact becomes a HubSpot contact, inside the inclusion segment or not, if it has an address."""
    name, id_ = partner
    row = pair.salesforce.rows.get(name, id_) or {}
    if not settings_of(pair.hubspot.tables).creates_in_hubspot or not row.get("Email"):
        see(pair, name, id_)
        return
    if row.get("IsConverted"):
        see(pair, name, id_)
        return
    fields = mapped(pair, "contacts", name)
    values = salesforce_values(pair, name, row, fields)
    try:
        ours = {
            one.property: to_hubspot(pair, one.kind, values[one.property])
            for one in fields
            if values[one.property]
        }
        contact = write_in_hubspot(pair, "contacts", None, ours, link_to(pair, partner))
    except (NotWritten, NoSuchValue) as error:
        note_error(pair.hubspot.tables, f"{name} {id_}", str(error))
        see(pair, name, id_)
        return
    clear_error(pair.hubspot.tables, f"{name} {id_}")
    remember_pair(pair, "contacts", contact, partner, ({}, {}))
    tie_to_company(pair, contact, partner)


def _new_in_hubspot(pair: Pair, id_: str, row: Row) -> None:
    """A HubSpot contact becomes a lead or a contact, as the settings say."""
    name = settings_of(pair.hubspot.tables).creates
    fields = mapped(pair, "contacts", name)
    values = hubspot_values(pair, "contacts", row, fields)
    try:
        told: dict[str, Any] = {
            one.fields[name]: to_salesforce(pair, one.kind, values[one.property])
            for one in fields
            if values[one.property]
        }
        told.setdefault("LastName", _UNKNOWN)
        if name == "Lead":
            told.setdefault("Company", _UNKNOWN)
        partner = (name, create_in_salesforce(pair, name, told))
        write_in_hubspot(pair, "contacts", id_, {}, link_to(pair, partner))
    except (NotWritten, NoSuchValue) as error:
        note_error(pair.hubspot.tables, f"contacts {id_}", str(error))
        see(pair, "contacts", id_)
        return
    clear_error(pair.hubspot.tables, f"contacts {id_}")
    remember_pair(pair, "contacts", id_, partner, ({}, {}))


def _gone(pair: Pair, name: str, id_: str) -> None:
    """What was deleted in Salesforce stays in HubSpot, and is not created again."""
    contact = _synced_with(pair, (name, id_))
    see(pair, name, id_)
    if contact is not None:
        forget(pair.hubspot.tables, f"pair contacts {contact}")
