"""The customer view: one value a field, with the side it comes from and what the others say.

The same policies as in a sync choose the value. Where they leave it to a person, the view shows the
value of the first system in order and says that the others disagree.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from crmsync.core.absences import Absence
from crmsync.core.mapping import Entity, Field
from crmsync.core.merging import merge
from crmsync.core.policies import Rule, Side
from crmsync.core.records import Cell, Group, Invalid, Ref, Value, is_observed


@dataclass(frozen=True, slots=True)
class Choice:
    """One value, the system it comes from (None if nobody has one), and why it is this one.

    `waits`: a person has to decide, and this value is only shown until then.
    """

    value: Value | None
    system: str | None
    reason: str
    waits: bool = False


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a customer: the value chosen, and what every system holds.

    `stale`: a run wrote it after the read, so nothing is said of who differs.
    """

    field: str
    choice: Choice
    cells: Mapping[str, Cell]
    stale: bool = False

    @property
    def holders(self) -> tuple[str, ...]:
        """Systems that hold a value which can be read, in order."""
        return tuple(
            system
            for system, cell in sorted(self.cells.items())
            if is_observed(cell) and cell is not None
        )

    @property
    def disagrees(self) -> bool:
        """True if two systems hold values that differ; not asked of what was written since the read."""
        if self.stale:
            return False
        held = {cell for cell in self.cells.values() if is_observed(cell) and cell is not None}
        return len(held) > 1


@dataclass(frozen=True, slots=True)
class CustomerView:
    """Everything known about one customer, field by field in the mapping's order.

    `absent` are its linked records that are not there any more.
    """

    entity: str
    key: str
    refs: tuple[Ref, ...]
    fields: tuple[FieldView, ...]
    absent: tuple[Absence, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldStats:
    """One field over all customers: how many have a value, and what their systems hold.

    `agree` and `disagree` are held by several systems, `alone` by that one only. `sources` counts from which system
    the value comes that counts (of several that agree, the first); what it lacks of `filled` was put together.
    """

    field: str
    filled: int
    agree: int
    disagree: int
    alone: Mapping[str, int]
    sources: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ViewStats:
    """All customers of an entity: by the systems that hold them, and field by field in the mapping's order.

    `several` have more than one record in a system. `complete` False: a read broke off.
    """

    entity: str
    customers: int
    held_in: Mapping[tuple[str, ...], int]
    several: int
    fields: tuple[FieldStats, ...]
    complete: bool = True


def choose(field: Field, sides: Sequence[Side]) -> Choice:
    """The value a policy arrives at over these sides; nothing is written."""
    speaking = [side for side in sides if is_observed(side.cell)]
    holding = [side for side in speaking if side.value is not None]
    if not holding:
        return Choice(None, None, "unreadable" if _unread(sides) else "unknown")
    if field.policy == "sticky" and any(True in (side.cell, side.base) for side in speaking):
        return Choice(True, next((s.system for s in holding if s.cell is True), None), "sticky")
    if len({side.value for side in holding}) == 1:
        return Choice(holding[0].value, holding[0].system, _alike(holding, sides))
    return _chosen(field, speaking, holding)


def _alike(holding: Sequence[Side], sides: Sequence[Side]) -> str:
    """Why a value counts that nobody contradicts: they agree, or the others hold nothing that can be read."""
    if len(holding) > 1:
        return "agree"
    unread = _unread(sides)
    return f"unread:{','.join(unread)}" if unread else "alone"


def _unread(sides: Sequence[Side]) -> list[str]:
    """Systems that hold something that does not parse."""
    return [side.system for side in sides if isinstance(side.cell, Invalid)]


def _chosen(field: Field, speaking: Sequence[Side], holding: Sequence[Side]) -> Choice:
    rule = Rule(
        field.policy, field.policy_system, field.blank, tuple(field.order), timedelta(minutes=2)
    )
    outcome = merge(rule, speaking)
    if outcome.conflict or outcome.value is None:
        reason = f"disagree:{outcome.reason}"
        return Choice(holding[0].value, holding[0].system, reason, waits=outcome.conflict)
    origin = next((side.system for side in holding if side.value == outcome.value), None)
    return Choice(outcome.value, origin, outcome.reason)


def fold(entity: Entity, group: Group) -> CustomerView:
    """One group of records as one customer."""
    return CustomerView(
        entity=entity.entity,
        key=group.key,
        refs=tuple(record.ref for _, record in sorted(group.records.items())),
        fields=tuple(_field_view(field, group) for field in entity.fields),
    )


def written_since(view: CustomerView, names: Collection[str]) -> CustomerView:
    """The view with these fields marked as written after the read: their values stay, without a verdict."""
    fields = (_stale(each) if each.field in names else each for each in view.fields)
    return replace(view, fields=tuple(fields))


def _stale(each: FieldView) -> FieldView:
    choice = replace(each.choice, reason="written_since", waits=False)
    return replace(each, choice=choice, stale=True)


def _field_view(field: Field, group: Group) -> FieldView:
    sides = [
        Side(system, group.cell(system, field.field), group.base(system, field.field))
        for system in sorted(group.records)
    ]
    return FieldView(field.field, choose(field, sides), {side.system: side.cell for side in sides})
