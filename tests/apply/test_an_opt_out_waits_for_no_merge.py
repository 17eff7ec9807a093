"""Two people whom somebody merged in HubSpot alone: all but an opt-out waits until Salesforce merges them, too."""

from __future__ import annotations

from typing import Any

import pytest

from apply.pairs import Pair, key_of, met
from crmsync.commands.audit import audit
from crmsync.commands.plan import changes_of
from crmsync.commands.rendering import explanations, explanations_json
from crmsync.commands.view import find_customers
from crmsync.core.planning import CONSENT_LANE
from crmsync.sandbox.hubspot import consent
from crmsync.sandbox.hubspot.merging import merge
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.sandbox.salesforce.becoming import merge_records

pytestmark = pytest.mark.slow


BOTH = pytest.mark.parametrize(
    "apart", [False, True], indirect=True, ids=["a new id", "the id of the primary"]
)


@pytest.fixture
def apart(pair: Pair, request: pytest.FixtureRequest) -> tuple[str, str, str]:
    """Two people of Salesforce, and the one whom people made of them in HubSpot."""
    pair.servers.hubspot.switches.merge_keeps_primary = getattr(request, "param", False)
    ana, eva = met(pair, "Ana"), met(pair, "Eva")
    pair.night()
    survivor = merge(pair.servers.hubspot.portal, OBJECTS["contacts"], ana[1], eva[1])
    return ana[0], eva[0], survivor


def named(pair: Pair) -> set[str]:
    pair.pull()
    [found] = audit(pair.workspace, select=["G07"]).results
    assert found.not_checked is None
    return {one.id for one in found.findings}


def test_who_opts_out_as_the_survivor_leaves_two_who_can_be_mailed(
    pair: Pair, apart: tuple[str, str, str]
) -> None:
    ana, eva, _ = apart
    consent.opt_out_of_all(pair.servers.hubspot.portal, "ana@people.example")
    assert named(pair) == {ana, eva}


def test_who_opts_out_in_salesforce_leaves_a_survivor_who_can_be_mailed(
    pair: Pair, apart: tuple[str, str, str]
) -> None:
    ana, _, survivor = apart
    pair.salesforce("Contact", ana, HasOptedOutOfEmail=True)
    assert named(pair) == {survivor}


def opted_out(pair: Pair, *ids: str) -> list[Any]:
    return [pair.of_salesforce("Contact", each)["HasOptedOutOfEmail"] for each in ids]


@BOTH
def test_the_opt_out_of_the_survivor_goes_to_both_and_nothing_else_does(
    pair: Pair, apart: tuple[str, str, str]
) -> None:
    ana, eva, survivor = apart
    consent.opt_out_of_all(pair.servers.hubspot.portal, "ana@people.example")
    pair.hubspot("contacts", survivor, jobtitle="Chair")
    told = [
        (c.lane, c.native_id, [each.field for each in c.cells]) for c in changes_of(pair.plan())
    ]
    out = [(lane, one, fields) for lane, one, fields in told if lane == CONSENT_LANE]
    assert sorted(out) == [(CONSENT_LANE, each, ["opted_out"]) for each in sorted((ana, eva))]
    assert eva not in [one for lane, one, _ in told if lane != CONSENT_LANE]
    assert set(pair.night().states) == {"VERIFIED"}
    assert opted_out(pair, ana, eva) == [True, True]
    assert not changes_of(pair.plan())
    assert named(pair) == set()


def contacts_out(pair: Pair, *ids: str) -> list[Any]:
    return [pair.of_hubspot("contacts", each)["hs_email_optout"] for each in ids]


@BOTH
def test_an_opt_out_of_one_of_two_goes_to_the_survivor_and_the_other_at_once(
    pair: Pair, apart: tuple[str, str, str]
) -> None:
    ana, eva, survivor = apart
    pair.salesforce("Contact", eva, HasOptedOutOfEmail=True)
    plan = pair.plan()
    to = {change.native_id: change.key for change in changes_of(plan)}
    assert set(to) == {survivor, ana}
    assert to[ana] == key_of(pair, "contact", ana)
    assert to[survivor] != key_of(pair, "contact", eva)
    assert pair.night().states == {"VERIFIED": 2}
    assert contacts_out(pair, survivor) == ["true"]
    assert opted_out(pair, ana, eva) == [True, True]
    assert not changes_of(pair.plan())


@BOTH
def test_two_opt_outs_of_two_people_wait_for_each_other_no_more_than_for_the_merge(
    pair: Pair, apart: tuple[str, str, str]
) -> None:
    ana, eva, survivor = apart
    pair.salesforce("Contact", ana, DoNotCall=True)
    pair.salesforce("Contact", eva, HasOptedOutOfEmail=True)
    told = {c.native_id: {each.field for each in c.cells} for c in changes_of(pair.plan())}
    assert told == {
        survivor: {"do_not_call", "opted_out"},
        ana: {"opted_out"},
        eva: {"do_not_call"},
    }
    assert pair.night().states == {"VERIFIED": 3}
    assert pair.of_hubspot("contacts", survivor)["do_not_call"] == "true"
    assert [pair.of_salesforce("Contact", each)["DoNotCall"] for each in (ana, eva)] == [True, True]
    assert opted_out(pair, ana, eva) == [True, True]
    assert contacts_out(pair, survivor) == ["true"]
    assert not changes_of(pair.plan())


def test_explain_says_that_a_customer_waits_for_a_merge_and_that_opt_outs_do_not(
    pair: Pair, apart: tuple[str, str, str]
) -> None:
    ana, eva, survivor = apart
    pair.salesforce("Contact", eva, HasOptedOutOfEmail=True)
    assert pair.night().states == {"VERIFIED": 2}
    pair.pull()
    found = find_customers(pair.workspace, ana)
    told = explanations(found, None, "en", unmask=True)
    assert f"became hubspot/contacts/{survivor} by a merge" in told
    apart_ = " and ".join(sorted(f"salesforce/Contact/{each}" for each in (ana, eva)))
    assert f"{apart_} are still apart" in told
    assert "goes to all of them" in told
    [one] = explanations_json(found, None, unmask=True)
    [waits] = one["waits_for_merge"]
    assert waits["survivor"] == f"hubspot/contacts/{survivor}"


def test_where_both_merged_others_an_opt_out_reaches_all_of_them_at_once(pair: Pair) -> None:
    ana, eva, zoe = (met(pair, name) for name in ("Ana", "Eva", "Zoe"))
    pair.night()
    survivor = merge(pair.servers.hubspot.portal, OBJECTS["contacts"], ana[1], eva[1])
    merge_records(
        pair.servers.salesforce, {"object": "Contact", "winner": zoe[0], "losers": [eva[0]]}
    )
    pair.salesforce("Contact", ana[0], HasOptedOutOfEmail=True)
    assert set(pair.night().states) == {"VERIFIED"}
    assert opted_out(pair, ana[0], zoe[0]) == [True, True]
    assert contacts_out(pair, survivor, zoe[1]) == ["true", "true"]
    assert not changes_of(pair.plan())
