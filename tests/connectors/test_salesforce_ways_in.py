"""Every way into an org works, wrong settings are told all at once, and nothing ever shows a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors import ways_in
from connectors.entering import are_hidden, echoes_as
from connectors.orgs import NOW, USER, Org, key_pair
from connectors.ways_in import RENEWING, URL
from crmsync.connectors.calls import Answer, Calls, Rules
from crmsync.connectors.redaction import REMOVED
from crmsync.connectors.salesforce.settings import audience_of, read_settings
from crmsync.connectors.salesforce.ways import WAYS
from crmsync.errors import AccessDenied, CrmsyncError
from crmsync.language import choose, translate, translate_said
from crmsync.sandbox.faults.book import clear_faults, set_fault
from crmsync.sandbox.salesforce.oauth import expire_token
from crmsync.sandbox.salesforce.switches import set_switch
from crmsync.testing.proxy import Fault, cuts, drops, proxied, says

served = ways_in.served
org = ways_in.org


# Getting in


@pytest.mark.parametrize("way", WAYS)
def test_every_way_leads_into_the_org(org: Org, way: str) -> None:
    connector = org.connect(way)
    assert connector.whoami().id == org.world.org_id
    assert org.logins() == (way in RENEWING)


@pytest.mark.parametrize("way", RENEWING)
def test_every_way_but_a_session_token_gets_in_again_after_a_401(org: Org, way: str) -> None:
    connector = org.connect(way)
    connector.whoami()
    expire_token(org.world)
    assert connector.whoami().id == org.world.org_id
    assert org.logins() == 2


@pytest.mark.parametrize("way", RENEWING)
def test_a_new_token_that_is_not_accepted_leads_to_those_who_refuse_it(org: Org, way: str) -> None:
    set_fault(org.world, "401", path="/query", times=0)
    with pytest.raises(AccessDenied) as raised:
        org.connect(way).whoami()
    clear_faults(org.world)
    remedy = raised.value.remedy
    assert "Get a new token" not in remedy
    assert ("run-as user" in remedy) == (way == "client credentials")
    assert "session settings" in remedy
    assert translate_said(remedy, "es") != remedy


def test_an_ended_session_token_names_what_to_use_in_its_place(org: Org) -> None:
    connector = org.connect("session token", token="00D000000000001!AQ.ended")
    with pytest.raises(AccessDenied) as raised:
        connector.whoami()
    assert "client_id" in raised.value.remedy
    assert org.logins() == 0


def test_a_key_may_come_from_a_file_from_a_variable_and_with_a_passphrase(
    org: Org, tmp_path: Path
) -> None:
    from cryptography.hazmat.primitives import serialization

    plain = key_pair()[0]
    file = tmp_path / "server.key"
    file.write_bytes(b"\xef\xbb\xbf" + plain.replace("\n", "\r\n").encode())
    key = serialization.load_pem_private_key(plain.encode(), None)
    locked = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"open sesame"),
    ).decode()
    given: list[dict[str, str]] = [
        {"private_key": "", "private_key_file": str(file)},
        {"private_key": plain.replace("\n", "\\n")},
        {"private_key": locked, "private_key_passphrase": "open sesame\n"},
    ]
    for more in given:
        assert org.connect("JWT bearer", **more).whoami().id


@pytest.mark.parametrize("off_s", [-3600, 3600])
def test_a_clock_that_is_wrong_keeps_nobody_out(org: Org, off_s: int) -> None:
    from datetime import timedelta

    connector = org.connect("JWT bearer", now=NOW + timedelta(seconds=off_s))
    assert connector.whoami().id == org.world.org_id
    assert org.logins() == 2  # refused by our clock, granted by theirs


@pytest.mark.parametrize(
    ("url", "audience"),
    [
        (URL, "login"),
        ("https://acme--uat.sandbox.my.salesforce.com", "test"),
        ("https://acme--uat.my.salesforce.com", "test"),
        ("https://acme--uat.sandbox.lightning.example", "test"),
    ],
)
def test_an_assertion_is_for_the_door_of_its_kind_of_org(url: str, audience: str) -> None:
    assert audience_of(url) == f"https://{audience}.salesforce.com"


def test_an_org_that_wants_its_my_domain_as_audience_gets_it_from_a_setting(org: Org) -> None:
    set_switch(org.world.tables, "jwt_general_audience", False)
    with pytest.raises(AccessDenied, match="app_not_found") as raised:
        org.connect("JWT bearer").whoami()
    assert "`audience`" in raised.value.remedy
    assert org.connect("JWT bearer", audience=org.url).whoami().id


def test_soap_login_is_asked_for_in_the_last_version_that_has_it(org: Org) -> None:
    assert org.connect("SOAP login", api_version="67.0").whoami().id
    assert org.connect("SOAP login", api_version="60.0").whoami().id
    assert org.paths("/Soap/") == ["/services/Soap/u/64.0", "/services/Soap/u/60.0"]


@pytest.mark.parametrize(
    ("way", "switch"), [("SOAP login", "soap_login"), ("username-password", "oauth_password")]
)
def test_a_way_that_the_org_has_closed_is_denied_with_another_way(
    org: Org, way: str, switch: str
) -> None:
    set_switch(org.world.tables, switch, False)
    with pytest.raises(AccessDenied) as raised:
        org.connect(way).whoami()
    assert "JWT" in raised.value.remedy
    assert org.logins() == 1


@pytest.mark.parametrize(
    ("way", "more", "said"),
    [
        ("client credentials", {"client_secret": "another-secret"}, "invalid_client"),
        ("JWT bearer", {"username": "nobody@sandbox.example"}, "approved"),
        ("JWT bearer", {"audience": "https://elsewhere.example"}, "audience is invalid"),
        ("JWT bearer", {"client_id": "another-app"}, "invalid_client_id"),
        ("username-password", {"password": "another-password"}, "authentication failure"),
        ("SOAP login", {"password": "<another> & password"}, "INVALID_LOGIN"),
    ],
)
def test_a_refused_login_is_asked_for_once_and_told_with_a_remedy(
    org: Org, way: str, more: dict[str, str], said: str
) -> None:
    connector = org.connect(way, **more)
    for _ in range(3):
        with pytest.raises(AccessDenied, match=said) as raised:
            connector.whoami()
    assert raised.value.remedy
    assert raised.value.where.startswith("crm: /services/")
    assert org.logins() == 1  # refusals in a row lock a user out


# Warnings


@pytest.mark.parametrize("way", WAYS)
def test_only_passwords_are_warned_of_with_the_date_and_the_way_out(org: Org, way: str) -> None:
    warnings = org.connect(way).warnings
    assert bool(warnings) == (way in ("username-password", "SOAP login"))
    for warning in warnings:
        assert "Summer '2" in warning
        assert "JWT" in warning
        assert translate(warning, "es") != warning


def test_the_warning_is_in_the_language_of_the_reader(org: Org) -> None:
    try:
        choose("es")
        (warning,) = org.connect("SOAP login").warnings
    finally:
        choose("en")
    assert warning.startswith("entra con usuario y contraseña")


# Secrets


echoes = echoes_as(lambda sent: [{"errorCode": "ODD", "message": sent}])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("wrong", [echoes, says(401), says(500, b"<html>"), cuts, drops])
def test_no_secret_is_in_an_error_a_repr_or_the_log(org: Org, way: str, wrong: Fault) -> None:
    with proxied(org.url) as proxy:
        proxy.always = wrong
        more = {"password": "p&ss<w>rd"} if "password" in org.ways()[way] else {}
        settings = org.settings(way, **more) | {"url": proxy.url}
        connector = org.connect(way, **(more | {"url": proxy.url}))
        with pytest.raises(CrmsyncError) as raised:
            connector.whoami()
    login, chosen = read_settings("crm", settings, writes=True)
    open_to_all = ("url", "ca_bundle", "client_id", "username")
    hidden = [text for name, text in settings.items() if name not in open_to_all]
    secrets = [*hidden, "p%26ss", "p&amp;ss", org.world.token]
    are_hidden(secrets, raised.value, connector, login, chosen, org.world.requests)


def test_the_log_of_the_org_keeps_headers_that_matter_and_none_that_is_secret(org: Org) -> None:
    org.connect().whoami()
    kept = [each["headers"] for each in org.world.requests]
    assert {"sforce-call-options": "client=crmsync"} in kept
    assert "authorization" not in {name for each in kept for name in each}


def test_the_parts_of_a_login_are_taken_out_each_by_itself() -> None:
    who = {"url": URL, "username": USER}
    password = {**who, "password": "correct&horse", "security_token": "SeCuRiTy24"}
    login, _ = read_settings("crm", password, writes=False)
    calls = Calls("crm", Rules(lambda *_: CrmsyncError("no"), lambda *_: 0.0), NOW, login.secrets)
    for secret in ("correct&horse", "correct%26horse", "correct&amp;horse", "SeCuRiTy24"):
        assert calls.clean(f"said: {secret}.") == f"said: {REMOVED}."
        assert secret not in repr(login) + repr(calls)


def test_the_passphrase_of_a_key_is_taken_out_and_shown_nowhere() -> None:
    from cryptography.hazmat.primitives import serialization

    plain = serialization.load_pem_private_key(key_pair()[0].encode(), None)
    locked = plain.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"open sesame"),
    ).decode()
    given = {"url": URL, "client_id": "a", "username": USER, "private_key": locked}
    login, chosen = read_settings(
        "crm", {**given, "private_key_passphrase": "open sesame"}, writes=False
    )
    calls = Calls("crm", Rules(lambda *_: CrmsyncError("no"), lambda *_: 0.0), NOW, login.secrets)
    assert calls.clean("it says open sesame here") == f"it says {REMOVED} here"
    assert "open sesame" not in repr(login) + repr(chosen) + repr(calls)


def test_an_answer_shows_no_body_for_it_may_hold_a_token() -> None:
    answer = Answer(200, {}, b'{"access_token": "never-to-be-seen"}')
    assert "never-to-be-seen" not in repr(answer)
    assert "200" in repr(answer)
