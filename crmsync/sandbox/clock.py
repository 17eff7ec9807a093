"""The sandbox's own clock: it runs with the real one until somebody moves or stops it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


def real_now() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  (the one place of the sandbox that reads the clock)


def nothing_happens() -> None:
    """What happens by itself in a world of which nobody said otherwise."""


@dataclass
class Clock:
    """Tells the time of one simulated CRM; `offset` seconds ahead of the real one, or frozen."""

    offset: timedelta = field(default_factory=timedelta)
    frozen_at: datetime | None = None

    def now(self) -> datetime:
        """Aware instant in UTC, cut to milliseconds, as both CRMs show it at most."""
        moment = self.frozen_at or real_now() + self.offset
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def set(self, moment: datetime) -> None:
        """From now on it is `moment`, and the clock runs on from there."""
        self.frozen_at = None
        self.offset = moment - real_now()

    def freeze(self, moment: datetime) -> None:
        """It is `moment` until told otherwise."""
        self.frozen_at = moment

    def advance(self, seconds: float) -> None:
        """Moves a frozen or a running clock by that many seconds."""
        if self.frozen_at is not None:
            self.frozen_at += timedelta(seconds=seconds)
        else:
            self.offset += timedelta(seconds=seconds)
