"""`crmsync scopes`: what this mapping needs of every credential, and what the credential has. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from crmsync.commands.demands import demands_in
from crmsync.commands.pull import demand_known
from crmsync.commands.workspace import Workspace
from crmsync.connectors.abilities import ReviewedConnector, Reviewer
from crmsync.connectors.base import Connector
from crmsync.connectors.settings import WRITE_SUFFIX
from crmsync.core.rights import Demand, Held, Review, together


def scopes(workspace: Workspace, only: str | None = None) -> list[Review]:
    """The review of every system, or of `only` one."""
    demand_known(workspace, only)
    with workspace.connectors(only=only) as connectors:
        return [review(workspace, each) for each in connectors.values()]


def review(workspace: Workspace, connector: Connector) -> Review:
    """Needs of one system beside what its credential holds; no need of a system that cannot tell."""
    kind = workspace.kinds[connector.system]
    if not isinstance(connector, ReviewedConnector):
        return Review(connector.system, kind, ())
    demands = demands_in(workspace, connector)
    reviewer = connector.reviewer()
    needs = tuple(reviewer.needs(demands))
    return Review(
        connector.system, kind, needs, held_between(workspace, connector.system, reviewer, demands)
    )


def held_between(
    workspace: Workspace, system: str, reviewer: Reviewer, demands: Sequence[Demand]
) -> Held | None:
    """What the credential may do, together with the one that writes where that is another; None if nobody can tell."""
    own = reviewer.held(demands)
    if own is None or not _writes_apart(workspace, system):
        return own
    with workspace.connectors(writes=True, only=system) as writing:
        writer = writing[system]
        other = writer.reviewer().held(demands) if isinstance(writer, ReviewedConnector) else None
    return own if other is None else together(own, other)


def _writes_apart(workspace: Workspace, system: str) -> bool:
    """True if a system is written with another credential than it is read with."""
    reads, writes = (workspace.settings(system, writes=each) for each in (False, True))
    return reads != writes or any(name.endswith(WRITE_SUFFIX) for name in writes)


def permission_sets(workspace: Workspace, only: str | None = None) -> dict[str, str]:
    """By system, a document that grants what it needs; systems whose administrators import none are left out."""
    demand_known(workspace, only)
    found: dict[str, str] = {}
    with workspace.connectors(only=only) as connectors:
        for system, each in connectors.items():
            if isinstance(each, ReviewedConnector):
                reviewer = each.reviewer()
                text = reviewer.permission_set(reviewer.needs(demands_in(workspace, each)))
                found |= {system: text} if text else {}
    return found
