"""`mappings/*.yml`: entities in the order they are synced, and the digest of what decides a value."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from crmsync.config.decode import decode
from crmsync.config.lines import read_file
from crmsync.config.mapping_checks import check_entity, check_policy_form
from crmsync.config.project_checks import guess
from crmsync.core.mapping import LOOKUP, Entity, Field, MadeOf, WorkspaceMapping
from crmsync.core.planning import canonical_json
from crmsync.errors import Problem

FOLDER = "mappings"
_REMARKS = ("doc", "why", "renamed_from")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a field takes from the workspace where it says nothing itself.

    `objects` are those of systems that declare theirs: seats in others are left out.
    """

    region: str | None = None
    currency: str = ""
    timezone: str = "UTC"
    objects: Mapping[str, frozenset[str]] = field(default_factory=dict)


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
    # Only where every file could be read is it known who is not there.
    problems = problems or [*_unordered(entities), *_lost_lookups(entities)]
    if problems:
        return problems
    objects = defaults.objects if defaults else {}
    return mapping_of(_without_strangers(_without_seats(entities, objects), set(systems)))


def _read_one(path: Path, defaults: Defaults) -> Entity | list[Problem]:
    name = f"{FOLDER}/{path.name}"
    document = read_file(path, name)
    if isinstance(document, Problem):
        return [document]
    entity = decode(Entity, document)
    if isinstance(entity, list):
        return entity
    problems = check_policy_form(entity, document)
    if problems:
        return problems
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


def _unordered(entities: list[Entity]) -> list[Problem]:
    """Entities that name one that is not there, or each other in a ring."""
    known = {each.entity for each in entities}
    found = [
        Problem(
            f"{FOLDER}/{each.entity}.yml", 0, 0, "CRM049", f"entity '{each.entity}' names no entity '{name}'",
            guess(name, known - {each.entity}, f"use one of {', '.join(sorted(known))}"),
        )
        for each in entities
        for name in sorted(_before(each) - known)
    ]  # fmt: skip
    ring = [] if found else _ring(entities)
    if ring:
        message = f"entities name each other in a ring: {', '.join(ring)}"
        found.append(Problem(FOLDER, 0, 0, "CRM049", message, "remove one of the references"))
    return found


def _lost_lookups(entities: list[Entity]) -> list[Problem]:
    """Lookups of fields that the other entity does not have, or has in another type."""
    known = {each.entity: each for each in entities}
    return [
        Problem(f"{FOLDER}/{entity.entity}.yml", 0, 0, "CRM084", message, remedy)
        for entity in entities
        for field in entity.fields
        for by, name in _looked_up(field)
        if (reference := entity.field_named(by)) is not None and reference.to in known
        for message, remedy in _misfit(field, known[reference.to], name)
    ]


def _looked_up(field: Field) -> list[tuple[str, str]]:
    """(reference, field of the entity it leads to) of every lookup of a field."""
    ways = [
        way
        for made in field.made_of.values()
        for way in (made.values() if isinstance(made, dict) else [made])
    ]
    pairs = {tuple(way.inputs) for way in ways if way.transform == LOOKUP and len(way.inputs) == 2}
    return sorted((by, name) for by, name in pairs)


def _misfit(field: Field, other: Entity, name: str) -> list[tuple[str, str]]:
    found = other.field_named(name)
    if found is None:
        advice = guess(name, [e.field for e in other.fields], f"name a field of {other.entity}")
        return [(f"field '{field.field}': {other.entity} has no field '{name}'", advice)]
    if found.type != field.type or found.type in ("reference", "references"):
        message = (
            f"field '{field.field}': {field.type} cannot be looked up from {found.type} '{name}'"
        )
        return [(message, f"make its type {found.type}, or name another field")]
    return []


def _before(entity: Entity) -> set[str]:
    """Entities that have to be there first: those named, and those that references lead to."""
    led = {each.to for each in entity.fields if each.to}
    return {*entity.after, *led} - {entity.entity}


def _ring(entities: list[Entity]) -> list[str]:
    waiting = {each.entity: _before(each) for each in entities}
    while ready := [name for name, before in waiting.items() if not before & set(waiting)]:
        for name in ready:
            del waiting[name]
    return sorted(waiting)


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
    return _with_links_between(_without_lost_names(_without_lost_lookups(known)))


_RULES = frozenset(("key", "native_link"))


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
        ready = [e for e in waiting if _before(e) & known <= names] or waiting[:1]
        done.append(ready[0])
        waiting.remove(ready[0])
    return done
