"""The law of reading changes, for any CRM: the last snapshot under what changed is what a full read shows."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow.parquet as pq
from hypothesis import event

from apply.pairs import Pair, held_by, put_back
from crmsync.commands.pull import Pulled, pull
from crmsync.commands.workspace import STATE
from crmsync.warehouse.snapshots import Snapshot, newest

Step = tuple[str, str, int]
Shown = dict[str, Any]


class People(Protocol):
    """What people and programs do in one CRM."""

    def do(self, verb: str, object_: str, n: int) -> bool:
        """Does it; False if there is no record to do it with."""


@dataclass(frozen=True)
class Law:
    """One CRM, its objects, and the tables beside them that have to be the same."""

    system: str
    objects: tuple[str, ...]
    beside: tuple[str, ...]

    def shown(self, pair: Pair) -> Shown:
        """What the last snapshots of a workspace show."""
        names = (*self.objects, *self.beside)
        found = {name: newest(pair.workspace.state, self.system, name) for name in names}
        return {name: snapshot and rows_of(snapshot) for name, snapshot in found.items()}

    def read(self, pair: Pair, wish: Any, **more: Any) -> Pulled:
        """A pull at the CRM's own time."""
        clock = pair.servers.worlds[self.system].clock
        pair.watch.moment = max(pair.watch.moment, clock.now())
        return pull(pair.workspace, only=self.system, wish=wish, **more)

    def in_full(self, pair: Pair) -> Shown:
        """What a full read shows this moment; afterwards it is as if it had not been."""
        aside = pair.folder / "aside"
        state = pair.workspace.state
        shutil.copytree(state, aside)
        try:
            self.read(pair, "full")
            return self.shown(pair)
        finally:
            shutil.rmtree(state)
            aside.rename(state)

    def check(
        self,
        pair: Pair,
        people: People,
        rounds: Iterable[Iterable[Step]],
        counts: Callable[[Shown], Shown] = lambda found: found,
    ) -> None:
        """After every round of steps both reads show the same, of what `counts`."""
        for steps in rounds:
            for step in steps:
                event(f"{step[0]}: {people.do(*step)}")
            pulled = self.read(pair, "changes")
            assert pulled.complete
            manifests = [each.manifest for each in pulled.snapshots]
            bases = [each.base for each in manifests if each.object in self.objects]
            event(f"{sum(map(bool, bases))} of {len(bases)} objects by their changes")
            assert counts(self.shown(pair)) == counts(self.in_full(pair))


def rows_of(snapshot: Snapshot) -> list[dict[str, Any]]:
    """The rows of a snapshot, in one order."""
    parts = [pq.read_table(path) for path in snapshot.folder.glob("part-*.parquet")]
    rows = [row for part in parts for row in part.to_pylist()]
    return sorted(rows, key=lambda row: [str(row[name]) for name in sorted(row)])


def kept(desk: Pair) -> Callable[[], None]:
    """Brings back what servers and state are now."""
    held, copy = held_by(desk.servers), desk.folder / "kept"
    shutil.copytree(desk.workspace.state, copy)

    def again() -> None:
        put_back(desk.servers, held)
        shutil.rmtree(desk.folder / STATE)
        shutil.copytree(copy, desk.folder / STATE)

    return again
