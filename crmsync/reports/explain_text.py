"""Why a customer's values are what they are: in short, or one field with all that is known of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crmsync.core.evidence import FieldEvidence, SideEvidence, Step, Written, WrittenSince
from crmsync.core.following import NeedsMerge
from crmsync.core.planning import Held
from crmsync.core.records import ABSENT, UNSET, Cell, Invalid, Ref
from crmsync.core.views import CustomerView, FieldView
from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.called import called, shown_cell
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import day, instant, quantity
from crmsync.reports.reasons import reason_text
from crmsync.reports.taken_text import Links, held_lines
from crmsync.reports.terminal import columns
from crmsync.reports.values import KINDS, shown_text
from crmsync.reports.view_text import head_lines, since_line

ROLES: Mapping[str, str] = {
    "chosen": N_("counts"),
    "same": N_("the same"),
    "part": N_("part of it"),
    "lost": N_("does not count"),
    "waits": N_("waits for a decision"),
    "stale": N_("as it was read"),
    "blank": "",
    "absent": "",
    "unread": N_("cannot count"),
    "outside": N_("outside the scope"),
}
"""What became of what a side holds."""
_WRITTEN: Mapping[tuple[str, bool], str] = {
    ("history", True): N_("written {when} or before"),
    ("history", False): N_("written {when}"),
    ("record", True): N_("written {when} or before, when the record was last changed"),
}
_NOT_KNOWN = N_("when it was written is not known")


@dataclass(frozen=True, slots=True)
class Telling:
    """How a customer is explained, and what is known beside the values.

    `policies` are the mapping's words by field (`prefer: salesforce`), `labels` what customers are called whom
    references lead to, by key; `types` are the fields' types, `claims` what a system takes no second time, `times`
    when records were last changed, `waits` the merges that it waits for; `links` open the records that they mean.
    Personal data is masked unless `unmask`.
    """

    language: str
    unmask: bool = False
    policies: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    claims: Sequence[Held] = ()
    evidence: Sequence[FieldEvidence] = ()
    times: Mapping[Ref, datetime] = field(default_factory=dict)
    links: Links | None = None
    since: Sequence[WrittenSince] = ()
    waits: Sequence[NeedsMerge] = ()

    def said(self, text: str) -> str:
        """A sentence in the reader's language."""
        return translate(text, self.language) if text else ""

    def sides(self, name: str) -> Mapping[str, SideEvidence]:
        """What is known of one field, by system."""
        found = next((each for each in self.evidence if each.field == name), None)
        return {side.ref.system: side for side in found.sides} if found else {}

    def value(self, cell: Cell, name: str) -> str:
        """A cell as it may be shown, or the names of whom it refers to."""
        kind = self.types.get(name, "")
        return shown_cell(cell, name, self.language, self.labels, unmask=self.unmask, kind=kind)


def explain_text(view: CustomerView, telling: Telling, field: str | None = None) -> str:
    """Why each field is what it is, those first on which systems differ; or all that is known of one field.

    "" if the customer has no such field.
    """
    chosen = [each for each in view.fields if each.field == field]
    parts = [*_short(view, telling)] if field is None else [_whole(e, telling) for e in chosen]
    claims = [each for each in telling.claims if field is None or field in each.values]
    parts += [_claimed(each, telling) for each in claims]
    lines = head_lines(view, telling.language, telling.times)
    lines += [since_line(each, telling.language) for each in telling.since]
    head = "\n".join([*lines, *(_waits(each, telling) for each in telling.waits)])
    return "\n\n".join([head, *parts]) + "\n" if parts else ""


def _waits(each: NeedsMerge, told: Telling) -> str:
    """That the customer waits for a person to finish a merge, and what does not wait."""
    said = told.said(
        N_(
            "  Records of two customers became {survivor} by a merge, and {others} are still apart: merge those, too. "
            "Until then only opt-outs are written, and one of any of these records goes to all of them."
        )
    )
    others = words.joined([clean(str(ref), 80) for ref in each.refs], told.language)
    return said.format(survivor=clean(str(each.survivor), 80), others=others)


def _short(view: CustomerView, told: Telling) -> Iterator[str]:
    """What needs a word, then everything else as a table, then what is not there."""
    seen = [each for each in view.fields if not _is_hidden(each)]
    open_ = [each for each in seen if _needs_a_word(each)]
    plain = [e for e in seen if e not in open_ and e.choice.value is not None]
    blank = [e for e in seen if e not in open_ and e.choice.value is None]
    yield from (_in_dispute(each, told) for each in open_)
    if plain:
        yield "\n".join(columns([_row(each, told) for each in plain]))
    last = [told.said(N_("No value: {names}")).format(names=_names(blank))] if blank else []
    last += _unseen(view.fields, told.language)
    if last:
        yield "\n".join(last)
    shown = open_ or plain
    if shown:
        how = told.said(N_("All that is known of a value: crmsync explain {key} --field {name}"))
        yield how.format(key=clean(view.key, 8).removesuffix("…"), name=clean(shown[0].field, 60))


def _needs_a_word(each: FieldView) -> bool:
    """True where systems differ, where one holds what cannot be read, and where no side holds what counts."""
    unread = any(isinstance(cell, Invalid) for cell in each.cells.values())
    return (
        each.stale
        or each.disagrees
        or unread
        or (each.choice.value is not None and not each.choice.system)
    )


def _names(fields: Sequence[FieldView]) -> str:
    return ", ".join(clean(each.field, 60) for each in fields)


def _row(each: FieldView, told: Telling) -> list[str]:
    """One line for a field on which nobody differs: its value, and who holds it."""
    names = words.joined([words.system_name(name) for name in each.holders], told.language)
    alone = N_("only {systems}") if len(each.cells) > 1 else "{systems}"
    said = told.said(alone).format(systems=names) if len(each.holders) == 1 else names
    return [clean(each.field, 60), told.value(each.choice.value, each.field), said]


def _title(each: FieldView, told: Telling) -> list[str]:
    """The value that counts, why, and the mapping's rule."""
    policy = told.policies.get(each.field)
    shown = told.value(each.choice.value, each.field)
    if each.choice.waits:
        shown = told.said(N_("waits for a person's decision; nothing is written until then"))
    return [
        f"{clean(each.field, 60)}: {shown}",
        f"  {reason_text(each.choice.reason, told.language)}",
        *_wrote(each.field, told),
        *([f"  {told.said(N_('rule'))}: {clean(policy, 80)}"] if policy else []),
    ]


def _wrote(name: str, told: Telling) -> Iterator[str]:
    """Which runs wrote a field after the last read, in which system, and from what to what."""
    said = told.said(N_("run {run} wrote it in {system}: {before} -> {after}"))
    for since in told.since:
        for cell in since.cells:
            if cell.field == name:
                before, after = (_settled(text, name, told) for text in (cell.before, cell.after))
                system = words.system_name(since.system)
                yield f"  {said.format(run=clean(since.run, 40), system=system, before=before, after=after)}"


def _settled(text: str | None, name: str, told: Telling) -> str:
    """A canonical text; keys by the names of whom they mean."""
    named = None if text is None else called(text, told.labels, unmask=told.unmask)
    return named or _quoted(text, name, told)


def _in_dispute(each: FieldView, told: Telling) -> str:
    """A field that needs a word: one line a side."""
    sides = told.sides(each.field)
    rows = [
        [
            words.system_name(system),
            told.value(cell, each.field),
            told.said(ROLES[sides[system].role]) if system in sides else "",
            _when(sides[system].written, told, whole=False) if system in sides else "",
        ]
        for system, cell in sorted(each.cells.items())
        if cell is not ABSENT
    ]
    return "\n".join([*_title(each, told), *(f"    {line}" for line in columns(rows))])


def _whole(each: FieldView, told: Telling) -> str:
    """A field with everything that is known of each side: its value, since when, and how it was read."""
    lines = _title(each, told)
    evidence = next((one for one in told.evidence if one.field == each.field), None)
    if evidence is not None and not evidence.measurable:
        said = N_("Not measurable: no system shows anything here that can be read.")
        lines.append(f"  {told.said(said)}")
    sides = told.sides(each.field)
    for system, cell in sorted(each.cells.items()):
        side = sides.get(system)
        role = told.said(ROLES[side.role]) if side else ""
        value = told.value(cell, each.field)
        lines.append("    " + "  ".join(filter(None, (words.system_name(system), value, role))))
        lines += [f"      {line}" for line in _behind(side, each.field, told)] if side else []
    return "\n".join(lines)


def _behind(side: SideEvidence, name: str, told: Telling) -> Iterator[str]:
    """When a side was written, what it held when last settled, and the way of its value."""
    if side.role in ("absent", "outside"):
        return
    yield _when(side.written, told)
    if side.base is not UNSET and side.base != side.cell and side.role != "stale":
        held = told.said(N_("when last settled it held: {value}"))
        yield held.format(value=told.value(side.base, name))
    if side.steps:
        yield " → ".join(_joined(side.steps, name, told))


def _when(written: Written | None, told: Telling, *, whole: bool = True) -> str:
    """Since when a side holds its value; `whole` says what tells it, too."""
    if written is None:
        return told.said(_NOT_KNOWN)
    shown = day if written.precision == "day" else instant
    said = _WRITTEN[written.told_by if whole else "history", written.precision == "upper_bound"]
    return told.said(said).format(when=shown(written.at, told.language))


def _joined(steps: Sequence[Step], name: str, told: Telling) -> Iterator[str]:
    """The steps in words; what is read together is one of them."""
    read = [_STEPS["read"](step, name, told) for step in steps if step.how == "read"]
    if read:
        yield " + ".join(read)
    yield from (_STEPS[step.how](step, name, told) for step in steps if step.how != "read")


def _quoted(text: str | None, name: str, told: Telling) -> str:
    if text is None:
        return told.said("(blank)")
    return f"“{shown_text(text, name, unmask=told.unmask)}”"


def _read(step: Step, name: str, told: Telling) -> str:
    """A native field with its text; the id of a user or a record is nobody's data."""
    leads = told.types.get(name) in ("owner", "reference", "references")
    text = f"“{clean(step.gives, 80)}”" if leads and step.gives else _quoted(step.gives, name, told)
    return f"{clean(step.about, 80)} {text}"


def _transform(step: Step, name: str, told: Telling) -> str:
    return f"{clean(step.about, 80)}: {_quoted(step.gives, name, told)}"


def _lookup(step: Step, name: str, told: Telling) -> str:
    said = told.said(N_("from the record it refers to ({path}): {value}"))
    return said.format(path=clean(step.about, 80), value=_quoted(step.gives, name, told))


def _home(step: Step, _name: str, told: Telling) -> str:
    said = told.said(N_("at home in {home} ({native})"))
    return said.format(home=step.gives or "?", native=clean(step.about, 80))


def _values(step: Step, name: str, told: Telling) -> str:
    if step.gives is None:
        return told.said(N_("not in the mapping's list of values"))
    return told.said(N_("list of values: {value}")).format(value=_quoted(step.gives, name, told))


def _user(step: Step, name: str, told: Telling) -> str:
    if step.gives is None:
        return told.said(N_("no user who was read"))
    return told.said(N_("user: {value}")).format(value=_quoted(step.gives, name, told))


def _leads(step: Step, name: str, told: Telling) -> str:
    if step.gives is None:
        return told.said(N_("leads to no record that was read"))
    cell = frozenset(step.gives.split(";")) if ";" in step.gives else step.gives
    return told.said(N_("leads to {value}")).format(value=told.value(cell, name))


def _parse(step: Step, name: str, told: Telling) -> str:
    kind = told.said(KINDS.get(step.about, N_("a text")))
    if step.gives is None:
        return told.said(N_("cannot be read as {kind}")).format(kind=kind)
    said = told.said(N_("read as {kind}: {value}"))
    return said.format(kind=kind, value=_quoted(step.gives, name, told))


_STEPS = {
    "read": _read,
    "transform": _transform,
    "lookup": _lookup,
    "home": _home,
    "values": _values,
    "user": _user,
    "leads": _leads,
    "parse": _parse,
}


def _is_hidden(field: FieldView) -> bool:
    """True if no system shows the field here: it has no column, or may not be read."""
    return all(cell is ABSENT for cell in field.cells.values())


def _unseen(fields: Sequence[FieldView], language: str) -> Iterator[str]:
    """How many fields are not shown here, and which; those that the same systems lack on one line."""
    names: dict[tuple[str, ...], list[str]] = {}
    for each in fields:
        systems = tuple(system for system, cell in sorted(each.cells.items()) if cell is ABSENT)
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


def _claimed(line: Held, told: Telling) -> str:
    """Why something of this customer is not written, and the records that the system means."""
    about = held_lines(line, told.language, unmask=told.unmask, links=told.links)
    return "\n".join([f"? {reason_text(line.reason, told.language)}", *(f"    {a}" for a in about)])
