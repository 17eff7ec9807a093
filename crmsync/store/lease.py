"""One writer at a time.

The lock is the operating system's or the server's, so it ends with the process that holds it, however
that ends. The `fence` is a number in the store that each new holder raises: a process that lost its lock
without knowing (a broken connection, a file system that forgot) finds it raised and stops.

SQLite: a lock on `<file>.lock`, for processes of one machine. PostgreSQL: an advisory lock of one session,
for any number of machines; a pooler in transaction mode would lose it, so connect without one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime

from sqlalchemy import Connection, Engine, func, select, text

from crmsync.errors import CrmsyncError, TryLater
from crmsync.store.bulk import put
from crmsync.store.engine import reading, writing
from crmsync.store.failures import file_errors_translated
from crmsync.store.rows import Lease
from crmsync.store.tables import LEASE
from crmsync.store.texts import printable

if sys.platform == "win32":
    import msvcrt

    def _lock_file(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock_file(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_NAME = "run"
_LOCK = 0x63726E  # one more than the lock of schema.py


@contextmanager
def take(engine: Engine, holder: str, at: datetime) -> Iterator[Lease]:
    """The lease for the time of the block. TryLater if somebody else holds it."""
    with _LOCKS[engine.dialect.name](engine) as free:
        if not free:
            raise _busy(engine)
        with writing(engine) as connection:
            lease = Lease(printable(holder), at, _fence(connection) + 1)
            row = {"name": _NAME, "holder": lease.holder, "since": at, "fence": lease.fence}
            put(connection, LEASE, [row], "replace")
        yield lease


def check(connection: Connection, lease: Lease | None) -> None:
    """TryLater unless the lease is still the last one; it stays so until the transaction ends."""
    if lease is None:
        raise TryLater("nobody holds the lease of this state", remedy="Run the command again.")
    if _fence(connection) != lease.fence:
        raise TryLater(
            "another run has taken over; this one writes no more",
            remedy="Wait until it ends, then see what is left: crmsync runs",
        )


def fence(connection: Connection) -> int:
    """The fence of the last lease, 0 before the first."""
    return connection.scalar(select(LEASE.c.fence).where(LEASE.c.name == _NAME)) or 0


def _fence(connection: Connection) -> int:
    query = select(LEASE.c.fence).where(LEASE.c.name == _NAME).with_for_update()
    return connection.scalar(query) or 0


def _busy(engine: Engine) -> TryLater:
    with reading(engine) as connection:
        query = select(LEASE.c.holder, LEASE.c.since).where(LEASE.c.name == _NAME)
        row = connection.execute(query).one_or_none()
    who = "another run" if row is None else f"{row[0]}, since {row[1]:%Y-%m-%d %H:%M:%S} UTC"
    return TryLater(f"the state is in use by {who}", remedy="Wait until that run ends, or stop it.")


@contextmanager
def _file_lock(engine: Engine) -> Iterator[bool]:
    path = f"{engine.url.database}.lock"
    with file_errors_translated(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _is_locked(descriptor)
    finally:
        os.close(descriptor)


def _is_locked(descriptor: int) -> bool:
    try:
        _lock_file(descriptor)
    except (BlockingIOError, PermissionError):  # PermissionError is what Windows says
        return False
    return True


@contextmanager
def _session_lock(engine: Engine) -> Iterator[bool]:
    schema = func.hashtext(text("current_schema()"))
    with engine.connect() as connection:
        # Out of the pool: nobody else may use this session, and closing it ends it.
        connection.detach()
        free = bool(connection.scalar(select(func.pg_try_advisory_lock(_LOCK, schema))))
        connection.commit()
        try:
            yield free
        finally:
            if free:
                # If the session is gone, so is the lock.
                with suppress(CrmsyncError):
                    connection.execute(select(func.pg_advisory_unlock(_LOCK, schema)))
                    connection.commit()


_LOCKS: dict[str, Callable[[Engine], AbstractContextManager[bool]]] = {
    "sqlite": _file_lock,
    "postgresql": _session_lock,
}
