"""What became of one change, by what was read back after it was sent.

| an opt-out that was taken | state | said |
|---|---|---|
| is there | VERIFIED | |
| is not on the record yet, and the system confirms it elsewhere | VERIFIED | that the record is late |
| is nowhere to be seen | FAILED | that it is to be looked at; the next plan sends it again |

Other values that were taken and not kept are IGNORED, and remembered; an opt-out never is: sending it again does no
harm, and leaving it out would.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crmsync.commands.exchange import Exchange, Unreadable
from crmsync.commands.items import Item
from crmsync.commands.settling import IGNORED, REWRITTEN, UNTOUCHED, VERIFIED, Texts, outcomes
from crmsync.core.planning import CellChange, Change
from crmsync.store.rows import State

LATE = "opted out, as the system confirms, and its record does not show it yet"
UNSEEN = "the system took the opt-out and does not show it: look at the record; the next plan sends it again"
_OUT = "true"


@dataclass(frozen=True, slots=True)
class Back:
    """What a record holds after a write, what became of every cell, and what the journal says of it."""

    held: Texts
    found: dict[str, str]
    state: State
    told: str


def read_back(exchange: Exchange, item: Item, seen: Mapping[str, str | Unreadable | None]) -> Back:
    """What became of a change whose record was read back as `seen`."""
    change = item.change
    held = {name: _text(cell) for name, cell in seen.items()}
    outs = {cell.field: _OUT for cell in change.cells if _is_opt_out(exchange, change, cell)}
    late = {name: _OUT for name in outs if name in item.confirmed and held.get(name) != _OUT}
    held |= late
    found = outcomes(change, held, item.left)
    unseen = [name for name in outs if found[name] not in (VERIFIED, UNTOUCHED)]
    found |= dict.fromkeys(unseen, UNTOUCHED)
    said = [item.refusal or item.message, LATE if late else "", UNSEEN if unseen else ""]
    state = _state_of(change, found, is_refused=bool(item.refusal or unseen))
    return Back(held, found, state, "; ".join(filter(None, said)))


def _is_opt_out(exchange: Exchange, change: Change, cell: CellChange) -> bool:
    return cell.after == _OUT and exchange.field(change, cell.field).is_consent


def _text(cell: str | Unreadable | None) -> str | None:
    """What a cell holds as text; something unreadable by its raw text, which equals no planned value."""
    return f"\0{cell.raw}" if isinstance(cell, Unreadable) else cell


def _state_of(change: Change, found: Mapping[str, str], *, is_refused: bool) -> State:
    """The state of a change by the worst that became of its cells."""
    results = {found[cell.field] for cell in change.cells}
    worst: dict[str, State] = {
        UNTOUCHED: "FAILED" if is_refused else "BLOCKED",
        IGNORED: "IGNORED",
        REWRITTEN: "REWRITTEN",
    }
    return next((state for result, state in worst.items() if result in results), "VERIFIED")
