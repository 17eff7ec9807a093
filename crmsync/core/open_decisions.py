"""What people have to decide, under a name that stays the same from one reading to the next; and what they answered.

| kind | is asked | an answer is kept in |
|---|---|---|
| duplicates | are these two records one? | decisions/duplicates.csv |
| roles | does this contact belong to this deal? | decisions/answers.yml |
| conflicts | which system is right about this field? | decisions/answers.yml |
| links | are these two one customer? may this record be created? | decisions/duplicates.csv, decisions/answers.yml |
| waivers | is this finding accepted, and until when? | audits/waivers.yml |

A question is named by a digest, so that a list of questions can leave the house: the name of a question tells
nothing of it. What a person saw has a digest of its own: an answer to something else is no answer.
Must not know: where questions come from, or how they are shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from crmsync.core.auditing import Finding
from crmsync.core.records import Ref
from crmsync.core.roles import RoleProposal

DecisionKind: TypeAlias = Literal["duplicates", "roles", "conflicts", "links", "waivers"]
DECISION_KINDS: tuple[DecisionKind, ...] = (
    "duplicates",
    "roles",
    "conflicts",
    "links",
    "waivers",
)
YES, NO, UNSURE = "yes", "no", "unsure"
_NAME, _SEEN, _ROW = 16, 10, 6
"""How many figures of a digest are kept: of a question, of what was seen, of the text of a row."""


@dataclass(frozen=True, slots=True)
class OpenDecision:
    """One question: what it is about, what it rests on, and the answers it takes.

    `address` stays the same as long as the question is the same one; `rests_on` is what a person sees and decides by.
    `pair` are the two records of a question whether they are one, `finding` what a waiver would accept.
    """

    kind: DecisionKind
    address: tuple[str, ...]
    rests_on: tuple[str, ...] = ()
    answers: tuple[str, ...] = (YES, NO, UNSURE)
    pair: tuple[Ref, Ref] | None = None
    finding: Finding | None = None

    @property
    def seen(self) -> str:
        """The digest of what the question rests on."""
        return digest_of(self.rests_on)[:_SEEN]

    @property
    def subject(self) -> tuple[str, ...]:
        """What is decided, whichever list asks for it: two questions about one subject are one question."""
        return ("pair", *self.address) if self.pair else (self.kind, *self.address)


@dataclass(frozen=True, slots=True, order=True)
class DecisionKey:
    """What a row of a list goes by: the question's kind and name, what was seen, the row's own text, and the audit."""

    kind: DecisionKind
    name: str
    seen: str
    row: str = ""
    audit: str = ""

    def __str__(self) -> str:
        return ".".join((self.kind, self.name, self.seen, self.row, self.audit)).rstrip(".")


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What a person answered to a question without a file of its own; `about` is its address, `seen` what was seen."""

    __pydantic_config__ = {"extra": "forbid"}
    kind: Literal["roles", "conflicts", "links"]
    about: list[str]
    answer: str
    by: str
    decided_on: date
    seen: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class KeptAnswers:
    """`decisions/answers.yml`."""

    __pydantic_config__ = {"extra": "forbid"}
    answers: list[KeptAnswer] = field(default_factory=list)


def digest_of(parts: Iterable[str]) -> str:
    """The digest of texts in order; where one ends and the next begins counts."""
    return hashlib.sha256(json.dumps([*parts], ensure_ascii=True).encode()).hexdigest()


def name_of_question(workspace: str, kind: str, address: Sequence[str]) -> str:
    """What a question is called in lists of a workspace: another workspace calls it otherwise."""
    return digest_of((workspace, kind, *address))[:_NAME]


def key_of(workspace: str, asked: OpenDecision, told: Sequence[str] = ()) -> DecisionKey:
    """The key of a question in a list; `told` is the text of its row, by which a row that was torn apart is known."""
    name = name_of_question(workspace, asked.kind, asked.address)
    audit = asked.finding.audit if asked.finding else ""
    return DecisionKey(asked.kind, name, asked.seen, row_digest(told) if told else "", audit)


def role_question(each: RoleProposal) -> OpenDecision:
    """Does this contact belong to this deal?"""
    seen = (each.grade, each.evidence, str(each.record), each.contact_id or "", each.step)
    return OpenDecision("roles", (str(each.deal), each.contact_key), seen)


def row_digest(told: Sequence[str]) -> str:
    """The digest of a row's text, whatever blanks and apostrophes a spreadsheet puts around a cell."""
    return digest_of(" ".join(each.lstrip("'").split()) for each in told)[:_ROW]


def read_key(text: str) -> DecisionKey | None:
    """The key that a text is; None if it is none."""
    word, *rest = text.strip().split(".", 4)
    kind = next((each for each in DECISION_KINDS if each == word), None)
    if kind is None or not 2 <= len(rest) <= 4:
        return None
    if len(rest[0]) != _NAME or len(rest[1]) != _SEEN:
        return None
    return DecisionKey(kind, *rest)
