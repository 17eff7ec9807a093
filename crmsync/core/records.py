"""Records as one system holds them, and what can be known about one field of one record.

| a cell is | and means | evidence? | may be written? |
|---|---|---|---|
| a value | the system holds it | yes | yes |
| BLANK (None) | the field was read and is empty | yes | yes |
| ABSENT | not asked for, not readable, or the system has no such field | no | no |
| UNKNOWN | the read failed before it got there | no | no |
| Invalid(raw) | something is there that does not parse | no | no |

Must not know: where records come from, or what is decided about them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Final, TypeAlias, TypeGuard


class Mark(Enum):
    """States of a cell that are no values."""

    ABSENT = "absent"
    UNKNOWN = "unknown"
    UNSET = "unset"

    def __repr__(self) -> str:
        return self.name


ABSENT: Final = Mark.ABSENT
UNKNOWN: Final = Mark.UNKNOWN
UNSET: Final = Mark.UNSET
"""A base that was never settled. Only a base can be UNSET, never a cell."""
BLANK: Final = None


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of one currency (ISO 4217 code). Amounts of two currencies are never the same."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Invalid:
    """Something that does not parse, or that a field cannot hold, as it was found."""

    raw: str


Value: TypeAlias = str | bool | int | Decimal | Money | date | datetime | frozenset[str]
Cell: TypeAlias = Value | None | Mark | Invalid


def is_observed(cell: Cell) -> TypeGuard[Value | None]:
    """True if the cell is evidence: a value, or a blank that was really read."""
    return not isinstance(cell, Mark | Invalid)


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A record's address: system, object and native id."""

    system: str
    object: str
    id: str

    def __str__(self) -> str:
        return f"{self.system}/{self.object}/{self.id}"


@dataclass(frozen=True, slots=True)
class Record:
    """One object as one system holds it; `cells` by our field names, `times` where known (UTC)."""

    ref: Ref
    cells: Mapping[str, Cell]
    times: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Native:
    """What a system says about one of its own fields.

    `type` is one of string, text, integer, number, boolean, date, datetime, picklist, multipicklist,
    reference, references, id. `length` counts characters, `scale` digits after the point; None is
    unlimited. `options` are the native values a restricted picklist takes, or the roles ties can have;
    None means anything goes. `required`: nothing can be created without it. `label` and `listed` (value and
    label of every option, restricted or not) are what people see: a mapping is proposed from them, nothing
    is decided by them. `worked_out`: the system makes it of other values, and may tell nobody that it changed.
    `custom`: somebody made it in this org or portal. `usual` is the option that is there if nobody chose one.
    """

    name: str
    type: str
    length: int | None = None
    scale: int | None = None
    options: frozenset[str] | None = None
    writable: bool = True
    createable: bool = True
    unique: bool = False
    required: bool = field(default=False, compare=False)
    label: str = field(default="", compare=False)
    listed: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    worked_out: bool = field(default=False, compare=False)
    custom: bool = field(default=False, compare=False)
    usual: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of one object that this credential can read, by native name."""

    system: str
    object: str
    fields: Mapping[str, Native]


@dataclass(frozen=True, slots=True)
class Group:
    """Everything known about one customer (or company, or deal): at most one record a system.

    `bases[system][field]` is what that side held when last settled; a missing field is UNSET. `gone` are
    systems that held a record of it once and did not show it this time; `outside` are those whose record the
    scope leaves out: its cells are all ABSENT, and its seat is taken.
    """

    entity: str
    key: str
    records: Mapping[str, Record]
    bases: Mapping[str, Mapping[str, Value | None]] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()

    def cell(self, system: str, name: str) -> Cell:
        """The cell of one system, ABSENT if it holds no record or no such field."""
        record = self.records.get(system)
        return ABSENT if record is None else record.cells.get(name, ABSENT)

    def base(self, system: str, name: str) -> Value | None | Mark:
        """What that side held when last settled, or UNSET."""
        return self.bases.get(system, {}).get(name, UNSET)
