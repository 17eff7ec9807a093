"""Single lines of a plan as a person reads them: who, what before and after, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crmsync.core.claims import is_taken
from crmsync.core.planning import AliasLine, CellChange, Change, ConflictLine, Held, Line, Unfit
from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.called import called, name_of
from crmsync.reports.cleaning import clean
from crmsync.reports.reasons import reason_text
from crmsync.reports.taken_text import taken_lines
from crmsync.reports.terminal import painted
from crmsync.reports.values import shown_text


@dataclass(frozen=True, slots=True)
class Voice:
    """How lines are told: in which language, masked or not, in colours or not, and what keys are called."""

    language: str
    unmask: bool = False
    colours: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)


_FOLLOWED: Mapping[str, str] = {
    "merged": N_("{who}: {old} was merged into {new}, and its link goes with it."),
    "converted": N_("{who}: {old} was converted into {object} {new}, and its link goes with it."),
    "joined": N_("{who}: {new} belongs to this customer now, for two became one by merges."),
}


def shown_line(line: Line, voice: Voice) -> str:
    """One line of a plan; its samples are changes, conflicts, what is held back and what does not fit."""
    if isinstance(line, Change):
        return _change(line, voice)
    if isinstance(line, ConflictLine):
        return _conflict(line, voice)
    if is_taken(line):
        told = "".join(
            f"\n    {each}" for each in taken_lines(line, voice.language, unmask=voice.unmask)
        )
        return f"? {_who(line, voice)}: {reason_text(line.reason, voice.language)}{told}"
    if isinstance(line, Held):
        refs = "".join(f"\n    {clean(ref, 80)}" for ref in line.refs)
        return f"? {_who(line, voice)}: {reason_text(line.reason, voice.language)}{refs}"
    if isinstance(line, AliasLine):
        text = translate(_FOLLOWED.get(line.why, _FOLLOWED["merged"]), voice.language)
        old, new = clean(line.old, 40), clean(line.new, 40)
        object_ = clean(line.survivor.object, 40)
        return "= " + text.format(who=_who(line, voice), old=old, new=new, object=object_)
    assert isinstance(line, Unfit)
    return _unfit(line, voice)


def _unfit(line: Unfit, voice: Voice) -> str:
    text = translate("{who}: {field} does not fit: {value}", voice.language)
    value = _value(line.value, line.field, voice)
    said = "! " + text.format(who=_who(line, voice), field=clean(line.field, 60), value=value)
    return f"{said}\n    {reason_text(line.reason, voice.language)}" if line.reason else said


def _who(line: Change | Held | Unfit | AliasLine, voice: Voice) -> str:
    native = clean(getattr(line, "native_id", None) or "", 40)
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
    head = painted(f"{sign} {_who(change, voice)}", tone, colours=voice.colours)
    return "\n".join([head, *(_cell(cell, voice) for cell in change.cells)])


def _cell(cell: CellChange, voice: Voice) -> str:
    before, after = (_value(text, cell.field, voice) for text in (cell.before, cell.after))
    why = reason_text(cell.reason, voice.language)
    return f"    {clean(cell.field, 60)}: {before} -> {after}  {why}"


def _value(text: str | None, name: str, voice: Voice) -> str:
    """A canonical text; keys by the names of whom they mean, with their roles."""
    if text is None:
        return translate("(blank)", voice.language)
    name_or_none = called(text, voice.labels, unmask=voice.unmask)
    return name_or_none or shown_text(text, name, unmask=voice.unmask)


def _conflict(line: ConflictLine, voice: Voice) -> str:
    entity = words.named(words.ENTITIES, line.entity, voice.language)
    who = " ".join(part for part in (entity, line.key[:8], _called(line.key, voice)) if part)
    head = painted(f"! {who} {clean(line.field, 60)}", "error", colours=voice.colours)
    sides = [
        f"    {words.system_name(system)}: {_value(text, line.field, voice)}"
        for system, text in sorted(line.sides.items())
    ]
    return "\n".join([head, *sides, f"    {reason_text(line.reason, voice.language)}"])
