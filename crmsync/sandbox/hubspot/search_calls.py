"""Search: filters, free text, one sort, pages by offset, never an archived record.

What of it is not to be trusted is on request: a late index, rows out of order, short pages.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

import orjson

from crmsync.sandbox.hubspot.calls import Answer, Call, mapping
from crmsync.sandbox.hubspot.errors import invalid
from crmsync.sandbox.hubspot.filters import Predicate, Searched, has_token, matcher, sort_key
from crmsync.sandbox.hubspot.late_index import indexed
from crmsync.sandbox.hubspot.objects import ObjectType
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.shapes import shape, shaped

# developers.hubspot.com, "Search the CRM" (read 2026-11). The wording of the refusals was not seen.
MAX_LIMIT = 200
MAX_BODY = 3_000
_ID = "hs_object_id"
_DIRECTIONS = ("ASCENDING", "DESCENDING")
# Switches on which it depends what is found, and in which order.
_TURNS = ("search_filters", "search_ids_as_text", "search_id_filters_as_text", "search_unsorted")


def search(portal: Portal, call: Call) -> Answer:
    """A page of the live records that match, oldest first unless sorted, with their total."""
    kind = call.kind()
    if len(call.raw.decode("utf-8", "replace")) > MAX_BODY:
        raise invalid(f"The request body is longer than {MAX_BODY} characters")
    body = call.fields()
    limit = _number(body, "limit", 10, MAX_LIMIT)
    most = portal.switches.number("search_cap")
    start = _number(body, "after", 0, most)
    if start + limit > most:
        raise invalid(f"Paging past {most} results is not supported")
    found = _found(portal, kind, body)
    taken = _page_size(portal, start, limit)
    wanted = shape(portal, kind, [str(name) for name in body.get("properties") or ()])
    _, find = indexed(portal, kind.name)
    results = [
        shaped(portal, wanted, id_, row)
        for id_ in found[start : start + taken]
        if (row := find(id_)) is not None
    ]
    told: dict[str, Any] = {"total": len(found), "results": results}
    if start + taken < len(found):
        told["paging"] = {"next": {"after": str(start + taken)}}
    return Answer(200, told)


def _page_size(portal: Portal, start: int, limit: int) -> int:
    """How many rows a page has at most; the first of them is short if the switch says so."""
    short = portal.switches.search_short_pages and limit > 1 and start == 0
    return limit // 2 if short else limit


def _number(body: dict[str, Any], name: str, default: int, high: int) -> int:
    told = str(body.get(name) or default)
    if not told.isascii() or not told.isdigit() or int(told) > high:
        raise invalid(f"{name} must be a number up to {high}, not {told}")
    return int(told)


def _found(portal: Portal, kind: ObjectType, body: dict[str, Any]) -> list[str]:
    """Every id that matches, in order; looked for once for all pages while nothing changes."""
    asked = [body.get(name) for name in ("filterGroups", "filters", "query", "sorts")]
    asked += [getattr(portal.switches, name) for name in _TURNS]
    question = orjson.dumps([kind.name, *asked])
    if question not in portal.found or portal.switches.search_lag:
        portal.found[question] = _look(portal, kind, body)
    return portal.found[question]


def _look(portal: Portal, kind: ObjectType, body: dict[str, Any]) -> list[str]:
    searched = Searched(
        portal.definitions(kind.name),
        lambda id_, far: portal.ties.of(kind.name, id_, far),
        str(portal.switches.search_filters),
        bool(portal.switches.search_id_filters_as_text),
    )
    matches = _both(matcher(body, searched), _query(kind, body))
    ids, get = indexed(portal, kind.name)
    found = [
        (id_, row["properties"])
        for id_ in ids
        if (row := get(id_)) is not None and matches(row["properties"])
    ]
    return [id_ for id_, _ in _sorted(portal, kind, found, body)]


def _both(one: Predicate, other: Predicate | None) -> Predicate:
    if other is None:
        return one
    return lambda properties: one(properties) and other(properties)


def _query(kind: ObjectType, body: dict[str, Any]) -> Predicate | None:
    """Free text: every word must begin some word of the searchable properties."""
    words = [f"{word}*" for word in str(body.get("query") or "").lower().split()]
    if not words:
        return None
    return lambda properties: all(
        any(has_token(properties.get(name, ""), word) for name in kind.searched) for word in words
    )


def _sorted(
    portal: Portal, kind: ObjectType, found: list[tuple[str, dict[str, str]]], body: dict[str, Any]
) -> list[tuple[str, dict[str, str]]]:
    name, descending = _order(kind, body)
    known = portal.definitions(kind.name).get(name)
    if known is None:
        raise invalid(f"There was a problem with the request: unknown property {name}")
    as_text = name == _ID and portal.switches.search_ids_as_text
    if (
        name == _ID
        and not (as_text or descending)
        and all(one[1].get(_ID) == one[0] for one in found)
    ):
        ordered = found  # the index is by ascending id
    else:
        key = str if as_text else sort_key(known)
        ordered = _by(key, name, found, descending=descending)
    return _muddled(ordered) if portal.switches.search_unsorted else ordered


def _by(
    key: Callable[[str], Any],
    name: str,
    found: list[tuple[str, dict[str, str]]],
    *,
    descending: bool,
) -> list[tuple[str, dict[str, str]]]:
    """The records by a property; those without it come before all others."""
    keyed = [(key(value) if (value := one[1].get(name)) else None, one) for one in found]
    valued = [one for one in keyed if one[0] is not None]
    valued.sort(key=itemgetter(0), reverse=descending)
    blank = [one for one in keyed if one[0] is None]
    return [one for _, one in (valued + blank if descending else blank + valued)]


def _muddled(
    found: list[tuple[str, dict[str, str]]],
) -> list[tuple[str, dict[str, str]]]:
    """The same rows with every seven of them turned around: near their place, and seldom in it."""
    return [one for start in range(0, len(found), 7) for one in reversed(found[start : start + 7])]


def _order(kind: ObjectType, body: dict[str, Any]) -> tuple[str, bool]:
    sorts = body.get("sorts") or []
    if not sorts:
        return kind.created, False
    if len(sorts) > 1:
        raise invalid("Only one sort is supported")
    if isinstance(sorts[0], str):
        return sorts[0].removeprefix("-"), sorts[0].startswith("-")
    one = mapping(sorts[0], "sorts")
    direction = one.get("direction") or "ASCENDING"
    if direction not in _DIRECTIONS:
        # The real wording was not seen.
        raise invalid(f"There was a problem with the request: unknown direction {direction}")
    return str(one.get("propertyName")), direction == "DESCENDING"
