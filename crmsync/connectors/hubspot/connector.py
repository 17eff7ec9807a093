"""The HubSpot connector: the seven verbs, by the modules beside this one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa

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
from crmsync.connectors.batches import chunks
from crmsync.connectors.calls import Calls, Rules
from crmsync.connectors.columns import rows_batch, text_table
from crmsync.connectors.hubspot import footprint, lifecycle, optouts, people, sentinel, writing
from crmsync.connectors.hubspot.api import BATCH_SIZE, TIES_SIZE, Api, note_limits
from crmsync.connectors.hubspot.paths import CLASSIC, VERSIONS
from crmsync.connectors.hubspot.problems import translate
from crmsync.connectors.hubspot.reading import (
    get_cells,
    read_batches,
    read_pages,
    records_by_id,
)
from crmsync.connectors.hubspot.reviewing import HubspotReviewer
from crmsync.connectors.hubspot.schemas import ID_PROPERTY, MERGED_PROPERTY, schema_of
from crmsync.connectors.hubspot.session import HOST, Login, Session
from crmsync.connectors.hubspot.ties import read_ties, roles_of, rows
from crmsync.connectors.loopback import bundle_problem, is_loopback
from crmsync.connectors.settings import Checked, checked, invalid
from crmsync.connectors.shapes import each_understood, understood
from crmsync.core.footprint import FootprintItem
from crmsync.core.records import Schema
from crmsync.core.sentinel import SentinelRecord
from crmsync.errors import AccessDenied, Refused

OBJECTS = ("companies", "contacts", "deals")


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
        stepwise=dict.fromkeys(lifecycle.OBJECTS, frozenset((lifecycle.STAGE,))),
        singly={optouts.OBJECT: (optouts.OPT_OUT,)},
    )
    sentinel_place = sentinel.PLACE

    def __init__(
        self, system: str, api: Api, *, writes: bool, basis: optouts.Basis | None = None
    ) -> None:
        self.system = system
        self._basis = basis or {}
        self.warnings: tuple[str, ...] = ()
        self._api = api
        self._writes = writes
        self._schemas: dict[str, Schema] = {}
        self._ids: dict[str, list[pa.Array]] = {}
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
            self._schemas[object_] = schema_of(
                self.system, object_, told, lambda to: self._label_names(object_, to)
            )
        return self._schemas[object_]

    def read(self, object_: str, fields: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Every live record, 100 a batch. Properties that are not there have no column.

        The ids of a read that ended are kept for `associations`, which needs them.
        """
        types = self._types(object_)
        known = [name for name in dict.fromkeys(fields) if name in types]
        seen: list[pa.Array] = []
        batches = read_batches(self._api, object_, known, types)
        for batch in each_understood(batches, object_):
            seen.append(batch.column(ID))
            yield batch
        self._ids[object_] = seen

    def associations(self, from_object: str, to_object: str) -> Iterator[pa.RecordBatch]:
        """Every tie, for 1,000 records a batch.

        Of the records that this connector read last, so that both snapshots fit; it lists them
        first if it has read none.
        """
        for ids in chunks(self._known_ids(from_object), TIES_SIZE):
            ties = read_ties(self._api, from_object, to_object, ids)
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
        return HubspotReviewer()

    def close(self) -> None:
        """Gives back the connections."""
        self._api.session.close()

    def _demand_writes(self) -> None:
        if not self._writes:
            raise AccessDenied("this connection was opened for reading", where=self.system)

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
        except (AccessDenied, Refused):
            return None

    @understood()
    def _known_ids(self, object_: str) -> list[str]:
        if object_ in self._ids:
            return [one for column in self._ids[object_] for one in column.to_pylist()]
        pages = read_pages(self._api, object_, [ID_PROPERTY])
        return [str(record["id"]) for page in pages for record in page]


def open_connector(
    system: str,
    settings: Mapping[str, str],
    *,
    now: datetime,
    writes: bool,
    sleep: Callable[[float], None] = time.sleep,
) -> HubspotConnector:
    """A connector for one portal: `token`, and for a sandbox `url`.

    Also `api_version`, `reserve`, `token_write`, `legal_basis` and `legal_basis_explanation`. Calls nothing yet.
    """
    chosen = _settings(system, settings, writes)
    version = chosen.get("api_version", CLASSIC)
    login = Login(chosen["token"], chosen.get("url", HOST), version, chosen.get("ca_bundle"))
    session = Session(login)
    calls = Calls(
        system, Rules(translate, note_limits), now, session.secrets, chosen.reserve(), sleep
    )
    basis = optouts.basis_of(chosen.values)
    return HubspotConnector(system, Api(session, calls), writes=writes, basis=basis)


def _settings(system: str, settings: Mapping[str, str], writes: bool) -> Checked:
    chosen = checked(
        system,
        settings,
        known=("url", "token", "api_version", "ca_bundle", *optouts.SETTINGS),
        secret=("token",),
        needs=(("token",),),
        writes=writes,
        more=lambda given: optouts.basis_problems(system, given),
    )
    version, url = chosen.get("api_version", CLASSIC), chosen.get("url", HOST)
    if wrong := bundle_problem(chosen.get("ca_bundle")):
        remedy = "give the path of a file with certificates (PEM)"
        raise invalid(system, f"ca_bundle: {wrong}", remedy, "ca_bundle")
    if version not in VERSIONS:
        known = f"known: {', '.join(VERSIONS)}"
        raise invalid(system, f"api_version '{version}' is not known", known, "api_version")
    if urlsplit(url).scheme != "https" and not is_loopback(url):
        raise invalid(
            system, "`url` is no https address", "leave it out; it is for a sandbox", "url"
        )
    return chosen
