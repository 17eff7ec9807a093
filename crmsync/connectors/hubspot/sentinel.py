"""The sentinel of a portal: a company under our key, whose description counts.

Of the objects with a key field a company hurts least: contacts may be billed as marketing contacts, deals stand
in forecasts. It has no domain, so HubSpot fills nothing in. Every portal has both properties.
developers.hubspot.com, Companies (read 2026-11)
"""

from __future__ import annotations

from crmsync.connectors.calls import AnswerLost
from crmsync.connectors.hubspot.accounted import says_gone
from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.hubspot.reading import records_by_id
from crmsync.connectors.hubspot.results import KEY_PROPERTY
from crmsync.core.sentinel import SentinelPlace, SentinelRecord
from crmsync.errors import Refused

PLACE = SentinelPlace("companies", "name", "description")


def find(api: Api, key: str) -> SentinelRecord | None:
    """The company under a key, None without one or without a key property; search would lag behind."""
    wanted = [KEY_PROPERTY, PLACE.text]
    try:
        found = records_by_id(api, PLACE.object, [key], wanted, KEY_PROPERTY)
    except Refused as refusal:
        if KEY_PROPERTY not in refusal.message + refusal.body:
            raise
        return None
    for record in found.values():
        if record["properties"].get(KEY_PROPERTY) == key:
            text = record["properties"].get(PLACE.text) or ""
            return SentinelRecord(PLACE.object, str(record["id"]), text)
    return None


def remove(api: Api, object_: str, native_id: str) -> None:
    """Archives one record; a lost answer is asked for again, for what is gone cannot go twice.

    Archiving what is not there is answered 204, too: n8n pull request 3219 (read 2026-11).
    """
    for attempt in range(2):
        try:
            api.record_archive(object_, native_id)
            return
        except AnswerLost:
            if attempt:
                raise
        except Refused as refusal:
            if not says_gone(refusal):
                raise
            return
