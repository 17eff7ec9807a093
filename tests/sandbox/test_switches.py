"""Named switches: what public evidence leaves open has a default, and the other way too."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from crmsync.sandbox.hubspot.switches import SWITCHES as HUBSPOT
from crmsync.sandbox.salesforce.switches import SWITCHES
from crmsync.sandbox.salesforce.world import SalesforceWorld

DOCS = Path(__file__).parents[2] / "docs" / "sandbox.md"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("bulk_polls", "many", "a whole number from 0 on"),
        ("bulk_polls", -1, "a whole number from 0 on"),
        ("bulk_datetimes", "UTC", "one of Z, +0000"),
        ("bulk_create_status", 500, "one of 200, 201"),
        ("bulk_calls_count", "perhaps", "true or false"),
        ("bulk_poll", 1, "no switch"),
    ],
)
def test_a_wrong_turn_is_refused(
    api: httpx.Client, org: SalesforceWorld, name: str, value: object, words: str
) -> None:
    refused = api.post("/__control__/switches", json={name: value})
    assert refused.status_code == 400
    assert words in refused.json()["error"]
    assert all(org.switch(each.name) == each.default for each in SWITCHES.values())


def test_every_switch_is_documented_with_its_default() -> None:
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    for switch in (*SWITCHES.values(), *HUBSPOT.values()):
        value = switch.default
        default = str(value).lower() if isinstance(value, bool) else value
        assert any(line.startswith(f"| `{switch.name}` | {default} |") for line in lines), switch
