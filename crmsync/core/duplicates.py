"""By which facts records are compared when duplicates are searched, and how sure a group has to be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

SubjectName = Literal["person", "company", "deal"]
Part = Literal[
    "given_name", "family_name", "full_name", "email", "phone", "employer", "domain", "date",
    "street", "postcode", "place", "id", "other", "erased", "opted_out",
]  # fmt: skip
"""A fact that some field of a record holds."""


@dataclass(frozen=True, slots=True)
class DuplicateModel:
    """How records of one subject are compared and grouped.

    `parts` are the facts that the records hold. `clean` are systems in which nobody is twice: no two records of one of
    them are ever grouped. Pairs of the probability `review` and more join records; one pair alone joins two groups of
    several only if it is `sure`. A key that more than `crowded` records share compares nobody; a group has `largest`
    records at most.
    """

    parts: Collection[Part]
    subject: SubjectName = "person"
    clean: Collection[str] = ()
    review: float = 0.8
    sure: float = 0.998
    crowded: int = 30
    largest: int = 25


@dataclass(frozen=True, slots=True)
class Crowded:
    """A key that too many records share to be compared by it: what it is of, the key, and how many."""

    kind: str
    key: str
    records: int
