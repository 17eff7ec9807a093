"""One guard of the core taken away: functions that patch it in this process, through pytest's monkeypatch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

import pytest

from crmsync.core import (
    creating,
    deciding,
    drafting,
    guarding,
    matching,
    merging,
    planning,
    sides,
    times,
)
from crmsync.core.mapping import Field
from crmsync.core.merging import Outcome, Write, merge
from crmsync.core.planning import Change
from crmsync.core.policies import POLICIES, Decision
from crmsync.core.records import ABSENT, UNSET, Group, Invalid, Mark, is_observed
from crmsync.core.values import TYPES, held

Mutate = Callable[[pytest.MonkeyPatch], None]


def as_blank(*kinds: object) -> Mutate:
    """Cells of some kind are taken for blanks that were read."""

    def cell(group: Group, system: str, name: str) -> object:
        record = group.records.get(system)
        found = ABSENT if record is None else record.cells.get(name, ABSENT)
        return None if found in kinds or type(found) in kinds else found

    return lambda patch: patch.setattr(Group, "cell", cell)


def one_base(patch: pytest.MonkeyPatch) -> None:
    def base(group: Group, _system: str, name: str) -> object:
        first = sorted(group.bases)[0] if group.bases else ""
        return group.bases.get(first, {}).get(name, UNSET)

    patch.setattr(Group, "base", base)


def no_base(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Group, "base", lambda *_: UNSET)


def rule_with(**other: Any) -> Mutate:
    """Every field is merged by a rule that differs from its own."""
    plain = deciding.rule_of
    return lambda patch: patch.setattr(
        deciding, "rule_of", lambda field, margin: replace(plain(field, margin), **other)
    )


def everybody_contests(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        merging, "_contested", lambda rule, sides: [s for s in sides if s.value is not None]
    )


def policy_with(name: str, **other: Any) -> Mutate:
    """One policy with a part exchanged."""
    mutable: Any = POLICIES
    return lambda patch: patch.setitem(mutable, name, replace(POLICIES[name], **other))


def type_with(name: str, **other: Any) -> Mutate:
    """One type with a part exchanged."""
    mutable: Any = TYPES
    return lambda patch: patch.setitem(mutable, name, replace(TYPES[name], **other))


def keeps_everything(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(deciding, "keeps_of", lambda *_: merging.keeps_all)


def _unsorted(items: Any, key: object = None) -> list[Any]:
    return list(items)


def order_as_read(patch: pytest.MonkeyPatch) -> None:
    for module in (merging, deciding, sides, creating, planning, drafting):
        patch.setattr(module, "sorted", _unsorted, raising=False)


def lines_as_they_come(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(planning, "_rank", lambda _line: 0)


def after_merge(change: Callable[[Outcome, Any, Any], Outcome]) -> Mutate:
    """Every outcome is spoilt before it is planned."""

    def merged(rule: Any, sides: Any, keeps: Any = merging.keeps_all) -> Outcome:
        return change(merge(rule, sides, keeps), sides, keeps)

    return lambda patch: patch.setattr(deciding, "merge", merged)


def settled_in_conflict(outcome: Outcome, sides: Any, _keeps: Any) -> Outcome:
    held = tuple((side.system, side.cell) for side in sides if is_observed(side.cell))
    return replace(outcome, settled=held) if outcome.conflict else outcome


def all_written(outcome: Outcome, sides: Any, _keeps: Any) -> Outcome:
    done = {write.system for write in outcome.writes}
    more = [
        Write(side.system, side.cell, side.cell)
        for side in sides
        if side.writable and is_observed(side.cell) and side.system not in done
    ]
    return replace(outcome, writes=(*outcome.writes, *more))


def the_long_form_written(outcome: Outcome, sides: Any, keeps: Any) -> Outcome:
    """A field that cut the value short is written again and again."""
    short = [
        Write(side.system, side.cell, outcome.value)
        for side in sides
        if side.writable and outcome.value not in (None, side.cell) and is_observed(side.cell)
    ]
    written = {write.system for write in short}
    rest = [write for write in outcome.writes if write.system not in written]
    return replace(outcome, writes=(*rest, *short), settled=())


def one_write_less(outcome: Outcome, _sides: Any, _keeps: Any) -> Outcome:
    return replace(outcome, writes=outcome.writes[:-1])


def not_waiting(patch: pytest.MonkeyPatch) -> None:
    plain = drafting._settle

    def settle(*args: Any) -> Any:
        line = plain(*args)
        return line and replace(line, waits={})

    patch.setattr(drafting, "_settle", settle)


def sources_settle_at_once(patch: pytest.MonkeyPatch) -> None:
    """Sources forget their edit at once, and sides that rest apart are left alone."""
    not_waiting(patch)
    patch.setattr(merging, "_apart", lambda *_: [])


def archived(patch: pytest.MonkeyPatch) -> None:
    plain = drafting._updates

    def updates(entity: Any, place: int, decided: Any) -> Iterator[Change]:
        yield from plain(entity, place, decided)
        for system, record in decided.group.records.items():
            if any(isinstance(cell, Mark) for cell in record.cells.values()):
                where = (entity.entity, decided.group.key, system, record.ref.object)
                yield Change("update", place, *where, record.ref.id, ()).with_id()
                yield replace(
                    Change("update", place, *where, record.ref.id, ()), action="archive"
                ).with_id()

    patch.setattr(drafting, "_updates", updates)
    patch.setitem(planning._ACTIONS, "archive", 2)


def writes_everywhere(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Field, "writes_to", lambda _field, _system: True)


def read_only_is_written(patch: pytest.MonkeyPatch) -> None:
    plain = sides._side
    patch.setattr(sides, "_side", lambda *args: replace(plain(*args), writable=True))


def first_wins(rule: Any, _sides: Any, contested: Any) -> Decision:
    first = min(contested, key=lambda side: side.system)
    return Decision(first.value, "first")


def whole_records_count(patch: pytest.MonkeyPatch) -> None:
    """One edit makes every field of its record look edited, as a time of the whole record would."""
    plain = deciding.sides_of

    def sides_of(field: Field, group: Group, *rest: Any) -> list[Any]:
        sides = plain(field, group, *rest)
        return [replace(s, base="\0") if _touched(group, s.system) else s for s in sides]

    for module in (deciding, creating):
        patch.setattr(module, "sides_of", sides_of)


def _touched(group: Group, system: str) -> bool:
    cells, bases = group.records[system].cells, group.bases.get(system, {})
    return any(cells.get(name) != base for name, base in bases.items())


def numbered(patch: pytest.MonkeyPatch) -> None:
    numbers = count()
    patch.setattr(Change, "with_id", lambda change: replace(change, id=str(next(numbers))))


def plain_union(rule: Any, sides: Any, _contested: Any) -> Decision:
    total: frozenset[str] = frozenset().union(*(side.value or () for side in sides))
    return Decision(total or None, "union")


def optout_of_today(rule: Any, sides: Any, _contested: Any) -> Decision:
    if any(side.cell is True for side in sides):
        return Decision(True, "sticky")
    return Decision(reason="sticky", keeps_own=True)


def uncounted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(guarding, "_count_cell", lambda *_: None)


def most_common_only(patch: pytest.MonkeyPatch) -> None:
    def collapses(tally: guarding.Tally) -> dict[str, int]:
        return {
            f"{cells[0]}.{cells[1]}": times
            for cells, values in tally.new_values.items()
            for value, times in values.most_common(1)
            if len(tally.old_values[cells, value]) > guarding._DISTINCT_OLD
        }

    patch.setattr(guarding, "_collapses", collapses)


def _about_right(found: Any, allowed: Any, _limits: Any = None) -> list[Any]:
    """An override that only names the limit."""
    return [breach for breach in found if breach.limit not in allowed]


def loose_override(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("rig.crowds.still_forbidden", _about_right)


def last_ref(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(matching, "min", max, raising=False)


def nobody_seated(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(matching, "_seated", lambda _candidates: defaultdict(set))


def several_linked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(matching, "_is_one_customer", lambda _members: True)


def deaf(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(matching._Meetings, "against", lambda _self, _members: set())


def _as_read(candidates: Any, place: int) -> Mapping[str, list[Any]]:
    """The first two records that share a mark are the pair; who comes later finds nobody."""
    found: dict[str, list[Any]] = defaultdict(list)
    for each in candidates:
        if each.marks[place] is not None and len(found[each.marks[place]]) < 2:
            found[each.marks[place]].append(each)
    return {mark: each for mark, each in found.items() if matching._is_contact(each)}


def first_come(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(matching, "_buckets", _as_read)


def reach_ignored(patch: pytest.MonkeyPatch) -> None:
    def kept(field: Field, system: str, value: Any, native: Any, _reaches: Any) -> Any:
        return held(value, field.spec(system), native)

    for module in (sides, creating):
        patch.setattr(module, "kept_value", kept)


def shortened(patch: pytest.MonkeyPatch) -> None:
    plain = sides.kept_value

    def kept(field: Field, *rest: Any) -> Any:
        value = plain(field, *rest)
        return value[:7] if field.type == "reference" and isinstance(value, str) else value

    for module in (sides, creating):
        patch.setattr(module, "kept_value", kept)


def uncut(raw: str, _spec: Any) -> object:
    moment = times._instant(raw)
    return Invalid(raw) if moment is None else moment


def year_by_strftime(value: datetime) -> str:
    year = str(value.year)  # what strftime("%Y") gives with glibc for the years before 1000
    return year + value.strftime("-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"


def with_ellipsis(value: str, _spec: Any, native: Any) -> object:
    fits = native.length is None or len(value) <= native.length
    return value if fits else value[: native.length] + "…"


def of_no_use(name: str, replacement: object, module: Any = merging) -> Mutate:
    """One private guard answers always the same."""
    return lambda patch: patch.setattr(module, name, lambda *_: replacement)
