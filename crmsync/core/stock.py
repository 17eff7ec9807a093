"""Stock checks: questions that many ask, with parameters in YAML instead of SQL. Each becomes an ordinary audit.

| check | objects to | takes |
|---|---|---|
| required | a record without a value | fields |
| one_of | a record in which none of several fields has a value | fields, two or more |
| unique | records of one object with the same value, or the same values together | fields |
| pattern, not_pattern | a value that is not wholly of that form, or that is | field, pattern |
| allowed, forbidden | a value that is none of these, or one of these | field, values |
| range | a number or day below or above | field, at_least, at_most (a day, or `today`) |
| length | a text as the system wrote it, too short or too long | field, at_least, at_most |
| fresh | a day or instant that is longer ago | field (also created_at, modified_at), days |
| in_order | days, instants or numbers of which a later one is less than the one before | fields, two or more |
| reference | a reference that leads to no record that was read | field |
| linked | a customer who is not in a system | system |
| consistent | values that differ between the systems of one customer | fields |

A blank value is objected to by `required` and `one_of` alone, and only in records of an object that has the field.

Must not know: SQL, or how a file is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Literal

from crmsync.core.auditing import Severity, Text
from crmsync.core.mapping import Condition
from crmsync.core.values import TYPES

_STRICT = {"extra": "forbid"}
STAMPS = ("created_at", "modified_at")
"""Instants that every record has, mapped or not."""
PLACES = ("system", "object")
"""Where a record is: what a `where` may name besides the fields."""
TODAY = "today"


@dataclass(frozen=True, slots=True)
class Check:
    """One stock check as written in a file. What it does not say of itself is made from what it checks.

    `where` says which records are looked at: every field named meets its condition, which is `present`, `blank`, a
    value or a list of values. `amount` names a field of money that hangs on each finding.
    """

    __pydantic_config__ = _STRICT
    check: str
    id: str
    entity: str
    field: str = ""
    fields: list[str] = default(default_factory=list)
    where: dict[str, Condition] = default(default_factory=dict)
    pattern: str = ""
    values: list[str] = default(default_factory=list)
    at_least: int | float | str | None = None
    at_most: int | float | str | None = None
    days: int | None = None
    system: str = ""
    severity: Severity = "warning"
    category: str = ""
    summary: Text = default(default_factory=dict)
    why: Text = default(default_factory=dict)
    remedy: Text = default(default_factory=dict)
    amount: str = ""
    blocking: bool = False
    resolves: list[str] = default(default_factory=list)
    minutes: float = 2.0
    profile: Literal["essential", "all"] = "essential"

    @property
    def asked(self) -> list[str]:
        """The fields it is about: `field`, then `fields`, each once."""
        return list(dict.fromkeys([*([self.field] if self.field else []), *self.fields]))


@dataclass(frozen=True, slots=True)
class CheckFile:
    """`audits/*.yml`: stock checks."""

    __pydantic_config__ = _STRICT
    checks: list[Check]


@dataclass(frozen=True, slots=True)
class CheckKind:
    """What a kind of check takes: its keys, of which `needs` are groups with one that has to be there.

    `families` are those of the fields it can be about, none for all; so many fields at least, and so many at most.
    """

    category: str
    keys: tuple[str, ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    families: tuple[str, ...] = ()
    least: int = 1
    most: int = 1


_ANY = 50
_FIELDS = ("field", "fields")
KINDS: Mapping[str, CheckKind] = {
    "required": CheckKind("completeness", _FIELDS, (_FIELDS,), most=_ANY),
    "one_of": CheckKind("completeness", ("fields",), (("fields",),), least=2, most=_ANY),
    "unique": CheckKind("duplicates", _FIELDS, (_FIELDS,), most=_ANY),
    "pattern": CheckKind("validity", ("field", "pattern"), (("field",), ("pattern",)), ("text",)),
    "not_pattern": CheckKind("validity", ("field", "pattern"), (("field",), ("pattern",)), ("text",)),
    "allowed": CheckKind("validity", ("field", "values"), (("field",), ("values",)), ("text", "set", "flag")),
    "forbidden": CheckKind("validity", ("field", "values"), (("field",), ("values",)), ("text", "set", "flag")),
    "range": CheckKind("validity", ("field", "at_least", "at_most"), (("field",), ("at_least", "at_most")),
                       ("number", "date")),
    "length": CheckKind("validity", ("field", "at_least", "at_most"), (("field",), ("at_least", "at_most")),
                        ("text", "set")),
    "fresh": CheckKind("freshness", ("field", "days"), (("field",), ("days",)), ("date",)),
    "in_order": CheckKind("validity", ("fields",), (("fields",),), ("number", "date"), least=2, most=_ANY),
    "reference": CheckKind("orphans", ("field",), (("field",),), ("reference",)),
    "linked": CheckKind("consistency", ("system",), (("system",),), least=0, most=0),
    "consistent": CheckKind("consistency", _FIELDS, (_FIELDS,), most=_ANY),
}  # fmt: skip
PARAMETERS = ("field", "fields", "pattern", "values", "at_least", "at_most", "days", "system")
"""Keys that only some kinds take."""

_FAMILIES = {"BOOLEAN": "flag", "DATE": "date", "TIMESTAMP": "date", "VARCHAR": "text"}


def family_of(type_name: str) -> str:
    """What can be asked of a field of a type: text, set, flag, number, date or reference."""
    kind = TYPES.get(type_name)
    if type_name == "reference" or kind is None:
        return "reference" if kind else "text"
    return "set" if kind.is_set else _FAMILIES.get(kind.sql, "number")
