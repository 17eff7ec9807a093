"""The shape of crmsync.yml: a workspace's systems, store, limits and locale."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as default
from typing import Any, Literal

from crmsync.core.guarding import LIMITS, Limit
from crmsync.core.writers import Writer

_STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class LimitSetting:
    """A limit as the workspace sets it: the larger of a number and a share of the records."""

    __pydantic_config__ = _STRICT
    at_most: int
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Project:
    """One workspace. `systems` gives, per system, `kind` and what its connector asks for.

    Settings are texts, but for `objects`: the mapping of a system that declares its objects. `title` is the
    client's name and `agency` that of who made the mapping, as documents bear them. `writers` are others who
    write the same fields. `sentinel` asks for a record in each CRM that counts the runs that wrote.
    """

    __pydantic_config__ = _STRICT
    name: str
    systems: dict[str, dict[str, Any]]
    title: str = ""
    agency: str = ""
    store: str = ""
    language: Literal["en", "es"] | None = None
    timezone: str = "UTC"
    region: str | None = None
    currency: str = ""
    limits: dict[str, LimitSetting] = default(default_factory=dict)
    clock_margin_s: int = 120
    writers: list[Writer] = default(default_factory=list)
    sentinel: bool = False

    def objects(self) -> dict[str, frozenset[str]]:
        """Objects of the systems that declare theirs, by system: there are no others in them."""
        declared = {system: each.get("objects") for system, each in self.systems.items()}
        return {system: frozenset(each) for system, each in declared.items() if each is not None}

    def read_only(self) -> frozenset[tuple[str, str]]:
        """System and object of what is never written: exports, and tables without a key column."""
        return frozenset(
            (system, object_)
            for system, settings in self.systems.items()
            for object_, one in (settings.get("objects") or {}).items()
            if settings.get("kind") == "files"
            or (settings.get("kind") == "sql" and isinstance(one, dict) and not one.get("key"))
        )

    def all_limits(self) -> dict[str, Limit]:
        """Every limit, the workspace's own numbers in place of the defaults."""
        return {name: _limit(base, self.limits.get(name)) for name, base in LIMITS.items()}


def _limit(base: Limit, own: LimitSetting | None) -> Limit:
    return Limit(own.at_most, own.share) if own and not base.hard else base
