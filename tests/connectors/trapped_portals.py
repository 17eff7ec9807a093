"""What the tests of HubSpot's traps of reading share: a portal that is put back, and a connector to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.sandboxes import Sandbox
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.sandbox.hubspot.world import HubspotWorld

Open = Callable[..., HubspotConnector]


DEAL = {"dealname": "Deal", "dealstage": "contractsent", "pipeline": "default"}


@pytest.fixture
def connector(open_hubspot: Open) -> HubspotConnector:
    return open_hubspot()


@pytest.fixture
def portal(sandbox: Sandbox) -> HubspotWorld:
    return sandbox.hubspot
