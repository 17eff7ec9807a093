"""Every way into an org works, wrong settings are told all at once, and nothing ever shows a secret."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.entering import are_hidden, each_is_told, echoes_as, problems_of
from connectors.orgs import NOW, USER, Org, key_pair, served_org
from crmsync.connectors.calls import Answer, Calls, Rules
from crmsync.connectors.redaction import REMOVED
from crmsync.connectors.salesforce.connector import open_connector
from crmsync.connectors.salesforce.settings import audience_of, read_settings
from crmsync.connectors.salesforce.ways import WAYS
from crmsync.errors import AccessDenied, ConfigInvalid, CrmsyncError
from crmsync.language import choose, translate, translate_said
from crmsync.sandbox.faults.book import clear_faults, set_fault
from crmsync.sandbox.salesforce.oauth import expire_token
from crmsync.sandbox.salesforce.switches import set_switch
from crmsync.testing.proxy import Fault, cuts, drops, proxied, says

URL = "https://acme.my.salesforce.com"
APP = {"client_id": "key-of-the-app", "client_secret": "secret-of-the-app"}
RENEWING = [name for name in WAYS if name != "session token"]


@pytest.fixture(scope="module")
def served() -> Iterator[Org]:
    with served_org() as org:
        yield org


@pytest.fixture
def org(served: Org) -> Org:
    served.world.requests.clear()
    for name in ("soap_login", "oauth_password", "jwt_general_audience"):
        set_switch(served.world.tables, name, True)
    return served


def refused(**settings: str) -> list[str]:
    """Every problem of settings, with its remedy."""
    return problems_of(open_connector, settings, NOW)


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


# Settings


def test_nothing_given_is_one_problem_that_names_the_ways() -> None:
    (problem,) = refused()
    for name in ("client_secret", "private_key_file", "token"):
        assert f"`{name}`" in problem


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"client_id": "a"}, ["`client_secret` is missing"]),
        ({"private_key": key_pair()[0]}, ["`client_id` is missing", "`username` is missing"]),
        ({"password": "x"}, ["`username` is missing"]),
        ({"username": USER}, ["`client_id` is missing", "`client_secret` is missing", "no use"]),
        ({"token": "a", "password": "b"}, ["`token` and `password` are different ways in"]),
        ({"token": "a", **APP}, ["`client_id` has no use", "`client_secret` has no use"]),
        (
            {**APP, "username": USER, "private_key": key_pair()[0]},
            ["`client_secret` has no use with JWT bearer"],
        ),
        (
            {"client_id": "a", "username": "b", "private_key": "x", "private_key_file": "y"},
            ["both given", "cannot be read"],
        ),
    ],
)
def test_half_a_way_and_two_ways_are_told(settings: dict[str, str], said: list[str]) -> None:
    each_is_told(said, refused(url=URL, **settings))


def test_everything_that_is_wrong_is_told_at_once() -> None:
    problems = refused(
        url="acme",
        client_id="a b",
        api_version="latest",
        session_minutes="5",
        ca_bundle="/nowhere/ca.pem",
        reserve="2",
        colour="red",
    )
    for name in ("url", "client_id", "client_secret", "api_version", "session_minutes"):
        assert any(name in problem for problem in problems), name
    for name in ("ca_bundle", "reserve", "colour"):
        assert any(name in problem for problem in problems), name
    assert len(problems) == 8


@pytest.mark.parametrize(
    ("pem", "said"),
    [
        (key_pair()[1], "a certificate"),
        ("-----BEGIN PUBLIC KEY-----\nMFww\n-----END PUBLIC KEY-----", "a public key"),
        ("0123456789", "no private key"),
        (f"-----BEGIN {'PRIVATE'} KEY-----\nMFww\n-----END PRIVATE KEY-----", "no private key"),
        ("", "`client_secret`"),
    ],
)
def test_what_is_no_private_key_is_named(pem: str, said: str) -> None:
    given = {"private_key": pem} if pem else {}
    problems = refused(url=URL, client_id="a", username=USER, **given)
    assert any(said in problem for problem in problems)
    assert not pem or all(pem.split("\n")[-2:][0] not in problem for problem in problems)


def test_a_short_key_and_an_elliptic_one_are_no_keys_for_salesforce() -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    weak: list[Any] = [
        rsa.generate_private_key(public_exponent=65537, key_size=1024),
        ec.generate_private_key(ec.SECP256R1()),
    ]
    for key in weak:
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
        (problem,) = refused(url=URL, client_id="a", username=USER, private_key=pem)
        assert "RSA of 2048 bits" in problem


def test_a_passphrase_that_lacks_or_is_too_much_is_told() -> None:
    from cryptography.hazmat.primitives import serialization

    plain = key_pair()[0]
    key = serialization.load_pem_private_key(plain.encode(), None)
    locked = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"open sesame"),
    ).decode()
    who = {"url": URL, "client_id": "a", "username": USER}
    assert "is encrypted" in refused(**who, private_key=locked)[0]
    said = refused(**who, private_key=locked, private_key_passphrase="guess")[0]
    assert "another passphrase" in said
    assert "is not encrypted" in refused(**who, private_key=plain, private_key_passphrase="x")[0]


@pytest.mark.parametrize("door", ["login", "test"])
def test_the_door_of_all_orgs_is_no_url(door: str) -> None:
    (problem,) = refused(url=f"https://{door}.salesforce.com", **APP)
    assert "My Domain" in problem


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://acme.lightning.force.com", "is for browsers, and answers no API"),
        ("https://acme--uat.sandbox.lightning.force.com/", "is for browsers, and answers no API"),
        ("https://acme.lightning.force.com/lightning/page/home", "is for browsers"),
        (URL + "/lightning/page/home", "is the address of a page, not of an org"),
        (URL + "/?ec=302", "is the address of a page, not of an org"),
    ],
)
def test_the_address_of_a_page_is_no_url_of_an_org(url: str, said: str) -> None:
    [problem] = refused(url=url, **APP)
    assert said in problem
    assert "My Domain" in problem


@pytest.mark.parametrize("url", [URL, URL + "/", "https://acme--uat.sandbox.my.salesforce.com"])
def test_a_my_domain_is_taken_with_and_without_its_last_slash(url: str) -> None:
    login, _ = read_settings("crm", {"url": url, **APP}, writes=False)
    assert login.url == url.rstrip("/")


def test_what_is_copied_along_with_a_secret_is_trimmed(org: Org) -> None:
    around = "\ufeff \t{}\r\n\u200b\n"
    copied = {name: around.format(text) for name, text in org.ways()["client credentials"].items()}
    assert org.connect(**copied).whoami().id
    assert org.connect("session token", token=org.world.token + "\n").whoami().id


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("abc\ndef", "line break"),
        ("abc\x00def", "line break"),
        ("abc def", "a blank"),
        ("abc\u2028def", "line break"),
        ('"abcdef"', "quotation marks"),
        ("“abcdef”", "quotation marks"),
        ("abcdéf", "no credential has"),
    ],
)
def test_a_damaged_token_is_told_and_not_shown(token: str, said: str) -> None:
    for kind, settings in (("salesforce", {"url": URL}), ("hubspot", {})):
        from crmsync.connectors.registry import open_connector as open_kind

        with pytest.raises(ConfigInvalid, match=said) as raised:
            open_kind(kind, "crm", {**settings, "token": token}, now=NOW, writes=False)
        assert "abc" not in str(raised.value)


def test_the_credential_for_writing_may_be_of_another_way() -> None:
    settings = {"url": URL, "token": "reads", **{f"{n}_write": t for n, t in APP.items()}}
    reading, _ = read_settings("crm", settings, writes=False)
    writing, _ = read_settings("crm", settings, writes=True)
    assert (reading.way, reading.token) == ("session token", "reads")
    assert (writing.way, writing.token) == ("client credentials", "")
    half = {"url": URL, **APP, "client_secret_write": "writes"}
    assert read_settings("crm", half, writes=True)[0].client_secret == "writes"


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
