"""Ties between records, as they were read (`tie_pages`): fields that hold one other record, and sets of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from crmsync.connectors.deltas import ALL, ROLES, tie_name
from crmsync.core.ties import ties_text

Row = tuple[str | None, ...]
Types = list[Mapping[str, Any]]
Held = tuple[str, str, Types]
"""From id, to id, types."""
Said = tuple[str | None, str | None, str]
_TOLD = itemgetter("category", "typeId", "label")

DEFINED = "HUBSPOT_DEFINED"
# Type ids by direction: developers.hubspot.com, Associations (read 2026-11)
PRIMARY_TYPES = frozenset((1, 5))
PARENT, CHILD = 14, 13
_NAMED = {PARENT: "parent", CHILD: "child"}


@dataclass(frozen=True, slots=True)
class Tie:
    """A field that is a tie. `whole`: clearing it takes away the tie, not just this type of it."""

    to_object: str
    type_id: int
    whole: bool


@dataclass(frozen=True, slots=True)
class TieSetField:
    """A field that is a set of ties; `roles`: only those with a label of people, and with it."""

    to_object: str
    roles: bool


TIES: Mapping[tuple[str, str], Tie] = {
    ("companies", "associations.companies.parent"): Tie("companies", PARENT, whole=False),
    ("contacts", "associations.companies.primary"): Tie("companies", 1, whole=True),
    ("deals", "associations.companies.primary"): Tie("companies", 5, whole=True),
}


# Which sets of ties there are, a line a pair
_PAIRS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("contacts", "companies"): (ALL, ROLES),
    ("deals", "companies"): (ALL,),
    ("deals", "contacts"): (ALL, ROLES),
}
SETS: Mapping[tuple[str, str], TieSetField] = {
    (owner, tie_name(to_object, kind)): TieSetField(to_object, kind == ROLES)
    for (owner, to_object), kinds in _PAIRS.items()
    for kind in kinds
}
FIELDS: Mapping[tuple[str, str], Tie | TieSetField] = {**TIES, **SETS}


def ties_of(object_: str, fields: Sequence[str]) -> dict[str, Tie | TieSetField]:
    """The ties and sets of ties among the fields of an object."""
    return {name: FIELDS[object_, name] for name in fields if (object_, name) in FIELDS}


def tie_cells(field: Tie | TieSetField, held: Sequence[Held]) -> Mapping[str, str | None]:
    """The text of a field by record, from all ties of these records to the field's object."""
    if isinstance(field, Tie):
        return holder(held, field.type_id)
    elements: dict[str, list[tuple[str, str]]] = {}
    for one, other, types in held:
        roles = roles_of(types) if field.roles else {"": types}
        elements.setdefault(one, []).extend((other, role) for role in roles)
    return {one: ties_text(ties) for one, ties in elements.items()}


def roles_of(types: Types) -> dict[str, Mapping[str, Any]]:
    """The types of a tie that are labels of people, by label: HubSpot's own are no roles."""
    return {role: one for one in types for _, role in (_label(one),) if role}


def holder(ties: Iterable[Held], type_id: int) -> dict[str, str]:
    """The other record's id by record, for ties of one HubSpot-defined type."""
    return {one: other for one, other, types in ties if any(_is(each, type_id) for each in types)}


def rows(from_object: str, to_object: str, ties: Iterable[Held]) -> list[Row]:
    """Rows of ASSOCIATION_COLUMNS: one a tie, and one for each label where it has several.

    There are few sets of types and many ties, so what a set of types says is worked out once.
    """
    known: dict[tuple[Any, ...], list[Said]] = {}
    found: list[Row] = []
    for one, other, types in ties:
        key = _key(types)
        said = known.get(key)
        if said is None:
            said = known[key] = _said(types)
        for label, role, primary in said:
            found.append((from_object, one, to_object, other, label, role, primary, None))
    return found


def _key(types: Types) -> tuple[Any, ...]:
    """What a set of types says, to be looked up by."""
    try:
        return tuple(map(_TOLD, types))
    except KeyError:
        return tuple(
            (each.get("category"), each.get("typeId"), each.get("label")) for each in types
        )


def _said(types: Types) -> list[Said]:
    """(label, role, whether it is primary) of a tie, one for each label."""
    primary = "true" if any(_is_primary(each) for each in types) else "false"
    return [(label, role, primary) for label, role in _labels(types)]


def _labels(types: Types) -> list[tuple[str | None, str | None]]:
    """(label, role) of a tie; a label people gave is a role too. (None, None) without any."""
    found = [_label(each) for each in types if not _is_primary(each)]
    return [pair for pair in found if pair[0]] or [(None, None)]


def _label(one: Mapping[str, Any]) -> tuple[str | None, str | None]:
    if one.get("category") == DEFINED:
        return _NAMED.get(int(one["typeId"]), one.get("label") or None), None
    label = one.get("label") or None
    return label, label


def _is(one: Mapping[str, Any], type_id: int) -> bool:
    return one.get("category") == DEFINED and int(one["typeId"]) == type_id


def _is_primary(one: Mapping[str, Any]) -> bool:
    return one.get("category") == DEFINED and int(one["typeId"]) in PRIMARY_TYPES
