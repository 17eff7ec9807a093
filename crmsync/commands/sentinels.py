"""The sentinel at work: read before anything is planned or written, moved by the first write of a run.

    read     one call a system; whatever does not fit our state stops the command (StateStale)
    INTENT   on the disk, with the mark before and after, before anything is sent
    SENT     on the disk, the lease still ours
    write    the count, and nothing else
    ACKED    what the system said; no word: AMBIGUOUS
    VERIFIED read back, and our own count moved, in one transaction

Until it is VERIFIED nothing else is sent to that system. A process that dies between the write and VERIFIED
leaves the mark that its op was to bring: that fits, so the run can be resumed, and only it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from crmsync.commands.carrying import At
from crmsync.commands.workspace import Workspace
from crmsync.config.places import placed
from crmsync.connectors.abilities import SentinelConnector
from crmsync.connectors.base import Connector, WriteRequest, WriteResult
from crmsync.core.planning import CellChange, Change
from crmsync.core.sentinel import (
    ACTION,
    SentinelMark,
    SentinelRecord,
    Verdict,
    judge,
    mark_text,
    read_mark,
    sentinel_key,
    written_systems,
)
from crmsync.errors import ConfigInvalid, Problem, Refused, StateStale, SystemFailed
from crmsync.store.rows import SentinelRow, State

if TYPE_CHECKING:
    from crmsync.store.rows import Op
    from crmsync.store.store import Store

_REBASE = "or begin anew knowingly: crmsync state rebase"
_LATEST = f"Restore the state that wrote last, or write from the machine that has it; {_REBASE}"
_PUT_BACK = f"Find out who put it back and what it lost; {_REBASE}"


def guarded(
    workspace: Workspace, connectors: Mapping[str, Connector]
) -> dict[str, SentinelConnector]:
    """The connectors of systems that have a sentinel: asked for, written to, and able to hold one."""
    if not workspace.project.sentinel:
        return {}
    written = written_systems(workspace.mapping)
    return {
        system: connector
        for system, connector in sorted(connectors.items())
        if system in written and isinstance(connector, SentinelConnector)
    }


def demand_sentinels_read(workspace: Workspace, store: Store) -> None:
    """As `demand_sentinels`, over connections of its own; opens none if no sentinel was asked for."""
    if workspace.project.sentinel:
        with workspace.connectors() as connectors:
            demand_sentinels(workspace, store, connectors)


def demand_sentinels(
    workspace: Workspace, store: Store, connectors: Mapping[str, Connector]
) -> None:
    """StateStale unless every sentinel fits our state; ConfigInvalid if one was never put in.

    One call a system, none if no sentinel was asked for.
    """
    absent = []
    for look in looks(workspace, store, connectors):
        if look.verdict == "absent":
            absent.append(look.system)
        elif look.verdict != "fits":
            refuse(look)
    if absent:
        raise ConfigInvalid(placed(workspace.root, map(_never_put_in, absent)))


def _never_put_in(system: str) -> Problem:
    message = f"`sentinel: true`, but {system} has none yet"
    remedy = "put it in: crmsync footprint install -o FILE, or remove that line"
    return Problem("crmsync.yml", 0, 0, "CRM073", message, remedy, ("sentinel",))


@dataclass(frozen=True, slots=True)
class Look:
    """One sentinel as it is, beside what our state knows of it."""

    system: str
    key: str
    record: SentinelRecord | None
    known: SentinelMark | None
    verdict: Verdict

    @property
    def mark(self) -> SentinelMark | None:
        """What the record counts, None if there is none that can be read."""
        return read_mark(self.record.text) if self.record else None


def looks(
    workspace: Workspace, store: Store, connectors: Mapping[str, Connector]
) -> Iterator[Look]:
    """Every sentinel of the workspace, read now."""
    found = guarded(workspace, connectors)
    if not found:
        return
    known, underway = store.sentinels(), _underway(store)
    key = sentinel_key(workspace.project.name)
    for system, connector in found.items():
        record = connector.sentinel(key)
        mark = known[system].mark if system in known else None
        verdict = judge(mark, underway.get(system), record)
        yield Look(system, key, record, mark, verdict)


def _underway(store: Store) -> dict[str, SentinelMark]:
    """Where ops of ours that are not settled move a sentinel, by system."""
    marks = {op.system: _marks(op)[1] for op in store.open_ops() if op.action == ACTION}
    return {system: mark for system, mark in marks.items() if mark is not None}


def _marks(op: Op) -> tuple[SentinelMark | None, SentinelMark | None]:
    """The marks before and after an op of the journal."""
    from crmsync.commands.footing import change_of

    (cell,) = change_of(op).cells
    return read_mark(cell.before), read_mark(cell.after)


def refuse(look: Look) -> NoReturn:
    """StateStale in the words of a verdict."""
    message, remedy = _WORDS[look.verdict]
    told = {"system": look.system, "key": look.key, "ours": look.known, "theirs": look.mark}
    text = mark_text(look.known) if look.known else ""
    raise StateStale(message.format(**told), remedy=remedy.format(**told, text=text))


_WORDS: Mapping[Verdict, tuple[str, str]] = {
    "newer": (
        "{system} has seen run {theirs}, this state knows none after {ours}: the state was put back,"
        " or another machine writes",
        _LATEST,
    ),
    "other": (
        "{system} was last written by run {theirs}, this state says {ours}: a copy of it wrote there",
        _LATEST,
    ),
    "unknown": (
        "{system} has seen run {theirs}, this state knows of none: it was lost, or belongs to"
        " another machine",
        _LATEST,
    ),
    "older": (
        "{system} has seen no run after {theirs}, this state knows {ours}: {system} was put back",
        _PUT_BACK,
    ),
    "gone": (
        "the sentinel of {system} is gone; this state knows run {ours}",
        "Restore record {key} from the recycle bin, or put it in again: crmsync footprint install",
    ),
    "edited": (
        "the sentinel of {system} was edited: its description holds no count",
        "Open the record with key {key}, and write this into its description: {text}",
    ),
}


@dataclass(slots=True)
class Mover:
    """Moves each sentinel once a run, before the first write to its system."""

    workspace: Workspace
    store: Store
    connectors: Mapping[str, Connector]
    run: str
    at: At
    moved: set[str] = field(default_factory=set)

    def __call__(self, system: str) -> None:
        """The sentinel of a system counts this run; nothing is done the second time."""
        connector = guarded(self.workspace, self.connectors).get(system)
        if connector is None or system in self.moved:
            return
        op = self._op(system)
        if op is None or op.state != "VERIFIED":
            self._move(system, connector, op)
        self.moved.add(system)

    def _op(self, system: str) -> Op | None:
        """The op of an earlier attempt of this run, if it came that far."""
        ops = self.store.ops(self.run)
        return next((o for o in ops if o.action == ACTION and o.system == system), None)

    def _move(self, system: str, connector: SentinelConnector, op: Op | None) -> None:
        look = self._look(system)
        assert look.record is not None
        record, before = look.record, look.mark
        assert before is not None
        if op is not None and before == _marks(op)[1]:
            self._settle(op.id, system, record)
            return
        after = before.after(self.run)
        change = _change(system, look.key, record, before, after)
        self._intend(change, record, before, known=op is not None)
        self._send(change, mark_text(after))
        seen = connector.sentinel(look.key)
        if seen is None or read_mark(seen.text) != after:
            raise SystemFailed(
                f"the sentinel of {system} does not show the count that was sent",
                remedy=f"Nothing else was written there. Go on: crmsync resume {self.run}",
            )
        self._settle(change.id, system, seen)

    def _look(self, system: str) -> Look:
        """The sentinel as it is just before it is moved; another may have moved it since the check."""
        only = {system: self.connectors[system]}
        (look,) = looks(self.workspace, self.store, only)
        if look.verdict == "absent":
            raise ConfigInvalid(placed(self.workspace.root, [_never_put_in(system)]))
        if look.verdict != "fits":
            refuse(look)
        return look

    def _intend(
        self, change: Change, record: SentinelRecord, before: SentinelMark, *, known: bool
    ) -> None:
        now = self.workspace.now()
        row = SentinelRow(change.system, record.native_id, before)
        with self.store.transaction() as tx:
            tx.check_fence()
            if not known:
                tx.journal_plan(self.run, [change], now)
            image = {change.id: {ACTION: record.text}}
            tx.set_state(self.run, [change.id], "INTENT", now, pre_images=image)
            tx.keep_sentinel(row, now)
        self.at(f"after the sentinel's INTENT in {change.system}")
        with self.store.transaction() as tx:
            tx.check_fence()
            tx.set_state(self.run, [change.id], "SENT", self.workspace.now())

    def _send(self, change: Change, text: str) -> None:
        """Sends the count. Refused if the system did not take it."""
        connector = self.connectors[change.system]
        assert isinstance(connector, SentinelConnector)
        place = connector.sentinel_place
        request = WriteRequest(change.id, "update", change.native_id, None, {place.text: text})
        self.at(f"before the sentinel moves in {change.system}")
        (result,) = connector.write(change.object, [request])
        self.at(f"after the sentinel moved in {change.system}")
        self._note(change, result)

    def _note(self, change: Change, result: WriteResult) -> None:
        state = _SAID[result.outcome]
        with self.store.transaction() as tx:
            messages = {change.id: result.message} if result.message else None
            tx.set_state(self.run, [change.id], state, self.workspace.now(), messages=messages)
        self.at(f"after the sentinel's {state} in {change.system}")
        if state == "FAILED":
            raise Refused(
                f"{change.system} refuses to count this run in its sentinel: {result.message}",
                remedy=f"Let crmsync write that record, then: crmsync resume {self.run}",
            )

    def _settle(self, op: str, system: str, record: SentinelRecord) -> None:
        mark = read_mark(record.text)
        assert mark is not None
        now = self.workspace.now()
        with self.store.transaction() as tx:
            held = {op: {ACTION: record.text}}
            tx.set_state(self.run, [op], "VERIFIED", now, held=held)
            tx.keep_sentinel(SentinelRow(system, record.native_id, mark), now)
        self.at(f"after the sentinel's VERIFIED in {system}")


_SAID: Mapping[str, State] = {
    "written": "ACKED",
    "unknown": "AMBIGUOUS",
    "refused": "FAILED",
    "missing": "FAILED",
}


def _change(
    system: str, key: str, record: SentinelRecord, before: SentinelMark, after: SentinelMark
) -> Change:
    cell = CellChange(ACTION, mark_text(before), mark_text(after), ACTION)
    return Change(ACTION, 0, "", key, system, record.object, record.native_id, (cell,)).with_id()
