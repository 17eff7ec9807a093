"""Who was on a deal that names nobody: kinds of evidence with their grades, and what the proposals come to.

| grade | evidence | what it is |
|---|---|---|
| certain | role | the contact is on the deal already, under a role without a name |
| certain | conversion | one conversion made a lead into the contact and the deal |
| strong | linked_conversion | the same, of the deal's record in the other system |
| strong | association | the contact is on the deal in the other system |
| medium | activity | an activity is tied to the contact and the deal |
| medium | only_contact | nobody else is known at the account |
| weak | campaign | at the account, and answered a campaign in the year before the deal |

The first that holds of a contact and a deal counts. A doubt takes away what is only assumed, and leaves what somebody
put down to be looked at. Must not know: where evidence comes from, or how a proposal is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from crmsync.core.records import Ref

Grade: TypeAlias = Literal["certain", "strong", "medium", "weak"]
GRADES: tuple[Grade, ...] = ("certain", "strong", "medium", "weak")
"""How sure a proposal is, the best first."""
EVIDENCE: Mapping[str, Grade] = {
    "role": "certain",
    "conversion": "certain",
    "linked_conversion": "strong",
    "association": "strong",
    "activity": "medium",
    "only_contact": "medium",
    "campaign": "weak",
}
"""Kinds of evidence and their grades, in the order in which they are believed."""
ASSUMED = ("only_contact", "campaign")
"""Evidence that nobody put down: it does not hold against a doubt."""
DOUBTS = ("mailbox", "other_account", "bounced")
"""What speaks against a contact: a mailbox of a team, somebody of another account, somebody who seems to have left."""
LOOK_BACK_DAYS = 365
"""An answer to a campaign counts for deals that began at most so many days later."""
MOST_OF_CAMPAIGNS = 3
"""Of those who answered campaigns so many are proposed for a deal, the last ones to answer."""
RoleStep: TypeAlias = Literal["add", "name", "look", "create", "convert"]
STEPS: tuple[RoleStep, ...] = ("add", "name", "look", "create", "convert")
"""What is to be done: add the contact, name the role there is, look first; make or link the contact in the deal's
system, or convert the lead that the person is there."""

State: TypeAlias = Literal["won", "lost", "open"]


@dataclass(frozen=True, slots=True)
class RoleProposal:
    """Somebody who may belong to a deal that names nobody, and by which record.

    `contact_id` is the contact in the deal's own system, None where there is none. `said` is the role or label in the
    other system, `on` the day of the evidence, `times` how often there is such evidence. `state` is None where nobody
    knows what became of the deal. `place` counts the proposals of one deal, the best first.
    """

    deal: Ref
    key: str
    contact_key: str
    contact_object: str
    contact_id: str | None
    grade: Grade
    evidence: str
    record: Ref
    step: RoleStep
    place: int
    doubt: str | None = None
    said: str | None = None
    on: date | None = None
    times: int = 1
    state: State | None = None
    amount: Decimal | None = None
    currency: str = ""
    deal_name: str = ""
    contact_name: str = ""


@dataclass(frozen=True, slots=True)
class RoleCount:
    """What hangs on proposals of one grade.

    `deals` and `won` are those of which it is the best grade, each counted once whatever the number of systems and
    contacts; `amounts` is what the won ones are worth, by currency.
    """

    grade: Grade
    proposals: int = 0
    deals: int = 0
    won: int = 0
    amounts: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AloneCount:
    """Won deals that no system ties to a contact, what they are worth by currency, and of how many we know somebody."""

    won: int = 0
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    proposed: int = 0


@dataclass(frozen=True, slots=True)
class RoleFigures:
    """Deals that name nobody, and how many of them could be attributed.

    `deals`, `won` and `amounts` are all of them, `counts` those with a proposal, by GRADES. `alone` are the won deals
    that no system ties to any contact, under a role or none. `unread` says what was not read in which system: `ties`,
    `activity`, `conversion` or `campaign`.
    """

    deals: int = 0
    won: int = 0
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    counts: tuple[RoleCount, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    alone: AloneCount = field(default_factory=AloneCount)

    @property
    def proposed_won(self) -> int:
        """Won deals with a proposal."""
        return sum(each.won for each in self.counts)

    @property
    def attributable(self) -> dict[str, Decimal]:
        """What won deals with a proposal are worth, by currency."""
        return added(each.amounts for each in self.counts)


def added(amounts: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Sums by currency, by its code: two currencies are never one number."""
    found: dict[str, Decimal] = {}
    for each in amounts:
        for currency, amount in each.items():
            found[currency] = found.get(currency, Decimal()) + amount
    return dict(sorted(found.items()))


def at_least(proposals: Iterable[RoleProposal], grade: Grade) -> list[RoleProposal]:
    """The proposals of a grade and of better ones."""
    taken = GRADES[: GRADES.index(grade) + 1]
    return [each for each in proposals if each.grade in taken]


def to_add(proposals: Iterable[RoleProposal], system: str) -> list[tuple[RoleProposal, bool]]:
    """Those of one system that can be added as they are, and whether each is the first of its deal."""
    found: list[tuple[RoleProposal, bool]] = []
    begun: set[Ref] = set()
    for each in proposals:
        if each.step == "add" and each.deal.system == system:
            found.append((each, each.deal not in begun))
            begun.add(each.deal)
    return found
