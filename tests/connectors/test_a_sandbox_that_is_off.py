"""No connection to this very machine most often means that the sandbox is not running."""

from __future__ import annotations

import pytest

from crmsync.connectors.loopback import unreached


def test_a_sandbox_that_is_off_is_asked_after() -> None:
    remedy = unreached("http://127.0.0.1:1").remedy
    assert "crmsync sandbox serve" in remedy
    assert "http://127.0.0.1:1" in remedy


@pytest.mark.parametrize("url", ["https://api.hubapi.com", "https://acme.my.salesforce.com"])
def test_a_host_of_the_world_is_not(url: str) -> None:
    assert "sandbox" not in unreached(url).remedy
