"""What the files of a mapping say of each other: entities twice, missing or in a ring, lookups that end nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from crmsync.config.lines import Path
from crmsync.config.mapping_files import MappingFile
from crmsync.config.project_checks import guess
from crmsync.core.mapping import LOOKUP, Entity, Field, MadeOf
from crmsync.errors import Problem


def check_between(files: Sequence[MappingFile]) -> list[Problem]:
    """Every problem between files; a file that cannot be understood is taken to be right."""
    return [problem for check in CHECKS for problem in check(files)]


def before(entity: Entity) -> set[str]:
    """Entities that have to be there first: those named, and those that references lead to."""
    return {name for name, _ in _named(entity)}


def _named(entity: Entity) -> list[tuple[str, Path]]:
    """Other entities that an entity names, and where: `after`, then references."""
    said: list[tuple[str, Path]] = [(n, ("after", at)) for at, n in enumerate(entity.after)]
    said += [(e.to, ("fields", at, "to")) for at, e in enumerate(entity.fields) if e.to]
    return [(name, path) for name, path in said if name != entity.entity]


def _known(files: Sequence[MappingFile]) -> Iterator[tuple[MappingFile, Entity]]:
    for each in files:
        if each.entity is not None:
            yield each, each.entity


def _twice(files: Sequence[MappingFile]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for each, entity in _known(files):
        if ("entity",) in each.lost:
            continue
        if entity.entity in first:
            message = f"entity '{entity.entity}' is in {first[entity.entity]}, too"
            yield Problem(*each.place(("entity",)), "CRM030", message, "merge them into one")
        first.setdefault(entity.entity, each.file)


def _nowhere(files: Sequence[MappingFile]) -> Iterator[Problem]:
    """Names of entities that are not there."""
    known = {each.name for each in files}
    is_whole = all(each.entity is not None for each in files)
    for each, entity in _known(files):
        others = sorted(known - {entity.entity})
        told: set[str] = set()
        for name, path in _named(entity):
            if name in known | told or each.known.follows(path, "CRM049"):
                continue
            told.add(name)
            advice = guess(name, others, "")
            if not advice and not is_whole:
                continue  # It may be in the file that cannot be read.
            message = f"entity '{entity.entity}' names no entity '{name}'"
            advice = advice or f"use one of {', '.join(sorted(known))}"
            yield Problem(*each.place(path), "CRM049", message, advice)


def _in_a_ring(files: Sequence[MappingFile]) -> Iterator[Problem]:
    """One problem for those that wait for each other, at the first name that closes the ring."""
    waits = {entity.entity: before(entity) for _, entity in _known(files)}
    ring = _ring(waits)
    for each, entity in _known(files):
        closing = [path for name, path in _named(entity) if name in ring and entity.entity in ring]
        if closing:
            message = f"entities name each other in a ring: {', '.join(ring)}"
            place = each.place(closing[0])
            yield Problem(*place, "CRM049", message, "remove one of the references")
            return


def _ring(waits: Mapping[str, set[str]]) -> list[str]:
    """Those that wait for each other: without those that wait for none, and those nobody waits for."""
    left = dict(waits)
    while idle := [n for n in left if not left[n] & set(left) or not _awaited(n, left)]:
        for name in idle:
            left.pop(name)
    return sorted(left)


def _awaited(name: str, waits: Mapping[str, set[str]]) -> bool:
    return any(name in each for each in waits.values())


def _lost_lookups(files: Sequence[MappingFile]) -> Iterator[Problem]:
    """Lookups of fields that the other entity does not have, or has in another type."""
    known = {entity.entity: (each, entity) for each, entity in _known(files)}
    for each, entity in _known(files):
        for at, field in enumerate(entity.fields):
            for where, by, name in _looked_up(field):
                path: Path = ("fields", at, "made_of", *where, "inputs")
                reference = entity.field_named(by)
                if reference is None or reference.to not in known:
                    continue
                if each.known.follows(path, "CRM084") or each.known.is_broken(("fields", at)):
                    continue
                for message, remedy in _misfit(field, *known[reference.to], name):
                    yield Problem(*each.place(path), "CRM084", message, remedy)


def _looked_up(field: Field) -> Iterator[tuple[Path, str, str]]:
    """(where, reference, field of the entity it leads to) of every lookup of a field, each once."""
    told: set[tuple[str, ...]] = set()
    for where, way in _ways(field):
        inputs = tuple(way.inputs)
        if way.transform == LOOKUP and len(inputs) == 2 and inputs not in told:
            told.add(inputs)
            yield where, inputs[0], inputs[1]


def _ways(field: Field) -> Iterator[tuple[Path, MadeOf]]:
    for system, made in field.made_of.items():
        if isinstance(made, MadeOf):
            yield (system,), made
        else:
            yield from (((system, object_), each) for object_, each in made.items())


def _misfit(field: Field, file: MappingFile, other: Entity, name: str) -> Iterator[tuple[str, str]]:
    found = other.field_named(name)
    at = file.named(name)
    if found is None:
        if not any(lost[:1] == ("fields",) and len(lost) < 4 for lost in file.lost):
            known = [each.field for each in other.fields]
            message = f"field '{field.field}': {other.entity} has no field '{name}'"
            yield message, guess(name, known, f"name a field of {other.entity}")
    elif at is not None and file.known.is_broken(at):
        return
    elif found.type != field.type or found.type in ("reference", "references"):
        message = (
            f"field '{field.field}': {field.type} cannot be looked up from {found.type} '{name}'"
        )
        yield message, f"make its type {found.type}, or name another field"


def _lost_facts(files: Sequence[MappingFile]) -> Iterator[Problem]:
    """Facts about duplicates in fields that the entity behind a reference does not have."""
    known = {entity.entity: (each, entity) for each, entity in _known(files)}
    for each, entity in _known(files):
        for part, name in entity.duplicates.fields() if entity.duplicates else ():
            first, dot, second = name.partition(".")
            field = entity.field_named(first)
            path: Path = ("duplicates", "parts", part)
            if (
                not dot
                or field is None
                or field.to not in known
                or each.known.follows(path, "CRM108")
            ):
                continue
            there, other = known[field.to]
            if other.field_named(second) is None and not there.lost:
                names = [one.field for one in other.fields]
                message = f"duplicates: {other.entity} has no field '{second}'"
                advice = guess(second, names, f"name a field of {other.entity}")
                yield Problem(*each.place(path), "CRM108", message, advice)


CHECKS: tuple[Callable[[Sequence[MappingFile]], Iterator[Problem]], ...] = (
    _twice,
    _nowhere,
    _in_a_ring,
    _lost_lookups,
    _lost_facts,
)
