"""Consent: what an e-mail address is subscribed to. It belongs to the address, not to the contact.

It outlives the contact, and a later contact with that address has it: legacydocs.hubspot.com, e-mail status (read
2026-11). The read-only properties `hs_email_optout` and `hs_email_optout_<id>` of a contact mirror it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from crmsync.sandbox.hubspot import rows
from crmsync.sandbox.hubspot.contact_properties import SUBSCRIPTIONS, opt_out_property
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.rows import Changes
from crmsync.sandbox.hubspot.wire import iso
from crmsync.sandbox.tables import Row

OPTED_OUT = "hs_email_optout"
SUBSCRIBED, UNSUBSCRIBED, NOT_SPECIFIED = "SUBSCRIBED", "UNSUBSCRIBED", "NOT_SPECIFIED"

_STATUSES, _TYPES, _DUE = "consent", "subscriptions", "~consent due"

_SINCE = "2020-01-01T00:00:00Z"


def subscription_types(portal: Portal) -> list[Row]:
    """What people can be subscribed to, by number."""
    fresh = {
        str(id_): _type(id_, name, purpose, words) for id_, name, purpose, words in SUBSCRIPTIONS
    }
    kept = fresh | dict(portal.tables.rows(_TYPES))
    return sorted(kept.values(), key=lambda one: int(one["id"]))


def new_type(portal: Portal, name: str) -> str:
    """The id of a new type of subscription."""
    id_ = portal.next_number(_TYPES, 39_644_700)
    portal.tables.put(_TYPES, str(id_), _type(id_, name, "Marketing", ""))
    portal.save_definition("contacts", opt_out_property(id_, name))
    return str(id_)


def _type(id_: int, name: str, purpose: str, words: str) -> Row:
    return {
        "id": str(id_),
        "name": name,
        "description": words,
        "purpose": purpose,
        "communicationMethod": "Email",
        "isActive": True,
        "isDefault": True,
        "isInternal": False,
        "createdAt": _SINCE,
        "updatedAt": _SINCE,
    }


def consent_of(portal: Portal, email: str) -> Row:
    """`{"all": instant it opted out of everything or None, "types": {id: {"status", "at", ...}}}`."""
    return portal.tables.get(_STATUSES, _key(email)) or {"all": None, "types": {}}


def status_of(portal: Portal, email: str, type_id: str) -> str:
    """How an address stands to one type; opted out of everything is opted out of each."""
    known = consent_of(portal, email)
    if known["all"]:
        return UNSUBSCRIBED
    status: str = known["types"].get(type_id, {}).get("status", NOT_SPECIFIED)
    return status


def set_status(portal: Portal, email: str, type_id: str, status: str, basis: Changes) -> str:
    """What came of it, in the words of v4; who is subscribed again is opted out of everything no more."""
    before, known = status_of(portal, email, type_id), consent_of(portal, email)
    if before == status:
        return "NO_STATUS_CHANGE"
    told = {"status": status, "at": iso(portal.clock.now()), **basis}
    everything = None if status == SUBSCRIBED else known["all"]
    rest = dict(known["types"])
    if known["all"] and everything is None:
        # Only the one type is subscribed again; that the others stay opted out is assumed.
        rest = {
            one["id"]: {"status": UNSUBSCRIBED, "at": known["all"]}
            for one in subscription_types(portal)
        }
    _keep(portal, email, {"all": everything, "types": {**rest, type_id: told}})
    resubscribed = before == UNSUBSCRIBED and status == SUBSCRIBED
    return "RESUBSCRIBE_OCCURRED" if resubscribed else "REQUESTED_CHANGE_OCCURRED"


def opt_out_of_all(portal: Portal, email: str) -> str:
    """What came of it, in the words of v4."""
    known = consent_of(portal, email)
    if known["all"]:
        return "NO_STATUS_CHANGE"
    _keep(portal, email, {**known, "all": iso(portal.clock.now())})
    return "UNSUBSCRIBE_FROM_ALL_OCCURRED"


def note_write(portal: Portal, id_: str, changes: Changes, before: str) -> None:
    """Brings a contact and the consent of its address in step after it was written; `before` was its address."""
    row = portal.tables.get("contacts", id_)
    email = row["properties"].get("email") if row else None
    if not row or not email or not changes.keys() & {"email", OPTED_OUT}:
        return
    if _key(before) != _key(email):
        rows.tell(portal, "contacts", id_, _left_behind(portal, email, row["properties"], changes))
    if changes.get(OPTED_OUT) == "true":
        opt_out_of_all(portal, email)
    elif changes.get(OPTED_OUT) == "false" and consent_of(portal, email)["all"]:
        _keep(portal, email, {**consent_of(portal, email), "all": None})
    else:
        _mirror(portal, email)


def _left_behind(portal: Portal, email: str, held: Changes, changes: Changes) -> Changes:
    """What a contact told of its address before, and nobody said of the new one."""
    said = {f"{OPTED_OUT}_{type_id}" for type_id in consent_of(portal, email)["types"]}
    return {
        name: "false"
        for name, value in held.items()
        if name.startswith(f"{OPTED_OUT}_")
        and value == "true"
        and name not in said | changes.keys()
    }


def _keep(portal: Portal, email: str, row: dict[str, Any]) -> None:
    portal.tables.put(_STATUSES, _key(email), row)
    lag = portal.switches.number("optout_lag")
    if lag:
        due = portal.clock.now() + timedelta(seconds=lag)
        portal.tables.put(_DUE, _key(email), {"due": due.isoformat()})
    else:
        _mirror(portal, email)


def settle_consent(portal: Portal) -> None:
    """Tells contacts what is due of their addresses by the portal's clock."""
    for email, held in list(portal.tables.rows(_DUE)):
        if datetime.fromisoformat(held["due"]) <= portal.clock.now():
            portal.tables.drop(_DUE, email)
            _mirror(portal, email)


def _mirror(portal: Portal, email: str) -> None:
    """Tells the contact that has the address as its first one; nothing is told where nothing was said."""
    id_ = portal.holder("contacts", "email", email)
    row = portal.row("contacts", id_) if id_ else None
    if row is None or id_ is None or _key(row["properties"].get("email", "")) != _key(email):
        return
    told = _mirrored(portal, email, row["properties"])
    if all(row["properties"].get(name, "") == value for name, value in told.items()):
        return
    rows.tell(portal, "contacts", id_, {**told, **_stamps(portal)})


def _stamps(portal: Portal) -> Changes:
    """The modified dates of a contact whose consent has changed."""
    if not portal.switches.consent_stamps:
        return {}
    return dict.fromkeys(
        (OBJECTS["contacts"].modified, "hs_lastmodifieddate"), iso(portal.clock.now())
    )


def _mirrored(portal: Portal, email: str, before: Changes) -> Changes:
    known = consent_of(portal, email)
    said = known["all"] or before.get(OPTED_OUT) == "true"
    told = {OPTED_OUT: "true" if known["all"] else "false"} if said else {}
    for type_id, one in known["types"].items():
        name = f"{OPTED_OUT}_{type_id}"
        if name in portal.definitions("contacts"):
            told[name] = str(one["status"] == UNSUBSCRIBED).lower()
    return told


def _key(email: str) -> str:
    return email.strip().lower()
