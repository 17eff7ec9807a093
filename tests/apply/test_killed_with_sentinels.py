"""kill -9 at any instant of a sentinel's move: the run ends as if nothing had happened, counted once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import orjson
import pytest

from apply.guarded import SYSTEMS, ask_for_sentinels, counted, guard
from apply.killing import (
    LANES,
    Lane,
    apply_until,
    difference,
    facts,
    go_on,
    killed_everywhere,
    nursery,
)
from apply.pairs import Pair, become, met, served
from crmsync.commands.plan import is_quiet, make_plan
from crmsync.commands.pull import pull

_RUN = re.compile(rb"\(\d{8}T\d{9}-[0-9a-f]{4}\)")
KINDS = {
    f"{point} in {system}"
    for system in SYSTEMS
    for point in (
        "after the sentinel's INTENT",
        "before the sentinel moves",
        "after the sentinel moved",
        "after the sentinel's ACKED",
        "after the sentinel's VERIFIED",
    )
}


@pytest.fixture(scope="module")
def lanes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Lane]]:
    """Lanes with one beginning: sentinels at 0, an edit for each system, and somebody to create."""
    with ExitStack() as stack:
        pairs = [
            Pair(stack.enter_context(served()), tmp_path_factory.mktemp("lane") / "workspace")
            for _ in range(LANES)
        ]
        first, *others = pairs
        _busy(first)
        for other in others:
            ask_for_sentinels(other)
            become(other, first)
        lanes = [Lane(pair, stack.enter_context(nursery(pair.folder))) for pair in pairs]
        for lane in lanes:
            lane.keep()
        yield lanes


def _busy(pair: Pair) -> None:
    guard(pair)
    ana, eva = met(pair, "Ana"), met(pair, "Eva")
    pair.night()
    pair.salesforce("Contact", ana[0], MailingCity="Vigo")
    pair.hubspot("contacts", eva[1], city="Lugo")
    pair.salesforce("Contact", FirstName="Luz", LastName="Gil", Email="luz@people.example")
    pair.plan()


def nameless(found: dict[str, Any]) -> Any:
    """Facts without the names of runs."""
    return orjson.loads(_RUN.sub(b"(a run)", orjson.dumps(found["records"]))), {
        name: value for name, value in found.items() if name not in ("records", "points")
    }


@pytest.fixture(scope="module")
def undisturbed(lanes: list[Lane]) -> dict[str, Any]:
    """How it ends if nobody dies."""
    first = lanes[0]
    assert first.run(apply_until, 0) == 0
    return facts(first) | {"points": first.points()}


@pytest.mark.slow
def test_undisturbed_each_sentinel_counts_one_run(
    lanes: list[Lane], undisturbed: dict[str, Any]
) -> None:
    first = lanes[0]
    first.begin()
    assert counted(first.pair) == dict.fromkeys(SYSTEMS, 0)
    assert first.run(apply_until, 0) == 0
    assert counted(first.pair) == dict.fromkeys(SYSTEMS, 1)
    assert not undisturbed["open"]
    assert not undisturbed["unfinished"]


@pytest.mark.slow
def test_the_points_are_of_every_kind_and_come_before_the_first_write(
    undisturbed: dict[str, Any],
) -> None:
    names = undisturbed["points"]
    assert set(KINDS) <= set(names)
    writes = {"hubspot": "before create contacts", "salesforce": "before update Contact"}
    for system, write in writes.items():
        assert names.index(f"after the sentinel's VERIFIED in {system}") < names.index(write)


def around_sentinels(names: list[str]) -> list[int]:
    """Every point of a sentinel's move, and the one on each side of it, counted from 1.

    What dies elsewhere dies as without sentinels: `test_killed_anywhere.py`.
    """
    moves = [place for place, name in enumerate(names, 1) if "sentinel" in name]
    return sorted({near for at in moves for near in (at - 1, at, at + 1)})


@pytest.mark.slow
def test_killed_while_a_sentinel_moves_it_ends_as_if_nothing_had_happened(
    lanes: list[Lane], undisturbed: dict[str, Any]
) -> None:
    """The counts are among the facts; a state that counts otherwise would not make the last plan."""
    names = undisturbed["points"]
    points = around_sentinels(names)
    assert len(points) >= len(KINDS) + len(SYSTEMS)
    ended = killed_everywhere(lanes, points)
    assert sorted(ended) == points
    expected = nameless(undisturbed)
    differ = {
        f"{point} {names[point - 1]}": difference(dict(enumerate(expected)), dict(enumerate(got)))
        for point, found in ended.items()
        if (got := nameless(found)) != expected
    }
    assert not differ


@pytest.mark.slow
def test_after_a_crash_and_a_resumption_the_next_night_is_quiet(
    lanes: list[Lane], undisturbed: dict[str, Any]
) -> None:
    """Neither state nor sentinels look stale to each other."""
    names, lane = undisturbed["points"], lanes[0]
    for system in SYSTEMS:
        point = names.index(f"after the sentinel moved in {system}") + 1
        lane.begin()
        assert lane.run(apply_until, point) < 0
        assert lane.run(go_on) == 0
        lane.pair.watch.turn(minutes=5)
        pull(lane.pair.workspace)
        assert is_quiet(make_plan(lane.pair.workspace))
