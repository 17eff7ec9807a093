"""The rigs of our two connectors for the contract, and short ways to open them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx

from connectors.sandboxes import Sandbox
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.connectors.hubspot.connector import open_connector as open_hubspot
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.connectors.salesforce.connector import open_connector as open_salesforce
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import running
from crmsync.sandbox.tables import Tables
from crmsync.testing.proxy import Proxy
from crmsync.testing.rig import Rig, TieRig

SALESFORCE_CELLS: dict[str, str | None] = {
    "FirstName": "Ángela 💡",
    "Email": "angela@people.example",
    "HasOptedOutOfEmail": "true",
    "Birthdate": "1980-02-29",
    "Description": 'first line\nsecond "line" \\ end',
}
HUBSPOT_CELLS: dict[str, str | None] = {
    "firstname": "Ángela 💡",
    "jobtitle": 'first line\nsecond "line" \\ end',
    "hs_lead_status": "OPEN_DEAL",
}

DEAL = {"StageName": "Prospecting", "CloseDate": "2027-01-31"}
ROLE = "OpportunityContactRole"
# One record more than a page holds, twice: developer pages of both systems (2,000 and 100 a page)
CONTACTS = {"salesforce": 2001, "hubspot": 201}
HUBSPOT_LABELS = ("Decision maker", "Coach", "Budget; 50% | all")


@contextmanager
def filled_sandbox() -> Iterator[Sandbox]:
    """Both CRMs with a few records, served while the block runs."""
    salesforce = SalesforceWorld(Tables("salesforce"), Clock())
    hubspot = HubspotWorld(Tables("hubspot"), Clock())
    salesforce.put("User", {"LastName": "Ruiz", "Email": "ruiz@sales.example", "IsActive": True})
    hubspot.put("owners", {"email": "ruiz@sales.example", "lastName": "Ruiz"})
    for label in HUBSPOT_LABELS:
        hubspot.define_label("deals", "contacts", label)
    for at in range(CONTACTS["salesforce"]):
        salesforce.put("Contact", {"LastName": f"Number {at}"})
    for at in range(CONTACTS["hubspot"]):
        hubspot.put("contacts", {"lastname": f"Number {at}", "email": f"n{at}@people.example"})
    with running(salesforce, hubspot) as access:
        yield Sandbox(salesforce, hubspot, access)


def salesforce_ties(sandbox: Sandbox) -> TieRig:
    world = sandbox.salesforce

    def rows(one: str) -> list[tuple[str, str]]:
        found = [
            world.rows.get(ROLE, id_) or {} for id_ in world.rows.find(ROLE, "OpportunityId", one)
        ]
        return sorted((row["ContactId"], row.get("Role") or "") for row in found)

    return TieRig(
        object="Opportunity",
        to_object="Contact",
        all="associations.Contact.all",
        roles="associations.Contact.roles",
        names=("Decision Maker", "Evaluator"),
        cells={"NextStep": "call"},
        required=lambda key: {"Name": key, **DEAL},
        unknown_id="006000000000zzzAAA",
        plants_one=lambda: world.put("Opportunity", {"Name": "Deal", **DEAL}),
        plants_other=lambda: world.put("Contact", {"LastName": "Tied"}),
        rows=rows,
        is_write={"all": "composite/sobjects", "roles": "composite/sobjects"},
    )


def hubspot_ties(sandbox: Sandbox) -> TieRig:
    world = sandbox.hubspot
    deal = {"dealname": "Deal", "dealstage": "contractsent", "pipeline": "default"}

    def rows(one: str) -> list[tuple[str, str]]:
        held = world.portal.ties.of("deals", one, "contacts")
        found = []
        for other, types in held.items():
            labels = [world.portal.types[kind].label or "" for kind in types if kind != 3]
            found += [(other, label) for label in labels or [""]]
        return sorted(found)

    return TieRig(
        object="deals",
        to_object="contacts",
        all="associations.contacts.all",
        roles="associations.contacts.roles",
        names=("Coach", "Decision maker"),
        cells={"description": "call"},
        required=lambda key: {**deal, "dealname": key},
        unknown_id="999999999998",
        plants_one=lambda: world.put("deals", deal),
        plants_other=lambda: world.put("contacts", {"lastname": "Tied"}),
        rows=rows,
        is_write={"all": "associate/default", "roles": "contacts/batch/create"},
    )


def salesforce_settings(sandbox: Sandbox, proxy: Proxy) -> dict[str, str]:
    return {"url": proxy.url, "token": sandbox.access["salesforce"]["token"]}


def hubspot_settings(sandbox: Sandbox, proxy: Proxy, version: str = "v3") -> dict[str, str]:
    """In classic paths, whose parts stand in a row for tests to find; whole runs are in the usual version, and the
    contract is kept in each."""
    token = sandbox.access["hubspot"]["token"]
    return {"url": proxy.url, "token": token, "api_version": version}


def salesforce_connector(
    settings: dict[str, str], slept: list[float], now: datetime, *, writes: bool = True
) -> SalesforceConnector:
    return open_salesforce("crm", settings, now=now, writes=writes, sleep=slept.append)


def hubspot_connector(
    settings: dict[str, str], slept: list[float], now: datetime, *, writes: bool = True
) -> HubspotConnector:
    return open_hubspot("hub", settings, now=now, writes=writes, sleep=slept.append)


def salesforce_live(sandbox: Sandbox) -> int:
    access = sandbox.access["salesforce"]
    answer = httpx.get(
        f"{access['url']}/services/data/v67.0/query/",
        params={"q": "SELECT COUNT() FROM Contact"},
        headers={"Authorization": f"Bearer {access['token']}"},
    )
    return int(answer.json()["totalSize"])


def hubspot_live(sandbox: Sandbox) -> int:
    access = sandbox.access["hubspot"]
    found, after = 0, "0"
    while after:
        answer = httpx.get(
            f"{access['url']}/crm/v3/objects/contacts",
            params={"limit": 100, "after": after},
            headers={"Authorization": f"Bearer {access['token']}"},
        ).json()
        found += len(answer["results"])
        after = answer.get("paging", {}).get("next", {}).get("after")
    return found


def salesforce_rig(sandbox: Sandbox, proxy: Proxy, slept: list[float], now: datetime) -> Rig:
    def opens(settings: dict[str, str], *, writes: bool = True) -> Any:
        return salesforce_connector(settings, slept, now, writes=writes)

    return Rig(
        kind="salesforce",
        opens=opens,
        proxy=proxy,
        settings=salesforce_settings(sandbox, proxy),
        object="Contact",
        cells=SALESFORCE_CELLS,
        required=lambda key: {"LastName": key},
        bad={"Email": "no address"},
        unknown_id="003000000000zzzAAA",
        is_write="composite/sobjects",
        is_read="/query/",
        key_field="crmsync_key__c",
        live=lambda: salesforce_live(sandbox),
        slept=slept,
        ties=salesforce_ties(sandbox),
    )


def hubspot_rig(
    sandbox: Sandbox, proxy: Proxy, slept: list[float], now: datetime, version: str = "v3"
) -> Rig:
    def opens(settings: dict[str, str], *, writes: bool = True) -> Any:
        return hubspot_connector(settings, slept, now, writes=writes)

    return Rig(
        kind="hubspot",
        opens=opens,
        proxy=proxy,
        settings=hubspot_settings(sandbox, proxy, version),
        object="contacts",
        cells=HUBSPOT_CELLS,
        required=lambda key: {"lastname": key, "email": f"{key}@keys.example"},
        bad={"email": "no address"},
        unknown_id="999999999998",
        is_write="/batch/up",
        is_read="/account-info/",
        key_field="crmsync_key",
        live=lambda: hubspot_live(sandbox),
        slept=slept,
        ties=hubspot_ties(sandbox),
    )
