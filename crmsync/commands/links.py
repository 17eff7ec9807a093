"""Who the systems are, kept beside their snapshots, and links that open a record in its CRM."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from string import Template
from urllib.parse import urlsplit

import orjson

from crmsync.commands.workspace import Workspace
from crmsync.connectors.base import SystemIdentity
from crmsync.connectors.loopback import is_loopback

# Type ids in record links: knowledge.hubspot.com, "record ID and URL" (read 2026-11).
_HUBSPOT_TYPES = {"contacts": "0-1", "companies": "0-2", "deals": "0-3"}


def keep_identity(workspace: Workspace, identity: SystemIdentity) -> None:
    """Notes who a system said it is."""
    folder = workspace.state / "snapshots" / identity.system
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (workspace.state / f"identity-{identity.system}.json").write_bytes(
        orjson.dumps(asdict(identity))
    )


def read_identities(workspace: Workspace) -> dict[str, SystemIdentity]:
    """Who the systems said they are when they were last read."""
    found = {}
    for system in workspace.systems:
        path = workspace.state / f"identity-{system}.json"
        if path.is_file():
            found[system] = _here(workspace, SystemIdentity(**orjson.loads(path.read_bytes())))
    return found


def _here(workspace: Workspace, told: SystemIdentity) -> SystemIdentity:
    """The identity; of a system on this very machine with its own address, so that no link leads to a real host."""
    said = str(workspace.project.systems[told.system].get("url") or "")
    url = Template(said).safe_substitute(workspace.environment)
    if not told.base_url or not is_loopback(url) or is_loopback(told.base_url):
        return told
    return replace(told, base_url=url.rstrip("/") + urlsplit(told.base_url).path)


def _salesforce(identity: SystemIdentity, object_: str, id_: str) -> str | None:
    return f"{identity.base_url}/lightning/r/{object_}/{id_}/view"


def _hubspot(identity: SystemIdentity, object_: str, id_: str) -> str | None:
    kind = _HUBSPOT_TYPES.get(object_)
    return f"{identity.base_url}/record/{kind}/{id_}" if kind else None


_KINDS: Mapping[str, Callable[[SystemIdentity, str, str], str | None]] = {
    "salesforce": _salesforce,
    "hubspot": _hubspot,
}


def deep_links(
    workspace: Workspace, identities: Mapping[str, SystemIdentity]
) -> Callable[[str, str, str], str | None]:
    """A function (system, object, id) -> web address of the record, None where none is known."""

    def link(system: str, object_: str, id_: str) -> str | None:
        identity = identities.get(system)
        kind = workspace.project.systems.get(system, {}).get("kind", "")
        if identity is None or not identity.base_url or kind not in _KINDS:
            return None
        return _KINDS[kind](identity, object_, id_)

    return link
