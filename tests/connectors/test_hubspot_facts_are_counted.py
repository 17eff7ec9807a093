"""Facts of a portal are as many as HubSpot counts, or incomplete; and what was archived is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from connectors.moving_portals import Desk, desk
from crmsync.connectors.facts import Fact
from crmsync.errors import AnswerBroken
from crmsync.testing.proxy import Fault, rewrites, says

NOTES = "_activities.notes"
LISTS, MEMBERS = "_lists.lists", "_list_members.lists"
HISTORY = "_history.contacts.contacts_history"


@pytest.fixture
def portal() -> Iterator[Desk]:
    with desk() as made:
        yield made


def without_rows(page: Any) -> Any:
    return {**page, "results": page["results"][:10]}


def without_next(page: Any) -> Any:
    return {name: value for name, value in page.items() if name != "paging"}


HALVED = pytest.mark.parametrize("change", [without_rows, without_next])


def first(only: str, portal: Desk, fault: Fault) -> None:
    portal.proxy.only, portal.proxy.faults = only, [fault]


def rows(portal: Desk, table: str, **wanted: frozenset[str]) -> list[dict[str, Any]]:
    """Rows of one fact; the others are taken, too."""
    found = {
        fact.table: [] if fact.table != table else taken(fact)
        for fact in portal.opens().facts(wanted)
    }
    return found[table]


def taken(fact: Fact) -> list[dict[str, Any]]:
    assert not fact.unread
    return [row for batch in fact.batches for row in batch.to_pylist()]


def notes(portal: Desk, size: int) -> list[str]:
    at = "2026-11-20T09:00:00Z"
    ids = [portal.put("notes", hs_timestamp=at, hs_note_body=str(n)) for n in range(size)]
    portal.later()
    return ids


def listed(portal: Desk, members: list[str]) -> None:
    told = {"kind": "list", "object": "contacts", "name": "All", "processing": "DYNAMIC"}
    portal.world.rehearse("declare", {**told, "members": members})


@HALVED
def test_activities_that_do_not_all_come_are_incomplete(portal: Desk, change: Any) -> None:
    notes(portal, 150)
    assert len(rows(portal, NOTES)) == 150
    first("/objects/notes?", portal, rewrites(change))
    with pytest.raises(AnswerBroken, match="records came of 150"):
        rows(portal, NOTES)


def test_activities_that_nobody_can_count_are_incomplete(portal: Desk) -> None:
    notes(portal, 2)
    first(
        "/objects/notes/search", portal, says(403, {"message": "no", "category": "MISSING_SCOPES"})
    )
    with pytest.raises(AnswerBroken):
        rows(portal, NOTES)


def test_activities_logged_while_they_are_read_cover_for_none(portal: Desk) -> None:
    notes(portal, 150)

    def meanwhile(page: Any) -> Any:
        for _each in range(200):
            portal.put("notes", hs_timestamp="2026-11-20T09:00:00Z")
        return without_rows(page)

    first("/objects/notes?", portal, rewrites(meanwhile))
    with pytest.raises(AnswerBroken, match="60 records came of 150"):
        rows(portal, NOTES)


def test_archived_activities_are_told_beside_those_that_are_there(portal: Desk) -> None:
    one, other = notes(portal, 2)
    portal.archive(one, "notes")
    assert [row["id"] for row in rows(portal, NOTES)] == [other]
    [gone] = rows(portal, "_gone.notes")
    assert gone["id"] == one
    assert gone["why"] == "deleted"
    assert gone["at"]


@HALVED
def test_histories_of_records_that_do_not_all_come_are_incomplete(
    portal: Desk, change: Any
) -> None:
    for at in range(70):
        portal.put(lastname=f"N{at}", email=f"n{at}@people.example")
    portal.later()
    fields = {"contacts": frozenset(("lastname",))}
    rows(portal, HISTORY, **fields)
    first("propertiesWithHistory", portal, rewrites(change))
    with pytest.raises(AnswerBroken, match="records came of 70"):
        rows(portal, HISTORY, **fields)


def uncounted(page: Mapping[str, Any]) -> Any:
    return {name: value for name, value in page.items() if name != "total"}


@HALVED
@pytest.mark.parametrize("counts", [True, False])
def test_members_that_do_not_all_come_are_incomplete_and_other_lists_are_read(
    portal: Desk, change: Any, counts: bool
) -> None:
    """By the total of the answer, else by the size of the list."""
    people = [portal.put(lastname=str(at)) for at in range(300)]
    listed(portal, people)
    listed(portal, people[:3])
    assert len(rows(portal, MEMBERS)) == 303
    first(
        "/memberships", portal, rewrites(lambda page: change(page if counts else uncounted(page)))
    )
    connector, came = portal.opens(), 0
    for fact in connector.facts({}):
        if fact.table == MEMBERS:
            with pytest.raises(AnswerBroken, match="members came of 300"):  # noqa: PT012  (rows before)
                for batch in fact.batches:
                    came += batch.num_rows
    assert came == (10 + 50 if change is without_rows else 250) + 3


def test_members_of_whom_nobody_tells_a_number_are_incomplete(portal: Desk) -> None:
    listed(portal, [portal.put(lastname="a")])

    def sizeless(page: Any) -> Any:
        return {**page, "lists": [{**one, "additionalProperties": {}} for one in page["lists"]]}

    def fault(seen: Any, forward: Any) -> Any:
        change = sizeless if "lists/search" in seen.path else uncounted
        return rewrites(change)(seen, forward)

    portal.proxy.only, portal.proxy.always = "/lists/", fault
    with pytest.raises(AnswerBroken):
        rows(portal, MEMBERS)


def test_lists_that_do_not_all_come_are_incomplete(portal: Desk) -> None:
    for _each in range(3):
        listed(portal, [])
    assert len(rows(portal, LISTS)) == 3
    cut = rewrites(lambda page: {**page, "lists": page["lists"][1:]})
    first("/lists/search", portal, cut)
    with pytest.raises(AnswerBroken, match="2 lists came of 3"):
        rows(portal, LISTS)
