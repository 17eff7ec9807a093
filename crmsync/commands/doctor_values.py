"""What `crmsync doctor` finds about values: words of a mapping that a live system does not know.

Such a word is no error: nothing is written because of it. But nothing goes over either, and nobody is told why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple, TypeAlias

from crmsync.connectors.base import Connector
from crmsync.core.lenses import spec_of
from crmsync.core.mapping import Entity, Field, MadeOf, Seat, WorkspaceMapping
from crmsync.core.records import Invalid, Native, Schema
from crmsync.core.values import TYPES, parse
from crmsync.language import N_, _

_SHOWN = 4
Choices: TypeAlias = dict[tuple[str, str], dict[str, frozenset[str]]]
"""By entity and field: the choices of ours that each system has a place for."""
Addresses: TypeAlias = dict[str, frozenset[str]]
"""By system: the e-mails of its users, in small letters; a system without users (exports) is not there."""
# Types that ask for no parsing of options: choices go by words, people and ties by ids, a text takes any of them.
_BY_WORD = frozenset({"text", "choice", "choices", "owner", "reference", "references"})
# Where roles of ties come from: knowledge.hubspot.com, "Create and use association labels"; help.salesforce.com,
# "Contact Roles on Opportunities" (read 2026-11).
_ROLES_REMEDIES: Mapping[str, str] = {
    "hubspot": N_(
        "Make these association labels first (HubSpot: Settings > Objects > Associations), or remove them from "
        "`values`."
    ),
    "salesforce": N_(
        "Add them to the picklist Role of OpportunityContactRole (Salesforce: Setup > Contact Roles on "
        "Opportunities), or remove them from `values`."
    ),
}


class Doubt(NamedTuple):
    """A word that is not known where it should be, and what helps."""

    message: str
    remedy: str


def unknown_options(kind: str, native: Native, seat: Seat, each: Field) -> Iterator[Doubt]:
    """Words of `values` that are no option of the native field, or no role that its ties can have."""
    mapped = set(each.values.get(seat.system, {}))
    unknown = sorted(mapped - native.options) if native.options is not None else []
    if not unknown:
        return
    message = _("field {field}: {native} has no option {options}")
    remedy = _("Remove them from `values`, or add them to the picklist.")
    if each.type == "references":
        message = _("field {field}: {native} knows no role {options}")
        remedy = _(_ROLES_REMEDIES.get(kind, "")) or remedy
    yield Doubt(
        message.format(field=each.field, native=native.name, options=", ".join(unknown)), remedy
    )


def unreadable_options(schema: Schema, native: Native, seat: Seat, each: Field) -> Iterator[Doubt]:
    """Options of a list that are not what the field is: a tier is no date."""
    options = native.options or frozenset(value for value, _label in native.listed)
    if not options or each.type in _BY_WORD or each.type not in TYPES:
        return
    spec = spec_of({(seat.system, seat.object): schema}, each, seat)
    wrong = sorted(option for option in options if isinstance(parse(option, spec), Invalid))
    if wrong:
        message = _(
            "field {field}: {count} of {total} options of {native} cannot be read as {type}: {options}"
        ).format(
            field=each.field,
            count=len(wrong),
            total=len(options),
            native=native.name,
            type=each.type,
            options=few(wrong),
        )
        yield Doubt(message, _("For a list, write `type: choice`; several at once are `choices`."))


def unknown_parts(schema: Schema, seat: Seat, each: Field) -> Iterator[Doubt]:
    """Parts of the words of `values` over several fields that are no option of the field they come from."""
    made = each.made_in(seat.system, seat.object)
    if made is None or made.transform != "join":
        return
    words = [
        word.split(made.options.get("separator", "|")) for word in each.values.get(seat.system, {})
    ]
    for place, name in enumerate(made.inputs):
        native = schema.fields.get(name)
        allowed = _options_of(native) if native else frozenset()
        said = {word[place].strip() for word in words if place < len(word)} - {""}
        unknown = sorted(said - allowed) if allowed else []
        if unknown:
            message = _("field {field}: {native} has no option {options}").format(
                field=each.field, native=name, options=", ".join(unknown)
            )
            remedy = _("Correct `values`: {native} has {options}.").format(
                native=name, options=few(allowed)
            )
            yield Doubt(message, remedy)
    yield from _other_counts(made, words, each)


def _other_counts(made: MadeOf, words: Iterable[list[str]], each: Field) -> Iterator[Doubt]:
    wrong = [word for word in words if len(word) != len(made.inputs)]
    if wrong:
        sign = made.options.get("separator", "|")
        message = _("field {field}: `values` over {count} fields, but not so in {words}").format(
            field=each.field, count=len(made.inputs), words=few(sign.join(word) for word in wrong)
        )
        example = sign.join(made.inputs)
        yield Doubt(message, _("Write each as {example}.").format(example=example))


def _options_of(native: Native) -> frozenset[str]:
    if native.type == "boolean":
        return frozenset({"true", "false"})
    return native.options or frozenset(value for value, _label in native.listed)


def note_addresses(
    addresses: Addresses, connector: Connector, mapping: WorkspaceMapping
) -> Iterator[tuple[str, Doubt]]:
    """Takes down whom a system knows, if any table of exceptions asks; by entity, those of it who are gone."""
    if not any(_exceptions(mapping)):
        return
    found: dict[str, bool] = {}
    for user in connector.owners().select(["email", "active"]).to_pylist():
        email = (user["email"] or "").strip().lower()
        if email:
            found[email] = found.get(email, False) or user["active"] != "false"
    if found:
        addresses[connector.system] = frozenset(found)
    gone = {email for email, active in found.items() if not active}
    for entity, each in _exceptions(mapping):
        named = [
            their
            for their in each.values.get(connector.system, {})
            if their.strip().lower() in gone
        ]
        if named:
            message = _("field {field}: {addresses} are no longer active in {system}").format(
                field=each.field, addresses=", ".join(named), system=connector.system
            )
            remedy = _("Name somebody else under `values`: no record is given to who has left.")
            yield entity.entity, Doubt(message, remedy)


def _exceptions(mapping: WorkspaceMapping) -> Iterator[tuple[Entity, Field]]:
    for entity in mapping.entities:
        for each in entity.fields:
            if each.type == "owner" and each.values:
                yield entity, each


def strange_addresses(
    mapping: WorkspaceMapping, addresses: Addresses
) -> Iterator[tuple[str, Doubt]]:
    """By entity, addresses of a table of exceptions that no user has: there, or in the other systems."""
    for entity, each in _exceptions(mapping):
        for system, values in each.values.items():
            there = addresses.get(system)
            others = [
                addresses[name] for name in each.systems if name in addresses and name != system
            ]
            unknown = [
                *(their for their in values if "@" in their and _is_missing(their, [there] if there else [])),
                *(ours for ours in values.values() if _is_missing(ours, others)),
            ]  # fmt: skip
            if unknown:
                message = _("field {field}: nobody has the address {addresses}").format(
                    field=each.field, addresses=", ".join(dict.fromkeys(unknown))
                )
                remedy = _(
                    "Correct it under `values: {{{system}: ...}}`, or remove it: left the address there, right the "
                    "other system's."
                ).format(system=system)
                yield entity.entity, Doubt(message, remedy)


def _is_missing(address: str, known: Iterable[frozenset[str]]) -> bool:
    """True if there are systems that were asked, and none of them knows it."""
    asked = list(known)
    return bool(asked) and not any(address.strip().lower() in each for each in asked)


def note_choices(choices: Choices, schema: Schema, entity: Entity, seat: Seat) -> None:
    """Takes down which choices of ours one object has a place for."""
    for each in entity.synced():
        native = schema.fields.get(each.name_in(seat.system, seat.object) or "")
        if each.type in ("choice", "choices") and native is not None and native.options:
            mapped = each.values.get(seat.system)
            known = frozenset(mapped.values()) if mapped else native.options
            sides = choices.setdefault((entity.entity, each.field), {})
            sides[seat.system] = sides.get(seat.system, frozenset()) | known


def strangers(choices: Choices) -> Iterator[tuple[str, Doubt]]:
    """By entity, fields whose lists have not one choice in common: nothing could ever go over."""
    for (entity, field), sides in choices.items():
        for (one, ours), (other, theirs) in combinations(sorted(sides.items()), 2):
            if not ours & theirs:
                message = _(
                    "field {field}: {one} ({ours}) and {other} ({theirs}) have no value in common"
                ).format(field=field, one=one, other=other, ours=few(ours), theirs=few(theirs))
                remedy = _("Say under `values` which one is which; until then nothing goes over.")
                yield entity, Doubt(message, remedy)


def few(words: Iterable[str]) -> str:
    """The first words in order, and a sign that there are more."""
    shown = sorted(words)
    return ", ".join(shown[:_SHOWN]) + (", …" if len(shown) > _SHOWN else "")
