"""What the tests of ways into both CRMs share: problems of settings, a server that repeats all, secrets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

import orjson
import pytest

from crmsync.errors import ConfigInvalid
from crmsync.testing.proxy import Fault, Reply, Seen


def problems_of(opens: Callable[..., Any], settings: Mapping[str, str], now: datetime) -> list[str]:
    """Every problem of settings, with its remedy."""
    with pytest.raises(ConfigInvalid) as raised:
        opens("crm", settings, now=now, writes=False)
    return [str(problem) for problem in raised.value.problems]


def each_is_told(said: Sequence[str], problems: Sequence[str]) -> None:
    """As many problems as texts, and each text in one of them."""
    assert len(problems) == len(said)
    for text in said:
        assert any(text in problem for problem in problems), problems


def echoes_as(body: Callable[[str], Any]) -> Fault:
    """A server that sends back what it was sent, as messages of errors do; `body` is what its errors look like."""

    def echoes(seen: Seen, _forward: object) -> Reply:
        sent = f"{seen.headers} {seen.body.decode()} {unquote_plus(seen.body.decode())}"
        return Reply(400, {"Content-Type": "application/json"}, orjson.dumps(body(sent)))

    return echoes


def are_hidden(secrets: Sequence[str], error: Exception, connector: Any, *others: object) -> None:
    """No secret shows in an error, a connector, its meter, or anything else."""
    shown = [str(error), *map(repr, (error, vars(error), connector, connector.meter, *others))]
    for secret in secrets:
        assert all(secret not in text for text in shown)
