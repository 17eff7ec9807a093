"""What the facts of a portal share: the calls, who users are, and why a source is not read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crmsync.connectors import fact_reading
from crmsync.connectors.columns import rows_batch
from crmsync.connectors.fact_reading import Columns, Place, Refusal
from crmsync.connectors.facts import Fact
from crmsync.connectors.hubspot.api import Api
from crmsync.errors import AccessDenied, Refused

if TYPE_CHECKING:
    import pyarrow as pa

Cells = Mapping[str, str | None]
Pages = Iterator[Sequence[Cells]]
_UTC = ZoneInfo("UTC")


@dataclass(slots=True)
class Portal:
    """A portal whose facts are read. What they share is asked once, when it is first needed."""

    api: Api
    _owners: dict[str, str] | None = field(default=None)
    _zone: ZoneInfo | None = field(default=None)

    def person(self, user: Any) -> str | None:
        """The owner's id of a user, as records name their owner; `user:7` for one who is no owner."""
        if user in (None, ""):
            return None
        if self._owners is None:
            self._owners = dict(self._users())
        return self._owners.get(str(user), f"user:{user}")

    def day(self, instant: str | None) -> str | None:
        """The day of an instant where the portal is."""
        if not instant:
            return None
        try:
            return datetime.fromisoformat(instant).astimezone(self._here()).date().isoformat()
        except (ValueError, OverflowError):
            return None

    def _users(self) -> Iterator[tuple[str, str]]:
        """User and owner; none where this token may not see owners: then users keep their own numbers."""
        try:
            for archived in (True, False):
                for one in self.api.owners(archived=archived):
                    user = one.get("userIdIncludingInactive") or one.get("userId")
                    if user:
                        yield str(user), str(one["id"])
        except (AccessDenied, Refused):
            return

    def _here(self) -> ZoneInfo:
        if self._zone is None:
            try:
                self._zone = ZoneInfo(self.api.account().get("timeZone") or "UTC")
            except (ZoneInfoNotFoundError, ValueError):
                self._zone = _UTC
        return self._zone


def reason(refusal: Refusal) -> str:
    """Why a source is not read: what would help, where that is a scope."""
    return refusal.remedy if "scope" in refusal.remedy else refusal.message


def told(place: Place, read: Callable[[], tuple[Columns, Pages]]) -> Fact:
    """The fact of one source, from the columns there are and pages of rows by column."""

    def opened() -> tuple[Columns, Iterator[pa.RecordBatch]]:
        names, pages = read()
        return names, _batches(names, pages)

    return fact_reading.read_fact(place, opened, reason)


def told_whole(place: Place, pages: Callable[[], Pages]) -> Fact:
    """The fact of one source that has all of its columns."""
    return told(place, lambda: (place.columns, pages()))


def _batches(names: Columns, pages: Iterable[Sequence[Cells]]) -> Iterator[pa.RecordBatch]:
    for rows in pages:
        if rows:
            yield rows_batch(names, [tuple(row.get(name) for name in names) for row in rows])
