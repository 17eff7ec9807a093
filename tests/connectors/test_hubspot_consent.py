"""Opt-outs go through communication preferences, to the address of the moment, and never back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from connectors import opted_out, rigs
from connectors.opted_out import ALL, OUT, OUT_OF_ONE, Open, changed, held, out
from connectors.sandboxes import Sandbox
from crmsync.connectors.base import WriteRequest
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.connectors.hubspot.rights import needs
from crmsync.connectors.hubspot.scopes import SET_CONSENT
from crmsync.core.rights import Demand
from crmsync.errors import ConfigInvalid
from crmsync.sandbox.hubspot import consent
from crmsync.sandbox.hubspot.contact_properties import SUBSCRIPTIONS
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.testing.proxy import Proxy, drops, loses, says

portal = opted_out.portal
unique = opted_out.unique
connector = opted_out.connector
email = opted_out.email
ana = opted_out.ana
BASIS = {"legal_basis": "LEGITIMATE_INTEREST_CLIENT", "legal_basis_explanation": "asked by phone"}


def test_it_can_be_written_and_only_to_true(connector: HubspotConnector) -> None:
    for name in (OUT, OUT_OF_ONE):
        field = connector.schema("contacts").fields[name]
        assert (field.writable, field.createable, field.options) == (
            True,
            True,
            frozenset(("true",)),
        )
    assert OUT not in connector.schema("companies").fields


@pytest.mark.parametrize("version", ["v3", "2026-03"])
@pytest.mark.parametrize("as_property", [False, True])
def test_an_opt_out_ends_every_subscription_and_the_property_follows(
    open_hubspot: Open,
    portal: HubspotWorld,
    hubspot_proxy: Proxy,
    ana: str,
    email: str,
    version: str,
    as_property: bool,
) -> None:
    portal.switches.writable_optout = as_property
    connector = open_hubspot(api_version=version)
    assert changed(connector, ana, **{OUT: "true"}).outcome == "written"
    assert out(portal, email)
    assert held(connector, ana, OUT) == {OUT: "true"}
    told = "v4" if version == "v3" else version
    address = email.replace("@", "%40")
    path = f"/communication-preferences/{told}/statuses/{address}/{ALL}?channel=EMAIL"
    assert [one.path for one in hubspot_proxy.seen if ALL in one.path] == [path]
    assert not hubspot_proxy.count("/batch/update")


def test_an_opt_out_of_one_subscription_leaves_the_others(
    connector: HubspotConnector, portal: HubspotWorld, ana: str, email: str
) -> None:
    assert changed(connector, ana, **{OUT_OF_ONE: "true"}).outcome == "written"
    assert held(connector, ana, OUT, OUT_OF_ONE) == {OUT: None, OUT_OF_ONE: "true"}
    others = [str(one[0]) for one in SUBSCRIPTIONS[1:]]
    statuses = {consent.status_of(portal.portal, email, one) for one in others}
    assert statuses == {consent.NOT_SPECIFIED}


@pytest.mark.parametrize("name", [OUT, OUT_OF_ONE])
@pytest.mark.parametrize("value", ["false", None])
def test_nobody_is_subscribed_again(
    connector: HubspotConnector,
    portal: HubspotWorld,
    hubspot_proxy: Proxy,
    ana: str,
    email: str,
    name: str,
    value: str | None,
) -> None:
    consent.opt_out_of_all(portal.portal, email)
    end = changed(connector, ana, jobtitle="Chair", **{name: value})
    assert (end.outcome, end.fields) == ("refused", (name,))
    assert "never taken back" in end.message
    assert out(portal, email)
    assert not hubspot_proxy.count("communication-preferences")
    assert not hubspot_proxy.count("/batch/update")


def test_a_contact_without_an_address_is_refused_with_what_helps_and_the_rest_is_written(
    connector: HubspotConnector, portal: HubspotWorld, hubspot_proxy: Proxy
) -> None:
    one = portal.put("contacts", {"lastname": "Nobody"})
    alone = changed(connector, one, **{OUT: "true"})
    assert (alone.outcome, alone.native_id, alone.fields) == ("refused", one, (OUT,))
    assert "give it one" in alone.message
    beside = changed(connector, one, jobtitle="Chair", **{OUT: "true"})
    assert (beside.outcome, beside.fields) == ("written", (OUT,))
    assert held(connector, one, "jobtitle", OUT) == {"jobtitle": "Chair", OUT: None}
    assert not hubspot_proxy.count("communication-preferences")


def test_a_record_that_is_gone_is_missing(
    connector: HubspotConnector, ana: str, hubspot_proxy: Proxy
) -> None:
    connector.remove_record("contacts", ana)
    assert changed(connector, ana, **{OUT: "true"}).outcome == "missing"
    assert not hubspot_proxy.count("communication-preferences")


def test_each_result_is_that_of_its_request(
    connector: HubspotConnector, portal: HubspotWorld, hubspot_proxy: Proxy, unique: str
) -> None:
    emails = [f"{unique}{at}@consent.example" for at in range(4)]
    ids = [portal.put("contacts", {"email": email}) for email in emails]
    refused = [WriteRequest("bad", "update", ids[0], None, {"email": "none", OUT: "true"})]
    mixed = [WriteRequest(one, "update", one, None, {OUT: "true"}) for one in ids[1:]]
    hubspot_proxy.only, hubspot_proxy.faults = ALL, [says(400, {"message": "no"}), loses]
    ends = connector.write("contacts", [*refused, *mixed])
    assert [end.outcome for end in ends] == ["refused", "refused", "unknown", "written"]
    assert [end.native_id for end in ends] == ids
    assert [out(portal, email) for email in emails] == [False, False, True, True]


def test_a_portal_that_went_away_is_not_asked_for_the_rest(
    connector: HubspotConnector, portal: HubspotWorld, hubspot_proxy: Proxy, unique: str
) -> None:
    ids = [portal.put("contacts", {"email": f"{unique}{at}@consent.example"}) for at in "abc"]
    connector.schema("contacts")
    daily = {"message": "You have reached your daily limit.", "policyName": "DAILY"}
    hubspot_proxy.only, hubspot_proxy.always = ALL, says(429, daily)
    requests = [WriteRequest(one, "update", one, None, {OUT: "true"}) for one in ids]
    assert [end.outcome for end in connector.write("contacts", requests)] == ["unknown"] * 3
    assert hubspot_proxy.count(ALL) == 1


def test_a_lost_answer_is_unknown_and_sent_once(
    connector: HubspotConnector, hubspot_proxy: Proxy, ana: str
) -> None:
    connector.schema("contacts")
    hubspot_proxy.only, hubspot_proxy.faults = ALL, [drops]
    assert changed(connector, ana, **{OUT: "true"}).outcome == "unknown"
    assert hubspot_proxy.count(ALL) == 1
    assert changed(connector, ana, **{OUT: "true"}).outcome == "written"


def test_a_portal_that_asks_for_a_legal_basis_is_told_the_one_of_the_settings(
    open_hubspot: Open, portal: HubspotWorld, hubspot_proxy: Proxy, ana: str
) -> None:
    portal.switches.privacy_settings = True
    end = changed(open_hubspot(), ana, **{OUT_OF_ONE: "true"})
    assert end.outcome == "refused"
    assert "legal_basis_explanation" in end.message
    assert changed(open_hubspot(**BASIS), ana, **{OUT_OF_ONE: "true"}).outcome == "written"
    sent = [one.json for one in hubspot_proxy.seen if "/statuses/" in one.path][-1]
    assert sent["legalBasis"] == BASIS["legal_basis"]
    assert sent["legalBasisExplanation"] == BASIS["legal_basis_explanation"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({**BASIS, "legal_basis": "BECAUSE"}, "LEGITIMATE_INTEREST_PQL"),
        ({"legal_basis": BASIS["legal_basis"]}, "go together"),
        ({"legal_basis_explanation": "asked"}, "go together"),
    ],
)
def test_a_legal_basis_that_is_none_is_told_before_anything_is_sent(
    open_hubspot: Open, given: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigInvalid) as raised:
        open_hubspot(**given)
    [problem] = raised.value.problems
    assert words in problem.message + problem.remedy


def test_a_missing_scope_names_itself_and_what_was_written_stays(
    connector: HubspotConnector, hubspot_proxy: Proxy, ana: str
) -> None:
    scopes = {"requiredGranularScopes": ["communication_preferences.write"]}
    refusal = {"category": "MISSING_SCOPES", "message": "no scope", "context": scopes}
    hubspot_proxy.only, hubspot_proxy.always = ALL, says(403, refusal)
    end = changed(connector, ana, jobtitle="Chair", **{OUT: "true"})
    assert (end.outcome, end.fields) == ("written", (OUT,))
    assert "communication_preferences.write" in end.message
    assert held(connector, ana, "jobtitle") == {"jobtitle": "Chair"}


class _Sleeps(list[float]):
    """Notes what is slept, and lets the portal's clock go on by it."""

    def __init__(self, portal: HubspotWorld) -> None:
        super().__init__()
        self.portal = portal

    def append(self, seconds: float) -> None:
        super().append(seconds)
        self.portal.clock.advance(seconds)


@pytest.mark.parametrize(("lag", "slept", "told"), [(2, [1.0, 2.0], "true"), (60, [1, 2, 4], None)])
def test_a_property_that_lags_is_waited_for_and_not_for_ever(
    sandbox: Sandbox,
    portal: HubspotWorld,
    hubspot_proxy: Proxy,
    now: datetime,
    ana: str,
    email: str,
    lag: int,
    slept: list[float],
    told: str | None,
) -> None:
    portal.switches.optout_lag = lag
    sleeps: Any = _Sleeps(portal)
    settings = rigs.hubspot_settings(sandbox, hubspot_proxy)
    connector = rigs.hubspot_connector(settings, sleeps, now)
    assert changed(connector, ana, **{OUT: "true"}).outcome == "written"
    assert out(portal, email)
    assert sleeps == slept
    assert held(connector, ana, OUT) == {OUT: told}
    connector.close()


def test_the_scope_that_an_opt_out_takes_is_among_those_a_mapping_needs() -> None:
    def needed(*natives: str, object_: str = "contacts") -> set[str]:
        writes = dict.fromkeys(natives, ("opted_out",))
        demand = Demand(object_, reads={}, writes=writes, creates=False)
        return {need.right.place for need in needs([demand], lambda _: None, ())}

    assert SET_CONSENT in needed("city", OUT_OF_ONE)
    assert SET_CONSENT in needed("email")
    assert SET_CONSENT not in needed("city")
    assert SET_CONSENT not in needed("email", object_="companies")
