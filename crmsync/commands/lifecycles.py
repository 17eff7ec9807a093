"""The lifecycle of customers for `explain`: a face is built for it, asked, and thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crmsync.commands.columns import kept_columns, looked_up_columns, scratch
from crmsync.commands.former import Asked, asked_for
from crmsync.commands.view import Found
from crmsync.commands.workspace import Workspace
from crmsync.core.story import LifecycleStory
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.stories import READ, read_stories

_WHOSE = ("contact", "company")


def stories_of(workspace: Workspace, found: Sequence[Found]) -> dict[str, LifecycleStory]:
    """The lifecycle stories of customers that were found, by key; of deals there are none."""
    keys = [each.view.key for each in found if each.entity.entity in _WHOSE]
    if not keys or workspace.mapping.lifecycle is None:
        return {}
    with (
        workspace.store() as store,
        looked_up_columns(workspace, store) as columns,
        scratch(workspace.state / "tmp") as folder,
    ):
        build_face(columns, folder / "face.duckdb", handoffs=False, named=READ)
        return read_stories(folder / "face.duckdb", keys)


def asked_with_stories(
    workspace: Workspace, who: str, *, many: bool
) -> tuple[Asked, dict[str, LifecycleStory]]:
    """Whom a text names, and their stories by key; of several customers only if `many` are wanted."""
    with kept_columns(workspace):
        asked = asked_for(workspace, who)
        wanted = asked.found if many or len(asked.found) == 1 else []
        return asked, stories_of(workspace, wanted)


def lifecycles_text(stories: Mapping[str, LifecycleStory], language: str) -> str:
    """The stories as text, one customer after another; "" if there are none."""
    from crmsync.reports.lifecycle_text import lifecycle_text

    return "".join(f"\n{lifecycle_text(each, language)}" for each in stories.values())


def with_lifecycles(
    told: Sequence[dict[str, Any]], stories: Mapping[str, LifecycleStory]
) -> list[dict[str, Any]]:
    """Customers as JSON values, each with its lifecycle; null where there is none, as of a deal."""
    from crmsync.reports.lifecycle_text import lifecycle_json

    return [
        {
            **each,
            "lifecycle": lifecycle_json(story) if (story := stories.get(each["key"])) else None,
        }
        for each in told
    ]
