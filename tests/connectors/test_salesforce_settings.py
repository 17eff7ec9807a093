"""Settings of the ways into an org: what is wrong is told all at once."""

from __future__ import annotations

from typing import Any

import pytest

from connectors import ways_in
from connectors.entering import each_is_told
from connectors.orgs import NOW, USER, Org, key_pair
from connectors.ways_in import APP, URL, refused
from crmsync.connectors.salesforce.settings import read_settings
from crmsync.errors import ConfigInvalid

served = ways_in.served
org = ways_in.org


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
