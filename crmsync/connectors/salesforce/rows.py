"""What the rows of a record should become, from what is wanted of its ties.

| wanted | done |
|---|---|
| `all` add | nothing if the contact has a row, else one without a role |
| `all` remove | every row of the contact is deleted |
| `roles` add | nothing if it has that role, else a row without one takes it, else one more row |
| `roles` remove | the rows of that role are deleted; the primary one, or the last, only loses it |
| `primary` | a row of that contact is marked, one is made if it has none; blank takes the mark away |

Asks nothing and sends nothing. Laws: the sets of the rows are those the deltas lead to; wanted again,
nothing changes; the primary mark moves only where it is written, or with its tie.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from crmsync.connectors.deltas import ALL, ROLES, read_wish
from crmsync.connectors.salesforce.ids import id18
from crmsync.connectors.salesforce.ties import PRIMARY, Row
from crmsync.core.ties import Tie, TieSet

Held: TypeAlias = tuple[Row, ...]


def with_added(rows: Held, tie: Tie) -> Held:
    """The rows with a tie, or with a role, that was not there."""
    other, role = tie
    mine = [row for row in rows if row.other == other]
    if any(row.role == role or not role for row in mine):
        return rows
    free = next((row for row in mine if not row.role), None)
    if free is None:
        return (*rows, Row("", other, role))
    return tuple(replace(row, role=role) if row is free else row for row in rows)


def with_removed(rows: Held, tie: Tie) -> Held:
    """The rows without a tie, or without a role; a role's contact stays tied, and stays primary."""
    other, role = tie
    mine = [row for row in rows if row.other == other]
    named = [row for row in mine if row.role == role] if role else mine
    kept = _kept(mine, named) if role else None
    return tuple(
        replace(row, role="") if row is kept else row
        for row in rows
        if row is kept or row not in named
    )


def _kept(mine: Sequence[Row], named: Sequence[Row]) -> Row | None:
    """The row that only loses its role."""
    only = named[0] if named and len(named) == len(mine) else None
    return next((row for row in named if row.primary), only)


def with_primary(rows: Held, other: str | None) -> Held:
    """The rows with this contact as the primary one; Salesforce takes the mark from the others."""
    if other is None:
        return tuple(replace(row, primary=False) for row in rows)
    mine = [row for row in rows if row.other == other]
    if any(row.primary for row in mine):
        return rows
    if not mine:
        return (*rows, Row("", other, primary=True))
    return tuple(replace(row, primary=True) if row is mine[0] else row for row in rows)


def _with_delta(rows: Held, text: str | None, *, roles: bool) -> Held:
    add, remove = (_with_long_ids(ties) for ties in read_wish(text, roles=roles))
    for tie in sorted(remove - add):
        rows = with_removed(rows, tie)
    for tie in sorted(add):
        rows = with_added(rows, tie)
    return rows


def _with_long_ids(ties: TieSet) -> TieSet:
    return frozenset((id18(other), role) for other, role in ties)


# In this order, which lets a new tie take its role at once, and the mark go to a tie that is new
_STEPS: Mapping[str, Callable[[Held, str | None], Held]] = {
    ALL: partial(_with_delta, roles=False),
    ROLES: partial(_with_delta, roles=True),
    PRIMARY: lambda rows, other: with_primary(rows, id18(other) if other else None),
}


def wanted(rows: Held, cells: Mapping[str, str | None]) -> Held:
    """The rows after what is wanted of them, by kind of field."""
    for kind, step in _STEPS.items():
        if kind in cells:
            rows = step(rows, cells[kind])
    return rows
