"""The HubSpot connector: the seven verbs, by the modules beside this one."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from crmsync.connectors.abilities import Changes, Filled, Gone, Known, OnlyWhole
from crmsync.connectors.ahead import ahead
from crmsync.connectors.base import (
    ASSOCIATION_COLUMNS,
    ID,
    OWNER_COLUMNS,
    STAGE_COLUMNS,
    CallMeter,
    Capabilities,
    Cells,
    SystemIdentity,
    WriteRequest,
    WriteResult,
)
from crmsync.connectors.columns import kept, rows_batch, text_table
from crmsync.connectors.facts import Fact
from crmsync.connectors.hubspot import footprint, lifecycle, optouts, people, sentinel, writing
from crmsync.connectors.hubspot.accounted import says_forbidden
from crmsync.connectors.hubspot.api import BATCH_SIZE, TIES_SIZE, Api
from crmsync.connectors.hubspot.companions import companions_of
from crmsync.connectors.hubspot.depth import Depth, depth_of
from crmsync.connectors.hubspot.facts import read_facts
from crmsync.connectors.hubspot.filling import filled
from crmsync.connectors.hubspot.opening import open_api
from crmsync.connectors.hubspot.reading import (
    doubts_of,
    get_cells,
    read_batches,
    records_by_id,
)
from crmsync.connectors.hubspot.remembering import Memory, in_parts, pages_of
from crmsync.connectors.hubspot.reviewing import HubspotReviewer
from crmsync.connectors.hubspot.schemas import MERGED_PROPERTY, schema_of
from crmsync.connectors.hubspot.settings import read_settings
from crmsync.connectors.hubspot.successors import successors
from crmsync.connectors.hubspot.tie_pages import read_ties
from crmsync.connectors.hubspot.ties import Held, roles_of, rows
from crmsync.connectors.hubspot.tying import STEPWISE
from crmsync.connectors.hubspot.unstamped import unstamped
from crmsync.connectors.shapes import each_understood, understood
from crmsync.core.footprint import FootprintItem
from crmsync.core.records import Schema
from crmsync.core.sentinel import SentinelRecord
from crmsync.errors import AccessDenied

OBJECTS = ("companies", "contacts", "deals")
_TIES_AHEAD = 4
"""Answers of ties for 1,000 records each that are asked for while the snapshot writes."""


def _stepwise() -> dict[str, frozenset[str]]:
    """Fields that are blank between two steps of a write: stages that go back, and parents that change."""
    stages = dict.fromkeys(lifecycle.OBJECTS, frozenset((lifecycle.STAGE,)))
    return {one: stages.get(one, frozenset()) | STEPWISE.get(one, frozenset()) for one in OBJECTS}


class HubspotConnector:
    """One portal. Holds its connections, its schemas, and the ids of the last complete reads."""

    capabilities = Capabilities(
        batch_size=BATCH_SIZE,
        objects=OBJECTS,
        key_fields=dict.fromkeys(OBJECTS, writing.KEY_PROPERTY),
        associations=(
            ("companies", "companies"),
            ("contacts", "companies"),
            ("deals", "companies"),
            ("deals", "contacts"),
        ),
        merged_fields=dict.fromkeys(OBJECTS, MERGED_PROPERTY),
        stepwise=_stepwise(),
        singly={optouts.OBJECT: (optouts.OPT_OUT,)},
    )
    sentinel_place = sentinel.PLACE

    def __init__(
        self,
        system: str,
        api: Api,
        *,
        writes: bool,
        depth: Depth | None = None,
        basis: optouts.Basis | None = None,
    ) -> None:
        self.system = system
        self._basis = basis or {}
        self.warnings: tuple[str, ...] = ()
        self._api = api
        self._writes = writes
        self._depth = depth or Depth()
        self._schemas: dict[str, Schema] = {}
        self._worked_out: dict[str, frozenset[str]] = {}
        self._memory = Memory(api)
        self._known_labels: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}

    @property
    def meter(self) -> CallMeter:
        """Calls made so far."""
        return self._api.calls.meter

    def tell_to(self, tell: Callable[[str], None]) -> None:
        """From now on, whoever waits hears for what."""
        self._api.calls.tell = tell

    def whoami(self) -> SystemIdentity:
        """The portal behind the token."""
        return people.identity(self._api, self.system)

    def clock_skew_s(self) -> float:
        """Seconds the portal's clock is ahead, to about a second."""
        return self._api.calls.skew_s

    @understood()
    def schema(self, object_: str) -> Schema:
        """Properties this token can read, and ties as fields. Asked once a connector.

        A call for the properties, and one for the labels of each pair that has roles.
        """
        if object_ not in self._schemas:
            told = self._api.properties(object_)
            self._worked_out[object_] = unstamped(told)
            self._schemas[object_] = schema_of(
                self.system, object_, told, lambda to: self._label_names(object_, to)
            )
        return self._schemas[object_]

    @understood()
    def archived_fields(self, object_: str) -> Mapping[str, tuple[str, ...]]:
        """The properties that people have archived, with those that look like their successors. Two calls."""
        live = self._api.properties(object_)
        return {
            str(one["name"]): successors(one, live)
            for one in self._api.archived_properties(object_)
        }

    def read(self, object_: str, fields: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Every live record, 100 a batch. Properties that are not there have no column.

        The ids of a read that ended are kept for `associations`, which needs them.
        """
        types = self._types(object_)
        known = [name for name in dict.fromkeys(fields) if name in types]
        seen: list[pa.Array] = []
        doubts = doubts_of(self._api, object_, known, types, self._memory.lately(object_))
        batches = read_batches(self._api, object_, known, types, doubts)
        try:
            for batch in each_understood(batches, object_):
                seen.append(kept(batch.column(ID)))
                yield batch
        finally:
            self._memory.went[object_] = frozenset(doubts.went())
        self._memory.keep_ids(object_, seen)

    def went_meanwhile(self, object_: str) -> frozenset[str]:
        """Who was merged or archived after the last read had given it. No call."""
        return self._memory.went.get(object_, frozenset())

    @understood()
    def gone(self, object_: str, since: str) -> Gone:
        """What was archived since a cursor, 90 days back without one: a call for 100 of all these days."""
        return self._memory.gone(object_, since)

    @understood()
    def changes(self, object_: str, fields: Sequence[str], since: str) -> Changes | OnlyWhole:
        """What changed since a cursor: found by search, read by id, the archive asked."""
        types = self._types(object_)
        worked_out = self._worked_out[object_]
        return self._memory.changes(object_, fields, types, since, worked_out)

    def recall(self, object_: str, known: Known) -> None:
        """What the last read of an object held: changes of its ties show beside it, and its ids are known."""
        self._memory.known[object_] = known

    @understood()
    def count(self, object_: str) -> int:
        """Live records, by a search; it is told of those that came and went lately."""
        return self._memory.count(object_)

    def full_cost(self, rows: int) -> int:
        """Pages of 100, the count, and the archive, of which one page is supposed."""
        return pages_of(rows) + 2

    def associations(self, from_object: str, to_object: str) -> Iterator[pa.RecordBatch]:
        """Every tie, for 1,000 records a batch.

        Of the records that this connector read last, so that both snapshots fit; it lists them
        first if it has read none.
        """
        for ties in ahead(self._ties(from_object, to_object), _TIES_AHEAD):
            with understood("associations"):
                made = rows_batch(ASSOCIATION_COLUMNS, rows(from_object, to_object, ties))
            yield made

    @understood("owners")
    def owners(self) -> pa.Table:
        """Owners, the removed ones too, sorted by id."""
        return text_table(OWNER_COLUMNS, people.owners(self._api))

    @understood("pipelines")
    def stages(self) -> pa.Table:
        """Deal stages of every pipeline in order."""
        return text_table(STAGE_COLUMNS, people.stages(self._api))

    def facts(self, wanted: Mapping[str, frozenset[str]]) -> Iterator[Fact]:
        """Activities, histories, lists, pipelines and consent, as far as the settings ask for them."""
        return read_facts(self._api, wanted, self._types, self._depth, self._api.calls.now)

    def companions(self, object_: str) -> Mapping[str, str]:
        """Properties that audits ask for though nobody maps them."""
        return companions_of(object_, self.schema(object_).fields)

    @understood()
    def get(self, object_: str, ids: Sequence[str], fields: Sequence[str]) -> dict[str, Cells]:
        """Records by the id asked for; a merged-away id counts as gone.

        A call for 100 records, and for 1,000 one for each object that ties are asked to.
        """
        types = self._types(object_)
        known = [name for name in dict.fromkeys(fields) if name in types]
        return get_cells(self._api, object_, ids, known, types)

    @understood()
    def find(self, object_: str, keys: Sequence[str]) -> dict[str, str]:
        """Ids by our key, by a batch read on the unique property: search lags behind writes."""
        name = writing.KEY_PROPERTY
        found = records_by_id(self._api, object_, keys, [name], name)
        by_key = {record["properties"].get(name): one for one, record in found.items()}
        return {key: by_key[key] for key in keys if key in by_key}

    def write(self, object_: str, requests: Sequence[WriteRequest]) -> list[WriteResult]:
        """Results of at most 100 requests of one action."""
        self._demand_writes()
        if not requests:
            return []
        schema = self.schema(object_)
        return writing.write(self._api, schema, requests, self._labels, self._basis)

    @understood("properties")
    def footprint(self, objects: Sequence[str]) -> list[FootprintItem]:
        """The key property of each object."""
        return [footprint.look(self._api, self.system, object_) for object_ in objects]

    @understood("properties")
    def install_key(self, object_: str, users: Sequence[str]) -> None:
        """Makes the key property; a token sees every property, so nobody has to be let in."""
        self._demand_writes()
        self._schemas.pop(object_, None)
        footprint.install(self._api, self.system, object_)

    @understood("properties")
    def remove_key(self, object_: str) -> None:
        """Archives the key property; it can be restored for 90 days."""
        self._demand_writes()
        self._schemas.pop(object_, None)
        footprint.remove(self._api, self.system, object_)

    @understood("companies")
    def sentinel(self, key: str) -> SentinelRecord | None:
        """The company under a sentinel's key, by one batch read."""
        return sentinel.find(self._api, key)

    @understood()
    def remove_record(self, object_: str, native_id: str) -> None:
        """Archives one record; it can be restored for 90 days."""
        self._demand_writes()
        sentinel.remove(self._api, object_, native_id)

    def reviewer(self) -> HubspotReviewer:
        """Who says which scopes a mapping takes here."""
        return HubspotReviewer(self._api, self.schema, self._depth.facts)

    def filled(self, object_: str, leave_out: Collection[str]) -> Iterator[Filled]:
        """Every property that people can fill: a search each."""
        yield from filled(self._api, self.schema(object_), leave_out)

    def close(self) -> None:
        """Gives back the connections."""
        self._api.session.close()

    def _demand_writes(self) -> None:
        if not self._writes:
            raise AccessDenied("this connection was opened for reading", where=self.system)

    def _ties(self, from_object: str, to_object: str) -> Iterator[list[Held]]:
        """Ties, for 1,000 records at a time."""
        known = each_understood(self._memory.ids(from_object), from_object)
        for ids in in_parts(known, TIES_SIZE):
            yield list(read_ties(self._api, from_object, to_object, ids))

    def _types(self, object_: str) -> dict[str, str]:
        return {name: native.type for name, native in self.schema(object_).fields.items()}

    @understood("associations/labels")
    def _labels(self, from_object: str, to_object: str) -> Mapping[str, Mapping[str, Any]]:
        """Labels of people by their words. Asked once a connector."""
        objects = from_object, to_object
        if objects not in self._known_labels:
            self._known_labels[objects] = roles_of(self._api.labels(*objects))
        return self._known_labels[objects]

    def _label_names(self, from_object: str, to_object: str) -> frozenset[str] | None:
        """Labels of people, None where this token may not see them: then any may be tried."""
        try:
            return frozenset(self._labels(from_object, to_object))
        except AccessDenied as problem:
            if not says_forbidden(problem):
                raise
            return None


def open_connector(
    system: str,
    settings: Mapping[str, str],
    *,
    now: datetime,
    writes: bool,
    sleep: Callable[[float], None] = time.sleep,
    tick: Callable[[], float] = time.monotonic,
) -> HubspotConnector:
    """A connector for one portal: what one of the ways in of `ways` needs, and for a sandbox `url`.

    Also `api_version`, `ca_bundle`, `reserve`, the `_write` form of each credential, `legal_basis` and its
    explanation, and how far facts are read (`depth`). Calls nothing yet.
    """
    login, chosen = read_settings(system, settings, writes=writes)
    api = open_api(system, login, now=now, reserve=chosen.reserve(), sleep=sleep, tick=tick)
    return HubspotConnector(
        system,
        api,
        writes=writes,
        depth=depth_of(chosen),
        basis=optouts.basis_of(chosen.values),
    )
