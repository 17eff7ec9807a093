"""Reads the objects of one system, in full or only what changed; either way the snapshot is complete.

    1. ask what went, which gives the cursor of this read
    2. read, and write the snapshot
    3. keep the cursor, with the run of that snapshot

Whoever is killed before 3 reads on from the older cursor over the older snapshot. A cursor without its snapshot, or
none, means a full read: nothing is ever missing, at worst more is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from crmsync.commands.columns import scratch
from crmsync.commands.workspace import Workspace
from crmsync.connectors.abilities import (
    GONE_COLUMNS,
    Changes,
    Gone,
    IncrementalConnector,
    ListingConnector,
    OnlyWhole,
    RecallingConnector,
)
from crmsync.connectors.base import Connector
from crmsync.core.extents import Extent, Wish, extent
from crmsync.errors import AccessDenied, AnswerBroken, Refused, SystemFailed, Unavailable
from crmsync.language import N_, _, current, translate_said
from crmsync.store.rows import CursorRow
from crmsync.warehouse.overlays import Delta, obstacle
from crmsync.warehouse.snapshots import Reading, Snapshot, of_run, rows_of, write_snapshot

if TYPE_CHECKING:
    import pyarrow as pa

    from crmsync.store.store import Store

Sift: TypeAlias = "Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]"
"""Leaves out of batches what is nobody's customer, and notes the ids in `left_out` of the reading."""
At: TypeAlias = Callable[[str], None]
"""Told where a read is; tests die there."""
_ATTEMPTS = 2


@dataclass(slots=True)
class Reader:
    """Reads the objects of one system, and knows by then what went from them."""

    workspace: Workspace
    store: Store
    connector: Connector
    wish: Wish = "auto"
    at: At = lambda _name: None
    extent: Extent | None = None
    gone: dict[str, pa.RecordBatch] = field(default_factory=dict)
    read_in_full: dict[str, str] = field(default_factory=dict)
    differences: dict[str, tuple[int, int]] = field(default_factory=dict)
    _cursors: dict[str, CursorRow] = field(default_factory=dict)

    def decide(self, objects: Sequence[str]) -> None:
        """Chooses how much of these is read, by what a full read costs; nothing to choose for some systems."""
        connector = self.connector
        if not isinstance(connector, IncrementalConnector):
            return
        self._cursors = self.store.cursors(connector.system)
        bases = [self._base(object_) for object_ in objects]
        cost = sum(connector.full_cost(base.manifest.rows) for base in bases if base is not None)
        rows = [row for object_, row in self._cursors.items() if object_ in objects]
        since_full = max((row.since_full for row in rows), default=0)
        self.extent = extent(self.wish, cost, connector.meter.allowed, since_full)

    def read(self, reading: Reading, fields: Sequence[str], sift: Sift) -> Snapshot:
        """One object, complete unless its manifest says otherwise.

        If changes broke off it is the older snapshot, marked as incomplete here and whole on the disk.
        """
        connector, chosen = self.connector, self.extent
        if chosen is None or not isinstance(connector, IncrementalConnector):
            return self._listed(reading, fields, sift)
        why: str = chosen.why
        if not chosen.whole:
            found = self._changed(connector, reading, fields, sift)
            if isinstance(found, Snapshot):
                return found
            self.read_in_full[reading.object] = why = found
        return self._full(connector, replace(reading, why=why), fields, sift)

    def _full(
        self, connector: IncrementalConnector, reading: Reading, fields: Sequence[str], sift: Sift
    ) -> Snapshot:
        reading.left_out.clear()
        known = self._cursors.get(reading.object)
        told = _gone(connector, reading.object, known.cursor if known else "")
        self.gone[reading.object] = told.rows
        snapshot = self._listed(reading, fields, sift)
        if snapshot.manifest.complete:
            self._keep(reading, told.cursor, 0)
        return snapshot

    def _changed(
        self, connector: IncrementalConnector, reading: Reading, fields: Sequence[str], sift: Sift
    ) -> Snapshot | str:
        """A complete snapshot of the last one and what changed, or why everything has to be read."""
        base = self._base(reading.object)
        why = obstacle(base, reading)
        if why or base is None:
            return why
        if isinstance(connector, RecallingConnector):
            connector.recall(reading.object, partial(rows_of, base))
        known = self._cursors[reading.object]
        reading = replace(reading, base=base.manifest.run, why="changes")
        try:
            for attempt in range(1, _ATTEMPTS + 1):
                reading.left_out.clear()
                before = connector.count(reading.object)
                found = connector.changes(reading.object, fields, known.cursor)
                if isinstance(found, OnlyWhole):
                    return found.reason or _("the system names no moment to go on from")
                fits = partial(_fits, before, exactly=attempt < _ATTEMPTS)
                snapshot = self._laid_over(connector, base, reading, found, fits, sift)
                if snapshot is not None:
                    self._keep(reading, found.cursor, known.since_full + 1)
                    return snapshot
        except Refused as refusal:  # of this query: that of everything is another one
            return translate_said(refusal.message)
        except (AnswerBroken, Unavailable) as error:
            self._keep(replace(reading, run=known.run_id), known.cursor, known.since_full + 1)
            return self._stale(base, error)
        return _("the system counts another number of records than are known")

    def _laid_over(
        self,
        connector: IncrementalConnector,
        base: Snapshot,
        reading: Reading,
        found: Changes,
        fits: Callable[[int, int], bool],
        sift: Sift,
    ) -> Snapshot | None:
        """The snapshot with its changes; None if the system counts another number of records.

        Records that this user sees since, or no longer, bear no stamp of it.
        """
        with scratch(self.workspace.state / "tmp") as folder:
            delta = Delta(folder, base)
            try:
                delta.gather(sift(found.live))
                gone = found.gone()
                went = set(gone.column("id").to_pylist())
                delta.without(went | reading.left_out)
                reading.left_out.update(set(base.manifest.left_out) - went)
                after = connector.count(reading.object)
                counted = delta.count() + len(reading.left_out)
                if not fits(after, counted):
                    return None
                self.differences[reading.object] = delta.differences()
                self.at("before the snapshot")
                snapshot = self._written(reading, delta.batches())
            finally:
                delta.close()
        self.gone[reading.object] = gone
        return snapshot

    def _stale(self, base: Snapshot, error: SystemFailed) -> Snapshot:
        """The older snapshot, which stays the last one; told as incomplete by whoever reads this answer."""
        self.gone[base.manifest.object] = _nothing_gone()
        return replace(base, manifest=replace(base.manifest, complete=False, problem=error.message))

    def _base(self, object_: str) -> Snapshot | None:
        known = self._cursors.get(object_)
        run = known.run_id if known else ""
        return of_run(self.workspace.state, self.connector.system, object_, run)

    def _listed(self, reading: Reading, fields: Sequence[str], sift: Sift) -> Snapshot:
        """Everything, but for who went while it was listed."""
        connector = self.connector
        batches = sift(connector.read(reading.object, fields))
        if not isinstance(connector, ListingConnector):
            return self._written(reading, batches)
        went = partial(connector.went_meanwhile, reading.object)
        return write_snapshot(self.workspace.state, reading, batches, went)

    def _written(self, reading: Reading, batches: Iterator[pa.RecordBatch]) -> Snapshot:
        return write_snapshot(self.workspace.state, reading, batches)

    def _keep(self, reading: Reading, cursor: str, since_full: int) -> None:
        """The cursor goes on only once the snapshot is on the disk."""
        self.at("before the cursor")
        row = CursorRow(reading.system, reading.object, reading.run, cursor, since_full)
        self.store.keep_cursor(row, self.workspace.now())


def _fits(before: int, after: int, counted: int, *, exactly: bool) -> bool:
    """True if as many records are known as the system counts.

    Between two counts that differ somebody who went unsaid may hide behind somebody who came. Where records come all
    the time no two counts are equal, so that is asked for once, and the second time a number between them will do.
    """
    if exactly:
        return before == counted == after
    return min(before, after) <= counted <= max(before, after)


def _gone(connector: IncrementalConnector, object_: str, since: str) -> Gone:
    """What went; nothing and no cursor where the user may not ask, for everything is read anyway."""
    try:
        return connector.gone(object_, since)
    except (Refused, AccessDenied):
        return Gone(_nothing_gone(), "")


def _nothing_gone() -> pa.RecordBatch:
    from crmsync.connectors.columns import rows_batch

    return rows_batch(GONE_COLUMNS, [])


_WHY: Mapping[str, str] = {
    "asked": N_("as asked"),
    "first": N_("it is the first time"),
    "unknown": N_("its calls of a day are not known"),
    "cheap": N_("its records take about {cost} of {allowed} calls a day"),
    "due": N_(
        "its records take about {cost} of {allowed} calls a day; the last reads were of changes only"
    ),
    "costly": N_("all its records would take about {cost} of {allowed} calls a day"),
}


def told(reader: Reader) -> str:
    """One line on how much of a system was read, and why; empty where there was nothing to choose."""
    from crmsync.reports.numbers import number

    chosen = reader.extent
    if chosen is None:
        return ""
    cost, allowed = (number(n or 0, current()) for n in (chosen.cost, chosen.allowed))
    why = _(_WHY[chosen.why]).format(cost=cost, allowed=allowed)
    if chosen.whole:
        return _("read in full ({why})").format(why=why)
    line = _("read what changed ({why})").format(why=why) + _differences(reader)
    for object_, reason in reader.read_in_full.items():
        line += "; " + _("{object} in full: {reason}").format(object=object_, reason=reason)
    return line


def _differences(reader: Reader) -> str:
    """What an incremental read found, object by object; nothing to say where no object was read so."""
    from crmsync.reports.numbers import number

    if not reader.differences:
        return ""
    said = _("{object}: {changed} new or changed, {went} gone")
    parts = [
        said.format(
            object=object_, changed=number(changed, current()), went=number(went, current())
        )
        for object_, (changed, went) in reader.differences.items()
        if changed or went
    ]
    return "; " + ("; ".join(parts) or _("nothing changed"))
