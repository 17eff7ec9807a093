"""Traps of HubSpot that concern reading: 3.1, 3.2, 3.8 and 3.10, and the threads of 13b.

Where else they are tested: `test_traps_of_hubspot.py`; 4 to 7, and ties by v3, in `test_traps_of_hubspot_tables.py`. Of
13b besides: the duplicate that a batch names and companies without a key are a matter of writing; more than 10,000
records of one stamp, the sort and the caps of search are in `test_hubspot_searching.py`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors import trapped_portals
from connectors.trapped_portals import DEAL
from crmsync.connectors.base import WriteRequest
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.connectors.hubspot.searching import changed_ids
from crmsync.errors import AnswerBroken, Refused
from crmsync.sandbox.hubspot.records import archive
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.testing.proxy import HTML, Proxy, rewrites, says

connector = trapped_portals.connector
portal = trapped_portals.portal


def rows_of(connector: HubspotConnector, object_: str, *fields: str) -> dict[str, dict[str, Any]]:
    """Every record of a whole read, by id."""
    found = (row for batch in connector.read(object_, fields) for row in batch.to_pylist())
    return {row["_id"]: row for row in found}


def test_3_1_what_comes_unasked_is_no_column(connector: HubspotConnector) -> None:
    """createdate, the modified date and hs_object_id come whether they were asked for or not."""
    batch = next(connector.read("contacts", ["email"]))
    assert set(batch.schema.names) == {"_id", "_created_at", "_modified_at", "email"}


def test_3_1_archived_records_are_never_among_the_live_ones(
    connector: HubspotConnector, portal: HubspotWorld, unique: str
) -> None:
    one, other = (portal.put("companies", {"name": f"{unique}{at}"}) for at in "ab")
    portal.portal.refresh()
    archive(portal.portal, "companies", one)
    assert rows_of(connector, "companies", "name").keys() & {one, other} == {other}
    assert connector.get("companies", [one, other], ["name"]).keys() == {other}


def test_3_1_lines_of_a_text_stay_lines(
    connector: HubspotConnector, portal: HubspotWorld, unique: str
) -> None:
    text = f"{unique}\nsecond line\n\nfourth"
    one = portal.put("companies", {"name": unique, "description": text})
    assert rows_of(connector, "companies", "description")[one]["description"] == text


def test_3_1_ties_are_never_asked_for_beside_a_list(
    connector: HubspotConnector, hubspot_proxy: Proxy
) -> None:
    """There they stop at 100 a record without a word: dlt 593, airbyte 56447."""
    rows_of(connector, "deals", "associations.contacts.all")
    list(connector.associations("contacts", "companies"))
    assert not [seen.path for seen in hubspot_proxy.seen if "associations=" in seen.path]


def test_3_1_ids_of_five_digits_and_of_twelve_are_texts_side_by_side(
    connector: HubspotConnector, portal: HubspotWorld, unique: str
) -> None:
    ids = [portal.put("deals", DEAL, one) for one in ("33451", "734931097788", "9", "10")]
    assert set(ids) <= rows_of(connector, "deals").keys()
    assert list(connector.get("deals", ids, ["dealname"])) == ids


def test_3_1_one_id_in_two_objects_is_two_records(
    connector: HubspotConnector, portal: HubspotWorld, unique: str
) -> None:
    portal.put("contacts", {"lastname": unique}, "88001")
    portal.put("companies", {"name": "Acme"}, "88001")
    assert connector.get("contacts", ["88001"], ["lastname"])["88001"] == {"lastname": unique}
    assert connector.get("companies", ["88001"], ["name"])["88001"] == {"name": "Acme"}


@pytest.mark.parametrize("keeps", [False, True])
def test_3_2_after_a_merge_an_old_id_is_gone_and_does_not_lend_its_name_to_another(
    connector: HubspotConnector, portal: HubspotWorld, unique: str, keeps: bool
) -> None:
    """Either answers as the survivor, under a third id, or under the primary's in an account of the beta."""
    portal.switches.merge_keeps_primary = keeps
    try:
        old, loser = (portal.put("contacts", {"lastname": f"{unique}{at}"}) for at in "ab")
        told = {"object": "contacts", "winner": old, "losers": [loser]}
        portal.rehearse("merge", told)
        portal.tables.commit()
        assert connector.get("contacts", [old, loser], ["lastname"]).keys() == (
            {old} if keeps else set()
        )
        assert loser not in rows_of(connector, "contacts", "lastname")
    finally:
        portal.switches.merge_keeps_primary = False


def test_3_2_an_id_that_is_no_number_is_nobody(
    connector: HubspotConnector, portal: HubspotWorld, unique: str
) -> None:
    one = portal.put("contacts", {"lastname": unique})
    assert connector.get("contacts", [one, "999999999999"], ["lastname"]).keys() == {one}
    assert connector.get("contacts", ["x"], ["lastname"]) == {}


@pytest.mark.parametrize("status", [207, 404])
def test_3_8_a_batch_that_finds_nobody_is_no_failure_whatever_its_status(
    connector: HubspotConnector, portal: HubspotWorld, status: int
) -> None:
    portal.switches.nothing_read_status = status
    try:
        assert connector.get("contacts", ["999999999998", "999999999999"], ["email"]) == {}
    finally:
        portal.switches.nothing_read_status = 207


def test_3_8_an_id_asked_for_twice_is_sent_once(
    connector: HubspotConnector, portal: HubspotWorld, hubspot_proxy: Proxy, unique: str
) -> None:
    """HubSpot refuses the whole batch otherwise."""
    one = portal.put("contacts", {"lastname": unique})
    assert connector.get("contacts", [one, one], ["lastname"]) == {one: {"lastname": unique}}
    assert hubspot_proxy.seen[-1].json["inputs"] == [{"id": one}]


def test_3_8_results_in_another_order_are_those_of_their_ids(
    connector: HubspotConnector, portal: HubspotWorld, hubspot_proxy: Proxy, unique: str
) -> None:
    ids = [portal.put("contacts", {"lastname": f"{unique}{at}"}) for at in range(5)]
    connector.schema("contacts")
    hubspot_proxy.faults = [rewrites(lambda body: body | {"results": body["results"][::-1]})]
    found = connector.get("contacts", ids, ["lastname"])
    assert [found[one]["lastname"] for one in ids] == [f"{unique}{at}" for at in range(5)]


def test_3_8_who_is_named_neither_as_found_nor_as_missing_is_asked_for_again(
    connector: HubspotConnector, portal: HubspotWorld, hubspot_proxy: Proxy, unique: str
) -> None:
    ids = [portal.put("contacts", {"lastname": unique}) for _ in range(3)]
    connector.schema("contacts")
    hubspot_proxy.faults = [rewrites(lambda body: body | {"results": body["results"][:1]})]
    assert connector.get("contacts", [*ids, "999999999999"], ["lastname"]).keys() == set(ids)
    assert hubspot_proxy.seen[-1].json["inputs"] == [{"id": one} for one in ids[1:]]


def test_3_8_an_answer_with_nothing_in_it_is_no_word_that_all_are_gone(
    connector: HubspotConnector, hubspot_proxy: Proxy
) -> None:
    """2xx with neither results nor errors was seen in production: rudder-transformer."""
    connector.schema("contacts")
    hubspot_proxy.always = says(200, {"status": "COMPLETE", "results": [], "errors": []})
    with pytest.raises(AnswerBroken):
        connector.get("contacts", ["1", "2"], ["email"])


@pytest.mark.parametrize(
    ("object_", "name", "modified"),
    [
        ("contacts", "lastname", "lastmodifieddate"),
        ("companies", "name", "hs_lastmodifieddate"),
        ("deals", "dealname", "hs_lastmodifieddate"),
    ],
)
def test_3_10_the_modified_date_of_each_object_is_its_own(
    connector: HubspotConnector,
    portal: HubspotWorld,
    hubspot_proxy: Proxy,
    unique: str,
    object_: str,
    name: str,
    modified: str,
) -> None:
    extra = {"createdate": "2026-03-01T10:00:00.000Z"} | ({} if object_ != "deals" else DEAL)
    one = portal.put(object_, {**extra, name: unique, modified: "2026-03-02T10:00:00.123Z"})
    row = rows_of(connector, object_, modified)[one]
    assert row["_modified_at"] == row[modified] == "2026-03-02T10:00:00.123Z"
    assert row["_created_at"] == "2026-03-01T10:00:00.000Z"
    hubspot_proxy.seen.clear()
    found = changed_ids(connector._api, object_, datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert one in [each for ids in found for each in ids]
    searches = [seen.json for seen in hubspot_proxy.seen if "/search" in seen.path]
    filters = [
        each for body in searches for group in body["filterGroups"] for each in group["filters"]
    ]
    assert {each["propertyName"] for each in filters} == {modified}


STRANGE = (HTML, b"", {}, [], {"status": "error", "category": "OBJECT_NOT_FOUND"})


@pytest.mark.parametrize("body", STRANGE)
def test_13b_a_404_is_a_word_about_records_in_hubspots_own_words_alone(
    connector: HubspotConnector, hubspot_proxy: Proxy, body: Any
) -> None:
    """ingestr 1203: all keys absent, or the wrong place asked."""
    connector.schema("contacts")
    hubspot_proxy.only, hubspot_proxy.always = "/batch/read", says(404, body)
    with pytest.raises(Refused):
        connector.get("contacts", ["1"], ["email"])
    with pytest.raises(Refused):
        connector.find("contacts", ["k"])


@pytest.mark.parametrize(
    ("body", "outcome"),
    [*((body, "refused") for body in STRANGE), ({"message": "resource not found"}, "missing")],
)
def test_13b_a_404_of_a_write_is_a_word_about_its_record_in_hubspots_own_words_alone(
    connector: HubspotConnector,
    portal: HubspotWorld,
    hubspot_proxy: Proxy,
    unique: str,
    body: Any,
    outcome: str,
) -> None:
    one = portal.put("contacts", {"lastname": unique})
    requests = [
        WriteRequest("u", "update", one, None, {"city": "Vigo"}),
        WriteRequest("c", "create", None, unique, {"lastname": unique}),
    ]
    connector.schema("contacts")
    hubspot_proxy.only, hubspot_proxy.always = "/batch/up", says(404, body)
    update, create = connector.write("contacts", requests[:1]) + connector.write(
        "contacts", requests[1:]
    )
    assert (update.outcome, create.outcome) == (outcome, "refused")


def test_13b_an_object_the_portal_has_not_is_refused_before_its_records_are_asked_for(
    connector: HubspotConnector, hubspot_proxy: Proxy
) -> None:
    with pytest.raises(Refused):
        connector.get("widgets", ["1"], ["name"])
    assert hubspot_proxy.count("/batch/read") == 0


def test_13b_the_id_is_no_property_to_look_up_by(
    connector: HubspotConnector, portal: HubspotWorld, hubspot_proxy: Proxy, unique: str
) -> None:
    """hs_object_id as idProperty is refused: action-destinations 3957."""
    one = portal.put("contacts", {"lastname": unique})
    connector.get("contacts", [one], ["lastname"])
    told = [seen.json for seen in hubspot_proxy.seen if "/batch/read" in seen.path]
    assert told
    assert all("idProperty" not in body for body in told)
