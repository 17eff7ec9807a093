"""What an administrator of the portal sets up, declared as data: rules of writes, and workflows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crmsync.sandbox.hubspot.rules import KINDS, declare_rule
from crmsync.sandbox.hubspot.workflows import declare_workflow
from crmsync.sandbox.hubspot.world import HubspotWorld

_WORKFLOWS = ("workflow", "flow")


def declare(world: HubspotWorld, body: Mapping[str, Any]) -> dict[str, str]:
    """The id of what was set up; ValueError for a kind, an object, a property or a rule there is not."""
    kind = body["kind"]
    if kind in KINDS:
        return {"id": declare_rule(world.portal, body)}
    if kind in _WORKFLOWS:
        return {"id": declare_workflow(world.portal, body)}
    raise ValueError(f"no kind {kind!r}; there are {', '.join((*KINDS, *_WORKFLOWS))}")
