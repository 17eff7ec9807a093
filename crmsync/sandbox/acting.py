"""What flows and workflows do to a value, in either simulated CRM."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Does = Mapping[str, Any]
Values = Mapping[str, Any]

NOTHING = object()  # what an action gives that changes nothing
WITH_VALUE = ("fight", "fill")


def acted(does: Does, before: Values, after: Values) -> Any:
    """The value that an action makes, or NOTHING; `before` and `after` are the record around the save."""
    return _ACTIONS[does["action"]](does, before, after)


def _rewriting(rewrite: Callable[[str], str]) -> Callable[[Does, Values, Values], Any]:
    def action(does: Does, before: Values, after: Values) -> Any:
        text = after.get(does["field"])
        return rewrite(text) if isinstance(text, str) else NOTHING

    return action


def _round(does: Does, before: Values, after: Values) -> Any:
    number = after.get(does["field"])
    return NOTHING if number is None else round(float(number), int(does.get("value") or 0))


def _copy(does: Does, before: Values, after: Values) -> Any:
    return after.get(does["field"])


def _fight(does: Does, before: Values, after: Values) -> Any:
    name = does["field"]
    return NOTHING if before.get(name) == after.get(name) else does["value"]


def _fill(does: Does, before: Values, after: Values) -> Any:
    return does["value"] if after.get(does["field"]) in (None, "") else NOTHING


_ACTIONS: Mapping[str, Callable[[Does, Values, Values], Any]] = {
    "upper": _rewriting(str.upper),
    "lower": _rewriting(str.lower),
    "title": _rewriting(str.title),
    "trim": _rewriting(str.strip),
    "round": _round,
    "copy": _copy,
    "fight": _fight,
    "fill": _fill,
}
ACTIONS = tuple(_ACTIONS)
