"""What a simulated Salesforce field and object are, and short ways to write down a field.

Flags are spelled as in the object reference: C createable, U updateable, D defaulted on create,
N nillable, I usable as an upsert key (idLookup). A field without C and U is read-only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Field:
    """One field as describe tells it; `length` counts characters."""

    name: str
    label: str
    type: str
    length: int = 0
    precision: int = 0
    scale: int = 0
    nillable: bool = True
    createable: bool = False
    updateable: bool = False
    defaulted: bool = False
    default: Any = None
    id_lookup: bool = False
    external_id: bool = False
    unique: bool = False
    case_sensitive: bool = False
    picklist: tuple[str, ...] = ()
    restricted: bool = False
    reference_to: tuple[str, ...] = ()
    relationship: str | None = None
    children: str | None = None  # name of the relationship seen from the parent
    cascades: bool = False  # deleting the parent deletes this record
    compound: str | None = None  # the compound field this one is a part of
    name_field: bool = False
    calculated: bool = False
    filterable: bool = True
    custom: bool = False
    locked: bool = False  # this user may see it and not change it
    controller: str | None = None  # the picklist on which the values of this one depend
    valid_for: tuple[tuple[str, tuple[str, ...]], ...] = ()  # its value -> values of this one

    @property
    def required(self) -> bool:
        """Whether a create must bring a value, as derived from describe."""
        return self.createable and not self.nillable and not self.defaulted


@dataclass(frozen=True, slots=True)
class ObjectType:
    """One object: its key prefix, its fields in describe order, and what may be done to it."""

    name: str
    label: str
    plural: str
    prefix: str
    fields: tuple[Field, ...]
    createable: bool = True
    updateable: bool = True
    deletable: bool = True
    mergeable: bool = False
    has_etag: bool = False


def _flags(letters: str) -> dict[str, bool]:
    return {
        "createable": "C" in letters,
        "updateable": "U" in letters,
        "defaulted": "D" in letters,
        "nillable": "N" in letters,
        "id_lookup": "I" in letters,
    }


def spaced(name: str) -> str:
    """The label Salesforce would make of an API name: `MailingCity` is `Mailing City`."""
    stem = name.removesuffix("__c")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", stem).replace("_", " ")


def field(name: str, type: str, flags: str = "NCU", **attributes: Any) -> Field:
    """A field of any type; the label is made from the name unless one is given."""
    label = attributes.pop("label", spaced(name))
    return Field(name, label, type, **{**_flags(flags), **attributes})


def text(name: str, length: int, flags: str = "NCU", **attributes: Any) -> Field:
    """A line of text."""
    return field(name, "string", flags, length=length, **attributes)


def long_text(name: str, flags: str = "NCU", **attributes: Any) -> Field:
    """A text of 32,000 characters, which no query can filter or sort by."""
    return field(name, "textarea", flags, length=32_000, filterable=False, **attributes)


def choice(name: str, values: str, flags: str = "NCU", **attributes: Any) -> Field:
    """A picklist; `values` are separated by `|`. Takes any other value unless `restricted`."""
    values_ = tuple(values.split("|")) if values else ()
    return field(name, "picklist", flags, **{"length": 255, "picklist": values_, **attributes})


def number(name: str, type: str, precision: int, scale: int, flags: str = "NCU") -> Field:
    """A `double`, `currency` or `percent` with that many digits, `scale` of them decimals."""
    return field(name, type, flags, precision=precision, scale=scale)


def whole(name: str, flags: str = "NCU", **attributes: Any) -> Field:
    """An `int` of eight digits."""
    return field(name, "int", flags, **{"precision": 8, **attributes})


def flag(name: str, flags: str = "CUD", *, default: bool = False, **attributes: Any) -> Field:
    """A boolean, never null."""
    return field(name, "boolean", flags, default=default, **attributes)


def reference(name: str, to: str, flags: str = "NCU", **attributes: Any) -> Field:
    """A lookup; `to` may name several objects, separated by `|`."""
    standard = {"length": 18, "reference_to": tuple(to.split("|")), "relationship": name[:-2]}
    return field(name, "reference", flags, **{**standard, **attributes})


def address(prefix: str, label: str = "Address") -> tuple[Field, ...]:
    """An address: its writable parts, then the read-only compound over them."""
    whole_name = f"{prefix}Address"
    return (
        field(f"{prefix}Street", "textarea", length=255, compound=whole_name),
        text(f"{prefix}City", 40, compound=whole_name),
        text(f"{prefix}State", 80, compound=whole_name),
        text(f"{prefix}PostalCode", 20, compound=whole_name),
        text(f"{prefix}Country", 80, compound=whole_name),
        number_part(f"{prefix}Latitude", whole_name),
        number_part(f"{prefix}Longitude", whole_name),
        choice(
            f"{prefix}GeocodeAccuracy",
            "Address|NearAddress|Block|Street|ExtendedZip|Zip|Neighborhood|City|County|State|Unknown",
            restricted=True,
            length=40,
            compound=whole_name,
        ),
        field(whole_name, "address", "N", label=f"{prefix} {label}".strip(), filterable=False),
    )


def number_part(name: str, compound: str) -> Field:
    """A coordinate of an address."""
    return field(name, "double", precision=18, scale=15, compound=compound)


def system_fields(*, deletable: bool = True, activity: bool = True) -> tuple[Field, ...]:
    """The fields that Salesforce itself keeps on a record, all read-only."""
    deleted = (flag("IsDeleted", "D", label="Deleted"),) if deletable else ()
    seen = (
        field("LastActivityDate", "date", "N", label="Last Activity"),
        field("LastViewedDate", "datetime", "N"),
        field("LastReferencedDate", "datetime", "N"),
    )
    return (
        *deleted,
        field("CreatedDate", "datetime", "D"),
        reference("CreatedById", "User", "D", label="Created By ID"),
        field("LastModifiedDate", "datetime", "D"),
        reference("LastModifiedById", "User", "D", label="Last Modified By ID"),
        field("SystemModstamp", "datetime", "D"),
        *(seen if activity else ()),
    )


def record_id(label: str) -> Field:
    """The `Id` of an object."""
    return field("Id", "id", "DI", length=18, label=f"{label} ID")


def our_key() -> Field:
    """The unique external id that a sync tool asks an administrator for, already installed."""
    return text(
        "crmsync_key__c",
        64,
        "NCUI",
        label="crmsync key",
        external_id=True,
        unique=True,
        custom=True,
    )


def currency_code() -> Field:
    """The currency of a record's amounts: there, on every object, once an org has several currencies.

    OpportunityContactRole, note on CurrencyIsoCode: developer.salesforce.com, Object Reference (read 2026-11).
    """
    return choice(
        "CurrencyIsoCode", "EUR|USD|GBP|MXN|COP|CLP|ARS|PEN|BRL|CHF", "NCUD", default="EUR",
        label="Currency ISO Code", length=3, restricted=True,
    )  # fmt: skip


def asked_for(name: str, length: int, label: str) -> Field:
    """A custom text field that no org is born with and the reference mapping names, already made."""
    return text(name, length, label=label, custom=True)
