"""What the tests of the footprint share: an org and a portal without our key field, put back after each test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from connectors import rigs
from connectors.sandboxes import Sandbox
from crmsync.core.footprint import FootprintItem
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import running
from crmsync.sandbox.tables import Tables
from crmsync.testing.proxy import Proxy, proxied

KEY, PROPERTY = "crmsync_key__c", "crmsync_key"
CHANGES = ("POST", "PATCH", "DELETE", "PUT")


@pytest.fixture(scope="module")
def fresh() -> Iterator[Sandbox]:
    """Both systems without our key fields."""
    salesforce = SalesforceWorld(Tables("salesforce"), Clock())
    hubspot = HubspotWorld(Tables("hubspot"), Clock())
    for name in ("Account", "Contact", "Lead", "Opportunity"):
        salesforce.drop_field(name, KEY)
    for name in ("contacts", "companies", "deals"):
        hubspot.drop_property(name, PROPERTY)
    with running(salesforce, hubspot) as access:
        yield Sandbox(salesforce, hubspot, access)


@pytest.fixture(scope="module")
def nothing(fresh: Sandbox) -> dict[str, Any]:
    return {"salesforce": fresh.salesforce.tables.dump(), "hubspot": fresh.hubspot.tables.dump()}


@dataclass
class Side:
    """One system, seen through a proxy."""

    kind: str
    world: Any
    proxy: Proxy
    connector: Any
    object: str

    def item(self) -> FootprintItem:
        (found,) = self.connector.footprint([self.object])
        assert isinstance(found, FootprintItem)
        return found

    def writes(self) -> list[str]:
        """Paths of every change that came over the wire, in order."""
        return [
            f"{one.method} {one.path.rpartition('/')[2]}"
            for one in self.proxy.seen
            if one.method in CHANGES
        ]

    def install(self, *users: str) -> None:
        self.connector.install_key(self.object, users)

    def remove(self) -> None:
        self.connector.remove_key(self.object)


def restored(fresh: Sandbox, nothing: dict[str, Any]) -> None:
    fresh.salesforce.tables.restore(nothing["salesforce"])
    fresh.salesforce.reload()
    fresh.hubspot.tables.restore(nothing["hubspot"])
    fresh.hubspot.portal.refresh()
    fresh.hubspot.clock.advance(11)


@pytest.fixture
def org(
    fresh: Sandbox, nothing: dict[str, Any], slept: list[float], now: datetime
) -> Iterator[Side]:
    restored(fresh, nothing)
    with proxied(fresh.access["salesforce"]["url"]) as proxy:
        settings = rigs.salesforce_settings(fresh, proxy)
        connector = rigs.salesforce_connector(settings, slept, now)
        yield Side("salesforce", fresh.salesforce, proxy, connector, "Contact")
        connector.close()


@pytest.fixture
def portal(
    fresh: Sandbox, nothing: dict[str, Any], slept: list[float], now: datetime
) -> Iterator[Side]:
    restored(fresh, nothing)
    with proxied(fresh.access["hubspot"]["url"]) as proxy:
        settings = rigs.hubspot_settings(fresh, proxy)
        connector = rigs.hubspot_connector(settings, slept, now)
        yield Side("hubspot", fresh.hubspot, proxy, connector, "contacts")
        connector.close()
