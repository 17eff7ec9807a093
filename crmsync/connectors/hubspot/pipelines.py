"""Pipelines of a portal with all that `stages` has no place for: lifecycles, probabilities, archived stages.

developers.hubspot.com, Pipelines; contacts and companies have one of their lifecycle: recorded pipelines of
NangoHQ/integration-templates (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from crmsync.connectors.fact_reading import Place
from crmsync.connectors.facts import PIPELINE_COLUMNS, PIPELINES, Fact
from crmsync.connectors.hubspot.people import flag, is_won, ordered
from crmsync.connectors.hubspot.telling import Cells, Portal, told_whole

OBJECTS = ("contacts", "companies", "deals")


def pipeline_facts(portal: Portal) -> Iterator[Fact]:
    """The pipelines of every object that has any, a call each."""
    for object_ in OBJECTS:
        place = Place(f"{PIPELINES}.{object_}", PIPELINE_COLUMNS, object_)
        yield told_whole(place, partial(_pages, portal, object_))


def _pages(portal: Portal, object_: str) -> Iterator[list[Cells]]:
    yield [
        _stage(pipeline, stage)
        for pipeline in ordered(portal.api.pipelines(object_))
        for stage in ordered(pipeline.get("stages") or ())
    ]


def _stage(pipeline: Mapping[str, Any], stage: Mapping[str, Any]) -> Cells:
    told = stage.get("metadata") or {}
    gone = bool(stage.get("archived")) or bool(pipeline.get("archived"))
    return {
        "pipeline": str(pipeline["id"]),
        "pipeline_label": pipeline.get("label"),
        "stage": str(stage["id"]),
        "label": stage.get("label"),
        "position": str(stage.get("displayOrder")),
        "probability": told.get("probability"),
        "is_closed": flag(told.get("isClosed")),
        "is_won": is_won(told),
        "archived": "true" if gone else "false",
    }
