"""The state database: links, bases, runs, journal, findings and what is remembered of the systems.

    with open_store("sqlite:///.crmsync/state.db") as store:
        with store.lease("sync on host-1", now), store.transaction() as tx:
            tx.check_fence()
            tx.set_state(run, [op], "INTENT", now)

Everything a block writes is on the disk when the block ends, or none of it. Instants are given by the
caller. Every method raises StoreFailed if the database cannot be used and TryLater if it is in use.
Must not know: what is decided about a record.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from types import TracebackType
from typing import Self

import pyarrow as pa
from sqlalchemy import Connection, Engine

from crmsync.core.auditing import Finding
from crmsync.core.planning import Change
from crmsync.core.records import Ref
from crmsync.store import (
    aliases,
    bases,
    cursors,
    findings,
    fingerprint,
    journal,
    lease,
    links,
    memory,
    rebasing,
    runs,
    scores,
    sentinels,
)
from crmsync.store.engine import make_engine, read_url, reading, shown, writing
from crmsync.store.rows import (
    AliasRow,
    CursorRow,
    Forgotten,
    KeptLink,
    KeptScore,
    Lease,
    Op,
    RunRow,
    SentinelRow,
    State,
    Status,
)
from crmsync.store.schema import bring_up
from crmsync.store.transaction import Transaction


def open_store(url: str) -> Store:
    """The store at `sqlite:///PATH` or `postgresql+psycopg://...`, made or migrated if need be.

    StoreFailed if it cannot be opened, is damaged, or was written by a newer crmsync.
    """
    address = read_url(url)
    where = shown(address)
    engine = make_engine(address)
    try:
        bring_up(engine, where)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine)


class Store:
    """An open state database; close it, or use it as a context manager."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lease: Lease | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Gives back the connections. The store is of no use afterwards."""
        self._engine.dispose()

    @contextmanager
    def lease(self, holder: str, at: datetime) -> Iterator[Lease]:
        """The right to write for the time of the block. TryLater names who holds it."""
        with lease.take(self._engine, holder, at) as taken:
            self._lease = taken
            try:
                yield taken
            finally:
                self._lease = None

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A block whose writes are kept together, on the disk when it ends, or not at all."""
        with self._writing() as connection:
            yield Transaction(connection, self._lease)

    def _writing(self) -> AbstractContextManager[Connection]:
        return writing(self._engine)

    def _reading(self) -> AbstractContextManager[Connection]:
        return reading(self._engine)

    # Links and bases

    def links(self, entity: str) -> pa.Table:
        """Every link of an entity: text columns key, system, object and native_id, in no order."""
        with self._reading() as connection:
            return links.read(connection, entity)

    def links_of(self, entity: str, keys: Sequence[str]) -> dict[str, list[Ref]]:
        """The records of each key that has any, sorted."""
        with self._reading() as connection:
            return links.of_keys(connection, entity, keys)

    def link_keys(self, entity: str, who: str, shortest: int = 8) -> list[str]:
        """Keys whose record has this native id, now or once, or that begin with `who` if it is long enough."""
        with self._reading() as connection:
            return links.keys_like(connection, entity, who, shortest)

    def first_keys(self, entity: str, limit: int) -> list[str]:
        """The first keys of an entity that have a record, in order."""
        with self._reading() as connection:
            return links.first_keys(connection, entity, limit)

    def kept_links(self, entity: str, keys: Sequence[str]) -> list[KeptLink]:
        """Every record of these keys with rule, run, date and approver, by key and record."""
        with self._reading() as connection:
            return links.kept(connection, entity, keys)

    def aliases_of(self, entity: str, keys: Sequence[str]) -> dict[str, list[AliasRow]]:
        """What was merged away from these keys, by key."""
        with self._reading() as connection:
            return aliases.of_keys(connection, entity, keys)

    def link_of(self, ref: Ref) -> tuple[str, str] | None:
        """Entity and key of a record, None if it is not linked."""
        with self._reading() as connection:
            return links.of_ref(connection, ref)

    def created(self) -> dict[tuple[str, str], int]:
        """How many records we created and still know, by system and object."""
        with self._reading() as connection:
            return links.created(connection)

    def base_digests(self, entity: str) -> Generator[pa.RecordBatch, None, None]:
        """Columns key, system and digest of every base, a part at a time, in no order.

        They are of one moment. Close the generator if it is given up half way.
        """
        with self._reading() as connection:
            yield from bases.digests(connection, entity)

    def bases_of(
        self, entity: str, keys: Sequence[str]
    ) -> dict[str, dict[str, dict[str, str | None]]]:
        """{key: {system: {field: canonical text}}} of the keys that have a base."""
        with self._reading() as connection:
            return bases.of_keys(connection, entity, keys)

    def bases_holding(
        self, entity: str, texts: Mapping[str, str]
    ) -> Generator[pa.RecordBatch, None, None]:
        """`key` and `values` (JSON) of every base that holds one of {field: canonical text}, a part at a time."""
        with self._reading() as connection:
            yield from bases.holding(connection, entity, texts)

    # Runs

    def start_run(
        self,
        run_id: str,
        verb: str,
        at: datetime,
        *,
        plan_id: str | None = None,
        approver: str | None = None,
        note: str = "",
    ) -> None:
        """Notes a run as running. StoreFailed if the id is taken."""
        with self._writing() as connection:
            runs.start(connection, run_id, verb, at, plan_id=plan_id, approver=approver, note=note)

    def resume_run(self, run_id: str) -> None:
        """Notes that a run goes on. StoreFailed if there is none of that id."""
        with self._writing() as connection:
            runs.resume(connection, run_id)

    def finish_run(
        self,
        run_id: str,
        status: Status,
        at: datetime,
        *,
        counts: Mapping[str, int],
        exit_code: int,
        calls: Mapping[str, int] | None = None,
    ) -> None:
        """Notes how a run ended; `calls` by system. StoreFailed if there is none of that id."""
        with self._writing() as connection:
            runs.finish(
                connection,
                run_id,
                status,
                at,
                counts=counts,
                exit_code=exit_code,
                calls=calls or {},
            )

    def runs(self, limit: int = 50) -> list[RunRow]:
        """The latest runs, newest first."""
        with self._reading() as connection:
            return runs.latest(connection, limit)

    def run(self, run_id: str) -> RunRow | None:
        """The run of that id, None if there is none."""
        with self._reading() as connection:
            return runs.of_id(connection, run_id)

    def unfinished_runs(self) -> list[RunRow]:
        """Runs that stopped, or may have, with ops still to do or to look after; oldest first."""
        with self._reading() as connection:
            return runs.unfinished(connection)

    def fence(self) -> int:
        """How often the right to write was taken: whoever wrote since has raised it."""
        with self._reading() as connection:
            return lease.fence(connection)

    def base_serial(self) -> str:
        """The id of the last run that moved bases or links, empty if none did."""
        with self._reading() as connection:
            return runs.base_serial(connection)

    def moves(self) -> int:
        """How often bases or links were moved: one run moves them many times, and a resumed one goes on."""
        with self._reading() as connection:
            return runs.moves(connection)

    # Journal and findings

    def journal_plan(self, run_id: str, changes: Iterable[Change], at: datetime) -> None:
        """Notes changes as PLANNED, in the order given. StoreFailed if one is noted already."""
        with self._writing() as connection:
            journal.plan(connection, run_id, changes, at)

    def ops(self, run_id: str, states: Sequence[State] | None = None) -> list[Op]:
        """The ops of a run in the order of its plan, all or those in some states."""
        with self._reading() as connection:
            return journal.of_run(connection, run_id, states)

    def told_ops(self, run_id: str) -> list[Op]:
        """The ops of a run of which something is said, in the order of its plan."""
        with self._reading() as connection:
            return journal.told_of(connection, run_id)

    def open_ops(self) -> list[Op]:
        """Ops of any run whose end is not known, oldest run first, in the order of its plan."""
        with self._reading() as connection:
            return journal.open_ops(connection)

    def written_since(self, entity: str, key: str, system: str, run: str) -> list[Op]:
        """What runs after this one wrote to a customer's record in a system, oldest first."""
        with self._reading() as connection:
            return journal.written_since(connection, entity, key, system, run)

    def counts(self, run_id: str) -> dict[State, int]:
        """How many changes of a run are in each state that has any, by name; a sentinel is no change."""
        with self._reading() as connection:
            return journal.counts(connection, run_id)

    def save_findings(self, run_id: str, found: Iterable[Finding]) -> None:
        """Adds findings to those of the run, in the order given. StoreFailed if no such run."""
        with self._writing() as connection:
            findings.save(connection, run_id, found)

    def findings(self, run_id: str, audit: str | None = None) -> list[Finding]:
        """The findings of a run, or of one of its audits, in the order in which they were saved."""
        with self._reading() as connection:
            return findings.of_run(connection, run_id, audit)

    def save_score(self, score: KeptScore) -> None:
        """Notes the score of a run. StoreFailed if there is no such run, or it has one."""
        with self._writing() as connection:
            scores.save(connection, score)

    def scores(self, basis: str, before: datetime, limit: int = 11) -> list[KeptScore]:
        """The last scores of that basis before an instant, oldest first."""
        with self._reading() as connection:
            return scores.latest(connection, basis, before, limit)

    # What is remembered of the systems

    def pinned(self, system: str) -> str | None:
        """The id of the org or portal that a system is pinned to, None if it is not."""
        with self._reading() as connection:
            return memory.pinned(connection, system)

    def pin(self, system: str, id_: str, at: datetime) -> None:
        """Pins a system to an org or portal, also if it was pinned to another."""
        with self._writing() as connection:
            memory.pin(connection, system, id_, at)

    def seen_fields(self, system: str, object_: str) -> set[str]:
        """Native fields of an object that some read was allowed to see."""
        with self._reading() as connection:
            return memory.seen_fields(connection, system, object_)

    def see_fields(self, system: str, object_: str, fields: Iterable[str], at: datetime) -> None:
        """Notes fields as seen; those seen before keep their date."""
        with self._writing() as connection:
            memory.see_fields(connection, system, object_, fields, at)

    def refused(self, entity: str) -> set[tuple[str, str, str, str | None]]:
        """(key, system, field, canonical text) of every value that was refused."""
        with self._reading() as connection:
            return memory.refused(connection, entity)

    def sentinels(self) -> dict[str, SentinelRow]:
        """How far every sentinel is known, by system."""
        with self._reading() as connection:
            return sentinels.known(connection)

    def cursors(self, system: str) -> dict[str, CursorRow]:
        """Up to where the objects of a system were read, by object."""
        with self._reading() as connection:
            return cursors.known(connection, system)

    def keep_cursor(self, row: CursorRow, at: datetime) -> None:
        """Notes up to where an object was read; a blank cursor is forgotten."""
        with self._writing() as connection:
            cursors.keep(connection, row, at)

    def forgettable(self) -> Forgotten:
        """What a rebase would forget."""
        with self._reading() as connection:
            return rebasing.count(connection)

    def digest(self) -> str:
        """One text for links, aliases, bases, journal, refused, identity and sentinel, whatever their order.

        Equal states have equal digests on both databases.
        """
        with self._reading() as connection:
            return fingerprint.of_state(connection)
