"""What Salesforce says about an object, as a Schema and as types of columns.

Describe leaves out what field-level security hides, so a field that is missing here is absent and
never blank: developer.salesforce.com, sObject Describe (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from crmsync.connectors.base import ASSOCIATION_PREFIX
from crmsync.core.records import Native, Schema
from crmsync.language import _

# Compound fields are the sum of their parts, and cannot be written or read in bulk;
# base64 is a file and costs a call each: developer.salesforce.com, Compound Fields (read 2026-11)
LEFT_OUT = frozenset(("address", "location", "base64", "complexvalue", "json", "anyType"))

_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "id": "id",
        "reference": "reference",
        "boolean": "boolean",
        "int": "integer",
        "long": "integer",
        "double": "number",
        "currency": "number",
        "percent": "number",
        "date": "date",
        "datetime": "datetime",
        "picklist": "picklist",
        "multipicklist": "multipicklist",
        "textarea": "text",
    }
)


def usable(describe: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Describe entries by field name, without those that hold no cell."""
    return {one["name"]: one for one in describe["fields"] if one["type"] not in LEFT_OUT}


def unstamped_in(describe: Mapping[str, Any], fields: Iterable[str]) -> str:
    """Why a change of these fields may leave no stamp on the record; empty if it always does.

    Formulas and roll-ups are worked out when they are read, or by others, and ties are rows of another
    object: developer.salesforce.com, Field Types (read 2026-11).
    """
    wanted = set(fields)
    formulas = [name for name, one in usable(describe).items() if one.get("calculated")]
    found = sorted(wanted.intersection(formulas))
    if found:
        return _("worked out by the system: {names}").format(names=", ".join(found))
    tied = sorted(name for name in wanted if name.startswith(ASSOCIATION_PREFIX))
    return _("a tie to other records: {names}").format(names=", ".join(tied)) if tied else ""


def schema_of(system: str, describe: Mapping[str, Any], ties: Mapping[str, Native]) -> Schema:
    """The Schema of one object, its ties among the fields."""
    fields = {name: _native(one) for name, one in usable(describe).items()} | dict(ties)
    return Schema(system, describe["name"], MappingProxyType(dict(sorted(fields.items()))))


def _native(one: Mapping[str, Any]) -> Native:
    kind = _TYPES.get(one["type"], "string")
    return Native(
        name=one["name"],
        type=kind,
        length=_length(kind, one),
        scale=_scale(kind, one),
        options=_options(one),
        writable=bool(one.get("updateable")),
        createable=bool(one.get("createable")),
        unique=bool(one.get("unique")),
        required=_required(one),
        label=str(one.get("label") or ""),
        listed=_listed(one),
        custom=bool(one.get("custom")),
        usual=_usual(one),
    )


def _required(one: Mapping[str, Any]) -> bool:
    """True if a record cannot be created without it; flags and what the org fills by itself are not.

    Derived from recorded describes (CumulusCI, read 2026-11).
    """
    needed = one.get("createable") and not one.get("nillable") and not one.get("defaultedOnCreate")
    return bool(needed) and one["type"] != "boolean"


def _length(kind: str, one: Mapping[str, Any]) -> int | None:
    """Characters of a text, digits of an integer; None where nothing is said."""
    if kind == "integer":
        return one.get("digits") or None
    if kind in ("boolean", "number", "date", "datetime"):
        return None
    return one.get("length") or None


def _scale(kind: str, one: Mapping[str, Any]) -> int | None:
    """Digits after the point. Instants are kept to the second: `.000` in every recorded answer
    (grouparoo/grouparoo, read 2026-11)."""
    if kind == "datetime":
        return 0
    return one.get("scale") if kind == "number" else None


def _listed(one: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Value and label of every active option, whether others are refused or not."""
    active = (each for each in one.get("picklistValues") or () if each.get("active"))
    return tuple((str(each["value"]), str(each.get("label") or each["value"])) for each in active)


def _usual(one: Mapping[str, Any]) -> str:
    """The option that is there if nobody chose: the default of the list, else its first, which forms show on top."""
    active = [each for each in one.get("picklistValues") or () if each.get("active")]
    chosen = [each for each in active if each.get("defaultValue")] or active
    return str(chosen[0]["value"]) if chosen else ""


def _options(one: Mapping[str, Any]) -> frozenset[str] | None:
    """Values a restricted picklist takes; others take anything, whatever they list."""
    if not one.get("restrictedPicklist"):
        return None
    return frozenset(each["value"] for each in one.get("picklistValues", ()) if each.get("active"))
