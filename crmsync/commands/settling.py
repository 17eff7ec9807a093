"""Which bases move, and when: only to what a system was seen to hold.

| a write was | its own base | the bases of the other sides |
|---|---|---|
| verified | moves to what was read back | move, once every write of the field is verified or rewritten |
| rewritten by the CRM | stays | move |
| ignored, refused, blocked, dropped | stays | stay |
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from crmsync.core.digests import digest_of
from crmsync.core.planning import CellChange, Change, Line, Settle

Texts: TypeAlias = dict[str, str | None]
Moves: TypeAlias = dict[str, dict[str, dict[str, Texts]]]
"""{entity: {key: {system: {field: text}}}}"""

VERIFIED, REWRITTEN, IGNORED, UNTOUCHED = "verified", "rewritten", "ignored", "untouched"
_ARRIVED = (VERIFIED, REWRITTEN)


def base_digest(_entity: str, _system: str, values: Mapping[str, str | None]) -> str:
    """The digest of a base, as the store asks for it."""
    return digest_of(values)


def outcome(cell: CellChange, held: Mapping[str, object]) -> str:
    """What became of one cell that was sent, by what was read back."""
    if cell.field not in held:
        return UNTOUCHED
    if held[cell.field] == cell.after:
        return VERIFIED
    return IGNORED if held[cell.field] == cell.before else REWRITTEN


def outcomes(
    change: Change, held: Mapping[str, str | None], left: Collection[str] = ()
) -> dict[str, str]:
    """What became of every cell of a change; `left` are fields that were not sent, or were refused.

    A new record is verified in the cells nobody wrote, too.
    """
    rest = dict.fromkeys(held, VERIFIED) if change.action == "create" else {}
    found = {cell.field: outcome(cell, held) for cell in change.cells}
    missed = {name: UNTOUCHED for name in left if found.get(name) != VERIFIED}
    return {**rest, **found, **missed}


@dataclass(slots=True)
class Settlement:
    """The settle lines of a plan, and what is known of the writes they wait for."""

    lines: dict[tuple[str, str], Settle] = field(default_factory=dict)
    seen: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Settlement:
        """The settlement of a plan."""
        return cls({(line.entity, line.key): line for line in lines if isinstance(line, Settle)})

    def note(self, change: Change, found: Mapping[str, str]) -> None:
        """Remembers what became of the cells of one change."""
        self.seen |= {(change.id, name): result for name, result in found.items()}

    def at_once(self) -> Moves:
        """Bases of fields that nothing is written for."""
        moves: Moves = {}
        for (entity, key), line in self.lines.items():
            for system, cells in line.bases.items():
                ready = {name: text for name, text in cells.items() if name not in line.waits}
                if ready:
                    moves.setdefault(entity, {}).setdefault(key, {})[system] = ready
        return moves

    def after(
        self, change: Change, found: Mapping[str, str], held: Mapping[str, str | None]
    ) -> dict[str, Texts]:
        """Bases of one customer that move now that this change is known: {system: {field: text}}."""
        self.note(change, found)
        line = self.lines.get((change.entity, change.key))
        waits = line.waits if line else {}
        written = {cell.field for cell in change.cells}
        moves: dict[str, Texts] = {}
        for name, result in found.items():
            if result == VERIFIED and (name in written or name in waits):
                moves.setdefault(change.system, {})[name] = held[name]
            for system, text in self._others(change, name):
                moves.setdefault(system, {})[name] = text
        return moves

    def _others(self, change: Change, name: str) -> Iterable[tuple[str, str | None]]:
        line = self.lines.get((change.entity, change.key))
        if line is None:
            return
        writes = line.waits.get(name, ())
        if all(self.seen.get((id_, name)) in _ARRIVED for id_ in writes):
            for system, cells in line.bases.items():
                if name in cells:
                    yield system, cells[name]
