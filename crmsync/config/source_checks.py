"""What a mapping file can get wrong about where a value comes from and which records take part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from crmsync.config.consequences import Complaint
from crmsync.config.lines import Path
from crmsync.config.project_checks import guess
from crmsync.core.mapping import LOOKUP, Entity, Field, MadeOf
from crmsync.core.policies import POLICIES
from crmsync.core.taxids import COUNTRIES
from crmsync.core.transforms import Transform, transforms

AT_HOME = ("phone", "tax_id")
"""Types whose values depend on a country."""
READ_FROM_TEXT = ("text", "choice")


def _each(entity: Entity) -> Iterator[tuple[Path, Field]]:
    for index, field in enumerate(entity.fields):
        yield ("fields", index), field


def _made(entity: Entity) -> Iterator[tuple[Path, Field, str, str | None, MadeOf]]:
    """(place, field, system, object or None for all of it, what it is made of)."""
    for path, field in _each(entity):
        for system, made in field.made_of.items():
            place = (*path, "made_of", system)
            if isinstance(made, MadeOf):
                yield place, field, system, None, made
            else:
                for object_, each in made.items():
                    yield (*place, object_), field, system, object_, each


def made_of_has_seats(entity: Entity) -> Iterator[Complaint]:
    """Systems and objects that hold nothing of the entity."""
    for place, field, system, object_, _ in _made(entity):
        objects = {seat.object for seat in entity.seats_of(system)}
        if not objects:
            advice = guess(system, entity.systems, f"use {', '.join(entity.systems)}")
            yield place, "CRM036", f"field '{field.field}': no seat in system '{system}'", advice
        elif object_ is not None and object_ not in objects:
            message = f"field '{field.field}': '{object_}' is no seat of {system}"
            advice = guess(object_, objects, f"use {', '.join(sorted(objects))}")
            yield place, "CRM036", message, advice


def made_once(entity: Entity) -> Iterator[Complaint]:
    """A seat that both keeps a value and makes it of others."""
    for place, field, system, object_, _ in _made(entity):
        objects = [object_] if object_ else [seat.object for seat in entity.seats_of(system)]
        if any(field.name_in(system, each) for each in objects):
            message = f"field '{field.field}': {system} both keeps it and makes it of others"
            yield place, "CRM080", message, "remove the system from `names` or from `made_of`"


def transforms_exist(entity: Entity) -> Iterator[Complaint]:
    """Unknown transforms, too few or too many inputs, options that nobody knows."""
    for place, field, _, _, made in _made(entity):
        if made.transform == LOOKUP:
            continue
        known = transforms().get(made.transform)
        head = f"field '{field.field}':"
        if known is None:
            names = [*transforms(), LOOKUP]
            advice = guess(made.transform, names, f"use one of {', '.join(names)}")
            message = f"{head} unknown transform '{made.transform}'"
            yield (*place, "transform"), "CRM081", message, advice
        else:
            yield from _inputs(place, head, made, known)
            yield from _options(place, head, made, known)


def _inputs(place: Path, head: str, made: MadeOf, known: Transform) -> Iterator[Complaint]:
    most = known.at_most
    if len(made.inputs) < known.at_least or (most is not None and len(made.inputs) > most):
        wanted = f"{known.at_least}" if most == known.at_least else f"{known.at_least} or more"
        message = f"{head} {made.transform} takes {wanted} inputs, not {len(made.inputs)}"
        yield (*place, "inputs"), "CRM082", message, "list the native fields it is made of"


def _options(place: Path, head: str, made: MadeOf, known: Transform) -> Iterator[Complaint]:
    for name in sorted(set(made.options) - set(known.options)):
        advice = guess(name, known.options, "remove it")
        message = f"{head} {made.transform} has no option '{name}'"
        yield (*place, "options", name), "CRM083", message, advice
    for name, allowed in known.options.items():
        given = made.options.get(name)
        if given is None and name in known.needs:
            message = f"{head} {made.transform} needs the option '{name}'"
            yield place, "CRM083", message, f"add `options: {{{name}: {allowed[0]}}}`"
        elif given is not None and allowed and given not in allowed:
            message = f"{head} {made.transform} knows no {name} '{given}'"
            advice = guess(given, allowed, f"use {' or '.join(allowed)}")
            yield (*place, "options", name), "CRM083", message, advice


def lookups_begin_here(entity: Entity) -> Iterator[Complaint]:
    """Lookups that do not name a reference of this entity and a field of the other."""
    references = [each.field for each in entity.fields if each.type == "reference"]
    for place, field, _, _, made in _made(entity):
        if made.transform != LOOKUP:
            continue
        head = f"field '{field.field}':"
        if len(made.inputs) != 2:
            message = f"{head} lookup takes 2 inputs, not {len(made.inputs)}"
            yield (*place, "inputs"), "CRM082", message, "write [reference, field]: [company, name]"
        elif made.inputs[0] not in references:
            advice = guess(made.inputs[0], references, "name a field of type reference")
            message = f"{head} lookup over '{made.inputs[0]}', which is no reference"
            yield (*place, "inputs"), "CRM084", message, advice


def countries_are_known(entity: Entity) -> Iterator[Complaint]:
    """Countries that nobody checks numbers of, or on types that have none."""
    for path, field in _each(entity):
        if field.country is None:
            continue
        place = (*path, "country")
        if field.type != "tax_id":
            message = f"field '{field.field}': `country` is for tax ids, not for {field.type}"
            yield place, "CRM085", message, "use `region` for phones, or remove it"
        elif field.country not in COUNTRIES:
            message = f"field '{field.field}': no check digits are known for '{field.country}'"
            advice = f"use one of {', '.join(sorted(COUNTRIES))}, or leave it out"
            yield place, "CRM085", message, advice


def countries_come_from_fields(entity: Entity) -> Iterator[Complaint]:
    """`country_from` that names no field to read a country from."""
    for path, field in _each(entity):
        if field.country_from is not None:
            place = (*path, "country_from")
            if field.type not in AT_HOME:
                message = f"field '{field.field}': {field.type} does not depend on a country"
                yield place, "CRM086", message, f"remove it; it is for {' and '.join(AT_HOME)}"
            else:
                yield from _comes_from(entity, field, place, "country", field.country_from)


def currencies_come_from_fields(entity: Entity) -> Iterator[Complaint]:
    """`currency_from` that names no field to read a currency from, or is not for money."""
    for path, field in _each(entity):
        if field.currency_from is not None:
            place = (*path, "currency_from")
            if field.type != "money":
                message = f"field '{field.field}': {field.type} has no currency"
                yield place, "CRM086", message, "remove it; it is for money"
            else:
                yield from _comes_from(entity, field, place, "currency", field.currency_from)


def _comes_from(
    entity: Entity, field: Field, place: Path, what: str, name: str
) -> Iterator[Complaint]:
    home = entity.field_named(name)
    if home is None or home.field == field.field:
        known = {each.field for each in entity.fields} - {field.field}
        message = f"field '{field.field}': {what}_from names no field: '{name}'"
        yield place, "CRM086", message, guess(name, known, "name a field")
    elif home.type not in READ_FROM_TEXT or home.made_of:
        message = f"field '{field.field}': no {what} can be read from '{home.field}'"
        yield place, "CRM086", message, "name a text or choice that every system keeps itself"


def scope_has_seats(entity: Entity) -> Iterator[Complaint]:
    """Scopes of systems or objects that hold nothing, and scopes that mix both forms."""
    for system, scope in entity.scope.items():
        place: Path = ("scope", system)
        objects = {seat.object for seat in entity.seats_of(system)}
        nested = {name for name, each in scope.items() if isinstance(each, dict)}
        if not objects:
            advice = guess(system, entity.systems, f"use {', '.join(entity.systems)}")
            yield place, "CRM087", f"scope: no seat in system '{system}'", advice
        elif nested and nested != set(scope):
            message = f"scope: {system} mixes conditions and objects"
            yield place, "CRM087", message, "give conditions for each object, or for the system"
        for name in sorted(nested - objects) if objects else ():
            message = f"scope: '{name}' is no seat of {system}"
            advice = guess(name, objects, f"use {', '.join(sorted(objects))}")
            yield (*place, name), "CRM087", message, advice
        for way, conditions in _conditions(place, scope):
            if not conditions:
                yield way, "CRM087", "scope without a condition", "add one, or remove the scope"


def _conditions(place: Path, scope: Mapping[str, object]) -> Iterable[tuple[Path, object]]:
    nested = {name: each for name, each in scope.items() if isinstance(each, dict)}
    return [((*place, name), each) for name, each in nested.items()] or [(place, scope)]


def policies_can_be_heard(entity: Entity) -> Iterator[Complaint]:
    """Sticky values that are made of others: an opt-out has to be written where it was given."""
    for place, field, _, _, _ in _made(entity):
        if field.policy in POLICIES and field.policy == "sticky":
            message = f"field '{field.field}': an opt-out cannot be made of other fields"
            yield place, "CRM088", message, "name the native field that keeps it"


SOURCE_CHECKS = (
    made_of_has_seats,
    made_once,
    transforms_exist,
    lookups_begin_here,
    countries_are_known,
    countries_come_from_fields,
    currencies_come_from_fields,
    scope_has_seats,
    policies_can_be_heard,
)
