"""The grants of the token endpoint: who gets a token, and in which words others are refused.

Refusals of the JWT grant: `audience is invalid` and `user hasn't approved this consumer` are told in
public threads (salesforce.stackexchange.com 184363, read 2026-11); `app_not_found` for an audience that is
no My Domain in n8n's pull request 29016; the texts about signature and end are not verified.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from secrets import compare_digest
from typing import Any

from crmsync.sandbox.salesforce.world import SalesforceWorld

CERTIFICATE = "certificate"
# 3 minutes are what clients give it; more than 5 ahead of the org's clock are refused: help.salesforce.com,
# OAuth 2.0 JWT Bearer Flow (read 2026-11).
_LONGEST_ASSERTION_S = 300
_GENERAL = ("https://login.salesforce.com", "https://test.salesforce.com")


class GrantRefused(ValueError):
    """No token: the OAuth error and its description."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a token: its form, the Authorization header, and the root of this org."""

    form: Mapping[str, str]
    authorization: str
    here: str


def demand_grant(world: SalesforceWorld, asked: Asked) -> None:
    """GrantRefused unless the request may have a token."""
    grant = _GRANTS.get(asked.form.get("grant_type", ""))
    if grant is None:
        raise GrantRefused("unsupported_grant_type", "grant type not supported")
    grant(world, asked)


def credentials(asked: Asked) -> tuple[str, str]:
    """Key and secret from the Basic header, else from the form."""
    scheme, _, encoded = asked.authorization.partition(" ")
    if scheme.lower() != "basic":
        return asked.form.get("client_id", ""), asked.form.get("client_secret", "")
    try:
        key, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:  # no base64, or no text in it
        return "", ""
    return key, secret


def knows_app(world: SalesforceWorld, asked: Asked) -> bool:
    """True if the request carries the id and secret of the app."""
    given, own = credentials(asked), (world.client_id, world.client_secret)
    pairs = zip(given, own, strict=True)
    return all(compare_digest(one.encode(), other.encode()) for one, other in pairs)


def user_of(world: SalesforceWorld, username: str) -> dict[str, Any] | None:
    """The active user of that name, None if there is none."""
    found = world.rows.find("User", "Username", username)
    user = world.rows.get("User", found[0]) if found else None
    return user if user and user.get("IsActive") else None


def knows_password(world: SalesforceWorld, username: str, password: str) -> bool:
    """True for an active user who gives the org's secret as password and security token in one."""
    right = compare_digest(password.encode(), world.client_secret.encode())
    return right and user_of(world, username) is not None


def is_certificate(pem: bytes) -> bool:
    """True for an X.509 certificate (PEM)."""
    from cryptography.x509 import load_pem_x509_certificate

    try:
        load_pem_x509_certificate(pem)
    except ValueError:
        return False
    return True


def keep_certificate(world: SalesforceWorld, body: Mapping[str, Any]) -> None:
    """Registers the X.509 certificate (PEM) of the app, as its settings do; ValueError if it is none."""
    pem = str(body["pem"])
    if not is_certificate(pem.encode()):
        raise ValueError("that is no certificate (PEM)")
    world.tables.put("~secrets", CERTIFICATE, {"pem": pem})


def _client_credentials(world: SalesforceWorld, asked: Asked) -> None:
    if not knows_app(world, asked):
        raise GrantRefused("invalid_client", "invalid client credentials")


def _password(world: SalesforceWorld, asked: Asked) -> None:
    if not knows_app(world, asked):
        raise GrantRefused("invalid_client", "invalid client credentials")
    # A blocked flow is refused in the same words as a wrong password: public reports (read 2026-11)
    known = knows_password(world, asked.form.get("username", ""), asked.form.get("password", ""))
    if not world.switch("oauth_password") or not known:
        raise GrantRefused("invalid_grant", "authentication failure")


def _jwt(world: SalesforceWorld, asked: Asked) -> None:
    claims = _claims(world, asked.form.get("assertion", ""))
    if claims.get("iss") != world.client_id:
        raise GrantRefused("invalid_client_id", "client identifier invalid")
    audience = str(claims.get("aud", "")).rstrip("/")
    if audience in _GENERAL and not world.switch("jwt_general_audience"):
        raise GrantRefused("app_not_found", "External client app is not installed in this org")
    if audience not in (*_GENERAL, asked.here):
        raise GrantRefused("invalid_grant", "audience is invalid")
    now, ends = world.now().timestamp(), str(claims.get("exp", ""))
    # simple-salesforce 1.12.10 sends the end as a text, and is understood (read 2026-11)
    if not ends.isdecimal() or not now < int(ends) <= now + _LONGEST_ASSERTION_S:
        raise GrantRefused("invalid_grant", "expired authorization code")
    if user_of(world, str(claims.get("sub", ""))) is None:
        raise GrantRefused("invalid_grant", "user hasn't approved this consumer")


def _claims(world: SalesforceWorld, text: str) -> Mapping[str, Any]:
    """What an assertion claims, if the registered certificate vouches for it."""
    import jwt
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.x509 import load_pem_x509_certificate

    kept = world.tables.get("~secrets", CERTIFICATE)
    public = load_pem_x509_certificate(kept["pem"].encode()).public_key() if kept else None
    checks = ("exp", "aud", "iss", "sub", "iat", "nbf", "jti")
    options: Any = {f"verify_{name}": False for name in checks}
    try:
        assert isinstance(public, RSAPublicKey)
        claims: dict[str, Any] = jwt.decode(text, public, algorithms=["RS256"], options=options)
    except (AssertionError, jwt.PyJWTError):
        raise GrantRefused("invalid_grant", "invalid assertion") from None
    return claims


_GRANTS: Mapping[str, Callable[[SalesforceWorld, Asked], None]] = {
    "client_credentials": _client_credentials,
    "password": _password,
    "urn:ietf:params:oauth:grant-type:jwt-bearer": _jwt,
}
