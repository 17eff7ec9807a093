"""A workspace in which everybody is linked and settled: what no benchmark should have to wait for a sync for.

`python -m benchmarks.settling FOLDER PEOPLE` puts a crowd where a small pull has been, as if it had been
read; then links everybody and keeps as bases what both sides hold, by the code that `crmsync apply` does it
with. `... FOLDER PEOPLE later` is the read of the next day, in which one person of a hundred is changed; `... deals`
puts deals and their roles there as well, links everybody and settles nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from benchmarks.crowd import DEAL_OBJECTS, ENTITIES, OBJECTS, PEOPLE, batches, open_crowd, records
from crmsync.commands.columns import open_columns
from crmsync.commands.workspace import Workspace, open_workspace
from crmsync.core.matching import key_of
from crmsync.core.records import Ref
from crmsync.store.rows import LinkRow
from crmsync.warehouse.changed import adopted_bases, compare, count_adopted
from crmsync.warehouse.people import USERS, users_of
from crmsync.warehouse.snapshots import Reading, Snapshot, newest, read_schema, write_snapshot

_PLACES = {"": OBJECTS, "later": PEOPLE, "deals": (*OBJECTS, *DEAL_OBJECTS)}
_SETTLED = "00000000T000000000-0000"


def main(folder: str, people: int, when: str = "") -> None:
    """Writes the snapshots of a crowd; on the first day its links and bases, too."""
    workspace = open_workspace(Path(folder))
    crowd = _Crowd(workspace, people)
    for place in _PLACES[when]:
        crowd.write(place, later=when == "later")
    if when != "later":
        _link(workspace, people)
    if not when:
        _adopt(workspace, people)


class _Crowd:
    """The crowd of one workspace: its users are those that the pull found in both systems."""

    def __init__(self, workspace: Workspace, people: int) -> None:
        self._root, self._people = workspace.state, people
        self._now = workspace.now()
        self._run = workspace.new_run()
        users = {
            system: {
                user.email: user.id
                for user in users_of(_read(workspace, system, USERS))
                if user.active
            }
            for system in workspace.systems
        }
        both = sorted(set.intersection(*(set(each) for each in users.values())))
        self._owners = len(both)
        self._db = open_crowd({s: [each[email] for email in both] for s, each in users.items()})

    def write(self, place: tuple[str, str], *, later: bool) -> None:
        """One object, with the fields and the schema that the pull saw."""
        system, object_ = place
        seen = newest(self._root, system, object_)
        assert seen is not None, f"{system} {object_} was not pulled"
        manifest = seen.manifest
        at = self._now + timedelta(days=1 if later else 0)
        reading = Reading(
            system, object_, self._run, at.isoformat(), manifest.fields,
            read_schema(seen), manifest.key_field, manifest.merged_field,
        )  # fmt: skip
        found = batches(
            self._db, place, manifest.fields, self._people, owners=self._owners, later=later
        )
        write_snapshot(self._root, reading, found)


def _read(workspace: Workspace, system: str, name: str) -> Snapshot:
    found = newest(workspace.state, system, name)
    assert found is not None, f"{system} {name} was not pulled"
    return found


def _link(workspace: Workspace, people: int) -> None:
    """Keeps the links of everybody, under the keys that a first plan would have given them."""
    now = workspace.now()
    with workspace.store() as store:
        store.start_run(_SETTLED, "apply", now)
        for entity, share in ENTITIES.items():
            with store.transaction() as tx:
                tx.save_links(
                    _links(workspace.project.name, entity, -(-people // share)), _SETTLED, now
                )
        with store.transaction() as tx:
            tx.mark_moved(_SETTLED)
        store.finish_run(_SETTLED, "done", now, counts={}, exit_code=0)


def _links(lineage: str, entity: str, count: int) -> Iterator[LinkRow]:
    for number in range(count):
        refs = [Ref(*each) for each in records(entity, number)]
        key = key_of(lineage, entity, refs)
        yield from (LinkRow(entity, key, ref, "email") for ref in refs)


def _adopt(workspace: Workspace, people: int) -> None:
    with workspace.store() as store, open_columns(workspace, store) as columns:
        for entity in columns.mapping.entities:
            compare(columns, entity, store.base_digests(entity.entity))
            agree = count_adopted(columns, entity)
            everybody = -(-people // ENTITIES[entity.entity])
            assert agree == everybody, f"{agree} of {everybody} agree about each {entity.entity}"
            with store.transaction() as tx:
                tx.adopt_bases(entity.entity, adopted_bases(columns, entity))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:4])
