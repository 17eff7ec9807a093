"""Links of a plan that people decided: the records with their names, who decided, when, and the note; text and JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from crmsync.core.mapping import DECIDED
from crmsync.core.planning import Line, LinkDecision, LinkLine
from crmsync.reports import words
from crmsync.reports.called import name_of
from crmsync.reports.cleaning import clean
from crmsync.reports.masking import scrub, shown_id
from crmsync.reports.numbers import day_text
from crmsync.reports.terminal import columns

_MOST = 300


def is_decided(line: Line) -> bool:
    """True for a link that people decided."""
    return isinstance(line, LinkLine) and line.how == DECIDED


def records_of(line: LinkLine) -> list[str]:
    """The records of a link as system/object/id, with those that were linked before, sorted."""
    said = {address for each in line.decided for address in (each.one, each.other)}
    return sorted({"/".join(ref) for ref in line.refs} | said)


Place = Callable[[str], list[str]]
"""The address of a record as it is shown, and where it can be opened; blank where that is not known."""


def decided_lines(line: LinkLine, language: str, place: Place, *, unmask: bool) -> list[str]:
    """What becomes one: the kind, a line a record with name and link, a line a decision."""
    entity = words.named(words.ENTITIES, line.entity, language)
    rows = []
    for address in records_of(line):
        shown, link = place(address)
        rows.append([shown, _called(line, address, unmask=unmask) or "", link])
    said = [_said(line, each, language, unmask=unmask) for each in line.decided]
    return [entity, *columns(rows), *said]


def _called(line: LinkLine, address: str, *, unmask: bool) -> str | None:
    name = line.names.get(address)
    return name_of(name, unmask=unmask) if name else None


def _said(line: LinkLine, each: LinkDecision, language: str, *, unmask: bool) -> str:
    """Who decided, on which day, and the note; of several decisions also about whom."""
    told = f"{_shown(each.by, line, unmask=unmask)}, {day_text(each.on, language)}"
    if each.note:
        told = f"{told}: {_shown(each.note, line, unmask=unmask)}"
    if len(line.decided) < 2:
        return told
    both = [shown_id(ref, unmask=unmask, most=80) for ref in (each.one, each.other)]
    return f"{' = '.join(both)}: {told}"


def _shown(text: str, line: LinkLine, *, unmask: bool) -> str:
    """What a person wrote, without the addresses, numbers and names of whom it is about, unless asked."""
    shown = clean(text, _MOST)
    return shown if unmask else scrub(shown, " ".join(line.names.values()))


def decided_json(lines: Iterable[Line], *, unmask: bool = False) -> list[dict[str, Any]]:
    """The same for programs: records with names and decisions of every such link."""
    return [
        {
            "entity": line.entity,
            "key": line.key,
            "records": [_record(line, each, unmask=unmask) for each in records_of(line)],
            "decided": [_decision(line, each, unmask=unmask) for each in line.decided],
        }
        for line in lines
        if isinstance(line, LinkLine) and is_decided(line)
    ]


def _record(line: LinkLine, address: str, *, unmask: bool) -> dict[str, str | None]:
    system, object_, id_ = shown_id(address, unmask=unmask).split("/", 2)
    called = _called(line, address, unmask=unmask)
    return {"system": system, "object": object_, "id": id_, "name": called}


def _decision(line: LinkLine, each: LinkDecision, *, unmask: bool) -> dict[str, str]:
    return {
        "one": shown_id(each.one, unmask=unmask),
        "other": shown_id(each.other, unmask=unmask),
        "by": _shown(each.by, line, unmask=unmask),
        "on": each.on,
        "note": _shown(each.note, line, unmask=unmask),
    }
