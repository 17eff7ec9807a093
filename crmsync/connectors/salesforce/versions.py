"""Versions of the API: which release brought one, until when it answers, what an org offers.

A version answers for three years at least, and its end is announced a year before: developer.salesforce.com, API
End-of-Life Policy. 21.0-30.0 went with Summer '25; 31.0-40.0 are unsupported from Summer '27 and gone with Summer '28,
announced on 30 April 2026: help.salesforce.com 000354473, 005321531 (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from crmsync.core.surroundings import ApiVersion

# The last that this crmsync was built for: 68.0 is Winter '27 (current examples of the REST guide, read 2026-11).
NEWEST_KNOWN = 68
_SEASONS = ("Winter", "Spring", "Summer")
# A release reaches the last orgs about the middle of these months: trust.salesforce.com, Maintenances (read 2026-11).
_MONTHS = (10, 2, 6)
_LIVES_YEARS = 3
# Last version of a range: the day it stops to answer. The day in June is that of a usual summer release.
_ENDS = ((20, date(2022, 6, 1)), (30, date(2025, 6, 1)), (40, date(2028, 6, 1)))


def version_of(version: str, offered: Iterable[str] | None) -> ApiVersion:
    """What is known of a version; `offered` are those that the org lists, None if it did not say."""
    number = int(version.partition(".")[0])
    listed = None if offered is None else sorted(offered, key=float)
    known = number <= NEWEST_KNOWN
    return ApiVersion(
        version=version,
        release=release_of(number) if known else "",
        known=known,
        ends=next((day for last, day in _ENDS if number <= last), None),
        promised=_promised(number) if known else None,
        offered=None if listed is None else version in listed,
        newest=listed[-1] if listed else "",
    )


def release_of(number: int) -> str:
    """The release that brought a version, as Salesforce calls it: 67 is Summer '26."""
    year, season = divmod(number - 65, 3)  # 65.0 is Winter '26, and a year has three
    return f"{_SEASONS[season]} '{(26 + year) % 100:02d}"


def _promised(number: int) -> date:
    """Until when it answers at least: winter releases come in the autumn before the year they are named after."""
    year, season = divmod(number - 65, 3)
    came = 2026 + year - (season == 0)
    return date(came + _LIVES_YEARS, _MONTHS[season], 1)
