"""One line of `crmsync doctor`."""

from __future__ import annotations

from dataclasses import dataclass

from crmsync.errors import ExitCode


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: whether it is as it should be, and what helps if it is not.

    `level` is ok, warning or error; `code` the exit code an error leads to. `topic` is blank for what the mapping needs
    to work, else what the line is about: rights, version, history, native_connector, automations.
    """

    subject: str
    level: str
    message: str
    remedy: str = ""
    code: ExitCode = ExitCode.CONFIG_INVALID
    topic: str = ""
