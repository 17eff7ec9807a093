"""Who owns records: what the last read of every system's users adds to the fields of type `owner`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crmsync.core.lenses import Schemas
from crmsync.core.mapping import Entity, Field, WorkspaceMapping
from crmsync.core.people import Directory, User, directory
from crmsync.warehouse.snapshots import Snapshot

USERS = "_owners"
Snapshots = Mapping[tuple[str, str], Snapshot]


def with_people(
    mapping: WorkspaceMapping, schemas: Schemas, snapshots: Snapshots
) -> tuple[WorkspaceMapping, Schemas]:
    """The mapping whose owners know the user ids of each system, and the schemas that take active users only.

    The mapping keeps its digest: who works where is data, not a rule. Systems without users (exports) name
    owners by e-mail and stay as they are.
    """
    users = {system: found for (system, name) in snapshots if name == USERS
             if (found := users_of(snapshots[system, name]))}  # fmt: skip
    entities = [
        replace(entity, fields=[_known(each, users) for each in entity.fields])
        for entity in mapping.entities
    ]
    known = dict(schemas)
    for entity in mapping.entities:
        known |= _taking_people(known, entity, users)
    return replace(mapping, entities=tuple(entities)), known


def users_of(snapshot: Snapshot) -> list[User]:
    """The users of one system as they were last read, in order of id."""
    import pyarrow.dataset as ds

    if not snapshot.manifest.rows:
        return []
    rows = ds.dataset(snapshot.folder, format="parquet", exclude_invalid_files=True)
    table = rows.to_table(columns=["id", "email", "active"]).to_pylist()
    return sorted(
        (User(row["id"], row["email"], row["active"] == "true") for row in table),
        key=lambda user: user.id,
    )


def _directory(each: Field, system: str, users: Sequence[User]) -> Directory:
    return directory(users, each.values.get(system, {}))


def _known(each: Field, users: Mapping[str, Sequence[User]]) -> Field:
    if each.type != "owner":
        return each
    found = {s: dict(_directory(each, s, users[s]).values) for s in each.systems if s in users}
    return replace(each, values={**each.values, **found})


def _taking_people(
    schemas: Schemas, entity: Entity, users: Mapping[str, Sequence[User]]
) -> Schemas:
    """The schemas of an entity's seats, owner fields taking nobody but active users."""
    found = dict(schemas)
    for seat in entity.seats:
        for each in entity.fields:
            name = each.name_in(seat.system, seat.object)
            schema = found.get((seat.system, seat.object))
            native = schema.fields.get(name) if schema and name else None
            if each.type != "owner" or schema is None or native is None or seat.system not in users:
                continue
            active = _directory(each, seat.system, users[seat.system]).active
            taking = {**schema.fields, native.name: replace(native, options=active)}
            found[seat.system, seat.object] = replace(schema, fields=taking)
    return found
