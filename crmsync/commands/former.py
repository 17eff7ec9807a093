"""Records that are not there any more, asked for by their id: what became of them, and who is there in their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmsync.commands.columns import looked_up_columns
from crmsync.commands.view import Found, address_of, found_in, keys_by_entity, nobody
from crmsync.commands.workspace import Workspace
from crmsync.core.absences import Absence
from crmsync.core.mapping import WorkspaceMapping
from crmsync.core.marks import id_mark
from crmsync.core.records import Ref
from crmsync.warehouse.absences import absences_of
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.presence import gone_of

if TYPE_CHECKING:
    from crmsync.store.store import Store

Keys = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Former:
    """A record that went, what is known of that, and the customer it was linked to, blank if to none."""

    absence: Absence
    entity: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a text names: customers who are there, and records that are not, if it named one of those."""

    found: list[Found]
    former: tuple[Former, ...] = ()


def asked_for(workspace: Workspace, who: str) -> Asked:
    """Customers by key, record now or once, e-mail, domain or name; CrmsyncError if there never was one."""
    with workspace.store() as store, looked_up_columns(workspace, store) as columns:
        keys = keys_by_entity(columns, columns.mapping.entities, who)
        former: list[Former] = []
        if not any(keys.values()):
            former = _former(store, columns, who.strip())
            keys = _in_their_place(columns, former)
        found = found_in(store, columns, keys)
    if not found and not former:
        raise nobody(who)
    return Asked(found, tuple(former))


def _former(store: Store, columns: Columns, who: str) -> list[Former]:
    """The records of an id that went, with what is known of each."""
    refs = _refs(columns.mapping, who)
    known = absences_of(columns.db, refs, columns.snapshots)
    linked = {ref: link for ref in refs if (link := store.link_of(ref)) is not None}
    gone = gone_of(columns, linked.keys() - known.keys())
    found = []
    for ref in refs:
        entity, key = linked.get(ref, ("", ""))
        if ref in known or ref in gone:
            found.append(
                Former(_with_winner(store, known.get(ref), ref, (entity, key)), entity, key)
            )
    return found


def _refs(mapping: WorkspaceMapping, who: str) -> list[Ref]:
    """Where a record of this id can have been."""
    address = address_of(who)
    if address is not None:
        return [Ref(*address)]
    places = {(s.system, s.object) for entity in mapping.entities for s in entity.seats}
    return [Ref(system, object_, id_mark(who)) for system, object_ in sorted(places)]


def _with_winner(store: Store, known: Absence | None, ref: Ref, link: tuple[str, str]) -> Absence:
    """What is known of a record that went; where its system does not say into which it was merged, our links do."""
    if known is not None and known.into:
        return known
    aliases = store.aliases_of(link[0], [link[1]]).get(link[1], ()) if link[1] else ()
    into = next((each.new_id for each in aliases if each.old == ref), "")
    at = known.at if known else ""
    return Absence(ref, at, "merged", into) if into else known or Absence(ref)


def _in_their_place(columns: Columns, former: Sequence[Former]) -> Keys:
    """Keys of who is there in place of records that went: whom they became, else whose they were."""
    keys: dict[str, list[str]] = {entity.entity: [] for entity in columns.mapping.entities}
    for each in former:
        ref, into = each.absence.ref, each.absence.into
        became = _keys_of(columns, f"{ref.system}/{ref.object}/{into}") if into else {}
        found = became if any(became.values()) else {each.entity: [each.key]}
        for entity, named in found.items():
            keys[entity] = list(dict.fromkeys((*keys.get(entity, ()), *filter(None, named))))
    return keys


def _keys_of(columns: Columns, who: str) -> Keys:
    return keys_by_entity(columns, columns.mapping.entities, who)
