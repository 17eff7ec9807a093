"""Traps of HubSpot that lie in wait for who writes. One test a trap, named after its section of the fact sheet.

Elsewhere: 0.7 and 12, stages that go back, in test_hubspot_lifecycle.py and apply/test_stages_go_back.py; 0.8 and
10, opt-outs, in test_hubspot_consent.py; 3.3 and 13b, 409 and 400 with two ids, in test_hubspot_late_matches.py and
apply/test_a_contact_that_is_there_already.py; 3.7, results under another id, and 3.8, results in any order, in
test_hubspot_writing.py; 4, ties, in test_hubspot_ties.py and test_hubspot_writing.py; answers lost after the write
took effect in apply/test_answers_lost.py.
Left out, for the connector has no such call: 3.3, single creates with inline ties; 3.6, erasing; 3.7, merging;
3.8, batch create and batch archive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connectors.sandboxes import Sandbox
from crmsync.connectors.base import Cells, WriteRequest
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.errors import TryLater
from crmsync.sandbox.hubspot import consent, records
from crmsync.sandbox.hubspot.merging import merge
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.sandbox.hubspot.rules import declare_rule
from crmsync.sandbox.hubspot.switches import SWITCHES
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.testing.proxy import HTML, Proxy, Reply, rewrites, says

Open = Callable[..., HubspotConnector]
KEY = "crmsync_key"


@pytest.fixture
def portal(sandbox: Sandbox) -> Iterator[HubspotWorld]:
    yield sandbox.hubspot
    for name, switch in SWITCHES.items():
        setattr(sandbox.hubspot.switches, name, switch.default)


@pytest.fixture
def connector(open_hubspot: Open, hubspot_proxy: Proxy) -> HubspotConnector:
    opened = open_hubspot()
    for object_ in ("contacts", "companies", "deals"):
        opened.schema(object_)
    hubspot_proxy.seen.clear()
    return opened


@pytest.fixture
def unique(unique: str) -> str:
    return f"trap-{unique}-"


@pytest.fixture
def ana(portal: HubspotWorld, unique: str) -> str:
    return portal.put("contacts", {"lastname": "Ruiz", "email": f"{unique}@traps.example"})


def creating(key: str, **cells: str | None) -> WriteRequest:
    given: Cells = {"lastname": key, **cells}
    return WriteRequest(key, "create", None, key, given)


def changing(one: str, **cells: str | None) -> WriteRequest:
    given: Cells = dict(cells)
    return WriteRequest(f"u{one}", "update", one, None, given)


def bodies(proxy: Proxy, verb: str = "") -> list[Any]:
    return [one.json for one in proxy.seen if f"/batch/up{verb}" in one.path]


def held(connector: HubspotConnector, object_: str, one: str, *names: str) -> Cells:
    return connector.get(object_, [one], names)[one]


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


# 3.3 to 3.7: single records


@pytest.mark.parametrize(
    ("object_", "cells", "word"),
    [
        ("companies", {"city": "Vigo"}, "required properties"),
        ("deals", {"dealname": "x"}, "required properties"),
        ("contacts", {"city": "Vigo"}, "required properties"),
    ],
)
def test_3_3_a_create_that_lacks_what_is_required_is_refused_and_made_by_nobody(
    connector: HubspotConnector, unique: str, object_: str, cells: Cells, word: str
) -> None:
    [end] = connector.write(object_, [WriteRequest("c", "create", None, unique, cells)])
    assert end.outcome == "refused"
    assert word in end.message
    assert connector.find(object_, [unique]) == {}


def test_3_4_one_invalid_property_writes_nothing_and_every_one_is_named(
    connector: HubspotConnector, ana: str
) -> None:
    cells = {"email": "none", "hs_lead_status": "Nuevo", "no_such": "x", "city": "Vigo"}
    [end] = connector.write("contacts", [changing(ana, **cells)])
    assert (end.outcome, set(end.fields)) == ("refused", {"email", "hs_lead_status", "no_such"})
    assert held(connector, "contacts", ana, "city") == {"city": None}


def test_3_4_an_update_sends_what_changes_and_nothing_else(
    connector: HubspotConnector, hubspot_proxy: Proxy, ana: str
) -> None:
    connector.write("contacts", [changing(ana, city="Vigo")])
    [body] = bodies(hubspot_proxy)
    assert [one["properties"] for one in body["inputs"]] == [{"city": "Vigo"}]


def test_3_5_what_is_gone_is_removed_without_a_word(connector: HubspotConnector, ana: str) -> None:
    for one in (ana, ana, "993"):
        connector.remove_record("contacts", one)
    assert connector.get("contacts", [ana], []) == {}
    [end] = connector.write("contacts", [changing(ana, city="Vigo")])
    assert end.outcome == "missing"


@pytest.mark.parametrize("keeps", [False, True])
def test_3_7_who_was_merged_away_meanwhile_is_missing_and_who_stayed_is_written(
    connector: HubspotConnector, portal: HubspotWorld, unique: str, keeps: bool
) -> None:
    portal.switches.merge_keeps_primary = keeps
    first, second = (portal.put("contacts", {"lastname": f"{unique}{at}"}) for at in "ab")
    survivor = merge(portal.portal, OBJECTS["contacts"], first, second)
    requests = [changing(one, city="Vigo") for one in (first, second)]
    ends = [connector.write("contacts", [each])[0] for each in requests]
    assert [end.outcome for end in ends] == ["written" if keeps else "missing", "missing"]
    assert [end.native_id for end in ends] == [first, second]
    assert (survivor == first) == keeps


# 10: consent


def test_10_an_opt_out_outlives_the_contact_and_binds_the_next_one(
    connector: HubspotConnector, portal: HubspotWorld, unique: str
) -> None:
    email = f"{unique}@gone.example"
    one = portal.put("contacts", {"email": email})
    connector.write("contacts", [changing(one, hs_email_optout="true")])
    records.archive(portal.portal, "contacts", one)
    [made] = connector.write("contacts", [creating(unique, email=email)])
    cells = held(connector, "contacts", made.native_id or "", "hs_email_optout")
    assert cells == {"hs_email_optout": "true"}
    assert consent.consent_of(portal.portal, email)["all"]


# 12: values


@pytest.mark.parametrize(
    ("object_", "name", "text"),
    [
        ("contacts", "hs_buying_role", "BLOCKER;CHAMPION"),
        ("contacts", "phone", "+34 (91) 123-45-67 ext. 8"),
        ("contacts", "jobtitle", '  Jefa de Área 💡\nand «more»; \\ "x" '),
        ("contacts", "do_not_call", "true"),
        ("contacts", "do_not_call", "false"),
        ("contacts", "annualrevenue", "1,200"),
        ("companies", "annualrevenue", "1234567.89"),
        ("companies", "numberofemployees", "0"),
        ("deals", "amount", "5000.00"),
        ("deals", "closedate", "2027-03-28T01:30:00.123Z"),
    ],
)
def test_12_a_value_comes_back_as_it_was_written(
    connector: HubspotConnector, portal: HubspotWorld, object_: str, name: str, text: str
) -> None:
    one = portal.put(object_, {"description": "x"})
    [end] = connector.write(object_, [changing(one, **{name: text})])
    assert end.outcome == "written", end.message
    assert held(connector, object_, one, name) == {name: text}


def test_12_options_replace_those_there_are_though_a_leading_semicolon_would_add(
    connector: HubspotConnector, portal: HubspotWorld, ana: str
) -> None:
    portal.put("contacts", {"hs_buying_role": "CHAMPION"}, ana)
    connector.write("contacts", [changing(ana, hs_buying_role=";BLOCKER")])
    assert held(connector, "contacts", ana, "hs_buying_role") == {"hs_buying_role": "BLOCKER"}


def test_12_a_domain_fills_the_website_and_what_is_sent_stays_apart(
    connector: HubspotConnector, unique: str
) -> None:
    """The website that HubSpot fills in by itself is read back, as anybody's edit would be."""
    cells: Cells = {"name": unique, "domain": f"{unique}.example"}
    [made] = connector.write("companies", [WriteRequest("c", "create", None, unique, cells)])
    told = held(connector, "companies", made.native_id or "", "domain", "website")
    assert told == {"domain": f"{unique}.example", "website": f"{unique}.example"}


def test_12_an_address_is_kept_in_small_letters_and_is_the_same_address(
    connector: HubspotConnector, unique: str
) -> None:
    email = f"{unique}@CASES.example"
    [made] = connector.write("contacts", [creating(unique, email=email)])
    assert held(connector, "contacts", made.native_id or "", "email") == {"email": email.lower()}


# 13: limits and errors


@pytest.mark.parametrize(
    ("body", "waited"),
    [
        ({"message": "You have reached your secondly limit.", "category": "RATE_LIMITS"}, 1.0),
        (
            {
                "message": "You have reached your ten_secondly_rolling limit.",
                "errorType": "RATE_LIMIT",
                "policyName": "TEN_SECONDLY_ROLLING",
            },
            10.0,
        ),
        ({}, 10.0),
    ],
)
def test_13_a_write_over_a_limit_of_the_moment_waits_and_goes_once_more(
    connector: HubspotConnector,
    hubspot_proxy: Proxy,
    slept: list[float],
    ana: str,
    body: Any,
    waited: float,
) -> None:
    hubspot_proxy.only, hubspot_proxy.faults = "/batch/up", [says(429, body)]
    [end] = connector.write("contacts", [changing(ana, city="Vigo")])
    assert (end.outcome, slept, hubspot_proxy.count("/batch/up")) == ("written", [waited], 2)


@pytest.mark.parametrize(("status", "body"), [(429, {"policyName": "DAILY"}), (477, {})])
def test_13_a_portal_that_is_closed_for_today_is_for_later(
    connector: HubspotConnector, hubspot_proxy: Proxy, ana: str, status: int, body: Any
) -> None:
    hubspot_proxy.only, hubspot_proxy.always = "/batch/up", says(status, body)
    with pytest.raises(TryLater):
        connector.write("contacts", [changing(ana, city="Vigo")])


def test_13_a_lock_is_waited_for_and_one_that_stays_is_that_of_its_record_alone(
    connector: HubspotConnector, hubspot_proxy: Proxy, slept: list[float], unique: str
) -> None:
    """A lock lasts two seconds; one record that is written all the time must not hold 99 others back."""

    def locked(seen: Any, forward: Callable[[], Reply]) -> Reply:
        return (
            says(423, {"message": "locked"})(seen, forward) if b"Busy" in seen.body else forward()
        )

    hubspot_proxy.only, hubspot_proxy.always = "/batch/up", locked
    requests = [creating(f"{unique}{at}", jobtitle="Busy" if at == 1 else "x") for at in range(4)]
    ends = connector.write("contacts", requests)
    assert [end.outcome for end in ends] == ["written", "refused", "written", "written"]
    assert "left to the next run" in ends[1].message
    assert set(slept) == {2.0}


@pytest.mark.parametrize("status", [500, 502, 503, 504, 521, 522, 523, 524])
def test_13_a_gateway_that_gives_up_leaves_the_write_unknown_and_found_by_its_key(
    connector: HubspotConnector, hubspot_proxy: Proxy, unique: str, status: int
) -> None:
    """The answer is a page of HTML, and the write was done."""

    def late(seen: Any, forward: Callable[[], Reply]) -> Reply:
        forward()
        return Reply(status, {"Content-Type": "text/html"}, HTML)

    hubspot_proxy.only, hubspot_proxy.faults = "/batch/up", [late]
    [end] = connector.write("contacts", [creating(unique)])
    assert (end.outcome, hubspot_proxy.count("/batch/up")) == ("unknown", 1)
    assert list(connector.find("contacts", [unique])) == [unique]


def test_13_properties_that_either_list_of_an_error_names_are_named(
    connector: HubspotConnector, hubspot_proxy: Proxy, ana: str
) -> None:
    """Recorded: four in the message and three in `errors`, and each list may have what the other lacks."""
    body = {
        "category": "VALIDATION_ERROR",
        "subCategory": {"name": "an object here, a text there"},
        "message": 'Property values were not valid: [{"isValid":false,"name":"city"}]',
        "errors": [{"message": "no", "code": "X", "context": {"propertyName": ["jobtitle"]}}],
    }
    hubspot_proxy.only, hubspot_proxy.always = "/batch/up", says(400, body)
    [end] = connector.write("contacts", [changing(ana, city="x", jobtitle="y", phone="1")])
    assert (end.outcome, set(end.fields)) == ("refused", {"city", "jobtitle"})


def test_13a_a_rule_of_an_administrator_names_the_property_it_is_about(
    connector: HubspotConnector, portal: HubspotWorld, ana: str
) -> None:
    rule = {"kind": "validation", "object": "contacts", "property": "city"}
    told = {**rule, "rule": "MAX_LENGTH", "arguments": [3]}
    declare_rule(portal.portal, told)
    try:
        [end] = connector.write("contacts", [changing(ana, city="Pontevedra", jobtitle="Chair")])
    finally:
        declare_rule(portal.portal, {**told, "active": False})
    assert (end.outcome, end.fields) == ("refused", ("city",))


@pytest.mark.parametrize("bound", ["every", "never"])
def test_13a_a_property_that_must_be_there_is_told_in_the_portals_words(
    connector: HubspotConnector, portal: HubspotWorld, unique: str, bound: str
) -> None:
    portal.switches.write_rules = bound
    rule = {"kind": "required", "object": "contacts", "names": ["jobtitle"]}
    declare_rule(portal.portal, rule)
    try:
        [end] = connector.write("contacts", [creating(unique)])
    finally:
        declare_rule(portal.portal, {**rule, "active": False})
    assert end.outcome == ("refused" if bound == "every" else "written")
    assert ("required" in end.message) == (bound == "every")
