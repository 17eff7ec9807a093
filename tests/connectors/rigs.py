"""The rigs of our two connectors for the contract, and short ways to open them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx

from connectors.proxy import Proxy
from connectors.rig import Rig
from connectors.sandboxes import Sandbox
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.connectors.hubspot.connector import open_connector as open_hubspot
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.connectors.salesforce.connector import open_connector as open_salesforce

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


def salesforce_settings(sandbox: Sandbox, proxy: Proxy) -> dict[str, str]:
    return {"url": proxy.url, "token": sandbox.access["salesforce"]["token"]}


def hubspot_settings(sandbox: Sandbox, proxy: Proxy) -> dict[str, str]:
    return {"url": proxy.url, "token": sandbox.access["hubspot"]["token"]}


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
    )


def hubspot_rig(sandbox: Sandbox, proxy: Proxy, slept: list[float], now: datetime) -> Rig:
    def opens(settings: dict[str, str], *, writes: bool = True) -> Any:
        return hubspot_connector(settings, slept, now, writes=writes)

    return Rig(
        kind="hubspot",
        opens=opens,
        proxy=proxy,
        settings=hubspot_settings(sandbox, proxy),
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
    )
