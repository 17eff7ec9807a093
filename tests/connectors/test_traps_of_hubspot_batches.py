"""Traps of HubSpot that lie in the answers to batches of writes. One test a trap, named after its section of the sheet.

Elsewhere: 3.7, results under another id, and 3.8, results in any order, in test_hubspot_writing.py; answers lost
after the write took effect in apply/test_answers_lost.py.
Left out, for the connector has no such call: 3.8, batch create and batch archive.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectors import hubspot_traps
from connectors.hubspot_traps import KEY, bodies, changing, creating, held
from crmsync.connectors.base import Cells, WriteRequest
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.core.records import Ref
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.testing.proxy import Proxy, Reply, rewrites, says

ana, connector, portal, unique = (
    hubspot_traps.ana,
    hubspot_traps.connector,
    hubspot_traps.portal,
    hubspot_traps.unique,
)

# 0 and 3.8: batches


def test_0_4_every_input_has_a_trace_id_of_its_own_so_one_refusal_is_one_refusal(
    connector: HubspotConnector, hubspot_proxy: Proxy, unique: str
) -> None:
    requests = [creating(f"{unique}{at}") for at in range(4)]
    requests[2] = creating(f"{unique}2", email="none")
    ends = connector.write("contacts", requests)
    assert [end.outcome for end in ends] == ["written", "written", "refused", "written"]
    [body] = bodies(hubspot_proxy)
    assert len({one["objectWriteTraceId"] for one in body["inputs"]}) == 4


@pytest.mark.parametrize("object_", ["contacts", "companies", "deals"])
def test_0_6_a_record_is_made_by_our_key_whatever_else_there_is_of_its_name(
    connector: HubspotConnector,
    portal: HubspotWorld,
    hubspot_proxy: Proxy,
    unique: str,
    object_: str,
) -> None:
    """HubSpot takes two companies of one domain, and no upsert by domain, name or e-mail."""
    cells: dict[str, Cells] = {
        "contacts": {"lastname": unique},
        "companies": {"name": unique, "domain": f"{unique}.example"},
        "deals": {"dealname": unique, "dealstage": "contractsent", "pipeline": "default"},
    }
    words = "message" if object_ == "contacts" else "description"
    there = portal.put(object_, {**cells[object_], words: "theirs"})
    request = WriteRequest("c", "create", None, unique, {**cells[object_], words: "ours"})
    [first] = connector.write(object_, [request])
    [second] = connector.write(object_, [request])
    assert (first.created, second.created) == (True, False)
    assert first.native_id == second.native_id != there
    assert held(connector, object_, there, words) == {words: "theirs"}
    inputs = [one for body in bodies(hubspot_proxy) for one in body["inputs"]]
    assert {one["idProperty"] for one in inputs} == {KEY}


def test_0_10_a_blank_is_an_empty_text_and_null_is_never_sent(
    connector: HubspotConnector, portal: HubspotWorld, hubspot_proxy: Proxy, ana: str
) -> None:
    portal.put("contacts", {"jobtitle": "Chair", "city": "Vigo"}, ana)
    connector.write("contacts", [changing(ana, jobtitle=None)])
    assert held(connector, "contacts", ana, "jobtitle", "city") == {
        "jobtitle": None,
        "city": "Vigo",
    }
    assert b"null" not in hubspot_proxy.seen[0].body


@pytest.mark.parametrize(
    "answer", [b"", b"{}", b"null", b"[]", b'{"status":"COMPLETE","results":[]}']
)
@pytest.mark.parametrize("status", [200, 201, 204, 207])
def test_3_8_a_2xx_with_nothing_in_it_is_unknown_and_no_success(
    connector: HubspotConnector, hubspot_proxy: Proxy, unique: str, answer: bytes, status: int
) -> None:
    hubspot_proxy.only = "/batch/up"
    hubspot_proxy.faults = [says(status, b"" if status == 204 else answer)]
    [end] = connector.write("contacts", [creating(unique)])
    assert end.outcome == "unknown"
    assert hubspot_proxy.count("/batch/up") == 1


@pytest.mark.parametrize("status", ["PENDING", "PROCESSING", "CANCELED"])
def test_3_8_a_batch_that_is_not_complete_is_unknown_for_who_is_not_named(
    connector: HubspotConnector, hubspot_proxy: Proxy, unique: str, status: str
) -> None:
    hubspot_proxy.only = "/batch/up"
    hubspot_proxy.faults = [
        rewrites(lambda body: body | {"status": status, "results": body["results"][:1]})
    ]
    ends = connector.write("contacts", [creating(f"{unique}{at}") for at in "ab"])
    assert sorted(end.outcome for end in ends) == ["unknown", "written"]


def test_3_8_the_same_id_is_never_twice_in_a_batch_and_the_later_request_wins(
    connector: HubspotConnector, hubspot_proxy: Proxy, ana: str, unique: str
) -> None:
    """HubSpot refuses such a batch whole: `Duplicate IDs found in batch input`."""
    titles = ("one", "two", "three")
    same = [WriteRequest(each, "update", ana, None, {"jobtitle": each}) for each in titles]
    ends = connector.write("contacts", same)
    assert [(end.change_id, end.outcome) for end in ends] == [(each, "written") for each in titles]
    assert held(connector, "contacts", ana, "jobtitle") == {"jobtitle": "three"}
    ends = connector.write("contacts", [creating(unique, jobtitle=each) for each in titles])
    assert len({end.native_id for end in ends}) == 1
    for body in bodies(hubspot_proxy):
        ids = [one["id"] for one in body["inputs"]]
        assert len(ids) == len(set(ids))


def test_3_8_two_results_for_one_request_are_unknown(
    connector: HubspotConnector, hubspot_proxy: Proxy, unique: str
) -> None:
    def doubles(body: Any) -> Any:
        first = body["results"][0]
        return body | {"results": [first, {**first, "id": "777"}]}

    hubspot_proxy.only, hubspot_proxy.faults = "/batch/up", [rewrites(doubles)]
    [end] = connector.write("contacts", [creating(unique)])
    assert (end.outcome, end.native_id) == ("unknown", None)


def test_3_8_a_new_record_that_carries_another_key_is_not_ours(
    connector: HubspotConnector, hubspot_proxy: Proxy, unique: str
) -> None:
    def strange(body: Any) -> Any:
        [one] = body["results"]
        return body | {"results": [{**one, "properties": {**one["properties"], KEY: "another"}}]}

    hubspot_proxy.only, hubspot_proxy.faults = "/batch/up", [rewrites(strange)]
    [end] = connector.write("contacts", [creating(unique)])
    assert end.outcome == "unknown"


def test_3_8_an_error_that_names_nobody_is_about_the_only_one_there_is(
    connector: HubspotConnector, hubspot_proxy: Proxy, unique: str
) -> None:
    error = {"status": "error", "category": "VALIDATION_ERROR", "message": "no"}
    body = {"status": "COMPLETE", "results": [], "errors": [error], "numErrors": 1}
    hubspot_proxy.only, hubspot_proxy.faults = "/batch/up", [says(207, body), says(207, body)]
    [alone] = connector.write("contacts", [creating(unique)])
    assert alone.outcome == "refused"
    pair = connector.write("contacts", [creating(f"{unique}{at}") for at in "ab"])
    assert [end.outcome for end in pair] == ["unknown", "unknown"]


@pytest.mark.parametrize("how", ["keeps", "blanks", "refused"])
def test_3_8_no_upsert_goes_by_email_so_what_is_not_sent_stays(
    connector: HubspotConnector, portal: HubspotWorld, unique: str, how: str
) -> None:
    portal.switches.email_upsert = how
    email = f"{unique}@upserts.example"
    [made] = connector.write("contacts", [creating(unique, email=email, jobtitle="Chair")])
    [again] = connector.write("contacts", [creating(unique, email=email, city="Vigo")])
    assert (again.outcome, again.native_id) == ("written", made.native_id)
    cells = held(connector, "contacts", made.native_id or "", "jobtitle", "city")
    assert cells == {"jobtitle": "Chair", "city": "Vigo"}


@pytest.mark.parametrize("status", [207, 404])
def test_3_8_updates_of_records_that_are_all_gone_are_missing_whatever_the_status(
    connector: HubspotConnector, hubspot_proxy: Proxy, status: int
) -> None:
    if status == 404:
        hubspot_proxy.only = "/batch/update"
        hubspot_proxy.always = says(404, {"message": "resource not found"})
    ends = connector.write("contacts", [changing(one, city="Vigo") for one in ("991", "992")])
    assert [end.outcome for end in ends] == ["missing", "missing"]


def test_3_8_a_batch_that_is_no_json_to_hubspot_is_refused_though_it_has_no_category(
    connector: HubspotConnector, hubspot_proxy: Proxy, unique: str
) -> None:
    message = "Invalid input JSON on line 3, column 9: Cannot deserialize value of type `x`"
    hubspot_proxy.only, hubspot_proxy.always = "/batch/up", says(400, {"message": message})
    [end] = connector.write("contacts", [creating(unique)])
    assert end.outcome == "refused"
    assert message in end.message


def test_3_8_a_refused_batch_is_halved_and_nothing_is_written_twice(
    connector: HubspotConnector, hubspot_proxy: Proxy, unique: str
) -> None:
    """All or nothing, as without trace ids: each of the good ones is taken by exactly one call."""
    taken: list[str] = []

    def all_or_nothing(seen: Any, forward: Callable[[], Reply]) -> Reply:
        if b"Culprit" in seen.body:
            return says(400, {"message": "no", "category": "VALIDATION_ERROR"})(seen, forward)
        taken.extend(one["id"] for one in seen.json["inputs"])
        return forward()

    hubspot_proxy.only, hubspot_proxy.always = "/batch/up", all_or_nothing
    requests = [creating(f"{unique}{at:02}") for at in range(20)]
    for at in (0, 7, 19):
        requests[at] = creating(f"{unique}{at:02}", jobtitle="Culprit")
    ends = connector.write("contacts", requests)
    refused = [at for at, end in enumerate(ends) if end.outcome == "refused"]
    assert refused == [0, 7, 19]
    assert sorted(taken) == [one.key for at, one in enumerate(requests) if at not in refused]


def test_3_9_a_record_is_found_by_its_key_before_search_has_heard_of_it(
    connector: HubspotConnector, portal: HubspotWorld, hubspot_proxy: Proxy, unique: str
) -> None:
    portal.switches.search_lag = 30
    [made] = connector.write("contacts", [creating(unique)])
    assert connector.find("contacts", [unique]) == {unique: made.native_id}
    assert not hubspot_proxy.count("/search")


# 2: what the client makes of statuses


@pytest.mark.parametrize("status", [200, 201, 202, 207])
@pytest.mark.parametrize("verb", ["create", "update"])
def test_2_a_success_is_understood_by_its_record_and_not_by_its_status(
    connector: HubspotConnector,
    hubspot_proxy: Proxy,
    ana: str,
    unique: str,
    status: int,
    verb: str,
) -> None:
    """The client gives None for any status but the one it expects, and no error."""

    def another(seen: Any, forward: Callable[[], Reply]) -> Reply:
        whole = forward()
        return Reply(status, whole.headers, whole.body)

    hubspot_proxy.only, hubspot_proxy.always = "/batch/up", another
    request = creating(unique) if verb == "create" else changing(ana, city="Vigo")
    [end] = connector.write("contacts", [request])
    assert (end.outcome, end.created) == ("written", verb == "create")
    assert end.native_id


@pytest.mark.parametrize("status", [413, 429, 503])
def test_2_no_write_is_repeated_behind_our_back(
    connector: HubspotConnector, hubspot_proxy: Proxy, slept: list[float], ana: str, status: int
) -> None:
    """The client's own retry sleeps and repeats by itself where there is a Retry-After."""
    hubspot_proxy.only = "/batch/up"
    hubspot_proxy.faults = [says(status, {"message": "no"}, Retry_After="3")]
    [end] = connector.write("contacts", [changing(ana, city="Vigo")])
    ends = {413: ("refused", 1, []), 429: ("written", 2, [3.0]), 503: ("unknown", 1, [])}
    assert (end.outcome, hubspot_proxy.count("/batch/up"), slept) == ends[status]


def test_2_a_redirect_does_not_carry_a_write_elsewhere(
    connector: HubspotConnector, hubspot_proxy: Proxy, ana: str
) -> None:
    elsewhere = f"{hubspot_proxy.url}/elsewhere"
    hubspot_proxy.only, hubspot_proxy.always = "/batch/up", says(307, b"", Location=elsewhere)
    [end] = connector.write("contacts", [changing(ana, city="Vigo")])
    assert end.outcome == "refused"
    assert not hubspot_proxy.count("elsewhere")


def test_2_fields_that_the_client_does_not_know_are_no_trouble(
    connector: HubspotConnector, hubspot_proxy: Proxy, unique: str
) -> None:
    def richer(body: Any) -> Any:
        more = {"url": "https://app.example/1", "warnings": [{"message": "soon"}], "new_one": 1}
        return body | {"results": [{**one, **more} for one in body["results"]], "links": {}}

    hubspot_proxy.only, hubspot_proxy.faults = "/batch/up", [rewrites(richer)]
    [end] = connector.write("contacts", [creating(unique)])
    assert end.outcome == "written"


def test_2_a_409_is_an_answer_and_no_reason_to_ask_again(
    connector: HubspotConnector, hubspot_proxy: Proxy, slept: list[float], unique: str
) -> None:
    """The newer client repeats a create that was answered 409, which makes a second record or hides the first."""
    hubspot_proxy.only = "/batch/upsert"
    busy = {"category": "CONFLICT", "message": "the record is being written"}
    hubspot_proxy.faults = [says(409, busy)]
    [end] = connector.write("contacts", [creating(unique)])
    assert (end.outcome, end.alike, hubspot_proxy.count("/batch/upsert")) == ("refused", None, 1)
    assert slept == []
    assert connector.find("contacts", [unique]) == {}


@pytest.mark.parametrize("status", [423, 429])
def test_2_a_create_that_was_done_and_turned_away_answers_409_the_second_time_and_is_a_late_match(
    connector: HubspotConnector,
    portal: HubspotWorld,
    hubspot_proxy: Proxy,
    unique: str,
    status: int,
) -> None:
    """The one who is there already is the one we made: whoever reads the refusal finds our own key on them."""
    email = f"{unique}@traps.example"

    def done_and_turned_away(seen: Any, forward: Callable[[], Reply]) -> Reply:
        forward()
        return says(status, {"message": "no"}, Retry_After="3")(seen, forward)

    def conflict(seen: Any, forward: Callable[[], Reply]) -> Reply:
        told = f"Contact already exists. Existing ID: {there(portal, email)}"
        return says(409, {"category": "CONFLICT", "message": told})(seen, forward)

    hubspot_proxy.only = "/batch/upsert"
    hubspot_proxy.faults = [done_and_turned_away, conflict]
    [end] = connector.write("contacts", [creating(unique, email=email)])
    made = there(portal, email)
    assert (end.outcome, end.native_id) == ("refused", None)
    assert end.alike == (Ref("hub", "contacts", made),)
    assert hubspot_proxy.count("/batch/upsert") == 2
    assert connector.find("contacts", [unique]) == {unique: made}


def there(portal: HubspotWorld, email: str) -> str:
    """The one contact of an address."""
    rows = portal.tables.rows("contacts")
    [found] = [id_ for id_, row in rows if row["properties"].get("email") == email]
    return found
