"""What the tests of bulk ingest share: what stands in the org."""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.salesforce.world import SalesforceWorld


def stored(org: SalesforceWorld, id_: str, name: str = "Contact") -> dict[str, Any]:
    return org.tables.get(name, id_) or {}
