"""The HubSpot connector keeps the contract, in every version of the API that it speaks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from connectors.rigs import filled_sandbox, hubspot_rig
from connectors.sandboxes import Sandbox
from crmsync.connectors.base import Connector
from crmsync.connectors.hubspot.paths import VERSIONS
from crmsync.testing.contract import ConnectorContract
from crmsync.testing.proxy import Proxy
from crmsync.testing.rig import Rig


@pytest.fixture(scope="module", params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    """Which version of the API is spoken."""
    return str(request.param)


@pytest.fixture(scope="module")
def sandbox(version: str) -> Iterator[Sandbox]:
    """One for each version: what the contract creates stays there."""
    with filled_sandbox() as served:
        yield served


class TestHubspot(ConnectorContract):
    @pytest.fixture
    def rig(
        self,
        version: str,
        sandbox: Sandbox,
        hubspot_proxy: Proxy,
        slept: list[float],
        now: datetime,
    ) -> Rig:
        return hubspot_rig(sandbox, hubspot_proxy, slept, now, version)

    @pytest.fixture
    def connector(self, rig: Rig) -> Iterator[Connector]:
        connector = rig.opens(rig.settings)
        yield connector
        connector.close()
