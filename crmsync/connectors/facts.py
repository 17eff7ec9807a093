"""Facts: what people did and what fields held before, which a system tells beside its records.

All cells are wire-normal text as in `base`. A pull keeps each source of facts as a side table of its own:

| side table | a row is | columns |
|---|---|---|
| `_activities.<object>` | a call, e-mail, meeting, task or note | ACTIVITY_COLUMNS |
| `_activity_people.<object>` | one more person of an activity that several share | ACTIVITY_PEOPLE_COLUMNS |
| `_campaigns.<object>` | a campaign | CAMPAIGN_COLUMNS |
| `_campaign_members.<object>` | a person in a campaign | MEMBER_COLUMNS |
| `_history.<object of the record>.<source>` | what a field held | HISTORY_COLUMNS |
| `_calendars.<object>` | one weekday of business hours, or a holiday | CALENDAR_COLUMNS |
| `_lists.<source>` | a list of records | LIST_COLUMNS |
| `_list_members.<source>` | a record in a list | LIST_MEMBER_COLUMNS |
| `_pipelines.<object>` | a stage of a pipeline | PIPELINE_COLUMNS |
| `_subscriptions.<source>` | what an address can be subscribed to | SUBSCRIPTION_COLUMNS |
| `_gone.<object>` | an activity that was deleted, of as long as the system tells | GONE_COLUMNS |
| `_consents.<object>` | how a record's address stands to one subscription | CONSENT_COLUMNS |

A column that the credential cannot see is left out, like a field of a record: that is not a blank.

Activities: `kind` is call, email, meeting, task or note, `subtype` the system's own word for it, `direction`
inbound, outbound or internal, blank where the system does not say. `happened_at` is an instant and nothing else;
where only a day is known, `day` has it and `happened_at` is blank, since a day moved into a time zone would be
another day for half the world. `precision` says which: instant, day, unknown, or blank for what has not happened.
`state` is open, closed, or cancelled for what did not happen and will not; blank where there is no such thing.
`about` are the records it is tied to, `Contact|id;Account|id`, the object blank where it is not known. `origin` is
the system's word for what made it (`CRM_UI`, `SALESFORCE`), where it has one. `outcome` is the word people see for
how it ended, `outcome_id` the one they cannot rename.

History: `told` is `change` (`old` and `new`), `state` (only `new`, what the field held from then on) or `record`
(no field changed: `native` is the system's word for what happened, as `created` or `leadConverted`). `origin` is the
system's word for what changed it (`CRM_UI`, `IMPORT`), and `origin_id` says which of them.

Lists: `members_read` is true where the members were read, else only `size` says how many there are. Consent:
`status` is subscribed, unsubscribed or not_specified; a blank `subscription_id` means everything.

Companions are no side table but columns of the records' own snapshot: `CompanionConnector`.

Calendars: `weekday` is 1 for Monday to 7 for Sunday; `starts` and `ends` are local times of `timezone`, `24:00` the end
of the day, both blank where nobody works; a holiday has a `day`, or `recurs` and what comes with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import pyarrow as pa

ACTIVITIES = "_activities"
ACTIVITY_PEOPLE = "_activity_people"
CAMPAIGNS = "_campaigns"
CAMPAIGN_MEMBERS = "_campaign_members"
HISTORY = "_history"
CALENDARS = "_calendars"
LISTS = "_lists"
LIST_MEMBERS = "_list_members"
PIPELINES = "_pipelines"
SUBSCRIPTIONS = "_subscriptions"
CONSENTS = "_consents"
GONE = "_gone"

ACTIVITY_COLUMNS = (
    "id",
    "kind",
    "subtype",
    "direction",
    "created_at",
    "happened_at",
    "day",
    "precision",
    "state",
    "outcome",
    "about",
    "owner_id",
    "created_by",
    "subject",
    "archived",
    "origin",
    "outcome_id",
)
ACTIVITY_PEOPLE_COLUMNS = ("activity_id", "object", "record_id")
CAMPAIGN_COLUMNS = (
    "id",
    "name",
    "type",
    "status",
    "starts_on",
    "ends_on",
    "active",
    "parent_id",
    "created_at",
)
MEMBER_COLUMNS = (
    "id",
    "campaign_id",
    "object",
    "record_id",
    "status",
    "responded",
    "responded_on",
    "created_at",
)
HISTORY_COLUMNS = (
    "id",
    "record_id",
    "told",
    "native",
    "old",
    "new",
    "happened_at",
    "actor_id",
    "precision",
    "origin",
    "origin_id",
)
CALENDAR_COLUMNS = (
    "id",
    "name",
    "timezone",
    "active",
    "is_default",
    "weekday",
    "starts",
    "ends",
    "day",
    "recurs",
    "until",
    "month",
    "month_day",
)
LIST_COLUMNS = ("id", "name", "object", "kind", "size", "members_read", "created_at", "updated_at")
LIST_MEMBER_COLUMNS = ("list_id", "object", "record_id", "joined_at")
PIPELINE_COLUMNS = (
    "pipeline",
    "pipeline_label",
    "stage",
    "label",
    "position",
    "probability",
    "is_closed",
    "is_won",
    "archived",
)
SUBSCRIPTION_COLUMNS = ("id", "name", "purpose", "channel", "active")
CONSENT_COLUMNS = ("record_id", "subscription_id", "status", "basis", "stated_at", "origin")
GONE_COLUMNS = ("id", "at", "why", "into")
COLUMNS_OF: Mapping[str, tuple[str, ...]] = {
    ACTIVITIES: ACTIVITY_COLUMNS,
    ACTIVITY_PEOPLE: ACTIVITY_PEOPLE_COLUMNS,
    CAMPAIGNS: CAMPAIGN_COLUMNS,
    CAMPAIGN_MEMBERS: MEMBER_COLUMNS,
    HISTORY: HISTORY_COLUMNS,
    CALENDARS: CALENDAR_COLUMNS,
    LISTS: LIST_COLUMNS,
    LIST_MEMBERS: LIST_MEMBER_COLUMNS,
    PIPELINES: PIPELINE_COLUMNS,
    SUBSCRIPTIONS: SUBSCRIPTION_COLUMNS,
    CONSENTS: CONSENT_COLUMNS,
    GONE: GONE_COLUMNS,
}
"""All columns there can be, by what the name of a side table begins with."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One source of facts: the side table it fills, and its rows, or why they are not read.

    `since` is the ISO instant before which nothing was asked for, blank if everything was. With `unread`,
    there are no rows and nothing follows from that.
    """

    table: str
    columns: tuple[str, ...]
    batches: Iterator[pa.RecordBatch]
    since: str = ""
    unread: str = ""


@runtime_checkable
class FactConnector(Protocol):
    """What a connector adds whose system can tell such facts. It writes nothing."""

    def facts(self, wanted: Mapping[str, frozenset[str]]) -> Iterator[Fact]:
        """Every source of facts there can be, one after another; `wanted` are the mapped fields by object.

        What cannot be read is a Fact that says why, and no error; a read that breaks off is AnswerBroken, as
        for records. The batches of one are taken before the next is asked for.
        """
        ...


@runtime_checkable
class CompanionConnector(Protocol):
    """What a connector adds whose records tell audits more than anybody maps: it is read along with them."""

    def companions(self, object_: str) -> Mapping[str, str]:
        """Native fields this credential sees, by what they tell in the words of `core.companions`.

        None of them recognises anybody.
        """
        ...
