"""One customer on a terminal: every field with where it comes from, and why it is what it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from crmsync.core.planning import Held
from crmsync.core.records import ABSENT, Cell, Ref
from crmsync.core.views import CustomerView, FieldView
from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.absence_text import absence_text
from crmsync.reports.called import called
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import instant, quantity
from crmsync.reports.reasons import reason_text
from crmsync.reports.terminal import columns
from crmsync.reports.values import cell_text

_HEADS = (N_("Field"), N_("Value"), N_("From"), "")


def view_text(
    view: CustomerView,
    language: str,
    unmask: bool = False,
    labels: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The customer as a table: field, value, the system it comes from, and `!` where others disagree.

    `labels` are what customers are called whom references lead to, by key.
    """
    heads = words.translated(_HEADS, language)
    rows = [_row(field, language, labels, unmask=unmask) for field in view.fields]
    body = [f"  {line}" for line in columns([heads, *rows])]
    return "\n".join([*_head(view, language), "", *body]) + "\n"


def _head(view: CustomerView, language: str) -> list[str]:
    entity = words.named(words.ENTITIES, view.entity, language)
    refs = [f"  {_place(ref)}" for ref in view.refs]
    gone = [f"  {_place(each.ref)}: {absence_text(each, language)}" for each in view.absent]
    return [f"{entity} {clean(view.key, 24)}", *refs, *gone]


def _place(ref: Ref) -> str:
    return f"{words.system_name(ref.system)} {clean(ref.object, 40)} {clean(ref.id, 40)}"


def _shown(
    cell: Cell,
    field: str,
    language: str,
    labels: Mapping[str, str],
    *,
    unmask: bool,
    kind: str = "",
) -> str:
    """A cell, or the names of whom it refers to."""
    text = ";".join(sorted(cell)) if isinstance(cell, frozenset) else cell
    name = called(text, labels, unmask=unmask) if isinstance(text, str) else None
    return name or cell_text(cell, field, language, unmask=unmask, kind=kind)


def _row(field: FieldView, language: str, labels: Mapping[str, str], *, unmask: bool) -> list[str]:
    system = field.choice.system
    return [
        clean(field.field, 60),
        _shown(field.choice.value, field.field, language, labels, unmask=unmask),
        words.system_name(system) if system else "-",
        "! " + translate("sides differ", language) if field.disagrees else "",
    ]


def explain_text(
    view: CustomerView,
    language: str,
    field: str | None = None,
    *,
    unmask: bool = False,
    policies: Mapping[str, str] | None = None,
    times: Mapping[tuple[str, str], datetime] | None = None,
    labels: Mapping[str, str] = MappingProxyType({}),
    types: Mapping[str, str] = MappingProxyType({}),
    claims: Sequence[Held] = (),
) -> str:
    """Why each field (or the one named) is what it is: the value, the reason, what each system holds.

    `policies` are the mapping's words by field (`prefer: salesforce`), `times` when a (system, field)
    was last edited, where that is known; `labels` as for `view_text`; `types` are the fields' types, `claims` what a
    system takes no second time, told unless one field is asked for.
    What a system does not show here is counted and named in one line for it, unless one field is asked for.
    "" if the customer has no such field.
    """
    chosen = [each for each in view.fields if field is None or each.field == field]
    shown = [each for each in chosen if field is not None or not _is_hidden(each)]
    told = _Told(language, policies or {}, times or {}, labels, types, unmask)
    parts = [_explained(each, told, whole=field is not None) for each in shown]
    if field is None:
        parts.append("\n".join(_unseen(chosen, language)))
        parts += [_claimed(each, language) for each in claims]
    parts = [part for part in parts if part]
    return "\n\n".join(["\n".join(_head(view, language)), *parts]) + "\n" if parts else ""


def _claimed(line: Held, language: str) -> str:
    """Why something of this customer is not written, and the records that the system means."""
    refs = (f"    {clean(ref, 80)}" for ref in line.refs)
    return "\n".join([f"? {reason_text(line.reason, language)}", *refs])


@dataclass(frozen=True, slots=True)
class _Told:
    """How fields are explained, and what is known beside their values."""

    language: str
    policies: Mapping[str, str]
    times: Mapping[tuple[str, str], datetime]
    labels: Mapping[str, str]
    types: Mapping[str, str]
    unmask: bool


def _is_hidden(field: FieldView) -> bool:
    """True if no system shows the field here: it has no column, or may not be read."""
    return all(cell is ABSENT for cell in field.cells.values())


def _unseen(fields: Sequence[FieldView], language: str) -> Iterator[str]:
    """How many fields are not shown here, and which; those that the same systems lack on one line."""
    names: dict[tuple[str, ...], list[str]] = {}
    for each in fields:
        systems = tuple(system for system, cell in _sides(each) if cell is ABSENT)
        if systems:
            names.setdefault(systems, []).append(clean(each.field, 60))
    for systems, lacking in sorted(names.items()):
        text = quantity(
            "{systems}: {n} field is not readable here: {names}",
            "{systems}: {n} fields are not readable here: {names}",
            len(lacking),
            language,
        )
        shown = words.joined([words.system_name(system) for system in systems], language)
        yield text.format(systems=shown, names=", ".join(lacking))


def _explained(field: FieldView, told: _Told, *, whole: bool) -> str:
    language, kind = told.language, told.types.get(field.field, "")
    value = _shown(field.choice.value, field.field, language, told.labels, unmask=told.unmask)
    rows = [
        (
            words.system_name(system),
            _shown(cell, field.field, language, told.labels, unmask=told.unmask, kind=kind),
            _edited(told.times.get((system, field.field)), language),
        )
        for system, cell in _sides(field)
        if whole or cell is not ABSENT
    ]
    policy, rule = told.policies.get(field.field), translate("rule", language)
    return "\n".join(
        [
            f"{clean(field.field, 60)}: {value}",
            f"  {reason_text(field.choice.reason, language)}",
            *([f"  {rule}: {clean(policy, 80)}"] if policy else []),
            *(f"    {line}" for line in columns(rows)),
        ]
    )


def _sides(field: FieldView) -> list[tuple[str, Cell]]:
    return sorted(field.cells.items())


def _edited(moment: datetime | None, language: str) -> str:
    if moment is None:
        return ""
    return translate("edited {when}", language).format(when=instant(moment, language))
