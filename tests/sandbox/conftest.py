"""One real HTTP server for all tests; each test gets a fresh org behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import requests
from requests.adapters import HTTPAdapter
from simple_salesforce.api import Salesforce
from starlette.types import ASGIApp, Receive, Scope, Send

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.salesforce.app import salesforce_app
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import running_app
from crmsync.sandbox.tables import Tables

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


class Switchboard:
    """An ASGI app that stands for another, which tests exchange."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


class LoopbackAdapter(HTTPAdapter):
    """Sends https to a plain-HTTP sandbox: clients write that scheme into every URL."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def request_url(self, request: requests.PreparedRequest, proxies: Any) -> str:
        return request.path_url

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> Any:
        return self.poolmanager.connection_from_url(self.url)


@pytest.fixture(scope="session")
def switchboard() -> Iterator[tuple[Switchboard, str]]:
    board = Switchboard()
    with running_app(board) as url:
        yield board, url


@pytest.fixture
def org() -> SalesforceWorld:
    """An org whose clock stands still at NOW."""
    return SalesforceWorld(Tables("salesforce"), Clock(frozen_at=NOW))


@pytest.fixture
def org_url(switchboard: tuple[Switchboard, str], org: SalesforceWorld) -> str:
    board, url = switchboard
    board.app = salesforce_app(org)
    return url


@pytest.fixture
def api(org: SalesforceWorld, org_url: str) -> Iterator[httpx.Client]:
    """A plain HTTP client, logged in."""
    headers = {"Authorization": f"Bearer {org.token}"}
    with httpx.Client(base_url=org_url, headers=headers, trust_env=False) as client:
        yield client


@pytest.fixture
def loopback(org_url: str) -> Iterator[requests.Session]:
    """A session for third-party clients, whatever host they believe to call."""
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", LoopbackAdapter(org_url))
        yield session


@pytest.fixture
def sf(org: SalesforceWorld, org_url: str, loopback: requests.Session) -> Any:
    """simple-salesforce with a session id and an instance."""
    return Salesforce(
        session_id=org.token,
        instance_url=org_url.replace("http://", "https://"),
        session=loopback,
        version="67.0",
    )
