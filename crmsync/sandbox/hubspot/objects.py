"""The CRM objects of the portal, and every name the real API takes for them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ObjectType:
    """One CRM object: its names, what it returns unasked, and what a create must bring."""

    name: str
    singular: str
    type_id: str
    modified: str  # the property that `updatedAt` mirrors
    shown: tuple[str, ...]  # properties returned when none are asked for, sorted
    required: tuple[str, ...] = ()  # all of them on create
    required_any: tuple[str, ...] = ()  # at least one of them on create
    searched: tuple[str, ...] = ()  # properties the free-text `query` of search looks at


# Default properties: developers.hubspot.com, "Search the CRM" (read 2026-11). Type ids and required
# properties: developers.hubspot.com, "Using object APIs" (read 2026-11); a deal without pipeline is
# given the default one here, as the pipeline is needed only in accounts that have several.
OBJECTS: dict[str, ObjectType] = {
    one.name: one
    for one in (
        ObjectType(
            "contacts",
            "contact",
            "0-1",
            "lastmodifieddate",
            ("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"),
            required_any=("email", "firstname", "lastname"),
            searched=("email", "firstname", "lastname", "phone", "mobilephone", "company"),
        ),
        ObjectType(
            "companies",
            "company",
            "0-2",
            "hs_lastmodifieddate",
            ("createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"),
            required_any=("domain", "name"),
            searched=("domain", "name", "phone", "website"),
        ),
        ObjectType(
            "deals",
            "deal",
            "0-3",
            "hs_lastmodifieddate",
            (
                "amount",
                "closedate",
                "createdate",
                "dealname",
                "dealstage",
                "hs_lastmodifieddate",
                "hs_object_id",
                "pipeline",
            ),
            required=("dealname", "dealstage"),
            searched=("dealname", "dealtype", "description", "pipeline"),
        ),
    )
}

_NAMES: dict[str, ObjectType] = {
    spelling: one for one in OBJECTS.values() for spelling in (one.name, one.singular, one.type_id)
}


def object_type(name: str) -> ObjectType | None:
    """The object meant by a plural, a singular or a type id in any case; None if there is none."""
    return _NAMES.get(name.lower())
