"""Sessions of requests that cannot hang, and that reach a sandbox whatever the environment says.

The environment's proxies and CA bundle are for hosts of the world. For a loopback host nothing of
it counts, and the scheme that simple-salesforce hard-codes is turned back into http. The setting
`ca_bundle` goes before the environment's, wherever the host is. The environment's .netrc never
counts: requests would put it in place of the bearer token.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

from crmsync.errors import Refused, Unavailable

# Kept open for one system at most; more threads than that would open and close one each.
CONNECTIONS = 32
_CA_NAMES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the environment says about reaching one host; nothing of it for loopback."""

    proxies: Mapping[str, str] = field(default_factory=dict)
    ca_bundle: str | None = None


def is_loopback(url: str) -> bool:
    """True if the host of the URL is this very machine: 127.0.0.0/8, ::1 or localhost."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def surroundings(url: str, ca_bundle: str = "") -> Surroundings:
    """Proxies and CA bundle of the environment for this host; a bundle that is given goes before."""
    if is_loopback(url):
        return Surroundings(ca_bundle=ca_bundle or None)
    bundle = next((os.environ[name] for name in _CA_NAMES if os.environ.get(name)), None)
    return Surroundings(get_environ_proxies(url), ca_bundle or bundle)


def bundle_problem(path: str) -> str:
    """What is wrong with a file of certificates, blank if nothing is, or if no file is named."""
    if not path:
        return ""
    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        return f"'{path}' holds no certificate"
    except OSError as error:
        return f"'{path}' cannot be read: {error.strerror}"
    return ""


class Wire(HTTPAdapter):
    """Sends with a time limit, and to `plain_host` (host:port of a sandbox) without TLS."""

    def __init__(self, timeout_s: tuple[float, float], plain_host: str = "") -> None:
        self._timeout_s = timeout_s
        self._plain_host = plain_host
        super().__init__(pool_maxsize=CONNECTIONS)

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]  # the session passes names only
        """The response; requests' own errors."""
        parts = urlsplit(request.url or "")
        if parts.scheme == "https" and self._plain_host and parts.netloc == self._plain_host:
            request.url = parts._replace(scheme="http").geturl()
        options["timeout"] = options.get("timeout") or self._timeout_s
        return super().send(request, **options)


def open_session(
    url: str,
    timeout_s: tuple[float, float],
    seen: Callable[[requests.Response], None],
    ca_bundle: str = "",
) -> requests.Session:
    """A session for one system; `seen` is given every response, also those that become errors.

    One pool of connections, for any number of threads.
    """
    session = requests.Session()
    session.trust_env = False
    around = surroundings(url, ca_bundle)
    session.proxies.update(around.proxies)
    session.verify = around.ca_bundle or True
    parts = urlsplit(url)
    plain = parts.netloc if parts.scheme == "http" and is_loopback(url) else ""
    adapter = Wire(timeout_s, plain)
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    session.hooks["response"].append(lambda response, **_options: seen(response))
    return session


def untrusted(url: str) -> Refused:
    """The server showed a certificate that nobody vouches for; on this machine only the setting counts."""
    remedy = "Set `ca_bundle` (or REQUESTS_CA_BUNDLE) to the CA bundle of your company or sandbox."
    if is_loopback(url):
        remedy = "Set `ca_bundle` to the file of certificates that the sandbox wrote (ca.pem)."
    return Refused("the server's certificate is not trusted", remedy=remedy)


def unreached(url: str) -> Unavailable:
    """No connection was made; where this very machine should have answered, its sandbox may be off."""
    error = Unavailable("cannot be reached")
    if is_loopback(url):
        error.remedy = f"Is `crmsync sandbox serve` running? Nothing listens at {url}."
    return error
