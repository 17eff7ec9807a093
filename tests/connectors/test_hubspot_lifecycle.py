"""A lifecycle stage goes back in two requests, whatever a portal makes of a write that goes straight back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connectors.sandboxes import Sandbox
from crmsync.connectors.base import Cells, WriteRequest
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.sandbox.hubspot.merging import merge
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.sandbox.hubspot.switches import SWITCHES
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.testing.proxy import Proxy, drops, loses, says

Open = Callable[..., HubspotConnector]
STAGE = "lifecyclestage"


@pytest.fixture
def portal(sandbox: Sandbox) -> Iterator[HubspotWorld]:
    yield sandbox.hubspot
    for name, switch in SWITCHES.items():
        setattr(sandbox.hubspot.switches, name, switch.default)


@pytest.fixture
def unique(unique: str) -> str:
    return f"lifecycle-{unique}-"


@pytest.fixture
def connector(open_hubspot: Open, hubspot_proxy: Proxy) -> HubspotConnector:
    opened = open_hubspot()
    for object_ in ("contacts", "companies"):
        opened.schema(object_)
    hubspot_proxy.seen.clear()
    return opened


@pytest.fixture
def customer(portal: HubspotWorld, unique: str) -> str:
    return portal.put("contacts", {"email": f"{unique}@stages.example", STAGE: "customer"})


def changing(one: str, **cells: str | None) -> WriteRequest:
    given: Cells = dict(cells)
    return WriteRequest(one, "update", one, None, given)


def stage_of(connector: HubspotConnector, one: str, object_: str = "contacts") -> str | None:
    return connector.get(object_, [one], [STAGE])[one][STAGE]


def sent(proxy: Proxy) -> list[list[dict[str, Any]]]:
    """The properties of each batch of updates, input by input."""
    batches = [one.json for one in proxy.seen if one.path.endswith("/batch/update")]
    return [[one["properties"] for one in batch["inputs"]] for batch in batches]


@pytest.mark.parametrize("how", ["ignored", "accepted", "refused"])
@pytest.mark.parametrize("object_", ["contacts", "companies"])
def test_a_stage_goes_back_in_two_requests_whatever_the_portal_thinks_of_one(
    connector: HubspotConnector,
    portal: HubspotWorld,
    hubspot_proxy: Proxy,
    unique: str,
    how: str,
    object_: str,
) -> None:
    portal.switches.lifecycle_backward = how
    one = portal.put(object_, {"city": unique, STAGE: "customer"})
    [end] = connector.write(object_, [changing(one, lifecyclestage="lead", city="Vigo")])
    assert (end.outcome, end.fields) == ("written", ())
    assert sent(hubspot_proxy) == [[{STAGE: "", "city": "Vigo"}], [{STAGE: "lead"}]]
    assert stage_of(connector, one, object_) == "lead"


@pytest.mark.parametrize(
    ("old", "new"), [("lead", "customer"), ("customer", "customer"), ("", "lead"), ("lead", None)]
)
def test_what_does_not_go_back_is_one_request(
    connector: HubspotConnector,
    portal: HubspotWorld,
    hubspot_proxy: Proxy,
    old: str,
    new: str | None,
) -> None:
    one = portal.put("contacts", {"lastname": "Gil", STAGE: "lead"})
    portal.put("contacts", {STAGE: old}, one)
    [end] = connector.write("contacts", [changing(one, lifecyclestage=new)])
    assert end.outcome == "written"
    assert sent(hubspot_proxy) == [[{STAGE: new or ""}]]
    assert stage_of(connector, one) == new


def test_one_batch_mixes_both_ways_and_asks_once_how_they_stand(
    connector: HubspotConnector, portal: HubspotWorld, hubspot_proxy: Proxy
) -> None:
    olds, news = ("customer", "lead", "evangelist"), ("lead", "customer", "opportunity")
    ids = [portal.put("contacts", {"lastname": "Gil", STAGE: old}) for old in olds]
    changes = [changing(id_, lifecyclestage=new) for id_, new in zip(ids, news, strict=True)]
    ends = connector.write("contacts", changes)
    assert [end.outcome for end in ends] == ["written"] * 3
    assert [stage_of(connector, one) for one in ids] == list(news)
    first, second = sent(hubspot_proxy)
    assert [one[STAGE] for one in first] == ["", "customer", ""]
    assert [one[STAGE] for one in second] == ["lead", "opportunity"]
    assert len([one for one in hubspot_proxy.seen if "batch/read" in one.path]) == 1 + len(ids)


def test_stages_of_an_administrator_have_the_place_that_the_portal_gives_them(
    connector: HubspotConnector, open_hubspot: Open, portal: HubspotWorld, hubspot_proxy: Proxy
) -> None:
    """Custom stages have numbers for values, and stand where their displayOrder says."""
    known = portal.portal.definitions("contacts")[STAGE]
    places = {one["value"]: one["displayOrder"] for one in known["options"]}
    options = [
        {**one, "displayOrder": one["displayOrder"] * 10} for one in reversed(known["options"])
    ]
    trial = {"value": "99117733", "label": "Trial", "hidden": False}
    options.append({**options[0], **trial, "displayOrder": places["lead"] * 10 + 1})
    portal.portal.save_definition("contacts", {**known, "options": options})
    try:
        own = open_hubspot()
        one = portal.put("contacts", {"lastname": "Gil", STAGE: "lead"})
        for stage, requests in (("99117733", 1), ("opportunity", 1), ("99117733", 2)):
            hubspot_proxy.seen.clear()
            own.write("contacts", [changing(one, lifecyclestage=stage)])
            assert len(sent(hubspot_proxy)) == requests
            assert stage_of(own, one) == stage
    finally:
        portal.portal.save_definition("contacts", known)


def test_a_stage_that_is_in_no_list_may_be_either_way(
    connector: HubspotConnector, portal: HubspotWorld, hubspot_proxy: Proxy
) -> None:
    one = portal.put("contacts", {"lastname": "Gil", STAGE: "a-stage-of-old"})
    [end] = connector.write("contacts", [changing(one, lifecyclestage="lead")])
    assert end.outcome == "written"
    assert len(sent(hubspot_proxy)) == 2
    assert stage_of(connector, one) == "lead"


@pytest.mark.parametrize("more", [{}, {"city": "Vigo"}])
def test_a_set_that_is_refused_puts_the_old_stage_back(
    connector: HubspotConnector, customer: str, hubspot_proxy: Proxy, more: dict[str, str]
) -> None:
    def refuses(seen: Any, forward: Any) -> Any:
        is_lead = [one["properties"].get(STAGE) for one in seen.json["inputs"]] == ["lead"]
        return says(400, {"message": "no leads today"})(seen, forward) if is_lead else forward()

    hubspot_proxy.only, hubspot_proxy.always = "/batch/update", refuses
    [end] = connector.write("contacts", [changing(customer, lifecyclestage="lead", **more)])
    assert (end.outcome, end.fields) == ("written" if more else "refused", (STAGE,))
    assert end.native_id == customer
    assert "no leads today" in end.message
    assert stage_of(connector, customer) == "customer"
    told = [{STAGE: "", **more}, {STAGE: "lead"}, {STAGE: "customer"}]
    assert sent(hubspot_proxy) == [[one] for one in told]


@pytest.mark.parametrize(("fault", "held"), [(drops, None), (loses, "lead")])
def test_a_lost_answer_to_the_set_is_unknown_and_asked_again_finishes_it(
    connector: HubspotConnector,
    customer: str,
    hubspot_proxy: Proxy,
    fault: Any,
    held: str | None,
) -> None:
    def second(seen: Any, forward: Any) -> Any:
        return fault(seen, forward) if len(sent(hubspot_proxy)) == 2 else forward()

    hubspot_proxy.only, hubspot_proxy.always = "/batch/update", second
    request = changing(customer, lifecyclestage="lead")
    [end] = connector.write("contacts", [request])
    assert end.outcome == "unknown"
    assert "cleared and perhaps not set" in end.message
    assert stage_of(connector, customer) == held
    [again] = connector.write("contacts", [request])
    assert again.outcome == "written"
    assert stage_of(connector, customer) == "lead"


def test_a_clear_that_is_refused_is_not_followed_by_a_set(
    connector: HubspotConnector, customer: str, hubspot_proxy: Proxy
) -> None:
    request = changing(customer, lifecyclestage="lead", email="none")
    [end] = connector.write("contacts", [request])
    assert (end.outcome, end.fields) == ("refused", ("email",))
    assert len(sent(hubspot_proxy)) == 1
    assert stage_of(connector, customer) == "customer"


def test_a_set_and_a_restore_that_both_fail_are_unknown(
    connector: HubspotConnector, customer: str, hubspot_proxy: Proxy
) -> None:
    hubspot_proxy.only = "/batch/update"
    hubspot_proxy.faults = [lambda seen, forward: forward(), says(400, {}), drops]
    [end] = connector.write("contacts", [changing(customer, lifecyclestage="lead")])
    assert end.outcome == "unknown"


def test_no_stage_in_a_batch_costs_no_call_more(
    connector: HubspotConnector, customer: str, hubspot_proxy: Proxy
) -> None:
    connector.write("contacts", [changing(customer, city="Vigo")])
    assert len(hubspot_proxy.seen) == 1


@pytest.mark.parametrize("how", ["ignored", "accepted", "refused"])
def test_a_stage_of_who_was_merged_since_the_plan_moves_no_survivor_back(
    connector: HubspotConnector, portal: HubspotWorld, customer: str, unique: str, how: str
) -> None:
    """Sent to the old id it would go to the survivor, straight back; the others of the batch are written."""
    portal.switches.lifecycle_backward = how
    other = portal.put("contacts", {"email": f"other-{unique}@stages.example", STAGE: "lead"})
    third = portal.put("contacts", {"email": f"third-{unique}@stages.example", STAGE: "lead"})
    survivor = merge(portal.portal, OBJECTS["contacts"], customer, other)
    requests = [changing(other, **{STAGE: "subscriber"}), changing(third, **{STAGE: "opportunity"})]
    gone, written = connector.write("contacts", requests)
    assert (gone.outcome, gone.message) == ("missing", "the record is gone")
    assert (written.outcome, stage_of(connector, third)) == ("written", "opportunity")
    assert stage_of(connector, survivor) == "customer"
