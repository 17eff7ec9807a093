"""Every limit, lag and disorder of a real portal at once: the switches that `real` turns on, and back.

They are off by default, so that a rehearsal is quick and the same each time; docs/sandbox.md says more.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.sandbox.hubspot.switches import SWITCHES
from crmsync.sandbox.switching import Value, turn_all
from crmsync.sandbox.tables import Tables

NAME = "real"
# Seconds: a write is found after more than 2 and less than 30 (recorded 2022); the others as their switches tell.
REAL: Mapping[str, Value] = {
    "rate_limited": True,
    "search_lag": 15,
    "search_unsorted": True,
    "search_short_pages": True,
    "optout_lag": 15,
}
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def turn_portal(tables: Tables, wanted: Mapping[str, object] | None) -> dict[str, Value]:
    """How every switch stands after these were set, and whether all of `real` are on.

    `{"real": true}` turns them on and `{"real": false}` back to their defaults; a switch named beside it wins.
    """
    asked = dict(wanted or {})
    preset = _preset(asked.pop(NAME)) if NAME in asked else {}
    stands = turn_all(SWITCHES, tables, {**preset, **asked})
    return {**stands, NAME: all(stands[name] == value for name, value in REAL.items())}


def _preset(told: object) -> dict[str, Value]:
    on = _WORDS.get(str(told).lower())
    if on is None:
        raise ValueError(f"{NAME} is true or false, not {told!r}")
    return dict(REAL) if on else {name: SWITCHES[name].default for name in REAL}
