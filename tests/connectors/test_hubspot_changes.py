"""What changed in HubSpot since a cursor: nothing lost to a late search; or why it cannot be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pytest

from connectors.moving_portals import HOUR, Desk, desk, told
from crmsync.connectors.abilities import IncrementalConnector, OnlyWhole, RecallingConnector
from crmsync.errors import AnswerBroken
from crmsync.sandbox.hubspot import erasing, ties
from crmsync.sandbox.hubspot.consent import OPTED_OUT, opt_out_of_all
from crmsync.sandbox.hubspot.merging import merge
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.testing.proxy import rewrites

LAG_S = 20


@pytest.fixture
def portal() -> Iterator[Desk]:
    with desk() as made:
        yield made


def why_not(portal: Desk, since: str, *fields: str, object_: str = "contacts") -> str:
    found = portal.opens().changes(object_, fields or ("lastname",), since)
    assert isinstance(found, OnlyWhole)
    return found.reason


def test_it_is_what_an_incremental_connector_is(portal: Desk) -> None:
    assert isinstance(portal.opens(), IncrementalConnector)
    assert isinstance(portal.opens(), RecallingConnector)


@pytest.mark.parametrize("object_", ["contacts", "companies", "deals"])
def test_made_edited_archived_and_nothing_else(portal: Desk, object_: str) -> None:
    name = {"contacts": "lastname", "companies": "name", "deals": "dealname"}[object_]
    stage = {"dealstage": "contractsent", "pipeline": "default"} if object_ == "deals" else {}
    old, edited, gone = (portal.put(object_, **{name: each}, **stage) for each in "ABC")
    portal.later()
    since = portal.cursor(object_)
    portal.later()
    made = portal.put(object_, **{name: "D"}, **stage)
    portal.put(object_, edited, **{name: "E"})
    portal.archive(gone, object_)
    live, went, cursor = portal.told(since, name, object_=object_)
    assert {one: row[name] for one, row in live.items()} == {made: "D", edited: "E"}
    assert (went[gone]["why"], went[gone]["into"]) == ("deleted", None)
    assert went[gone]["at"] > since
    assert old not in went
    assert cursor > since


@pytest.mark.parametrize("stamps", [True, False])
def test_an_opt_out_is_among_the_changes_if_it_stamps_and_else_in_the_next_whole_read(
    portal: Desk, stamps: bool
) -> None:
    """docs/connectors.md says so: nobody knows which of the two it is."""
    portal.world.switches.consent_stamps = stamps
    one = portal.put(lastname="Ruiz", email="ana@uno.example")
    portal.later()
    since = portal.cursor()
    portal.later()
    opt_out_of_all(portal.world.portal, "ana@uno.example")
    live, _gone, _cursor = portal.told(since, OPTED_OUT)
    assert {id_: row[OPTED_OUT] for id_, row in live.items()} == ({one: "true"} if stamps else {})
    [row] = [
        row for batch in portal.opens().read("contacts", [OPTED_OUT]) for row in batch.to_pylist()
    ]
    assert row[OPTED_OUT] == "true"


def test_a_row_is_what_a_full_read_gives(portal: Desk) -> None:
    since = portal.cursor()
    id_ = portal.put(
        lastname="Ñ", email="a@x.example", hs_additional_emails="b@x.example;c@x.example"
    )
    fields = ["lastname", "email", "hs_additional_emails", "createdate", "hs_email_optout"]
    live, _gone, _cursor = portal.told(since, *fields)
    whole = [row for batch in portal.opens().read("contacts", fields) for row in batch.to_pylist()]
    assert whole == [live[id_]]
    assert live[id_]["hs_additional_emails"] == "b@x.example;c@x.example"


def test_values_are_those_of_the_record_where_search_still_shows_older_ones(portal: Desk) -> None:
    id_ = portal.put(lastname="First")
    portal.later()
    since = portal.cursor()
    portal.later()
    portal.world.switches.search_lag = LAG_S
    portal.put(id_=id_, lastname="Second")
    portal.later(LAG_S + 1)
    portal.put(id_=id_, lastname="Third")
    live, _gone, _cursor = portal.told(since, "lastname")
    assert live[id_]["lastname"] == "Third"


def test_what_search_did_not_show_yet_is_read_the_next_time(portal: Desk) -> None:
    since = portal.cursor()
    portal.later()
    portal.world.switches.search_lag = LAG_S
    late = portal.put(lastname="Late")
    live, _gone, cursor = portal.told(since)
    assert late not in live
    portal.later(30 * 60)
    live, _gone, _cursor = portal.told(cursor)
    assert late in live


def test_who_was_archived_a_moment_ago_is_gone_and_not_counted(portal: Desk) -> None:
    """Search finds and counts it still: as good as a false alarm, and a full read for nothing."""
    kept, gone = portal.put(lastname="A"), portal.put(lastname="B")
    portal.later()
    since = portal.cursor()
    portal.later()
    portal.world.switches.search_lag = LAG_S
    portal.put(id_=gone, lastname="C")
    portal.later(LAG_S + 1)
    portal.archive(gone)
    connector = portal.opens()
    assert connector.count("contacts") == 2
    live, went, _cursor = told(connector, since)
    assert (set(live), set(went)) == (set(), {gone})
    assert connector.count("contacts") == 1
    assert kept not in went


def test_a_survivor_search_has_not_heard_of_is_counted(portal: Desk) -> None:
    one, other = portal.put(lastname="A"), portal.put(lastname="B")
    portal.later()
    since = portal.cursor()
    portal.later()
    portal.world.switches.search_lag = LAG_S
    portal.put(id_=one, jobtitle="Director")
    portal.later(LAG_S + 1)
    survivor = merge(portal.world.portal, OBJECTS["contacts"], one, other)
    connector = portal.opens()
    live, went, _cursor = told(connector, since)
    assert (set(live), set(went)) == ({survivor}, {one, other})
    assert connector.count("contacts") == 1


@pytest.mark.parametrize("how", ["erased", "restored"])
def test_of_who_was_erased_or_restored_only_the_count_tells(portal: Desk, how: str) -> None:
    one = portal.put(lastname="A", email="a@x.example")
    if how == "restored":
        portal.archive(one)
    portal.later()
    since = portal.cursor()
    portal.later()
    before = portal.opens().count("contacts")
    if how == "erased":
        erasing.erase(portal.world.portal, one, "")
    else:
        erasing.restore(portal.world.portal, OBJECTS["contacts"], one)
    connector = portal.opens()
    live, went, _cursor = told(connector, since)
    assert not live
    assert not went
    assert connector.count("contacts") == before + (1 if how == "restored" else -1)


def test_who_is_found_and_was_erased_is_gone(portal: Desk) -> None:
    since = portal.cursor()
    portal.world.switches.search_lag = LAG_S
    one = portal.put(lastname="A", email="a@x.example")
    portal.later(LAG_S + 1)
    erasing.erase(portal.world.portal, one, "")
    connector = portal.opens()
    assert connector.count("contacts") == 1
    live, went, _cursor = told(connector, since)
    assert not live
    assert went[one] == {"id": one, "at": None, "why": "deleted", "into": None}
    assert connector.count("contacts") == 0


def test_a_cursor_older_than_the_archive_makes_it_a_full_read(portal: Desk) -> None:
    since = portal.cursor()
    portal.later(90 * 24 * HOUR)
    assert "longer ago" in why_not(portal, since)
    assert portal.opens().gone("contacts", since).lost


def test_the_archive_is_read_page_by_page_and_from_the_cursor_on(portal: Desk) -> None:
    old = portal.put(lastname="Old")
    portal.archive(old)
    portal.later()
    since = portal.cursor()
    portal.later()
    fresh = {portal.put(lastname=str(n)) for n in range(101)}
    for one in fresh:
        portal.archive(one)
    connector = portal.opens()
    assert set(connector.gone("contacts", since).rows.column("id").to_pylist()) == fresh
    assert connector.meter.by_path["GET objects/contacts"] == 2
    assert set(connector.gone("contacts", "").rows.column("id").to_pylist()) == {old, *fresh}


@pytest.mark.parametrize(
    ("object_", "field", "word"),
    [
        ("deals", "hs_is_closed", "worked out"),
        ("companies", "num_associated_contacts", "worked out"),
        ("contacts", "associations.companies.all", "a tie"),
        ("contacts", "associatedcompanyid", "a tie"),
    ],
)
def test_what_changes_without_a_stamp_is_only_read_whole(
    portal: Desk, object_: str, field: str, word: str
) -> None:
    since = portal.cursor()
    why = why_not(portal, since, "createdate", field, object_=object_)
    assert field in why
    assert word in why


def test_when_a_stage_was_entered_is_told_with_the_stage_that_stamps_the_record(
    portal: Desk,
) -> None:
    """A full read for each of these properties would make every read a full one."""
    moved, _still = portal.put(lastname="A"), portal.put(lastname="B")
    portal.later()
    since = portal.cursor()
    portal.later()
    portal.put(id_=moved, lifecyclestage="customer")
    entered = "hs_v2_date_entered_customer"
    live, _gone, _cursor = told(portal.opens(), since, entered)
    assert [(id_, row[entered] is not None) for id_, row in live.items()] == [(moved, True)]


def test_beside_the_last_read_ties_tell_whose_company_changed(portal: Desk) -> None:
    """The tie leaves no stamp on the contact, whose property mirrors it."""
    world = portal.world
    moved, left, still = (portal.put(lastname=each) for each in "ABC")
    one, other = (portal.put("companies", name=each) for each in "XY")
    for contact in (left, still):
        world.associate("contacts", contact, "companies", one, [1, 279])
    portal.later()
    since = portal.cursor()
    before = list(portal.opens().read("contacts", ["associatedcompanyid"]))
    portal.later()
    world.associate("contacts", moved, "companies", other, [1, 279])
    ties.replace(world.portal, ("contacts", left, "companies", one), ())
    connector = portal.opens()
    connector.recall("contacts", lambda names: (each.select(list(names)) for each in before))
    live, _gone, _cursor = told(connector, since, "associatedcompanyid")
    found = {id_: row["associatedcompanyid"] for id_, row in live.items()}
    assert found == {moved: other, left: None}


def test_ties_are_asked_for_the_records_of_the_last_read_and_its_changes(portal: Desk) -> None:
    """Without the ids of the last read every record would be listed."""
    kept, gone = portal.put(lastname="A"), portal.put(lastname="B")
    portal.later()
    since = portal.cursor()
    portal.later()
    made = portal.put(lastname="C")
    portal.archive(gone)
    connector = portal.opens()
    known = pa.record_batch({"_id": [kept, gone]})

    def last_read(names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        yield known.select(list(names))

    connector.recall("contacts", last_read)
    told(connector, since)
    portal.proxy.seen.clear()
    list(connector.associations("contacts", "companies"))
    [asked] = [each.json["inputs"] for each in portal.proxy.seen]
    assert [each["id"] for each in asked] == [kept, made]


def test_more_changes_than_it_is_worth_are_read_whole(portal: Desk) -> None:
    since = portal.cursor()
    portal.proxy.only = "/search"
    portal.proxy.always = rewrites(lambda page: page | {"total": 30_000})
    assert "30000 records changed" in why_not(portal, since)


def long_waits(portal: Desk) -> list[float]:
    """Waits for search to catch up; those for its budget of five calls a second are shorter."""
    return [each for each in portal.slept if each > 1]


@pytest.mark.parametrize(("records", "waits"), [(30_000, 0), (31_000, 1)])
def test_a_second_look_waits_for_search_unless_reading_all_is_quicker(
    portal: Desk, records: int, waits: int
) -> None:
    since = portal.cursor()
    connector = portal.opens()
    portal.proxy.only = "/search"
    portal.proxy.faults = [rewrites(lambda page: page | {"total": records})]
    connector.count("contacts")
    told(connector, since)
    assert not long_waits(portal)
    told(connector, since)
    assert long_waits(portal) == [30.0] * waits


def test_a_property_archived_meanwhile_is_no_blank(portal: Desk) -> None:
    """Nobody would tell it from values that people deleted."""
    portal.world.define_property("contacts", "shoe_size", "string", "text", label="Shoe size")
    portal.put(lastname="A", shoe_size="42")
    since = portal.cursor()
    reader, changes = portal.opens(), portal.opens()
    for connector in (reader, changes):
        connector.schema("contacts")
    portal.world.portal.archive_definition("contacts", "shoe_size", portal.cursor())
    with pytest.raises(AnswerBroken, match="archived while it was read: shoe_size"):
        list(reader.read("contacts", ["lastname", "shoe_size"]))
    with pytest.raises(AnswerBroken, match="archived while it was read: shoe_size"):
        told(changes, since, "lastname", "shoe_size")


def test_a_list_that_lacks_a_record_is_a_broken_read(portal: Desk) -> None:
    def lacks(page: Any) -> Any:
        return page | {"results": page["results"][:-1]}

    for n in range(3):
        portal.put(lastname=str(n))
    portal.later()
    connector = portal.opens()
    connector.schema("contacts")
    portal.proxy.only, portal.proxy.always = "/objects/contacts?", rewrites(lacks)
    with pytest.raises(AnswerBroken, match="2 records came of 3"):
        list(connector.read("contacts", ["lastname"]))


def test_who_was_archived_a_moment_before_a_full_read_is_none_that_lacks(portal: Desk) -> None:
    kept, gone = portal.put(lastname="A"), portal.put(lastname="B")
    portal.later()
    portal.world.switches.search_lag = LAG_S
    portal.archive(gone)
    connector = portal.opens()
    waiting = portal.slept.append

    def sleep(seconds: float) -> None:
        waiting(seconds)
        portal.later(seconds)

    connector._api.calls.sleep = sleep
    rows = [row["_id"] for batch in connector.read("contacts", []) for row in batch.to_pylist()]
    assert rows == [kept]
    assert portal.slept == [30.0]


def test_who_the_archive_tells_of_needs_no_wait(portal: Desk) -> None:
    """As in a pull, which asks the archive before it reads."""
    kept, gone = portal.put(lastname="A"), portal.put(lastname="B")
    portal.later()
    portal.world.switches.search_lag = LAG_S
    portal.archive(gone)
    connector = portal.opens()
    connector.gone("contacts", "")
    rows = [row["_id"] for batch in connector.read("contacts", []) for row in batch.to_pylist()]
    assert rows == [kept]
    assert not portal.slept


def test_a_record_that_is_listed_twice_is_read_once(portal: Desk) -> None:
    def twice(page: Any) -> Any:
        return page | {"results": [*page["results"], page["results"][0]]}

    ids = [portal.put(lastname=str(n)) for n in range(2)]
    connector = portal.opens()
    portal.proxy.only, portal.proxy.faults = "/objects/contacts?", [rewrites(twice)]
    rows = [row["_id"] for batch in connector.read("contacts", []) for row in batch.to_pylist()]
    assert rows == ids
