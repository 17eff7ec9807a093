"""Several customers where one was asked for: who they are, so that a person can say which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crmsync.core.records import Ref
from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import quantity
from crmsync.reports.terminal import columns
from crmsync.reports.values import shown_text

_KEY = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of them: its key, its records, and what it is called, "" where that is not known."""

    entity: str
    key: str
    refs: tuple[Ref, ...]
    name: str = ""


def choice_text(
    candidates: Sequence[Candidate], who: str, command: str, language: str, *, unmask: bool = False
) -> str:
    """The candidates one below the other, and how to name one of them to `command`."""
    head = quantity(
        "{n} customer matches “{who}”. Say which:",
        "{n} customers match “{who}”. Say which:",
        len(candidates),
        language,
    )
    rows = [_row(each, language, unmask=unmask) for each in candidates]
    example = f"{command} {clean(candidates[0].key[:_KEY], _KEY)}"
    how = translate(N_("Name one by its key or by a record: {example}"), language)
    lines = [head.format(who=clean(who, 80)), *(f"  {line}" for line in columns(rows))]
    masked = not unmask and any(shown_text(each.name, "name") != each.name for each in candidates)
    hint = [translate(N_("Names are masked; whole: --unmask"), language)] if masked else []
    return "\n".join([*lines, *hint, how.format(example=example)])


def _row(each: Candidate, language: str, *, unmask: bool) -> list[str]:
    return [
        clean(each.key[:_KEY], _KEY),
        words.named(words.ENTITIES, each.entity, language),
        shown_text(each.name, "name", unmask=unmask),
        " ".join(clean(str(ref), 80) for ref in each.refs),
    ]
