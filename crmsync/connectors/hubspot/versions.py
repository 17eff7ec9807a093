"""Versions of the HubSpot API: when each came, and the day on which its paths stop to answer.

| version | paths | ends |
|---|---|---|
| `v3` | /crm/v4, /communication-preferences/v4 | 2027-03-30: hubspot-api-python issue 495 |
| | everything else | "September 2027", without a day, so the first: changelog, legacy APIs and apps |
| `2026-03` | all | 18 months after 2026-03-30 |
| `2026-09` | all | 18 months after 2026-09-08 |
| every one | /automation/v4 (workflows are listed with it) | 2027-03-30, as v4 |
| | /calling/v1 (outcomes of calls), which has no other form | September 2027, as v1 to v3 |

Dated versions come in March and September and live for 18 months: developers.hubspot.com, date-based versioning. OAuth
v1 ends on 2027-02-16 (changelog, v1 OAuth API deprecation); no version here uses it. All read 2026-11.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from crmsync.connectors.hubspot.paths import CLASSIC, DATED, NEWEST, USUAL
from crmsync.core.surroundings import ApiVersion

_V4 = date(2027, 3, 30)
# Only the month is told: who is ready on its first day is ready in any case.
_V1_TO_V3 = date(2027, 9, 1)
# They live for a year and a half: who was warned a year ahead would be warned for most of that time.
_NOTICE_DAYS = 182


@dataclass(frozen=True, slots=True)
class _Life:
    """When a version came, and until when its paths answer; those without which nothing goes are told first."""

    came: str
    ends: Mapping[str, date]


_LIVES: Mapping[str, _Life] = {
    CLASSIC: _Life("", {"/crm/v4, /communication-preferences/v4": _V4, "/crm/v3": _V1_TO_V3}),
    DATED: _Life("2026-03-30", {"": date(2027, 9, 30)}),
    NEWEST: _Life("2026-09-08", {"": date(2028, 3, 8)}),
}
_OF_ALL: Mapping[str, date] = {"/automation/v4": _V4, "/calling/v1": _V1_TO_V3}


def version_of(version: str) -> ApiVersion:
    """What is known of a version. HubSpot lists none, so whether it is offered cannot be said."""
    life = _LIVES[version]
    parts = {**life.ends, **_OF_ALL}
    return ApiVersion(
        version=version,
        release=life.came,
        ends=min(life.ends.values()),
        parts=tuple((name, day) for name, day in parts.items() if name),
        shared=tuple(sorted(_OF_ALL)),
        newest=NEWEST,
        usual=USUAL,
        notice_days=_NOTICE_DAYS,
    )
