"""What a mapping file can get wrong beyond its form; every check is one entry of CHECKS or PLACED_CHECKS."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import cache

from crmsync.config.condition_checks import check_conditions
from crmsync.config.consequences import Complaint, Known, Needs
from crmsync.config.decode import nearest
from crmsync.config.duplicate_checks import DUPLICATE_CHECKS
from crmsync.config.lines import Document, Path
from crmsync.config.project_checks import NAME, guess
from crmsync.config.source_checks import SOURCE_CHECKS
from crmsync.core.mapping import DECIDED, NATIVE_LINK, CreateWhen, Entity, Field, OneWay
from crmsync.core.policies import POLICIES
from crmsync.core.values import TYPES
from crmsync.errors import Problem

OBJECT = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
RESERVED = frozenset(
    {
        "system", "object", "id", "key", "linked", "stamp", "digest", "created_at", "modified_at",
        NATIVE_LINK,
    }
)  # fmt: skip


def check_entity(entity: Entity, document: Document, lost: Collection[Path] = ()) -> list[Problem]:
    """Every problem of one entity, in order of place; none that is due to what was `lost` of its file."""
    complaints = [each for check in CHECKS for each in check(entity)]
    complaints += [each for check in PLACED_CHECKS for each in check(entity, document)]
    complaints += check_conditions(entity, document)
    return Known(document, lost, NEEDS).problems(complaints)


def policies_in_no_form(entity: Entity) -> Iterator[Complaint]:
    """Policies that are no single word or pair; what else is wrong can only be seen without them."""
    remedy = "write one policy, as in `on_conflict: {prefer: salesforce}`"
    for path, field in _each(entity):
        if isinstance(field.on_conflict, dict) and len(field.on_conflict) != 1:
            message = f"field '{field.field}': {len(field.on_conflict)} policies at once"
            yield (*path, "on_conflict"), "CRM033", message, remedy


def _each(entity: Entity) -> Iterator[tuple[Path, Field]]:
    for index, field in enumerate(entity.fields):
        yield ("fields", index), field


def _known_types(entity: Entity) -> Iterator[Complaint]:
    for path, field in _each(entity):
        if field.type not in TYPES:
            advice = guess(field.type, TYPES, f"use one of {', '.join(TYPES)}")
            message = f"field '{field.field}': unknown type '{field.type}'"
            yield (*path, "type"), "CRM031", message, advice


def _known_policies(entity: Entity) -> Iterator[Complaint]:
    for path, field in _each(entity):
        place = (*path, "on_conflict")
        policy = POLICIES.get(field.policy)
        if policy is None:
            message = f"field '{field.field}': unknown policy '{field.policy}'"
            yield place, "CRM032", message, _meant_policy(field)
        elif policy.names_a_system != (field.policy_system is not None):
            example = f"{{{field.policy}: salesforce}}" if policy.names_a_system else field.policy
            message = f"field '{field.field}': policy '{field.policy}' is written otherwise"
            yield place, "CRM033", message, f"write `on_conflict: {example}`"
        elif policy.types and field.type not in policy.types:
            allowed = ", ".join(sorted(policy.types))
            message = (
                f"field '{field.field}': '{field.policy}' needs type {allowed}, not {field.type}"
            )
            yield place, "CRM034", message, "change the type or the policy"


def _meant_policy(field: Field) -> str:
    """Advice for a policy nobody knows; `prefer salesforce` and `prefer:SalesForce` lack their braces."""
    first, system = (*re.split(r"[\s:]+", field.policy, maxsplit=1), "")[:2]
    if system and first in POLICIES and POLICIES[first].names_a_system:
        return f"write `on_conflict: {{{first}: {nearest(system, field.systems) or system}}}`"
    return guess(field.policy, POLICIES, f"use one of {', '.join(POLICIES)}")


def _policy_systems(entity: Entity) -> Iterator[Complaint]:
    for path, field in _each(entity):
        system = field.policy_system
        if system is not None and _is_missing(system, field.systems, entity):
            message = f"field '{field.field}': '{system}' wins but has no such field"
            advice = _one_of(system, field.systems, entity)
            yield (*path, "on_conflict"), "CRM035", message, advice


def _is_missing(system: str, held: Collection[str], entity: Entity) -> bool:
    """True if a field has nothing there; not where it only calls the system otherwise, which is told (CRM036)."""
    is_miscalled = system in entity.systems and not set(held) <= set(entity.systems)
    return system not in held and not is_miscalled


def _one_of(system: str, held: Collection[str], entity: Entity) -> str:
    """Advice to name a system that has the field, and that is there."""
    known = [each for each in held if each in entity.systems] or list(held)
    otherwise = f"name one of {', '.join(known)}" if known else "add the system to `names:`"
    return guess(system, known, otherwise)


def _names_have_seats(entity: Entity) -> Iterator[Complaint]:
    objects = {
        seat.system: {s.object for s in entity.seats_of(seat.system)} for seat in entity.seats
    }
    for path, field in _each(entity):
        for system, name in field.names.items():
            place = (*path, "names", system)
            if not objects:
                continue  # told once, by _somebody_holds_it
            if system not in objects:
                advice = guess(system, objects, f"use {', '.join(sorted(objects))}")
                yield (
                    place,
                    "CRM036",
                    f"field '{field.field}': no seat in system '{system}'",
                    advice,
                )
            elif isinstance(name, dict):
                for stranger in sorted(set(name) - objects[system]):
                    message = f"field '{field.field}': '{stranger}' is no seat of {system}"
                    known = sorted(objects[system])
                    advice = guess(stranger, known, f"use {', '.join(known)}")
                    yield (*place, stranger), "CRM036", message, advice


def _there_once(entity: Entity, document: Document) -> Iterator[Complaint]:
    first: dict[str, Path] = {}
    for path, field in _each(entity):
        if field.field in first:
            line, _column = document.place(first[field.field])
            message = f"field '{field.field}' is there twice, first in line {line}"
            yield (*path, "field"), "CRM037", message, "remove one"
        first.setdefault(field.field, path)


def _retold(field: Field, system: str) -> bool:
    """True for a flag that is only read, by words of its own: a stage tells whether a deal is won."""
    return field.type == "flag" and field.direction == "none" and bool(field.values.get(system))


def _mapped_once(entity: Entity, document: Document) -> Iterator[Complaint]:
    """Native fields of two entries, once a system; an entry that is there twice as a whole is told by its name."""
    first: dict[tuple[str, str, str], tuple[Path, str]] = {}
    for path, field in _each(entity):
        told: set[str] = set()
        for seat in entity.seats:
            name = field.name_in(seat.system, seat.object)
            if name is None or _retold(field, seat.system):
                continue
            before, ours = first.setdefault((seat.system, seat.object, name), (path, field.field))
            if ours != field.field and seat.system not in told:
                told.add(seat.system)
                line, _column = document.place(before)
                native = f"{seat.system} {seat.object}.{name}"
                message = f"{native} is mapped to '{ours}' already, in line {line}"
                yield (*path, "names", seat.system), "CRM038", message, "map each native field once"


def _ordered_choices(entity: Entity) -> Iterator[Complaint]:
    for path, field in _each(entity):
        if field.policy == "highest" and len(field.order) < 2:
            message = f"field '{field.field}': 'highest' needs an order"
            yield (*path, "on_conflict"), "CRM039", message, "add `order: [lowest, ..., highest]`"


def _matchable(entity: Entity) -> Iterator[Complaint]:
    fields = {field.field for field in entity.fields}
    for index, rule in enumerate(entity.match):
        known = fields | {"key", NATIVE_LINK, DECIDED} if isinstance(rule, str) else fields
        for name in [rule] if isinstance(rule, str) else rule:
            if name not in known:
                advice = guess(name, known, "name a field of this entity")
                yield ("match", index), "CRM040", f"match names no field: '{name}'", advice


def _native_links_are_used(entity: Entity) -> Iterator[Complaint]:
    if NATIVE_LINK in entity.match and not entity.native_links:
        place: Path = ("match", entity.match.index(NATIVE_LINK))
        message = "match names native_link, but there are no native_links"
        yield place, "CRM054", message, "add `native_links:`, or remove it from match"
    if entity.native_links and NATIVE_LINK not in entity.match:
        message = "native_links that match does not name"
        yield ("native_links",), "CRM054", message, "add native_link to `match:`"


def _native_links_tie_seats(entity: Entity) -> Iterator[Complaint]:
    for index, link in enumerate(entity.native_links if entity.seats else ()):
        path: Path = ("native_links", index)
        objects = {seat.object for seat in entity.seats_of(link.to.system)}
        for place, system in (
            ((*path, "system"), link.system),
            ((*path, "to", "system"), link.to.system),
        ):
            if system not in entity.systems:
                advice = guess(system, entity.systems, f"use {', '.join(entity.systems)}")
                yield place, "CRM053", f"native link: no seat in system '{system}'", advice
        if objects and link.to.object not in objects:
            advice = guess(link.to.object, objects, f"use {', '.join(sorted(objects))}")
            message = f"native link: '{link.to.object}' is no seat of {link.to.system}"
            yield (*path, "to", "object"), "CRM053", message, advice
        if link.system == link.to.system:
            message = f"native link: from {link.system} to itself"
            yield (*path, "to", "system"), "CRM053", message, "name another system"


def _create_conditions(entity: Entity) -> Iterator[Complaint]:
    known = {field.field for field in entity.fields}
    for index, seat in enumerate(entity.seats):
        if isinstance(seat.create, CreateWhen):
            for name in sorted(set(seat.create.when) - known):
                advice = guess(name, known, "name a field of this entity")
                message = f"create: condition on no field: '{name}'"
                yield ("seats", index, "create"), "CRM041", message, advice


def _money_has_currency(entity: Entity) -> Iterator[Complaint]:
    for path, field in _each(entity):
        if field.type == "money" and not field.currency:
            message = f"field '{field.field}': money without a currency"
            yield (*path, "type"), "CRM042", message, "add `currency: EUR` here or to crmsync.yml"


def _directions_lead_somewhere(entity: Entity) -> Iterator[Complaint]:
    for path, field in _each(entity):
        if isinstance(field.direction, OneWay) and _is_missing(
            field.direction.to, field.names, entity
        ):
            system = field.direction.to
            message = f"field '{field.field}': goes to '{system}', which has no such field"
            advice = _one_of(system, field.names, entity)
            yield (*path, "direction"), "CRM047", message, advice


def _regions_exist(entity: Entity) -> Iterator[Complaint]:
    from phonenumbers import SUPPORTED_REGIONS

    for path, field in _each(entity):
        if field.region is not None and field.region not in SUPPORTED_REGIONS:
            message = f"field '{field.field}': unknown region '{field.region}'"
            yield (
                (*path, "region"),
                "CRM028",
                message,
                "use two capital letters of ISO 3166, as in ES",
            )


def _plain_names(entity: Entity) -> Iterator[Complaint]:
    """Names become tables, columns and folders, some of which are there already."""
    if not NAME.fullmatch(entity.entity):
        message = f"'{entity.entity}' cannot be the name of an entity"
        yield ("entity",), "CRM026", message, "use a-z, 0-9 and _"
    for path, field in _each(entity):
        if (
            not NAME.fullmatch(field.field)
            or field.field in RESERVED
            or field.field.endswith("_raw")
        ):
            message = f"'{field.field}' cannot be the name of a field"
            yield (
                (*path, "field"),
                "CRM026",
                message,
                "use a-z, 0-9 and _, and no word that every record has",
            )
    for index, seat in enumerate(entity.seats):
        if not OBJECT.fullmatch(seat.object):
            message = f"'{seat.object}' cannot be the name of an object"
            yield ("seats", index, "object"), "CRM026", message, "use its API name"


def _somebody_holds_it(entity: Entity) -> Iterator[Complaint]:
    if not entity.seats:
        yield ("seats",), "CRM048", "no system holds it", "add a seat: {system: ..., object: ...}"


def _references_lead_somewhere(entity: Entity) -> Iterator[Complaint]:
    for path, field in _each(entity):
        if field.type in ("reference", "references") and not field.to:
            message = f"field '{field.field}': a reference to nothing"
            yield (*path, "type"), "CRM043", message, "add `to: company`"


@cache  # it looks through some hundred files
def _zones() -> frozenset[str]:
    from zoneinfo import available_timezones

    return frozenset(available_timezones())


def _zones_exist(entity: Entity) -> Iterator[Complaint]:
    zones = _zones()
    for path, field in _each(entity):
        if field.timezone and field.timezone not in zones:
            advice = guess(field.timezone, zones, "use an IANA name such as Europe/Madrid")
            message = f"field '{field.field}': unknown timezone '{field.timezone}'"
            yield (*path, "timezone"), "CRM044", message, advice


def _values_name_systems(entity: Entity) -> Iterator[Complaint]:
    for path, field in _each(entity):
        for system in sorted(field.values):
            if _is_missing(system, field.systems, entity):
                message = f"field '{field.field}': values for '{system}', which has no such field"
                advice = _one_of(system, field.systems, entity)
                yield (*path, "values", system), "CRM045", message, advice


def _values_are_heard(entity: Entity) -> Iterator[Complaint]:
    """Value maps of types that are read as they are, so that nobody would ask the map."""
    able = ", ".join(sorted(name for name, each in TYPES.items() if each.takes_values))
    for path, field in _each(entity):
        if field.values and field.type in TYPES and not TYPES[field.type].takes_values:
            message = f"field '{field.field}': `values` has no effect on type {field.type}"
            yield (*path, "values"), "CRM092", message, f"remove it, or change the type to {able}"


def _opt_out_is_not_inverted(entity: Entity) -> Iterator[Complaint]:
    """A map that turns an opt-out into an opt-in in one system only would undo what people asked for."""
    for path, field in _each(entity):
        inverted = [s for s, values in field.values.items() if values.get("true") == "false"]
        if field.policy == "sticky" and inverted and len(inverted) < len(field.names):
            message = f"field '{field.field}': an opt-out that means the opposite in {inverted[0]}"
            yield (
                (*path, "values"),
                "CRM046",
                message,
                "map true to true, or use another native field",
            )


CHECKS: tuple[Callable[[Entity], Iterator[Complaint]], ...] = (
    _known_types,
    _known_policies,
    _policy_systems,
    _plain_names,
    _somebody_holds_it,
    _names_have_seats,
    _directions_lead_somewhere,
    _regions_exist,
    _ordered_choices,
    _matchable,
    _native_links_are_used,
    _native_links_tie_seats,
    _create_conditions,
    _money_has_currency,
    _references_lead_somewhere,
    _zones_exist,
    _values_name_systems,
    _opt_out_is_not_inverted,
    _values_are_heard,
    *SOURCE_CHECKS,
    *DUPLICATE_CHECKS,
)
PLACED_CHECKS: tuple[Callable[[Entity, Document], Iterator[Complaint]], ...] = (
    _there_once,
    _mapped_once,
)
"""Those that name another place of the file."""

NEEDS: Needs = {
    "CRM034": ("type",),
    "CRM035": ("names", "made_of"),
    "CRM036": ("/seats*",),
    "CRM039": ("order",),
    "CRM040": ("#",),
    "CRM041": ("#",),
    "CRM042": ("currency",),
    "CRM043": ("to",),
    "CRM045": ("names", "made_of"),
    "CRM046": ("values*", "names"),
    "CRM047": ("names",),
    "CRM048": ("/seats*",),
    "CRM053": ("/seats*",),
    "CRM054": ("/match*", "/native_links*"),
    "CRM083": ("./options",),
    "CRM084": ("#",),
    "CRM085": ("type",),
    "CRM086": ("type", "#"),
    "CRM087": ("/seats*",),
    "CRM088": ("on_conflict",),
    "CRM092": ("type",),
    "CRM094": ("#",),
    "CRM108": ("#",),
    "CRM111": ("/seats*",),
}
"""What a complaint rests on, so that it is not made of what could not be read."""
