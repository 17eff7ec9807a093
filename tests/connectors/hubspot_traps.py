"""What the tests of HubSpot's traps of writing share: a connector that knows its objects, and requests to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connectors.sandboxes import Sandbox
from crmsync.connectors.base import Cells, WriteRequest
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.sandbox.hubspot.switches import SWITCHES
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.testing.proxy import Proxy

Open = Callable[..., HubspotConnector]
KEY = "crmsync_key"


@pytest.fixture
def portal(sandbox: Sandbox) -> Iterator[HubspotWorld]:
    yield sandbox.hubspot
    for name, switch in SWITCHES.items():
        setattr(sandbox.hubspot.switches, name, switch.default)


@pytest.fixture
def connector(open_hubspot: Open, hubspot_proxy: Proxy) -> HubspotConnector:
    opened = open_hubspot()
    for object_ in ("contacts", "companies", "deals"):
        opened.schema(object_)
    hubspot_proxy.seen.clear()
    return opened


@pytest.fixture
def unique(unique: str) -> str:
    return f"trap-{unique}-"


@pytest.fixture
def ana(portal: HubspotWorld, unique: str) -> str:
    return portal.put("contacts", {"lastname": "Ruiz", "email": f"{unique}@traps.example"})


def creating(key: str, **cells: str | None) -> WriteRequest:
    given: Cells = {"lastname": key, **cells}
    return WriteRequest(key, "create", None, key, given)


def changing(one: str, **cells: str | None) -> WriteRequest:
    given: Cells = dict(cells)
    return WriteRequest(f"u{one}", "update", one, None, given)


def bodies(proxy: Proxy, verb: str = "") -> list[Any]:
    return [one.json for one in proxy.seen if f"/batch/up{verb}" in one.path]


def held(connector: HubspotConnector, object_: str, one: str, *names: str) -> Cells:
    return connector.get(object_, [one], names)[one]
