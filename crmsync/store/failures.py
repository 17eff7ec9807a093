"""The one place where a database's error becomes ours, with what helps against it.

| it says | it becomes |
|---|---|
| full disk, damaged file, no permission, no such server, a row that contradicts another | StoreFailed |
| somebody else writes at the moment | TryLater |

An error's text is cut to its first line: what follows may quote rows, and rows hold people. Errors of the
caller's own code, raised inside a block of the store, pass untouched.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, ExceptionContext, event

from crmsync.errors import CrmsyncError, StoreFailed, TryLater

_FULL = "Free some space and run it again; nothing was half written."
_DAMAGED = "Put back a backup of the file; do not delete it, or the next sync knows no base."
_RIGHTS = "Make the file and its folder readable and writable for this user."
_SERVER = "Check that the server runs, and host, database, user and password in `store:`."
_BUSY = "Wait until the other program is done and run it again."
_TEXT = "Correct the text in its system."
_OURS = "Run it again; if it happens again, report it as a defect."

_Failure = tuple[str, type[CrmsyncError], str, str]
# The beginning of an error's code, what it becomes, what is wrong, what helps. Codes: SQLite by name
# (sqlite.org/rescode.html), PostgreSQL by SQLSTATE (postgresql.org/docs, Appendix A) (read 2026-11).
_FAILURES: tuple[_Failure, ...] = (
    ("SQLITE_FULL", StoreFailed, "the disk is full", _FULL),
    ("SQLITE_NOTADB", StoreFailed, "the state file is damaged or no crmsync state", _DAMAGED),
    ("SQLITE_CORRUPT", StoreFailed, "the state file is damaged", _DAMAGED),
    ("SQLITE_IOERR", StoreFailed, "the disk cannot be read or written", _DAMAGED),
    ("SQLITE_READONLY", StoreFailed, "the state file cannot be written", _RIGHTS),
    ("SQLITE_CANTOPEN", StoreFailed, "the state file cannot be opened", _RIGHTS),
    ("SQLITE_PERM", StoreFailed, "the state file cannot be opened", _RIGHTS),
    ("SQLITE_BUSY", TryLater, "another program is writing to the state", _BUSY),
    ("SQLITE_LOCKED", TryLater, "another program is writing to the state", _BUSY),
    ("SQLITE_CONSTRAINT", StoreFailed, "a row contradicts one that is there", _OURS),
    ("53100", StoreFailed, "the server's disk is full", _FULL),
    ("53", TryLater, "the server has no room for one more connection", _BUSY),
    ("22", StoreFailed, "a text is none that the server can keep", _TEXT),
    ("23", StoreFailed, "a row contradicts one that is there", _OURS),
    ("28", StoreFailed, "the server refused the user or the password", _SERVER),
    ("3D", StoreFailed, "the server has no such database", _SERVER),
    ("3F", StoreFailed, "the database has no such schema", _SERVER),
    ("42501", StoreFailed, "the user may not do this", "Grant it the rights on its own schema."),
    ("25006", StoreFailed, "the server is read-only", _SERVER),
    ("40", TryLater, "another program was writing at the same time", _BUSY),
    ("55P03", TryLater, "another program is writing to the state", _BUSY),
    ("57P", StoreFailed, "the server has ended the connection", _SERVER),
    ("08", StoreFailed, "the server cannot be reached", _SERVER),
)
_UNKNOWN: dict[str, tuple[str, str]] = {
    "sqlite3": ("the state file cannot be used", _OURS),
    "psycopg": ("the server cannot be used", _SERVER),
}
_SYSTEM_FAILURES: dict[int | None, tuple[str, str]] = {
    errno.ENOSPC: ("the disk is full", _FULL),
    errno.EDQUOT: ("the disk is full for this user", _FULL),
    errno.EACCES: ("there is no permission", _RIGHTS),
    errno.EPERM: ("there is no permission", _RIGHTS),
    errno.EROFS: ("the disk is read-only", _RIGHTS),
}


def translate_errors(engine: Engine, where: str) -> None:
    """From now on, what the engine's driver raises comes out as StoreFailed or TryLater."""

    def translate(context: ExceptionContext) -> CrmsyncError | None:
        if isinstance(context.original_exception, UnicodeEncodeError):
            message = "a text holds half of a surrogate pair, which no database keeps"
            return StoreFailed(message, remedy=_TEXT, where=where)
        if context.sqlalchemy_exception is None:
            return None
        return _of_database(context.original_exception, where)

    event.listen(engine, "handle_error", translate, retval=True)


@contextmanager
def file_errors_translated(where: str) -> Iterator[None]:
    """A block whose file errors come out as StoreFailed."""
    try:
        yield
    except OSError as error:
        message, remedy = _SYSTEM_FAILURES.get(error.errno, (_first_line(error), _RIGHTS))
        raise StoreFailed(message, remedy=remedy, where=where) from error


def _of_database(cause: BaseException, where: str) -> CrmsyncError:
    cause.args = (_first_line(cause),)  # a traceback shows the cause, too
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
    known = (failure[1:] for failure in _FAILURES if code.startswith(failure[0]))
    unknown = _UNKNOWN.get(type(cause).__module__.split(".")[0], _UNKNOWN["sqlite3"])
    kind, message, remedy = next(known, (StoreFailed, *unknown))
    return kind(f"{message} ({cause}).", remedy=remedy, where=where)


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
