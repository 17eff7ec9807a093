"""`crmsync view` and `crmsync explain`: one customer as all systems together know it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from crmsync.commands.columns import looked_up_columns
from crmsync.commands.labelling import labels_in
from crmsync.commands.withholding import refusals_of
from crmsync.commands.workspace import Workspace
from crmsync.core.absences import Absence
from crmsync.core.claims import open_claims
from crmsync.core.evidence import FieldEvidence, Told, WrittenSince, evidence_of
from crmsync.core.following import NeedsMerge
from crmsync.core.mapping import Entity
from crmsync.core.marks import id_mark, name_mark
from crmsync.core.planning import Change, Held, read_line
from crmsync.core.records import Group, Ref
from crmsync.core.views import CustomerView, fold, written_since
from crmsync.errors import CrmsyncError
from crmsync.language import _
from crmsync.warehouse.absences import absent_records
from crmsync.warehouse.changed import groups
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import quoted
from crmsync.warehouse.evidence import native_texts, times_written
from crmsync.warehouse.marks import name_sql
from crmsync.warehouse.views import Settled

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
    second time; `evidence` how every value came about, `times` when its records were last changed, `since` what was
    written after the last read, `waits` the merges that its records wait for.
    """

    view: CustomerView
    group: Group
    entity: Entity
    labels: Mapping[str, str]
    claims: tuple[Held, ...] = ()
    evidence: tuple[FieldEvidence, ...] = ()
    times: Mapping[Ref, datetime] = field(default_factory=dict)
    since: tuple[WrittenSince, ...] = ()
    waits: tuple[NeedsMerge, ...] = ()


def find_customers(workspace: Workspace, who: str) -> list[Found]:
    """Customers by key, record, e-mail, domain or name; CrmsyncError if there is none."""
    with workspace.store() as store, looked_up_columns(workspace, store) as columns:
        found = found_in(store, columns, keys_by_entity(columns, columns.mapping.entities, who))
    if not found:
        raise nobody(who)
    return found


def found_in(store: Store, columns: Columns, keys: Mapping[str, Sequence[str]]) -> list[Found]:
    """The customers of these keys, by entity, who are there."""
    return [
        each
        for entity in columns.mapping.entities
        for each in _found(store, columns, entity, keys.get(entity.entity, ()))
    ]


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
    found = list(groups(columns, entity, keys, store.bases_of))
    refs = [record.ref for group in found for record in group.records.values()]
    texts = native_texts(columns, entity, refs) if refs else {}
    times = times_written(columns, entity, refs) if refs else {}
    return [
        Found(
            view := _view(entity, group, since, tuple(absent.get(group.key, ()))),
            group,
            entity,
            labels_in(columns, entity, group),
            tuple(open_claims(group, types, claims)),
            tuple(evidence_of(columns.schemas, entity, group, view, Told(texts, times))),
            {ref: times[ref][""].at for ref in view.refs if "" in times[ref]},
            since,
            _waits(columns, entity, group),
        )
        for group in found
        for since in [tuple(_written_since(store, columns, entity, group))]
    ]


def _view(
    entity: Entity, group: Group, since: Sequence[WrittenSince], absent: tuple[Absence, ...]
) -> CustomerView:
    """A group as one customer, with the records that are gone; no verdict of what was written since the read."""
    names = {name for each in since for name in each.fields}
    return replace(written_since(fold(entity, group), names), absent=absent)


def _waits(columns: Columns, entity: Entity, group: Group) -> tuple[NeedsMerge, ...]:
    """The merges that a person has to finish before anything but opt-outs is written for this customer."""
    clashes = columns.clashes.get(entity.entity, ())
    return tuple(each for each in clashes if group.key in each.keys)


def _written_since(
    store: Store, columns: Columns, entity: Entity, group: Group
) -> Iterator[WrittenSince]:
    """What runs wrote to a customer's records after these were read, in order of the systems and of the runs."""
    for system, record in sorted(group.records.items()):
        manifest = columns.snapshots[system, record.ref.object].manifest
        ops = store.written_since(entity.entity, group.key, system, manifest.run)
        lines = [read_line(json.loads(op.change)) for op in ops]
        read_at = datetime.fromisoformat(manifest.taken_at)
        for run, written in groupby(zip(ops, lines, strict=True), lambda each: each[0].run_id):
            changes = (line for _, line in written if isinstance(line, Change))
            cells = tuple(cell for change in changes for cell in change.cells)
            if cells:
                yield WrittenSince(system, read_at, run, cells)


def settled_in(store: Store) -> Settled:
    """What a view has to know of the bases of a store."""
    return Settled(store.bases_of, store.bases_holding)


def policies_of(entity: Entity) -> dict[str, str]:
    """Each field's policy in the mapping's own words."""
    return {
        each.field: f"{each.policy}: {each.policy_system}" if each.policy_system else each.policy
        for each in entity.fields
    }
