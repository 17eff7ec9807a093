"""What the HubSpot connector must not fall for when it writes: each test is a trap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from connectors.sandboxes import Sandbox
from crmsync.connectors.base import Cells, WriteRequest
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.connectors.hubspot.values import to_wire
from crmsync.testing.proxy import Proxy, drops, rewrites, says

Open = Callable[..., HubspotConnector]


@pytest.fixture
def opens(open_hubspot: Open) -> Open:
    return open_hubspot


PRIMARY = "associations.companies.primary"


PARENT = "associations.companies.parent"


@pytest.fixture
def connector(opens: Open) -> HubspotConnector:
    return opens()


def creating(key: str, **cells: str | None) -> WriteRequest:
    given: Cells = {"lastname": key, "email": f"{key}@keys.example", **cells}
    return WriteRequest(key, "create", None, key, given)


def changing(one: str, cells: Cells) -> WriteRequest:
    return WriteRequest(f"u{one}", "update", one, None, cells)


def ask(sandbox: Sandbox, path: str, body: Any) -> Any:
    access = sandbox.access["hubspot"]
    headers = {"Authorization": f"Bearer {access['token']}"}
    answer = httpx.post(access["url"] + path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return answer.json()


def types_of(sandbox: Sandbox, from_object: str, to_object: str, one: str) -> dict[str, set[int]]:
    """Type ids of one record's ties, by the other record."""
    path = f"/crm/v4/associations/{from_object}/{to_object}/batch/read"
    results = ask(sandbox, path, {"inputs": [{"id": one}]})["results"]
    return {
        str(to["toObjectId"]): {int(kind["typeId"]) for kind in to["associationTypes"]}
        for result in results
        for to in result["to"]
    }


def merges_into(survivor: str, **more: str) -> Any:
    """A batch answer as after a merge: the first record answers under a third id."""

    def change(body: Any) -> Any:
        first, *others = body["results"]
        return body | {"results": [{**first, "id": survivor, **more}, *others]}

    return rewrites(change)


def test_an_update_that_a_merged_record_took_is_missing_and_says_who_took_it(
    connector: HubspotConnector, hubspot_proxy: Proxy, unique: str
) -> None:
    [made] = connector.write("contacts", [creating(unique)])
    hubspot_proxy.only = "/batch/update"
    for trace, outcome, words in (("0", "missing", "888"), ("", "unknown", "not name")):
        hubspot_proxy.faults = [merges_into("888", objectWriteTraceId=trace)]
        [result] = connector.write("contacts", [changing(made.native_id or "", {"jobtitle": "x"})])
        assert (result.outcome, result.native_id) == (outcome, made.native_id)
        assert words in result.message


def test_results_in_another_order_go_to_their_requests(
    connector: HubspotConnector, hubspot_proxy: Proxy, unique: str
) -> None:
    connector.schema("contacts")
    hubspot_proxy.only = "/batch/up"
    hubspot_proxy.faults = [rewrites(lambda body: body | {"results": body["results"][::-1]})]
    keys = [f"{unique}{at}" for at in range(5)]
    results = connector.write("contacts", [creating(key) for key in keys])
    ids = {key: result.native_id for key, result in zip(keys, results, strict=True)}
    assert connector.find("contacts", keys) == ids


def test_a_request_named_neither_among_results_nor_errors_is_unknown(
    connector: HubspotConnector, hubspot_proxy: Proxy, unique: str
) -> None:
    connector.schema("contacts")
    hubspot_proxy.only = "/batch/up"
    hubspot_proxy.faults = [rewrites(lambda body: body | {"results": body["results"][:1]})]
    results = connector.write("contacts", [creating(unique + "a"), creating(unique + "b")])
    assert sorted(one.outcome for one in results) == ["unknown", "written"]


@pytest.mark.parametrize("status", [400, 409])
def test_a_batch_refused_as_a_whole_is_halved_until_the_culprit_stands_alone(
    connector: HubspotConnector, hubspot_proxy: Proxy, unique: str, status: int
) -> None:
    def refuses_culprits(seen: Any, forward: Any) -> Any:
        if b"Culprit" not in seen.body:
            return forward()
        body = {
            "category": "VALIDATION_ERROR",
            "message": 'Property values were not valid: [{"isValid":false,"name":"jobtitle"}]',
        }
        return says(status, body)(seen, forward)

    connector.schema("contacts")
    hubspot_proxy.only, hubspot_proxy.always = "/batch/up", refuses_culprits
    requests = [creating(f"{unique}{at}") for at in range(7)]
    requests.insert(5, creating(f"{unique}x", jobtitle="Culprit"))
    results = connector.write("contacts", requests)
    assert [one.outcome for one in results] == ["written"] * 5 + ["refused"] + ["written"] * 2
    assert results[5].fields == ("jobtitle",)


def test_what_is_turned_away_in_the_middle_of_a_halved_batch_is_unknown(
    connector: HubspotConnector, hubspot_proxy: Proxy, unique: str
) -> None:
    connector.schema("contacts")
    hubspot_proxy.only = "/batch/up"
    hubspot_proxy.faults = [says(400, {}), rewrites(lambda body: body), drops]
    results = connector.write("contacts", [creating(unique + "a"), creating(unique + "b")])
    assert [one.outcome for one in results] == ["written", "unknown"]


def test_an_address_that_another_contact_has_is_refused_with_its_id(
    connector: HubspotConnector, sandbox: Sandbox, unique: str
) -> None:
    taken = f"{unique}@taken.example"
    holder = sandbox.hubspot.put("contacts", {"email": taken})
    results = connector.write(
        "contacts", [creating(unique, email=taken), creating(unique + "free")]
    )
    assert [one.outcome for one in results] == ["refused", "written"]
    assert holder in results[0].message


def test_a_blank_is_sent_as_an_empty_text(
    connector: HubspotConnector, hubspot_proxy: Proxy, unique: str
) -> None:
    [made] = connector.write("contacts", [creating(unique, jobtitle="Buyer")])
    connector.write("contacts", [changing(made.native_id or "", {"jobtitle": None})])
    [sent] = hubspot_proxy.seen[-1].json["inputs"]
    assert sent["properties"] == {"jobtitle": ""}


def test_options_are_replaced_and_never_added_to() -> None:
    assert to_wire(";a;b", "multipicklist") == "a;b"
    assert to_wire(";a", "string") == ";a"


def test_a_primary_company_is_set_moved_and_taken_away(
    connector: HubspotConnector, sandbox: Sandbox, unique: str
) -> None:
    one, other = (sandbox.hubspot.put("companies", {"name": f"{unique}{at}"}) for at in "ab")
    [made] = connector.write("contacts", [creating(unique, **{PRIMARY: one})])
    person = made.native_id or ""
    assert made.outcome == "written"
    assert connector.get("contacts", [person], [PRIMARY])[person] == {PRIMARY: one}
    for wanted in (other, None):
        [result] = connector.write("contacts", [changing(person, {PRIMARY: wanted})])
        assert result.outcome == "written"
        assert connector.get("contacts", [person], [PRIMARY])[person] == {PRIMARY: wanted}
    assert types_of(sandbox, "contacts", "companies", person) == {one: {279}}


def test_a_deal_has_a_primary_company_of_its_own_type(
    connector: HubspotConnector, sandbox: Sandbox, unique: str
) -> None:
    company = sandbox.hubspot.put("companies", {"name": unique})
    values = {"dealname": unique, "dealstage": "contractsent", "pipeline": "default"}
    deal = sandbox.hubspot.put("deals", values)
    [result] = connector.write("deals", [changing(deal, {PRIMARY: company, "amount": "1200.5"})])
    assert result.outcome == "written"
    cells = {PRIMARY: company, "amount": "1200.5"}
    assert connector.get("deals", [deal], [PRIMARY, "amount"])[deal] == cells
    assert types_of(sandbox, "deals", "companies", deal)[company] >= {5}


def test_setting_the_primary_company_keeps_the_labels_of_the_tie(
    connector: HubspotConnector, sandbox: Sandbox, unique: str
) -> None:
    company = sandbox.hubspot.put("companies", {"name": unique})
    person = sandbox.hubspot.put("contacts", {"email": f"{unique}@labels.example"})
    sandbox.hubspot.associate("contacts", person, "companies", company, [279, 931])
    connector.write("contacts", [changing(person, {PRIMARY: company})])
    assert types_of(sandbox, "contacts", "companies", person)[company] == {279, 931, 1}


def test_a_parent_company_is_replaced_and_taken_away(
    connector: HubspotConnector, sandbox: Sandbox, unique: str
) -> None:
    child, one, other = (
        sandbox.hubspot.put("companies", {"name": f"{unique}{at}"}) for at in "abc"
    )
    for wanted in (one, other, None):
        [result] = connector.write("companies", [changing(child, {PARENT: wanted})])
        assert result.outcome == "written", result.message
        assert connector.get("companies", [child], [PARENT])[child] == {PARENT: wanted}


def test_a_tie_to_nothing_is_refused_though_the_properties_were_written(
    connector: HubspotConnector, unique: str
) -> None:
    requests = [creating(unique, **{PRIMARY: "999999999997"}), creating(unique + "b")]
    results = connector.write("contacts", requests)
    assert [one.outcome for one in results] == ["refused", "written"]
    assert results[0].fields == (PRIMARY,)
    assert results[0].native_id


def test_a_locked_record_is_waited_for(
    connector: HubspotConnector, hubspot_proxy: Proxy, slept: list[float], unique: str
) -> None:
    connector.schema("contacts")
    hubspot_proxy.faults = [says(423, {})]
    [result] = connector.write("contacts", [creating(unique)])
    assert (result.outcome, slept) == ("written", [2.0])
