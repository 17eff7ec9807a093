"""Records the conversations anew: `python -m recorded.record sandbox`, or `live` from a real org, read only.

Beside each cassette it keeps what came of it. Look at the difference before you commit it.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta

import orjson

from crmsync.connectors.salesforce.connector import SalesforceConnector, open_connector
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.salesforce.rehearsing import rehearsal_commands
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import running
from crmsync.sandbox.tables import Tables
from recorded.conversations import SALESFORCE, SCHEMAS, Conversation
from recorded.tape import TAPES, playing, recording

MOMENT = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
DEAL = {"StageName": "Prospecting", "CloseDate": "2027-01-31"}


def org() -> SalesforceWorld:
    """A small org in which every conversation has something to say; always the same."""
    clock = Clock()
    clock.freeze(MOMENT - timedelta(minutes=30))
    world = SalesforceWorld(Tables("salesforce"), clock)
    world.commands = rehearsal_commands(world)
    world.rehearse("switches", {"most_page_rows": "3"})
    world.put("User", {"LastName": "Ruiz", "Email": "ruiz@sales.example", "IsActive": True})
    people = [world.put("Contact", _person(at)) for at in range(8)]
    deals = [world.put("Opportunity", {"Name": f"Deal {at}", **DEAL}) for at in range(2)]
    role = {
        "OpportunityId": deals[1],
        "ContactId": people[1],
        "Role": "Evaluator",
        "IsPrimary": True,
    }
    world.put("OpportunityContactRole", role)
    task = {"WhoId": people[1], "WhatId": deals[0], "Subject": "Call", "TaskSubtype": "Call"}
    world.put("Task", {**task, "ActivityDate": "2026-10-30", "Status": "Completed"})
    world.rehearse("merge", {"object": "Contact", "winner": people[0], "losers": [people[2]]})
    clock.freeze(MOMENT)
    return world


def _person(at: int) -> dict[str, object]:
    return {
        "FirstName": "Ángela 💡" if at else None,
        "LastName": f"Number {at}",
        "Email": f"n{at}@people.example",
        "Birthdate": "1980-02-29",
        "HasOptedOutOfEmail": at == 1,
    }


def opened(settings: dict[str, str], conversation: Conversation) -> SalesforceConnector:
    """A connector at the moment of the org, that waits for nothing."""
    sleep = [].append
    return open_connector("crm", settings, now=MOMENT, writes=conversation.private, sleep=sleep)


def record(name: str, conversation: Conversation, settings: dict[str, str], recorded: str) -> None:
    """One cassette and what came of it."""
    now = datetime.now(UTC)  # noqa: TID251  # the day it was recorded
    url = settings["url"]
    crm = opened(settings, conversation)
    if name != SCHEMAS and not conversation.signs_in:
        with playing("salesforce", SCHEMAS):
            SALESFORCE[SCHEMAS].talk(crm)
    with recording("salesforce", name, url, recorded, now.date()):
        said = conversation.talk(crm)
    crm.close()
    text = orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    (TAPES / "salesforce" / f"{name}.json").write_bytes(text.replace(url.encode(), b"URL") + b"\n")


def main(where: str) -> None:
    """Records all of them; from a real org, which a token opens, those without people."""
    if where == "live":
        settings = {name: os.environ[f"SALESFORCE_{name.upper()}"] for name in ("url", "token")}
        for name, each in SALESFORCE.items():
            if not each.private and not each.signs_in:
                record(name, each, settings, "live")
        return
    for name, each in SALESFORCE.items():
        hubspot = HubspotWorld(Tables("hubspot"), Clock())
        with running(org(), hubspot) as access:
            record(name, each, each.asked_with(access["salesforce"]), "sandbox")


if __name__ == "__main__":
    main(sys.argv[1])
