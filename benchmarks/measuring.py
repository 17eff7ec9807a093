"""What a command costs: it runs in a process of its own, which the kernel measures.

The process that starts it imports little, because a child's peak counts from the memory of its parent
at the moment of the fork.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, seconds of processor, and the largest resident memory in MiB."""

    wall_s: float
    cpu_s: float
    peak_mib: float


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command cost, how it ended, and what it printed."""

    cost: Cost
    code: int
    out: str


class Failed(Exception):
    """A command of the benchmark ended otherwise than it should."""


def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    codes: Sequence[int] = (0,),
) -> Ran:
    """Runs a command to its end and measures it; Failed unless it ends with one of the codes."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        child = subprocess.Popen(
            command,
            cwd=folder,
            stdout=out,
            stderr=errors,
            env={**os.environ, **(environment or {})},
        )
        _, status, usage = os.wait4(child.pid, 0)
        wall_s = time.perf_counter() - start
        child.returncode = code = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (out, errors):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    if code not in codes:
        raise Failed(
            f"{' '.join(command[-3:])} ended with {code}: {texts[1][-2000:]}{texts[0][-500:]}"
        )
    # ru_maxrss is in KiB on Linux, in bytes on macOS: getrusage(2) of each.
    unit = 1024 if os.uname().sysname == "Linux" else 1024 * 1024
    cost = Cost(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)
    return Ran(cost, code, texts[0])
