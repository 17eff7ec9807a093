"""The HubSpot connector keeps the contract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from connectors.rigs import hubspot_rig
from connectors.sandboxes import Sandbox
from crmsync.connectors.base import Connector
from crmsync.testing.contract import ConnectorContract
from crmsync.testing.proxy import Proxy
from crmsync.testing.rig import Rig


class TestHubspot(ConnectorContract):
    @pytest.fixture
    def rig(self, sandbox: Sandbox, hubspot_proxy: Proxy, slept: list[float], now: datetime) -> Rig:
        return hubspot_rig(sandbox, hubspot_proxy, slept, now)

    @pytest.fixture
    def connector(self, rig: Rig) -> Iterator[Connector]:
        connector = rig.opens(rig.settings)
        yield connector
        connector.close()
