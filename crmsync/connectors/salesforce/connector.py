"""The Salesforce connector: the seven verbs, by the modules beside this one."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import pyarrow as pa

from crmsync.connectors.abilities import MERGED_COLUMNS, Changes, Filled, Gone, OnlyWhole
from crmsync.connectors.base import (
    ASSOCIATION_COLUMNS,
    ASSOCIATION_PREFIX,
    OWNER_COLUMNS,
    STAGE_COLUMNS,
    CallMeter,
    Capabilities,
    Cells,
    Conversion,
    SystemIdentity,
    WriteRequest,
    WriteResult,
)
from crmsync.connectors.batches import chunks
from crmsync.connectors.calls import Calls, Rules
from crmsync.connectors.columns import rows_batch, text_table
from crmsync.connectors.facts import Fact
from crmsync.connectors.salesforce import changes, footprint, people, sentinel, writing
from crmsync.connectors.salesforce.api import Api, note_usage, quoted, select
from crmsync.connectors.salesforce.bulk.choosing import Reader
from crmsync.connectors.salesforce.changes import DELETED
from crmsync.connectors.salesforce.companions import companions_named
from crmsync.connectors.salesforce.depth import Depth, depth_of
from crmsync.connectors.salesforce.describes import schema_of, unstamped_in, usable
from crmsync.connectors.salesforce.facts import read_facts
from crmsync.connectors.salesforce.filling import filled
from crmsync.connectors.salesforce.ids import id18, is_id
from crmsync.connectors.salesforce.leaving import Leaving
from crmsync.connectors.salesforce.locks import PARENTS
from crmsync.connectors.salesforce.problems import translate
from crmsync.connectors.salesforce.reading import (
    MASTER,
    Rows,
    batch_maker,
    read_merged,
    selected,
)
from crmsync.connectors.salesforce.retrieving import RETRIEVE_SIZE, retrieve
from crmsync.connectors.salesforce.reviewing import SalesforceReviewer
from crmsync.connectors.salesforce.session import Session
from crmsync.connectors.salesforce.settings import read_settings
from crmsync.connectors.salesforce.sizes import BULK_ABOVE, bulk_above
from crmsync.connectors.salesforce.sources import Org
from crmsync.connectors.salesforce.ties import (
    JUNCTIONS,
    Junction,
    TieField,
    association_row,
    natives,
    read_rows,
    rows_by_owner,
    tie_columns,
    tie_fields,
    visible,
)
from crmsync.connectors.settings import invalid
from crmsync.connectors.shapes import each_understood, understood
from crmsync.core.footprint import FootprintItem
from crmsync.core.records import Schema
from crmsync.core.sentinel import SentinelRecord
from crmsync.errors import AccessDenied, AnswerBroken, Refused
from crmsync.language import _

OBJECTS = ("Account", "Contact", "Lead", "Opportunity")
# A converted lead stays, read-only, and names what became of it: developer.salesforce.com, Lead (read 2026-11)
CONVERTED_LEAD = Conversion(
    "IsConverted", {"Contact": "ConvertedContactId", "Account": "ConvertedAccountId"}
)


class SalesforceConnector:
    """One org. Holds an HTTP session and what describe said. `notes` say what was read otherwise than asked."""

    capabilities = Capabilities(
        batch_size=writing.BATCH_SIZE,
        objects=OBJECTS,
        key_fields=dict.fromkeys(OBJECTS, writing.KEY_FIELD),
        associations=tuple((each.from_object, each.to_object) for each in JUNCTIONS),
        conversions={"Lead": CONVERTED_LEAD},
        parents=PARENTS,
    )
    sentinel_place = sentinel.PLACE

    def __init__(
        self,
        system: str,
        api: Api,
        *,
        writes: bool,
        depth: Depth | None = None,
        bulk_above: int | None = BULK_ABOVE,
    ) -> None:
        self.system = system
        self.warnings: tuple[str, ...] = ()
        self.notes: list[str] = []
        self._reader = Reader(api, bulk_above, self.notes)
        self._api = api
        self._writes = writes
        self._depth = depth or Depth()
        self._describes: dict[str, Mapping[str, Any]] = {}
        self._leaving: dict[str, Leaving] = {}

    @property
    def meter(self) -> CallMeter:
        """Calls made so far."""
        return self._api.calls.meter

    def tell_to(self, tell: Callable[[str], None]) -> None:
        """From now on, whoever waits hears for what."""
        self._api.calls.tell = tell

    @understood("Organization")
    def whoami(self) -> SystemIdentity:
        """The org behind the credential."""
        identity = people.identity(self._api, self.system)
        self._api.note_limits()
        return identity

    def clock_skew_s(self) -> float:
        """Seconds the org's clock is ahead, to about a second."""
        return self._api.calls.skew_s

    @understood()
    def schema(self, object_: str) -> Schema:
        """Fields this user can see, as describe tells them, and ties as fields. Asked once a connector.

        A call for the object, and one for each object whose rows are its ties.
        """
        described = self._describe(object_)
        ties = {
            name: native
            for each in self._junctions(object_)
            for name, native in natives(tie_fields([each]), self._describe(each.object)).items()
        }
        return schema_of(self.system, described, ties)

    def read(self, object_: str, fields: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Every live record: by REST, or in bulk where there are many; `notes` say if that was not possible.

        Fields this user cannot see have no column. If ties are asked for, all rows that tie this object are
        read before, in the same way.
        """
        types, tied = self._types(object_), self._ties(object_, fields)
        known = [name for name in dict.fromkeys(fields) if name in types or name in tied]
        names = [name for name in selected(known) if name in types]
        with understood(object_):
            ties = tie_columns(
                tied, known, lambda each: rows_by_owner(self._rows(each, each.fields), each)
            )
        batch = batch_maker(known, types, ties)
        leaving = self._leaving[object_] = Leaving(self._api, object_)
        asked = {name: types[name] for name in names}
        pages = self._reader.pages(object_, asked, leaving if DELETED in types else None)
        for page in each_understood(pages, object_):
            with understood(object_):
                made = batch(page)
            yield made

    def went_meanwhile(self, object_: str) -> frozenset[str]:
        """Who was merged or deleted after the last read had given them. No call."""
        told = self._leaving.get(object_)
        return frozenset(told.went if told else ())

    def associations(self, from_object: str, to_object: str) -> Iterator[pa.RecordBatch]:
        """Contact roles of opportunities. A role may point at a contact that is gone or hidden."""
        if (from_object, to_object) not in self.capabilities.associations:
            raise invalid(
                self.system, f"no ties from {from_object} to {to_object}", "see capabilities"
            )
        [junction] = [
            visible(each, self._describe(each.object))
            for each in JUNCTIONS
            if (each.from_object, each.to_object) == (from_object, to_object)
        ]
        pages = self._rows(junction, junction.dated_fields)
        for rows in each_understood(pages, junction.object):
            with understood(junction.object):
                made = rows_batch(
                    ASSOCIATION_COLUMNS, [association_row(junction, row) for row in rows]
                )
            yield made

    def merged(self, object_: str) -> Iterator[pa.RecordBatch]:
        """Records in the recycle bin that were merged into others: one query, 2,000 a call.

        They are purged from it after 15 days, or before by a person; then nobody knows of the merge any more.
        """
        if MASTER not in self._types(object_):
            return
        for rows in each_understood(read_merged(self._api, object_), object_):
            with understood(object_):
                made = rows_batch(
                    MERGED_COLUMNS, [(id18(row["Id"]), id18(row[MASTER])) for row in rows]
                )
            yield made

    def facts(self, wanted: Mapping[str, frozenset[str]]) -> Iterator[Fact]:
        """Activities, campaigns, calendars and histories, or why they are not read.

        A describe and a query each, a further call for 2,000 rows.
        """
        return read_facts(Org(self._api, self._describe), wanted, self._depth, self._api.calls.now)

    def companions(self, object_: str) -> Mapping[str, str]:
        """What became of leads, which the lifecycle asks for though nobody maps it."""
        return companions_named(object_, self.schema(object_).fields)

    @understood()
    def gone(self, object_: str, since: str) -> Gone:
        """What was deleted since a cursor, 14 days back without one: one call."""
        return changes.gone_since(self._api, object_, since)

    @understood()
    def changes(self, object_: str, fields: Sequence[str], since: str) -> Changes | OnlyWhole:
        """What changed since a cursor, the bin and the log of deletions asked."""
        unstamped = unstamped_in(self._describe(object_), fields)
        if unstamped:
            return OnlyWhole(unstamped)
        return changes.changes_since(self._api, object_, fields, self._types(object_), since)

    @understood()
    def count(self, object_: str) -> int:
        """Live records, by COUNT()."""
        return self._api.count(object_)

    def full_cost(self, rows: int) -> int:
        """The count, and what REST or a job takes, by the size of the object."""
        return self._reader.cost(rows)

    @understood("User")
    def owners(self) -> pa.Table:
        """Users, the inactive ones too, sorted by id."""
        return text_table(OWNER_COLUMNS, people.owners(self._api))

    @understood("OpportunityStage")
    def stages(self) -> pa.Table:
        """Stages in their order; Salesforce has one ladder, so `pipeline` is blank."""
        return text_table(STAGE_COLUMNS, people.stages(self._api, self._describe))

    @understood()
    def get(self, object_: str, ids: Sequence[str], fields: Sequence[str]) -> dict[str, Cells]:
        """Records by the id asked for, in 15 or 18 characters.

        A call for 200 records, and a query for those of them that live if ties are asked for.
        """
        types, tied = self._types(object_), self._ties(object_, fields)
        known = [name for name in dict.fromkeys(fields) if name in types or name in tied]
        plain = [name for name in known if name in types]
        found: dict[str, Cells] = {}
        for part in chunks(sorted({id18(one) for one in ids if is_id(one)}), RETRIEVE_SIZE):
            found |= retrieve(self._api, object_, part, plain, types)
        if tied and found:
            ties = tie_columns(tied, known, lambda each: read_rows(self._api, each, found))
            found = {
                one: {name: ties[name](one) if name in ties else cells[name] for name in known}
                for one, cells in found.items()
            }
        return {one: found[id18(one)] for one in ids if id18(one) in found}

    @understood()
    def find(self, object_: str, keys: Sequence[str]) -> dict[str, str]:
        """Ids by our key. A query sees what was committed; the key field is unique and indexed."""
        name = writing.KEY_FIELD
        found: dict[str, str] = {}
        for part in chunks(sorted(set(keys)), RETRIEVE_SIZE):
            soql = select(["Id", name], object_, f" WHERE {name} IN ({quoted(part)})")
            found |= {row[name]: id18(row["Id"]) for row in self._api.rows(soql)}
        return {key: found[key] for key in keys if key in found}

    def write(self, object_: str, requests: Sequence[WriteRequest]) -> list[WriteResult]:
        """Results of at most 200 requests of one action."""
        self._demand_writes()
        if not requests:
            return []
        names = [name for request in requests for name in request.cells]
        ties = self._ties(object_, names)
        return writing.write(self._api, object_, self._types(object_), ties, requests)

    @understood("CustomField")
    def footprint(self, objects: Sequence[str]) -> list[FootprintItem]:
        """The key field of each object, as this user finds it."""
        return footprint.look(self._api, self.system, objects)

    @understood("CustomField")
    def install_key(self, object_: str, users: Sequence[str]) -> None:
        """Makes the key field, and a permission set that lets these users and this one fill it."""
        self._demand_writes()
        self._describes.pop(object_, None)
        footprint.install(self._api, self.system, object_, users)

    @understood("CustomField")
    def remove_key(self, object_: str) -> None:
        """Deletes the key field, and the permission set with the last one; restorable for 15 days."""
        self._demand_writes()
        self._describes.pop(object_, None)
        footprint.remove(self._api, self.system, object_)

    @understood("Account")
    def sentinel(self, key: str) -> SentinelRecord | None:
        """The account under a sentinel's key, by one query."""
        return sentinel.find(self._api, key)

    @understood()
    def remove_record(self, object_: str, native_id: str) -> None:
        """Deletes one record; it stays in the recycle bin for 15 days."""
        self._demand_writes()
        sentinel.remove(self._api, object_, native_id)

    def reviewer(self) -> SalesforceReviewer:
        """Who looks at rights and automations of this org."""
        return SalesforceReviewer(self._api, self._describe)

    def filled(self, object_: str, leave_out: Collection[str]) -> Iterator[Filled]:
        """Every field that an aggregate query counts: 50 a call."""
        yield from filled(self._api, self._describe(object_), leave_out)

    def close(self) -> None:
        """Gives back the connections."""
        self._api.session.close()

    def _rows(self, junction: Junction, names: Sequence[str]) -> Iterator[Rows]:
        types = self._types(junction.object)
        return self._reader.rows(junction.object, {name: types[name] for name in names})

    def _demand_writes(self) -> None:
        if not self._writes:
            raise AccessDenied("this connection was opened for reading", where=self.system)

    def _describe(self, object_: str) -> Mapping[str, Any]:
        if object_ not in self._describes:
            told = self._api.get(f"sobjects/{object_}/describe", "sobjects/describe")
            if not isinstance(told, dict) or not isinstance(told.get("fields"), list):
                raise AnswerBroken("the answer describes no object", where=object_)
            self._describes[object_] = told
        return self._describes[object_]

    def _ties(self, object_: str, names: Sequence[str]) -> dict[str, TieField]:
        """The ties of an object by name; none, and no call, where no name is one."""
        if not any(name.startswith(ASSOCIATION_PREFIX) for name in names):
            return {}
        return tie_fields(self._junctions(object_))

    @understood()
    def _junctions(self, object_: str) -> list[Junction]:
        """What ties an object to others, without fields this user cannot see, and without junctions
        this user cannot see at all."""
        found = []
        for each in JUNCTIONS:
            if each.from_object == object_:
                try:
                    found.append(visible(each, self._describe(each.object)))
                except Refused as refusal:
                    # Any other no is no word about the object: it says NOT_FOUND with 404 where it is hidden.
                    if "NOT_FOUND" not in refusal.message:
                        raise
        return found

    @understood()
    def _types(self, object_: str) -> dict[str, str]:
        return {name: one["type"] for name, one in usable(self._describe(object_)).items()}


def open_connector(
    system: str,
    settings: Mapping[str, str],
    *,
    now: datetime,
    writes: bool,
    sleep: Callable[[float], None] = time.sleep,
    tick: Callable[[], float] = time.monotonic,
) -> SalesforceConnector:
    """A connector for one org: `url`, and what one of the ways in of `ways` needs.

    Also `api_version`, `session_minutes`, `ca_bundle`, `bulk_above`, `reserve`, those of `depth`,
    and the `_write` form of each credential. Calls nothing yet.
    """
    login, chosen = read_settings(system, settings, writes=writes)
    session = Session(login, now, tick)
    refused = partial(translate, way=login.way)
    rules = Rules(refused, note_usage, session.renew if session.can_renew else None)
    calls = Calls(system, rules, now, session.secrets, chosen.reserve(), sleep)
    api = Api(session, calls, login.api_version)
    connector = SalesforceConnector(
        system, api, writes=writes, depth=depth_of(chosen), bulk_above=bulk_above(chosen)
    )
    connector.warnings = (_(login.ends),) if login.ends else ()
    return connector
