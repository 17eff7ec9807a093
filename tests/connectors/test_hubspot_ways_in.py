"""Every way into a portal works, wrong settings are told all at once, and nothing ever shows a secret."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.entering import are_hidden, each_is_told, echoes_as, problems_of
from connectors.portals import NOW, Portal, served_portal
from crmsync.commands.lint import lint
from crmsync.commands.pull import pull
from crmsync.commands.workspace import open_workspace
from crmsync.connectors.hubspot.connector import open_connector
from crmsync.connectors.hubspot.paths import VERSIONS
from crmsync.connectors.hubspot.settings import Login, read_settings
from crmsync.connectors.hubspot.ways import WAYS
from crmsync.errors import AccessDenied, CrmsyncError, WrongSystem
from crmsync.language import translate_said
from crmsync.testing.proxy import Fault, cuts, drops, proxied, says

APP = {"client_id": "id-of-the-app", "client_secret": "secret-of-app", "refresh_token": "na1-fresh"}


@pytest.fixture(scope="module")
def served() -> Iterator[Portal]:
    with served_portal() as portal:
        yield portal


@pytest.fixture
def portal(served: Portal) -> Portal:
    served.world.requests.clear()
    return served


def refused(**settings: str) -> list[str]:
    """Every problem of settings, with its remedy."""
    return problems_of(open_connector, settings, NOW)


# Getting in


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("way", WAYS)
def test_every_way_leads_into_the_portal_in_every_version(
    portal: Portal, way: str, version: str
) -> None:
    connector = portal.connect(way, api_version=version)
    assert connector.whoami().id == str(portal.world.portal.portal_id)
    assert portal.logins() == (way == "OAuth app")


def test_no_way_ever_calls_the_oauth_that_ends_in_february(portal: Portal) -> None:
    for version in VERSIONS:
        connector = portal.connect("OAuth app", api_version=version)
        connector.whoami()
        connector.reviewer().held([])
    assert portal.logins() == len(VERSIONS)
    assert not portal.calls("/oauth/v1")
    expected = {f"/oauth/{version}/token" for version in VERSIONS}
    assert {each["path"] for each in portal.calls("/token")} >= expected


def test_what_is_sent_to_get_a_token_is_a_form_in_the_body(portal: Portal) -> None:
    with proxied(portal.url) as proxy:
        portal.connect("OAuth app", url=proxy.url).whoami()
    login, account = proxy.seen
    assert (login.method, "?" in login.path) == ("POST", False)
    assert login.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in login.headers
    assert account.headers["authorization"].startswith("Bearer ")


def test_the_credential_for_writing_may_be_of_another_way() -> None:
    settings = {"token": "pat-na1-reads", **{f"{n}_write": t for n, t in APP.items()}}
    reading, _ = read_settings("hub", settings, writes=False)
    writing, _ = read_settings("hub", settings, writes=True)
    assert (reading.way, reading.token) == ("service key", "pat-na1-reads")
    assert (writing.way, writing.token) == ("OAuth app", "")
    key = {**APP, "token_write": "pat-na1-writes"}
    assert read_settings("hub", key, writes=True)[0].token == "pat-na1-writes"
    assert read_settings("hub", key, writes=False)[0].way == "OAuth app"


def test_a_portal_of_another_id_is_refused(
    portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THAT_TOKEN", portal.world.token)
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "contact.yml").write_text(
        "entity: contact\nseats: [{system: hub, object: contacts}]\nmatch: [key]\n"
        "fields: [{field: email, type: email, names: {hub: email}}]\n"
    )
    (tmp_path / "crmsync.yml").write_text(
        f"name: t\nregion: ES\nsystems:\n  hub:\n    kind: hubspot\n    url: {portal.url}\n"
        "    token: ${THAT_TOKEN}\n"
    )
    pull(open_workspace(tmp_path))
    before = portal.world.portal.portal_id
    portal.world.portal.portal_id = before + 1
    try:
        with pytest.raises(WrongSystem) as raised:
            pull(open_workspace(tmp_path))
    finally:
        portal.world.portal.portal_id = before
    assert str(before) in raised.value.message
    assert str(before + 1) in raised.value.message


# Settings


def test_nothing_given_is_one_problem_that_names_the_ways() -> None:
    (problem,) = refused()
    for name in ("token", "client_id", "client_secret", "refresh_token"):
        assert f"`{name}`" in problem


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"client_id": "a"}, ["`client_secret` is missing", "`refresh_token` is missing"]),
        ({"refresh_token": "a"}, ["`client_id` is missing", "`client_secret` is missing"]),
        ({"token": "a", "refresh_token": "b"}, ["`token` and `refresh_token` are different ways"]),
        ({"token": "a", **APP}, ["are different ways in"]),
        ({"token": "0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"}, ["API key"]),
    ],
)
def test_half_a_way_and_two_ways_are_told(settings: dict[str, str], said: list[str]) -> None:
    each_is_told(said, refused(**settings))


def test_everything_that_is_wrong_is_told_at_once() -> None:
    problems = refused(
        url="acme",
        client_id="a b",
        api_version="latest",
        ca_bundle="/nowhere/ca.pem",
        reserve="2",
        colour="red",
    )
    names = ("url", "client_id", "client_secret", "refresh_token", "api_version", "ca_bundle")
    for name in (*names, "reserve", "colour"):
        assert any(name in problem for problem in problems), name
    assert len(problems) == 8


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://app.hubspot.com", "for browsers"),
        ("https://app-eu1.hubspot.com/contacts/1", "for browsers"),
        ("https://api.hubapi.com/crm/v3", "address of a page"),
        ("http://api.hubapi.com", "no https address"),
    ],
)
def test_an_address_that_answers_no_api_is_no_url(url: str, said: str) -> None:
    (problem,) = refused(url=url, token="a")
    assert said in problem


def test_what_is_copied_along_with_a_secret_is_trimmed(portal: Portal) -> None:
    around = "\ufeff \t{}\r\n\u200b\n"
    for way, settings in portal.ways().items():
        copied = {name: around.format(text) for name, text in settings.items()}
        assert portal.connect(way, **copied).whoami().id


def test_lint_tells_wrong_settings_of_a_portal_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "crmsync.yml").write_text(
        "systems:\n  hub:\n    kind: hubspot\n    token: ${LINTED_TOKEN}\n"
        "    refresh_token: ${LINTED_REFRESH}\n    api_version: v1\n    reserve: 2\n"
    )
    said = [str(each) for each in lint(tmp_path) if each.code == "CRM100"]
    places = [line.partition(" CRM100 systems.hub: ")[::2] for line in said]
    assert [place for place, _ in places] == [f"crmsync.yml:{at}:5" for at in (5, 6, 7)]
    assert "different ways in" in places[0][1]
    assert "v3, 2026-03, 2026-09" in places[1][1]


def test_of_what_is_elsewhere_lint_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    for more in ("", "\n    token: ${LINTED}", "\n    token: ${LINTED}\n    api_version: v3"):
        text = f"systems:\n  hub:\n    kind: hubspot{more}\n"
        (tmp_path / "crmsync.yml").write_text(text)
        told = [str(each) for each in lint(tmp_path) if each.code == "CRM100"]
        assert not [each for each in told if "systems.hub:" in each], told


# Secrets


echoes = echoes_as(lambda sent: {"category": "ODD", "message": sent, "error": "odd"})


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("wrong", [echoes, says(401), says(500, b"<html>"), cuts, drops])
def test_no_secret_is_in_an_error_a_repr_or_the_log(portal: Portal, way: str, wrong: Fault) -> None:
    with proxied(portal.url) as proxy:
        proxy.always = wrong
        connector = portal.connect(way, url=proxy.url)
        with pytest.raises(CrmsyncError) as raised:
            connector.whoami()
    settings = portal.settings(way)
    login, chosen = read_settings("hub", settings, writes=True)
    hidden = [text for name, text in settings.items() if name not in ("url", "client_id")]
    are_hidden(hidden, raised.value, connector, login, chosen, portal.world.requests)


@pytest.mark.parametrize("echoed", ["pat-na1-0a1b2c3d****", "pat-eu1-0a1b", "pat-na1-0a1b…9f"])
def test_a_part_of_a_key_that_a_403_echoes_is_taken_out(portal: Portal, echoed: str) -> None:
    body = {"status": "error", "message": f"The token {echoed} may not do this"}
    with proxied(portal.url) as proxy:
        proxy.always = says(403, body)
        with pytest.raises(AccessDenied) as raised:
            portal.connect(url=proxy.url).whoami()
    assert "0a1b" not in str(raised.value) + repr(vars(raised.value))


def test_a_login_shows_no_secret() -> None:
    login = Login(way="OAuth app", **APP)
    assert "secret-of-app" not in repr(login)
    assert set(login.secrets) >= {"secret-of-app", "na1-fresh"}


# Refusals, and what helps


@pytest.mark.parametrize(
    ("wrong", "said", "remedy"),
    [
        ({"client_id": "other"}, "BAD_CLIENT_ID", "`client_id` and `client_secret`"),
        ({"client_secret": "other"}, "BAD_CLIENT_SECRET", "`client_id` and `client_secret`"),
        ({"refresh_token": "other"}, "BAD_REFRESH_TOKEN", "Authorise the app again"),
    ],
)
def test_a_refused_app_is_asked_for_once_and_told_what_to_do(
    portal: Portal, wrong: dict[str, str], said: str, remedy: str
) -> None:
    connector = portal.connect("OAuth app", **wrong)
    for _ in range(3):
        with pytest.raises(AccessDenied, match=said) as raised:
            connector.whoami()
    assert remedy in raised.value.remedy
    assert translate_said(raised.value.remedy, "es") != raised.value.remedy
    assert portal.logins() == 1


def test_an_access_token_given_as_a_key_is_told_for_what_it_is(portal: Portal) -> None:
    token = portal.side_door(make="oauth", lifetime_s=60)["token"]
    connector = portal.connect(token=token)
    assert connector.whoami().id
    portal.later(61)
    with pytest.raises(AccessDenied, match="EXPIRED_AUTHENTICATION") as raised:
        connector.whoami()
    assert "`refresh_token`" in raised.value.remedy
    assert translate_said(raised.value.remedy, "es") != raised.value.remedy


@pytest.mark.parametrize("shape", ["nested", "flat"])
@pytest.mark.parametrize("way", WAYS)
def test_a_token_without_one_scope_is_told_which(portal: Portal, way: str, shape: str) -> None:
    portal.turn(scope_refusal=shape)
    few = ["crm.objects.contacts.read"]
    try:
        if way == "OAuth app":
            portal.side_door(app_scopes=few)
        connector = portal.connect(
            way, **({} if way == "OAuth app" else {"token": portal.key(*few)})
        )
        assert connector.schema("contacts").fields
        with pytest.raises(AccessDenied, match="403") as raised:
            connector.owners()
    finally:
        portal.side_door(app_scopes=None)
        portal.turn(scope_refusal="nested")
    assert "crm.objects.owners.read" in raised.value.remedy
    assert ("service key" in raised.value.remedy) == (way == "service key")
    assert translate_said(raised.value.remedy, "es") != raised.value.remedy
