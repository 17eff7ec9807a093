"""One customer on a terminal: every field with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from crmsync.core.evidence import WrittenSince
from crmsync.core.records import Ref
from crmsync.core.views import CustomerView, FieldView
from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.absence_text import absence_text
from crmsync.reports.called import shown_cell
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import instant
from crmsync.reports.terminal import columns

_HEADS = (N_("Field"), N_("Value"), N_("From"), "")


def view_text(
    view: CustomerView,
    language: str,
    unmask: bool = False,
    labels: Mapping[str, str] = MappingProxyType({}),
    since: Sequence[WrittenSince] = (),
) -> str:
    """The customer as a table: field, value, the system it comes from, and `!` where others disagree.

    `labels` are what customers are called whom references lead to, by key; `since` is what was written after the read.
    """
    heads = words.translated(_HEADS, language)
    rows = [_row(field, language, labels, unmask=unmask) for field in view.fields]
    body = [f"  {line}" for line in columns([heads, *rows])]
    warned = [since_line(each, language) for each in since]
    return "\n".join([*head_lines(view, language), *warned, "", *body]) + "\n"


def since_line(each: WrittenSince, language: str) -> str:
    """That what is shown of a system is older than what a run wrote there."""
    said = translate(
        N_(
            "  {system} was read {when}, and run {run} has written since: {names}. Read again: crmsync pull"
        ),
        language,
    )
    return said.format(
        system=words.system_name(each.system),
        when=instant(each.read_at, language),
        run=clean(each.run, 40),
        names=", ".join(clean(name, 60) for name in each.fields),
    )


def head_lines(
    view: CustomerView, language: str, times: Mapping[Ref, datetime] = MappingProxyType({})
) -> list[str]:
    """The key and the records of a customer, those that are gone included; `times`: when they were last changed."""
    entity = words.named(words.ENTITIES, view.entity, language)
    refs = [f"  {line}" for line in columns([_changed(ref, times, language) for ref in view.refs])]
    gone = [f"  {_place(each.ref)}: {absence_text(each, language)}" for each in view.absent]
    return [f"{entity} {clean(view.key, 24)}", *refs, *gone]


def _changed(ref: Ref, times: Mapping[Ref, datetime], language: str) -> list[str]:
    said = translate(N_("last changed {when}"), language)
    return [_place(ref), said.format(when=instant(times[ref], language)) if ref in times else ""]


def _place(ref: Ref) -> str:
    return f"{words.system_name(ref.system)} {clean(ref.object, 40)} {clean(ref.id, 40)}"


def _row(field: FieldView, language: str, labels: Mapping[str, str], *, unmask: bool) -> list[str]:
    system = field.choice.system
    return [
        clean(field.field, 60),
        shown_cell(field.choice.value, field.field, language, labels, unmask=unmask),
        words.system_name(system) if system else "-",
        _remark(field, language),
    ]


def _remark(field: FieldView, language: str) -> str:
    """That sides differ, or that nobody can say since the field was written after the read."""
    if field.stale:
        return "! " + translate(N_("written after it was read"), language)
    return "! " + translate("sides differ", language) if field.disagrees else ""
