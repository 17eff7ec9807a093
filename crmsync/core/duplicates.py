"""By which facts records are compared when duplicates are searched, and how sure a group has to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Literal, TypeAlias

_STRICT = {"extra": "forbid"}
SubjectName = Literal["person", "company", "deal"]
Part = Literal[
    "given_name", "family_name", "full_name", "email", "phone", "employer", "domain", "date",
    "street", "postcode", "place", "country", "id", "other", "erased", "opted_out",
    "name", "parent", "customer", "amount", "currency", "stage",
]  # fmt: skip
"""A fact that some field of a record holds."""
PARTS_OF: Mapping[SubjectName, tuple[Part, ...]] = {
    "person": (
        "given_name", "family_name", "full_name", "email", "phone", "employer", "domain", "date",
        "street", "postcode", "place", "id", "other", "erased", "opted_out",
    ),
    "company": ("name", "domain", "phone", "street", "postcode", "place", "country", "id", "parent"),
    "deal": ("name", "customer", "amount", "currency", "date", "stage", "id"),
}  # fmt: skip
"""The facts that each subject is compared by."""
Fields: TypeAlias = str | list[str]


@dataclass(frozen=True, slots=True)
class DuplicateModel:
    """How records of one subject are compared and grouped.

    `parts` gives for every Part the field of ours that holds it, or several, the surest first; `company.name` is the
    name of the company that a record refers to. `clean` are systems in which nobody is twice: no two records of one of
    them are ever grouped. Pairs of the probability `review` and more join records; of `sure` and more they are
    pre-selected, and one such pair alone joins two groups of several. A key that more than `crowded` records share
    compares nobody; a group has `largest` records at most.
    """

    __pydantic_config__ = _STRICT
    parts: dict[str, Fields]
    subject: SubjectName = "person"
    clean: list[str] = default(default_factory=list)
    review: float = 0.8
    sure: float = 0.998
    crowded: int = 30
    largest: int = 25

    def fields(self) -> Iterator[tuple[str, str]]:
        """Every part with each of its fields, in the file's order."""
        for part, names in self.parts.items():
            for name in [names] if isinstance(names, str) else names:
                yield part, name


@dataclass(frozen=True, slots=True)
class Crowded:
    """A key that too many records share to be compared by it: what it is of, the key, and how many."""

    kind: str
    key: str
    records: int


@dataclass(frozen=True, slots=True)
class ContactPoints:
    """By what a person tells one record from another: e-mail, phone and company, blank where it has none."""

    email: str = ""
    phone: str = ""
    company: str = ""
