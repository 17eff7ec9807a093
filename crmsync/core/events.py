"""Events: a field of a record changed, at a time, by somebody. The input of lifecycle and SLA."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crmsync.core.records import Ref


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one native field as the system's own history tells it; `at` is UTC."""

    ref: Ref
    field: str
    old: str | None
    new: str | None
    at: datetime
    by: str | None = None
