"""kill -9 at any instant, go on, and the two systems end as if nothing had happened."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from apply.crowd import offer_tiers, seed
from apply.killing import LANES, Lane, apply_until, difference, facts, killed_everywhere, nursery
from apply.pairs import Pair, become, served
from crmsync.commands.plan import is_quiet, make_plan
from crmsync.commands.pull import pull

KINDS = (
    "after the run began",
    "after links and agreement were kept",
    "after setting aside",
    "after INTENT",
    "after ACKED",
    "after VERIFIED",
    *(
        f"{when} {what}"
        for when in ("before", "after")
        for what in (
            "looking at contacts",
            "looking at Contact",
            "create companies",
            "create contacts",
            "create deals",
            "create Account",
            "update contacts",
            "update Contact",
            "update deals",
            "reading back contacts",
            "reading back Account",
        )
    ),
)


@pytest.fixture(scope="module")
def lanes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Lane]]:
    """Lanes with one beginning: the same servers, the same state, the same plan."""
    with ExitStack() as stack:
        pairs = [
            Pair(stack.enter_context(served()), tmp_path_factory.mktemp("lane") / "workspace")
            for _ in range(LANES)
        ]
        first, *others = pairs
        seed(first)
        first.plan()
        # An option is withdrawn: Salesforce refuses one cell, and must not refuse its neighbour.
        offer_tiers(first, "Gold")
        for other in others:
            become(other, first)
        lanes = [Lane(pair, stack.enter_context(nursery(pair.folder))) for pair in pairs]
        for lane in lanes:
            lane.keep()
        yield lanes


@pytest.fixture(scope="module")
def undisturbed(lanes: list[Lane]) -> dict[str, Any]:
    """How it ends if nobody dies; `points` are the names of where somebody could have."""
    first = lanes[0]
    assert first.run(apply_until, 0) == 0
    return facts(first) | {"points": first.points()}


@pytest.mark.slow
def test_undisturbed_it_ends_with_nothing_left_to_do(
    lanes: list[Lane], undisturbed: dict[str, Any]
) -> None:
    """The next plan is a function of servers and state: who ends with the same has the same one."""
    first = lanes[0]
    assert not undisturbed["open"]
    assert not undisturbed["unfinished"]
    first.begin()
    assert first.run(apply_until, 0) == 0
    first.pair.watch.turn(minutes=5)
    pull(first.pair.workspace)
    assert is_quiet(make_plan(first.pair.workspace))
    assert not difference(undisturbed, facts(first) | {"points": first.points()})


@pytest.mark.slow
def test_the_points_are_of_every_kind(undisturbed: dict[str, Any]) -> None:
    names = undisturbed["points"]
    sys.stdout.write(f"{len(names)} points: {'; '.join(names)}\n")
    assert set(KINDS) <= set(names)


@pytest.mark.slow
def test_what_is_created_is_created_once(undisturbed: dict[str, Any]) -> None:
    """By key, in each object; the other ends are compared with this one."""
    records = undisturbed["records"]
    stamped = {
        "hubspot": [("companies", 1), ("contacts", 1), ("deals", 1)],
        "salesforce": [("Account", 1), ("Contact", 0)],
    }
    for system, objects in stamped.items():
        for object_, number in objects:
            rows = records[system][object_].values()
            keys = [row.get("crmsync_key") or row.get("crmsync_key__c") for row in rows]
            assert len([key for key in keys if key]) == number, f"{system} {object_}"


def differences(
    lanes: list[Lane], undisturbed: dict[str, Any], points: list[int]
) -> dict[str, Any]:
    """How dying at each of these points ends otherwise than undisturbed, by the point's name."""
    names = undisturbed["points"]
    ended = killed_everywhere(lanes, points)
    assert sorted(ended) == points
    return {
        f"{point} {names[point - 1]}": what
        for point, found in ended.items()
        if (what := difference(undisturbed, found | {"points": names}))
    }


@pytest.mark.slow
def test_killed_at_any_point_it_ends_as_if_nothing_had_happened(
    lanes: list[Lane], undisturbed: dict[str, Any]
) -> None:
    """At every point there is, which are of every kind (`test_the_points_are_of_every_kind`)."""
    assert not differences(lanes, undisturbed, list(range(1, len(undisturbed["points"]) + 1)))
