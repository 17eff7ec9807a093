"""`crmsync scopes`: what this mapping needs of every credential, and what the credential has. Writes nothing."""

from __future__ import annotations

from crmsync.commands.demands import demands_in
from crmsync.commands.pull import demand_known
from crmsync.commands.workspace import Workspace
from crmsync.connectors.abilities import ReviewedConnector
from crmsync.connectors.base import Connector
from crmsync.core.rights import Review


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
    return Review(connector.system, kind, needs, reviewer.held(demands))


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
