"""What one decided customer adds to a plan, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from crmsync.core.deciding import Decided, settled_cells
from crmsync.core.following import Move
from crmsync.core.mapping import Entity
from crmsync.core.matching import Match
from crmsync.core.pair_decisions import PairDecision
from crmsync.core.planning import (
    CONSENT_LANE,
    AliasLine,
    CellChange,
    Change,
    ConflictLine,
    Held,
    Line,
    LinkDecision,
    LinkLine,
    Settle,
    Unfit,
)
from crmsync.core.records import Cell, is_observed
from crmsync.core.untying import Untied
from crmsync.core.values import text_of


def link_line(entity: str, match: Match, said: Iterable[PairDecision] = ()) -> LinkLine:
    """A match as a line of a plan; `said` are the decisions of people that it rests on."""
    refs = tuple((ref.system, ref.object, ref.id) for ref in match.refs)
    return LinkLine(entity, match.key, refs, match.how, tuple(_told(each) for each in said))


def _told(each: PairDecision) -> LinkDecision:
    return LinkDecision(str(each.one), str(each.other), each.by, each.on.isoformat(), each.note)


def alias_line(entity: str, move: Move) -> AliasLine:
    """A link that follows a merge or a conversion, as a line of a plan; a record that joins takes its own place."""
    old, new = move.old, move.new
    object_ = "" if new.object == old.object else new.object
    return AliasLine(
        entity, move.key, old.system, old.object, old.id, new.id, move.why, object_, move.anew
    )


def lines_of(entity: Entity, place: int, decided: Decided) -> Iterator[Line]:
    """Everything one decided group adds to a plan; `place` is the entity's rank among the lanes."""
    changes = [*_updates(entity, place, decided), *_creates(entity, place, decided)]
    yield from changes
    settle = _settle(entity, decided, changes)
    if settle is not None:
        yield settle
    yield from _conflicts(entity, decided)
    for seat, reason in decided.held_back:
        refs = tuple(str(each.ref) for _, each in sorted(decided.group.records.items()))
        yield Held(entity.entity, decided.group.key, seat.system, seat.object, reason, refs)
    for tie in decided.untied:
        reason = f"outside:{tie.field}"
        key = decided.group.key
        yield Held(entity.entity, key, tie.system, tie.object, reason, _ends(decided, tie))
    yield from _unfit(entity, decided)


def _ends(decided: Decided, tie: Untied) -> tuple[str, ...]:
    """The records of a tie that is not made: its own, where there is one, and the one it would lead to."""
    own = decided.group.records.get(tie.system)
    return (*([str(own.ref)] if own else []), str(tie.to))


def _updates(entity: Entity, place: int, decided: Decided) -> Iterator[Change]:
    """One update a system and lane: consent goes first, apart from everything else."""
    cells: dict[tuple[str, int], list[CellChange]] = {}
    for each in entity.synced():
        outcome = decided.outcomes[each.field]
        lane = CONSENT_LANE if each.is_consent else place
        for write in outcome.writes:
            before, after = text_of(write.before, each.type), text_of(write.after, each.type)
            change = CellChange(each.field, before, after, outcome.reason)
            cells.setdefault((write.system, lane), []).append(change)
    for (system, lane), changes in sorted(cells.items()):
        ref = decided.group.records[system].ref
        yield Change(
            "update",
            lane,
            entity.entity,
            decided.group.key,
            system,
            ref.object,
            ref.id,
            tuple(changes),
        ).with_id()


def _creates(entity: Entity, place: int, decided: Decided) -> Iterator[Change]:
    types = {each.field: each.type for each in entity.fields}
    for seat, choices in decided.creates:
        cells = tuple(
            CellChange(name, None, text_of(choice.value, types[name]), f"create:{choice.system}")
            for name, choice in choices.items()
        )
        yield Change(
            "create", place, entity.entity, decided.group.key, seat.system, seat.object, None, cells
        ).with_id()


def _settle(entity: Entity, decided: Decided, changes: Sequence[Change]) -> Settle | None:
    types = {each.field: each.type for each in entity.fields}
    bases = {
        system: {name: text_of(value, types[name]) for name, value in cells.items()}
        for system, cells in settled_cells(decided).items()
    }
    waits: dict[str, list[str]] = {}
    for change in changes:
        for cell in change.cells:
            waits.setdefault(cell.field, []).append(change.id)
    for change in changes:
        if change.action == "create":
            _add_sources(bases, waits, entity, decided, change)
    return Settle(entity.entity, decided.group.key, bases, waits) if bases else None


def _add_sources(
    bases: dict[str, dict[str, str | None]],
    waits: dict[str, list[str]],
    entity: Entity,
    decided: Decided,
    change: Change,
) -> None:
    """A created record settles the sides it was made from, blanks included, once it stands.

    A value it was not given (the seat cannot keep it) stays unsettled, or it would never be heard of again;
    where the direction keeps us from ever giving it, there is nothing to hear of.
    """
    given = {cell.field: cell.after for cell in change.cells}
    for each in entity.synced():
        if each.name_in(change.system, change.object) is None:
            continue
        outcome = decided.outcomes[each.field]
        if outcome.conflict or outcome.writes or outcome.unfit or outcome.owed:
            continue
        for system in decided.group.records:
            cell = decided.group.cell(system, each.field)
            if not is_observed(cell):
                continue
            never = each.policy == "sticky" or not each.writes_to(change.system)
            if cell is None or each.field in given or never:
                settled = _delivered(cell, given.get(each.field))
                bases.setdefault(system, {})[each.field] = _text(settled, each.type)
                if change.id not in waits.setdefault(each.field, []):
                    waits[each.field].append(change.id)


def _delivered(cell: Cell, given: str | None) -> Cell:
    """What a source is settled with: of a set, only the members that the new record was given."""
    if not isinstance(cell, frozenset) or given is None:
        return cell
    return cell & frozenset(given.split(";")) or None


def _text(cell: Cell, type_name: str) -> str | None:
    """The canonical text of an observed cell."""
    assert is_observed(cell)
    return text_of(cell, type_name)


def _conflicts(entity: Entity, decided: Decided) -> Iterator[ConflictLine]:
    group = decided.group
    refs = {
        system: f"{record.ref.object}/{record.ref.id}" for system, record in group.records.items()
    }
    for each in entity.synced():
        outcome = decided.outcomes[each.field]
        if outcome.conflict:
            sides = {
                system: _text(group.cell(system, each.field), each.type)
                for system in sorted(group.records)
                if is_observed(group.cell(system, each.field))
            }
            yield ConflictLine(entity.entity, group.key, each.field, sides, refs, outcome.reason)


def _unfit(entity: Entity, decided: Decided) -> Iterator[Unfit]:
    for each in entity.synced():
        outcome = decided.outcomes[each.field]
        for system in outcome.unfit:
            value = text_of(outcome.value, each.type)
            why = decided.unfit.get((system, each.field), "")
            yield Unfit(entity.entity, decided.group.key, system, each.field, value, why)
