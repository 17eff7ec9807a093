"""What a connector may add to the seven verbs, each an ability of its own: whoever asks looks for the protocol.

| ability | of a system that |
|---|---|
| `MergingConnector` | deletes merged records and says where they went |
| `TellingConnector` | waits, or has something to say meanwhile |
| `IncrementalConnector` | says what changed since a moment |
| `ListingConnector` | lists its records while people go on working in them |
| `RecallingConnector` | says so better if it is told what was read last |
| `ArchivingConnector` | keeps fields that people put away, and says which |
| `FootprintConnector`, `InstallingConnector` | shows our key field, or takes it in |
| `SentinelConnector` | holds a sentinel |
| `ReviewedConnector` | can be looked at before anything is written |
| `CountingConnector` | counts who fills a field without reading anybody |
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

from crmsync.core.footprint import FootprintItem
from crmsync.core.rights import Demand, Held, Need
from crmsync.core.sentinel import SentinelPlace, SentinelRecord
from crmsync.core.surroundings import ApiVersion, NativeConnector, Survey, Tracking

if TYPE_CHECKING:
    import pyarrow as pa

MERGED_COLUMNS = ("old_id", "new_id")
GONE_COLUMNS = ("id", "at", "why", "into")


Known: TypeAlias = "Callable[[Sequence[str]], Iterator[pa.RecordBatch]]"
"""The records of the last complete read, by names of columns."""


@dataclass(frozen=True, slots=True)
class Filled:
    """How many of `total` records hold a value in one native field."""

    name: str
    records: int
    total: int


@dataclass(frozen=True, slots=True)
class Gone:
    """Records that went since a cursor, GONE_COLUMNS, and where the next read goes on.

    `at` is when, `why` is `deleted` or `merged`, `into` the id of the record that took its place; blank
    where it is not known. `lost` says why there may be more that nobody tells of; empty if these are all.
    """

    rows: pa.RecordBatch
    cursor: str
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since a cursor. `gone` is asked once `live` was read to its end, and only then.

    `live` are records as `read` gives them; of one that comes twice the last counts, and one that is
    among the gone is gone.
    """

    live: Iterator[pa.RecordBatch]
    gone: Callable[[], pa.RecordBatch]
    cursor: str


@dataclass(frozen=True, slots=True)
class OnlyWhole:
    """Why changes alone cannot be told, in words for people: then everything has to be read."""

    reason: str


@runtime_checkable
class MergingConnector(Protocol):
    """What a connector adds whose system deletes merged records, and says where they went."""

    def merged(self, object_: str) -> Iterator[pa.RecordBatch]:
        """Every record that was merged away and can still be seen, MERGED_COLUMNS, all text.

        Nothing, and no call, for an object whose records are never merged.
        """
        ...


@runtime_checkable
class TellingConnector(Protocol):
    """What a connector adds that says, in the reader's language, what a person should know meanwhile.

    `warnings` are for once a run, whatever it does; `tell_to` hears of every wait.
    """

    warnings: Sequence[str]

    def tell_to(self, tell: Callable[[str], None]) -> None:
        """From now on, whoever waits is told for how long and for what."""
        ...


@runtime_checkable
class IncrementalConnector(Protocol):
    """What a connector adds whose system can say what changed since a moment of its own clock.

    A cursor is a text that only the connector understands. One that lags makes the next read longer; one
    that runs ahead would lose a change, so in doubt it lags.
    """

    def gone(self, object_: str, since: str) -> Gone:
        """What went since a cursor, or as far back as the system tells if it is blank.

        Its cursor fits a `read` that begins afterwards; blank if the system gives none.
        """
        ...

    def changes(self, object_: str, fields: Sequence[str], since: str) -> Changes | OnlyWhole:
        """What changed since a cursor, with all of these fields; or why only a full read tells."""
        ...

    def count(self, object_: str) -> int:
        """How many live records there are this moment, by one call."""
        ...

    def full_cost(self, rows: int) -> int:
        """How many calls `read` takes for an object of so many records."""
        ...


@runtime_checkable
class ListingConnector(Protocol):
    """What a connector adds whose `read` is no picture of one moment: a record may go after it was given."""

    def went_meanwhile(self, object_: str) -> Collection[str]:
        """Ids that the last `read` of an object gave, and that were gone when it ended, or broke off.

        Beside the record that took its place, a record that was merged would be a second customer.
        """
        ...


@runtime_checkable
class RecallingConnector(Protocol):
    """What a connector adds whose system does not stamp every change: some show beside what was read last."""

    def recall(self, object_: str, known: Known) -> None:
        """From now on, `changes` of this object are changes of these records, and ties are asked for theirs."""
        ...


@runtime_checkable
class ArchivingConnector(Protocol):
    """What a connector adds whose system keeps fields that people put away, and says which."""

    def archived_fields(self, object_: str) -> Mapping[str, tuple[str, ...]]:
        """The fields of an object that were archived and can be brought back, by name.

        Of each the names of those made since that look as if they had taken its place.
        """
        ...


@runtime_checkable
class FootprintConnector(Protocol):
    """What a connector adds that can say how it stands with our key field. It writes nothing."""

    def footprint(self, objects: Sequence[str]) -> list[FootprintItem]:
        """The key field of each object as it is this moment, in that order."""
        ...


@runtime_checkable
class InstallingConnector(FootprintConnector, Protocol):
    """What a connector adds that can also put the key field in and take it away.

    Both verbs look first and finish what is half done; an answer that was lost is looked up. What is
    done already makes no write. A field of that name that is no key field is Refused.
    """

    def install_key(self, object_: str, users: Sequence[str]) -> None:
        """Makes the key field where it is missing, and lets these users and the caller fill it."""
        ...

    def remove_key(self, object_: str) -> None:
        """Takes the key field away, and what was put in for it; the records stay."""
        ...


@runtime_checkable
class SentinelConnector(Protocol):
    """What a connector adds whose system can hold a sentinel. It is made and moved by `write`."""

    sentinel_place: SentinelPlace

    def sentinel(self, key: str) -> SentinelRecord | None:
        """The record under a sentinel's key, by one call to a consistent index; None without one.

        None too if there is no key field: then no record has that key.
        """
        ...

    def remove_record(self, object_: str, native_id: str) -> None:
        """Moves one record to the recycling bin; one that is gone already is none to it."""
        ...


class Reviewer(Protocol):
    """What can be said about a system before anything is written. It writes nothing.

    What its credential may not look at is told as such, and is no error.
    """

    def needs(self, demands: Sequence[Demand]) -> list[Need]:
        """Every right that these demands take, in the words of the system's administrator."""
        ...

    def held(self, demands: Sequence[Demand]) -> Held | None:
        """The rights of the credential over these objects and over everything; None if nothing can be told."""
        ...

    def permission_set(self, needs: Sequence[Need]) -> str:
        """A document that grants exactly these, as the system imports it; blank where it imports none."""
        ...

    def survey(self, objects: Sequence[str]) -> Survey | None:
        """What else runs on records of these objects; None if nothing can be told."""
        ...

    def tracking(self, object_: str) -> Tracking | None:
        """Fields whose history the system keeps; None if nothing can be told."""
        ...

    def native_connector(self, objects: Sequence[str]) -> NativeConnector | None:
        """The CRMs' own connector, if there is a trace of it."""
        ...

    def version(self) -> ApiVersion | None:
        """The version of the API in use; None for a system that has none."""
        ...

    def record_types(self, object_: str) -> list[str]:
        """Kinds of record that an object is divided into, the default first; none where it is not."""
        ...


@runtime_checkable
class ReviewedConnector(Protocol):
    """What a connector adds whose rights and automations can be looked at."""

    def reviewer(self) -> Reviewer:
        """Whoever looks; it shares the connector's connections."""
        ...


@runtime_checkable
class CountingConnector(Protocol):
    """What a connector adds whose system counts who fills a field, for less than reading everybody."""

    def filled(self, object_: str, leave_out: Collection[str]) -> Iterator[Filled]:
        """Every field that can be counted so, but those left out; what cannot be counted is not among them."""
        ...
