"""Who calls the portal, by which token and which version of the API."""

from __future__ import annotations

from dataclasses import dataclass

OAUTH = "oauth"


@dataclass(frozen=True, slots=True)
class Caller:
    """One caller. `scopes` None is every scope; `version` is what the path says, as `v3` or `2026-09`."""

    token: str = ""
    kind: str = "private"
    scopes: frozenset[str] | None = None
    edits_associations: bool = True
    version: str = "v3"

    @property
    def dated(self) -> bool:
        """Whether the path has a date for a version."""
        return not self.version.startswith("v")


NOBODY = Caller()
