"""One line of `crmsync doctor`."""

from __future__ import annotations

from dataclasses import dataclass

from crmsync.errors import ExitCode


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: whether it is as it should be, and what helps if it is not.

    `level` is ok, warning or error; `code` the exit code an error leads to.
    """

    subject: str
    level: str
    message: str
    remedy: str = ""
    code: ExitCode = ExitCode.CONFIG_INVALID
