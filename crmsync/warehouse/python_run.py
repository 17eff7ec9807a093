"""Audits in Python, each in a process of its own: one that never ends, or dies, costs the others nothing.

Parent and child speak JSON: a request on stdin, one answer on stdout. What the function prints goes nowhere.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crmsync.core.auditing import Audit, Param

_CHILD = "from crmsync.warehouse.python_child import main; main()"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a function found: rows of findings, how many more there are; or why there are none."""

    rows: tuple[Mapping[str, Any], ...] = ()
    beyond: int = 0
    failed: str = ""
    endless: bool = False


def ask_python(file: Path, audit: Audit, as_of: datetime, seconds: float, most: int) -> Answer:
    """The findings of a function over a finished face; at most so many rows, in at most so many seconds."""
    request = {
        "file": str(file),
        "python": audit.python,
        "as_of": as_of.replace(tzinfo=None).isoformat(),
        "params": dict[str, Param](audit.params),
        "most": most,
    }
    child = subprocess.Popen(  # noqa: S603  (this very Python, and a text of ours)
        [sys.executable, "-c", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
    )
    try:
        said, _ = child.communicate(json.dumps(request).encode(), timeout=seconds)
    except subprocess.TimeoutExpired:
        return Answer(endless=True)
    finally:
        _end(child)
    return _answer(said, child.returncode)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ends the child and whatever it began, and waits until it is gone."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        child.kill()
    child.communicate()


def _answer(said: bytes, code: int | None) -> Answer:
    try:
        body = json.loads(said)
        return Answer(tuple(body["rows"]), body["beyond"], body["failed"])
    except (ValueError, KeyError, TypeError):
        return Answer(failed=f"its process ended with code {code} and no answer")
