"""What `duplicates:` of a mapping can get wrong beyond its form."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from crmsync.config.consequences import Complaint
from crmsync.config.lines import Path
from crmsync.config.project_checks import guess
from crmsync.core.duplicates import PARTS_OF, DuplicateModel, Fields
from crmsync.core.mapping import Entity

_HERE = "duplicates"
_TELL_NOTHING = frozenset(("erased", "opted_out"))
"""Parts that speak against pairs, and for none."""


def known_model(entity: Entity, systems: Collection[str]) -> DuplicateModel | None:
    """The model of an entity as far as its own fields and some systems go; None where no fact is left."""
    model = entity.duplicates
    if model is None:
        return None
    names = {each.field for each in entity.fields}
    parts: dict[str, Fields] = {}
    for part, name in model.fields():
        if name.partition(".")[0] in names:
            parts.setdefault(part, [])
            parts[part] = [*parts[part], name]
    clean = [each for each in model.clean if each in systems]
    return replace(model, parts=parts, clean=clean) if parts else None


def _fields_are_there(entity: Entity) -> Iterator[Complaint]:
    """Every fact is held by a field of the entity, or of one that it refers to."""
    if entity.duplicates is None:
        return
    names = {each.field for each in entity.fields}
    references = {each.field for each in entity.fields if each.type == "reference"}
    for part, name in entity.duplicates.fields():
        path: Path = (_HERE, "parts", part)
        first, dot, _second = name.partition(".")
        if dot and first not in references:
            advice = guess(first, references, "name a field of type reference before the dot")
            yield path, "CRM108", f"duplicates: '{first}' of '{name}' is no reference", advice
        elif not dot and name not in names:
            advice = guess(name, names, "name a field of this entity")
            yield path, "CRM108", f"duplicates: no field '{name}'", advice


def _parts_are_of_the_subject(entity: Entity) -> Iterator[Complaint]:
    model = entity.duplicates
    if model is None:
        return
    known = PARTS_OF[model.subject]
    for part in model.parts:
        if part not in known:
            advice = guess(part, known, f"use some of {', '.join(known)}")
            message = f"duplicates: a {model.subject} has no '{part}'"
            yield (_HERE, "parts", part), "CRM109", message, advice
    if not set(model.parts) - _TELL_NOTHING:
        advice = f"name some of {', '.join(known)}"
        yield (_HERE, "parts"), "CRM109", "duplicates: nothing to compare", advice


def _limits_make_sense(entity: Entity) -> Iterator[Complaint]:
    model = entity.duplicates
    if model is None:
        return
    if not 0.5 <= model.review <= model.sure <= 1:
        message = f"duplicates: review {model.review:g} and sure {model.sure:g}"
        advice = "write probabilities from 0.5 to 1, review not above sure"
        yield (_HERE,), "CRM110", message, advice
    for name, number, least in (("crowded", model.crowded, 2), ("largest", model.largest, 2)):
        if number < least:
            message = f"duplicates: {name} {number} is less than {least}"
            yield (_HERE, name), "CRM110", message, f"write {least} or more"


def _clean_systems_are_there(entity: Entity) -> Iterator[Complaint]:
    for at, system in enumerate(entity.duplicates.clean if entity.duplicates else ()):
        if entity.seats and system not in entity.systems:
            advice = guess(system, entity.systems, f"use some of {', '.join(entity.systems)}")
            message = f"duplicates: no seat in system '{system}'"
            yield (_HERE, "clean", at), "CRM111", message, advice


DUPLICATE_CHECKS: tuple[Callable[[Entity], Iterator[Complaint]], ...] = (
    _fields_are_there,
    _parts_are_of_the_subject,
    _limits_make_sense,
    _clean_systems_are_there,
)
