"""An org of its own for tests of facts: its clock stands still, its calls go through a proxy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from connectors import rigs
from crmsync.connectors.facts import Fact
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.salesforce.app import salesforce_app
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import running_app
from crmsync.sandbox.tables import Tables
from crmsync.testing.proxy import Proxy, proxied

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
NO_FIELDS: Mapping[str, frozenset[str]] = {}


@dataclass
class FactOrg:
    """The world, the proxy in front of it, and connectors to it."""

    world: SalesforceWorld
    proxy: Proxy
    opened: list[SalesforceConnector] = field(default_factory=list)

    def opens(self, **settings: str) -> SalesforceConnector:
        given = {"url": self.proxy.url, "token": self.world.token, **settings}
        self.opened.append(rigs.salesforce_connector(given, [], NOW, writes=False))
        return self.opened[-1]

    def facts(
        self, wanted: Mapping[str, frozenset[str]] = NO_FIELDS, **settings: str
    ) -> dict[str, Told]:
        """Every fact by its side table, taken one after another."""
        told = (
            Told(fact, rows_of(fact)) for fact in self.opens(**settings).facts(wanted)
        )  # fmt: skip
        return {each.fact.table: each for each in told}

    def rows(self, table: str, **settings: str) -> list[dict[str, Any]]:
        return self.facts(NO_FIELDS, **settings)[table].rows


@dataclass
class Told:
    """A fact and the rows that came of it."""

    fact: Fact
    rows: list[dict[str, Any]]


def rows_of(fact: Fact) -> list[dict[str, Any]]:
    rows = [row for batch in fact.batches for row in batch.to_pylist()]
    assert all(tuple(row) == fact.columns for row in rows)
    return rows


@contextmanager
def fact_org() -> Iterator[FactOrg]:
    world = SalesforceWorld(Tables("salesforce"), Clock(frozen_at=NOW))
    with running_app(salesforce_app(world)) as url, proxied(url) as proxy:
        org = FactOrg(world, proxy)
        try:
            yield org
        finally:
            for each in org.opened:
                each.close()
