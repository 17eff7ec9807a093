"""Consent belongs to an address: the communication preferences of the simulated portal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hubspot_fixtures import CONTACTS, Served, serving

V3, V4 = "/communication-preferences/v3", "/communication-preferences/v4"
ANA = "ana@acme.example"
TYPE = 39_644_612


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    return server.reset()


@pytest.fixture
def ana(portal: Served) -> str:
    return portal.world.put("contacts", {"email": ANA})


def v3(portal: Served, type_id: int = TYPE) -> dict[str, Any]:
    body = portal.get(f"{V3}/status/email/{ANA}")
    found: dict[str, Any] = {one["id"]: one for one in body["subscriptionStatuses"]}[str(type_id)]
    return found


def v4(portal: Served, type_id: int = TYPE) -> dict[str, Any]:
    body = portal.get(f"{V4}/statuses/{ANA}", channel="EMAIL")
    found: dict[str, Any] = {one["subscriptionId"]: one for one in body["results"]}[type_id]
    return found


def change(portal: Served, state: str, expected: int = 200, **more: Any) -> Any:
    body = {"channel": "EMAIL", "statusState": state, "subscriptionId": TYPE, **more}
    return portal.post(f"{V4}/statuses/{ANA}", body, expected)


def test_who_said_nothing_is_not_subscribed_in_v3_and_not_specified_in_v4(portal: Served) -> None:
    assert v3(portal)["status"] == "NOT_SUBSCRIBED"
    assert v4(portal)["status"] == "NOT_SPECIFIED"
    names = {one["id"] for one in portal.get(f"{V3}/definitions")["subscriptionDefinitions"]}
    assert names == {one["id"] for one in portal.get(f"{V4}/definitions")["results"]}


def test_both_versions_write_the_same_state(portal: Served) -> None:
    body = {"emailAddress": ANA, "subscriptionId": str(TYPE)}
    assert portal.post(f"{V3}/subscribe", body)["status"] == "SUBSCRIBED"
    assert v4(portal)["status"] == "SUBSCRIBED"
    reasons = [
        change(portal, state)["results"][0]["setStatusSuccessReason"]
        for state in ("UNSUBSCRIBED", "UNSUBSCRIBED", "SUBSCRIBED")
    ]
    assert reasons == ["REQUESTED_CHANGE_OCCURRED", "NO_STATUS_CHANGE", "RESUBSCRIBE_OCCURRED"]
    assert v3(portal)["status"] == "SUBSCRIBED"
    portal.post(f"{V3}/unsubscribe", body)
    refused = portal.post(f"{V3}/unsubscribe", body, 400)
    assert refused["message"] == f"{ANA} is already unsubscribed from subscription {TYPE}"


def test_an_optout_of_one_type_is_told_by_its_own_property(portal: Served, ana: str) -> None:
    name = f"hs_email_optout_{TYPE}"
    change(portal, "UNSUBSCRIBED")
    assert portal.contact(ana, name)[name] == "true"
    assert portal.contact(ana, "hs_email_optout")["hs_email_optout"] is None
    change(portal, "SUBSCRIBED")
    assert portal.contact(ana, name)[name] == "false"
    refused = portal.patch(f"{CONTACTS}/{ana}", {name: "true"}, 400)
    assert f"{name} is a read only property; its value cannot be set" in refused["message"]


def test_an_optout_of_everything_outlives_the_contact(portal: Served, ana: str) -> None:
    path = f"{V4}/statuses/{ANA}/unsubscribe-all"
    assert portal.get(path, channel="EMAIL")["results"] == []
    assert portal.post(f"{path}?channel=EMAIL", None)["results"] == []
    assert len(portal.get(path, channel="EMAIL")["results"]) == 3
    assert v3(portal)["sourceOfStatus"] == "PORTAL_WIDE_STATUS"
    assert portal.contact(ana, "hs_email_optout")["hs_email_optout"] == "true"
    portal.call("DELETE", f"{CONTACTS}/{ana}", 204)
    again = portal.post(CONTACTS, {"properties": {"email": "Ana@Acme.example"}}, 201)["id"]
    assert portal.contact(again, "hs_email_optout")["hs_email_optout"] == "true"
    assert v4(portal)["status"] == "UNSUBSCRIBED"


def test_a_contact_that_moves_to_another_address_has_the_consent_of_that_one(
    portal: Served, ana: str
) -> None:
    name, other = f"hs_email_optout_{TYPE}", f"hs_email_optout_{TYPE + 1}"
    world = portal.world
    change(portal, "UNSUBSCRIBED")

    def told(email: str) -> list[str]:
        world.put("contacts", {"email": email}, ana)
        row = world.tables.get("contacts", ana) or {}
        return [row["properties"].get(each, "") for each in ("email", name, other)]

    assert told(ANA.upper())[1:] == ["true", ""]
    assert told("new@acme.example") == ["new@acme.example", "false", ""]
    assert told(ANA)[1:] == ["true", ""]


def test_verbose_tells_what_was_done(portal: Served) -> None:
    path = f"{V4}/statuses/{ANA}/unsubscribe-all?channel=EMAIL&verbose=true"
    told = portal.post(path, None)["results"]
    assert {one["setStatusSuccessReason"] for one in told} == {"UNSUBSCRIBE_FROM_ALL_OCCURRED"}


def test_one_type_subscribed_again_leaves_the_others_opted_out(portal: Served, ana: str) -> None:
    portal.post(f"{V4}/statuses/{ANA}/unsubscribe-all?channel=EMAIL", None)
    change(portal, "SUBSCRIBED")
    assert v4(portal)["status"] == "SUBSCRIBED"
    assert v4(portal, TYPE + 1)["status"] == "UNSUBSCRIBED"
    assert portal.contact(ana, "hs_email_optout")["hs_email_optout"] == "false"


def test_a_portal_can_refuse_to_subscribe_who_opted_out(portal: Served) -> None:
    portal.world.switches.resubscribe = False
    change(portal, "UNSUBSCRIBED")
    change(portal, "SUBSCRIBED", 400)
    assert v4(portal)["status"] == "UNSUBSCRIBED"


def test_a_legal_basis_is_needed_where_the_account_asks_for_one(portal: Served) -> None:
    change(portal, "SUBSCRIBED", legalBasis="NON_GDPR")
    portal.world.switches.privacy_settings = True
    change(portal, "UNSUBSCRIBED", 400)
    change(portal, "UNSUBSCRIBED", 400, legalBasis="BECAUSE", legalBasisExplanation="x")
    told: dict[str, Any] = {
        "legalBasis": "CONSENT_WITH_NOTICE",
        "legalBasisExplanation": "asked on the phone",
    }
    change(portal, "UNSUBSCRIBED", **told)
    assert v4(portal).items() >= told.items()


def test_what_makes_no_sense_is_refused(portal: Served) -> None:
    change(portal, "GONE", 400)
    change(portal, "SUBSCRIBED", 400, channel="SMS")
    change(portal, "SUBSCRIBED", 404, subscriptionId=5)
    body = {"emailAddress": "nobody", "subscriptionId": str(TYPE)}
    assert portal.post(f"{V3}/subscribe", body, 400)["status"] == "error"


def test_addresses_are_read_and_written_in_batches(portal: Served) -> None:
    batch = f"{V4}/statuses/batch"
    one = {"channel": "EMAIL", "subscriptionId": TYPE, "statusState": "UNSUBSCRIBED"}
    inputs = [{**one, "subscriberIdString": ANA}, {**one, "subscriberIdString": "nobody"}]
    told = portal.post(f"{batch}/write", {"inputs": inputs}, 207)
    assert (len(told["results"]), told["numErrors"]) == (1, 1)
    (read,) = portal.post(f"{batch}/read?channel=EMAIL", {"inputs": [ANA]})["results"]
    assert read["subscriberIdString"] == ANA
    assert {each["status"] for each in read["statuses"]} == {"UNSUBSCRIBED", "NOT_SPECIFIED"}
    portal.post(f"{batch}/unsubscribe-all?channel=EMAIL", {"inputs": [ANA]})
    (read,) = portal.post(f"{batch}/unsubscribe-all/read?channel=EMAIL", {"inputs": [ANA]})[
        "results"
    ]
    assert len(read["statuses"]) == 3
    portal.post(f"{batch}/read", {"inputs": [ANA] * 101}, 400)


def test_batches_need_marketing_hub_enterprise(portal: Served) -> None:
    portal.world.switches.batch_consent = False
    refused = portal.post(f"{V4}/statuses/batch/read", {"inputs": [ANA]}, 403)
    assert refused["category"] == "MISSING_SCOPES"


def test_the_version_of_september_has_the_words_of_v3_again(portal: Served) -> None:
    new = "/communication-preferences/2026-09"
    body = {"emailAddress": ANA, "subscriptionId": str(TYPE)}
    portal.post(f"{new}/unsubscribe", body)
    assert portal.post(f"{new}/resubscribe", body)["status"] == "SUBSCRIBED"
    assert portal.get(f"{new}/status/email/{ANA}")["recipient"] == ANA
    assert portal.get(f"{new}/statuses/{ANA}?channel=EMAIL")["results"]
    old = portal.http.get(f"/communication-preferences/2026-03/status/email/{ANA}")
    assert old.status_code == 404


def test_a_property_that_was_written_is_consent_too(portal: Served, ana: str) -> None:
    portal.world.switches.writable_optout = True
    portal.patch(f"{CONTACTS}/{ana}", {"hs_email_optout": "true"})
    assert v4(portal)["status"] == "UNSUBSCRIBED"
    portal.patch(f"{CONTACTS}/{ana}", {"hs_email_optout": "false"})
    assert v4(portal)["status"] == "NOT_SPECIFIED"
