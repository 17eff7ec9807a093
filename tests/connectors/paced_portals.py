"""What the tests of pace share: a portal with limits, its clock moved by hand, and calls of each budget."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.portals import Portal, served_portal
from crmsync.sandbox.faults.book import clear_faults

SEARCH = "/crm/v3/objects/contacts/search"


@pytest.fixture(scope="module")
def served() -> Iterator[Portal]:
    with served_portal() as portal:
        yield portal


@pytest.fixture
def portal(served: Portal) -> Iterator[Portal]:
    served.later(86_400)  # another day, with empty windows
    served.turn(rate_limited=True, burst_limit=190, retry_after=0)
    served.world.requests.clear()
    served.slept.clear()
    served.told.clear()
    yield served
    clear_faults(served.world)
    served.turn(rate_limited=False, burst_limit=190, retry_after=0, daily_limit=625_000)


def search(connector: Any) -> Any:
    return connector._api.raw("POST objects/contacts/search", "POST", SEARCH, {"limit": 1})


def told(left: int, most: int = 190, window_ms: int = 10_000) -> dict[str, str]:
    """Headers as HubSpot shows them."""
    named = {"max": most, "remaining": left, "interval-milliseconds": window_ms}
    return {f"x-hubspot-ratelimit-{name}": str(value) for name, value in named.items()}
