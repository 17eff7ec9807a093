"""Everything that can go wrong, what to do about it, and the exit code it ends with.

    CrmsyncError                   1  something failed
    ├── ConfigInvalid              3  a file of the workspace cannot be used; carries every problem of it
    ├── GateFailed                 4  an audit threshold or a breaking mapping change
    ├── RunUnfinished              6  an earlier run stopped half way: `crmsync resume`
    ├── LimitExceeded              7  a plan would do more than the limits allow; nothing was written
    ├── AccessDenied               8  wrong credential, missing scope or permission
    ├── PlanStale                  9  the plan no longer fits the state, the mapping or the clock
    ├── StateStale                 9  a sentinel says that our state, or the CRM, is not the latest
    ├── ConflictsOpen             10  a person has to decide
    ├── TryLater                  75  a lock is held or the call budget is spent
    ├── StoreFailed                1  the state database or a file of the workspace cannot be used
    └── SystemFailed               1  a CRM answered something that is not an answer
        ├── Unavailable            1  network, timeout, 5xx, 429: the only one that is retried
        ├── AnswerBroken           1  a page broke off or is no JSON: what was read so far is incomplete
        │   └── Restless           1  records that change while their pages are read: the others can be read
        ├── Refused                1  a CRM said no to a whole request, for good
        └── WrongSystem            3  the credential leads to another org or portal than last time

Type decides retry (`connectors/calls.py`). One record refused by a CRM is data, not an exception.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """What the process says to the one who started it. The numbers are a contract."""

    OK = 0
    FAILED = 1
    USAGE = 2
    CONFIG_INVALID = 3
    GATE_FAILED = 4
    CHANGES_PRESENT = 5
    PARTIAL = 6
    LIMIT = 7
    ACCESS = 8
    STALE = 9
    CONFLICTS = 10
    TRY_LATER = 75
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one place of a file. `line` and `column` count from 1; 0 is unknown.

    `path` are the keys that lead there, said by those who know a file's values but not its lines: whoever
    has read the file finds the line by them (`config/places.py`).
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    remedy: str
    path: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        return f"{self.place} {self.code} {self.message} ({self.remedy})"

    @property
    def place(self) -> str:
        """File, line and column as a terminal makes a link of; only the file where nobody knows the line."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class CrmsyncError(Exception):
    """Root of the tree. `remedy` is the command or edit that helps, `where` the place."""

    exit_code = ExitCode.FAILED

    def __init__(self, message: str, *, remedy: str = "", where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.where = where

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        help_ = f" {self.remedy}" if self.remedy else ""
        return f"{place}{self.message}{help_}"


class ConfigInvalid(CrmsyncError):
    """Files of the workspace that cannot be used; all problems at once, in order of place."""

    exit_code = ExitCode.CONFIG_INVALID

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class GateFailed(CrmsyncError):
    """An audit threshold or a breaking mapping change."""

    exit_code = ExitCode.GATE_FAILED


class RunUnfinished(CrmsyncError):
    """An earlier run has operations whose end is not known."""

    exit_code = ExitCode.PARTIAL


class LimitExceeded(CrmsyncError):
    """The plan would do more than the limits allow; nothing was written."""

    exit_code = ExitCode.LIMIT


class AccessDenied(CrmsyncError):
    """Wrong credential, missing scope or permission."""

    exit_code = ExitCode.ACCESS


class PlanStale(CrmsyncError):
    """The plan was edited, is too old, or was made on another state or mapping."""

    exit_code = ExitCode.STALE


class StateStale(CrmsyncError):
    """The state or a CRM was put back, copied or lost, as a sentinel tells; nothing was written."""

    exit_code = ExitCode.STALE


class ConflictsOpen(CrmsyncError):
    """A person has to decide before the run can go on."""

    exit_code = ExitCode.CONFLICTS


class TryLater(CrmsyncError):
    """A lock is held by another process, or the day's call budget is spent."""

    exit_code = ExitCode.TRY_LATER


class StoreFailed(CrmsyncError):
    """The state database or a file of the workspace cannot be read or written."""


class SystemFailed(CrmsyncError):
    """A CRM answered something that is not an answer. `status` is the HTTP status, 0 without one."""

    usual_remedy = ""

    def __init__(
        self, message: str, *, remedy: str = "", where: str = "", status: int = 0, body: str = ""
    ) -> None:
        super().__init__(message, remedy=remedy or self.usual_remedy, where=where)
        self.status = status
        self.body = body


class Unavailable(SystemFailed):
    """Network, timeout, 5xx or 429. `waits_s` is what the server asked for, 0 if it did not say."""

    def __init__(
        self, message: str, *, where: str = "", status: int = 0, waits_s: float = 0
    ) -> None:
        super().__init__(
            message,
            where=where,
            status=status,
            remedy="Try again; nothing was assumed to have worked.",
        )
        self.waits_s = waits_s


class AnswerBroken(SystemFailed):
    """An answer broke off or cannot be read, so what was read so far is incomplete."""

    usual_remedy = "Run again; what came is not taken for the whole."


class Restless(AnswerBroken):
    """Records that change while their pages are read, however often: `ids` are theirs, as they were asked for."""

    def __init__(self, message: str, ids: Collection[str], *, where: str = "") -> None:
        super().__init__(message, where=where)
        self.ids = frozenset(ids)


class Refused(SystemFailed):
    """A CRM refused a whole request, and would refuse it again."""

    usual_remedy = "See what the system lacks or has otherwise than the settings and the mapping: crmsync doctor"


class WrongSystem(SystemFailed):
    """The credential leads to another org or portal than the one this workspace is pinned to."""

    exit_code = ExitCode.CONFIG_INVALID
