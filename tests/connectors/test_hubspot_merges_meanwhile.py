"""What is merged, archived or made in HubSpot while it is read: nobody is live beside who took their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connectors.moving_portals import Desk, desk
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.errors import AnswerBroken, CrmsyncError
from crmsync.sandbox.hubspot.merging import merge
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.testing.proxy import Reply, Seen, rewrites, says

MERGED = "hs_merged_object_ids"
PRIMARY = "associations.companies.primary"
KEPT = pytest.mark.parametrize("keeps", [False, True])
NAMES = {
    "contacts": lambda at: {"lastname": f"N{at}", "email": f"n{at}@people.example"},
    "companies": lambda at: {"name": f"N{at}"},
    "deals": lambda at: {"dealname": f"N{at}", "dealstage": "contractsent", "pipeline": "default"},
}


@pytest.fixture
def portal() -> Iterator[Desk]:
    with desk() as made:
        yield made


def crowd(portal: Desk, size: int = 250, object_: str = "contacts") -> list[str]:
    """Records of a while ago, on three pages."""
    ids = [portal.put(object_, **NAMES[object_](at)) for at in range(size)]
    portal.later()
    return ids


def merged(portal: Desk, primary: str, other: str, object_: str = "contacts") -> str:
    return merge(portal.world.portal, OBJECTS[object_], primary, other)


def after(portal: Desk, part: str, *doings: Callable[[], Any]) -> None:
    """One of these is done after each answer to a path like that; the pages that follow know of it."""
    waiting = list(doings)

    def fault(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        reply = forward()
        if waiting:
            waiting.pop(0)()
        return reply

    portal.proxy.only, portal.proxy.always = part, fault


def pages(object_: str = "contacts") -> str:
    return f"/objects/{object_}?"


def live(portal: Desk, object_: str = "contacts") -> set[str]:
    rows = portal.world.tables.rows(object_)
    return {id_ for id_, row in rows if "archivedAt" not in row}


def read(connector: HubspotConnector, *fields: str, object_: str = "contacts") -> dict[str, Any]:
    """Rows by id of who is there when the read ends, none given twice."""
    rows = [
        row for batch in connector.read(object_, [*fields, MERGED]) for row in batch.to_pylist()
    ]
    assert len({row["_id"] for row in rows}) == len(rows)
    went = connector.went_meanwhile(object_)
    assert went <= {row["_id"] for row in rows}
    return {row["_id"]: row for row in rows if row["_id"] not in went}


@KEPT
@pytest.mark.parametrize("archived", [False, True])
@pytest.mark.parametrize("object_", sorted(NAMES))
@pytest.mark.parametrize(
    ("primary", "other"), [(0, 220), (220, 0), (0, 1), (120, 220), (220, 120), (0, 120), (249, 0)]
)
def test_who_is_merged_while_records_are_listed_is_not_live_beside_the_survivor(
    portal: Desk, primary: int, other: int, object_: str, archived: bool, keeps: bool
) -> None:
    portal.world.switches.merge_keeps_primary = keeps
    portal.world.switches.merged_are_archived = archived
    ids = crowd(portal, object_=object_)
    connector = portal.opens()
    after(portal, pages(object_), lambda: merged(portal, ids[primary], ids[other], object_))
    assert set(read(connector, object_=object_)) == live(portal, object_)
    assert len(live(portal, object_)) == 249


@KEPT
@pytest.mark.parametrize("third", [50, 130, 240])
def test_of_three_merged_one_after_the_other_the_last_survivor_is_live(
    portal: Desk, third: int, keeps: bool
) -> None:
    portal.world.switches.merge_keeps_primary = keeps
    ids = crowd(portal)
    connector = portal.opens()
    first: list[str] = []
    after(
        portal,
        pages(),
        lambda: first.append(merged(portal, ids[0], ids[220])),
        lambda: merged(portal, first[0], ids[third]),
    )
    assert set(read(connector)) == live(portal)


@KEPT
def test_a_merge_that_search_has_not_heard_of_makes_no_read_incomplete(
    portal: Desk, keeps: bool
) -> None:
    portal.world.switches.merge_keeps_primary = keeps
    portal.world.switches.search_lag = 20
    ids = crowd(portal)
    connector = portal.opens()
    after(portal, pages(), lambda: merged(portal, ids[220], ids[0]))
    assert set(read(connector)) == live(portal)
    assert not portal.slept


@KEPT
@pytest.mark.parametrize(("primary", "other"), [(0, 1), (0, 240), (240, 0)])
def test_who_is_merged_between_their_values_and_their_ties_is_not_read_as_tied_to_nobody(
    portal: Desk, primary: int, other: int, keeps: bool
) -> None:
    """The record in their place has the ties by then, and is read with them."""
    portal.world.switches.merge_keeps_primary = keeps
    ids = crowd(portal)
    firm = portal.put("companies", name="Firm")
    for id_ in ids:
        portal.world.associate("contacts", id_, "companies", firm, [279, 1])
    portal.later()
    connector = portal.opens()
    last = iter(range(3))

    def at_the_last_page() -> None:
        if next(last) == 2:
            merged(portal, ids[primary], ids[other])

    after(portal, pages(), *[at_the_last_page] * 3)
    rows = read(connector, PRIMARY)
    assert set(rows) == live(portal)
    assert {row[PRIMARY] for row in rows.values()} == {firm}


def test_ties_are_read_of_those_who_are_there(portal: Desk) -> None:
    ids = crowd(portal)
    connector = portal.opens()
    after(portal, pages(), lambda: merged(portal, ids[0], ids[220]))
    read(connector)
    portal.proxy.always = None
    portal.proxy.seen.clear()
    list(connector.associations("contacts", "companies"))
    asked = {one["id"] for seen in portal.proxy.seen for one in seen.json["inputs"]}
    assert asked == live(portal)


def test_a_read_that_breaks_off_tells_who_was_merged_meanwhile(portal: Desk) -> None:
    """Nobody can be asked any more, so the survivor's word counts."""
    ids = crowd(portal)
    connector = portal.opens()
    after(portal, pages(), lambda: merged(portal, ids[0], ids[220]))
    read_ = connector.read("contacts", ["lastname"])
    given = [next(read_).column("_id").to_pylist() for _page in range(3)]
    portal.proxy.only, portal.proxy.always = "/", says(400, {"message": "no"})
    with pytest.raises(CrmsyncError):
        list(read_)
    assert ids[0] in given[0]
    assert connector.went_meanwhile("contacts") == {ids[0]}


def test_a_record_that_is_named_as_merged_and_answers_under_its_own_id_stays(portal: Desk) -> None:
    ids = crowd(portal, 3)
    connector = portal.opens()
    connector.schema("contacts")

    def named(page: Any) -> Any:
        page["results"][0]["properties"][MERGED] = f"{ids[1]};{ids[0]}"
        return page

    portal.proxy.only, portal.proxy.faults = pages(), [rewrites(named)]
    assert set(read(connector)) == set(ids)


def test_a_second_read_forgets_who_went_during_the_first(portal: Desk) -> None:
    ids = crowd(portal)
    connector = portal.opens()
    after(portal, pages(), lambda: merged(portal, ids[0], ids[220]))
    read(connector)
    assert connector.went_meanwhile("contacts")
    read(connector)
    assert not connector.went_meanwhile("contacts")


def test_who_is_archived_after_they_were_listed_is_not_live(portal: Desk) -> None:
    ids = crowd(portal)
    connector = portal.opens()
    after(portal, pages(), lambda: portal.archive(ids[0]))
    assert set(read(connector)) == live(portal)
    assert connector.went_meanwhile("contacts") == {ids[0]}


def short(portal: Desk, doing: Callable[[], Any]) -> None:
    """Something happens after the first page, and the second comes without one of its rows."""

    def first(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        reply = forward()
        doing()
        return reply

    cut = rewrites(lambda page: page | {"results": page["results"][1:]})
    portal.proxy.only, portal.proxy.faults = pages(), [first, cut]


@pytest.mark.parametrize("what", ["made", "merged"])
def test_who_was_merged_or_made_meanwhile_hides_nobody_who_did_not_come(
    portal: Desk, what: str
) -> None:
    ids = crowd(portal)
    connector = portal.opens()
    connector.schema("contacts")

    def doing() -> None:
        if what == "made":
            portal.put(lastname="New", email="new@people.example")
        else:
            merged(portal, ids[0], ids[220])

    short(portal, doing)
    with pytest.raises(AnswerBroken, match="records came of"):
        read(connector)
