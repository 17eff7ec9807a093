"""Traps of Salesforce: 16.1, known traps of the client library, 16.2, of connectors in general. One test a trap.

Left out of 16.1, for the connector has no such call:
- 9 to 15: its bulk ingest, whose clean-up, line ends, column order, sizes and file names are its own; writes go by
  Collections, and a delete is one call (9 is tested for that);
- 16, second half: naive datetimes in getUpdated and getDeleted;
- 17: assertions against test.salesforce.com; `url` is always the host of the org itself;
- 19: how slowly the library is developed.
Of 16.1, 18 (threads that share a session) is in
test_salesforce_tokens.py::test_threads_that_meet_a_401_together_renew_once and
test_salesforce_tokens.py::test_every_thread_gets_the_answer_to_its_own_question.
Of 16.2, watermarks are in test_salesforce_changes.py::test_a_late_commit_with_an_older_stamp_is_not_lost and
test_salesforce_changes.py::test_more_records_of_one_stamp_than_a_page_are_read_once; broken pieces of bulk results in
test_salesforce_bulk_reading.py::test_half_a_page_that_comes_as_the_whole_is_asked_for_again,
and the token in a long download of them in
test_salesforce_bulk_reading.py::test_a_token_is_renewed_in_the_middle_of_the_pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connectors.bulk_rig import bulk_org, table
from connectors.sandboxes import Sandbox
from connectors.trapping import DEAL, creating, refusal, rows_of, updating
from crmsync.connectors.base import WriteRequest
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.errors import AccessDenied
from crmsync.sandbox.salesforce.declaring import declare
from crmsync.sandbox.salesforce.late_commits import commit_transaction, open_transaction
from crmsync.sandbox.salesforce.switches import SWITCHES, set_switch
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.testing.proxy import HTML, Proxy, rewrites, says

Open = Callable[..., SalesforceConnector]
NO_PROXY_THERE = "http://127.0.0.1:9"  # the port of `discard`, where nothing listens
EXPIRED = refusal(401, "INVALID_SESSION_ID", "Session expired or invalid")


@pytest.fixture
def opens(open_salesforce: Open) -> Open:
    return open_salesforce


@pytest.fixture
def connector(opens: Open) -> SalesforceConnector:
    return opens()


@pytest.fixture
def org(sandbox: Sandbox) -> SalesforceWorld:
    return sandbox.salesforce


@pytest.fixture
def app(opens: Open, sandbox: Sandbox) -> SalesforceConnector:
    """Opened with the id and secret of an app, so that it can get a new token."""
    access = sandbox.access["salesforce"]
    return opens(token="", client_id=access["client_id"], client_secret=access["client_secret"])


@pytest.fixture
def unique(unique: str) -> str:
    return f"trap16-{unique}"


# 16.1 The library


def test_16_1_01_headers_are_sent_again_after_a_new_token(
    app: SalesforceConnector, salesforce_proxy: Proxy, unique: str
) -> None:
    app.schema("Lead")
    salesforce_proxy.only, salesforce_proxy.faults = "composite/sobjects", [EXPIRED]
    request = WriteRequest("l", "create", None, unique, {"LastName": unique, "Company": "A"})
    assert app.write("Lead", [request])[0].outcome == "written"
    writes = [one for one in salesforce_proxy.seen if "composite/sobjects" in one.path]
    assert [one.headers.get("sforce-auto-assign") for one in writes] == ["FALSE", "FALSE"]
    assert salesforce_proxy.count("/oauth2/token") == 2


def test_16_1_02_a_session_that_stays_invalid_has_an_end(
    app: SalesforceConnector, salesforce_proxy: Proxy, unique: str
) -> None:
    """The library logs in hundreds of times, which can lock a user."""
    app.schema("Contact")
    before = salesforce_proxy.count("/oauth2/token")
    salesforce_proxy.only, salesforce_proxy.always = "sobjects", EXPIRED
    with pytest.raises(AccessDenied):
        app.write("Contact", [creating(unique)])
    assert salesforce_proxy.count("/oauth2/token") == before + 1


@pytest.mark.parametrize("body", [b"", HTML, {}, [], ["x"]], ids=str)
def test_16_1_03_a_401_of_any_shape_is_one_about_access(
    connector: SalesforceConnector, salesforce_proxy: Proxy, body: Any
) -> None:
    salesforce_proxy.always = says(401, body)
    with pytest.raises(AccessDenied) as raised:
        connector.whoami()
    assert raised.value.remedy


def test_16_1_04_an_app_renews_its_token_and_a_given_token_says_that_it_cannot(
    app: SalesforceConnector, connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    salesforce_proxy.only, salesforce_proxy.faults = "/query/", [EXPIRED]
    assert app.whoami().id
    salesforce_proxy.faults = [EXPIRED]
    with pytest.raises(AccessDenied) as raised:
        connector.whoami()
    assert "client_id" in raised.value.remedy


def test_16_1_05_proxies_and_certificates_of_the_environment_are_of_no_concern_on_this_machine(
    opens: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, "/nowhere/ca.pem")
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, NO_PROXY_THERE)
        monkeypatch.setenv(name.upper(), NO_PROXY_THERE)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert opens().whoami().id


def test_16_1_06_a_server_that_fails_for_a_moment_is_asked_again(
    connector: SalesforceConnector, salesforce_proxy: Proxy, slept: list[float]
) -> None:
    """Time limits of every call: `test_4_every_call_has_a_time_limit`."""
    salesforce_proxy.faults = [says(503, HTML), says(502)]
    assert connector.whoami().id
    assert slept == [0.5, 1.0]


def test_16_1_07_a_header_of_ours_is_on_every_call_before_and_after_a_new_token(
    app: SalesforceConnector, salesforce_proxy: Proxy, unique: str
) -> None:
    app.whoami()
    salesforce_proxy.only, salesforce_proxy.faults = "/services/data", [EXPIRED]
    app.schema("Contact")
    [result] = app.write("Contact", [creating(unique)])
    app.get("Contact", [result.native_id or ""], ["LastName"])
    list(app.read("Account", ["Name"]))
    asked = [one for one in salesforce_proxy.seen if "/services/data" in one.path]
    assert len(asked) >= 6
    assert {one.headers.get("sforce-call-options") for one in asked} == {"client=crmsync"}


def test_16_1_08_the_address_of_a_next_page_is_asked_as_it_was_told(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    assert len(rows_of(connector, "Contact")) >= 2001
    pages = [one.path for one in salesforce_proxy.seen if "/query/01g" in one.path]
    assert pages
    assert all(path.count("/services/data/") == 1 for path in pages)


def test_16_1_09_an_answer_without_a_body_is_what_a_delete_expects(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str
) -> None:
    one = org.put("Contact", {"LastName": unique})
    connector.remove_record("Contact", one)
    assert connector.get("Contact", [one], []) == {}


@pytest.mark.parametrize("odd", ["a b", "a+b", "a%2Bb", "a?b&c=d", "ñ#1", "a'b\\"])
def test_16_1_16_a_key_means_the_same_in_an_address_in_a_query_and_in_a_body(
    connector: SalesforceConnector,
    org: SalesforceWorld,
    salesforce_proxy: Proxy,
    unique: str,
    odd: str,
) -> None:
    """The library writes a blank as `+` in an address. Only a duplicate is asked for by an address."""
    rule = {
        "kind": "duplicate",
        "object": "Contact",
        "name": "DR_of_keys",
        "match": ["AssistantName"],
    }
    key = f"{unique} {odd}"
    there = org.put("Contact", {"LastName": unique, "AssistantName": unique})
    declare(org, rule)

    def lifts(seen: Any, forward: Any) -> Any:
        declare(org, {**rule, "active": False})
        return forward()

    connector.schema("Contact")
    salesforce_proxy.only, salesforce_proxy.faults = "sobjects/Contact/crmsync_key__c/", [lifts]
    request = WriteRequest("c", "create", None, key, {"LastName": "x", "AssistantName": unique})
    [result] = connector.write("Contact", [request])
    declare(org, {**rule, "active": False})
    assert (result.outcome, result.created) == ("written", True)
    assert connector.find("Contact", [key]) == {key: result.native_id}
    assert result.native_id != there


# 16.2 Connectors in general


def test_16_2_rows_of_one_moment_are_all_read(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str
) -> None:
    """Thousands bear the stamp of one bulk update; a read by stamp loses some, or never ends."""
    moment = "2026-01-01T00:00:00.000+0000"
    stamps = {"SystemModstamp": moment, "LastModifiedDate": moment, "CreatedDate": moment}
    ids = {org.put("Lead", {"LastName": unique, "Company": "A", **stamps}) for _ in range(30)}
    set_switch(org.tables, "most_page_rows", 7)
    read = rows_of(connector, "Lead")
    set_switch(org.tables, "most_page_rows", SWITCHES["most_page_rows"].default)
    assert ids <= read.keys()


def test_16_2_what_is_committed_late_is_in_the_next_whole_read(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str
) -> None:
    records = [{"LastName": unique, "Company": "A"}]
    waiting = open_transaction(org, {"object": "Lead", "records": records})
    org.clock.advance(3600)
    rows_of(connector, "Lead")
    assert commit_transaction(org, waiting)["ids"][0] in rows_of(connector, "Lead")


@pytest.mark.parametrize("object_", ["Account", "Contact", "Lead", "Opportunity"])
def test_16_2_the_stamp_of_every_object_is_that_of_the_system(
    connector: SalesforceConnector, salesforce_proxy: Proxy, object_: str
) -> None:
    list(connector.read(object_, []))
    asked = [one.path for one in salesforce_proxy.seen if "SystemModstamp" in one.path]
    assert asked
    assert not any("LastModifiedDate" in path for path in asked)


def test_16_2_null_bytes_in_bulk_results_cost_no_record_and_no_letter() -> None:
    with bulk_org() as made:
        made.turn(bulk_polls=0)
        ids = [made.world.put("Contact", {"LastName": name}) for name in ("before", "x", "after")]
        held = made.world.rows.get("Contact", ids[1]) or {}
        # As the database of an org may hold it, past what an import would tidy.
        made.world.rows.save("Contact", ids[1], {**held, "LastName": "nu\x00ll"})
        in_bulk = table(made.open().read("Contact", ["LastName"]))
        assert "GET jobs/query/results" in made.opened[-1].meter.by_path
        assert in_bulk == table(made.open("never").read("Contact", ["LastName"]))
    assert {row["_id"]: row["LastName"] for row in in_bulk}[ids[1]] == "nu\x00ll"
    assert len(in_bulk) == 3


def test_16_2_deleted_rows_are_in_no_read(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str
) -> None:
    gone = org.put("Lead", {"LastName": unique, "Company": "A"})
    connector.remove_record("Lead", gone)
    assert gone not in rows_of(connector, "Lead")
    assert connector.get("Lead", [gone], []) == {}


def test_16_2_a_token_that_ends_within_a_read_is_renewed_for_the_next_page(
    app: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    app.schema("Contact")
    salesforce_proxy.only, salesforce_proxy.faults = "/query/01g", [EXPIRED]
    assert len(rows_of(app, "Contact")) >= 2001
    assert salesforce_proxy.count("/query/01g") == 2
    assert salesforce_proxy.count("/oauth2/token") == 2


@pytest.fixture
def tier(org: SalesforceWorld) -> Iterator[str]:
    org.define_field("Contact", "Tier_16__c", "picklist", picklist=["Gold"], restricted=True)
    yield "Tier_16__c"
    org.drop_field("Contact", "Tier_16__c")


def test_16_2_a_restricted_picklist_refuses_by_name_and_another_takes_anything(
    opens: Open, org: SalesforceWorld, tier: str, unique: str
) -> None:
    connector = opens()
    one = org.put("Contact", {"LastName": unique})
    fields = connector.schema("Contact").fields
    assert fields[tier].options == frozenset(("Gold",))
    assert fields["LeadSource"].options is None
    [refused] = connector.write("Contact", [updating(one, **{tier: "Lead"})])
    assert (refused.outcome, refused.fields) == ("refused", (tier,))
    [taken] = connector.write("Contact", [updating(one, LeadSource="A word of mouth")])
    assert taken.outcome == "written"


def test_16_2_a_dependent_picklist_refuses_what_exists_for_others(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str
) -> None:
    rule = {"kind": "dependent", "object": "Lead", "field": "Rating", "controller": "Industry"}
    declare(org, {**rule, "allowed": {"Banking": ["Hot"], "Energy": ["Cold"]}})
    lead = org.put("Lead", {"LastName": unique, "Company": "A", "Industry": "Energy"})
    [refused] = connector.write("Lead", [updating(lead, Rating="Hot")])
    declare(org, {**rule, "active": False, "allowed": {}})
    assert (refused.outcome, refused.fields) == ("refused", ("Rating",))


def test_16_2_a_shared_address_makes_no_two_people_one(
    connector: SalesforceConnector, salesforce_proxy: Proxy, unique: str
) -> None:
    """An upsert by e-mail answers 300 where two have it; ours goes by a key that is unique."""
    mail = f"{unique}@people.example"
    both = [creating(f"{unique}{at}", Email=mail) for at in range(2)]
    results = connector.write("Contact", both)
    assert len({one.native_id for one in results if one.outcome == "written"}) == 2
    assert salesforce_proxy.count("sobjects/Contact/crmsync_key__c") == 1


def test_16_2_a_field_that_was_hidden_meanwhile_is_not_asked_for_and_its_write_names_it(
    opens: Open, org: SalesforceWorld, unique: str
) -> None:
    one = org.put("Contact", {"LastName": unique, "Department": "North"})
    before = opens()
    before.schema("Contact")
    org.hide_field("Contact", "Department")
    try:
        [refused] = before.write("Contact", [updating(one, Department="South", Title="x")])
        found = opens().get("Contact", [one], ["LastName", "Department"])
    finally:
        org.show_field("Contact", "Department")
    assert (refused.outcome, refused.fields) == ("refused", ("Department",))
    assert found == {one: {"LastName": unique}}


@pytest.mark.parametrize(("trims", "held"), [(True, "x y"), (False, "  x y ")])
def test_16_2_what_a_text_became_when_it_was_saved_is_read_back(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str, trims: bool, held: str
) -> None:
    """The engine settles with what it reads back, whether Salesforce trims or not."""
    set_switch(org.tables, "trim_text", trims)
    one = org.put("Contact", {"LastName": unique, "Department": "North"})
    [result] = connector.write("Contact", [updating(one, Title="  x y ", Department="")])
    set_switch(org.tables, "trim_text", SWITCHES["trim_text"].default)
    assert result.outcome == "written"
    cells = connector.get("Contact", [one], ["Title", "Department"])[one]
    assert cells == {"Title": held, "Department": None}


def test_16_2_what_a_formula_says_now_is_in_the_next_whole_read(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str
) -> None:
    """Its stamp may stand still where other records change it, so a whole read tells."""
    deal = org.put("Opportunity", {**DEAL, "Name": unique, "Amount": 100, "Probability": 50})
    assert rows_of(connector, "Opportunity", ["ExpectedRevenue"])[deal]["ExpectedRevenue"] == "50"
    row = org.rows.get("Opportunity", deal) or {}
    org.rows.save("Opportunity", deal, {**row, "ExpectedRevenue": 70.5})
    assert rows_of(connector, "Opportunity", ["ExpectedRevenue"])[deal]["ExpectedRevenue"] == "70.5"


def test_16_2_assignment_rules_give_nobody_another_owner(
    connector: SalesforceConnector, org: SalesforceWorld, unique: str
) -> None:
    owner = org.put(
        "User", {"LastName": unique, "Email": f"{unique}@sales.example", "IsActive": True}
    )
    when = [{"field": "Company", "is": "equal", "value": unique}]
    rule = {"kind": "assignment", "object": "Lead", "name": "Assign_16"}
    declare(org, {**rule, "entries": [{"when": when, "owner": owner}]})
    request = WriteRequest("l", "create", None, unique, {"LastName": unique, "Company": unique})
    [created] = connector.write("Lead", [request])
    lead = created.native_id or ""
    [changed] = connector.write("Lead", [updating(lead, Title="x")])
    declare(org, {**rule, "entries": [], "active": False})
    assert (created.outcome, changed.outcome) == ("written", "written")
    assert connector.get("Lead", [lead], ["OwnerId"])[lead]["OwnerId"] != owner


def test_16_2_a_query_may_promise_more_rows_than_there_are_by_its_end(
    connector: SalesforceConnector, salesforce_proxy: Proxy
) -> None:
    connector.schema("Contact")
    salesforce_proxy.only = "/query/"
    salesforce_proxy.faults = [rewrites(lambda page: page | {"totalSize": page["totalSize"] + 3})]
    assert len(rows_of(connector, "Contact")) >= 2001
