"""The association types between the objects of a portal: HubSpot's own, and labels of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from crmsync.sandbox.tables import Row

DEFINED, USER = "HUBSPOT_DEFINED", "USER_DEFINED"


@dataclass(frozen=True, slots=True)
class AssociationType:
    """One type in one direction; `label` says what the far record is, None if it says nothing."""

    id: int
    from_object: str
    to_object: str
    opposite: int
    name: str  # as v3 calls it
    label: str | None = None
    primary: bool = False
    spec_category: str = DEFINED


Types: TypeAlias = Mapping[int, AssociationType]


def _both(
    ids: tuple[int, int],
    objects: tuple[str, str],
    names: tuple[str, str],
    labels: tuple[str | None, str | None] = (None, None),
    primary: bool = False,
) -> tuple[AssociationType, AssociationType]:
    there = AssociationType(ids[0], *objects, ids[1], names[0], labels[0], primary)
    back = AssociationType(ids[1], *objects[::-1], ids[0], names[1], labels[1], primary)
    return there, back


# Type ids: developers.hubspot.com, "Associations v4", association type id values (read 2026-11).
# The label of 2: a recorded answer. Labels of 6, 13, 14, 930 and 931 follow its pattern.
_PAIRS = (
    _both(
        (279, 280),
        ("contacts", "companies"),
        ("contact_to_company_unlabeled", "company_to_contact_unlabeled"),
    ),
    _both(
        (1, 2),
        ("contacts", "companies"),
        ("contact_to_company", "company_to_contact"),
        ("Primary", "Contact with Primary Company"),
        primary=True,
    ),
    _both(
        (931, 930),
        ("contacts", "companies"),
        ("contact_to_billing_company", "company_to_billing_contact"),
        ("Billing Company", "Billing Contact"),
    ),
    _both((4, 3), ("contacts", "deals"), ("contact_to_deal", "deal_to_contact")),
    _both(
        (341, 342),
        ("deals", "companies"),
        ("deal_to_company_unlabeled", "company_to_deal_unlabeled"),
    ),
    _both(
        (5, 6),
        ("deals", "companies"),
        ("deal_to_company", "company_to_deal"),
        ("Primary", "Deal with Primary Company"),
        primary=True,
    ),
    _both((450, 450), ("companies", "companies"), ("company_to_company", "company_to_company")),
    _both(
        (13, 14),
        ("companies", "companies"),
        ("parent_to_child_company", "child_to_parent_company"),
        ("Child Company", "Parent Company"),
    ),
    _both((449, 449), ("contacts", "contacts"), ("contact_to_contact", "contact_to_contact")),
    _both((451, 451), ("deals", "deals"), ("deal_to_deal", "deal_to_deal")),
)


# From the record to the activity; one more is the way back: the same page; 202 is recorded 2026-03.
_TO_ACTIVITIES = {
    "contacts": {"calls": 193, "emails": 197, "meetings": 199, "notes": 201, "tasks": 203},
    "companies": {"calls": 181, "emails": 185, "meetings": 187, "notes": 189, "tasks": 191},
    "deals": {"calls": 205, "emails": 209, "meetings": 211, "notes": 213, "tasks": 215},
}
_SINGULAR = {
    "contacts": "contact", "companies": "company", "deals": "deal",
    "calls": "call", "emails": "email", "meetings": "meeting", "notes": "note", "tasks": "task",
}  # fmt: skip


def _activity_pair(
    record: str, activity: str, there: int
) -> tuple[AssociationType, AssociationType]:
    near, far = _SINGULAR[record], _SINGULAR[activity]
    return _both((there, there + 1), (record, activity), (f"{near}_to_{far}", f"{far}_to_{near}"))


_ACTIVITY_PAIRS = tuple(
    _activity_pair(record, activity, there)
    for record, activities in _TO_ACTIVITIES.items()
    for activity, there in activities.items()
)

TYPES: dict[int, AssociationType] = {
    one.id: one for pair in (*_PAIRS, *_ACTIVITY_PAIRS) for one in pair
}

# Labels of people get small numbers of the portal: the guide's example is 28 (developers.hubspot.com,
# "Associations v4", read 2026-11). Ours begin above every number of HubSpot's own.
FIRST_USER_ID = 1001

# Writing one of these says the records are tied, so the plain tie is there too: a labelled write of
# 1 is read back as 1 and 279 (developers.hubspot.com, "Associations v4", read 2026-11).
_UNLABELLED = {
    (one.from_object, one.to_object): one.id for one in TYPES.values() if one.label is None
}


def unlabelled(from_object: str, to_object: str) -> int:
    """The type id of a plain tie between two objects; KeyError if they cannot be tied."""
    return _UNLABELLED[from_object, to_object]


def can_be_tied(from_object: str, to_object: str) -> bool:
    """Whether there is a plain tie between two objects; there is none between two activities here."""
    return (from_object, to_object) in _UNLABELLED


def types_between(
    from_object: str, to_object: str, types: Types = MappingProxyType(TYPES)
) -> list[AssociationType]:
    """Every type from one object to another, by id."""
    found = (
        one
        for one in types.values()
        if (one.from_object, one.to_object) == (from_object, to_object)
    )
    return sorted(found, key=lambda one: one.id)


def user_label(
    types: Types, objects: tuple[str, str], name: str, labels: tuple[str, str]
) -> tuple[AssociationType, ...]:
    """A new label of people, a type a direction; one for both if objects and words are the same."""
    first = max(FIRST_USER_ID - 1, *types) + 1
    if objects[0] == objects[1] and labels[0] == labels[1]:
        return (AssociationType(first, *objects, first, name, labels[0], spec_category=USER),)
    there = AssociationType(first, *objects, first + 1, name, labels[0], spec_category=USER)
    back = AssociationType(
        first + 1, *objects[::-1], first, f"{name}_inverse", labels[1], spec_category=USER
    )
    return there, back


def with_labels(rows: Iterable[Row]) -> dict[int, AssociationType]:
    """HubSpot's types, and the labels of people as their rows keep them."""
    return TYPES | {one.id: one for one in (AssociationType(**row) for row in rows)}
