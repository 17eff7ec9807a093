"""`mappings/*.yml`: entities in the order they are synced, and the digest of what decides a value."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from crmsync.config.between_entities import before, check_between
from crmsync.config.defects import or_defect
from crmsync.config.duplicate_checks import known_model
from crmsync.config.lifecycle_file import mapping_paths, understand_lifecycle
from crmsync.config.mapping_files import FOLDER, Defaults, MappingFile, read_mapping_file
from crmsync.core.flagwords import with_usual_words
from crmsync.core.mapping import (
    DECIDED,
    LOOKUP,
    NATIVE_LINK,
    Entity,
    Field,
    MadeOf,
    WorkspaceMapping,
)
from crmsync.core.planning import canonical_json
from crmsync.errors import Problem

__all__ = ["FOLDER", "Defaults", "Mappings", "read_mappings", "understand_mappings"]
_REMARKS = ("doc", "why", "renamed_from", "duplicates")
# Complaints after which nobody can say where a field's values come from or go to.
_UNSOUND = frozenset(
    {"CRM033", "CRM036", "CRM037", "CRM038", "CRM080", "CRM081", "CRM082", "CRM084"}
)


@dataclass(frozen=True, slots=True)
class Mappings:
    """The mapping as far as it can be understood, its files by entity, and everything that is wrong.

    `whole` is False if a part of a file could not be understood, so that the mapping may lack something.
    """

    mapping: WorkspaceMapping
    files: Mapping[str, MappingFile]
    problems: list[Problem]
    whole: bool = True


def read_mappings(
    folder: Path, systems: Iterable[str], defaults: Defaults | None = None
) -> WorkspaceMapping | list[Problem]:
    """The mapping of a workspace, or everything that is wrong with its files.

    Entities and names of systems the workspace does not have are left out: a workspace with one system
    uses the same files.
    """
    found = understand_mappings(folder, systems, defaults)
    return found.problems or found.mapping


def understand_mappings(
    folder: Path, systems: Iterable[str], defaults: Defaults | None = None
) -> Mappings:
    """The mapping of a workspace as far as it can be understood, and everything that is wrong with its files."""
    defaults = defaults or Defaults()
    files = [read_mapping_file(path, defaults) for path in mapping_paths(folder / FOLDER)]
    problems = [problem for each in files for problem in each.problems]
    together = or_defect(FOLDER, lambda: check_between(files), lambda problem: [problem])
    problems += together if files else [_none()]
    kept = {each.name: each for each in reversed(files) if each.entity is not None}
    entities = [_sound(kept[name], problems) for name in sorted(kept)]
    own = set(systems)
    known = _without_strangers(_without_seats(entities, defaults.objects), own)
    known = [_with_usual_words(each, defaults.exports) for each in known]
    whole = not any(each.lost for each in files)
    lifecycle = understand_lifecycle(folder / FOLDER, own)
    mapping = replace(mapping_of(known), lifecycle=lifecycle.value)
    return Mappings(mapping, kept, [*problems, *lifecycle.problems], whole)


def _none() -> Problem:
    remedy = "run `crmsync init`, or add mappings/contact.yml"
    return Problem(FOLDER, 0, 0, "CRM000", "no mapping files", remedy)


def _sound(file: MappingFile, problems: list[Problem]) -> Entity:
    """The entity with those of its fields that are known and make sense by themselves."""
    assert file.entity is not None
    wrong = {(p.line, p.column) for p in problems if p.file == file.file and p.code in _UNSOUND}
    bad = {path[1] for path, place in file.document.places.items()
           if path[:1] == ("fields",) and len(path) > 1 and place in wrong}  # fmt: skip
    fields = [
        each
        for at, each in enumerate(file.entity.fields)
        if at not in bad and not file.known.is_broken(("fields", at))
    ]
    seats = [
        each
        for at, each in enumerate(file.entity.seats)
        if not any(lost[:2] == ("seats", at) for lost in file.lost)
    ]
    return replace(file.entity, seats=seats, fields=fields)


def _with_usual_words(entity: Entity, exports: frozenset[str]) -> Entity:
    """The entity with the usual words for yes and no under `values` of its flags, of systems that are files."""
    fields = [
        replace(each, values=_usual(each, exports)) if each.type == "flag" else each
        for each in entity.fields
    ]
    return replace(entity, fields=fields)


def _usual(each: Field, exports: frozenset[str]) -> dict[str, dict[str, str]]:
    own = [system for system in each.systems if system in exports]
    return each.values | {s: dict(with_usual_words(each.values.get(s, {}))) for s in own}


def _without_seats(entities: list[Entity], objects: Mapping[str, frozenset[str]]) -> list[Entity]:
    """The entities without seats in objects that a system is declared not to have."""
    return [
        _with_links_between(
            replace(
                each, seats=[s for s in each.seats if s.object in objects.get(s.system, {s.object})]
            )
        )
        for each in entities
    ]


def _with_links_between(entity: Entity) -> Entity:
    """The entity without native links from or into what it has no seat for."""
    held = {(seat.system, seat.object) for seat in entity.seats}
    links = [
        each
        for each in entity.native_links
        if (each.to.system, each.to.object) in held and each.system in entity.systems
    ]
    return replace(entity, native_links=links)


def _without_strangers(entities: list[Entity], systems: set[str]) -> list[Entity]:
    """The entities as far as the workspace's own systems go; a reference to what is left out goes too."""
    kept = [each for each in entities if {seat.system for seat in each.seats} & systems]
    names = {each.entity for each in kept}
    return [_known_to(each, systems, names) for each in kept]


def _known_to(entity: Entity, systems: set[str], entities: set[str]) -> Entity:
    fields = [
        _in_systems(each, systems)
        for each in entity.fields
        if set(each.systems) & systems and (each.to is None or each.to in entities)
    ]
    seats = [seat for seat in entity.seats if seat.system in systems]
    scope = {system: each for system, each in entity.scope.items() if system in systems}
    known = replace(entity, seats=seats, fields=fields, scope=scope)
    known = replace(known, duplicates=known_model(known, systems))
    return _with_links_between(_without_lost_names(_without_lost_lookups(known)))


_RULES = frozenset(("key", NATIVE_LINK, DECIDED))


def _without_lost_names(entity: Entity) -> Entity:
    """The entity without match rules, countries and currencies of fields that are left out."""
    names = {each.field for each in entity.fields}
    known = names | _RULES
    match = [
        rule for rule in entity.match if {*([rule] if isinstance(rule, str) else rule)} <= known
    ]
    fields = [
        replace(
            each,
            country_from=each.country_from if each.country_from in names else None,
            currency_from=each.currency_from if each.currency_from in names else None,
        )
        for each in entity.fields
    ]
    return replace(entity, match=match, fields=fields)


def _in_systems(each: Field, systems: set[str]) -> Field:
    names = {system: name for system, name in each.names.items() if system in systems}
    made_of = {system: made for system, made in each.made_of.items() if system in systems}
    return replace(each, names=names, made_of=made_of)


def _without_lost_lookups(entity: Entity) -> Entity:
    """The entity without values that were looked up over a reference which is left out."""
    known = {each.field for each in entity.fields}
    fields = [replace(e, made_of={s: m for s, m in e.made_of.items() if _is_known(m, known)})
              for e in entity.fields]  # fmt: skip
    return replace(entity, fields=[each for each in fields if each.systems])


def _is_known(made: MadeOf | dict[str, MadeOf], fields: set[str]) -> bool:
    ways = made.values() if isinstance(made, dict) else [made]
    return all(way.transform != LOOKUP or way.inputs[0] in fields for way in ways)


def mapping_of(entities: Iterable[Entity]) -> WorkspaceMapping:
    """Entities with a seat, each after those it names, and their digest. What decides no value does not count."""
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
        ready = [e for e in waiting if before(e) & known <= names] or waiting[:1]
        done.append(ready[0])
        waiting.remove(ready[0])
    return done
