"""Redaction, settings, kinds and sessions: what both connectors stand on."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
import requests

from crmsync.connectors.budget import retry_after_s
from crmsync.connectors.columns import plain_text, text_batch
from crmsync.connectors.jsons import parsed
from crmsync.connectors.loopback import is_loopback, open_session, surroundings
from crmsync.connectors.redaction import REMOVED, redacted
from crmsync.connectors.registry import kinds, open_connector
from crmsync.errors import ConfigInvalid

NOW = datetime(2026, 11, 21, tzinfo=UTC)
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "secret",
    [
        "pat-na1-0a1b2c3d-0000-1111-2222-333344445555",
        "pat-eu1-0a1b2c3d-0000-1111-2222-333344445555",
        "00D5g000001AbCd!AQ4AQFakeFakeFake.Fake_Fake",
        JWT,
        "Bearer abcdef0123456789",
        "bearer abcdef0123456789",
        "Basic YWJjOmRlZg==",
        "client_secret=very-secret-thing",
        '"access_token": "abcdefg"',
    ],
)
def test_what_looks_like_a_token_is_taken_out(secret: str) -> None:
    text = redacted(f"before {secret} after")
    assert secret not in text
    assert text.startswith("before ")
    assert text.endswith(" after")
    assert REMOVED in text


def test_a_known_secret_is_taken_out_whatever_it_looks_like() -> None:
    assert redacted("x correct horse y", ["correct horse"]) == f"x {REMOVED} y"


def test_ordinary_words_stay() -> None:
    text = "Contact already exists. Existing ID: 171591000198 for the path 00D folder"
    assert redacted(text) == text


@pytest.mark.parametrize(
    ("url", "answer"),
    [
        ("http://127.0.0.1:8000", True),
        ("https://127.8.8.8", True),
        ("http://localhost:1/x", True),
        ("http://[::1]:80", True),
        ("https://127.0.0.1.evil.example", False),
        ("https://localhost.evil.example", False),
        ("https://10.0.0.1", False),
        ("nonsense", False),
    ],
)
def test_loopback_is_this_machine_and_nothing_like_it(url: str, answer: bool) -> None:
    assert is_loopback(url) is answer


def test_a_host_of_the_world_is_reached_as_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/company/ca.pem")
    around = surroundings("https://acme.my.salesforce.com")
    assert around.proxies["https"] == "http://proxy.example:3128"
    assert around.ca_bundle == "/company/ca.pem"
    assert surroundings("http://127.0.0.1:1").proxies == {}
    with open_session("https://acme.my.salesforce.com", (1, 1), lambda _r: None) as session:
        assert session.verify == "/company/ca.pem"
        assert not session.trust_env


def test_only_the_sandbox_loses_its_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str | None] = []

    def keep(_self: object, request: requests.PreparedRequest, **_options: object) -> None:
        sent.append(request.url)
        raise requests.ConnectionError

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", keep)
    with open_session("http://127.0.0.1:8000", (1, 1), lambda _r: None) as session:
        for url in ("https://127.0.0.1:8000/a", "https://127.0.0.1:8001/a", "https://x.example/"):
            with pytest.raises(requests.ConnectionError):
                session.get(url)
    with (
        open_session("https://127.0.0.1:8000", (1, 1), lambda _r: None) as session,
        pytest.raises(requests.ConnectionError),
    ):
        session.get("https://127.0.0.1:8000/a")
    assert sent == [
        "http://127.0.0.1:8000/a",
        "https://127.0.0.1:8001/a",
        "https://x.example/",
        "https://127.0.0.1:8000/a",
    ]


def test_every_call_of_a_session_has_a_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[object] = []

    def keep(_self: object, _request: object, **options: object) -> None:
        limits.append(options["timeout"])
        raise requests.ConnectionError

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", keep)
    with open_session("https://x.example", (10.0, 120.0), lambda _r: None) as session:
        for limit in (None, 5):
            with pytest.raises(requests.ConnectionError):
                session.get("https://x.example/", timeout=limit)
    assert limits == [(10.0, 120.0), 5]


def test_an_unknown_kind_names_the_known_and_the_nearest() -> None:
    assert kinds() == ("files", "hubspot", "salesforce", "sql")
    with pytest.raises(ConfigInvalid, match="did you mean 'salesforce'") as raised:
        open_connector("salesfroce", "crm", {}, now=NOW, writes=False)
    assert "hubspot" in str(raised.value)


def test_the_registry_imports_no_client() -> None:
    code = (
        "import sys; import crmsync.connectors.registry as r; r.kinds();"
        "print([m for m in ('hubspot','simple_salesforce','pyarrow','requests') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("kind", ["salesforce", "hubspot"])
def test_settings_are_refused_all_at_once(kind: str) -> None:
    with pytest.raises(ConfigInvalid) as raised:
        open_connector(kind, "crm", {"tokne": "x", "colour": "red"}, now=NOW, writes=False)
    messages = [str(problem) for problem in raised.value.problems]
    assert len(messages) == 3
    assert "did you mean 'token'" in messages[0]
    assert all("systems.crm" in message for message in messages)


@pytest.mark.parametrize("share", ["1.5", "-0.1", "much"])
def test_a_reserve_that_is_no_share_is_refused(share: str) -> None:
    with pytest.raises(ConfigInvalid, match="reserve"):
        open_connector("hubspot", "h", {"token": "x", "reserve": share}, now=NOW, writes=False)


def test_the_credential_that_may_write_is_taken_for_writing_only(tmp_path: Path) -> None:
    from crmsync.connectors.settings import checked

    settings = {"token": "reads", "token_write": "writes"}
    names = {"known": ("token",), "secret": ("token",), "needs": (("token",),)}
    for writes, token in ((False, "reads"), (True, "writes")):
        chosen = checked("hub", settings, writes=writes, **names)
        assert chosen["token"] == token
        assert "reads" not in repr(chosen)


def test_json_that_orjson_refuses_is_still_read() -> None:
    assert parsed(b'{"a": "\\ud800"}') == {"a": "\ud800"}
    assert parsed(b'{"a": NaN}')["a"] != parsed(b'{"a": 1}')["a"]
    for broken in (b"<html>", b'{"a": ', b"[" * 100_000, b"error code: 1015"):
        with pytest.raises(orjson.JSONDecodeError):
            parsed(broken)


def test_a_column_of_anything_becomes_text() -> None:
    batch = text_batch({"a": ["x", None, 1, True, "\ud800", 1.5, {"b": 1}, ""]})
    assert batch.column("a").to_pylist() == ["x", None, "1", "true", "?", "1.5", '{"b":1}', None]
    assert plain_text("ñ") == "ñ"


def test_retry_after_is_seconds_or_not_said() -> None:
    assert retry_after_s({"retry-after": "7"}) == 7
    assert retry_after_s({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}) == 0
    assert retry_after_s({}) == 0


@pytest.mark.parametrize("said", ["²", "-5", "1.5", "9" * 400, "٣", ""])
def test_what_no_server_would_count_up_to_is_not_said(said: str) -> None:
    assert retry_after_s({"retry-after": said}) == 0
