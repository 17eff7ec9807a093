"""`crmsync view` and `crmsync explain`: one customer as all systems together know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmsync.commands.columns import open_columns
from crmsync.commands.labelling import labels_in
from crmsync.commands.workspace import Workspace
from crmsync.core.mapping import Entity
from crmsync.core.records import Group
from crmsync.core.views import CustomerView, fold
from crmsync.errors import CrmsyncError
from crmsync.language import _
from crmsync.warehouse.changed import groups
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import quoted

if TYPE_CHECKING:
    from crmsync.store.store import Store

_FOUND_BY = ("id", "key", "email", "domain", "name")
_MOST = 20
SHORT = 8
"""How many digits of a key a plan shows; as many are enough to find it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A customer that somebody asked for, with the group it was folded from.

    `labels` are what those are called whom its references lead to, by key.
    """

    view: CustomerView
    group: Group
    entity: Entity
    labels: Mapping[str, str]


def find_customers(workspace: Workspace, who: str) -> list[Found]:
    """Customers by key, native id, e-mail, domain or exact name; CrmsyncError if there is none."""
    with workspace.store() as store, open_columns(workspace, store) as columns:
        found = [
            each
            for entity in columns.mapping.entities
            for each in _found(store, columns, entity, who)
        ]
    if not found:
        raise CrmsyncError(
            _("nobody found for '{who}'").format(who=who),
            remedy=_(
                "Give a record id, a key, an e-mail, a domain or the exact name; or run crmsync pull first."
            ),
        )
    return found


def keys_of(columns: Columns, entity: Entity, who: str) -> list[str]:
    """Keys of the customers that `who` names, in order, at most 20."""
    tests = [f"lower({quoted(name)}) = lower(?)" for name in _names(entity)]
    if len(who.strip()) >= SHORT:
        tests.append("starts_with(key, lower(?))")
    rows = columns.db.execute(
        f"SELECT DISTINCT key FROM {quoted('row_' + entity.entity)} WHERE {' OR '.join(tests)} "  # noqa: S608  (names are ours)
        f"ORDER BY key LIMIT {_MOST}",
        [who.strip()] * len(tests),
    ).fetchall()
    return [row[0] for row in rows]


def _found(store: Store, columns: Columns, entity: Entity, who: str) -> list[Found]:
    keys = keys_of(columns, entity, who)
    return [
        Found(fold(entity, group), group, entity, labels_in(columns, entity, group))
        for group in groups(columns, entity, keys, store.bases_of)
    ]


def _names(entity: Entity) -> list[str]:
    return [n for n in _FOUND_BY if n in ("id", "key") or entity.field_named(n) is not None]


def policies_of(entity: Entity) -> dict[str, str]:
    """Each field's policy in the mapping's own words."""
    return {
        each.field: f"{each.policy}: {each.policy_system}" if each.policy_system else each.policy
        for each in entity.fields
    }
