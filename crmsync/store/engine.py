"""A connection to SQLite or PostgreSQL that loses nothing it has confirmed.

SQLite: WAL, an fsync at each commit, foreign keys, ten seconds of patience; the file is made for its
owner only (0600), and so is its folder where it does not exist (0700). PostgreSQL: a commit waits for the
disk, whatever the server's default is. Must not know: what is in the tables.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from crmsync.errors import StoreFailed
from crmsync.store.failures import file_errors_translated, translate_errors

_BUSY_MS = 10_000
_DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_WRITES = "crmsync_writes"


def read_url(url: str) -> URL:
    """The parsed address of a store. StoreFailed if it is none, or of a database we do not know."""
    try:
        parsed = make_url(url)
        driver = _DRIVERS[parsed.drivername]
    except (ArgumentError, KeyError):
        # The address may hold a password: it is not repeated.
        message = "the address of the store is none that can be used"
        remedy = (
            "Write `store: sqlite:///PATH` or `store: postgresql+psycopg://USER@HOST/DATABASE`."
        )
        raise StoreFailed(message, remedy=remedy) from None
    if driver == "sqlite" and parsed.database in (None, "", ":memory:"):
        message = "a state in memory would be lost at the end of the run"
        raise StoreFailed(message, remedy="Write `store: sqlite:///PATH`.")
    return parsed.set(drivername=driver)


def shown(url: URL) -> str:
    """The address for people: the path of a file, or a server without its password."""
    if url.drivername == "sqlite":
        return str(url.database)
    return url.render_as_string(hide_password=True)


def make_engine(url: URL) -> Engine:
    """An engine for the address; makes the file of a SQLite store. StoreFailed if it cannot."""
    engine = _MAKERS[url.drivername](url)
    translate_errors(engine, shown(url))
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state for as long as it reads; what it writes is not kept."""
    with engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection in one transaction: kept on the disk at the end, or not at all."""
    with engine.connect() as connection:
        connection = connection.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


def _make_sqlite(url: URL) -> Engine:
    path = Path(str(url.database))
    with file_errors_translated(shown(url)):
        path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)  # another process may be first
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_sqlite(connection: Any, _record: object) -> None:
    # The driver would begin transactions late and by guess; `_begin_sqlite` does it by name.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {_BUSY_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that will write takes the lock first: taking it later may fail half way.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _make_postgresql(url: URL) -> Engine:
    if find_spec("psycopg") is None:
        raise StoreFailed(
            "the driver for PostgreSQL is not installed",
            remedy="pip install 'crmsync[postgres]'",
            where=shown(url),
        )
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
    event.listen(engine, "connect", _open_postgresql)
    return engine


def _open_postgresql(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
    connection.commit()


_MAKERS: dict[str, Callable[[URL], Engine]] = {
    "sqlite": _make_sqlite,
    "postgresql+psycopg": _make_postgresql,
}
