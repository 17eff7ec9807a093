"""What a connector is: seven verbs, and values that cross the border in one normal form.

The wire-normal form of a cell is text, or None for a blank: `true`/`false` for booleans, plain digits with a
point for numbers, `2026-03-29` for dates, `2026-03-29T01:30:00.123Z` for instants, `a;b` for several
options, the native id for a reference (18 characters in Salesforce). REST, Bulk and batch endpoints of one
system give the same text for the same cell.

A name that begins with `associations.` is no field of the record but a tie, or a set of them:

| name | holds | read as | written as |
|---|---|---|---|
| `associations.<object>.primary` (or `parent`) | the one record tied so | its id | its id; None unties |
| `associations.<object>.all` | every tie, whatever its role or label | `id;id` | `+id;-id` |
| `associations.<object>.roles` | ties with a role, once a role | `id|role;id|role` | `+id|role;-id|role` |

A role is a label of people in HubSpot, and the `Role` of a contact role in Salesforce.
Sets are read as the text and written as the delta of `crmsync.core.ties`; None is a set without ties,
and is never written. A set is written record by record: what is to be added and is there, or is to be
taken away and is not, makes no difference, so a delta may be sent again after a lost answer. Ties that
it does not name stay as they are. Taking a role away leaves the tie, adding one makes it; taking a tie
away takes its roles along. Where both sets of a record are written, `all` goes before `roles`. Ties of
a record are written after its fields, those of a create too. A delta that cannot be read, or a name
that is no tie, is refused before anything of its request is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from crmsync.core.records import Ref, Schema

if TYPE_CHECKING:
    import pyarrow as pa

ASSOCIATION_PREFIX = "associations."
ID = "_id"
MODIFIED_AT = "_modified_at"
CREATED_AT = "_created_at"
SYSTEM_COLUMNS = (ID, CREATED_AT, MODIFIED_AT)
ASSOCIATION_COLUMNS = (
    "from_object",
    "from_id",
    "to_object",
    "to_id",
    "label",
    "role",
    "is_primary",
    "created_at",
)
OWNER_COLUMNS = ("id", "email", "name", "active")
STAGE_COLUMNS = ("pipeline", "stage", "label", "position", "is_closed", "is_won")

Cells: TypeAlias = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class SystemIdentity:
    """Which org or portal a credential leads to. `id` is pinned; `base_url` opens records in a browser."""

    system: str
    id: str
    name: str
    base_url: str = ""
    timezone: str = "UTC"
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Conversion:
    """How records of one object become records of others: `flag` is `true` then, and none is written again.

    `into` names, by object, the native field that holds the id of the record in its place.
    """

    flag: str
    into: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a system can do, as facts the engine may rely on.

    `key_fields` names, per object, the unique native field that carries our key; `merged_fields` the one
    that lists the ids of records merged into a record, as `a;b`. `conversions` are the objects whose
    records become others. `associations` are the (from, to) pairs that can be read. `partial` says that
    what can be read is what somebody chose to export: a mapped field that is not there is absent, and no
    error in the mapping. `parents` names, per object, the native field that leads to the record which the
    system locks while it writes one of these. `stepwise` are native fields, per object, that some values reach
    only by way of a blank: a write that broke off may have left them so. `singly` are, per object, beginnings of
    the names of native fields of which every value takes a call of its own.
    """

    batch_size: int
    objects: tuple[str, ...]
    key_fields: Mapping[str, str]
    associations: tuple[tuple[str, str], ...] = ()
    partial: bool = False
    merged_fields: Mapping[str, str] = field(default_factory=dict)
    conversions: Mapping[str, Conversion] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)
    stepwise: Mapping[str, frozenset[str]] = field(default_factory=dict)
    singly: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def flags_of(self, object_: str) -> list[str]:
        """The native field that says that a record became another one; none where records do not."""
        conversion = self.conversions.get(object_)
        return [conversion.flag] if conversion else []

    def is_converted(self, object_: str, cells: Cells) -> bool:
        """True if a record became another one."""
        return any(cells.get(flag) == "true" for flag in self.flags_of(object_))


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """One record to create or update with wire-normal cells; None clears a cell.

    A cell that is a set of ties is a delta, and never None.

    A create carries our `key`, so that the system itself refuses to create it twice.
    """

    change_id: str
    action: Literal["create", "update"]
    native_id: str | None
    key: str | None
    cells: Cells


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What became of one request.

    written  the system says it did it
    refused  it said no to this record; `message` is its own, secrets removed
    missing  the record is gone (deleted, merged or converted)
    unknown  no answer for this record: it may have been done

    `alike` is not None where the system refused because the record is there already: the records it
    means, as far as it names them. Such a request is never sent again as it was.

    `confirmed` are native fields that stand as asked for, as the system says elsewhere than on the record, which
    does not show them yet.
    """

    change_id: str
    outcome: Literal["written", "refused", "missing", "unknown"]
    native_id: str | None = None
    created: bool = False
    message: str = ""
    fields: tuple[str, ...] = ()
    alike: tuple[Ref, ...] | None = None
    confirmed: tuple[str, ...] = ()


@dataclass(slots=True)
class CallMeter:
    """How many calls a run made, and what the system says is left of the day (None: not said).

    `waited_s` are seconds waited for the system's limits, of all threads together.
    """

    made: int = 0
    written: int = 0
    left: int | None = None
    allowed: int | None = None
    waited_s: float = 0.0
    by_path: dict[str, int] = field(default_factory=dict)


class Connector(Protocol):
    """One system. Errors are those of `crmsync.errors`; one record refused is a result, not an error."""

    system: str
    capabilities: Capabilities
    meter: CallMeter

    def whoami(self) -> SystemIdentity:
        """The org or portal behind the credential. AccessDenied if it is wrong."""
        ...

    def clock_skew_s(self) -> float:
        """Seconds the system's clock is ahead of `now` given at opening, 0 before the first call."""
        ...

    def schema(self, object_: str) -> Schema:
        """Fields that this credential can read, with what each keeps; associations as fields too.

        A set of ties is of type `references`; the options of one with roles are the roles there are.
        """
        ...

    def read(self, object_: str, fields: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Every live record, a batch a page: SYSTEM_COLUMNS and the fields asked for, all text.

        Raises AnswerBroken if the read cannot be completed; batches given before remain good.
        """
        ...

    def associations(self, from_object: str, to_object: str) -> Iterator[pa.RecordBatch]:
        """Every tie between two objects, ASSOCIATION_COLUMNS, all text.

        `role` is spelled as in the set of ties with roles, but for its escapes. `created_at` is an instant, blank where
        a system does not tell since when.
        """
        ...

    def owners(self) -> pa.Table:
        """People who can own records, OWNER_COLUMNS, all text."""
        ...

    def stages(self) -> pa.Table:
        """Deal stages of every pipeline in order, STAGE_COLUMNS, all text."""
        ...

    def get(self, object_: str, ids: Sequence[str], fields: Sequence[str]) -> dict[str, Cells]:
        """Some records as they are this moment, by the id asked for; those that are gone are left out.

        Restless names records that change all the time while they are read: without them the others are.
        """
        ...

    def find(self, object_: str, keys: Sequence[str]) -> dict[str, str]:
        """Native ids by our key, read from a strongly consistent index; unknown keys are left out."""
        ...

    def write(self, object_: str, requests: Sequence[WriteRequest]) -> list[WriteResult]:
        """One result a request, in order, for at most `batch_size` requests of one action.

        Raises Unavailable only if nothing can have been written; otherwise the results say `unknown`.
        """
        ...

    def close(self) -> None:
        """Gives back connections."""
        ...


class OpenConnector(Protocol):
    """What an entry point of `crmsync.connectors` leads to."""

    def __call__(
        self, system: str, settings: Mapping[str, Any], *, now: datetime, writes: bool
    ) -> Connector:
        """A connector for one system of a workspace; `writes` asks for the credential that may write."""
        ...
