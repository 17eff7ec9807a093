"""By which fields records of people are compared when duplicates are searched, and how sure a group has to be.

A part is a fact about a person; a model says which fields play it. Fields of one part are read in their order, those
of `email` and `phone` side by side.

| probability | tier | what becomes of it |
|---|---|---|
| `preselect` and more | preselected | proposed, ticked |
| `review` and more | review | proposed, not ticked: a person looks |
| less | ignored | nothing |

Nothing is linked or merged by itself, whatever the tier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Part = Literal[
    "given_name", "family_name", "full_name", "email", "phone", "employer", "domain", "date",
    "street", "postcode", "place", "id", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class DuplicateModel:
    """How records of people are compared.

    `parts` names the fields that play each part. `clean` are systems in which nobody is twice: no two records of one of
    them are ever grouped. A key that more than `crowded` records share compares nobody; a group has `largest` records
    at most.
    """

    parts: Mapping[Part, Sequence[str]]
    clean: Sequence[str] = ()
    preselect: float = 0.998
    review: float = 0.8
    crowded: int = 30
    largest: int = 25


@dataclass(frozen=True, slots=True)
class Crowded:
    """A key that too many records share to be compared by it: what it is of, the key, and how many."""

    kind: str
    key: str
    records: int
