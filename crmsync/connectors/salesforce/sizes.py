"""From which size on an object is read in bulk, by its setting `bulk_above`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crmsync.connectors.settings import Checked, problem_of
from crmsync.errors import Problem

BULK_ABOVE = 20_000
NEVER = "never"


def size_problems(system: str, given: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with `bulk_above`: nothing, if it is a number of records, or never."""
    text = given.get("bulk_above", NEVER)
    if text != NEVER and not (text.isascii() and text.isdecimal()):
        message = f"bulk_above '{text}' is no number of records"
        yield problem_of(system, message, "give a whole number, or never", "bulk_above")


def bulk_above(chosen: Checked) -> int | None:
    """The number of records above which an object is read in bulk, None for never."""
    text = chosen.get("bulk_above", str(BULK_ABOVE))
    return None if text == NEVER else int(text)
