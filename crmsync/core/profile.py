"""What the data is like, counted: what the sections of a report show beside the findings.

Every number here is a count of what was read; nothing is estimated, and what was not read is not there. docs/report.md
has the definition of each. Must not know: where the numbers come from, or how they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

AGES = (30, 90, 365)
"""Where the bands of age end, in days; the last has no end."""


@dataclass(frozen=True, slots=True)
class FieldAgreement:
    """What two systems say of one field of the customers who have one record in each, by how many customers.

    `only` is filled in `system` alone, `only_other` in `other_system` alone, `blank` in neither.
    """

    entity: str
    field: str
    system: str
    other_system: str
    equal: int
    differ: int
    only: int
    only_other: int
    blank: int = 0

    @property
    def both(self) -> int:
        """Customers of whom both systems say something."""
        return self.equal + self.differ


@dataclass(frozen=True, slots=True)
class StageMoves:
    """How often records of one system went from one stage to another, as far as its history was kept.

    `stages` are in the order of the ladder, those outside it last. `counts` are by (from, to); `back` are those of
    them that lead down the ladder.
    """

    system: str
    stages: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]
    back: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class StageGap:
    """Open deals of one stage of a pipeline, and those of them that nobody is tied to.

    `amounts` are what those are worth, by currency ("" where none is known); `unpriced` have no amount.
    """

    system: str
    pipeline: str
    stage: str
    deals: int
    without: int
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    unpriced: int = 0


@dataclass(frozen=True, slots=True)
class DuplicateCounts:
    """What the last search for duplicates of one entity found: groups and their records by confidence.

    Of an entity that was not searched in this reading all are 0 and `searched` is false. `decided` are groups of which
    a person has judged every pair.
    """

    entity: str
    searched: bool
    records: int = 0
    sure_groups: int = 0
    sure_records: int = 0
    review_groups: int = 0
    review_records: int = 0
    decided: int = 0


@dataclass(frozen=True, slots=True)
class AgeCounts:
    """How long ago records were last changed or dealt with: how many by AGES, and of how many nobody knows."""

    entity: str
    system: str
    ages: tuple[int, ...]
    unknown: int = 0

    @property
    def records(self) -> int:
        """All of them."""
        return sum(self.ages) + self.unknown


@dataclass(frozen=True, slots=True)
class OwnerCounts:
    """How many records have an owner, by one field. `left` are owners who are not active or whom nobody knows.

    `left` is None where the users of the system were not read. `queued` wait in a queue, which is nobody.
    """

    entity: str
    field: str
    system: str
    records: int
    without: int
    queued: int = 0
    left: int | None = None


@dataclass(frozen=True, slots=True)
class DataProfile:
    """All counts of one reading; empty where there was nothing to count."""

    agreement: tuple[FieldAgreement, ...] = ()
    moves: tuple[StageMoves, ...] = ()
    gaps: tuple[StageGap, ...] = ()
    duplicates: tuple[DuplicateCounts, ...] = ()
    ages: tuple[AgeCounts, ...] = ()
    owners: tuple[OwnerCounts, ...] = ()
