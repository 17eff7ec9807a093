"""The shape of crmsync.yml: a workspace's systems, store, limits and locale."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as default
from typing import Any, Literal

from crmsync.core.agreement import Agreement
from crmsync.core.auditing import Param
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
class Exclusion:
    """Records that some audits leave alone: those of an entity whose fields hold one of some values.

    `audits` are ids or categories, or `all`; a value of null is a blank one.
    """

    __pydantic_config__ = _STRICT
    audits: list[str] | Literal["all"]
    entity: str
    where: dict[str, list[str | None]]
    reason: str


@dataclass(frozen=True, slots=True)
class Prices:
    """What an hour of work costs, and what a marketing contact of HubSpot does, in the currency of the workspace."""

    __pydantic_config__ = _STRICT
    hour: float = 0.0
    marketing_contact: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """Whose report it is: the client's name in place of `title`, and the file of a logo beside crmsync.yml."""

    __pydantic_config__ = _STRICT
    client: str = ""
    logo: str = ""


@dataclass(frozen=True, slots=True)
class Audits:
    """What a workspace says of its audits: `settings` are params of an audit by its id.

    One audit may take so many `seconds`; `most` of its findings are kept, more are counted. `stewards` answer for what
    audits find, by id, category, entity or `all`; where none is named, the owner of the record does. `segments` are
    fields by which findings are counted, by name and entity; `teams` the e-mails of owners, for one segment more.
    """

    __pydantic_config__ = _STRICT
    settings: dict[str, dict[str, Param]] = default(default_factory=dict)
    seconds: float = 120.0
    most: int = 100_000
    exclude: list[Exclusion] = default(default_factory=list)
    stewards: dict[str, str] = default(default_factory=dict)
    segments: dict[str, dict[str, str]] = default(default_factory=dict)
    teams: dict[str, list[str]] = default(default_factory=dict)
    prices: Prices = default(default_factory=Prices)


@dataclass(frozen=True, slots=True)
class Project:
    """One workspace. `systems` gives, per system, `kind` and what its connector asks for.

    Settings are texts, but for `objects`: the mapping of a system that declares its objects. `title` is the
    client's name and `agency` that of who made the mapping, as documents bear them. `writers` are others who
    write the same fields. `sentinel` asks for a record in each CRM that counts the runs that wrote. `audits` are
    their numbers where the usual ones do not fit, `agreement` what both teams agreed on: the figures of hand-offs are
    counted by it. `report` says whose name and logo the report bears.
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
    audits: Audits = default(default_factory=Audits)
    report: Report = default(default_factory=Report)
    agreement: Agreement = default(default_factory=Agreement)

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
