"""A simulated portal served on loopback, and short words for what the tests ask of it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import hubspot
import uvicorn

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.app import hubspot_app
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.tables import Tables

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CONTACTS = "/crm/v3/objects/contacts"
COMPANIES = "/crm/v3/objects/companies"
DEALS = "/crm/v3/objects/deals"


@dataclass
class Served:
    """One portal, its address, and a client that knows its token."""

    world: HubspotWorld
    url: str
    http: httpx.Client

    def reset(self) -> Served:
        """Empties the portal, its switches with it, and stops its clock at noon."""
        self.world.tables.restore({})
        self.world.clock.freeze(NOON)
        self.world.requests.clear()
        return self

    def get(self, path: str, **params: Any) -> Any:
        """The body of a GET that must be answered 200."""
        return self.call("GET", path, 200, params=params)

    def post(self, path: str, body: Any, expected: int = 200) -> Any:
        """The body of a POST with the status expected."""
        return self.call("POST", path, expected, json=body)

    def patch(self, path: str, properties: dict[str, Any], expected: int = 200) -> Any:
        """The body of an update with the status expected."""
        return self.call("PATCH", path, expected, json={"properties": properties})

    def call(self, method: str, path: str, expected: int, **more: Any) -> Any:
        """The body of any call with the status expected; None if it is empty."""
        answer = self.http.request(method, path, **more)
        assert answer.status_code == expected, answer.text
        return answer.json() if answer.content else None

    def contact(self, id_: str, *names: str) -> dict[str, Any]:
        """The properties of one contact."""
        told = self.get(f"{CONTACTS}/{id_}", properties=",".join(names))
        properties: dict[str, Any] = told["properties"]
        return properties

    def client(self) -> hubspot.Client:
        """The third-party client, pointed at this portal."""
        created: hubspot.Client = hubspot.Client.create(
            access_token=self.world.token, host=self.url
        )
        return created


@contextmanager
def serving() -> Iterator[Served]:
    """A portal served by uvicorn in a thread until the block ends."""
    world = HubspotWorld(Tables("hubspot"), Clock())
    # Named TCP, the event loop sends without delay; unnamed, each answer waits 40 ms for an ACK.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        config = uvicorn.Config(hubspot_app(world), log_level="warning", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        headers = {"Authorization": f"Bearer {world.token}"}
        try:
            with httpx.Client(base_url=url, headers=headers, trust_env=False) as http:
                yield Served(world, url, http)
        finally:
            server.should_exit = True
            thread.join()
