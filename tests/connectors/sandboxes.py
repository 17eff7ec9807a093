"""Both sandboxes, as the tests of connectors see them."""

from __future__ import annotations

from dataclasses import dataclass

from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.salesforce.world import SalesforceWorld


@dataclass
class Sandbox:
    """Both worlds and how to reach them."""

    salesforce: SalesforceWorld
    hubspot: HubspotWorld
    access: dict[str, dict[str, str]]
