"""What a search is about: how its records are laid out, what they are compared by, and what speaks against a pair."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crmsync.warehouse.duplicates.levels import Comparison

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Guard:
    """What speaks against a pair whatever its weight: the levels it is seen by, and the probability it gets at most.

    `seen` gives by comparison the levels, None among them for a fact that one of the two lacks. `only` is a condition
    over the columns of both records. 0 is a veto. `never_sure` keeps the pair below what the model calls sure.
    """

    name: str
    seen: Mapping[str, tuple[str | None, ...]]
    most: float
    only: str = "true"
    never_sure: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """What is one by its marks alone, however few records there are to learn from: the levels, and the probability
    it gets at least. A guard still has the last word.
    """

    name: str
    seen: Mapping[str, tuple[str, ...]]
    least: float = 0.95


@dataclass(frozen=True, slots=True)
class Telling:
    """What people are told in place of a level where more is known than it weighs: of which levels (None: nothing to
    compare), the name it is told by, and when it holds, over the columns of both records.
    """

    of: tuple[str | None, ...]
    name: str
    holds: str


@dataclass(frozen=True, slots=True)
class Namesakes:
    """How often a whole is somebody else's: `together`, how much oftener parts meet than by chance; `again`, how many
    further records somebody has with the same whole, on average.
    """

    together: float
    again: float


@dataclass(frozen=True, slots=True)
class Subject:
    """People, companies or deals.

    `source` are the text columns of `dup_source`, `stage` builds `dup_record` of it, `reads` are the parts of a model
    that each comparison needs one of. `keys` are, by kind, expressions over `dup_record` of which two records have to
    share one to be compared at all. `frequency` names a column that weighs by another one's frequency, and the share
    of that; `made_of` the parts whose frequencies make that of a whole by chance, `namesakes` how many of those who
    share a whole are others; without it all are. `tellings` are by comparison, the first that holds.
    `restage` brings `dup_record` up to date for the records of `dup_changed`, and adds to these whom they concern;
    without it all are staged again.
    """

    source: tuple[str, ...]
    stage: Callable[[duckdb.DuckDBPyConnection], None]
    comparisons: Mapping[str, Comparison]
    reads: Mapping[str, tuple[str, ...]]
    keys: Mapping[str, tuple[str, ...]]
    guards: tuple[Guard, ...] = ()
    proofs: tuple[Proof, ...] = ()
    frequency: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    made_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    restage: Callable[[duckdb.DuckDBPyConnection], None] | None = None
    namesakes: Namesakes | None = None
    tellings: Mapping[str, tuple[Telling, ...]] = field(default_factory=dict)

    def comparisons_of(self, parts: Collection[str]) -> list[str]:
        """The comparisons that the parts allow, in their order."""
        return [name for name, reads in self.reads.items() if any(part in parts for part in reads)]
