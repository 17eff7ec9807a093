"""`crmsync view` and `crmsync explain`: one customer as all systems together know it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crmsync.commands.columns import open_columns
from crmsync.commands.labelling import labels_in
from crmsync.commands.withholding import refusals_of
from crmsync.commands.workspace import Workspace
from crmsync.core.claims import open_claims
from crmsync.core.mapping import Entity
from crmsync.core.marks import id_mark, name_mark
from crmsync.core.planning import Held
from crmsync.core.records import Group
from crmsync.core.views import CustomerView, fold
from crmsync.errors import CrmsyncError
from crmsync.language import _
from crmsync.warehouse.absences import absent_records
from crmsync.warehouse.changed import groups
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import quoted
from crmsync.warehouse.marks import name_sql

if TYPE_CHECKING:
    from crmsync.store.store import Store

_FOUND_BY = ("email", "domain")
MOST = 20
SHORT = 8
"""How many digits of a key a plan shows; as many are enough to find it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A customer that somebody asked for, with the group it was folded from.

    `labels` are what those are called whom its references lead to, by key; `claims` what a system takes no
    second time.
    """

    view: CustomerView
    group: Group
    entity: Entity
    labels: Mapping[str, str]
    claims: tuple[Held, ...] = ()


def find_customers(workspace: Workspace, who: str) -> list[Found]:
    """Customers by key, record, e-mail, domain or name; CrmsyncError if there is none."""
    with workspace.store() as store, open_columns(workspace, store) as columns:
        keys = keys_by_entity(columns, columns.mapping.entities, who)
        found = [
            each
            for entity in columns.mapping.entities
            for each in _found(store, columns, entity, keys[entity.entity])
        ]
    if not found:
        raise nobody(who)
    return found


def nobody(who: str) -> CrmsyncError:
    """Why nobody can be shown: no record that was read is called so."""
    return CrmsyncError(
        _("nobody found for '{who}'").format(who=who),
        remedy=_(
            "Give a record id, system/object/id, a key, an e-mail, a domain or a name; or run crmsync pull first."
        ),
    )


def keys_by_entity(columns: Columns, entities: Sequence[Entity], who: str) -> dict[str, list[str]]:
    """Keys of the customers that `who` names, by entity: whom it names whole, else whose name has all its words.

    It may be a key, or the beginning of one; a native id, of 15 or 18 characters; `system/object/id`; an
    e-mail or a domain; or a name, whatever its accents and case. At most 20 of an entity.
    """
    for tests_of in (_whole, _by_words):
        found = {e.entity: _keys(columns, e, tests_of(e, who.strip())) for e in entities}
        if any(found.values()):
            break
    return found


_Tests = list[tuple[str, Sequence[str]]]
"""Conditions on row_<entity>, each with its parameters; one of them has to hold."""


def _whole(entity: Entity, who: str) -> _Tests:
    tests: _Tests = [("lower(id) IN (lower(?), lower(?))", (who, id_mark(who)))]
    tests += [
        (f"lower({quoted(name)}) = lower(?)", (who,))
        for name in _FOUND_BY
        if entity.field_named(name) is not None
    ]
    if len(who) >= SHORT:
        tests.append(("starts_with(key, lower(?))", (who,)))
    address = address_of(who)
    if address is not None:
        tests.append(("(system = ? AND object = ? AND id = ?)", address))
    name = name_mark(who)
    return [*tests, (f"{_name(entity)} = ?", (name,))] if name else tests


def _by_words(entity: Entity, who: str) -> _Tests:
    words = _COMMAS.sub(" ", name_mark(who)).split()
    said = f"string_split(translate({_name(entity)}, ',;', '  '), ' ')"
    has = " AND ".join(f"list_contains({said}, ?)" for _ in words)
    return [(f"({has})", words)] if words else []


_COMMAS = re.compile("[,;]")  # `Vega Molina, Ana` names whom `Ana Vega Molina` names


def _name(entity: Entity) -> str:
    """What a record is called, without accents and case."""
    return name_sql(f"concat_ws(' ', {', '.join(map(quoted, entity.shown_by()))})")


def address_of(who: str) -> tuple[str, str, str] | None:
    """(system, object, id) of a text like hubspot/contacts/1234; None if it is none."""
    parts = who.split("/")
    if len(parts) != 3 or not all(parts):
        return None
    return parts[0], parts[1], id_mark(parts[2])


def _keys(columns: Columns, entity: Entity, tests: _Tests) -> list[str]:
    if not tests:
        return []
    where = " OR ".join(test for test, _ in tests)
    rows = columns.db.execute(
        f"SELECT DISTINCT key FROM {quoted('row_' + entity.entity)} WHERE {where} "  # noqa: S608  (names are ours)
        f"ORDER BY key LIMIT {MOST}",
        [each for _, values in tests for each in values],
    ).fetchall()
    return [row[0] for row in rows]


def _found(store: Store, columns: Columns, entity: Entity, keys: Sequence[str]) -> list[Found]:
    claims = refusals_of(store.refused(entity.entity), columns).claims if keys else {}
    types = {each.field: each.type for each in entity.fields}
    absent = absent_records(columns.db, entity, keys, columns.snapshots) if keys else {}
    return [
        Found(
            replace(fold(entity, group), absent=tuple(absent.get(group.key, ()))),
            group,
            entity,
            labels_in(columns, entity, group),
            tuple(open_claims(group, types, claims)),
        )
        for group in groups(columns, entity, keys, store.bases_of)
    ]


def policies_of(entity: Entity) -> dict[str, str]:
    """Each field's policy in the mapping's own words."""
    return {
        each.field: f"{each.policy}: {each.policy_system}" if each.policy_system else each.policy
        for each in entity.fields
    }
