"""Every grant of the token endpoint, as the clients of others ask for it, and the words of its refusals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from simple_salesforce.api import Salesforce

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.tables import Tables

DATA = "/services/data/v67.0"
TOKEN, INTROSPECT = "/services/oauth2/token", "/services/oauth2/introspect"
USER = "integration@sandbox.example"
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LOGIN = "https://login.salesforce.com"


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate_of(key: rsa.RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "app")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    builder = builder.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
    builder = builder.not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
    signed = builder.public_key(key.public_key()).sign(key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture
def anyone(org_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=org_url, trust_env=False) as client:
        yield client


@pytest.fixture
def app(anyone: httpx.Client, org: SalesforceWorld, key: rsa.RSAPrivateKey) -> dict[str, str]:
    """The credentials of the app, whose certificate is registered."""
    pem = certificate_of(key)
    assert anyone.post("/__control__/certificate", json={"pem": pem}).status_code == 204
    return {"client_id": org.client_id, "client_secret": org.client_secret}


def ask(anyone: httpx.Client, **form: str) -> tuple[int, str, str]:
    """Status, error and description of a request for a token."""
    answer = anyone.post(TOKEN, data=form)
    body = answer.json()
    return answer.status_code, body.get("error", ""), body.get("error_description", "")


def signed(key: rsa.RSAPrivateKey, org: SalesforceWorld, **claims: Any) -> str:
    ends = int(org.now().timestamp()) + 180
    usual = {"iss": org.client_id, "sub": USER, "aud": LOGIN, "exp": ends}
    return jwt.encode({**usual, **claims}, key, algorithm="RS256", headers={})


def test_a_password_with_its_security_token_brings_a_token(
    anyone: httpx.Client, app: dict[str, str], org: SalesforceWorld
) -> None:
    form = {"grant_type": "password", "username": USER, "password": org.client_secret, **app}
    assert anyone.post(TOKEN, data=form).json()["access_token"] == org.token
    wrong = {**form, "password": "x"}
    assert ask(anyone, **wrong) == (400, "invalid_grant", "authentication failure")
    nobody = {**form, "username": "nobody@sandbox.example"}
    assert ask(anyone, **nobody) == (400, "invalid_grant", "authentication failure")
    assert ask(anyone, **{**form, "client_id": "x"})[1] == "invalid_client"


def test_a_blocked_password_flow_is_refused_like_a_wrong_password(
    anyone: httpx.Client, app: dict[str, str], org: SalesforceWorld
) -> None:
    anyone.post("/__control__/switches", json={"oauth_password": False})
    form = {"grant_type": "password", "username": USER, "password": org.client_secret, **app}
    assert ask(anyone, **form) == (400, "invalid_grant", "authentication failure")


def test_an_assertion_that_the_certificate_vouches_for_brings_a_token(
    anyone: httpx.Client, app: dict[str, str], org: SalesforceWorld, key: rsa.RSAPrivateKey
) -> None:
    for audience in (LOGIN, "https://test.salesforce.com", str(anyone.base_url)):
        assertion = signed(key, org, aud=audience)
        answer = anyone.post(TOKEN, data={"grant_type": JWT_GRANT, "assertion": assertion})
        assert answer.json()["access_token"] == org.token


@pytest.mark.parametrize(
    ("claims", "error", "description"),
    [
        ({"aud": "https://elsewhere.example"}, "invalid_grant", "audience is invalid"),
        ({"sub": "nobody@x.example"}, "invalid_grant", "user hasn't approved this consumer"),
        ({"iss": "another"}, "invalid_client_id", "client identifier invalid"),
        ({"exp": 1}, "invalid_grant", "expired authorization code"),
        ({"exp": 9_999_999_999}, "invalid_grant", "expired authorization code"),
        ({"exp": "soon"}, "invalid_grant", "expired authorization code"),
    ],
)
def test_a_wrong_claim_is_refused_in_its_own_words(
    anyone: httpx.Client,
    app: dict[str, str],
    org: SalesforceWorld,
    key: rsa.RSAPrivateKey,
    claims: dict[str, Any],
    error: str,
    description: str,
) -> None:
    assertion = signed(key, org, **claims)
    said = ask(anyone, grant_type=JWT_GRANT, assertion=assertion)
    assert said == (400, error, description)


def test_only_the_registered_key_can_sign(
    anyone: httpx.Client, org: SalesforceWorld, key: rsa.RSAPrivateKey
) -> None:
    good = signed(key, org)
    unregistered = ask(anyone, grant_type=JWT_GRANT, assertion=good)
    anyone.post("/__control__/certificate", json={"pem": certificate_of(key)})
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    forged = [signed(other, org), good[:-4] + "AAAA", "x.y.z", ""]
    forged.append(jwt.encode({"iss": org.client_id, "sub": USER}, "", algorithm="none"))
    said = [ask(anyone, grant_type=JWT_GRANT, assertion=each) for each in forged]
    assert {unregistered, *said} == {(400, "invalid_grant", "invalid assertion")}
    assert ask(anyone, grant_type=JWT_GRANT, assertion=good)[0] == 200


def test_a_certificate_that_is_none_is_refused(anyone: httpx.Client) -> None:
    answer = anyone.post("/__control__/certificate", json={"pem": "nothing"})
    assert (answer.status_code, "certificate" in answer.json()["error"]) == (400, True)


def test_a_certificate_is_kept_with_the_file(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    from crmsync.sandbox.salesforce.logins import CERTIFICATE, keep_certificate

    file = tmp_path / "box.db"
    world = SalesforceWorld(Tables("salesforce", file), Clock())
    keep_certificate(world, {"pem": certificate_of(key)})
    world.tables.commit()
    world.tables.close()
    again = Tables("salesforce", file)
    assert again.get("~secrets", CERTIFICATE)
    again.close()


def test_simple_salesforce_gets_in_by_jwt_and_by_password(
    app: dict[str, str],
    org: SalesforceWorld,
    key: rsa.RSAPrivateKey,
    loopback: requests.Session,
) -> None:
    real = datetime.now(UTC)  # noqa: TID251  # the client reads the real clock
    org.clock.freeze(real)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    ways: list[dict[str, str]] = [
        {"username": USER, "consumer_key": org.client_id, "privatekey": pem},
        {
            "username": USER,
            "password": org.client_secret,
            "consumer_key": org.client_id,
            "consumer_secret": org.client_secret,
        },
    ]
    for way in ways:
        client = Salesforce(**way, session=loopback, version="67.0")
        assert client.query("SELECT Id FROM Organization")["records"][0]["Id"] == org.org_id


def test_introspection_tells_the_end_of_a_token_by_the_clock_of_the_org(
    anyone: httpx.Client, app: dict[str, str], org: SalesforceWorld
) -> None:
    anyone.post("/__control__/token", json={"lifetime_s": 900})
    org.clock.advance(60)
    answer = anyone.post(INTROSPECT, data={"token": org.token, **app})
    told = answer.json()
    assert (told["active"], told["username"], told["client_id"]) == (True, USER, org.client_id)
    assert told["exp"] == int(org.now().timestamp()) + 840
    assert told["iat"] == told["exp"] - 900
    assert httpx.Headers(answer.headers)["date"].endswith("GMT")
    org.clock.advance(840)
    assert anyone.post(INTROSPECT, data={"token": org.token, **app}).json() == {"active": False}


@pytest.mark.parametrize(("value", "status"), [("tells", 200), ("inactive", 200), ("refused", 401)])
def test_whether_the_end_of_a_token_is_told_is_a_switch(
    anyone: httpx.Client, app: dict[str, str], org: SalesforceWorld, value: str, status: int
) -> None:
    anyone.post("/__control__/switches", json={"introspection": value})
    answer = anyone.post(INTROSPECT, data={"token": org.token, **app})
    assert (answer.status_code, answer.json().get("active")) == (
        status,
        {"tells": True, "inactive": False, "refused": None}[value],
    )
    stranger = anyone.post(INTROSPECT, data={"token": org.token, "client_id": "x"})
    assert stranger.status_code == 401


def test_a_login_can_be_told_that_the_org_has_moved(
    anyone: httpx.Client, app: dict[str, str]
) -> None:
    elsewhere = "https://moved.my.example"
    anyone.post("/__control__/token", json={"instance_url": elsewhere})
    form = {"grant_type": "client_credentials", **app}
    assert anyone.post(TOKEN, data=form).json()["instance_url"] == elsewhere


def test_the_calls_of_a_day_end_and_come_back_as_time_goes_by(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    assert api.post("/__control__/allowance", json={"daily": 3}).json() == {"daily": 3}
    assert api.get(f"{DATA}/limits").status_code == 200
    org.clock.advance(12 * 3600)
    for _ in range(2):
        assert api.get(f"{DATA}/limits").status_code == 200
    over = api.get(f"{DATA}/limits")
    assert (over.status_code, over.json()[0]["errorCode"]) == (403, "REQUEST_LIMIT_EXCEEDED")
    assert over.headers["Sforce-Limit-Info"] == "api-usage=3/3"
    org.clock.advance(timedelta(hours=12, minutes=15).total_seconds())
    assert api.get(f"{DATA}/limits").headers["Sforce-Limit-Info"] == "api-usage=3/3"
    assert api.get(f"{DATA}/limits").status_code == 403
    assert api.post("/__control__/allowance").json() == {"daily": 3}
