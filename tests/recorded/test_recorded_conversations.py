"""What was said once is understood today: the connectors against cassettes, without any server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
import yaml

from recorded.record import KINDS, opened, told
from recorded.tape import HOSTS, TAPES, addresses, playing

CASSETTES = sorted(TAPES.rglob("*.yaml"))


ALL = [(kind, name) for kind, each in KINDS.items() for name in each.conversations]
SECRETS = ("token", "client_id", "client_secret", "refresh_token")


def name_of(path: Path) -> str:
    return f"{path.parent.name} {path.stem}"


@pytest.mark.parametrize(("kind", "name"), ALL, ids=[" ".join(each) for each in ALL])
def test_a_recorded_conversation_is_understood(kind: str, name: str) -> None:
    conversation = KINDS[kind].conversations[name]
    access = {"url": HOSTS[kind], **dict.fromkeys(SECRETS, "TOKEN")}
    crm = opened(kind, conversation.asked_with(access), conversation)

    @contextmanager
    def tape() -> Iterator[None]:
        with playing(kind, name) as cassette:
            yield
            assert cassette.all_played, "something recorded was not asked for"

    said = orjson.loads(orjson.dumps(told(kind, crm, name, tape)))
    crm.close()
    expected = (TAPES / kind / f"{name}.json").read_bytes()
    assert said == orjson.loads(expected.replace(b"URL", HOSTS[kind].encode()))


@pytest.mark.parametrize("path", CASSETTES, ids=name_of)
def test_a_cassette_says_where_it_was_recorded(path: Path) -> None:
    kept = yaml.safe_load(path.read_text())
    assert kept["recorded"] in ("sandbox", "live")
    assert kept["on"] <= datetime.now(UTC).date().isoformat()  # noqa: TID251  # no cassette of tomorrow
    live = kept["recorded"] == "live"
    conversation = KINDS[path.parent.name].conversations[path.stem]
    assert not (live and conversation.private), "records of people come from a sandbox only"


@pytest.mark.parametrize("path", CASSETTES, ids=name_of)
def test_a_cassette_holds_no_secret_no_host_and_nobody(path: Path) -> None:
    text = path.read_text()
    for each in yaml.safe_load(text)["interactions"]:
        assert each["request"]["uri"].startswith(tuple(HOSTS.values()))
        assert each["request"]["headers"]["Authorization"] in ("Bearer TOKEN", ["Bearer TOKEN"])
    assert "00D" not in re.sub(r"00D[A-Za-z0-9]{12,15}\b(?!!)", "", text), "a session id"
    assert "pat-" not in text
    assert "127.0.0.1" not in text
    assert {one.rpartition(".")[2] for one in addresses(text)} <= {"example"}


def test_every_conversation_has_its_cassette() -> None:
    assert {(path.parent.name, path.stem) for path in CASSETTES} == set(ALL)
