"""Connectors by the name of their kind: ours and those of other packages, found as entry points."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import EntryPoint, entry_points
from typing import Any, cast

from crmsync.connectors.base import Connector, OpenConnector
from crmsync.errors import ConfigInvalid, Problem

GROUP = "crmsync.connectors"


def kinds() -> tuple[str, ...]:
    """Names of the kinds of systems that can be opened, sorted."""
    return tuple(sorted(_points()))


def open_connector(
    kind: str, system: str, settings: Mapping[str, Any], *, now: datetime, writes: bool
) -> Connector:
    """A connector for one system of a workspace; calls nothing yet.

    ConfigInvalid if the kind is not known or its settings cannot be used.
    """
    point = _points().get(kind)
    if point is None:
        raise ConfigInvalid([_unknown(kind, system)])
    opens = cast(OpenConnector, point.load())
    return opens(system, settings, now=now, writes=writes)


def _points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def _unknown(kind: str, system: str) -> Problem:
    from difflib import get_close_matches

    known = kinds()
    nearest = get_close_matches(kind, known, n=1)
    guess = f"did you mean '{nearest[0]}'? " if nearest else ""
    return Problem(
        "crmsync.yml",
        0,
        0,
        "CRM101",
        f"systems.{system}: kind '{kind}' is not known",
        f"{guess}known: {', '.join(known)}",
        ("systems", system, "kind"),
    )
