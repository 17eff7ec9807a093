"""How far a customer is: the ladder, and from what each system's stages follow: `mappings/lifecycle.yml`.

Two axes are no stages: the disposition (what sales does with a lead) and whether a customer is still one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as default
from typing import Literal, TypeAlias

from crmsync.core.writers import as_in_the_file

_STRICT = {"extra": "forbid", "alias_generator": as_in_the_file}
STAGES = ("subscriber", "lead", "mql", "sal", "sql", "opportunity", "customer", "evangelist")
OTHER = "other"
"""What stands outside the ladder: it has no rank."""
RANKS = dict(zip(STAGES, (10, 20, 30, 35, 40, 50, 60, 70), strict=True))
DISPOSITIONS = (
    *("new", "attempting", "connected", "accepted"),
    *("rejected", "recycled", "disqualified", "nurture"),
)
CustomerPolicy: TypeAlias = Literal["roles_only", "primary_only", "whole_account"]
Rule: TypeAlias = Literal["forward", "recycled", "all_deals_lost", "by_hand", "never"]


@dataclass(frozen=True, slots=True)
class Transition:
    """An exception to "up is free, down is not": under which rule one may go from some stages to others.

    `recycled` needs a reason that sales gave, `all_deals_lost` that no open or won deal is left, `by_hand` a
    person; `never` is a finding wherever it is seen.
    """

    __pydantic_config__ = _STRICT
    from_: list[str]
    to: list[str]
    rule: Rule


@dataclass(frozen=True, slots=True)
class Derivation:
    """From what the stages of one system follow.

    `stage` is a field that holds one, `status` one that says how sales stands to a lead; `stages`, `statuses` and
    `dispositions` say what their values mean, natively or in the words of our own mapping. `lead` is the object whose
    records are leads, `converted` the stage of those that were converted, `from_queue` that of those whom a person
    took from a queue. With `by_deals` whoever is on an open deal is an opportunity, and on a won one a customer.
    `dates` are fields with the day on which a stage was reached. `keeps: peak` is said of a stage that nobody takes
    back, so that it may be behind what is true now. `company_sync` are the words with which the system marks a stage
    that came from the company, `former` values that mean a customer who left.
    """

    __pydantic_config__ = _STRICT
    stage: str = ""
    stages: dict[str, str] = default(default_factory=dict)
    status: str = ""
    statuses: dict[str, str] = default(default_factory=dict)
    dispositions: dict[str, str] = default(default_factory=dict)
    former: list[str] = default(default_factory=list)
    lead: str = ""
    converted: str = ""
    from_queue: str = ""
    by_deals: bool = False
    dates: dict[str, str] = default(default_factory=dict)
    keeps: Literal["current", "peak"] = "current"
    company_sync: list[str] = default(default_factory=list)

    def says(self) -> frozenset[str]:
        """Every stage that this system is able to say."""
        of_deals = ("opportunity", "customer") if self.by_deals else ()
        alone = [each for each in (self.converted, self.from_queue, *of_deals) if each]
        lead = ["lead"] if self.lead else []
        return frozenset(
            [*self.stages.values(), *self.statuses.values(), *self.dates, *alone, *lead]
        )


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The ladder, who decides about each stage, who counts as a customer, and what each system tells.

    A deal that was made or closed within `near_minutes` of a change of stage is what the change came from, and so
    is the company that changed to the same stage.
    """

    __pydantic_config__ = _STRICT
    systems: dict[str, Derivation]
    stage_owner: dict[str, str] = default(default_factory=dict)
    disposition_owner: str = ""
    customers: CustomerPolicy = "roles_only"
    near_minutes: int = 2
    ladder: dict[str, int] = default(default_factory=lambda: dict(RANKS))
    optional: list[str] = default(default_factory=lambda: ["sal"])
    transitions: list[Transition] = default(default_factory=list)

    def rank(self, stage: str | None) -> int | None:
        """How high a stage stands; None outside the ladder."""
        return self.ladder.get(stage) if stage else None

    def in_order(self) -> list[str]:
        """The stages from the lowest to the highest."""
        return sorted(self.ladder, key=self.ladder.__getitem__)

    def between(self, low: str | None, high: str) -> Iterator[str]:
        """Stages that a step upwards passes over, those left out that a ladder may lack."""
        floor, top = self.rank(low) or 0, self.rank(high) or 0
        for stage in self.in_order():
            if floor < self.ladder[stage] < top and stage not in self.optional:
                yield stage
