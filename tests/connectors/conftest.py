"""Both sandboxes served once; each test has its own proxy in front of them, and its own connector."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from connectors import databases, rigs
from connectors.sandboxes import Sandbox
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import running
from crmsync.sandbox.tables import Tables
from crmsync.testing import plugin
from crmsync.testing.proxy import Proxy, proxied

now, slept, unique = plugin.now, plugin.slept, plugin.unique
one, others, ties = plugin.one, plugin.others, plugin.ties
database_url, sqlite_url = databases.database_url, databases.sqlite_url
postgresql_server, postgresql_url = databases.postgresql_server, databases.postgresql_url

# One record more than a page holds, twice: developer pages of both systems (2,000 and 100 a page)
CONTACTS = {"salesforce": 2001, "hubspot": 201}


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    salesforce = SalesforceWorld(Tables("salesforce"), Clock())
    hubspot = HubspotWorld(Tables("hubspot"), Clock())
    salesforce.put("User", {"LastName": "Ruiz", "Email": "ruiz@sales.example", "IsActive": True})
    hubspot.put("owners", {"email": "ruiz@sales.example", "lastName": "Ruiz"})
    for label in rigs.HUBSPOT_LABELS:
        hubspot.define_label("deals", "contacts", label)
    for at in range(CONTACTS["salesforce"]):
        salesforce.put("Contact", {"LastName": f"Number {at}"})
    for at in range(CONTACTS["hubspot"]):
        hubspot.put("contacts", {"lastname": f"Number {at}", "email": f"n{at}@people.example"})
    with running(salesforce, hubspot) as access:
        yield Sandbox(salesforce, hubspot, access)


@pytest.fixture
def salesforce_proxy(sandbox: Sandbox) -> Iterator[Proxy]:
    with proxied(sandbox.access["salesforce"]["url"]) as proxy:
        yield proxy


@pytest.fixture
def hubspot_proxy(sandbox: Sandbox) -> Iterator[Proxy]:
    with proxied(sandbox.access["hubspot"]["url"]) as proxy:
        yield proxy


@pytest.fixture
def open_salesforce(
    sandbox: Sandbox, salesforce_proxy: Proxy, slept: list[float], now: datetime
) -> Iterator[Callable[..., Any]]:
    """Opens connectors through the proxy, with other settings than usual; a blank takes one away."""
    opened: list[Any] = []

    def open_(**settings: str) -> Any:
        chosen = rigs.salesforce_settings(sandbox, salesforce_proxy) | settings
        given = {name: value for name, value in chosen.items() if value}
        opened.append(rigs.salesforce_connector(given, slept, now))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


@pytest.fixture
def open_hubspot(
    sandbox: Sandbox, hubspot_proxy: Proxy, slept: list[float], now: datetime
) -> Iterator[Callable[..., Any]]:
    """Opens connectors through the proxy, with other settings than usual; a blank takes one away."""
    opened: list[Any] = []

    def open_(**settings: str) -> Any:
        chosen = rigs.hubspot_settings(sandbox, hubspot_proxy) | settings
        given = {name: value for name, value in chosen.items() if value}
        opened.append(rigs.hubspot_connector(given, slept, now))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()
