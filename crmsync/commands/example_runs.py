"""Stories put to the proof: their rows become a face, and what the audit finds there is held against the story."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmsync.commands.example_rows import (
    SIDE,
    TAKEN,
    NoSuchNative,
    batch_of,
    columns_over,
    keep,
    stored,
)
from crmsync.commands.examples import Story, is_reference, read_stories, unproved
from crmsync.commands.files import defaults_of
from crmsync.commands.workspace import Workspace
from crmsync.config.mappings import read_mappings
from crmsync.config.project_checks import guess
from crmsync.connectors.abilities import GONE_COLUMNS
from crmsync.connectors.facts import CONSENT_COLUMNS
from crmsync.core.auditing import Audit, AuditResult
from crmsync.core.duplicate_groups import DuplicateGroup, DuplicatePair, DuplicateRecord
from crmsync.core.found_pairs import found_pairs
from crmsync.core.mapping import WorkspaceMapping
from crmsync.core.records import Native, Ref, Schema
from crmsync.core.surroundings import AUTOMATION_COLUMNS
from crmsync.errors import ConfigInvalid, Problem
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.audit_run import Bounds, run_audits
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.handoffs import asks_handoffs
from crmsync.warehouse.inventory import INVENTORY_COLUMNS, NATIVE_COLUMNS
from crmsync.warehouse.parts import words_in
from crmsync.warehouse.people import with_people
from crmsync.warehouse.probable import note_probable, pairs_table
from crmsync.warehouse.settled import note_settled
from crmsync.warehouse.snapshots import GONE, Snapshot
from crmsync.warehouse.tracked import TRACKED, TRACKED_COLUMNS
from crmsync.warehouse.views import NEVER_SETTLED, Asked, asked_for

if TYPE_CHECKING:
    import pyarrow as pa

SIDES: Mapping[str, tuple[str, ...]] = {
    "_owners": ("id", "email", "name", "active"),
    "_automations": AUTOMATION_COLUMNS,
    "_inventory": INVENTORY_COLUMNS,
    "_native_connector": NATIVE_COLUMNS,
    TRACKED: TRACKED_COLUMNS,
}
Kinds = Mapping[str, str]
EVERY = "*"
"""In `properties`: what is said of every field of an object."""


@dataclass(frozen=True, slots=True)
class Proved:
    """How the stories of a workspace went: how many were told, what failed, and which own audits have none."""

    told: int
    problems: tuple[Problem, ...]
    without: tuple[Audit, ...]


def prove_examples(workspace: Workspace, audits: Sequence[Audit], *, own: bool) -> Proved:
    """Puts the stories beside audits to the proof; `own` leaves out those of the reference set.

    ConfigInvalid where the form of a story is wrong.
    """
    chosen = [each for each in audits if not own or not is_reference(each)]
    stories, problems = read_stories(workspace.root, workspace.audits, workspace.systems)
    if problems:
        raise ConfigInvalid(problems)
    ids = {each.id: each for each in chosen}
    mine = [each for each in stories if each.audit in ids]
    failed = [problem for each in mine if (problem := _failure(workspace, each, ids[each.audit]))]
    return Proved(len(mine), tuple(failed), tuple(unproved(chosen, stories)))


def _failure(workspace: Workspace, story: Story, audit: Audit) -> Problem | None:
    """What an audit does otherwise than a story says; None if it does as it says."""
    names, defaults = list(story.systems), defaults_of(workspace.project)
    mapping = read_mappings(workspace.root, names, defaults)
    if not isinstance(mapping, WorkspaceMapping):
        return mapping[0]
    try:
        with tempfile.TemporaryDirectory(prefix="crmsync-") as folder:
            result = result_of(story, audit, mapping, Path(folder), workspace.kinds)
    except NoSuchNative as error:
        advice = guess(error.names[0], error.known, "map it, or remove it")
        return story.problem("CRM124", f"{story.story}: {error}", advice)
    return _verdict(story, result)


def _verdict(story: Story, result: AuditResult) -> Problem | None:
    said = f"{story.audit} {story.kind} '{story.story}'"
    if result.failed is not None:
        return replace(result.failed, message=f"{said}: {result.failed.message}")
    if result.not_checked is not None:
        remedy = "write rows and systems that have it"
        return story.problem(
            "CRM125", f"{said}: not checked, for want of {result.not_checked}", remedy
        )
    found, wanted = found_in(result), sorted(story.finds)
    if found == wanted:
        return None
    message = f"{said}: found {_shown(found)} instead of {_shown(wanted)}"
    return story.problem("CRM125", message, "correct the audit, or the story")


def _shown(addresses: Sequence[str]) -> str:
    return ", ".join(addresses) or "nothing"


def found_in(result: AuditResult) -> list[str]:
    """Findings as object/id, sorted; of one about a customer its key."""
    return sorted(f"{f.object}/{f.id}" if f.id else f.key or "" for f in result.findings)


def result_of(
    story: Story,
    audit: Audit,
    mapping: WorkspaceMapping,
    folder: Path,
    kinds: Kinds | None = None,
) -> AuditResult:
    """What the audit says about the rows of a story, read through a mapping into files of a folder."""
    audit = replace(audit, params={**audit.params, **story.more.get("params", {})})
    texts = (audit.query, audit.eligible, *audit.needs)
    views = Asked(asked_for(texts), NEVER_SETTLED)
    handed = asks_handoffs(audit.needs, (audit.query, audit.eligible))
    face = {"handoffs": handed, "named": words_in(texts)}
    with faced(story, mapping, folder, kinds, views, **face) as have:
        file = folder / "face.duckdb"
        have |= {f"{entity}_view" for entity in views.entities}
        return run_audits(file, [audit], have, TAKEN, Bounds())[0]


@contextmanager
def faced(
    story: Story,
    mapping: WorkspaceMapping,
    folder: Path,
    kinds: Kinds | None = None,
    views: Asked | None = None,
    **face: Any,
) -> Iterator[set[str]]:
    """What the face of a story has, in `face.duckdb`; `face` is how `build_face` is told to build it."""
    snapshots = stored(folder, story.rows, mapping, story.systems, kinds)
    snapshots |= _sides(folder, story, kinds or {})
    told = dict(_schemas(mapping, story))
    known, schemas = with_people(mapping, told, snapshots)
    links = {
        entity: [(key, system, object_, id_) for key, system, object_, id_ in rows]
        for entity, rows in story.more.get("links", {}).items()
    }
    with columns_over(snapshots, known, links, schemas) as columns:
        if story.more.get("settled"):
            _settle(columns, story.more["settled"])
        if "duplicates" in story.more:
            _search(columns, story.more["duplicates"])
        yield build_face(columns, folder / "face.duckdb", views, **face)


def _sides(folder: Path, story: Story, kinds: Kinds) -> dict[tuple[str, str], Snapshot]:
    found = {}
    for system, rows in story.rows.items():
        has_consents = kinds.get(system, system) == "hubspot"
        told = {"_consents.contacts": CONSENT_COLUMNS} if has_consents else {}
        names = {**SIDES, **told, **{name: GONE_COLUMNS for name in rows if name.startswith(GONE)}}
        for name, columns in names.items():
            if name not in SIDE or name not in rows:  # those are stored with the records
                found[system, name] = keep(folder, (system, name), columns, rows.get(name, ()))
    return found


def _schemas(mapping: WorkspaceMapping, story: Story) -> Iterator[tuple[tuple[str, str], Schema]]:
    for system in story.systems:
        for entity, seat in mapping.seats_of(system):
            told = story.more.get("properties", {}).get(system, {}).get(seat.object, {})
            all_ = told.get(EVERY, {})
            names = dict.fromkeys((*entity.natives_of(seat), *(told.keys() - {EVERY})))
            fields = {name: _native(name, {**all_, **told.get(name, {})}) for name in names}
            yield (system, seat.object), Schema(system, seat.object, fields)


def _native(name: str, told: Mapping[str, Any]) -> Native:
    options = told.get("options")
    usual = {"usual": options[0]} if options else {}
    listed = None if options is None else frozenset(options)
    return Native(**{"name": name, "type": "string", **usual, **told, "options": listed})


def _settle(columns: Columns, settled: Mapping[str, Any]) -> None:
    def digests(entity: str) -> list[pa.RecordBatch]:
        rows = [
            {"key": key, "system": system, "digest": "another"}
            for key, sides in settled.get(entity, {}).items()
            for system in sides
        ]
        return [batch_of(("key", "system", "digest"), rows)]

    def bases(entity: str, keys: Sequence[str]) -> dict[str, Any]:
        return {key: held for key, held in settled.get(entity, {}).items() if key in keys}

    note_settled(columns, digests, bases)


def _search(columns: Columns, told: Mapping[str, Any]) -> None:
    """What a search found: of entities that are compared and not named, nothing."""
    names = [each.entity for each in columns.mapping.entities if each.duplicates is not None]
    found = {
        name: [
            pair
            for at, pairs in enumerate(told.get(name, ()), 1)
            for pair in found_pairs(_group(name, at, pairs))
        ]
        for name in names
    }
    note_probable(columns, {name: pairs_table(pairs) for name, pairs in found.items()})


def _group(entity: str, number: int, told: Sequence[Sequence[Any]]) -> DuplicateGroup:
    """A group of pairs, each as two records and how probable it is that they are one."""
    pairs = [DuplicatePair(_ref(one), _ref(other), p, ()) for one, other, p in told]
    refs = sorted({ref for each in pairs for ref in (each.one, each.other)})
    records = tuple(DuplicateRecord(ref, str(ref), "") for ref in refs)
    return DuplicateGroup(entity, number, "review", records, tuple(pairs))


def _ref(text: str) -> Ref:
    return Ref(*text.split("/", 2))
