"""A plan on a terminal: how much it does, which limits it breaks, and some of its changes with reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmsync.core.planning import Change, Header, Label, Line, LinkLine
from crmsync.core.writers import Writer, overlaps
from crmsync.language import N_, translate
from crmsync.reports import words
from crmsync.reports.automations_text import set_off_text
from crmsync.reports.cleaning import clean
from crmsync.reports.creating_text import (
    costs_text,
    emptied_text,
    frozen_text,
    only_read_text,
    outside_text,
    unheard_text,
    unknown_owners_text,
    unreadable_text,
)
from crmsync.reports.facts import PlanCounts
from crmsync.reports.numbers import instant_text, number
from crmsync.reports.overlap_text import overlaps_text
from crmsync.reports.plan_groups import Groups, kind_of
from crmsync.reports.plan_lines import Voice
from crmsync.reports.tables import plan_rows
from crmsync.reports.taken_text import Links
from crmsync.reports.terminal import columns, painted

_LIMITS: Mapping[str, str] = {
    "creates": N_("records created"),
    "blanks": N_("values replaced by nothing"),
    "rewrites": N_("values replaced by others"),
    "collapses": N_("records given the same value"),
    "detachments": N_("associations taken away"),
    "regressions": N_("stages moved back"),
    "reopened_consent": N_("opt-outs taken back"),
    "archives": N_("records archived"),
    "shrunken": N_("objects read with far fewer records than last time"),
    "decided_links": N_("records linked because people decided so"),
}


@dataclass(slots=True)
class _Seen:
    updates: Counter[str] = field(default_factory=Counter)
    creates: Counter[str] = field(default_factory=Counter)
    rest: Counter[str] = field(default_factory=Counter)
    made: Counter[tuple[str, str]] = field(default_factory=Counter)
    groups: Groups = field(default_factory=lambda: Groups(0))
    labels: dict[str, str] = field(default_factory=dict)


def plan_counts(lines: Iterable[Line]) -> PlanCounts:
    """How much a plan does, counted in one pass over its lines."""
    return _counts(_read(lines, 0))


def plan_text(
    header: Header,
    lines: Iterable[Line],
    language: str,
    samples: int = 5,
    *,
    unmask: bool = False,
    colours: bool = False,
    kinds: Mapping[str, str] | None = None,
    writers: Sequence[Writer] = (),
    links: Links | None = None,
) -> str:
    """The plan in numbers, the limits it breaks, and its first `samples` changes, conflicts and so on, by reason.

    `kinds` says which connector each system has, to tell what creating costs; `writers` are others who write:
    what of the plan they write as well or carry on is said, too. `links` open the records that a person looks at.
    """
    kept = list(lines) if writers else lines
    seen = _read(kept, samples)
    voice = Voice(language, unmask=unmask, colours=colours, labels=seen.labels, links=links)
    parts = [
        _title(header, language),
        _numbers(seen, header, language),
        only_read_text(_counted(header, "only_read"), language),
        outside_text(_counted(header, "outside"), language),
        frozen_text(_counted(header, "frozen"), language),
        emptied_text(_counted(header, "emptied"), language),
        unreadable_text(_counted(header, "unreadable"), language),
        unknown_owners_text(_counted(header, "unknown_owner"), language),
        unheard_text(_counted(header, "unheard"), language),
        costs_text(seen.made, kinds or {}, language),
        _breaches(header.breaches, language, colours=colours),
        overlaps_text(overlaps(kept, header.names, writers), language, colours=colours),
        set_off_text(header.sets_off, language, colours=colours),
        *seen.groups.told(voice),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _read(lines: Iterable[Line], samples: int) -> _Seen:
    """One pass that keeps numbers and the first samples, however long the plan is."""
    seen = _Seen(groups=Groups(samples))
    for line in lines:
        if isinstance(line, Label):
            seen.labels[line.key] = line.text
            continue
        _count(seen, line)
        seen.groups.add(line, kind_of(line))
    return seen


def _count(seen: _Seen, line: Line) -> None:
    if isinstance(line, Change):
        (seen.creates if line.action == "create" else seen.updates)[line.system] += 1
        seen.rest["blanks"] += sum(c.before is not None and c.after is None for c in line.cells)
        seen.made[line.system, line.object] += line.action == "create"
    else:
        seen.rest["links" if isinstance(line, LinkLine) else kind_of(line)] += 1


def _counted(header: Header, what: str) -> dict[str, int]:
    """Numbers of one kind by what they are about: records outside the scope by system, say."""
    head = f"{what}."
    counts = header.counts.items()
    return {name.removeprefix(head): n for name, n in counts if name.startswith(head) and n}


def _counts(seen: _Seen) -> PlanCounts:
    rest = {name: seen.rest[name] for name in ("links", "conflicts", "blanks", "held")}
    return PlanCounts(dict(seen.updates), dict(seen.creates), **rest)


def _title(header: Header, language: str) -> str:
    title = translate("Plan {id}, made at {made_at}. Nothing was written.", language)
    made_at = instant_text(header.made_at, language)
    return title.format(id=clean(header.id or "-", 12), made_at=made_at)


_RARE: Mapping[str, str] = {
    "unfit": N_("Values a system cannot keep"),
    "unreadable": N_("Values that cannot be read"),
    "unclear": N_("Matches left to a person"),
    "taken": N_("Values that another record has already"),
    "aliases": N_("Links that follow a merge or a conversion"),
}
"""Numbers that are told only where there are any."""


def _numbers(seen: _Seen, header: Header, language: str) -> str:
    rows = [row[:2] for row in plan_rows(_counts(seen), language)]
    rare = {**seen.rest, "unreadable": sum(_counted(header, "unreadable").values())}
    for name, title in _RARE.items():
        if rare.get(name):
            rows.append((translate(title, language), number(rare[name], language)))
    if not seen.updates and not seen.creates:
        rows.insert(0, (translate("Records to write", language), number(0, language)))
    return "\n".join(f"  {line}" for line in columns(rows, right=frozenset({1})))


def _breaches(breaches: Sequence[Mapping[str, Any]], language: str, *, colours: bool) -> str:
    if not breaches:
        return ""
    title = translate("Over a limit, so it will not be applied as it is:", language)
    lines = [f"  ! {breach_text(breach, language)}" for breach in breaches]
    return "\n".join([painted(title, "error", colours=colours), *lines])


def breach_text(breach: Mapping[str, Any], language: str) -> str:
    """One limit that a plan goes over: where, by how much of what, and how much is allowed."""
    return translate("{where}: {amount} {what}, {allowed} allowed", language).format(
        where=clean(str(breach["where"]), 80),
        amount=number(breach["amount"], language),
        what=words.named(_LIMITS, str(breach["limit"]), language),
        allowed=number(breach["allowed"], language),
    )
