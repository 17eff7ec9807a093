"""Associations as the API takes them: from the body of a create, or between two records."""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.hubspot import ties
from crmsync.sandbox.hubspot.association_types import DEFINED, USER, Types
from crmsync.sandbox.hubspot.calls import listed, mapping
from crmsync.sandbox.hubspot.errors import Refusal, invalid, malformed
from crmsync.sandbox.hubspot.objects import OBJECTS, ObjectType
from crmsync.sandbox.hubspot.portal import Portal

# The categories of a type: the public specification (read 2026-11).
_CATEGORIES = (DEFINED, USER, "INTEGRATOR_DEFINED")
_MOST_DIGITS = 9

# (far object, far id, type ids)
Wanted = tuple[str, str, list[int]]


def inline_ties(portal: Portal, kind: ObjectType, body: Any) -> list[Wanted]:
    """The ties a create asks for, all known to be possible; Refusal 400 if one is not."""
    return [_inline_tie(portal, kind, mapping(one, "associations")) for one in body or ()]


def _inline_tie(portal: Portal, kind: ObjectType, one: dict[str, Any]) -> Wanted:
    types = type_ids(portal.types, listed(one, "types"))
    if not types or types[0] not in portal.types:
        raise invalid(f"association type ids {types} are not valid")
    far = OBJECTS[portal.types[types[0]].to_object]
    check_types(portal.types, kind, far, types)
    far_id = record_id(portal, far, mapping(one.get("to"), "to").get("id"))
    return far.name, far_id, types


def tie(portal: Portal, kind: ObjectType, id_: str, wanted: list[Wanted]) -> None:
    """Makes the ties of a new record."""
    for far, far_id, types in wanted:
        ties.add(portal, (kind.name, id_, far, far_id), types)


def type_ids(known_types: Types, types: list[Any]) -> list[int]:
    """The type ids of `[{"associationCategory", "associationTypeId"}]`; Refusal 400 if the two do not fit."""
    return [_type_id(known_types, mapping(one, "types")) for one in types]


def _type_id(known_types: Types, told: dict[str, Any]) -> int:
    category, number = told.get("associationCategory"), str(told.get("associationTypeId"))
    # What the real one says of a number or a category that is none was not seen.
    if not number.isascii() or not number.isdigit() or len(number) > _MOST_DIGITS:
        raise malformed("Cannot deserialize value of type `int` from associationTypeId")
    if category not in _CATEGORIES:
        raise malformed(
            "Cannot deserialize value of type `AssociationCategory` from associationCategory: not one of the values "
            f"accepted for Enum class: [{', '.join(_CATEGORIES)}]"
        )
    known = known_types.get(int(number))
    if known is not None and known.spec_category != category:
        raise invalid(f"association type id {number} is not of category {category}")
    return int(number)


def check_types(known_types: Types, near: ObjectType, far: ObjectType, types: list[int]) -> None:
    """Refusal 400 unless every type leads from the one object to the other."""
    for one in types:
        known = known_types.get(one)
        if known is None:
            raise invalid(f"association type id {one} doesn't exist")
        if known.from_object != near.name:
            expected = OBJECTS[known.from_object].type_id
            raise invalid(
                f"invalid from object type {near.type_id} for associations to be created. "
                f"expected: {expected}"
            )
        if known.to_object != far.name:
            expected = OBJECTS[known.to_object].type_id
            raise invalid(
                f"invalid to object type {far.type_id} for associations to be created. "
                f"expected: {expected}"
            )


def record_id(portal: Portal, kind: ObjectType, told: Any) -> str:
    """The id of a live record of that object; Refusal 400 if there is none."""
    id_ = portal.now_at(kind.name, str(told))
    if not id_.isascii() or not id_.isdigit() or portal.row(kind.name, id_) is None:
        raise Refusal(
            400,
            f"{id_} is not a valid ID",
            "VALIDATION_ERROR",
            subCategory="crm.associations.INVALID_IDENTIFIER",
            context={"id": [id_]},
        )
    return id_
