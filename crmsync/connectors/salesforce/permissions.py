"""The permissions of Salesforce that a mapping needs, and the permission set that grants them and nothing else.

Field-level security knows neither names nor required fields, which come with their object, and it knows an address
only as a whole: `Account.BillingAddress`, never `Account.BillingCity`. Deploying anything else is refused.
developer.salesforce.com, Metadata API, PermissionSet; permission sets of public repositories (read 2026-11)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from crmsync.connectors.base import ASSOCIATION_PREFIX
from crmsync.core.rights import Demand, Need, Right, Why, without_doubles

Described = Mapping[str, Mapping[str, Any]] | None
"""Describe entries by field name; None of an object that this user may not see."""

# help.salesforce.com, API Enabled, View Setup and Configuration, Transfer Record (read 2026-11). View Setup cannot be
# granted without View Roles: permission sets of public repositories have both (read 2026-11).
API = Right("ApiEnabled")
SETUP = (Right("ViewSetup"), Right("ViewRoles"))
_TRANSFERS: Mapping[str, str] = {"Lead": "TransferAnyLead"}
_TRANSFER = "TransferAnyEntity"
# "Permission Read Contact depends on permission(s): Read Account": deployment errors of public threads (read 2026-11)
_PARENTS: Mapping[str, str] = {"Contact": "Account", "Opportunity": "Account"}
# What an object that cannot be described has without any field permission: names, required and system fields of the
# object reference, Account, Contact, Lead, Opportunity (read 2026-11).
_WITH_OBJECT = frozenset(
    {
        "Id", "Name", "FirstName", "LastName", "MiddleName", "Salutation", "Suffix", "OwnerId", "IsDeleted",
        "CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp", "LastActivityDate",
        "LastViewedDate", "LastReferencedDate", "MasterRecordId", "RecordTypeId", "StageName", "CloseDate",
        "IsClosed", "IsWon", "ForecastCategory", "IsConverted", "ConvertedDate", "ConvertedAccountId",
        "ConvertedContactId", "ConvertedOpportunityId", "EmailBouncedDate", "EmailBouncedReason", "IsEmailBounced",
    }
)  # fmt: skip
_WITH_LEAD = frozenset({"Company", "Status"})
_ADDRESS = re.compile(
    r"(Billing|Shipping|Mailing|Other|)"
    r"(Street|City|State|PostalCode|Country|StateCode|CountryCode|Latitude|Longitude|GeocodeAccuracy)"
)


def needs(demands: Sequence[Demand], described: Callable[[str], Described]) -> list[Need]:
    """Every permission that the demands take, with the reason; `described` tells what is known of an object."""
    found = [Need(API, "api"), *(Need(right, "look", needed=False) for right in SETUP)]
    for demand in demands:
        fields = described(demand.object)
        found += _of_object(demand)
        found += _of_fields(demand, fields)
        if "OwnerId" in demand.writes:
            name = _TRANSFERS.get(demand.object, _TRANSFER)
            found.append(Need(Right(name), "owner", demand.writes["OwnerId"]))
    return without_doubles(found)


def _of_object(demand: Demand) -> Iterator[Need]:
    name = demand.object
    yield Need(Right(name, "read"), "read")
    yield Need(Right(name, "view_all"), "all")
    if demand.writes or demand.creates:
        yield Need(Right(name, "edit"), "write")
    if demand.creates:
        yield Need(Right(name, "create"), "create")
    if name in _PARENTS:
        yield Need(Right(_PARENTS[name], "read"), "parent")
    for native, ours in demand.reads.items():
        if native.startswith(ASSOCIATION_PREFIX):
            # A contact role is a row of no object permission of its own; its opportunity and contact decide.
            yield Need(Right("Contact", "read"), "ties", ours)


def _of_fields(demand: Demand, described: Described) -> Iterator[Need]:
    for native, ours in demand.reads.items():
        yield from _field(demand.object, native, described, "read", "read", ours)
    for native, ours in demand.writes.items():
        yield from _field(demand.object, native, described, "edit", "write", ours)
    for native in demand.maybe:
        if described is not None and native in described:
            yield from _field(demand.object, native, described, "read", "read", ())
    if demand.key:
        for verb in ("read", "edit"):
            yield Need(Right(f"{demand.object}.{demand.key}", verb), "key")


def _field(
    object_: str, native: str, described: Described, verb: str, why: Why, ours: tuple[str, ...]
) -> Iterator[Need]:
    name = granted_as(object_, native, described)
    if name:
        yield Need(Right(f"{object_}.{name}", verb), why, ours)


def granted_as(object_: str, native: str, described: Described) -> str:
    """Under which name a field is granted; blank for a tie, and for one that comes with its object."""
    if native.startswith(ASSOCIATION_PREFIX):
        return ""
    one = (described or {}).get(native)
    if one is None:
        free = native in _WITH_OBJECT or (object_ == "Lead" and native in _WITH_LEAD)
        whole = _ADDRESS.fullmatch(native)
        return "" if free else f"{whole[1]}Address" if whole else native
    compound = one.get("compoundFieldName")
    if compound == "Name" or not one.get("permissionable", True):
        return ""
    return str(compound) if compound and str(compound).endswith("Address") else native


# The permission set

_OBJECT_WORDS = (
    ("allowCreate", "create"),
    ("allowDelete", "delete"),
    ("allowEdit", "edit"),
    ("allowRead", "read"),
    ("modifyAllRecords", "modify_all"),
    ("viewAllRecords", "view_all"),
)


def permission_set(granted: Iterable[Need]) -> str:
    """The metadata of a permission set that grants exactly these, as the Metadata API deploys it."""
    rights = [need.right for need in granted]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<PermissionSet xmlns="http://soap.sforce.com/2006/04/metadata">',
        "    <description>What crmsync needs for its mapping, and nothing else.</description>",
        *_field_lines(rights),
        "    <hasActivationRequired>false</hasActivationRequired>",
        "    <label>crmsync mapping</label>",
        *_object_lines(rights),
        *_permission_lines(rights),
        "</PermissionSet>",
    ]
    return "\n".join(lines) + "\n"


def _field_lines(rights: Sequence[Right]) -> Iterator[str]:
    edits = {right.place for right in rights if right.kind == "field" and right.verb == "edit"}
    for name in sorted({right.place for right in rights if right.kind == "field"}):
        yield from _block("fieldPermissions", editable=name in edits, field=name, readable=True)


def _object_lines(rights: Sequence[Right]) -> Iterator[str]:
    objects = [right for right in rights if right.kind == "object"]
    for name in sorted({right.place for right in objects}):
        verbs = {right.verb for right in objects if right.place == name}
        words: dict[str, str | bool] = {word: verb in verbs for word, verb in _OBJECT_WORDS}
        words["object"] = name
        yield from _block("objectPermissions", **dict(sorted(words.items())))


def _permission_lines(rights: Sequence[Right]) -> Iterator[str]:
    for name in sorted({right.place for right in rights if right.kind == "permission"}):
        yield from _block("userPermissions", enabled=True, name=name)


def _block(tag: str, **children: str | bool) -> Iterator[str]:
    yield f"    <{tag}>"
    for name, value in children.items():
        text = str(value).lower() if isinstance(value, bool) else escape(value)
        yield f"        <{name}>{text}</{name}>"
    yield f"    </{tag}>"
