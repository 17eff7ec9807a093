"""Both simulated CRMs, served, with the native connector between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.native.ticking import attach
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import running
from crmsync.sandbox.tables import Tables

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


QUARTER = 900


ANA = "ana@uno.example"


@dataclass
class Between:
    """Both worlds, served, with the connector between them."""

    salesforce: SalesforceWorld
    hubspot: HubspotWorld
    sf: httpx.Client
    hs: httpx.Client

    def native(self, **told: Any) -> dict[str, Any]:
        answer = self.hs.post("/__control__/native", json=told)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def later(self, seconds: float = QUARTER) -> None:
        """The clock moves, and somebody calls."""
        self.hubspot.clock.advance(seconds)
        assert self.hs.get("/account-info/v3/details").status_code == 200

    def edit(self, id_: str, **properties: str) -> None:
        path = f"/crm/v3/objects/contacts/{id_}"
        answer = self.hs.patch(path, json={"properties": properties})
        assert answer.status_code == 200, answer.text

    def change(self, id_: str, name: str = "Contact", **fields: Any) -> None:
        path = f"/services/data/v67.0/sobjects/{name}/{id_}"
        answer = self.sf.patch(path, json=fields)
        assert answer.status_code == 204, answer.text

    def contact(self, id_: str) -> dict[str, str]:
        row = self.hubspot.portal.row("contacts", id_)
        assert row is not None
        properties: dict[str, str] = row["properties"]
        return properties

    def record(self, id_: str, name: str = "Contact") -> dict[str, Any]:
        row = self.salesforce.rows.live(name, id_)
        assert row is not None
        return row

    def pair(self, **values: str) -> tuple[str, str]:
        """One person on both sides, who was there before the connector."""
        hs = self.hubspot.put("contacts", {"email": ANA, "firstname": "Ana", "lastname": "Ruiz"})
        sf = self.salesforce.put("Contact", {"Email": ANA, "FirstName": "Ana", "LastName": "Ruiz"})
        return hs, sf


@pytest.fixture(scope="module")
def served() -> Iterator[Between]:
    clock = Clock(frozen_at=NOW)
    salesforce = SalesforceWorld(Tables("salesforce"), clock)
    hubspot = HubspotWorld(Tables("hubspot"), clock)
    attach(salesforce, hubspot)
    with running(salesforce, hubspot) as access:
        clients = [
            httpx.Client(
                base_url=access[name]["url"],
                headers={"Authorization": f"Bearer {access[name]['token']}"},
                trust_env=False,
            )
            for name in ("salesforce", "hubspot")
        ]
        with clients[0], clients[1]:
            yield Between(salesforce, hubspot, *clients)


@pytest.fixture
def between(served: Between) -> Between:
    """Empty worlds at NOW, the connector off."""
    served.hubspot.tables.restore({})
    served.salesforce.tables.restore({})
    served.salesforce.reload()
    served.hubspot.clock.freeze(NOW)
    return served
