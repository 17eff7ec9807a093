"""Associations: kept in both directions, one primary company a record, derived properties in step.

One row a direction in the table `association <from> <to>`, its id `<from id>:<to id>`.
"""

from __future__ import annotations

from collections.abc import Iterable

from crmsync.sandbox.hubspot import engaging, rows
from crmsync.sandbox.hubspot.association_types import TYPES, unlabelled
from crmsync.sandbox.hubspot.index import Ends
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.wire import iso

_TABLE = "association"

# The type that a record can have only once, and the property that mirrors it.
_MIRRORS = {1: ("contacts", "associatedcompanyid"), 14: ("companies", "hs_parent_company_id")}
SINGLE = (1, 5, 14)
_CHILD = 13  # from a company to one that it is the parent of

# Types that do not bring the plain tie with them; for the others see `association_types`.
_ALONE = frozenset({13, 14})

# (counted object, far object) -> the property that counts the ties.
_COUNTS = {
    ("companies", "contacts"): "num_associated_contacts",
    ("companies", "deals"): "num_associated_deals",
    ("contacts", "deals"): "num_associated_deals",
    ("deals", "contacts"): "num_associated_contacts",
}


def add(portal: Portal, ends: Ends, type_ids: Iterable[int]) -> None:
    """Adds types to a tie; ValueError for a type that does not lead from the one to the other."""
    present = portal.ties.of(ends[0], ends[1], ends[2]).get(ends[3], ())
    replace(portal, ends, {*present, *type_ids})


def replace(portal: Portal, ends: Ends, type_ids: Iterable[int]) -> None:
    """Makes these the types of a tie, with the plain one if there is any; none removes the tie."""
    wanted = set(type_ids)
    for id_ in wanted:
        known = portal.types.get(id_)
        if known is None or (known.from_object, known.to_object) != (ends[0], ends[2]):
            raise ValueError(f"association type {id_} does not lead from {ends[0]} to {ends[2]}")
    wanted = with_plain(ends, wanted)
    _make_room(portal, ends, wanted)
    _write(portal, ends, wanted)
    _mirror(portal, ends)


def with_plain(ends: Ends, type_ids: Iterable[int]) -> set[int]:
    """The types given, and the plain one that most of them bring with them."""
    wanted = set(type_ids)
    return wanted | {unlabelled(ends[0], ends[2])} if wanted - _ALONE else wanted


def remove(portal: Portal, ends: Ends, type_ids: Iterable[int]) -> None:
    """Takes types away; without the plain type nothing is left of the tie."""
    gone = set(type_ids)
    present = portal.ties.of(ends[0], ends[1], ends[2]).get(ends[3], ())
    if not present:
        return
    plain = unlabelled(ends[0], ends[2])
    replace(portal, ends, () if plain in gone else set(present) - gone)


def all_of(portal: Portal, object_name: str, id_: str) -> list[tuple[str, str, list[int]]]:
    """Every tie of a record: far object, far id, types."""
    return [
        (far, far_id, list(types))
        for far in OBJECTS
        for far_id, types in portal.ties.of(object_name, id_, far).items()
    ]


def remove_all(portal: Portal, object_name: str, id_: str) -> None:
    """Unties a record from everything, as archiving does."""
    for far in OBJECTS:
        for far_id in list(portal.ties.of(object_name, id_, far)):
            replace(portal, (object_name, id_, far, far_id), ())


def set_primary_company(portal: Portal, contact_id: str, company_id: str | None) -> None:
    """Ties a contact to its primary company; None only takes the mark away, the tie stays."""
    for far_id, types in list(portal.ties.of("contacts", contact_id, "companies").items()):
        if 1 in types and far_id != company_id:
            ends = ("contacts", contact_id, "companies", far_id)
            _write(portal, ends, set(types) - {1})
    if company_id is not None:
        add(portal, ("contacts", contact_id, "companies", company_id), (1,))


def _back(ends: Ends) -> Ends:
    return ends[2], ends[3], ends[0], ends[1]


def _make_room(portal: Portal, ends: Ends, wanted: set[int]) -> None:
    """Takes a mark that a record has only once away from the record's other ties."""
    for mark in wanted.intersection(SINGLE):
        _unmark_others(portal, ends, mark)
    for mark in wanted:
        if portal.types[mark].opposite in SINGLE:
            _unmark_others(portal, _back(ends), portal.types[mark].opposite)


def _unmark_others(portal: Portal, ends: Ends, mark: int) -> None:
    from_object, from_id, to_object, to_id = ends
    for far_id, types in list(portal.ties.of(from_object, from_id, to_object).items()):
        if mark in types and far_id != to_id:
            _write(portal, (from_object, from_id, to_object, far_id), set(types) - {mark})


def _write(portal: Portal, ends: Ends, types: set[int]) -> None:
    _write_one(portal, ends, types)
    _write_one(portal, _back(ends), {portal.types[one].opposite for one in types})


def _write_one(portal: Portal, ends: Ends, types: set[int]) -> None:
    table, key = f"{_TABLE} {ends[0]} {ends[2]}", f"{ends[1]}:{ends[3]}"
    ordered = sorted(types)
    portal.found.clear()
    portal.ties.set(ends, tuple(ordered))
    if ordered:
        portal.tables.put(table, key, {"types": ordered})
    else:
        portal.tables.drop(table, key)


def mirror_all(portal: Portal, object_name: str, id_: str) -> None:
    """Tells a record that was just made of the ties that were there before it."""
    for far in OBJECTS:
        if portal.ties.of(object_name, id_, far):
            rows.tell(portal, object_name, id_, _told(portal, object_name, id_, far))


def count_all(portal: Portal, object_name: str, id_: str) -> None:
    """Brings every property of a record that tells of ties in step."""
    for far in OBJECTS:
        rows.tell(portal, object_name, id_, _told(portal, object_name, id_, far))


def _mirror(portal: Portal, ends: Ends) -> None:
    """Brings the properties that tell of ties in step, at both ends."""
    for object_name, id_, far, _ in (ends, _back(ends)):
        rows.tell(portal, object_name, id_, _told(portal, object_name, id_, far))
    if portal.switches.ties_touch:
        _touch(portal, ends)
    engaging.note_tie(portal, ends[0], ends[2], (ends[1], ends[3]))


def _touch(portal: Portal, ends: Ends) -> None:
    now = iso(portal.clock.now())
    for object_name, id_ in (ends[:2], ends[2:]):
        row = portal.tables.get(object_name, id_)
        if row is not None:
            portal.keep(object_name, id_, rows.touched(OBJECTS[object_name].modified, row, now))


def _is_open(portal: Portal, deal_id: str) -> bool:
    row = portal.row("deals", deal_id)
    return row is not None and row["properties"].get("hs_is_closed") != "true"


def count_open_deals(portal: Portal, deal_id: str) -> None:
    """Tells the companies of a deal how many open ones they have, after its stage has changed."""
    for company in portal.ties.of("deals", deal_id, "companies"):
        rows.tell(portal, "companies", company, _told(portal, "companies", company, "deals"))


def _told(portal: Portal, object_name: str, id_: str, far: str) -> dict[str, str]:
    told: dict[str, str] = {}
    ties = portal.ties.of(object_name, id_, far)
    if (object_name, far) in _COUNTS:
        told[_COUNTS[object_name, far]] = str(len(ties))
    if (object_name, far) == ("companies", "deals"):
        told["hs_num_open_deals"] = str(sum(_is_open(portal, deal) for deal in ties))
    if (object_name, far) == ("companies", "companies"):
        told["hs_num_child_companies"] = str(sum(_CHILD in types for types in ties.values()))
    for mark, (holder, name) in _MIRRORS.items():
        if (holder, TYPES[mark].to_object) == (object_name, far):
            told[name] = next((one for one, types in ties.items() if mark in types), "")
    return told
