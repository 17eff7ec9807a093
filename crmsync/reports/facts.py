"""What the reports are made from: everything that one audit, one plan or one mapping change says.

Must not know: any output format, or how these facts were gathered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from dataclasses import field as dataclass_field
from datetime import date, datetime
from typing import Literal, TypeAlias

from crmsync.core.accepting import Waiver
from crmsync.core.auditing import (
    NO_RECORDS,
    AuditResult,
    Finding,
    FindingAddress,
    Text,
    address_of,
)
from crmsync.core.figures import Figures
from crmsync.core.profile import DataProfile
from crmsync.core.records import Ref
from crmsync.core.roles import RoleFigures
from crmsync.core.stage_counts import LifecycleFigures
from crmsync.reports.masking import IDS

Address: TypeAlias = tuple[str, str, str]
"""System, object and native id of one record."""
FindingKey: TypeAlias = tuple[str, FindingAddress]
"""Id of an audit, and the address of one of its findings."""
Links: TypeAlias = Mapping[Address, str] | Callable[[str, str, str], str | None]
"""Deep links: a mapping by address, or a function of system, object and id."""


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """One system that was read. `identity` is its org or portal id, `counts` records by object."""

    name: str
    kind: str
    identity: str = ""
    base_url: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many of `total` records of one object hold a value in one field of ours; `title` is the mapping's."""

    entity: str
    field: str
    system: str
    filled: int
    total: int
    title: Text = dataclass_field(default_factory=dict)
    object: str = ""


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """What a plan would do: updates and creates by system, the rest as plain numbers."""

    updates: Mapping[str, int] = field(default_factory=dict)
    creates: Mapping[str, int] = field(default_factory=dict)
    links: int = 0
    conflicts: int = 0
    blanks: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class SegmentCount:
    """Findings about the customers whose `segment` (country, team) is `value`; None where nobody says it."""

    segment: str
    value: str | None
    findings: int
    errors: int
    customers: int


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """Everything an audit report shows.

    `made_at` is an aware instant; `as_of` the day (or instant) the audits take for today. `labels`
    are display names, and may lack records. `members` are the records behind a key, for findings
    about a customer instead of one record. `currency` is ISO 4217, empty where it is not known.
    `responsible` says who answers for a finding, by audit and address; who is not there, nobody. `compared_with` is
    when the audit before was made, None for the first one. `expired` are waivers whose day is over. `roles` are deals
    that name nobody, None where they were not counted. `hour` is what an hour of work costs, 0 where nobody said it.
    `unread` are the system, the object and why, of each read that broke off or was refused. `selected`: only some
    audits were asked for. `scores` are instant and score (0 to 100) of earlier audits made of the same, oldest first.
    `profile` are the counts of the sections. `logo` is the client's, as a data: address of a picture.
    """

    title: str
    run: str
    made_at: datetime
    as_of: date | datetime
    systems: tuple[SystemFacts, ...]
    results: tuple[AuditResult, ...]
    mapping_digest: str
    version: str
    labels: Mapping[Address, str] = field(default_factory=dict)
    links: Links = field(default_factory=dict)
    members: Mapping[str, tuple[Ref, ...]] = field(default_factory=dict)
    currency: str = ""
    completeness: tuple[Completeness, ...] = ()
    plan: PlanCounts | None = None
    wrote: bool = False
    responsible: Mapping[FindingKey, str] = field(default_factory=dict)
    compared_with: datetime | None = None
    expired: tuple[Waiver, ...] = ()
    lifecycle: LifecycleFigures | None = None
    figures: Figures = field(default_factory=Figures)
    profile: DataProfile = field(default_factory=DataProfile)
    logo: str = ""
    roles: RoleFigures | None = None
    segments: tuple[SegmentCount, ...] = ()
    hour: float = 0.0
    unread: tuple[tuple[str, str, str], ...] = ()
    selected: bool = False
    scores: tuple[tuple[datetime, float], ...] = ()


def link_of(links: Links, address: Address) -> str | None:
    """The deep link of one record as it was given, unchecked; None without one."""
    return links(*address) if callable(links) else links.get(address)


def addresses_of(facts: ReportFacts, finding: Finding) -> tuple[Address, ...]:
    """The records a finding is about: the one it names, then the others behind its key, sorted.

    None for a finding about a field, an automation or a user.
    """
    if finding.entity in NO_RECORDS:
        return ()
    members = sorted(facts.members.get(finding.key or "", ()))
    others = [(ref.system, ref.object, ref.id) for ref in members]
    if finding.system is None or finding.id is None:
        return tuple(others)
    named = (finding.system, finding.object or "", finding.id)
    return (named, *(other for other in others if other != named))


def responsible_for(facts: ReportFacts, finding: Finding) -> str | None:
    """Who answers for a finding: a steward, or the owner of the record; None for nobody."""
    return facts.responsible.get((finding.audit, address_of(finding)))


OF_IDS = frozenset(("C06", "D11", "D17", "L08", "M07", "X02", "X03", "X04", "X13", "X16"))
"""Audits whose details are ids of other records: who may open those finds them by the id alone."""


_NO_ID = re.compile(r"[@+]")


def told_of(finding: Finding) -> str | None:
    """What a detail is masked by: a field of ours whose values it may have in it, or that it is made of ids.

    Of a field itself it has nothing of a person. An address in place of an id is no id.
    """
    if finding.audit in OF_IDS and not _NO_ID.search(finding.detail or ""):
        return IDS
    return None if finding.entity in NO_RECORDS else finding.field


def systems_of(facts: ReportFacts, result: AuditResult) -> dict[str, int]:
    """How many findings of one audit each system has, sorted by system."""
    found: dict[str, int] = {}
    for finding in result.findings:
        places = {address[0] for address in addresses_of(facts, finding)}
        for system in places or ({finding.system} if finding.system else set()):
            found[system] = found.get(system, 0) + 1
    return dict(sorted(found.items()))


Evidence: TypeAlias = Literal["measured", "sampled", "structural"]
Verdict: TypeAlias = Literal["none", "safe", "review", "breaking"]
Level: TypeAlias = Literal["red", "orange", "green"]
LEVELS: tuple[Level, ...] = ("red", "orange", "green")
TOTALS = (
    *("updates", "creates", "blanks", "conflicts", "unreadable", "optouts_reopened"),
    "regressions",
)
"""What is counted by system before and after a change of the mapping, in the order shown."""
EVERYWHERE = "*"
"""In place of a system, for what is counted once however many systems it concerns: a conflict."""


@dataclass(frozen=True, slots=True)
class Totals:
    """One of TOTALS, by system; a system that is not named counts 0. Conflicts count once, under `EVERYWHERE`."""

    updates: Mapping[str, int] = field(default_factory=dict)
    creates: Mapping[str, int] = field(default_factory=dict)
    blanks: Mapping[str, int] = field(default_factory=dict)
    conflicts: Mapping[str, int] = field(default_factory=dict)
    unreadable: Mapping[str, int] = field(default_factory=dict)
    optouts_reopened: Mapping[str, int] = field(default_factory=dict)
    regressions: Mapping[str, int] = field(default_factory=dict)

    def items(self) -> Iterator[tuple[str, Mapping[str, int]]]:
        """Name and numbers by system, in the order of TOTALS."""
        return ((name, getattr(self, name)) for name in TOTALS)


@dataclass(frozen=True, slots=True)
class Risk:
    """Something a mapping change does that a reviewer has to know.

    `what` is an English message of the catalogue with {placeholders} for `params`; `count` is None
    where nothing was measured.
    """

    level: Level
    rule: str
    what: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    count: int | None = None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One aspect of one field of the mapping, as it was and as it will be; None is "not there"."""

    entity: str
    field: str
    aspect: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Sample:
    """One cell that the change would write. `kind` says how its values are masked (masking.KINDS)."""

    entity: str
    key: str
    system: str
    field: str
    kind: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Impact:
    """What a change of the mapping would do to real records.

    `snapshots` are instants by system, `records` counts by entity. Under `structural` evidence
    nothing was measured: both are empty and `before` and `after` are None. `sampled` is (n, of N).
    `unread` are native fields of the new mapping that no snapshot has yet.
    """

    workspace: str
    base: str
    head: str
    verdict: Verdict
    evidence: Evidence
    files: tuple[str, ...] = ()
    snapshots: Mapping[str, datetime] = field(default_factory=dict)
    records: Mapping[str, int] = field(default_factory=dict)
    sampled: tuple[int, int] | None = None
    anonymised: bool = False
    before: Totals | None = None
    after: Totals | None = None
    risks: tuple[Risk, ...] = ()
    changes: tuple[FieldChange, ...] = ()
    samples: tuple[Sample, ...] = ()
    version: str = ""
    unread: tuple[str, ...] = ()
