"""`crmsync state links`: who belongs together, by which rule, since when, and what was merged away."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from crmsync.commands.columns import looked_up_columns
from crmsync.commands.entity_names import entity_said
from crmsync.commands.view import SHORT, address_of, keys_by_entity, nobody
from crmsync.commands.workspace import Workspace
from crmsync.config.decode import nearest
from crmsync.core.absences import Absence
from crmsync.core.mapping import Entity
from crmsync.core.records import Ref
from crmsync.errors import CrmsyncError
from crmsync.language import _
from crmsync.warehouse.absences import absences_of
from crmsync.warehouse.engine import open_engine
from crmsync.warehouse.labels import labels_of
from crmsync.warehouse.snapshots import GONE

if TYPE_CHECKING:
    from crmsync.store.rows import AliasRow, KeptLink
    from crmsync.store.store import Store

MOST = 50


@dataclass(frozen=True, slots=True)
class Together:
    """One customer: its records with where each link comes from, and records that were merged away.

    `name` is what it is called, where it was looked for by something that only the snapshots know. `absent` is
    what is known of records that went.
    """

    entity: str
    key: str
    links: tuple[KeptLink, ...]
    aliases: tuple[AliasRow, ...]
    name: str = ""
    absent: Mapping[Ref, Absence] = field(default_factory=dict)


def links_of(
    workspace: Workspace, who: str | None = None, entity: str | None = None, limit: int = MOST
) -> list[Together]:
    """The customers that `who` names, or the first ones.

    It may be a key, a record now or once (native id or system/object/id), an e-mail, a domain or a name.

    CrmsyncError if there is nobody of that name, or nobody who is linked.
    """
    entities = _entities(workspace, entity)
    names: dict[str, str] = {}
    known = False
    with workspace.store() as store:
        if who is None:
            keys = {each.entity: store.first_keys(each.entity, limit) for each in entities}
        else:
            keys = _kept(store, entities, who.strip())
            if not any(keys.values()) and workspace.snapshots():
                keys, names = _read(workspace, store, entities, who)
                known = any(keys.values())
        found = [
            replace(together, name=names.get(together.key, ""))
            for each in entities
            for together in _together(store, each, keys[each.entity])
        ]
    if who is not None and not found:
        raise _not_linked(who) if known else nobody(who)
    return _with_absences(workspace, found[:limit])


def _with_absences(workspace: Workspace, found: list[Together]) -> list[Together]:
    """The customers with what is known of records that went; asks no database where none did."""
    snapshots = workspace.snapshots()
    if not any(o.startswith(GONE) and s.manifest.rows for (_system, o), s in snapshots.items()):
        return found
    with closing(open_engine()) as db:
        refs = [link.ref for each in found for link in each.links]
        known = absences_of(db, refs, snapshots)
    return [
        replace(
            each, absent={link.ref: known[link.ref] for link in each.links if link.ref in known}
        )
        for each in found
    ]


def _not_linked(who: str) -> CrmsyncError:
    return CrmsyncError(
        _("'{who}' is known, but not linked to a record of another system").format(who=who),
        remedy=_("crmsync explain shows who it is; links are kept when a plan is applied."),
    )


def _entities(workspace: Workspace, name: str | None) -> list[Entity]:
    known = [each.entity for each in workspace.mapping.entities]
    name = name and entity_said(name, known)
    found = [each for each in workspace.mapping.entities if name in (None, each.entity)]
    if not found:
        close = nearest(name or "", known)
        remedy = f"did you mean '{close}'?" if close else f"use one of {', '.join(known)}"
        raise CrmsyncError(_("no entity '{name}'").format(name=name), remedy=remedy)
    return found


def _kept(store: Store, entities: list[Entity], who: str) -> dict[str, list[str]]:
    """Keys of links that are kept, by entity."""
    keys = {each.entity: store.link_keys(each.entity, who, SHORT) for each in entities}
    address = address_of(who)
    linked = store.link_of(Ref(*address)) if address else None
    if linked is not None and linked[0] in keys:
        keys[linked[0]] = [linked[1]]
    return keys


def _read(
    workspace: Workspace, store: Store, entities: list[Entity], who: str
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Keys of records that were read, by entity, and what those are called."""
    with looked_up_columns(workspace, store) as columns:
        keys = keys_by_entity(columns, entities, who)
        names = [labels_of(columns, each, keys[each.entity]) for each in entities]
        return keys, {key: name for each in names for key, name in each.items()}


def _together(store: Store, entity: Entity, keys: list[str]) -> list[Together]:
    links: dict[str, list[KeptLink]] = {key: [] for key in keys}
    for link in store.kept_links(entity.entity, keys):
        links[link.key].append(link)
    aliases = store.aliases_of(entity.entity, keys)
    return [
        Together(entity.entity, key, tuple(each), tuple(aliases.get(key, ())))
        for key, each in links.items()
        if each
    ]
