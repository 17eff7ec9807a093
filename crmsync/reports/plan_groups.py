"""Lines of a plan that say the same, told together: one sentence, how many, examples, and what helps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crmsync.core.claims import is_taken
from crmsync.core.planning import AliasLine, Change, ConflictLine, Held, Line, Unfit
from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.creating_text import unmade_text
from crmsync.reports.decided_links import is_decided
from crmsync.reports.numbers import quantity
from crmsync.reports.plan_lines import Voice, shown_line
from crmsync.reports.reasons import in_short, marks_text, reason_text
from crmsync.reports.terminal import painted

SHOWN = ("decided", "changes", "conflicts", "unclear", "taken", "unfit", "aliases", "held")
"""Kinds of lines that are told one by one: what waits for a person stands before what is only held back."""
_TWICE = "twice"
"""The group of matches that are doubtful only because one system has a customer more than once."""
_CONFLICTS = (N_("{n} conflict: {reason}"), N_("{n} conflicts: {reason}"))
_UNCLEAR = (
    N_("{n} match left to a person: {reason}"),
    N_("{n} matches left to a person: {reason}"),
)
_UNFIT = (
    N_("{n} value that a system cannot keep: {reason}"),
    N_("{n} values that a system cannot keep: {reason}"),
)
_DECIDED = (
    N_("{n} link: people decided that these records are one."),
    N_("{n} links: people decided that these records are one."),
)
_MERGES = (
    N_(
        "{n} possible merge in {system}: several records there share {field} with one of another system. If they are "
        "one customer, merge them there: then the match is clear."
    ),
    N_(
        "{n} possible merges in {system}: several records there share {field} with one of another system. If they are "
        "one customer, merge them there: then the match is clear."
    ),
)
_HELPS: Mapping[str, tuple[str, ...]] = {
    "conflicts": (
        N_("To decide one: correct it in the CRM that is wrong. The next plan finds both alike."),
        N_(
            "To decide all of a field: `on_conflict` in its mapping says who wins (docs/mapping.md)."
        ),
    ),
    "ambiguous": (
        N_(
            "Merge (or convert, if one is a lead) what is one customer, or correct what they share by mistake. The "
            "next plan matches again."
        ),
    ),
    "double": (N_("crmsync audit --select X03 says what helps."),),
    "crossed": (N_("crmsync audit --select X04 says what helps."),),
}
_MASKED = N_("Values are masked; in full: --unmask")


@dataclass(slots=True)
class Group:
    """Lines of one kind for one reason: how many, in which systems, and the first of them."""

    kind: str
    reason: str
    systems: Counter[str] = field(default_factory=Counter)
    shown: list[Line] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many lines there are."""
        return self.systems.total()


@dataclass(slots=True)
class Groups:
    """The groups of a plan, filled line by line; at most `samples` lines of each are kept.

    Groups of one kind share the samples, so that a kind with many reasons is no longer than one with a single one.
    """

    samples: int
    found: dict[tuple[str, str], Group] = field(default_factory=dict)

    def add(self, line: Line, kind: str) -> None:
        """Counts a line, and keeps it if it is one of the first."""
        if kind not in SHOWN:
            return
        reason = _reason(line)
        group = self.found.setdefault((kind, reason), Group(kind, reason))
        group.systems[getattr(line, "system", "")] += 1
        if len(group.shown) < self.samples:
            group.shown.append(line)

    def told(self, voice: Voice) -> Iterator[str]:
        """Every group in the order of `SHOWN`, the largest of a kind first."""
        ranked = sorted(
            self.found.values(),
            key=lambda each: (SHOWN.index(each.kind), -each.size, each.reason),
        )
        for group in ranked:
            same = [each for each in ranked if each.kind == group.kind]
            yield from _told(group, _Room.of(same, self.samples), voice)


@dataclass(frozen=True, slots=True)
class _Room:
    """How many lines of each group are shown, and how many samples show all lines of the kind."""

    each: int
    all: int

    @classmethod
    def of(cls, groups: Sequence[Group], samples: int) -> _Room:
        total = sum(group.size for group in groups)
        shared = samples if samples >= total else max(1, samples // len(groups))
        return cls(min(samples, shared), total)


def kind_of(line: Line) -> str:
    """What a line is counted as; what only a person can untangle has no system."""
    if isinstance(line, Held) and not line.system:
        return "unclear"
    if is_decided(line):
        return "decided"
    return "taken" if is_taken(line) else _KINDS.get(type(line), "other")


_KINDS: Mapping[type[Line], str] = {
    Change: "changes",
    AliasLine: "aliases",
    ConflictLine: "conflicts",
    Held: "held",
    Unfit: "unfit",
}


def _reason(line: Line) -> str:
    """The code that lines of one group share; changes and followed links say their own reasons."""
    if isinstance(line, Held) and (system := _twice_in(line)):
        return f"{_TWICE}:{system}:{line.reason.partition(':')[2]}"
    return in_short(line.reason) if isinstance(line, ConflictLine | Held | Unfit) else ""


def _twice_in(line: Held) -> str:
    """The one system that has a customer more than once, in records that can be merged; "" if there is none."""
    if not line.reason.startswith("ambiguous"):
        return ""
    places = Counter(tuple(ref.split("/")[:2]) for ref in line.refs)
    many = [place for place, number in places.items() if number > 1]
    systems = Counter(place[0] for place in places)
    one_each = max(systems.values(), default=0) == 1
    return many[0][0] if len(many) == 1 and one_each else ""


def _told(group: Group, room: _Room, voice: Voice) -> Iterator[str]:
    """The parts of a group: its changes one below the other, or one block under its sentence."""
    lines = [shown_line(line, voice, group.reason) for line in group.shown[: room.each]]
    left = group.size - len(lines)
    more = [_more(left, room.all, voice.language)] if lines and left else []
    head = _head(group, voice)
    if head:
        helps = [*_helps(group, voice)]
        yield "\n".join([head, *(_indented(each) for each in [*lines, *more, *helps])])
    else:
        yield from [*lines, *more]


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))


def _head(group: Group, voice: Voice) -> str:
    """The sentence of a group, "" for lines that each say their own."""
    if group.kind in ("held", "taken"):
        return "? " + unmade_text(group.reason, group.systems, voice.language)
    if group.kind == "decided":
        return "= " + quantity(*_DECIDED, group.size, voice.language)
    name, _colon, rest = group.reason.partition(":")
    if name == _TWICE:
        system, _colon, marks = rest.partition(":")
        text = quantity(*_MERGES, group.size, voice.language)
        shared = marks_text(marks, voice.language)
        return "? " + text.format(system=words.system_name(system), field=shared)
    texts = {"conflicts": _CONFLICTS, "unclear": _UNCLEAR, "unfit": _UNFIT}.get(group.kind)
    if texts is None:
        return ""
    reason = reason_text(group.reason, voice.language) if group.reason else ""
    said = quantity(*texts, group.size, voice.language).format(reason=reason)
    return _painted(group.kind, said.rstrip(": "), voice)


def _painted(kind: str, said: str, voice: Voice) -> str:
    if kind == "conflicts":
        return painted(f"! {said}", "error", colours=voice.colours)
    return f"! {said}" if kind == "unfit" else f"? {said}"


def _more(left: int, of: int, language: str) -> str:
    text = quantity(
        "… {n} more of these (--samples {of} shows it)",
        "… {n} more of these (--samples {of} shows them)",
        left,
        language,
    )
    return text.format(of=of)


def _helps(group: Group, voice: Voice) -> Iterator[str]:
    """What a person can do about a group, where its sentence does not say it."""
    name = group.reason.partition(":")[0] if group.kind == "unclear" else group.kind
    yield from (translate(each, voice.language) for each in _HELPS.get(name, ()))
    if group.kind == "conflicts" and any(_hides(line, voice) for line in group.shown):
        yield translate(_MASKED, voice.language)


def _hides(line: Line, voice: Voice) -> bool:
    """True if something of a line is masked."""
    return shown_line(line, voice) != shown_line(line, replace(voice, unmask=True))
