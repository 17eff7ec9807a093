"""The sentinel of an org: an account under our key, whose description counts.

Of the objects with a key field an account hurts least: leads and contacts are assigned, mailed and counted as
people, opportunities stand in forecasts. Every org has both fields.
developer.salesforce.com, object reference Account (read 2026-11)
"""

from __future__ import annotations

from crmsync.connectors.calls import AnswerLost
from crmsync.connectors.salesforce.api import Api, quoted, select
from crmsync.connectors.salesforce.ids import id18
from crmsync.connectors.salesforce.results import said_gone
from crmsync.connectors.salesforce.writing import KEY_FIELD
from crmsync.core.sentinel import SentinelPlace, SentinelRecord
from crmsync.errors import Refused

PLACE = SentinelPlace("Account", "Name", "Description")


def find(api: Api, key: str) -> SentinelRecord | None:
    """The account under a key, None without one or without a key field."""
    where = f" WHERE {KEY_FIELD} = {quoted([key])}"
    try:
        rows = api.rows(select(["Id", PLACE.text], PLACE.object, where))
    except Refused as refusal:
        if KEY_FIELD not in refusal.message:
            raise
        return None
    if not rows:
        return None
    return SentinelRecord(PLACE.object, id18(rows[0]["Id"]), rows[0][PLACE.text] or "")


def remove(api: Api, object_: str, native_id: str) -> None:
    """Deletes one record; a lost answer is asked for again, for what is gone cannot go twice."""
    path, label = f"sobjects/{object_}/{native_id}", f"sobjects/{object_}"
    for attempt in range(2):
        try:
            api.change("DELETE", path, label)
            return
        except AnswerLost:
            if attempt:
                raise
        except Refused as refusal:
            if not said_gone(refusal):
                raise
            return
