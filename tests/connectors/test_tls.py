"""The connectors over https: a bundle of certificates as a setting, and an org that moves to another host."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from urllib.parse import urlsplit

import pytest

from connectors.orgs import NOW, Org, served_org
from crmsync.connectors.hubspot.connector import open_connector as open_hubspot
from crmsync.connectors.loopback import untrusted
from crmsync.errors import AccessDenied, ConfigInvalid, Refused
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.app import hubspot_app
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.salesforce.oauth import expire_token
from crmsync.sandbox.server import running_app
from crmsync.sandbox.tables import Tables
from crmsync.sandbox.tls import HOSTS, Tls, make_certificates

DOMAINS = ("acme.my.example", "acme-moved.my.example")


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    now = datetime.now(UTC)  # noqa: TID251  # TLS looks at the real clock
    return make_certificates(tmp_path_factory.mktemp("tls"), now, (*HOSTS, *DOMAINS))


@pytest.fixture
def org(tls: Tls) -> Iterator[Org]:
    with served_org(tls) as org:
        yield org


@contextmanager
def all_hosts_lead_to(url: str) -> Iterator[tuple[str, list[str]]]:
    """The address of a proxy that takes every CONNECT to one server, and the hosts it was asked for."""
    place = (urlsplit(url).hostname or "", urlsplit(url).port or 0)
    asked: list[str] = []

    class Tunnel(StreamRequestHandler):
        def handle(self) -> None:
            asked.append(self.rfile.readline().decode().split()[1])
            while self.rfile.readline().strip():
                pass
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with socket.create_connection(place) as there:
                back = threading.Thread(target=pour, args=(there, self.connection), daemon=True)
                back.start()
                pour(self.connection, there)
                back.join(10)

    class Server(ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Tunnel) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()
            thread.join()


def pour(one: socket.socket, other: socket.socket) -> None:
    """Everything from one to the other, until it ends."""
    try:
        while some := one.recv(65_536):
            other.sendall(some)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        pass


@pytest.mark.parametrize("way", ["client credentials", "JWT bearer", "session token", "SOAP login"])
def test_every_way_leads_in_over_https(org: Org, way: str) -> None:
    assert org.connect(way).whoami().id == org.world.org_id


def test_bundles_of_the_environment_do_not_break_a_sandbox(
    org: Org, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, "/company/ca.pem")
    assert org.connect().whoami().id


def test_without_the_bundle_the_certificate_is_not_trusted_and_the_setting_is_named(
    org: Org,
) -> None:
    with pytest.raises(Refused, match="not trusted") as raised:
        org.connect(ca_bundle="").whoami()
    assert "`ca_bundle`" in raised.value.remedy
    assert "REQUESTS_CA_BUNDLE" not in raised.value.remedy  # it does not count on this machine


def test_elsewhere_the_variable_of_the_environment_is_named_too() -> None:
    assert "REQUESTS_CA_BUNDLE" in untrusted("https://acme.my.example").remedy


def test_hubspot_takes_the_same_setting(tls: Tls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/company/ca.pem")
    world = HubspotWorld(Tables("hubspot"), Clock(frozen_at=NOW))
    with running_app(hubspot_app(world), tls) as url:
        settings = {"url": url, "token": world.token, "ca_bundle": str(tls.ca)}
        connector = open_hubspot("hub", settings, now=NOW, writes=False)
        assert connector.whoami().id
        connector.close()
        untrusting = open_hubspot("hub", {"url": url, "token": world.token}, now=NOW, writes=False)
        with pytest.raises(Refused, match="not trusted") as raised:
            untrusting.whoami()
        untrusting.close()
    assert "`ca_bundle`" in raised.value.remedy
    assert "REQUESTS_CA_BUNDLE" not in raised.value.remedy  # it does not count on this machine


@pytest.mark.parametrize("kind", ["hubspot", "salesforce"])
@pytest.mark.parametrize("text", [None, "no certificate at all"])
def test_a_bundle_that_is_none_is_told(kind: str, text: str | None, tmp_path: Path) -> None:
    from crmsync.connectors.registry import open_connector

    file = tmp_path / "ca.pem"
    if text is not None:
        file.write_text(text)
    settings = {"token": "x", "ca_bundle": str(file)}
    url = {"url": "https://acme.my.salesforce.com"} if kind == "salesforce" else {}
    with pytest.raises(ConfigInvalid, match="ca_bundle"):
        open_connector(kind, "crm", {**settings, **url}, now=NOW, writes=False)


@pytest.mark.slow
def test_an_org_that_tells_another_host_is_called_there_after_a_renewal(
    org: Org, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (f"https://{name}" for name in DOMAINS)
    with all_hosts_lead_to(org.url) as (proxy, asked):
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        connector = org.connect("JWT bearer", url=first)
        connector.whoami()
        assert asked == [f"{DOMAINS[0]}:443"]
        org.world.login_host = second
        expire_token(org.world)
        assert connector.whoami().id == org.world.org_id
        assert asked == [f"{DOMAINS[0]}:443", f"{DOMAINS[1]}:443"]
        connector.schema("Contact")
        org.world.login_host = "http://acme.my.example"  # never without TLS
        expire_token(org.world)
        assert connector.whoami().id
        assert connector._api.session.instance_url == first
        connector.close()


def test_a_plain_address_is_refused_beyond_this_machine_whatever_the_bundle(tls: Tls) -> None:
    from crmsync.connectors.salesforce.connector import open_connector

    settings = {"url": "http://acme.my.example", "token": "x", "ca_bundle": str(tls.ca)}
    with pytest.raises(ConfigInvalid, match="no https address"):
        open_connector("crm", settings, now=NOW, writes=False)


def test_a_wrong_token_over_https_is_a_denial_like_any_other(org: Org) -> None:
    with pytest.raises(AccessDenied):
        org.connect("session token", token="00D000000000001!wrong").whoami()
