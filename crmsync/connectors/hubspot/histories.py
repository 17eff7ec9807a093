"""What properties of records held before: every version that HubSpot keeps, of mapped properties and some more.

A version tells a value, when it came and from where (`CRM_UI`, `IMPORT`, `INTEGRATION` with the number of an app):
developers.hubspot.com, Properties, and list pages of contacts with propertiesWithHistory (read 2026-11). Their order is
not promised, and how many are kept neither: exports have 45 of a contact's property and 20 of others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from crmsync.connectors.base import ASSOCIATION_PREFIX
from crmsync.connectors.fact_reading import Place
from crmsync.connectors.facts import HISTORY, HISTORY_COLUMNS, Fact
from crmsync.connectors.hubspot.doubts import Doubts
from crmsync.connectors.hubspot.reading import split_names
from crmsync.connectors.hubspot.schemas import ID_PROPERTY
from crmsync.connectors.hubspot.telling import Cells, Portal, told_whole
from crmsync.connectors.hubspot.values import converter, instant

ALWAYS = frozenset(
    ("lifecyclestage", "hs_lead_status", "dealstage", "pipeline", "hubspot_owner_id")
)
"""Properties that say where a record stands and whose it is: kept though nobody maps them."""
# Long texts are many times the rest, and nobody counts their changes
_UNTOLD = frozenset(("text", "id", "reference", "references"))
# As many may be all that is left of more: knowledge.hubspot.com, Export property history (read 2026-11)
_FEWEST_KEPT = 20
_AT_BIRTH = timedelta(seconds=5)
_SECONDS = len("2026-11-20T09:30:00")
Version = Mapping[str, Any]


def history_place(object_: str, since: str = "") -> Place:
    """Where the versions of one object's properties are kept."""
    return Place(f"{HISTORY}.{object_}.{object_}_history", HISTORY_COLUMNS, object_, since)


def history_fact(
    portal: Portal, object_: str, wanted: frozenset[str], types: Mapping[str, str], since: str
) -> Fact:
    """Changes of the properties that are wanted; `types` are those of all there are."""
    names = sorted(
        name
        for name in wanted | ALWAYS
        if types.get(name, "id") not in _UNTOLD and not name.startswith(ASSOCIATION_PREFIX)
    )
    place = history_place(object_, since)
    return told_whole(place, lambda: _pages(portal, object_, names, types, since))


def _pages(
    portal: Portal, object_: str, names: list[str], types: Mapping[str, str], since: str
) -> Iterator[list[Cells]]:
    """Rows page by page; once more for names that do not fit into an address. Records are counted each time."""
    while names:
        some, names = split_names(names)
        doubts = Doubts(portal.api, object_, (), portal.api.calls.clock())
        for page in doubts.fresh(portal.api.pages(object_, [ID_PROPERTY], some)):
            yield [row for one in page for row in _rows(portal, one, types, since)]
        doubts.demand_all()


def _rows(
    portal: Portal, one: Mapping[str, Any], types: Mapping[str, str], since: str
) -> Iterator[Cells]:
    born = instant(one.get("createdAt"))
    for name, versions in sorted((one.get("propertiesWithHistory") or {}).items()):
        before: str | None = None
        convert = converter(types.get(name, "string"))
        for place, each in enumerate(sorted(versions, key=_moment)):
            at, new = _moment(each), convert([each.get("value")])[0]
            cut = place == 0 and len(versions) >= _FEWEST_KEPT
            is_first = place == 0 and name not in ALWAYS and _is_near(at, born)
            if at >= since[:_SECONDS] and (new != before or cut) and not is_first:
                cells = {"old": before, "new": new, "happened_at": at}
                yield _row(portal, str(one["id"]), name, each, cut) | cells
            before = new


def _row(portal: Portal, id_: str, name: str, version: Version, cut: bool) -> dict[str, str | None]:
    """`state` of the oldest version where older ones may be lost: nobody knows what it replaced."""
    return {
        "id": f"{id_}/{name}/{_moment(version)}",
        "record_id": id_,
        "told": "state" if cut else "change",
        "native": name,
        "actor_id": portal.person(version.get("updatedByUserId")),
        "precision": "instant",
        "origin": version.get("sourceType") or None,
        "origin_id": version.get("sourceId") or None,
    }


def _moment(version: Version) -> str:
    return instant(version.get("timestamp")) or ""


def _is_near(at: str, born: str | None) -> bool:
    """True for a value that came with the record: that is no change."""
    try:
        return (
            born is not None
            and datetime.fromisoformat(at) - datetime.fromisoformat(born) <= _AT_BIRTH
        )
    except ValueError:
        return False
