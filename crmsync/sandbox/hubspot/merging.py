"""Two records become one: which id, which values, whose ties, what is left of the other.

What the answer and the ids look like: changelog, "updated merge functionality" (read 2026-11). Whose values stay:
knowledge.hubspot.com, "Merge records", as updated in June 2026; see the switches `merge_...` for what it left open.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crmsync.sandbox.hubspot import lists, records, ties
from crmsync.sandbox.hubspot.errors import Refusal, invalid
from crmsync.sandbox.hubspot.objects import ObjectType
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.rows import QUIET, Changes, versions
from crmsync.sandbox.hubspot.stage_times import stages_in_order
from crmsync.sandbox.hubspot.wire import epoch_ms, iso, when
from crmsync.sandbox.tables import Row

# "Cannot have more than 250 identities on a profile", with a status meant for long URLs:
# developers.hubspot.com, error handling (read 2026-11).
MOST_IDENTITIES = 250
SOURCE = "MERGE_OBJECTS"

_MERGEABLE = ("contacts", "companies", "deals")
# A tie that one record can have only once, and the plain one beside it.
_PRIMARY = {1, 5}


def merge(portal: Portal, kind: ObjectType, primary: str, other: str) -> str:
    """The id of the record that is left of two live ones; Refusal 400 or 414 if they cannot be merged."""
    first, second = _live(portal, kind, primary), _live(portal, kind, other)
    if kind.name not in _MERGEABLE:
        raise invalid(f"Objects of type {kind.type_id} cannot be merged")
    if primary == other:
        # The real wording was not seen.
        raise invalid(f"Cannot merge {kind.singular} {primary} with itself")
    gone = _identities(first, second, primary, other)
    if len(gone) > MOST_IDENTITIES:
        raise Refusal(414, f"Cannot have more than {MOST_IDENTITIES} identities on a profile")
    kept = _ties(portal, kind, primary, other)
    survivor = primary if portal.switches.merge_keeps_primary else portal.next_id(kind.name)
    listed = lists.leave_all(portal, kind, (primary, other))
    whole = _merged(
        portal, kind, survivor, (first, second), _told_ids(portal, gone, survivor, primary, other)
    )
    for id_ in (primary, other):
        _leave(portal, kind, id_, survivor)
    portal.keep(kind.name, survivor, whole)
    for far, far_id, types in kept:
        ties.add(portal, (kind.name, survivor, far, far_id), types)
    ties.count_all(portal, kind.name, survivor)
    lists.join_all(portal, kind, survivor, _lists_kept(portal, listed, primary, other))
    return survivor


def _live(portal: Portal, kind: ObjectType, id_: str) -> Row:
    row = portal.row(kind.name, id_)
    if row is None:
        raise Refusal(404, "resource not found")
    return row


def _identities(first: Row, second: Row, primary: str, other: str) -> list[str]:
    """Every id that was merged into the two, and their own; the oldest first."""
    listed = [
        one
        for row in (first, second)
        for one in row["properties"].get("hs_merged_object_ids", "").split(";")
        if one
    ]
    return list(dict.fromkeys([*listed, primary, other]))


def _told_ids(portal: Portal, gone: list[str], survivor: str, primary: str, other: str) -> Changes:
    """The complete list, and the one that leaves earlier merges out: fivetran/dbt_hubspot 168 (read 2026-11)."""
    moment = epoch_ms(portal.clock.now())
    ids = [one for one in gone if one != survivor]
    return {
        "hs_object_id": survivor,
        "hs_merged_object_ids": ";".join(ids),
        "hs_calculated_merged_vids": ";".join(
            f"{one}:{moment}" for one in (primary, other) if one != survivor
        ),
        "hs_all_contact_vids": ";".join([survivor, *ids]),
    }


def _merged(
    portal: Portal, kind: ObjectType, survivor: str, rows: tuple[Row, Row], ids: Changes
) -> Row:
    """The row of the survivor: values chosen, histories woven together."""
    now = iso(portal.clock.now())
    known = portal.definitions(kind.name)
    chosen = _chosen(portal, kind, rows)
    stamps = {kind.modified: now, "hs_lastmodifieddate": now}
    told = {
        name: value for name, value in (chosen | stamps | ids).items() if name in known and value
    }
    names = [name for name in told if name not in QUIET and name not in ids]
    history = {name: _woven(rows, name, told[name], now) for name in names}
    since = min((row["since"] for row in rows), key=when)
    source = rows[0]["source"]
    kept = {name: past for name, past in history.items() if past != [[told[name], since, source]]}
    return {"properties": told, "source": source, "since": since, "history": kept}


def _woven(rows: tuple[Row, Row], name: str, value: str, now: str) -> list[list[str]]:
    past = sorted(
        (one for row in rows for one in versions(row, name)), key=lambda one: when(one[1])
    )
    if not past or past[-1][0] != value:
        past.append([value, now, SOURCE])
    return past


def _chosen(portal: Portal, kind: ObjectType, rows: tuple[Row, Row]) -> Changes:
    first, second = (row["properties"] for row in rows)
    newest = portal.switches.merge_values == "newest"
    chosen = {
        name: _newer(rows, name) if newest else first.get(name) or second.get(name, "")
        for name in {**first, **second}
    }
    order = stages_in_order(portal.definitions(kind.name))
    for name, choose in _EXCEPTIONS.get(kind.name, {}).items():
        chosen[name] = choose(first, second, order)
    return chosen


def _newer(rows: tuple[Row, Row], name: str) -> str:
    """The value that was set later; one that never had any loses to one that has."""
    last = [past[-1] for row in rows if (past := versions(row, name))]
    return max(last, key=lambda one: when(one[1]))[0] if last else ""


_Choice = Callable[[Changes, Changes, list[str]], str]


def _primary_email(first: Changes, second: Changes, order: list[str]) -> str:
    return first.get("email") or second.get("email", "")


def _more_emails(first: Changes, second: Changes, order: list[str]) -> str:
    """The other's address becomes an additional one."""
    primary = _primary_email(first, second, order)
    told = [
        one
        for row in (first, second)
        for one in (row.get("email", ""), *row.get("hs_additional_emails", "").split(";"))
    ]
    return ";".join(one for one in dict.fromkeys(told) if one and one != primary)


def _furthest(first: Changes, second: Changes, order: list[str]) -> str:
    """The stage furthest down the funnel."""
    stages = [
        row["lifecyclestage"] for row in (first, second) if row.get("lifecyclestage") in order
    ]
    return max(stages, key=order.index) if stages else first.get("lifecyclestage", "")


def _most_marketable(first: Changes, second: Changes, order: list[str]) -> str:
    return str(
        "true" in (first.get("hs_marketable_status"), second.get("hs_marketable_status"))
    ).lower()


def _oldest(first: Changes, second: Changes, order: list[str]) -> str:
    """The record that is left was made when the older of the two was."""
    told = filter(None, (first.get("createdate", ""), second.get("createdate", "")))
    return min(told, key=when, default="")


def _more_domains(first: Changes, second: Changes, order: list[str]) -> str:
    told = [
        one
        for row in (first, second)
        for one in (row.get("domain", ""), *row.get("hs_additional_domains", "").split(";"))
    ]
    primary = first.get("domain") or second.get("domain", "")
    return ";".join(one for one in dict.fromkeys(told) if one and one != primary)


# What does not follow the primary: the same page of the knowledge base.
_EXCEPTIONS: dict[str, dict[str, _Choice]] = {
    "contacts": {
        "email": _primary_email,
        "hs_additional_emails": _more_emails,
        "lifecyclestage": _furthest,
        "hs_marketable_status": _most_marketable,
        "createdate": _oldest,
    },
    "companies": {"hs_additional_domains": _more_domains, "createdate": _oldest},
    "deals": {"createdate": _oldest},
}


def _ties(
    portal: Portal, kind: ObjectType, primary: str, other: str
) -> list[tuple[str, str, list[int]]]:
    """The ties of both; the primary's primary company wins, and the other's label is dropped."""
    mine = ties.all_of(portal, kind.name, primary)
    theirs = ties.all_of(portal, kind.name, other)
    taken = {one for _, _, types in mine for one in types} & _PRIMARY
    rest = [
        (far, far_id, [one for one in types if one not in taken]) for far, far_id, types in theirs
    ]
    return [one for one in (*mine, *rest) if one[1] not in (primary, other) or one[0] != kind.name]


def _leave(portal: Portal, kind: ObjectType, id_: str, survivor: str) -> None:
    """Takes one of the two out of the way; its id leads to the survivor from now on."""
    ties.remove_all(portal, kind.name, id_)
    if id_ == survivor:
        portal.drop(kind.name, id_)
        return
    if portal.switches.merged_are_archived:
        records.archive(portal, kind.name, id_)
    else:
        portal.drop(kind.name, id_)
    portal.tables.put(f"merged {kind.name}", id_, {"into": survivor})


def _lists_kept(
    portal: Portal, listed: dict[str, list[str]], primary: str, other: str
) -> list[str]:
    both = portal.switches.merge_lists == "both"
    return list(dict.fromkeys(listed[primary] + (listed[other] if both else [])))


def answer(portal: Portal, body: dict[str, Any], kind: ObjectType) -> str:
    """The survivor of what a call asks for; ids that were merged before lead to their survivors."""
    asked = [str(body.get(name) or "") for name in ("primaryObjectId", "objectIdToMerge")]
    if not all(asked):
        raise invalid('Some required fields were not set: ["primaryObjectId", "objectIdToMerge"]')
    first, second = (portal.now_at(kind.name, one) for one in asked)
    return merge(portal, kind, first, second)
