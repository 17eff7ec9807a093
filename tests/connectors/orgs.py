"""An org of its own for tests about signing in: its clock, its keys, and connectors on a clock moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from crmsync.connectors.salesforce.connector import SalesforceConnector, open_connector
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.salesforce.app import salesforce_app
from crmsync.sandbox.salesforce.logins import keep_certificate
from crmsync.sandbox.salesforce.rehearsing import rehearsal_commands
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import running_app
from crmsync.sandbox.tables import Tables
from crmsync.sandbox.tls import Tls

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
USER = "integration@sandbox.example"


@cache
def key_pair() -> tuple[str, str]:
    """A private key and a certificate of it, as `openssl req -x509` makes them."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import NameOID

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "app")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW.replace(year=2036))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return plain.decode(), certificate.public_bytes(pem).decode()


@dataclass
class Org:
    """A served org; `tick` is the clock of the connectors, which runs with the org's own."""

    world: SalesforceWorld
    url: str
    tls: Tls | None
    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)
    opened: list[SalesforceConnector] = field(default_factory=list)

    def later(self, seconds: float) -> None:
        """Time passes, here and there."""
        self.seconds += seconds
        self.world.clock.advance(seconds)

    def ways(self) -> dict[str, dict[str, str]]:
        """The settings of each way in."""
        world, secret = self.world, self.world.client_secret
        app = {"client_id": world.client_id, "client_secret": secret}
        user = {"username": USER}
        return {
            "client credentials": app,
            "JWT bearer": {"client_id": world.client_id, **user, "private_key": key_pair()[0]},
            "session token": {"token": world.token},
            "username-password": {
                **app,
                **user,
                "password": secret[:-9],
                "security_token": secret[-9:],
            },
            "SOAP login": {**user, "password": secret[:-9], "security_token": secret[-9:]},
        }

    def settings(self, way: str = "client credentials", **more: str) -> dict[str, str]:
        """What `crmsync.yml` would say."""
        trusted = {"ca_bundle": str(self.tls.ca)} if self.tls else {}
        return {"url": self.url, **trusted, **self.ways()[way], **more}

    def connect(
        self, way: str = "client credentials", *, now: datetime = NOW, **more: str
    ) -> SalesforceConnector:
        """A connector that gets in so; a blank setting takes one away."""
        given = {name: text for name, text in self.settings(way, **more).items() if text}
        made = open_connector(
            "crm",
            given,
            now=now,
            writes=True,
            sleep=self.slept.append,
            tick=lambda: self.seconds,
        )
        self.opened.append(made)
        return made

    def paths(self, part: str = "") -> list[str]:
        """Paths of every call so far that contain this."""
        return [each["path"] for each in self.world.requests if part in each["path"]]

    def logins(self) -> int:
        """How often a token was asked for."""
        return len(self.paths("/oauth2/token")) + len(self.paths("/services/Soap/u/"))

    def rows(self, object_: str) -> list[Any]:
        return [row for _, row in self.world.tables.rows(object_)]


@contextmanager
def served_org(tls: Tls | None = None, file: Path | None = None) -> Iterator[Org]:
    """An org whose clock stands still at NOW unless it is moved."""
    world = SalesforceWorld(Tables("salesforce", file), Clock(frozen_at=NOW))
    world.commands = rehearsal_commands(world)
    keep_certificate(world, {"pem": key_pair()[1]})
    with running_app(salesforce_app(world), tls) as url:
        org = Org(world, url, tls)
        try:
            yield org
        finally:
            for each in org.opened:
                each.close()
