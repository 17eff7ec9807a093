"""An org with a field of every type, and a connector to it that reads in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from crmsync.connectors.salesforce.connector import SalesforceConnector, open_connector
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.salesforce.app import salesforce_app
from crmsync.sandbox.salesforce.switches import set_switch
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import running_app
from crmsync.sandbox.tables import Tables
from crmsync.testing.proxy import Proxy, proxied

TYPES = (
    "string", "textarea", "boolean", "int", "double", "currency", "percent", "date", "datetime", "multipicklist",
    "email", "phone", "url",
)  # fmt: skip
# Every type of describe, one custom field each, and the object's own references.
FIELDS = ["LastName", "AccountId", "OwnerId", "IsDeleted", *(f"Any_{each}__c" for each in TYPES)]


@dataclass(repr=False)
class BulkOrg:
    """A served org; `proxy` stands before it."""

    world: SalesforceWorld
    proxy: Proxy
    slept: list[float] = field(default_factory=list)
    opened: list[SalesforceConnector] = field(default_factory=list)

    def turn(self, **switches: Any) -> None:
        for name, value in switches.items():
            set_switch(self.world.tables, name, value)

    def open(self, above: str = "0", **settings: str) -> SalesforceConnector:
        access = {"url": self.proxy.url, "token": self.world.token, "bulk_above": above}
        chosen = {name: value for name, value in (access | settings).items() if value}
        now = datetime.now(UTC)  # noqa: TID251  # a real server's clock
        sleep: Callable[[float], None] = self.slept.append
        self.opened.append(open_connector("crm", chosen, now=now, writes=False, sleep=sleep))
        return self.opened[-1]

    def read(self, above: str = "0", **settings: str) -> list[dict[str, Any]]:
        return table(self.open(above, **settings).read("Contact", FIELDS))

    def jobs(self) -> list[Any]:
        return list(self.world.bulk.jobs.values())


def table(batches: Iterator[Any]) -> list[dict[str, Any]]:
    """All rows, in an order of their own."""
    rows = [row for batch in batches for row in batch.to_pylist()]
    return sorted(rows, key=lambda row: str(list(row.values())))


@contextmanager
def bulk_org() -> Iterator[BulkOrg]:
    """An org without contacts, served while the block runs."""
    world = SalesforceWorld(Tables("salesforce"), Clock())
    for each in TYPES:
        world.define_field("Contact", f"Any_{each}__c", each)
    with running_app(salesforce_app(world)) as url, proxied(url) as proxy:
        made = BulkOrg(world, proxy)
        yield made
        for connector in made.opened:
            connector.close()
