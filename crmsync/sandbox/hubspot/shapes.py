"""How records look in answers: the asked properties sorted, with history, ties and links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from crmsync.sandbox.hubspot.objects import ObjectType
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.rows import history
from crmsync.sandbox.hubspot.wire import epoch_ms, instant
from crmsync.sandbox.tables import Row

# 100 ties a record inline, the rest by paging: public connectors' issues (read 2026-11).
INLINE_TIES = 100

_CURRENT = "hs_v2_date_entered_current_stage"
# In no recorded answer to a create, and there when the record is read: 2025-11 to 2026-03 (the same two).
_LATER = {
    "contacts": (
        "hs_lastmodifieddate", "hs_marketable_status", "hs_marketable_until_renewal", "num_associated_deals",
    ),
    "companies": ("num_associated_deals",),
}  # fmt: skip
# What an update answers besides what was written: recorded 2026-02 and 2026-03 (amp-labs/connectors,
# NangoHQ/integration-templates), of contacts, companies and deals.
_ECHOED = ("hs_object_id", "hs_object_source", "hs_object_source_id", "hs_object_source_label")
_STAGED = ("hs_pipeline", "lifecyclestage", _CURRENT)
_ECHOED_BY = {
    "contacts": (*_STAGED, "hs_is_unworked"),
    "companies": _STAGED,
    "deals": (
        "pipeline", "dealstage", "amount_in_home_currency", "hs_is_closed", "hs_is_closed_won",
        "hs_deal_stage_probability", _CURRENT,
    ),
}  # fmt: skip

# The switch that says how many versions of a property are told.
_VERSIONS = {"contacts": "history_contacts"}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a call wants to see of each record; names are sorted and defined."""

    kind: ObjectType
    names: tuple[str, ...]
    history: tuple[str, ...] = ()
    associations: tuple[str, ...] = ()
    leaves_out: bool = False
    """Whether empty properties are left out."""


def shape(
    portal: Portal,
    kind: ObjectType,
    properties: Sequence[str] = (),
    with_history: Sequence[str] = (),
    associations: Sequence[ObjectType] = (),
) -> Shape:
    """The shape asked for: undefined names are left out, three system properties always come."""
    defined = portal.definitions(kind.name)
    # Created, modified and id come even if not asked for: measured on a portal, 2026-08.
    asked = {*properties, *with_history, kind.created, kind.modified, "hs_object_id"}
    names = kind.shown if not properties and not with_history else sorted(asked & defined.keys())
    past = tuple(sorted(set(with_history) & defined.keys()))
    leaves_out = portal.switches.empty_properties == "left out"
    return Shape(kind, tuple(names), past, tuple(one.name for one in associations), leaves_out)


def shaped(portal: Portal, wanted: Shape, id_: str, row: Row) -> dict[str, Any]:
    """One record as list, get, batch read and search show it, empty properties as the switch of that name says."""
    names = wanted.names
    kept = dict(zip(names, map(row["properties"].get, names), strict=True))
    if wanted.leaves_out:
        kept = {name: value for name, value in kept.items() if value is not None}
    told = frame(portal, wanted.kind, id_, row, kept)
    if wanted.history:
        most = portal.switches.number(_VERSIONS.get(wanted.kind.name, "history_others"))
        step = 1 if portal.switches.history_order == "newest" else -1
        told["propertiesWithHistory"] = {
            name: history(row, name, most)[::step] for name in wanted.history
        }
    if wanted.associations:
        ties = _inline(portal, wanted, id_)
        if ties:
            told["associations"] = ties
    return told


def frame(
    portal: Portal, kind: ObjectType, id_: str, row: Row, properties: dict[str, Any]
) -> dict[str, Any]:
    """A record around the properties to show."""
    kept = row["properties"]
    told: dict[str, Any] = {
        "id": id_,
        "properties": properties,
        "createdAt": kept.get(kind.created),
        "updatedAt": kept.get(kind.modified),
        "archived": "archivedAt" in row,
        "url": _url(portal, kind, id_),
    }
    if "archivedAt" in row:
        told["archivedAt"] = row["archivedAt"]
    return told


def _url(portal: Portal, kind: ObjectType, id_: str) -> str:
    page = kind.page or "contacts/{portal}/record/{type_id}/{id}"
    shown = page.format(portal=portal.portal_id, type_id=kind.type_id, id=id_)
    return f"https://app.hubspot.com/{shown}"


def created(portal: Portal, kind: ObjectType, id_: str) -> dict[str, Any]:
    """A record as a create answers it: every property that is not empty and is not worked out later."""
    row = portal.tables.get(kind.name, id_)
    assert row is not None
    kept = row["properties"]
    shown = {
        name: _as_created(name, kept[name])
        for name in sorted(kept.keys() & portal.definitions(kind.name).keys())
        if not _is_later(kind.name, name)
    }
    return frame(portal, kind, id_, row, shown)


def _is_later(object_name: str, name: str) -> bool:
    dated = name.startswith(("hs_date_entered_", "hs_v2_date_entered_"))
    return (dated and name != _CURRENT) or name in _LATER.get(object_name, ())


def _as_created(name: str, value: str) -> str:
    """Stage dates are epoch milliseconds in the answer to a create: recorded 2026-03."""
    if not (name.startswith("hs_lifecyclestage_") and name.endswith("_date")):
        return value
    moment = instant(value)
    return str(epoch_ms(moment)) if moment else value


def updated(portal: Portal, kind: ObjectType, id_: str, names: Iterable[str]) -> dict[str, Any]:
    """A record as an update answers it: what was written and some that the platform sets; no e-mail, unless written."""
    row = portal.tables.get(kind.name, id_)
    assert row is not None
    kept = row["properties"]
    system = (kind.created, kind.modified, *_ECHOED, *_ECHOED_BY.get(kind.name, ()))
    shown = {name: kept[name] for name in sorted({*names, *system}) if name in kept}
    return frame(portal, kind, id_, row, shown)


def _inline(portal: Portal, wanted: Shape, id_: str) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for far in wanted.associations:
        ties = portal.ties.of(wanted.kind.name, id_, far)
        listed = [
            {"id": far_id, "type": portal.types[one].name}
            for far_id in sorted(ties, key=int)
            for one in ties[far_id]
        ]
        if listed:
            told[far] = {"results": listed[:INLINE_TIES]}
            if len(listed) > INLINE_TIES:
                path = f"/crm/v3/objects/{wanted.kind.name}/{id_}/associations/{far}"
                after = listed[INLINE_TIES]["id"]
                link = f"https://api.hubapi.com{path}?after={after}"
                told[far]["paging"] = {"next": {"after": after, "link": link}}
    return told
