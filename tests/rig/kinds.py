"""The kinds of field the simulated world is made of: small pools of values, and natives that lose some."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crmsync.core.policies import POLICIES
from crmsync.core.records import Native

COMPANIES = ("company-1", "company-2")
LADDER = ("lead", "mql", "customer")


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of field: canonical texts it may hold, and what a system's field may be like."""

    type: str
    pool: tuple[str, ...]
    natives: tuple[Native, ...]

    def policies(self) -> tuple[str, ...]:
        """The policies this type admits, from the table of policies."""
        return tuple(
            name
            for name, policy in POLICIES.items()
            if not policy.types or self.type in policy.types
        )


def _native(type_: str, **limits: object) -> Native:
    return Native("", type_, **limits)  # type: ignore[arg-type]  # Native's own keywords, spelled below


KINDS: Mapping[str, Kind] = {
    "name": Kind(
        "text",
        ("Ana", "Ana María", "Ana María de la Torre", "Bo", "Bo Derek"),
        (_native("string"), _native("string", length=3), _native("string", length=9)),
    ),
    "email": Kind(
        "email",
        ("a@b.example", "b@b.example", "a.very.long.name@b.example"),
        (_native("string"), _native("string", length=12)),
    ),
    "stage": Kind(
        "choice",
        LADDER,
        (_native("picklist"), _native("picklist", options=frozenset({"lead", "customer"}))),
    ),
    "topics": Kind(
        "choices",
        ("a", "a;b", "b", "c", "a;b;c"),
        (_native("multipicklist"), _native("multipicklist", options=frozenset({"a", "b"}))),
    ),
    "optout": Kind("flag", ("true", "false"), (_native("boolean"),)),
    "seats": Kind(
        "integer", ("1", "20", "12345"), (_native("number"), _native("number", length=3))
    ),
    "rate": Kind(
        "decimal",
        ("1.25", "1.3", "1", "2.04"),
        (_native("number"), _native("number", scale=1), _native("number", scale=0)),
    ),
    "amount": Kind(
        "money",
        ("1200.5 EUR", "1201 EUR", "0 EUR"),
        (_native("number", scale=2), _native("number", scale=0)),
    ),
    "born": Kind("date", ("1999-12-31", "2000-01-01", "2026-03-29"), (_native("date"),)),
    "met": Kind(
        "instant",
        ("2026-03-29T01:00:00.250Z", "2026-03-29T01:00:00.000Z", "2026-10-25T01:30:00.999Z"),
        (_native("datetime"), _native("datetime", scale=0)),
    ),
    "company": Kind("reference", COMPANIES, (_native("reference"),)),
}
