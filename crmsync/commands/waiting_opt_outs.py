"""Opt-outs of people whose records wait for a merge: these do not wait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TypeGuard

from crmsync.core.deciding import decide
from crmsync.core.drafting import lines_of
from crmsync.core.mapping import Entity
from crmsync.core.planning import CONSENT_LANE, Change, Line
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.reach import Reach
from crmsync.warehouse.waiting import Waiting, consent_of

Place = tuple[str, str, str | None]


def opt_outs_that_wait(
    columns: Columns, entity: Entity, place: int, reach: Reach, margin: timedelta
) -> Iterator[Change]:
    """The opt-outs that the records of a merge lack, each change once, until every one of them has what any has.

    What goes to one record goes on from there to the others in the same plan.
    """
    consent, waiting = consent_of(entity), Waiting(columns, entity)
    for _ in range(waiting.pairs + 1):
        news = 0
        for group in waiting.groups():
            decided = decide(consent, group, columns.schemas, margin, reach, reach.outside)
            for line in lines_of(consent, place, decided):
                if _is_opt_out(line) and waiting.heed(line):
                    news += 1
                    yield replace(line, key=waiting.key_of(line)).with_id()
        if not news:
            return


def _is_opt_out(line: Line) -> TypeGuard[Change]:
    return isinstance(line, Change) and line.lane == CONSENT_LANE and line.action == "update"


def with_opt_outs(lines: Iterable[Line], waiting: Iterable[Line]) -> list[Line]:
    """The lines, and the opt-outs that none of them holds: a record's own change of consent takes them up, if any."""
    found = list(lines)
    places = {_place(line): at for at, line in enumerate(found) if _is_consent(line)}
    for line in waiting:
        if not isinstance(line, Change):
            continue
        at = places.get(_place(line))
        if at is None:
            places[_place(line)] = len(found)
            found.append(line)
        else:
            found[at] = _together(found[at], line)
    return found


def _is_consent(line: Line) -> TypeGuard[Change]:
    return isinstance(line, Change) and line.lane == CONSENT_LANE


def _place(change: Change) -> Place:
    return change.system, change.object, change.native_id


def _together(first: Line, other: Change) -> Line:
    """The first change with the cells that only the other one has."""
    assert isinstance(first, Change)
    known = {each.field for each in first.cells}
    news = tuple(each for each in other.cells if each.field not in known)
    return replace(first, cells=(*first.cells, *news)).with_id() if news else first
