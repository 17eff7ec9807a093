"""Both sandboxes served once; each test has its own proxy in front of them, and its own connector."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from connectors import databases, rigs
from connectors.sandboxes import Sandbox
from crmsync.testing import plugin
from crmsync.testing.proxy import Proxy, proxied

now, slept, unique = plugin.now, plugin.slept, plugin.unique
one, others, ties = plugin.one, plugin.others, plugin.ties
database_url, sqlite_url = databases.database_url, databases.sqlite_url
postgresql_server, postgresql_url = databases.postgresql_server, databases.postgresql_url


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with rigs.filled_sandbox() as served:
        yield served


@pytest.fixture
def salesforce_proxy(sandbox: Sandbox) -> Iterator[Proxy]:
    with proxied(sandbox.access["salesforce"]["url"]) as proxy:
        yield proxy


@pytest.fixture
def hubspot_proxy(sandbox: Sandbox) -> Iterator[Proxy]:
    with proxied(sandbox.access["hubspot"]["url"]) as proxy:
        yield proxy


@pytest.fixture
def open_salesforce(
    sandbox: Sandbox, salesforce_proxy: Proxy, slept: list[float], now: datetime
) -> Iterator[Callable[..., Any]]:
    """Opens connectors through the proxy, with other settings than usual; a blank takes one away."""
    opened: list[Any] = []

    def open_(**settings: str) -> Any:
        chosen = rigs.salesforce_settings(sandbox, salesforce_proxy) | settings
        given = {name: value for name, value in chosen.items() if value}
        opened.append(rigs.salesforce_connector(given, slept, now))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


@pytest.fixture
def open_hubspot(
    sandbox: Sandbox, hubspot_proxy: Proxy, slept: list[float], now: datetime
) -> Iterator[Callable[..., Any]]:
    """Opens connectors through the proxy, with other settings than usual; a blank takes one away."""
    opened: list[Any] = []

    def open_(**settings: str) -> Any:
        chosen = rigs.hubspot_settings(sandbox, hubspot_proxy) | settings
        given = {name: value for name, value in chosen.items() if value}
        opened.append(rigs.hubspot_connector(given, slept, now))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()
