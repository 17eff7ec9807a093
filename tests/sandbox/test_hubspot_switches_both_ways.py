"""Every switch of the simulated portal makes the difference it says: each is looked at with all its values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hubspot_fixtures import Served, serving
from hubspot_probes import PROBES

from crmsync.sandbox.hubspot.limits import Limits
from crmsync.sandbox.hubspot.preset import NAME, REAL
from crmsync.sandbox.hubspot.switches import SWITCHES

TURNS = [(name, value) for name, probe in PROBES.items() for value in probe.sees]


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    """A portal that nobody has called today."""
    portal = server.reset()
    portal.world.portal.limits = Limits(portal.world.switches)
    portal.world.portal.usage = None
    return portal


def test_every_switch_is_looked_at_with_every_value_it_may_have() -> None:
    assert set(PROBES) == set(SWITCHES)
    for name, switch in SWITCHES.items():
        looked = set(PROBES[name].sees)
        assert looked >= set(switch.choices), name
        if isinstance(switch.default, bool):
            assert looked == {True, False}, name
        assert switch.default in looked, name
        assert len(looked) > 1, name


def test_every_switch_makes_a_difference() -> None:
    """A look that sees the same with every value would show nothing."""
    for name, probe in PROBES.items():
        seen = [repr(one) for one in probe.sees.values()]
        assert len(set(seen)) == len(seen), name


@pytest.mark.parametrize(("name", "value"), TURNS)
def test_what_is_seen_is_what_the_switch_says(portal: Served, name: str, value: Any) -> None:
    probe = PROBES[name]
    told = portal.post("/__control__/switches", {**(probe.along or {}), name: value})
    assert told[name] == value
    assert probe.look(portal) == probe.sees[value]


def test_one_word_turns_on_what_makes_a_portal_real_and_off_again(portal: Served) -> None:
    before = portal.post("/__control__/switches", {})
    assert before[NAME] is False
    told = portal.post("/__control__/switches", {NAME: True, "search_lag": 3})
    assert told == {**before, **REAL, "search_lag": 3, NAME: False}
    assert portal.post("/__control__/switches", {NAME: "true"}) == {**before, **REAL, NAME: True}
    assert portal.post("/__control__/switches", {NAME: False}) == before
    assert portal.http.post("/__control__/switches", json={NAME: "perhaps"}).status_code == 400


def test_the_real_limits_show_in_the_headers(portal: Served) -> None:
    portal.post("/__control__/switches", {NAME: True})
    left = [
        int(portal.http.get("/account-info/v3/details").headers["x-hubspot-ratelimit-remaining"])
        for _ in range(3)
    ]
    assert left == sorted(left, reverse=True)
    assert left[0] - left[2] == 2
