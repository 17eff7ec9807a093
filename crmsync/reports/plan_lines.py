"""Single lines of a plan as a person reads them: who, what before and after, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crmsync.core.claims import is_taken
from crmsync.core.planning import (
    AliasLine,
    CellChange,
    Change,
    ConflictLine,
    Held,
    Line,
    LinkLine,
    Unfit,
)
from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.called import called, name_of
from crmsync.reports.cleaning import clean
from crmsync.reports.decided_links import decided_lines
from crmsync.reports.masking import shown_id
from crmsync.reports.reasons import reason_text
from crmsync.reports.taken_text import Links, taken_lines
from crmsync.reports.terminal import columns, painted
from crmsync.reports.values import shown_text


@dataclass(frozen=True, slots=True)
class Voice:
    """How lines are told: in which language, masked or not, in colours or not, what keys are called.

    `links` tell where records open.
    """

    language: str
    unmask: bool = False
    colours: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    links: Links | None = None

    def place(self, ref: str) -> list[str]:
        """A record (system/object/id), and where it can be opened if that is known."""
        parts = ref.split("/", 2)
        found = self.links(*parts) if self.links and len(parts) == 3 else None
        return [shown_id(ref, unmask=self.unmask, most=80), clean(found or "", 200)]


_FOLLOWED: Mapping[str, str] = {
    "merged": N_("{who}: {old} was merged into {new}, and its link goes with it."),
    "converted": N_("{who}: {old} was converted into {object} {new}, and its link goes with it."),
    "joined": N_("{who}: {new} belongs to this customer now, for two became one by merges."),
}


def shown_line(line: Line, voice: Voice, told: str = "") -> str:
    """One line of a plan: a change, a conflict, what is held back or does not fit, a link that moves or was decided.

    `told` is the reason that is said above it already; a line says its own only where it is another one.
    """
    if isinstance(line, Change):
        return _change(line, voice)
    if isinstance(line, AliasLine):
        return _followed(line, voice)
    if isinstance(line, LinkLine):
        return "\n    ".join(decided_lines(line, voice.language, voice.place, unmask=voice.unmask))
    assert isinstance(line, ConflictLine | Held | Unfit)
    if isinstance(line, ConflictLine):
        said = _conflict(line, voice)
    else:
        said = _unfit(line, voice) if isinstance(line, Unfit) else _held(line, voice)
    own = reason_text(line.reason, voice.language) if line.reason and _is_new(line, told) else ""
    return "\n    ".join([*said, *([own] if own else [])])


def _is_new(line: ConflictLine | Held | Unfit, told: str) -> bool:
    """True if the sentence above a line does not say its reason, or says it with less."""
    return told.partition(":")[0] != "twice" and line.reason != told


def _followed(line: AliasLine, voice: Voice) -> str:
    text = translate(_FOLLOWED.get(line.why, _FOLLOWED["merged"]), voice.language)
    old, new = (shown_id(each, unmask=voice.unmask, most=40) for each in (line.old, line.new))
    object_ = clean(line.survivor.object, 40)
    return "= " + text.format(who=who_text(line, voice), old=old, new=new, object=object_)


def _held(line: Held, voice: Voice) -> list[str]:
    """Whom it is about, then the values another record has, or the records with where they open."""
    if is_taken(line):
        return [who_text(line, voice), *taken_lines(line, voice.language, unmask=voice.unmask)]
    records = columns([voice.place(ref) for ref in line.refs])
    return [who_text(line, voice), *records]


def _unfit(line: Unfit, voice: Voice) -> list[str]:
    value = value_text(line.value, line.field, voice)
    return [f"{who_text(line, voice)} {clean(line.field, 60)}: {value}"]


def who_text(line: Change | Held | Unfit | AliasLine, voice: Voice) -> str:
    """Whom a line is about: system, entity, id, and the name in brackets where one is known."""
    native = shown_id(getattr(line, "native_id", None) or "", unmask=voice.unmask, most=40)
    entity = words.named(words.ENTITIES, line.entity, voice.language)
    if line.system:
        told = translate("{system} {entity}", voice.language)
        entity = told.format(system=words.system_name(line.system), entity=entity)
    parts = (entity, native or line.key[:8], _called(line.key, voice))
    return " ".join(part for part in parts if part)


def _called(key: str, voice: Voice) -> str:
    """The name of a customer in brackets, "" where nobody knows one."""
    label = voice.labels.get(key)
    return f"({name_of(label, unmask=voice.unmask)})" if label else ""


def _change(change: Change, voice: Voice) -> str:
    sign, tone = ("+", "good") if change.action == "create" else ("~", "warning")
    head = painted(f"{sign} {who_text(change, voice)}", tone, colours=voice.colours)
    return "\n".join([head, *(_cell(cell, voice) for cell in change.cells)])


def _cell(cell: CellChange, voice: Voice) -> str:
    before, after = (value_text(text, cell.field, voice) for text in (cell.before, cell.after))
    why = reason_text(cell.reason, voice.language)
    return f"    {clean(cell.field, 60)}: {before} -> {after}  {why}"


def value_text(text: str | None, name: str, voice: Voice) -> str:
    """A canonical text; keys by the names of whom they mean, with their roles."""
    if text is None:
        return translate("(blank)", voice.language)
    name_or_none = called(text, voice.labels, unmask=voice.unmask)
    return name_or_none or shown_text(text, name, unmask=voice.unmask)


def _conflict(line: ConflictLine, voice: Voice) -> list[str]:
    """Whom it is about, then what each system holds, and where it can be looked at."""
    entity = words.named(words.ENTITIES, line.entity, voice.language)
    who = " ".join(part for part in (entity, line.key[:8], _called(line.key, voice)) if part)
    rows = [
        [
            f"{words.system_name(system)}:",
            value_text(text, line.field, voice),
            _open(line, system, voice),
        ]
        for system, text in sorted(line.sides.items())
    ]
    return [f"{who} {clean(line.field, 60)}", *columns(rows)]


def _open(line: ConflictLine, system: str, voice: Voice) -> str:
    """Where a side of a conflict can be opened, "" where that is not known."""
    object_, slash, id_ = line.refs.get(system, "").partition("/")
    found = voice.links(system, object_, id_) if voice.links and slash else None
    return clean(found, 200) if found else ""
