"""`crmsync pull`: reads every mapped object of every system into a snapshot. Writes to no CRM.

How much of a system is read, everything or what changed, is chosen and done by `commands/extents.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from crmsync.commands.automations import survey_tables
from crmsync.commands.extents import At, Reader, told
from crmsync.commands.facts import companions_of, keep_facts, told_facts
from crmsync.commands.inventory import inventory_tables
from crmsync.commands.keyless import usable
from crmsync.commands.links import keep_identity
from crmsync.commands.refused_reads import Refusals
from crmsync.commands.tie_ends import demand_ends
from crmsync.commands.workspace import Workspace, noted_run
from crmsync.config.natives import native_place
from crmsync.connectors.abilities import MERGED_COLUMNS, MergingConnector, SentinelConnector
from crmsync.connectors.base import (
    ASSOCIATION_COLUMNS,
    ASSOCIATION_PREFIX,
    OWNER_COLUMNS,
    STAGE_COLUMNS,
    SYSTEM_COLUMNS,
    CallMeter,
    Connector,
    SystemIdentity,
)
from crmsync.core.extents import Wish
from crmsync.core.mapping import Entity, Seat
from crmsync.core.records import Schema
from crmsync.core.sentinel import PREFIX
from crmsync.errors import ConfigInvalid, Problem, WrongSystem
from crmsync.language import _, translate_said
from crmsync.warehouse.absences import all_absences
from crmsync.warehouse.snapshots import GONE, MERGED, Reading, Snapshot, newest, write_snapshot

if TYPE_CHECKING:
    import pyarrow as pa

    from crmsync.store.store import Store

Tell = Callable[[str], None]
"""Says how far a run is; progress, never data."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull read, and what it cost in calls. `refused` says in a line each what it was not let read."""

    run: str
    snapshots: tuple[Snapshot, ...]
    identities: dict[str, SystemIdentity]
    meters: dict[str, CallMeter]
    vanished: tuple[str, ...] = field(default=())
    refused: tuple[str, ...] = field(default=())

    @property
    def complete(self) -> bool:
        """True if every object was read to its end."""
        return all(snapshot.manifest.complete for snapshot in self.snapshots)


def pull(
    workspace: Workspace,
    *,
    only: str | None = None,
    wish: Wish = "auto",
    inventory: bool = False,
    skip_refused: bool = False,
    tell: Tell = lambda _text: None,
    at: At = lambda _name: None,
) -> Pulled:
    """Reads the systems (or `only` one). An object that breaks off is kept, marked incomplete.

    With `skip_refused` an object that the credential may not read is kept so, too, without records; else it ends the
    pull with what the system said.

    `wish` is for systems that can tell what changed; `inventory` counts who fills what nobody maps. `at` is told
    where the run is; tests die there.
    """
    demand_known(workspace, only)
    run = workspace.new_run()
    snapshots: list[Snapshot] = []
    vanished: list[str] = []
    refused: list[str] = []
    identities: dict[str, SystemIdentity] = {}
    with workspace.store() as store, workspace.connectors(only=only) as connectors:
        with noted_run(workspace, store, run, "pull"):
            for system, connector in connectors.items():
                identities[system] = recognised(store, connector, workspace)
                keep_identity(workspace, identities[system])
                extents = Reader(workspace, store, connector, wish, at)
                reader = _Reader(workspace, store, connector, run, extents, skip_refused)
                for snapshot in reader.read_all(inventory=inventory):
                    manifest = snapshot.manifest
                    if not manifest.object.startswith("_"):
                        tell(f"{system} {manifest.object}: {manifest.rows}")
                    snapshots.append(snapshot)
                for line in told_facts(s for s in snapshots if s.manifest.system == system):
                    tell(line)
                vanished += reader.vanished
                refused += reader.refused
                for note in (*getattr(connector, "notes", ()), *reader.absent, told(extents)):
                    if not note:
                        continue
                    tell(f"{system}: {translate_said(note)}")
                if reader.unlinked:
                    tell(f"{system}: {_unlinked(reader.unlinked)}")
        meters = {system: connector.meter for system, connector in connectors.items()}
        counts = {f"{s.manifest.system}/{s.manifest.object}": s.manifest.rows for s in snapshots}
        done = all(snapshot.manifest.complete for snapshot in snapshots)
        store.finish_run(
            run,
            "done" if done else "partial",
            workspace.now(),
            counts=counts,
            exit_code=0,
            calls={system: meter.made for system, meter in meters.items()},
        )
    return Pulled(
        run, tuple(snapshots), identities, meters, tuple(vanished), tuple(dict.fromkeys(refused))
    )


def _unlinked(names: list[str]) -> str:
    return _(
        "{names}: not there, as the native connector brings them; nobody is recognised by them"
    ).format(names=", ".join(names))


def _no_column(seat: Seat, names: list[str]) -> str:
    return _("{object} has no column for {names}").format(
        object=seat.object, names=", ".join(names)
    )


def demand_known(workspace: Workspace, only: str | None) -> None:
    """ConfigInvalid if a system is asked for that is not configured."""
    if only is not None and only not in workspace.systems:
        remedy = f"use {' or '.join(workspace.systems)}"
        raise ConfigInvalid([Problem("crmsync.yml", 0, 0, "CRM072", f"no system '{only}'", remedy)])


def recognised(store: Store, connector: Connector, workspace: Workspace) -> SystemIdentity:
    """Who is behind a credential; WrongSystem if it is not who it was the first time."""
    identity = connector.whoami()
    pinned = store.pinned(connector.system)
    if pinned is None:
        store.pin(connector.system, identity.id, workspace.now())
    elif pinned != identity.id:
        raise WrongSystem(
            f"{connector.system} is {identity.id} now, but this workspace belongs to {pinned}",
            remedy="Use the credential of the first org or portal, or make a workspace for this one.",
        )
    return identity


class _Reader:
    """Reads one system, object by object."""

    def __init__(
        self,
        workspace: Workspace,
        store: Store,
        connector: Connector,
        run: str,
        extents: Reader,
        skip_refused: bool,
    ) -> None:
        self._workspace = workspace
        self._store = store
        self._connector = connector
        self._run = run
        self._extents = extents
        self._refusals = Refusals(connector.system, self._keep, skip=skip_refused)
        self.vanished: list[str] = []
        self.absent: list[str] = []
        self.unlinked: list[str] = []

    @property
    def refused(self) -> list[str]:
        """What this credential may not read, a line each."""
        return self._refusals.told

    def read_all(self, *, inventory: bool = False) -> Iterator[Snapshot]:
        """Mapped objects first, then what was merged away, what ties them, and what is beside them.

        Merges after the records: whoever is missing from these was merged before those are asked for.
        """
        seats = list(self._workspace.mapping.seats_of(self._connector.system))
        objects = [seat.object for _entity, seat in seats]
        self._extents.decide(objects)
        read: dict[str, Snapshot] = {}
        for entity, seat in seats:
            read[seat.object] = self._refusals.borne(
                seat.object, SYSTEM_COLUMNS, partial(self._read_object, entity, seat)
            )
            yield read[seat.object]
        merged: dict[str, Snapshot] = {}
        if isinstance(self._connector, MergingConnector):
            for name in objects:
                asked = partial(self._merged, name)
                merged[name] = self._refusals.borne(MERGED + name, MERGED_COLUMNS, asked)
                yield merged[name]
        for name, gone in self._extents.gone.items():
            before = newest(self._workspace.state, self._connector.system, GONE + name)
            known = all_absences(gone, before, merged.get(name), read[name])
            yield self._keep(GONE + name, iter(known.to_batches()))
        for from_object, to_object in self._connector.capabilities.associations:
            if from_object in objects:
                yield self._ties(read[from_object], to_object, read.get(to_object))
        yield from self._beside(objects, inventory=inventory)

    def _beside(self, objects: list[str], *, inventory: bool) -> Iterator[Snapshot]:
        """Owners, stages of deals, facts, and what else runs on these objects."""
        for name, columns in (("_owners", OWNER_COLUMNS), ("_stages", STAGE_COLUMNS)):
            yield self._refusals.borne(name, columns, partial(self._side, name))
        refused = self._refusals.names
        yield from keep_facts(self._workspace, self._connector, self._run, refused)
        sides = inventory_tables(self._workspace, self._connector) if inventory else iter(())
        shown = [name for name in objects if name not in refused]
        for name, batch in chain(survey_tables(self._connector, shown), sides):
            yield self._keep(name, iter([batch]))

    def _merged(self, name: str) -> Snapshot:
        assert isinstance(self._connector, MergingConnector)
        return self._keep(MERGED + name, self._connector.merged(name))

    def _side(self, name: str) -> Snapshot:
        told = self._connector.owners() if name == "_owners" else self._connector.stages()
        return self._keep(name, iter(told.to_batches()))

    def _ties(self, live: Snapshot, to_object: str, led_to: Snapshot | None) -> Snapshot:
        object_ = live.manifest.object
        name = f"_associations.{object_}.{to_object}"
        before = newest(self._workspace.state, self._connector.system, name)
        ends = live, led_to

        def read() -> Snapshot:
            ties = self._connector.associations(object_, to_object)
            return self._keep(name, demand_ends(self._connector, ends, before, ties))

        return self._refusals.borne(name, ASSOCIATION_COLUMNS, read)

    def _keep(self, name: str, batches: Iterator[pa.RecordBatch]) -> Snapshot:
        return write_snapshot(self._workspace.state, self._reading(name), batches)

    def _reading(self, name: str) -> Reading:
        now = self._workspace.now().isoformat()
        return Reading(self._connector.system, name, self._run, now)

    def _read_object(self, entity: Entity, seat: Seat) -> Snapshot:
        schema = self._connector.schema(seat.object)
        links = entity.native_links_in(seat.system)
        readable = [*self._readable(entity, seat, schema), *self._shown(seat, links, schema)]
        capabilities = self._connector.capabilities
        key = capabilities.key_fields.get(seat.object, "")
        known_key, known_merged = (
            name if name in schema.fields else ""
            for name in (key, capabilities.merged_fields.get(seat.object, ""))
        )
        flag, into = self._conversion(entity, seat, schema)
        readable += [name for name in (known_key, known_merged, flag, *into.values()) if name]
        companions = companions_of(self._connector, seat.object)
        asked = [
            n
            for n in dict.fromkeys((*readable, *companions.values()))
            if not n.startswith(ASSOCIATION_PREFIX)
        ]
        sentinels = self._sentinels_of(seat.object)
        self._store.see_fields(seat.system, seat.object, readable, self._workspace.now())
        fields = ("_id", "_created_at", "_modified_at", *asked)
        reading = replace(
            self._reading(seat.object),
            fields=fields,
            schema=schema,
            key_field=known_key,
            merged_field=known_merged,
            converted_flag=flag,
            converted_into=into,
            companions=companions,
            keyless=bool(key) and not usable(schema, key),
        )
        sift = partial(
            without_sentinels, key_field=known_key, ids=sentinels, left_out=reading.left_out
        )
        return self._extents.read(reading, asked, sift)

    def _conversion(self, entity: Entity, seat: Seat, schema: Schema) -> tuple[str, dict[str, str]]:
        """The field that says that a record became another one, and, by seat, the one that says which."""
        conversion = self._connector.capabilities.conversions.get(seat.object)
        if conversion is None or conversion.flag not in schema.fields:
            return "", {}
        seats = {each.object for each in entity.seats_of(seat.system)}
        into = {object_: name for object_, name in conversion.into.items() if object_ in seats}
        hidden = sorted(name for name in into.values() if name not in schema.fields)
        if hidden:  # what became of these records cannot be known, and nobody shall wonder why
            self.absent.append(_no_column(seat, hidden))
        return conversion.flag, {o: name for o, name in into.items() if name not in hidden}

    def _sentinels_of(self, object_: str) -> frozenset[str]:
        """Ids of the sentinel that we know in this object, if any."""
        connector = self._connector
        if not isinstance(connector, SentinelConnector):
            return frozenset()
        known = self._store.sentinels().get(connector.system)
        here = known is not None and connector.sentinel_place.object == object_
        return frozenset({known.native_id}) if known and here else frozenset()

    def _shown(self, seat: Seat, links: list[str], schema: Schema) -> list[str]:
        """The native links that are there. Without the CRMs' own connector there are none, and that is fine."""
        missing = [name for name in links if name not in schema.fields]
        seen = self._store.seen_fields(seat.system, seat.object) if missing else set()
        self.vanished += [f"{seat.system} {seat.object}.{name}" for name in missing if name in seen]
        self.unlinked += [f"{seat.object}.{name}" for name in missing if name not in seen]
        return [name for name in links if name in schema.fields]

    def _readable(self, entity: Entity, seat: Seat, schema: Schema) -> list[str]:
        """The mapped fields this credential can read.

        One that was readable before is frozen and reported; one never seen is an error in the mapping.
        An export holds what somebody chose: what is missing there is reported, but not what `where` or the
        scope asks.
        """
        wanted = entity.natives_of(seat)
        demanded = {*seat.where, *entity.scope_of(seat)}
        missing = [name for name in wanted if name not in schema.fields]
        seen = self._store.seen_fields(seat.system, seat.object)
        never = [name for name in missing if name not in seen]
        partial = self._connector.capabilities.partial
        wrong = [name for name in never if not partial or name in demanded]
        if wrong:
            several = len(entity.seats_of(seat.system)) > 1
            raise ConfigInvalid(
                [self._unknown(entity, seat, name, schema, several=several) for name in wrong]
            )
        if never:
            self.absent.append(_no_column(seat, never))
        self.vanished += [f"{seat.system} {seat.object}.{name}" for name in missing if name in seen]
        return [name for name in wanted if name in schema.fields]

    def _unknown(
        self, entity: Entity, seat: Seat, name: str, schema: Schema, *, several: bool
    ) -> Problem:
        problem = unknown_field(seat, name, schema, several=several)
        root = self._workspace.root
        file, line, column = native_place(root, entity.entity, seat, name)
        return replace(problem, file=file, line=line, column=column)


def without_sentinels(
    batches: Iterator[pa.RecordBatch], key_field: str, ids: frozenset[str], left_out: set[str]
) -> Iterator[pa.RecordBatch]:
    """The batches without our own sentinels, and those of other workspaces: they are nobody's customers.

    Their ids come into `left_out`.

    Left out where reads are kept, they are in no audit, match, plan or count. They are told by their key,
    and by their id (a known one may stand under a key field that this user no longer sees).
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    for batch in batches:
        ours = pc.is_in(batch.column("_id"), pa.array(sorted(ids), pa.string()))
        if key_field in batch.schema.names:
            keys = batch.column(key_field)
            marked = pc.starts_with(keys, pattern=PREFIX, ignore_case=True)
            ours = pc.or_(ours, pc.fill_null(marked, False))
        left_out.update(batch.filter(ours).column("_id").to_pylist())
        yield batch.filter(pc.invert(ours)) if pc.any(ours).as_py() else batch


def _by_object(seat: Seat, name: str, several: bool) -> str:
    if not several:
        return ""
    return f"; if only another object has it, write names: {{{seat.system}: {{OBJECT: {name}}}}}"


def unknown_field(seat: Seat, name: str, schema: Schema, *, several: bool = False) -> Problem:
    """A mapped field that the system does not show to this credential; `several` objects could have it."""
    from crmsync.config.decode import nearest

    close = nearest(name, schema.fields)
    hint = f"did you mean '{close}'? else " if close else ""
    return Problem(
        "mappings",
        0,
        0,
        "CRM070",
        f"{seat.system} {seat.object} has no readable field '{name}'",
        f"{hint}check its name and that the credential may read it{_by_object(seat, name, several)}",
    )
