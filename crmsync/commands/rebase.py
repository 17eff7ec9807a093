"""`crmsync state rebase`: begins anew knowingly, where the state was put back, copied or lost. Writes to no CRM.

What each side held when last settled is forgotten, so the next plan is a first meeting: equal values are
adopted, blanks filled, and what differs follows each field's policy for that. Opt-outs that a record shows
still win; one that only the state remembered is gone with it. Links stay: they say who is who.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmsync.commands.plan import REBASE
from crmsync.commands.sentinels import Look, looks, refuse
from crmsync.commands.workspace import Workspace
from crmsync.core.sentinel import SentinelMark
from crmsync.errors import ExitCode
from crmsync.store.rows import SentinelRow

if TYPE_CHECKING:
    from crmsync.store.rows import Forgotten
    from crmsync.store.store import Store
    from crmsync.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Counted:
    """What a system's sentinel counts, beside what our state knew; None: nothing."""

    system: str
    ours: SentinelMark | None
    theirs: SentinelMark | None


@dataclass(frozen=True, slots=True)
class Rebased:
    """What was forgotten, and which counts were taken over; `run` is empty if it was only shown."""

    run: str
    forgotten: Forgotten
    counts: tuple[Counted, ...]


def rebase(workspace: Workspace, *, really: bool, approver: str = "") -> Rebased:
    """What beginning anew forgets; it is done only if `really`.

    StateStale where a sentinel was edited: nobody can tell what it counted.
    """
    with workspace.store() as store, workspace.connectors() as connectors:
        if not really:
            found = _readable(looks(workspace, store, connectors))
            return Rebased("", store.forgettable(), _counts(found))
        with store.lease(REBASE, workspace.now()):
            found = _readable(looks(workspace, store, connectors))
            return _done(workspace, store, found, approver)


def _readable(found: Iterable[Look]) -> list[Look]:
    kept = list(found)
    for look in kept:
        if look.verdict == "edited":
            refuse(look)
    return kept


def _counts(found: Iterable[Look]) -> tuple[Counted, ...]:
    return tuple(Counted(look.system, look.known, look.mark) for look in found)


def _done(workspace: Workspace, store: Store, found: list[Look], approver: str) -> Rebased:
    """Forgets and takes over in one transaction, under a run that makes earlier plans stale."""
    run = workspace.new_run()
    store.start_run(run, REBASE, workspace.now(), approver=approver or None)
    with store.transaction() as tx:
        tx.check_fence()
        forgotten = tx.rebase(workspace.now())
        for look in found:
            _take_over(workspace, tx, look)
        tx.mark_moved(run)
    counts = {"bases": forgotten.bases, "refused": forgotten.refused, "runs": forgotten.runs}
    code = int(ExitCode.OK)
    store.finish_run(run, "done", workspace.now(), counts=counts, exit_code=code)
    return Rebased(run, forgotten, _counts(found))


def _take_over(workspace: Workspace, tx: Transaction, look: Look) -> None:
    """Our state counts on from where the system is; a record that is gone is no longer known."""
    if look.record is None or look.mark is None:
        tx.forget_sentinel(look.system)
        return
    row = SentinelRow(look.system, look.record.native_id, look.mark)
    tx.keep_sentinel(row, workspace.now())
