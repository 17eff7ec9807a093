"""The tables of the state database. Nobody outside `crmsync.store` may import them.

Texts are unbounded, JSON is text, and instants are text too: ISO 8601 in UTC with microseconds, so that
both databases keep, compare and give back the same. A change here needs a migration; a test compares.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Dialect, ForeignKey, Index, MetaData, String, Table, TypeDecorator
from sqlmodel import Field, SQLModel

VERSION_TABLE = "crmsync_version"
METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as text of one width, given back in UTC. ValueError if it has no zone."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """The instant as text."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """The text as an instant."""
        return None if value is None else datetime.fromisoformat(value)


class StoreTable(SQLModel):
    """What the tables share: a catalogue of their own, apart from that of a host program."""

    metadata = METADATA


class Run(StoreTable, table=True):
    """One run. `moved` orders the runs that moved bases or links, by their last move; 0 is none."""

    id: str = Field(primary_key=True)
    verb: str
    status: str
    started_at: datetime = Field(sa_type=Instant, index=True)
    finished_at: datetime | None = Field(sa_type=Instant)
    plan_id: str | None
    approver: str | None
    note: str
    counts: str
    calls: str
    exit_code: int | None
    moved: int = Field(index=True)


class Link(StoreTable, table=True):
    """One record of one system belongs to one key."""

    __table_args__ = (Index(None, "entity", "key"),)

    system: str = Field(primary_key=True)
    object: str = Field(primary_key=True)
    native_id: str = Field(primary_key=True)
    entity: str
    key: str
    how: str
    run_id: str
    at: datetime = Field(sa_type=Instant)


class Alias(StoreTable, table=True):
    """A record that was merged away and the one in its place, of the same system.

    `new_object` is blank where both are of the same object.
    """

    system: str = Field(primary_key=True)
    object: str = Field(primary_key=True)
    old_id: str = Field(primary_key=True)
    new_id: str
    entity: str
    why: str
    run_id: str
    at: datetime = Field(sa_type=Instant)
    new_object: str = Field(sa_column_kwargs={"server_default": ""})


class Base(StoreTable, table=True):
    """What one side held when last settled; `values` is a JSON object {field: text or null}."""

    entity: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    system: str = Field(primary_key=True)
    digest: str
    values: str


class Journal(StoreTable, table=True):
    """One change of a run's plan and what became of it."""

    __table_args__ = (Index(None, "state"), Index(None, "run_id", "seq"))

    run_id: str = Field(primary_key=True, sa_column_args=[ForeignKey("run.id")])
    op_id: str = Field(primary_key=True)
    seq: int
    change: str
    entity: str
    key: str
    system: str
    object: str
    action: str
    native_id: str | None
    state: str
    pre_image: str | None
    held: str | None
    message: str
    at: datetime = Field(sa_type=Instant)


class FindingRow(StoreTable, table=True):
    """One row an audit objected to, in the order in which the run reported it."""

    __tablename__ = "finding"

    run_id: str = Field(primary_key=True, sa_column_args=[ForeignKey("run.id")])
    seq: int = Field(primary_key=True)
    audit: str
    severity: str
    entity: str
    system: str | None
    object: str | None
    id: str | None
    key: str | None
    field: str | None
    detail: str | None
    amount: float | None


class ScoreTable(StoreTable, table=True):
    """The score of an audit run; `basis` says what it was made of, and only scores of one basis are compared."""

    __tablename__ = "score"

    run_id: str = Field(primary_key=True, sa_column_args=[ForeignKey("run.id")])
    basis: str
    at: datetime = Field(sa_type=Instant)
    overall: float


class Identity(StoreTable, table=True):
    """The org or portal that a system is pinned to."""

    system: str = Field(primary_key=True)
    id: str
    at: datetime = Field(sa_type=Instant)


class SeenField(StoreTable, table=True):
    """A native field that a read was once allowed to see, and when first."""

    __tablename__ = "seen_field"

    system: str = Field(primary_key=True)
    object: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant)


class Refused(StoreTable, table=True):
    """A value that a system silently did not keep; not sent again.

    `value` is JSON; its digest is in the key because an index cannot hold a long text.
    """

    entity: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    system: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    value: str
    reason: str
    run_id: str


class SentinelTable(StoreTable, table=True):
    """How far we know a system's sentinel: the count, and the run that moved it last."""

    __tablename__ = "sentinel"

    system: str = Field(primary_key=True)
    native_id: str
    counter: int
    run_id: str
    at: datetime = Field(sa_type=Instant)


class CursorTable(StoreTable, table=True):
    """Up to where an object was read: the system's own cursor, and the run whose snapshot holds it all.

    `since_full` counts the reads of changes since the last one of everything.
    """

    __tablename__ = "cursor"

    system: str = Field(primary_key=True)
    object: str = Field(primary_key=True)
    run_id: str
    cursor: str
    since_full: int
    at: datetime = Field(sa_type=Instant)


class LeaseRow(StoreTable, table=True):
    """Who may write. One row, `run`; `fence` only grows."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    holder: str
    since: datetime = Field(sa_type=Instant)
    fence: int


class Event(StoreTable, table=True):
    """One change of one native field; `id` is the system's own, or a digest of the row."""

    __table_args__ = (Index(None, "system", "object", "native_id", "at"),)

    system: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    object: str
    native_id: str
    field: str
    old: str | None
    new: str | None
    at: datetime = Field(sa_type=Instant)
    by: str | None


class Activity(StoreTable, table=True):
    """A call, e-mail, meeting or task with its subject; `direction` is in or out where known."""

    __table_args__ = (Index(None, "system", "subject_object", "subject_id", "at"),)

    system: str = Field(primary_key=True)
    native_id: str = Field(primary_key=True)
    kind: str
    at: datetime = Field(sa_type=Instant)
    subject_object: str | None
    subject_id: str | None
    owner_id: str | None
    outcome: str | None
    direction: str | None


class Owner(StoreTable, table=True):
    """A person whom a system lets own records."""

    system: str = Field(primary_key=True)
    native_id: str = Field(primary_key=True)
    email: str | None
    name: str | None
    active: bool


def _table(name: str) -> Table:
    return METADATA.tables[name]


RUN = _table("run")
LINK = _table("link")
ALIAS = _table("alias")
BASE = _table("base")
JOURNAL = _table("journal")
FINDING = _table("finding")
IDENTITY = _table("identity")
SEEN_FIELD = _table("seen_field")
REFUSED = _table("refused")
LEASE = _table("lease")
SENTINEL = _table("sentinel")
CURSOR = _table("cursor")
SCORE = _table("score")
