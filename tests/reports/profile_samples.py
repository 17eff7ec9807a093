"""The counts of an invented customer base."""

from __future__ import annotations

from decimal import Decimal

from crmsync.core.profile import (
    AgeCounts,
    DataProfile,
    DuplicateCounts,
    FieldAgreement,
    OwnerCounts,
    StageGap,
    StageMoves,
)
from crmsync.core.stage_counts import CrossTable, LifecycleFigures, StageCount


def make_profile() -> DataProfile:
    both = ("hubspot", "salesforce")
    return DataProfile(
        agreement=(
            FieldAgreement("contact", "email", *both, 11000, 0, 0, 0),
            FieldAgreement("contact", "phone", *both, 2400, 312, 90, 4100, 4098),
            FieldAgreement("contact", "job_title", *both, 0, 0, 0, 0, 11000),
        ),
        moves=(
            StageMoves(
                "hubspot",
                ("lead", "mql", "customer"),
                {("lead", "mql"): 1200, ("mql", "lead"): 31, ("mql", "customer"): 88},
                frozenset({("mql", "lead")}),
            ),
        ),
        gaps=(
            StageGap("salesforce", "", "Negotiation", 40, 10, {"USD": Decimal(700), "EUR": Decimal(12000)}, 2),
            StageGap("salesforce", "", "Proposal", 12, 0),
        ),
        duplicates=(
            DuplicateCounts("contact", True, 26849, 140, 291, 61, 130, 5),
            DuplicateCounts("deal", False),
        ),
        ages=(AgeCounts("contact", "salesforce", (6000, 3000, 2000, 1400), 12),),
        owners=(
            OwnerCounts("contact", "owner", "hubspot", 14437, 9000, 0, None),
            OwnerCounts("contact", "owner", "salesforce", 12412, 12, 7, 310),
        ),
    )  # fmt: skip


def make_stages() -> LifecycleFigures:
    counts = {("lead", "Open"): 30, ("lead", ""): 70, ("customer", "customer"): 9}
    table = CrossTable(
        "hubspot", "salesforce", ("lead", "customer"), ("Open", "customer", ""), counts
    )
    stages = (
        StageCount("lead", 100, {"hubspot": 100, "salesforce": 30}),
        StageCount("customer", 9, {"hubspot": 9, "salesforce": 9}),
    )
    return LifecycleFigures(stages, 3, (table,))
