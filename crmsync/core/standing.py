"""Where a customer stands, out of what every system says: the word of whoever decides about a stage counts.

There is no "who wrote last": a stage is believed if its owner says at least as much, or nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeAlias

from crmsync.core.lifecycle import OTHER, Lifecycle

CustomerStatus: TypeAlias = Literal["active", "former"]


@dataclass(frozen=True, slots=True)
class Said:
    """What one system says of a customer; None where it says nothing. `peak` is the highest stage it ever told."""

    current: str | None = None
    peak: str | None = None
    disposition: str | None = None
    former: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a customer stands by all systems together, whose word that is, and whether the others fit it."""

    current: str | None
    peak: str | None
    rank: int | None
    peak_rank: int | None
    disposition: str | None
    customer_status: CustomerStatus | None
    decided_by: str | None
    agrees: bool


def together(lifecycle: Lifecycle, said: Mapping[str, Said]) -> Standing:
    """The standing that follows from what each system says, by system."""
    system, current = _believed(lifecycle, {name: each.current for name, each in said.items()})
    _, peak = _believed(lifecycle, {name: each.peak for name, each in said.items()})
    peak = _higher(lifecycle, peak, current)
    return Standing(
        current=current,
        peak=peak,
        rank=lifecycle.rank(current),
        peak_rank=lifecycle.rank(peak),
        disposition=_disposition(lifecycle, said),
        customer_status=_status(lifecycle, current, peak, said.values()),
        decided_by=system,
        agrees=all(_agree(lifecycle, said, *pair) for pair in combinations(sorted(said), 2)),
    )


def _believed(
    lifecycle: Lifecycle, stages: Mapping[str, str | None]
) -> tuple[str | None, str | None]:
    """(whose word, stage): the highest that its owner says at least, or about which the owner is silent."""
    ranks = {name: rank for name, stage in stages.items() if (rank := lifecycle.rank(stage))}
    believed = [
        (rank, lifecycle.stage_owner.get(stages[name] or "") == name, name)
        for name, rank in ranks.items()
        if ranks.get(lifecycle.stage_owner.get(stages[name] or "", name), rank) >= rank
    ]
    if not believed:
        aside = sorted(name for name, stage in stages.items() if stage == OTHER)
        return (aside[0], OTHER) if aside else (None, None)
    name = max(believed, key=lambda each: (each[0], each[1]))[2]
    return name, stages[name]


def _higher(lifecycle: Lifecycle, one: str | None, other: str | None) -> str | None:
    return max(one, other, key=lambda stage: lifecycle.rank(stage) or 0)


def _disposition(lifecycle: Lifecycle, said: Mapping[str, Said]) -> str | None:
    """The owner's word, else that of the first system which has one."""
    order = sorted(said, key=lambda name: (name != lifecycle.disposition_owner, name))
    return next((said[name].disposition for name in order if said[name].disposition), None)


def _status(
    lifecycle: Lifecycle, current: str | None, peak: str | None, said: Iterable[Said]
) -> CustomerStatus | None:
    """Former is who is called so, and who was a customer and stands lower now."""
    customer = lifecycle.rank("customer") or 0
    if (lifecycle.rank(peak) or 0) < customer:
        return None
    left = any(each.former for each in said) or (lifecycle.rank(current) or 0) < customer
    return "former" if left else "active"


def _agree(lifecycle: Lifecycle, said: Mapping[str, Said], one: str, other: str) -> bool:
    """True unless one system says a stage that the other denies, in stages that both of them can say.

    The lowest stage that a system can say stands for all below it. A system that keeps its highest stage may be
    above what is true now.
    """
    ranks = {name: lifecycle.rank(said[name].current) for name in (one, other)}
    if None in ranks.values():
        return True
    high, low = sorted((one, other), key=lambda name: -(ranks[name] or 0))
    words = {name: _says(lifecycle, name) for name in (one, other)}
    shared = words[one] & words[other]
    ours, theirs = (_coarse(lifecycle, said[name].current, shared) for name in (high, low))
    if ours <= theirs or ours <= min((lifecycle.rank(s) or 0 for s in words[high]), default=0):
        return True
    remembers = high in lifecycle.systems and lifecycle.systems[high].keeps == "peak"
    return remembers and _coarse(lifecycle, said[low].peak, shared) >= ours


def _says(lifecycle: Lifecycle, system: str) -> frozenset[str]:
    found = lifecycle.systems.get(system)
    return found.says() & set(lifecycle.ladder) if found else frozenset()


def _coarse(lifecycle: Lifecycle, stage: str | None, shared: frozenset[str]) -> int:
    """The rank of the highest of some stages that is not above this one, 0 if all are."""
    rank = lifecycle.rank(stage) or 0
    return max(
        (lifecycle.ladder[each] for each in shared if lifecycle.ladder[each] <= rank), default=0
    )
