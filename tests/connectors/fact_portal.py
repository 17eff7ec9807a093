"""A portal of its own for tests of facts: its clock stands still, its calls go through a proxy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from connectors import rigs
from connectors.fact_org import NO_FIELDS, NOW, Told, rows_of
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.app import hubspot_app
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.server import running_app
from crmsync.sandbox.tables import Tables
from crmsync.testing.proxy import Proxy, proxied

CALLS, EMAILS, MEETINGS = "_activities.calls", "_activities.emails", "_activities.meetings"
NOTES, TASKS = "_activities.notes", "_activities.tasks"
CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
NOBODY: Mapping[str, str] = {}
# From the activity to each object: developers.hubspot.com, association type ids (read 2026-11)
TIES = {
    "calls": {"contacts": 194, "companies": 182, "deals": 206},
    "emails": {"contacts": 198},
    "meetings": {"contacts": 200},
    "notes": {"contacts": 202},
    "tasks": {"contacts": 204},
}


@dataclass
class FactPortal:
    """The world, the proxy in front of it, and connectors to it."""

    world: HubspotWorld
    proxy: Proxy
    opened: list[HubspotConnector] = field(default_factory=list)

    def opens(self, **settings: str) -> HubspotConnector:
        # In the version whose paths the proxy's tests name
        ways = {"url": self.proxy.url, "token": self.world.token, "api_version": "v3"}
        given = ways | settings
        self.opened.append(rigs.hubspot_connector(given, [], NOW, writes=False))
        return self.opened[-1]

    def facts(
        self, wanted: Mapping[str, frozenset[str]] = NO_FIELDS, **settings: str
    ) -> dict[str, Told]:
        """Every fact by its side table, taken one after another."""
        told = (Told(fact, rows_of(fact)) for fact in self.opens(**settings).facts(wanted))
        return {each.fact.table: each for each in told}

    def rows(self, table: str, **settings: str) -> list[dict[str, Any]]:
        return self.facts(NO_FIELDS, **settings)[table].rows

    def log(self, kind: str, about: Mapping[str, str] = NOBODY, **values: str) -> str:
        """The id of an activity of the day before, tied to one record of each object in `about`."""
        made = self.world.put(kind, {"hs_timestamp": "2026-11-19T10:00:00Z", **values})
        for object_, id_ in about.items():
            self.world.associate(kind, made, object_, id_, [TIES[kind][object_]])
        return made

    def scopes(self, *scopes: str) -> None:
        """The token has these scopes and no others from now on."""
        self.world.rehearse("tokens", {"scopes": list(scopes)})


@contextmanager
def fact_portal() -> Iterator[FactPortal]:
    world = HubspotWorld(Tables("hubspot"), Clock(frozen_at=NOW))
    with running_app(hubspot_app(world)) as url, proxied(url) as proxy:
        portal = FactPortal(world, proxy)
        try:
            yield portal
        finally:
            for each in portal.opened:
                each.close()


@pytest.fixture
def portal() -> Iterator[FactPortal]:
    with fact_portal() as portal:
        yield portal


@pytest.fixture
def ana(portal: FactPortal) -> str:
    return portal.world.put("contacts", {"email": "ana@acme.example"})


def only(rows: list[dict[str, Any]]) -> dict[str, Any]:
    [row] = rows
    return row
