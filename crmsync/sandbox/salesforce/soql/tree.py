"""The tree of a SOQL query: what was written, before any look at the schema."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Path:
    """A field, with the parent relationships that lead to it; `at` is its place in the text."""

    parts: tuple[str, ...]
    at: int = 0
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Aggregate:
    """COUNT, MIN, MAX, SUM, AVG or COUNT_DISTINCT; COUNT() has no path."""

    function: str
    path: Path | None
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class TypeOf:
    """TYPEOF: a relationship, fields by the object it leads to, and those for any other object."""

    path: Path
    branches: tuple[tuple[Path, tuple[Path, ...]], ...]
    otherwise: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class AllFields:
    """FIELDS(ALL), FIELDS(STANDARD) or FIELDS(CUSTOM)."""

    kind: str


@dataclass(frozen=True, slots=True)
class Instant:
    """An instant literal, in stored form."""

    wire: str


@dataclass(frozen=True, slots=True)
class Day:
    """A date literal, `2026-11-20`."""

    wire: str


@dataclass(frozen=True, slots=True)
class Relative:
    """A date literal that depends on today, such as LAST_N_DAYS:7."""

    name: str
    n: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field, in HAVING also an aggregate, against one value, or a tuple or query of values for IN and NOT IN."""

    path: Path | Aggregate
    operator: str
    value: Literal | tuple[Literal, ...] | Query


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    """Conditions joined by AND."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Conditions joined by OR."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """One sort key; nulls come first unless asked otherwise, whatever the direction."""

    what: Path | Aggregate
    descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query; `source` is an object, or a child relationship inside a SELECT list."""

    text: str
    select: tuple[Selected, ...]
    source: Path
    where: Condition | None = None
    group_by: tuple[Path, ...] = ()
    having: Condition | None = None
    order_by: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0


Literal = str | int | float | bool | None | Instant | Day | Relative
Condition = Comparison | Not | AllOf | AnyOf
Selected = Path | Aggregate | AllFields | TypeOf | Query
