"""Named switches: what public evidence leaves open has a default, and the other way too."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from crmsync.sandbox.salesforce.switches import SWITCHES
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.switching import Switch, Switches

DOCS = Path(__file__).parents[2] / "docs" / "sandbox.md"


def test_a_switch_holds_its_default_until_it_is_turned() -> None:
    switches = Switches([Switch("polls", 1, "open", ()), Switch("on", False, "open")])
    assert (switches["polls"], switches["on"]) == (1, False)
    switches.turn({"polls": "3", "on": "true"})
    assert (switches.number("polls"), switches["on"]) == (3, True)


@pytest.mark.parametrize(
    "values",
    [
        {"nope": 1},
        {"polls": "many"},
        {"polls": -1},
        {"polls": True},
        {"on": 1},
        {"on": "perhaps"},
        {"word": "c"},
        {"word": 1},
    ],
)
def test_a_wrong_turn_turns_nothing(values: dict[str, object]) -> None:
    known = [
        Switch("polls", 1, "open", ()),
        Switch("on", False, "open"),
        Switch("word", "a", "open", ("a", "b")),
    ]
    switches = Switches(known)
    with pytest.raises(ValueError, match=next(iter(values))):
        switches.turn({"word": "b", **values})
    assert [switches[each.name] for each in known] == [1, False, "a"]


def test_switches_are_turned_through_the_side_door(api: httpx.Client, org: SalesforceWorld) -> None:
    assert api.post("/__control__/switches", json={"bulk_polls": 7}).status_code == 204
    told = {each["name"]: each for each in api.get("/__control__/switches").json()}
    assert (told["bulk_polls"]["value"], told["bulk_polls"]["default"]) == (7, 1)
    assert org.switches["bulk_polls"] == 7
    refused = api.post("/__control__/switches", json={"bulk_poll": 7})
    assert refused.status_code == 400
    assert "no switch bulk_poll" in refused.json()["error"]


def test_every_switch_is_documented_with_its_default() -> None:
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    for switch in SWITCHES:
        default = str(switch.default).lower() if switch.choices == (False, True) else switch.default
        assert any(line.startswith(f"| `{switch.name}` | `{default}` |") for line in lines), switch
