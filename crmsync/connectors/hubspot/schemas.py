"""What HubSpot says about the properties of an object, as a Schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from crmsync.connectors.hubspot.optouts import is_opt_out
from crmsync.connectors.hubspot.ties import SETS, TIES
from crmsync.core.records import Native, Schema

# 65,536 characters: developers.hubspot.com, Properties (read 2026-11)
LONGEST_TEXT = 65_536
ID_PROPERTY = "hs_object_id"
# Complete, unlike hs_calculated_merged_vids: fivetran/dbt_hubspot issues 168 and 172 (read 2026-11)
MERGED_PROPERTY = "hs_merged_object_ids"
MERGEABLE = ("companies", "contacts", "deals")
# Contacts are unique by e-mail, and `hasUniqueValue` does not say so: recorded properties of
# NangoHQ/integration-templates (read 2026-11)
_UNIQUE = frozenset((("contacts", "email"),))
# Opt-outs are read only to the properties API; they are written another way, and never taken back
_ONLY_OUT = frozenset(("true",))

_TYPES: Mapping[str, str] = {
    "bool": "boolean",
    "enumeration": "picklist",
    "date": "date",
    "datetime": "datetime",
    "number": "number",
}
_LONG_FIELDS = frozenset(("textarea", "html"))


def schema_of(
    system: str,
    object_: str,
    properties: Iterable[Mapping[str, Any]],
    labels: Callable[[str], frozenset[str] | None],
) -> Schema:
    """The Schema of one object, its ties and sets of ties among the fields.

    `labels` gives those of people for ties to another object, None if they are not known.
    """
    fields = {one["name"]: _native(object_, one) for one in properties if not one.get("archived")}
    fields |= {name: Native(name, "reference") for owner, name in TIES if owner == object_}
    fields |= {
        name: Native(name, "references", options=labels(each.to_object) if each.roles else None)
        for (owner, name), each in SETS.items()
        if owner == object_
    }
    return Schema(system, object_, MappingProxyType(dict(sorted(fields.items()))))


def _native(object_: str, one: Mapping[str, Any]) -> Native:
    kind = _kind(one)
    opts_out = is_opt_out(object_, one["name"])
    read_only = (one.get("modificationMetadata") or {}).get("readOnlyValue", False)
    can_write = opts_out or not read_only
    return Native(
        name=one["name"],
        type=kind,
        length=LONGEST_TEXT if kind in ("string", "text") else None,
        options=_ONLY_OUT if opts_out else _options(one),
        writable=can_write,
        createable=can_write,
        unique=bool(one.get("hasUniqueValue")) or (object_, one["name"]) in _UNIQUE,
        label=str(one.get("label") or ""),
        listed=_listed(one),
        worked_out=bool(one.get("calculated")),
        # `hubspotDefined` is told of those that every portal has: recorded properties of
        # NangoHQ/integration-templates (read 2026-11)
        custom=not one.get("hubspotDefined", False),
        usual=next((value for value, _ in _listed(one)), ""),
    )


def _kind(one: Mapping[str, Any]) -> str:
    if one["name"] == ID_PROPERTY:
        return "id"
    if one.get("referencedObjectType"):
        return "reference"
    if one["type"] == "enumeration" and one.get("fieldType") == "checkbox":
        return "multipicklist"
    if one["type"] == "string" and one.get("fieldType") in _LONG_FIELDS:
        return "text"
    return _TYPES.get(one["type"], "string")


def _listed(one: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Value and label of every option that people can choose, in their order: stages have one."""
    if one["type"] != "enumeration":
        return ()
    shown = [each for each in one.get("options") or () if not each.get("hidden")]
    shown.sort(key=lambda each: int(each.get("displayOrder") or 0))
    return tuple((str(each["value"]), str(each.get("label") or each["value"])) for each in shown)


def _options(one: Mapping[str, Any]) -> frozenset[str] | None:
    """Values an enumeration takes, hidden ones too; None where they are kept elsewhere."""
    if one["type"] != "enumeration" or one.get("externalOptions") or not one.get("options"):
        return None
    return frozenset(str(option["value"]) for option in one["options"])
