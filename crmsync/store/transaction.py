"""Several writes that are kept together or not at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import pyarrow as pa
from sqlalchemy import Connection

from crmsync.core.planning import Change
from crmsync.core.records import Ref
from crmsync.store import (
    aliases,
    bases,
    journal,
    lease,
    links,
    memory,
    rebasing,
    runs,
    sentinels,
)
from crmsync.store.rows import (
    AliasRow,
    Cells,
    DigestOf,
    Forgotten,
    Lease,
    LinkRow,
    RefusedRow,
    SentinelRow,
    State,
)


class Transaction:
    """What can be written together; made by `Store.transaction`, of no use after its block."""

    def __init__(self, connection: Connection, held: Lease | None) -> None:
        self._connection = connection
        self._lease = held

    def check_fence(self) -> None:
        """TryLater unless this store still holds the lease; nobody can take it over until the end."""
        lease.check(self._connection, self._lease)

    def journal_plan(self, run_id: str, changes: Iterable[Change], at: datetime) -> None:
        """Notes changes as PLANNED, in the order given. StoreFailed if one is noted already."""
        journal.plan(self._connection, run_id, changes, at)

    def set_state(
        self,
        run_id: str,
        op_ids: Collection[str],
        state: State,
        at: datetime,
        *,
        native_ids: Mapping[str, str] | None = None,
        pre_images: Mapping[str, Cells] | None = None,
        held: Mapping[str, Cells] | None = None,
        messages: Mapping[str, str] | None = None,
    ) -> None:
        """Moves ops to a state, with what was learnt about them by op id; the rest stays as noted.

        StoreFailed if the run has no such op.
        """
        journal.set_state(
            self._connection,
            run_id,
            op_ids,
            state,
            at,
            native_ids=native_ids,
            pre_images=pre_images,
            held=held,
            messages=messages,
        )

    def forget_base(self, entity: str, system: str, field: str, digest_of: DigestOf) -> None:
        """Takes one field of one system out of every base, as if it had never been settled there."""
        bases.forget(self._connection, entity, system, field, digest_of)

    def forget_side(
        self, entity: str, key: str, system: str, keep: Collection[str], digest_of: DigestOf
    ) -> None:
        """Takes the base of one side of a customer but for the fields to `keep`, as if it were never settled."""
        bases.forget_side(self._connection, entity, key, system, keep, digest_of)

    def move_bases(
        self, entity: str, moved: Mapping[str, Mapping[str, Cells]], digest_of: DigestOf
    ) -> None:
        """Merges {key: {system: cells}} into the bases; a field not named stays as it was."""
        bases.move(self._connection, entity, moved, digest_of)

    def adopt_bases(self, entity: str, found: Iterable[pa.RecordBatch]) -> int:
        """Takes whole bases from columns key, system, digest and values (JSON); how many.

        A base that is there is replaced; of two for one side, the later one counts.
        """
        return bases.adopt(self._connection, entity, found)

    def save_links(self, rows: Iterable[LinkRow], run_id: str, at: datetime) -> None:
        """Keeps links; one that is there already stays. StoreFailed if a record has another key."""
        links.save(self._connection, rows, run_id, at)

    def join_links(self, rows: Iterable[LinkRow], run_id: str, at: datetime) -> frozenset[Ref]:
        """Gives records another key, as two customers became one; those that had not got it yet."""
        return links.join(self._connection, rows, run_id, at)

    def save_aliases(self, rows: Iterable[AliasRow], run_id: str, at: datetime) -> frozenset[Ref]:
        """Keeps which records were merged into which, or became which; those that did not lead there yet."""
        return aliases.save(self._connection, rows, run_id, at)

    def mark_moved(self, run_id: str) -> None:
        """Makes the run the last one that moved bases or links."""
        runs.mark_moved(self._connection, run_id)

    def refuse(self, row: RefusedRow, reason: str, run_id: str) -> None:
        """Notes a value that a system would not keep; the latest reason stays."""
        memory.refuse(self._connection, row, reason, run_id)

    def forget_refused(
        self,
        entity: str,
        *,
        key: str | None = None,
        system: str | None = None,
        field: str | None = None,
    ) -> int:
        """Forgets refused values of an entity, narrowed by what is given; how many."""
        return memory.forget_refused(self._connection, entity, key, system, field)

    def keep_sentinel(self, row: SentinelRow, at: datetime) -> None:
        """Notes how far a system's sentinel is."""
        sentinels.keep(self._connection, row, at)

    def forget_sentinel(self, system: str) -> None:
        """Forgets the sentinel of a system, if one is known."""
        sentinels.forget(self._connection, system)

    def rebase(self, at: datetime) -> Forgotten:
        """Forgets bases, refused values and runs that stopped half way; links stay."""
        return rebasing.forget(self._connection, at)
