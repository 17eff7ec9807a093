"""A portal of its own for tests about getting in, pace and reviews: its clock is moved by hand, and by sleeping."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from crmsync.connectors.hubspot.connector import HubspotConnector, open_connector
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.app import hubspot_app
from crmsync.sandbox.hubspot.tokens import app_of, control_tokens, issue
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.server import running_app
from crmsync.sandbox.tables import Tables

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
# From the order of a request on its way, as the path of any version shows it
TOKEN, INTROSPECT = "/token", "/token/introspect"


@dataclass
class Portal:
    """A served portal; `tick` is the clock of the connectors, which runs with the portal's own."""

    world: HubspotWorld
    url: str
    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    opened: list[HubspotConnector] = field(default_factory=list)

    def later(self, seconds: float) -> None:
        """Time passes, here and there."""
        self.seconds += seconds
        self.world.clock.advance(seconds)

    def sleep(self, seconds: float) -> None:
        """What a connector does when it waits."""
        self.slept.append(seconds)
        self.later(seconds)

    def ways(self) -> dict[str, dict[str, str]]:
        """The settings of each way in."""
        return {"service key": {"token": self.world.token}, "OAuth app": app_of(self.world)}

    def key(self, *scopes: str) -> str:
        """A service key with these scopes alone."""
        return issue(self.world, "service key", scopes)

    def side_door(self, **told: Any) -> dict[str, Any]:
        """What happens to tokens over there."""
        return control_tokens(self.world, told)

    def settings(self, way: str = "service key", **more: str) -> dict[str, str]:
        """What `crmsync.yml` would say."""
        return {"url": self.url, **self.ways()[way], **more}

    def connect(self, way: str = "service key", **more: str) -> HubspotConnector:
        """A connector that gets in so and may write; a blank setting takes one away."""
        given = {name: text for name, text in self.settings(way, **more).items() if text}
        made = open_connector(
            "hub", given, now=NOW, writes=True, sleep=self.sleep, tick=lambda: self.seconds
        )
        made.tell_to(self.told.append)
        self.opened.append(made)
        return made

    def calls(self, part: str = "") -> list[dict[str, Any]]:
        """Every call so far whose path contains this."""
        return [each for each in self.world.requests if part in each["path"]]

    def refused(self, status: int) -> int:
        """How many calls were answered so."""
        return sum(each["status"] == status for each in self.world.requests)

    def logins(self) -> int:
        """How often a token was asked for."""
        return sum(each["path"].endswith(TOKEN) for each in self.world.requests)

    def turn(self, **switches: Any) -> None:
        """Sets switches of the portal."""
        for name, value in switches.items():
            setattr(self.world.switches, name, value)


@contextmanager
def served_portal() -> Iterator[Portal]:
    """A portal whose clock stands still at NOW unless it is moved."""
    world = HubspotWorld(Tables("hubspot"), Clock(frozen_at=NOW))
    with running_app(hubspot_app(world)) as url:
        portal = Portal(world, url)
        try:
            yield portal
        finally:
            for each in portal.opened:
                each.close()
