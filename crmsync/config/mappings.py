"""`mappings/*.yml`: entities in the order they are synced, and the digest of what decides a value."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from crmsync.config.decode import decode
from crmsync.config.lines import Document, read_yaml
from crmsync.config.mapping_checks import check_entity
from crmsync.core.mapping import Entity, WorkspaceMapping
from crmsync.core.planning import canonical_json
from crmsync.errors import Problem

FOLDER = "mappings"
_REMARKS = ("doc", "why", "renamed_from")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a field takes from the workspace where it says nothing itself."""

    region: str | None = None
    currency: str = ""
    timezone: str = "UTC"


def read_mappings(
    folder: Path, systems: Iterable[str], defaults: Defaults | None = None
) -> WorkspaceMapping | list[Problem]:
    """The mapping of a workspace, or everything that is wrong with its files.

    Entities and names of systems the workspace does not have are left out: a workspace with one system
    uses the same files.
    """
    files = sorted((folder / FOLDER).glob("*.yml"))
    if not files:
        remedy = "run `crmsync init`, or add mappings/contact.yml"
        return [Problem(FOLDER, 0, 0, "CRM000", "no mapping files", remedy)]
    problems: list[Problem] = []
    entities: list[Entity] = []
    for path in files:
        found = _read_one(path, defaults or Defaults())
        if isinstance(found, Entity):
            entities.append(found)
        else:
            problems += found
    problems += _twice(entities)
    return problems or mapping_of([_without_strangers(each, set(systems)) for each in entities])


def _read_one(path: Path, defaults: Defaults) -> Entity | list[Problem]:
    name = f"{FOLDER}/{path.name}"
    document = read_yaml(path.read_text(encoding="utf-8", errors="replace"), name)
    if isinstance(document, Problem):
        return [document]
    entity = decode(Entity, document)
    if isinstance(entity, list):
        return entity
    entity = _with_defaults(entity, defaults)
    return check_entity(entity, document) or entity


def _with_defaults(entity: Entity, defaults: Defaults) -> Entity:
    fields = [
        replace(
            each,
            region=each.region or defaults.region,
            currency=each.currency or defaults.currency,
            timezone=each.timezone or defaults.timezone,
        )
        for each in entity.fields
    ]
    return replace(entity, fields=fields)


def _twice(entities: list[Entity]) -> list[Problem]:
    names = [each.entity for each in entities]
    return [
        Problem(FOLDER, 0, 0, "CRM030", f"entity '{name}' is in two files", "merge them into one")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]


def _without_strangers(entity: Entity, systems: set[str]) -> Entity:
    """The entity as far as the workspace's own systems go."""
    fields = []
    for each in entity.fields:
        names = {system: name for system, name in each.names.items() if system in systems}
        if names:
            fields.append(replace(each, names=names))
    seats = [seat for seat in entity.seats if seat.system in systems]
    return replace(entity, seats=seats, fields=fields)


def mapping_of(entities: Iterable[Entity]) -> WorkspaceMapping:
    """Entities with a seat, each after those it names, and their digest. Remarks do not count."""
    ordered = _ordered([each for each in entities if each.seats])
    bare = [_without_remarks(asdict(each)) for each in ordered]
    return WorkspaceMapping(tuple(ordered), hashlib.sha256(canonical_json(bare)).hexdigest())


def _without_remarks(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_remarks(each) for key, each in value.items() if key not in _REMARKS}
    return [_without_remarks(each) for each in value] if isinstance(value, list) else value


def _ordered(entities: list[Entity]) -> list[Entity]:
    """Entities by name, those that others refer to first."""
    waiting = sorted(entities, key=lambda each: each.entity)
    known = {each.entity for each in waiting}
    done: list[Entity] = []
    while waiting:
        names = {each.entity for each in done}
        ready = [e for e in waiting if set(e.after) & known <= names] or waiting[:1]
        done.append(ready[0])
        waiting.remove(ready[0])
    return done


def document_of(text: str, file: str) -> Document | Problem:
    """One mapping file as a document, for a caller that has its text (a git revision)."""
    return read_yaml(text, file)
