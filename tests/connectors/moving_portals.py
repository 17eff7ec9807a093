"""A portal for tests that move its clock, and connectors that are opened at its own time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from connectors import rigs
from connectors.sandboxes import Sandbox
from crmsync.connectors.abilities import Changes
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot import records
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import running
from crmsync.sandbox.tables import Tables
from crmsync.testing.proxy import Proxy, proxied

Told = tuple[dict[str, Any], dict[str, Any], str]
"""Live rows by id, rows of what went by id, and the next cursor."""
HOUR = 3600


class Desk:
    """One portal behind a proxy, and whoever reads it."""

    def __init__(self, world: HubspotWorld, proxy: Proxy, sandbox: Sandbox) -> None:
        self.world = world
        self.proxy = proxy
        self.sandbox = sandbox
        self.slept: list[float] = []
        self.opened: list[HubspotConnector] = []

    def opens(self) -> HubspotConnector:
        """A connector of its own, as every pull has; the account was asked, as every pull does."""
        settings, now = rigs.hubspot_settings(self.sandbox, self.proxy), self.world.clock.now()
        self.opened.append(rigs.hubspot_connector(settings, self.slept, now, writes=False))
        self.opened[-1].whoami()
        return self.opened[-1]

    def later(self, seconds: float = 2 * HOUR) -> None:
        self.world.clock.advance(seconds)

    def put(self, object_: str = "contacts", id_: str | None = None, **values: Any) -> str:
        return self.world.put(object_, values, id_)

    def archive(self, id_: str, object_: str = "contacts") -> None:
        records.archive(self.world.portal, object_, id_)

    def cursor(self, object_: str = "contacts") -> str:
        return self.opens().gone(object_, "").cursor

    def told(self, since: str, *fields: str, object_: str = "contacts") -> Told:
        return told(self.opens(), since, *fields, object_=object_)


def told(connector: HubspotConnector, since: str, *fields: str, object_: str = "contacts") -> Told:
    """What changed; AssertionError if only a full read would tell."""
    found = connector.changes(object_, fields or ("lastname", "jobtitle"), since)
    assert isinstance(found, Changes), found
    live = {row["_id"]: row for batch in found.live for row in batch.to_pylist()}
    gone = {row["id"]: row for row in found.gone().to_pylist()}
    return live, gone, found.cursor


@contextmanager
def desk() -> Iterator[Desk]:
    """An empty portal, served while the block runs."""
    salesforce = SalesforceWorld(Tables("salesforce"), Clock())
    hubspot = HubspotWorld(Tables("hubspot"), Clock())
    with ExitStack() as stack:
        access = stack.enter_context(running(salesforce, hubspot))
        proxy = stack.enter_context(proxied(access["hubspot"]["url"]))
        made = Desk(hubspot, proxy, Sandbox(salesforce, hubspot, access))
        yield made
        for each in made.opened:
            each.close()
