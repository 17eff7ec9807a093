"""A list of what people have to decide: its rows as values, and the words of its columns, answers and sheets.

Whoever reads a list back goes by the words of any language (`columns_of`, `answer_of`), whatever the order of columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from crmsync.core.likeness import folded
from crmsync.core.open_decisions import UNSURE, DecisionKey, DecisionKind, OpenDecision
from crmsync.language import LANGUAGES, N_, translate
from crmsync.reports.duplicates_words import DECISIONS
from crmsync.reports.words import system_name

FORMAT = "crmsync.decisions/1"
SHEETS: Mapping[DecisionKind, str] = {
    "duplicates": N_("Duplicates"),
    "roles": N_("Contact roles"),
    "conflicts": N_("Conflicts"),
    "links": N_("Links"),
    "waivers": N_("Waivers"),
}
QUESTIONS: Mapping[DecisionKind, str] = {
    "duplicates": N_("Are these two records one and the same? yes, no or unsure."),
    "roles": N_("Does this contact belong to this deal? yes, no or unsure."),
    "conflicts": N_("Which system is right? Its name, or unsure."),
    "links": N_("Are these two one customer, or may this record be created? yes, no or unsure."),
    "waivers": N_(
        "Is this finding accepted? yes, with a reason in the comment and a last day; no leaves it open."
    ),
}
_RECORD = (N_("One record"), N_("Other record"))
_LINKS = (N_("One: link"), N_("Other: link"))
TOLD: Mapping[DecisionKind, tuple[str, ...]] = {
    "duplicates": (N_("Kind"), *_RECORD, N_("Reason"), N_("How sure"), *_LINKS),
    "roles": (N_("State"), N_("Deal"), N_("Contact"), N_("Why"), N_("How sure"), *_LINKS),
    "conflicts": (
        *(N_("Field"), N_("Customer"), N_("What the systems hold"), N_("Reason")),
        *(N_("Kind"), *_LINKS),
    ),
    "links": (N_("Question"), *_RECORD, N_("Reason"), N_("Kind"), *_LINKS),
    "waivers": (
        *(N_("Audit"), N_("Record"), N_("What it found"), N_("Remedy"), N_("Responsible today")),
        *_LINKS,
    ),
}
"""The columns that say what a row is about, by kind: seven each, the last two are links."""
FILLED: Mapping[str, str] = {
    "decision": N_("Decision"),
    "responsible": N_("Responsible"),
    "date": N_("Date"),
    "note": N_("Comment"),
    "until": N_("Accepted until"),
}
"""The columns that people fill in; the last one only of waivers."""
KEY = N_("Key of crmsync")
TEXT_COLUMNS = 5
"""How many of the columns of TOLD are texts by which a row is known again."""


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One question as a person reads it: `cells` in the order of TOLD, masked or not as was asked."""

    asked: OpenDecision
    key: DecisionKey
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionList:
    """Questions of a workspace by kind, of which run and reading they are, and how many were left out.

    `run` is the audit that the findings are of, blank without any; `read_at` when the systems were last read.
    """

    workspace: str
    title: str
    made_at: datetime
    read_at: datetime
    rows: Mapping[DecisionKind, Sequence[DecisionRow]]
    run: str = ""
    left_out: Mapping[DecisionKind, int] = field(default_factory=dict)
    masked: bool = True

    @property
    def total(self) -> int:
        """How many questions there are in it."""
        return sum(len(each) for each in self.rows.values())


def filled_columns(kind: str) -> tuple[str, ...]:
    """The columns that people fill in, of a kind."""
    return tuple(name for name in FILLED if name != "until" or kind == "waivers")


def answer_words(answers: Iterable[str], language: str) -> list[str]:
    """The answers as people write them: yes, no and unsure in the language, systems by their names."""
    return [answer_word(each, language) for each in answers]


def answer_word(answer: str, language: str) -> str:
    """One answer as people write it."""
    return translate(DECISIONS[answer], language) if answer in DECISIONS else system_name(answer)


_USUAL: Mapping[str, tuple[str, ...]] = {
    "yes": ("yes", "y", "si", "s", "true"),
    "no": ("no", "n", "false"),
    "unsure": ("unsure", "?", "duda", "dudoso", "no se", "no lo se"),
}
_VERBS = ("keep ", "mantener ", "conservar ")


def answer_of(text: str, answers: Sequence[str]) -> str | None:
    """The answer that a cell stands for, in whatever language and case; None for a word that is none of them."""
    said = " ".join(folded(text).split())
    said = next((said.removeprefix(verb) for verb in _VERBS if said.startswith(verb)), said)
    for each in answers:
        words = {folded(word) for word in (each, *(answer_word(each, lang) for lang in LANGUAGES))}
        if said in words or said in _USUAL.get(each, ()):
            return each
    return UNSURE if text.strip() == "?" and UNSURE in answers else None


@cache
def _heads() -> dict[str, str]:
    """Every spelling of a column that people fill in, and of the key."""
    named = {**FILLED, "key": KEY}
    return {
        folded(spelt): name
        for name, head in named.items()
        for spelt in (name, head, *(translate(head, each) for each in LANGUAGES))
    }


def columns_of(cells: Iterable[str | None]) -> dict[str, int]:
    """Where the columns that people fill in and the key stand; the first of a name counts."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = _heads().get(folded(cell or "").strip())
        if name is not None:
            found.setdefault(name, place)
    return found
