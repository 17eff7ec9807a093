"""What the two systems differ in when tables are loaded: order, references, ties, keys in words."""

from __future__ import annotations

from dataclasses import dataclass, field

from crmsync.sandbox.loading.naming import squeezed

# Association type ids seen from the first object: developers.hubspot.com, Associations v4
# (read 2026-11). The first tuple is for the main record, the second for every further one.
TIES: dict[tuple[str, str], tuple[tuple[int, ...], tuple[int, ...]]] = {
    ("contacts", "companies"): ((1, 279), (279,)),
    ("deals", "companies"): ((5, 341), (341,)),
    ("deals", "contacts"): ((3,), (3,)),
    ("companies", "companies"): ((14,), (14,)),
}


@dataclass(frozen=True, slots=True)
class System:
    """One system: objects in loading order, and what is known about some of their columns."""

    name: str
    order: tuple[str, ...]
    # Columns that hold the record's own id besides `id`; the real id is kept if `keeps` says so.
    id_columns: tuple[str, ...]
    # object -> fields without which a row makes no sense
    required: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # (object, squeezed column) -> object it ties the record to
    ties: dict[tuple[str, str], str] = field(default_factory=dict)
    # squeezed column -> field it means, where the names differ
    aliases: dict[str, str] = field(default_factory=dict)
    # object -> fields by which people refer to one of its records; a tuple is joined by a space
    spoken: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)


_PERSON = (("FirstName", "LastName"), ("Name",), ("Email",))


def _ties() -> dict[tuple[str, str], str]:
    columns = {
        ("contacts", "companies"): ("companyid", "associatedcompanyid", "primarycompanyid"),
        ("deals", "companies"): (
            "companyid", "associatedcompanyid", "primarycompanyid", "company", "companyname",
        ),
        ("deals", "contacts"): (
            "contactid", "contactids", "associatedcontactid", "associatedcontactids",
            "primarycontactid", "contact", "contacts", "contactemail",
        ),
        ("companies", "companies"): ("parentid", "parentcompanyid", "hsparentcompanyid"),
    }  # fmt: skip
    return {(of, name): to for (of, to), names in columns.items() for name in names}


SYSTEMS: dict[str, System] = {
    "salesforce": System(
        name="salesforce",
        order=("User", "Account", "Contact", "Lead", "Opportunity", "OpportunityContactRole"),
        id_columns=("id",),
        required={"OpportunityContactRole": ("OpportunityId", "ContactId")},
        spoken={
            "User": (*_PERSON, ("Username",)),
            "Account": (("Name",),),
            "Contact": _PERSON,
            "Lead": _PERSON,
            "Opportunity": (("Name",),),
        },
    ),
    "hubspot": System(
        name="hubspot",
        order=("owners", "companies", "contacts", "deals"),
        id_columns=("id", "hsobjectid", "recordid"),
        ties=_ties(),
        aliases={"ownerid": "hubspot_owner_id", "hubspotowner": "hubspot_owner_id"},
        spoken={
            "owners": (("email",), ("firstName", "lastName")),
            "companies": (("name",), ("domain",)),
            "contacts": (("email",), ("firstname", "lastname")),
            "deals": (("dealname",),),
        },
    ),
}


def is_id_column(system: System, object_name: str, column: str) -> bool:
    """Whether a column of an object's table holds the id other tables refer to."""
    plain = squeezed(column)
    stem = squeezed(object_name)
    own = {f"{stem}id", f"{stem.removesuffix('s')}id", f"{stem.removesuffix('ies')}yid"}
    return plain in system.id_columns or plain in own
