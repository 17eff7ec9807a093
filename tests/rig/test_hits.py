"""The rig is not idle: over one fixed run everything of interest happens, often enough."""

from __future__ import annotations

from collections import Counter

from hypothesis import event

from rig.crowds import Crowd, crowds, was_breached
from rig.hits import events
from rig.profiles import FEW, holds
from rig.proofs import PROOFS
from rig.world import World

AT_LEAST = {
    "both sides changed": 50,
    "one side changed": 100,
    "conflict": 50,
    "blank ignored": 20,
    "blank propagated": 20,
    "blank asked about": 20,
    "lossy echo": 20,
    "absent cell": 50,
    "unknown cell": 20,
    "invalid cell": 20,
    "side without a base": 50,
    "owed to a side unseen": 20,
    "three sides": 50,
    "one way": 50,
    "read-only side": 50,
    "unfit": 20,
    "create of a cell": 20,
    "create held back": 20,
    "update of a cell": 100,
    "sticky reverted": 5,
    "reference written": 5,
    "a write was verified": 20,
    "a write was failed": 20,
    "a write was ignored": 20,
    "a write was rewritten": 20,
}


def test_everything_of_interest_happens_often_enough() -> None:
    found: Counter[str] = Counter()

    def watch(world: World) -> None:
        for name in events(world):
            found[name] += 1
            event(name)

    for proof in ("I5", "I15", "I29"):
        holds(watch, PROOFS[proof][1], FEW)
    assert {name: found[name] for name, least in AT_LEAST.items() if found[name] < least} == {}
    assert set(found) == set(AT_LEAST), "an event that nobody counts"


def test_limits_are_gone_over_and_kept_often_enough() -> None:
    found: Counter[bool] = Counter()

    def watch(crowd: Crowd) -> None:
        found[was_breached(crowd)] += 1

    holds(watch, crowds(), FEW)
    assert found[True] > 20
    assert found[False] > 20
