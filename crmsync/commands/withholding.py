"""Lines of a plan without what a system refused before: it is told, and not sent again as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from crmsync.core.claims import (
    Claim,
    Claims,
    claimed_cells,
    held_by,
    read_claim,
    standing,
    without,
)
from crmsync.core.planning import CONSENT_LANE, CellChange, Change, Line, Settle, Unfit
from crmsync.core.records import Ref
from crmsync.core.unfitness import REFUSED
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.presence import gone_of

WHOLE_RECORD = ""
"""In place of a field: the refusal is about a record, and its value is the text of a claim."""
Values = set[tuple[str, str, str, str | None]]
"""(key, system, field, canonical text) of refused values."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """What systems refused of one entity: values they did not keep, and records they hold already."""

    values: Values
    claims: Claims


def refusals_of(refused: Values, columns: Columns) -> Refusals:
    """The refusals that still stand, of those that are kept."""
    claims: dict[tuple[str, str], list[Claim]] = {}
    for key, system, name, text in sorted(refused, key=str):
        if name == WHOLE_RECORD and text is not None:
            claims.setdefault((key, system), []).append(read_claim(text))
    seen = {ref for found in claims.values() for claim in found for ref in claim.seen}
    gone: set[Ref] = gone_of(columns, seen) if seen else set()
    values = {each for each in refused if each[2] != WHOLE_RECORD}
    return Refusals(values, standing(claims, gone.__contains__))


def without_refused(lines: Iterable[Line], refusals: Refusals) -> Iterator[Line]:
    """Lines without the cells that a system took with this very value and did not keep: those are unfit.

    Nor those of a record that it says is there already: those are held. What waited for such a cell stays
    unsettled, and nothing is said of it twice.
    """
    kept: dict[str, Change] = {}
    for line in lines:
        if isinstance(line, Change):
            claimed = claimed_cells(line, refusals.claims)
            spared = without(line, claimed)
            refused = [cell for cell in spared.cells if _is_refused(line, cell, refusals.values)]
            kept[line.id] = change = without(spared, [cell.field for cell in refused])
            if change.cells:
                yield change
            yield from held_by(line, refusals.claims)
            for cell in refused:
                yield Unfit(line.entity, line.key, line.system, cell.field, cell.after, REFUSED)
        elif isinstance(line, Settle):
            yield from _still_settling(line, kept)
        else:
            yield line


def _is_refused(change: Change, cell: CellChange, values: Values) -> bool:
    """True if this very value was not kept; never of an opt-out, which goes again, whatever was remembered of it."""
    is_opt_out = change.lane == CONSENT_LANE and cell.after == "true"
    return not is_opt_out and (change.key, change.system, cell.field, cell.after) in values


def _still_settling(line: Settle, kept: Mapping[str, Change]) -> Iterator[Settle]:
    """What can still settle once refused cells are gone, waiting for the changes as they are now."""
    owed = {
        name for name, ids in line.waits.items() if any(not _brings(kept[i], name) for i in ids)
    }
    bases = {
        system: {name: text for name, text in cells.items() if name not in owed}
        for system, cells in line.bases.items()
    }
    waits = {n: [kept[i].id for i in ids] for n, ids in line.waits.items() if n not in owed}
    if any(bases.values()):
        yield replace(line, bases={s: cells for s, cells in bases.items() if cells}, waits=waits)


def _brings(change: Change, name: str) -> bool:
    """True if a field can settle with a change: a new record settles what it was not given, too."""
    return any(cell.field == name for cell in change.cells) or (
        change.action == "create" and bool(change.cells)
    )
