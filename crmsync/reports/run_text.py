"""What a run wrote, record by record: whom, which field from what to what, and how it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crmsync.core.planning import CellChange, Change
from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.cleaning import clean
from crmsync.reports.masking import scrub
from crmsync.reports.numbers import number, quantity
from crmsync.reports.plan_lines import Voice, value_text, who_text
from crmsync.reports.terminal import columns

OUTCOMES: Mapping[str, str] = {
    "VERIFIED": N_("written and read back"),
    "REWRITTEN": N_("written, and the system made something else of it"),
    "IGNORED": N_("sent, and the system kept what it had"),
    "FAILED": N_("not written: the system refused it"),
    "BLOCKED": N_("not written yet: something it needs is missing"),
    "DROPPED": N_("not written: no longer to be done"),
    "AMBIGUOUS": N_("not known yet whether it was written"),
    "INTENT": N_("begun; not known yet whether it was written"),
    "SENT": N_("sent; not known yet whether it was written"),
    "ACKED": N_("taken by the system, and not read back yet"),
    "PLANNED": N_("not begun"),
}
"""What became of a record, by its state in the journal."""
_WELL = "VERIFIED"
_KEPT_OTHERWISE = ("REWRITTEN", "IGNORED")
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Written:
    """A change, the record it went to, its state in the journal, what was said of it, what it held after and before."""

    change: Change
    native_id: str | None
    state: str
    message: str = ""
    held: Mapping[str, str | None] = field(default_factory=dict)
    before: Mapping[str, str | None] = field(default_factory=dict)

    def scrubbed(self, name: str) -> str:
        """What was said of it, with the customer's name and every value of the record masked that is masked beside."""
        cells = [
            (cell.field, text) for cell in self.change.cells for text in (cell.before, cell.after)
        ]
        return scrub(self.message, name, [*cells, *self.held.items(), *self.before.items()])


def run_text(title: str, written: Sequence[Written], language: str) -> str:
    """The title of a run, and how many records ended how."""
    if not written:
        return "\n".join([title, translate("No record of a customer was written.", language)])
    ended = Counter(each.state for each in written).most_common()
    rows = [[number(n, language), words.named(OUTCOMES, state, language)] for state, n in ended]
    return "\n".join([title, *(f"  {line}" for line in columns(rows, right=frozenset({0})))])


def written_text(written: Sequence[Written], voice: Voice, limit: int) -> Iterator[str]:
    """At most `limit` records, first those that did not end well, then in the order of the plan."""
    ranked = sorted(written, key=lambda each: each.state == _WELL)
    yield from (_record(each, voice) for each in ranked[:limit])
    if len(ranked) > limit:
        text = quantity(
            "… {n} more record (--limit {of} shows it)",
            "… {n} more records (--limit {of} shows them)",
            len(ranked) - limit,
            voice.language,
        )
        yield text.format(of=len(ranked))


def _record(each: Written, voice: Voice) -> str:
    change = replace(each.change, native_id=each.native_id or each.change.native_id)
    sign = "+" if change.action == "create" else "~"
    outcome = words.named(OUTCOMES, each.state, voice.language)
    lines = [f"{sign} {who_text(change, voice)}: {outcome}"]
    lines += [f"    {_cell(cell, each, voice)}" for cell in change.cells]
    return "\n".join([*lines, *(f"    {said}" for said in _beside(each, change, voice))])


def _cell(cell: CellChange, each: Written, voice: Voice) -> str:
    before, after = (value_text(text, cell.field, voice) for text in (cell.before, cell.after))
    said = f"{clean(cell.field, 60)}: {before} -> {after}"
    held = each.held.get(cell.field, cell.after)
    if each.state not in _KEPT_OTHERWISE or held == cell.after:
        return said
    kept = translate("it holds {value}", voice.language)
    return f"{said}  ({kept.format(value=value_text(held, cell.field, voice))})"


def _beside(each: Written, change: Change, voice: Voice) -> Iterator[str]:
    """What was said of a record, and where it opens if it did not end well."""
    name = voice.labels.get(change.key, "")
    message = clean(each.message if voice.unmask else each.scrubbed(name), _LONGEST)
    if message:
        yield message
    ref = (change.system, change.object, change.native_id or "")
    if each.state != _WELL and voice.links and all(ref) and (found := voice.links(*ref)):
        yield clean(found, 200)
