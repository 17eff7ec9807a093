"""Connections to one database, and its errors in our words.

A connection for reading cannot write: SQLite opens the file read-only, PostgreSQL the transaction. A
SQLite file is never made. No message repeats the address, which may hold a password.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from crmsync.connectors.base import CallMeter
from crmsync.connectors.redaction import redacted
from crmsync.connectors.settings import invalid
from crmsync.errors import AccessDenied, AnswerBroken, CrmsyncError, Refused, Unavailable

_SQLITE = "sqlite"
# SQLSTATE: class 28 is a failed login, 42501 a missing privilege.
_DENIED = ("28", "42501")
_DENIED_WORDS = (
    "password authentication",
    "access denied",
    "permission denied",
    "readonly database",
)
_TIMEOUT_S = 10


class Database:
    """One database. Counts what is asked of it; a batch of writes counts as one."""

    def __init__(self, system: str, url: str, *, writes: bool) -> None:
        self.system = system
        self.meter = CallMeter()
        self._url = _parsed(system, url)
        self._engine = _engine(system, self._url, writes=writes)

    @property
    def name(self) -> str:
        """Dialect and database, as far as they can be shown: `postgresql:crm`, `sqlite:crm.db`."""
        database = str(self._url.database or "")
        shown = Path(database).name if self.dialect == _SQLITE else database
        return f"{self.dialect}:{shown}"

    @property
    def dialect(self) -> str:
        """`sqlite`, `postgresql`, ..."""
        return self._url.get_backend_name()

    @contextmanager
    def reading(self, what: str) -> Iterator[Connection]:
        """A connection that sees one state; Unavailable if there is none, AnswerBroken if it breaks."""
        self._count(what)
        with self._connected() as connection, self.translated(AnswerBroken):
            yield connection

    @contextmanager
    def writing(self, what: str) -> Iterator[Connection]:
        """A connection for one transaction, which the caller commits; else nothing of it is kept."""
        self._count(what)
        self.meter.written += 1
        with self._connected() as connection:
            yield connection

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        with self.translated(Unavailable):
            connection = self._engine.connect()
        try:
            yield connection
        finally:
            try:
                connection.close()
            except SQLAlchemyError:  # it was broken already, and the caller has been told
                connection.invalidate()

    @contextmanager
    def translated(self, otherwise: type[AnswerBroken | Unavailable | Refused]) -> Iterator[None]:
        """Errors of the driver as ours: AccessDenied where it is about rights, else as asked."""
        try:
            yield
        except SQLAlchemyError as error:
            raise self.told(error, otherwise) from None  # the cause may show the address

    def told(
        self, error: SQLAlchemyError, otherwise: type[AnswerBroken | Unavailable | Refused]
    ) -> CrmsyncError:
        """An error of the driver in our words."""
        said = self.said(error)
        state = str(getattr(getattr(error, "orig", None), "sqlstate", "") or "")
        if state.startswith(_DENIED) or any(word in said.lower() for word in _DENIED_WORDS):
            remedy = "Correct `url:`, or grant its user what the mapping needs."
            return AccessDenied(said, where=self.system, remedy=remedy)
        return otherwise(said, where=self.system)

    def said(self, error: SQLAlchemyError) -> str:
        """The first line of what the driver said, without secrets."""
        origin = error.orig if isinstance(error, DBAPIError) else error
        lines = str(origin).strip().splitlines()
        secret = str(self._url.password or "")
        return redacted(lines[0] if lines else type(origin).__name__, [secret] if secret else [])

    def close(self) -> None:
        """Gives back the connections."""
        self._engine.dispose()

    def quoted(self, name: str) -> str:
        """A name as this database writes it in a statement."""
        return str(self._engine.dialect.identifier_preparer.quote(name))

    def inspectable(self) -> Engine:
        """The engine, for reflection only."""
        self._count("reflection")
        return self._engine

    def _count(self, what: str) -> None:
        self.meter.made += 1
        self.meter.by_path[what] = self.meter.by_path.get(what, 0) + 1


def _parsed(system: str, url: str) -> URL:
    try:
        parsed = make_url(url)
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError):
        remedy = "write sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE"
        raise invalid(system, "`url` is no address of a database", remedy, "url") from None
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed


def _engine(system: str, url: URL, *, writes: bool) -> Engine:
    try:
        if url.get_backend_name() == _SQLITE:
            return _sqlite(system, url, writes=writes)
        engine = create_engine(url, hide_parameters=True, poolclass=NullPool)
    except ModuleNotFoundError as error:
        remedy = f"pip install {error.name}"
        raise invalid(system, f"the driver {error.name} is not installed", remedy, "url") from None
    if url.get_backend_name() == "postgresql" and not writes:
        return engine.execution_options(postgresql_readonly=True)
    return engine


def _sqlite(system: str, url: URL, *, writes: bool) -> Engine:
    database = str(url.database or "")
    if not Path(database).is_file():
        shown = Path(database).name or "in memory"
        raise invalid(system, f"there is no SQLite file {shown}", "correct `url:`", "url")
    path = quote(str(Path(database).resolve()))
    mode = "rw" if writes else "ro"

    def connect() -> Any:
        import sqlite3

        # The driver would begin transactions late and by guess; `begin` below does it by name.
        return sqlite3.connect(
            f"file:{path}?mode={mode}", uri=True, timeout=_TIMEOUT_S, isolation_level=None,
            check_same_thread=False,
        )  # fmt: skip

    engine = create_engine("sqlite://", creator=connect, hide_parameters=True, poolclass=NullPool)
    begins = "BEGIN IMMEDIATE" if writes else "BEGIN"
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begins))
    return engine
