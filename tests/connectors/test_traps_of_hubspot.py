"""Traps of HubSpot, by the sections of a fact sheet: 0 decisions, 1 ways in, 2 what the client library does.

The other sections: `test_traps_of_hubspot_reading.py` has 3.1 to 3.10 as far as they concern reading, and the threads
of 13b, `_tables.py` 4 to 7, `_limits.py` 13, and `_writing.py` all that concerns writing. One test a trap, named after
its section; 51 tests in the four files of reading. Tested elsewhere:

| section | by |
|---|---|
| 0.1, paths and versions | test_hubspot_limits.py::test_every_path_has_its_dated_form, and `test_hubspot_ways_in.py` |
| 0.9, waits without Retry-After | test_hubspot_limits.py::test_a_429_without_retry_after_waits_as_its_window_is_long |
| 1, both shapes of a missing scope | test_hubspot_limits.py::test_a_missing_scope_is_named |
| 1, OAuth and its refresh | `test_hubspot_tokens.py` |
| 2, an SSLError without a body | test_tls.py::test_hubspot_takes_the_same_setting |
| 2, 2xx other than the declared | `test_traps_of_hubspot_batches.py` |
| 3.1, addresses beyond 8 KB | test_hubspot_reading.py::test_many_properties_are_read_without_a_long_address |
| 3.9, search | `test_hubspot_searching.py` and `test_hubspot_changes.py` |
| 3.11, property history | `test_hubspot_histories.py` |
| 4, ties beyond a page | test_hubspot_ties.py::test_more_ties_than_a_page_come_whole |
| 5, writability | test_hubspot_reading.py::test_read_only_values_are_not_writable_though_not_calculated |
| 13, an account on the move | test_hubspot_limits.py::test_an_account_on_the_move_is_for_later |
| 13, every status at every call | `test_every_fault_in_every_verb.py` |

Left out of section 2, for they cannot happen here: `api_request`, `get_all`, `async_req` and the models of the client
are not used (`connectors/hubspot/session.py` takes the bytes of an answer); its `debug` is never set. Of 11: crmsync
has no webhooks. Of 13: the share of errors in a day is nothing that a sync can steer by.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import urllib3

from connectors.sandboxes import Sandbox
from crmsync.connectors.calls import TIMEOUT_S
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.errors import AccessDenied, CrmsyncError, Unavailable
from crmsync.testing.proxy import Proxy, proxied, says

Open = Callable[..., HubspotConnector]
ROOT = Path(__file__).parents[2]
TOKEN = "pat-na1-0a1b2c3d-0000-1111-2222-a4b5c6d7e8f9"  # made up


@pytest.fixture
def connector(open_hubspot: Open) -> HubspotConnector:
    return open_hubspot()


def test_0_3_a_record_is_found_though_search_lags_for_a_minute(
    connector: HubspotConnector, sandbox: Sandbox, hubspot_proxy: Proxy, unique: str
) -> None:
    """Search finds a write seconds later; what is found by key or id asks the records themselves."""
    sandbox.hubspot.switches.search_lag = 60
    sandbox.hubspot.define_property(
        "contacts", "crmsync_key", "string", "text", hasUniqueValue=True
    )
    try:
        one = sandbox.hubspot.put("contacts", {"lastname": unique, "crmsync_key": unique})
        assert connector.find("contacts", [unique]) == {unique: one}
        assert connector.get("contacts", [one], ["lastname"]) == {one: {"lastname": unique}}
        assert hubspot_proxy.count("/search") == 0
    finally:
        sandbox.hubspot.switches.search_lag = 0


def test_0_5_no_call_asks_for_more_than_a_page_or_a_batch_holds(
    connector: HubspotConnector, sandbox: Sandbox, hubspot_proxy: Proxy, unique: str
) -> None:
    made = [sandbox.hubspot.put("contacts", {"lastname": unique}) for _ in range(1001)]
    rows = [row for batch in connector.read("contacts", ["email"]) for row in batch.to_pylist()]
    ids = [row["_id"] for row in rows]
    assert set(made) < set(ids)
    assert len(connector.get("contacts", ids, ["email"])) == len(ids)
    list(connector.associations("contacts", "companies"))
    batches: dict[bool, list[int]] = {True: [], False: []}
    for seen in hubspot_proxy.seen:
        told = re.search(r"[?&]limit=(\d+)", seen.path)
        assert told is None or int(told[1]) <= 100
        if "/batch/read" in seen.path:
            batches["/associations/" in seen.path].append(len(seen.json["inputs"]))
    assert (max(batches[True]), max(batches[False])) == (1000, 100)


@pytest.mark.parametrize("empty", ["null", "left out"])
def test_0_10_empty_is_blank_and_undefined_has_no_column(
    connector: HubspotConnector, sandbox: Sandbox, unique: str, empty: str
) -> None:
    """The one comes as null, or not at all as a guide has it; the other is left out without an error."""
    one = sandbox.hubspot.put("companies", {"name": unique})
    sandbox.hubspot.switches.empty_properties = empty
    try:
        _reads_blank_and_no_column(connector, one, unique)
    finally:
        sandbox.hubspot.switches.empty_properties = "null"


def _reads_blank_and_no_column(connector: HubspotConnector, one: str, unique: str) -> None:
    batches = list(connector.read("companies", ["name", "phone", "no_such_property"]))
    assert "no_such_property" not in batches[0].schema.names
    rows = {row["_id"]: row for batch in batches for row in batch.to_pylist()}
    assert (rows[one]["name"], rows[one]["phone"]) == (unique, None)
    assert connector.get("companies", [one], ["phone"]) == {one: {"phone": None}}


@pytest.mark.parametrize(
    "body",
    [
        {"message": "The OAuth token used to make this call expired 0 second(s) ago.",
         "category": "EXPIRED_AUTHENTICATION", "context": {"expire time": ["2026-03-10T23:04:41.164Z"]}},
        {"message": "Authentication credentials not found.", "category": "INVALID_AUTHENTICATION"},
        {},
        b"",
    ],
)  # fmt: skip
def test_1_a_token_that_is_over_or_unknown_is_denied_whatever_is_said(
    connector: HubspotConnector, hubspot_proxy: Proxy, body: Any
) -> None:
    hubspot_proxy.always = says(401, body)
    with pytest.raises(AccessDenied) as raised:
        connector.whoami()
    assert raised.value.remedy
    assert hubspot_proxy.count("account-info") == 1, "a static token is not asked for again"


def test_1_a_token_that_an_answer_repeats_is_not_shown(
    open_hubspot: Open, hubspot_proxy: Proxy
) -> None:
    """Some older endpoints echo a part of it, or all."""
    connector = open_hubspot(token=TOKEN)
    told = f"The token {TOKEN} and {TOKEN[:16]}**** does not have proper permissions"
    hubspot_proxy.always = says(403, {"message": told})
    with pytest.raises(AccessDenied) as raised:
        connector.whoami()
    everything = f"{raised.value} {raised.value!r} {raised.value.remedy} {vars(raised.value)}"
    assert TOKEN not in everything
    assert TOKEN[8:16] not in everything


def test_1_the_name_of_the_account_is_its_number_whichever_its_data_centre(
    connector: HubspotConnector, hubspot_proxy: Proxy
) -> None:
    """One host serves all of them; only addresses of pages differ."""
    told = {"portalId": 27, "uiDomain": "app-eu1.hubspot.com", "dataHostingLocation": "eu1"}
    hubspot_proxy.faults = [says(200, told)]
    who = connector.whoami()
    assert (who.id, who.base_url) == ("27", "https://app-eu1.hubspot.com/contacts/27")


def test_2_no_call_is_without_a_time_limit(
    connector: HubspotConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client has none of its own, for any call."""
    limits: list[Any] = []
    real = urllib3.HTTPConnectionPool.urlopen

    def urlopen(self: Any, *arguments: Any, **options: Any) -> Any:
        limits.append(options.get("timeout"))
        return real(self, *arguments, **options)

    monkeypatch.setattr(urllib3.HTTPConnectionPool, "urlopen", urlopen)
    connector.whoami()
    connector.schema("deals")
    next(connector.read("contacts", ["email"]))
    connector.owners()
    connector.stages()
    assert len(limits) >= 6
    assert {(each.connect_timeout, each.read_timeout) for each in limits} == {TIMEOUT_S}


def test_2_a_call_is_repeated_by_us_alone(
    connector: HubspotConnector, hubspot_proxy: Proxy, slept: list[float]
) -> None:
    """urllib3 repeats a GET with Retry-After three times by itself, sleeping, and no POST at all."""
    connector.schema("contacts")
    for path, call in (
        ("account-info", connector.whoami),
        ("batch/read", lambda: connector.get("contacts", ["1"], ["email"])),
    ):
        hubspot_proxy.seen.clear()
        slept.clear()
        hubspot_proxy.only, hubspot_proxy.faults = path, [says(503, {}, Retry_After="7")]
        call()
        assert (hubspot_proxy.count(path), slept) == (2, [7.0])


def test_2_what_is_repeated_in_vain_keeps_the_words_of_hubspot(
    connector: HubspotConnector, hubspot_proxy: Proxy
) -> None:
    """The client would raise MaxRetryError and lose the body."""
    hubspot_proxy.always = says(503, {"message": "Down for repairs"})
    with pytest.raises(Unavailable, match="Down for repairs"):
        connector.whoami()


def test_2_one_pool_of_connections_serves_every_resource(connector: HubspotConnector) -> None:
    """The client makes a new one, with its own TLS, at every attribute access."""
    session = connector._api.session  # there is no other way to see it
    resources = (session.objects, session.batches, session.ties, session.owners, session.pipelines)
    assert len({id(each.api_client.rest_client.pool_manager) for each in resources}) == 1


def test_2_a_redirect_takes_the_token_nowhere(
    connector: HubspotConnector, hubspot_proxy: Proxy, sandbox: Sandbox
) -> None:
    """The client follows 307 by itself."""
    with proxied(sandbox.access["hubspot"]["url"]) as elsewhere:
        place = f"{elsewhere.url}/account-info/v3/details"
        hubspot_proxy.always = says(307, b"", Location=place)
        with pytest.raises(CrmsyncError):
            connector.whoami()
        assert elsewhere.seen == []


def test_2_the_release_of_urllib3_that_breaks_the_client_is_left_out() -> None:
    """2.6.0 removed what it calls: hubspot-api-python issue 460."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [each for each in project["project"]["dependencies"] if each.startswith("urllib3")]
    assert ["!=2.6.0" in each for each in wanted] == [True]
    assert version("urllib3") != "2.6.0"


def test_2_fields_that_the_models_of_the_client_do_not_know_are_no_trouble(
    connector: HubspotConnector, hubspot_proxy: Proxy, sandbox: Sandbox, unique: str
) -> None:
    one = sandbox.hubspot.put("contacts", {"lastname": unique})
    record = {"id": one, "properties": {"lastname": unique}, "url": "https://x.example", "new": {}}
    connector.schema("contacts")
    hubspot_proxy.faults = [says(200, {"results": [record], "warnings": [1], "unheard_of": {}})]
    assert connector.get("contacts", [one], ["lastname"]) == {one: {"lastname": unique}}


FILES = [
    Path(__file__).parent / f"test_traps_of_hubspot{part}.py"
    for part in ("", "_reading", "_tables", "_limits")
]


def test_the_number_of_traps_is_the_one_that_is_told() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FILES)
    count = len(re.findall(r"^def test_\d+[ab]?_", text, re.MULTILINE))
    assert f"section; {count} tests in the four files of reading" in (__doc__ or "")


def test_traps_that_are_tested_elsewhere_are_there() -> None:
    told = " ".join(
        ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "" for path in FILES
    )
    named = re.findall(r"(\w+\.py)::(\w+)", told)
    assert len(named) >= 7
    for file, name in named:
        assert f"def {name}(" in (FILES[0].parent / file).read_text(encoding="utf-8"), name
    for file in re.findall(r"`(test_\w+\.py)`", told):
        assert (FILES[0].parent / file).is_file(), file
