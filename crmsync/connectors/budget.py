"""What a system says about the calls that are left, and how much of a day is kept for others."""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.connectors.base import CallMeter
from crmsync.errors import TryLater

RESERVE = 0.10
"""Share of the day's calls that crmsync leaves to everybody else of the org or portal."""


_MOST_DIGITS = 15


def whole(text: str | None) -> int | None:
    """The whole number of a header, None without one, or for what no server would count up to."""
    digits = (text or "").strip()
    return (
        int(digits)
        if digits.isdecimal() and digits.isascii() and len(digits) <= _MOST_DIGITS
        else None
    )


def retry_after_s(headers: Mapping[str, str]) -> float:
    """Seconds the server asks to wait, 0 if it does not say. A date counts as not said."""
    return float(whole(headers.get("retry-after")) or 0)


AFTER_A_DAY = "Run again later, when the org has calls again; or set `reserve` lower."


def keep_reserve(system: str, meter: CallMeter, reserve: float, remedy: str = AFTER_A_DAY) -> None:
    """Raises TryLater if the next call would eat into the reserve of the day."""
    if meter.left is None or not meter.allowed or meter.left >= reserve * meter.allowed:
        return
    raise TryLater(
        f"{meter.left} of {meter.allowed} calls are left today, and {reserve:.0%} are kept for others",
        remedy=remedy,
        where=system,
    )
