"""What addresses are subscribed to, as a portal tells it: by the types there are, and by the status of each address.

The status of one address is a call, of a hundred too where the account has Marketing Hub Enterprise and the token the
scope of batches: developers.hubspot.com, Communication preferences (read 2026-11). What properties of a contact say is
read along with the contact: `companions`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crmsync.connectors.fact_reading import Place
from crmsync.connectors.facts import (
    CONSENT_COLUMNS,
    CONSENTS,
    SUBSCRIPTION_COLUMNS,
    SUBSCRIPTIONS,
    Fact,
)
from crmsync.connectors.hubspot.telling import Cells, Portal, told_whole
from crmsync.connectors.hubspot.values import instant
from crmsync.errors import AnswerBroken

_PATH = "/communication-preferences/v4"
SUBSCRIPTION_PLACE = Place(f"{SUBSCRIPTIONS}.definitions", SUBSCRIPTION_COLUMNS, "subscriptions")
CONSENT_PLACE = Place(f"{CONSENTS}.contacts", CONSENT_COLUMNS, "consent")


def subscription_fact(portal: Portal) -> Fact:
    """What people can be subscribed to, by one call."""
    return told_whole(SUBSCRIPTION_PLACE, lambda: _definitions(portal))


def consent_fact(portal: Portal) -> Fact:
    """How every address stands to every subscription: a call for 100 contacts to list them, and one more to ask."""
    return told_whole(CONSENT_PLACE, lambda: _statuses(portal))


def _definitions(portal: Portal) -> Iterator[list[Cells]]:
    for page in portal.api.results("communication-preferences", f"{_PATH}/definitions"):
        yield [
            {
                "id": str(one["id"]),
                "name": one.get("name") or None,
                "purpose": one.get("purpose") or None,
                "channel": one.get("communicationMethod") or None,
                "active": None if one.get("isActive") is None else str(one["isActive"]).lower(),
            }
            for one in page
        ]


def _statuses(portal: Portal) -> Iterator[list[Cells]]:
    for page in portal.api.pages("contacts", ["email"]):
        emails = [(str(one["id"]), one["properties"].get("email")) for one in page]
        ids = {email.strip().lower(): id_ for id_, email in emails if email}
        if ids:
            yield list(_of_page(portal, ids))


def _of_page(portal: Portal, ids: Mapping[str, str]) -> Iterator[Cells]:
    answer = portal.api.post(
        "communication-preferences/batch/read",
        f"{_PATH}/statuses/batch/read",
        {"inputs": list(ids)},
        channel="EMAIL",
    )
    for error in answer.get("errors") or ():
        raise AnswerBroken(f"some could not be read: {error.get('message')}", where="consent")
    for result in answer["results"]:
        record = ids.get(str(result["subscriberIdString"]).strip().lower())
        told: Sequence[Mapping[str, Any]] = result.get("statuses") or ()
        if record:
            yield from (_status(record, one) for one in told)


def _status(record: str, one: Mapping[str, Any]) -> Cells:
    status = str(one.get("status") or "").lower()
    return {
        "record_id": record,
        "subscription_id": str(one["subscriptionId"]),
        "status": status or None,
        "basis": one.get("legalBasis") or None,
        # of one about which nothing was ever said the moment is that of its type, and no event
        "stated_at": instant(one.get("timestamp")) if status != "not_specified" else None,
        "origin": one.get("source") or None,
    }
