"""When paths of the API end, as data: who builds on one can ask, and a clock moved past it finds them gone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime


@dataclass(frozen=True, slots=True)
class End:
    """A family of paths, and the last day on which it is promised to answer."""

    path: str  # pattern of the beginning
    last: date


# OAuth v1: changelog, v1 OAuth API deprecation. v4: hubspot-api-python issue 495. v1 to v3: "September 2027", without
# a day: changelog, legacy APIs and apps. Dated ones: 18 months after 2026-03-30 and 2026-09-08. All read 2026-11.
ENDS: tuple[End, ...] = (
    End(r"/oauth/v1/", date(2027, 2, 16)),
    End(r"/crm/v4/|/crm/associations/v4/|/automation/v4/", date(2027, 3, 30)),
    End(r"/communication-preferences/v4/", date(2027, 3, 30)),
    End(r"/(?!oauth/)[a-z-]+(/[a-z-]+)?/v[123]/", date(2027, 9, 30)),
    End(r".*/2025-09/", date(2027, 3, 30)),
    End(r".*/2026-03/", date(2027, 9, 30)),
    End(r".*/2026-09/", date(2028, 3, 8)),
)


def end_of(path: str) -> date | None:
    """The last day of a path, None if none was announced."""
    found = (each.last for each in ENDS if re.match(each.path, f"{path}/"))
    return next(found, None)


def has_ended(path: str, now: datetime) -> bool:
    """Whether a path is gone at an instant."""
    last = end_of(path)
    return last is not None and now.astimezone(UTC).date() > last
