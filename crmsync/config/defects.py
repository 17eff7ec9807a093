"""A mistake of ours that a file brought out: one problem of that file, so that every other problem is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from traceback import extract_tb
from typing import TypeVar

from crmsync.errors import CrmsyncError, Problem

T = TypeVar("T")


def or_defect(file: str, read: Callable[[], T], otherwise: Callable[[Problem], T]) -> T:
    """What `read` gives; `otherwise` gives what stands for it where our own code failed on the file."""
    try:
        return read()
    except CrmsyncError:
        raise
    except Exception as error:  # noqa: BLE001  (whatever it is, what is wrong elsewhere has to be told)
        return otherwise(defect(file, error))


def defect(file: str, error: Exception) -> Problem:
    """The problem that names the defect: its kind and the line of ours, nothing of what the file holds."""
    steps = extract_tb(error.__traceback__)
    ours = [step for step in steps if "crmsync" in Path(step.filename).parts] or list(steps)
    at = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "-"
    message = (
        f"a defect of crmsync keeps this file from being checked: {type(error).__name__} at {at}"
    )
    remedy = "report it with this line and the part of the file that was changed last"
    return Problem(file, 0, 0, "CRM008", message, remedy)
