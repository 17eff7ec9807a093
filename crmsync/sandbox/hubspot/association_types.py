"""The association types HubSpot defines between contacts, companies and deals."""

from __future__ import annotations

from dataclasses import dataclass


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
    spec_category: str = "HUBSPOT_DEFINED"


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

TYPES: dict[int, AssociationType] = {one.id: one for pair in _PAIRS for one in pair}

# Writing one of these says the records are tied, so the plain tie is there too: a labelled write of
# 1 is read back as 1 and 279 (developers.hubspot.com, "Associations v4", read 2026-11).
_UNLABELLED = {
    (one.from_object, one.to_object): one.id for one in TYPES.values() if one.label is None
}


def unlabelled(from_object: str, to_object: str) -> int:
    """The type id of a plain tie between two objects; KeyError if they cannot be tied."""
    return _UNLABELLED[from_object, to_object]


def types_between(from_object: str, to_object: str) -> list[AssociationType]:
    """Every type from one object to another, by id."""
    found = (
        one
        for one in TYPES.values()
        if (one.from_object, one.to_object) == (from_object, to_object)
    )
    return sorted(found, key=lambda one: one.id)
