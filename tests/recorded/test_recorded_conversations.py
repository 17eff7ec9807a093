"""What was said once is understood today: the connectors against cassettes, without any server."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
import yaml

from recorded.conversations import SALESFORCE, SCHEMAS
from recorded.record import opened
from recorded.tape import HOSTS, TAPES, addresses, playing

CASSETTES = sorted(TAPES.rglob("*.yaml"))


@pytest.mark.parametrize("name", SALESFORCE)
def test_a_recorded_conversation_with_salesforce_is_understood(name: str) -> None:
    names = ("token", "client_id", "client_secret")
    access = {"url": HOSTS["salesforce"], **dict.fromkeys(names, "TOKEN")}
    crm = opened(SALESFORCE[name].asked_with(access), SALESFORCE[name])
    if name != SCHEMAS and not SALESFORCE[name].signs_in:
        with playing("salesforce", SCHEMAS):
            SALESFORCE[SCHEMAS].talk(crm)
    with playing("salesforce", name) as cassette:
        said = orjson.loads(orjson.dumps(SALESFORCE[name].talk(crm)))
        assert cassette.all_played, "something recorded was not asked for"
    crm.close()
    expected = (TAPES / "salesforce" / f"{name}.json").read_bytes()
    assert said == orjson.loads(expected.replace(b"URL", HOSTS["salesforce"].encode()))


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)
def test_a_cassette_says_where_it_was_recorded(path: Path) -> None:
    told = yaml.safe_load(path.read_text())
    assert told["recorded"] in ("sandbox", "live")
    assert told["on"] <= datetime.now(UTC).date().isoformat()  # noqa: TID251  # no cassette of tomorrow
    live = told["recorded"] == "live"
    assert not (live and SALESFORCE[path.stem].private), (
        "records of people come from a sandbox only"
    )


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)
def test_a_cassette_holds_no_secret_no_host_and_nobody(path: Path) -> None:
    text = path.read_text()
    told = yaml.safe_load(text)
    for each in told["interactions"]:
        assert each["request"]["uri"].startswith(tuple(HOSTS.values()))
        assert each["request"]["headers"]["Authorization"] in ("Bearer TOKEN", ["Bearer TOKEN"])
    assert "00D" not in re.sub(r"00D[A-Za-z0-9]{12,15}\b(?!!)", "", text), "a session id"
    assert "127.0.0.1" not in text
    assert {one.rpartition(".")[2] for one in addresses(text)} <= {"example"}


def test_every_conversation_has_its_cassette() -> None:
    assert {path.stem for path in CASSETTES} == set(SALESFORCE)
