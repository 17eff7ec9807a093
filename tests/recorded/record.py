"""Records the conversations anew: `python -m recorded.record sandbox`, or `live` from a real org, read only.

A kind behind it, `hubspot`, records only that.

Beside each cassette it keeps what came of it. Look at the difference before you commit it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import orjson

from crmsync.connectors.hubspot.connector import open_connector as open_hubspot
from crmsync.connectors.hubspot.settings import HOST
from crmsync.connectors.salesforce.connector import open_connector as open_salesforce
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.salesforce.rehearsing import rehearsal_commands
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import running
from crmsync.sandbox.tables import Tables
from recorded.conversations import SALESFORCE, SCHEMAS, Conversation
from recorded.conversations_hubspot import HUBSPOT
from recorded.portal import portal
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


@dataclass(frozen=True)
class Kind:
    """What is recorded of one kind of CRM, and how."""

    conversations: Mapping[str, Conversation]
    opens: Callable[..., Any]


KINDS: Mapping[str, Kind] = {
    "salesforce": Kind(SALESFORCE, open_salesforce),
    "hubspot": Kind(HUBSPOT, open_hubspot),
}


def opened(kind: str, settings: dict[str, str], conversation: Conversation) -> Any:
    """A connector at the moment of the org, that waits for nothing."""
    slept: list[float] = []
    opens = KINDS[kind].opens
    return opens("crm", settings, now=MOMENT, writes=conversation.private, sleep=slept.append)


def told(kind: str, crm: Any, name: str, tape: Callable[[], AbstractContextManager[Any]]) -> Any:
    """What comes of a conversation on a tape, of a connector that knows the schemas before."""
    conversations = KINDS[kind].conversations
    if name != SCHEMAS and not conversations[name].signs_in:
        with playing(kind, SCHEMAS):
            conversations[SCHEMAS].talk(crm)
    with tape():
        return conversations[name].talk(crm)


def record(kind: str, name: str, settings: dict[str, str], recorded: str) -> None:
    """One cassette and what came of it."""
    now = datetime.now(UTC)  # noqa: TID251  # the day it was recorded
    url = settings["url"]
    crm = opened(kind, settings, KINDS[kind].conversations[name])
    said = told(kind, crm, name, partial(recording, kind, name, url, recorded, now.date()))
    crm.close()
    text = orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    (TAPES / kind / f"{name}.json").write_bytes(text.replace(url.encode(), b"URL") + b"\n")


def main(where: str, kinds: Sequence[str]) -> None:
    """Records all of them; from a real org or portal, which a token opens, those without people."""
    for kind in kinds or KINDS:
        for name, each in KINDS[kind].conversations.items():
            if where != "live":
                with running(org(), portal(MOMENT)) as access:
                    record(kind, name, each.asked_with(access[kind]), "sandbox")
            elif not each.private and not each.signs_in:
                record(kind, name, _live(kind), "live")


def _live(kind: str) -> dict[str, str]:
    """Where a real one is and its token, from the environment; HubSpot has one address for all."""
    usual = {"url": HOST} if kind == "hubspot" else {}
    names = ("url", "token")
    return {name: os.environ.get(f"{kind.upper()}_{name.upper()}") or usual[name] for name in names}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
