"""`crmsync state links`: who belongs together, by which rule, since when, and what was merged away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmsync.commands.columns import open_columns
from crmsync.commands.view import SHORT, keys_of
from crmsync.commands.workspace import Workspace
from crmsync.config.decode import nearest
from crmsync.core.mapping import Entity
from crmsync.errors import CrmsyncError
from crmsync.language import _

if TYPE_CHECKING:
    from crmsync.store.rows import AliasRow, KeptLink
    from crmsync.store.store import Store

MOST = 50


@dataclass(frozen=True, slots=True)
class Together:
    """One customer: its records with where each link comes from, and records that were merged away."""

    entity: str
    key: str
    links: tuple[KeptLink, ...]
    aliases: tuple[AliasRow, ...]


def links_of(
    workspace: Workspace, who: str | None = None, entity: str | None = None, limit: int = MOST
) -> list[Together]:
    """The customers that `who` names (key, native id now or once, e-mail, domain, name), or the first ones.

    CrmsyncError if there is nobody of that name, or nobody who is linked.
    """
    entities = _entities(workspace, entity)
    with workspace.store() as store:
        if who is None:
            keys = {each.entity: store.first_keys(each.entity, limit) for each in entities}
        else:
            keys = _named(workspace, store, entities, who.strip())
        found = [
            together for each in entities for together in _together(store, each, keys[each.entity])
        ]
    if who is not None and not found:
        raise CrmsyncError(
            _("nobody linked for '{who}'").format(who=who),
            remedy=_("crmsync explain shows who it is; links are kept when a plan is applied."),
        )
    return found[:limit]


def _entities(workspace: Workspace, name: str | None) -> list[Entity]:
    found = [each for each in workspace.mapping.entities if name in (None, each.entity)]
    if not found:
        known = [each.entity for each in workspace.mapping.entities]
        close = nearest(name or "", known)
        remedy = f"did you mean '{close}'?" if close else f"use one of {', '.join(known)}"
        raise CrmsyncError(_("no entity '{name}'").format(name=name), remedy=remedy)
    return found


def _named(
    workspace: Workspace, store: Store, entities: list[Entity], who: str
) -> dict[str, list[str]]:
    """Keys by entity: of links that are kept, else of records that were read."""
    keys = {each.entity: store.link_keys(each.entity, who, SHORT) for each in entities}
    if any(keys.values()) or not workspace.snapshots():
        return keys
    with open_columns(workspace, store) as columns:
        return {each.entity: keys_of(columns, each, who) for each in entities}


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
