"""An opt-out and the address it belongs to, which may change, be somebody else's, or be handed on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectors import opted_out
from connectors.opted_out import ALL, OUT, OUT_OF_ONE, TYPE, changed, held, out
from crmsync.connectors.base import Cells, WriteRequest
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.errors import AnswerBroken
from crmsync.sandbox.hubspot import consent
from crmsync.sandbox.hubspot.merging import merge
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.testing.proxy import Fault, Proxy, Reply, Seen, drops, loses, says

portal = opted_out.portal
unique = opted_out.unique
connector = opted_out.connector
email = opted_out.email
ana = opted_out.ana


def test_an_address_that_changes_in_the_same_request_is_the_one_that_opts_out(
    connector: HubspotConnector, portal: HubspotWorld, ana: str, email: str
) -> None:
    new = f"new-{email}"
    assert changed(connector, ana, email=new, **{OUT: "true"}).outcome == "written"
    assert (out(portal, email), out(portal, new)) == (False, True)
    assert held(connector, ana, "email", OUT) == {"email": new, OUT: "true"}


@pytest.mark.parametrize("name", [OUT, OUT_OF_ONE])
def test_an_address_that_changes_takes_the_opt_out_along(
    connector: HubspotConnector, portal: HubspotWorld, ana: str, email: str, name: str
) -> None:
    """HubSpot ties it to the address: our own write would take it back."""
    changed(connector, ana, **{name: "true"})
    assert changed(connector, ana, email=f"new-{email}", city="Vigo").outcome == "written"
    assert held(connector, ana, "email", name) == {"email": f"new-{email}", name: "true"}
    assert out(portal, f"new-{email}") == (name == OUT)
    assert consent.status_of(portal.portal, f"new-{email}", TYPE) == consent.UNSUBSCRIBED


def test_the_opt_out_is_at_the_new_address_before_the_contact_is(
    connector: HubspotConnector, hubspot_proxy: Proxy, ana: str, email: str
) -> None:
    """Whatever ends between the two, the worst of it is an address opted out that nobody has."""
    changed(connector, ana, **{OUT: "true"})
    hubspot_proxy.seen.clear()
    changed(connector, ana, email=f"new-{email}")
    writes = (ALL, "/batch/update")
    sent = [part for one in hubspot_proxy.seen for part in writes if part in one.path]
    assert sent == [ALL, "/batch/update"]


@pytest.mark.parametrize(
    "refusal",
    [
        says(400, {"message": "not today"}),
        says(403, {"category": "MISSING_SCOPES", "message": "not today", "context": {}}),
        says(400, {"message": "not today: a legal basis is required"}),
    ],
)
@pytest.mark.parametrize("name", [OUT, OUT_OF_ONE])
def test_an_opt_out_that_may_not_follow_holds_the_address_back_and_the_rest_is_written(
    connector: HubspotConnector,
    hubspot_proxy: Proxy,
    ana: str,
    email: str,
    name: str,
    refusal: Fault,
) -> None:
    changed(connector, ana, **{name: "true"})
    hubspot_proxy.only, hubspot_proxy.always = "/statuses/", refusal
    end = changed(connector, ana, email=f"new-{email}", city="Vigo")
    assert (end.outcome, end.fields) == ("written", ("email",))
    assert "not today" in end.message
    alone = changed(connector, ana, email=f"new-{email}")
    assert (alone.outcome, alone.native_id, alone.fields) == ("refused", ana, ("email",))
    told = held(connector, ana, "email", "city", name)
    assert told == {"email": email, "city": "Vigo", name: "true"}


def test_an_address_that_is_held_back_is_told_beside_what_hubspot_refuses(
    connector: HubspotConnector, hubspot_proxy: Proxy, ana: str, email: str
) -> None:
    """What is sent again without the refused cells must not bring the address back."""
    changed(connector, ana, **{OUT: "true"})
    hubspot_proxy.only, hubspot_proxy.always = ALL, says(400, {"message": "not today"})
    end = changed(connector, ana, email=f"new-{email}", hs_lead_status="ODD", city="Vigo")
    assert (end.outcome, end.fields) == ("refused", ("hs_lead_status", "email"))
    assert "not today" in end.message


@pytest.mark.parametrize("fault", [drops, loses, says(429, {"policyName": "DAILY"})])
def test_an_opt_out_whose_end_is_not_known_keeps_everything_of_its_request_back(
    connector: HubspotConnector,
    portal: HubspotWorld,
    hubspot_proxy: Proxy,
    ana: str,
    email: str,
    fault: Fault,
) -> None:
    changed(connector, ana, **{OUT: "true"})
    hubspot_proxy.only, hubspot_proxy.faults = ALL, [fault]
    assert changed(connector, ana, email=f"new-{email}", city="Vigo").outcome == "unknown"
    assert held(connector, ana, "email", "city") == {"email": email, "city": None}
    assert changed(connector, ana, email=f"new-{email}", city="Vigo").outcome == "written"
    assert held(connector, ana, "email", OUT) == {"email": f"new-{email}", OUT: "true"}
    assert out(portal, f"new-{email}")


def test_an_address_that_somebody_else_has_is_not_opted_out_for_them(
    connector: HubspotConnector, portal: HubspotWorld, ana: str, email: str
) -> None:
    """An opt-out of a stranger could never be taken back; the rest is written."""
    bea = portal.put("contacts", {"email": f"bea-{email}"})
    changed(connector, ana, **{OUT: "true"})
    end = changed(connector, ana, email=f"Bea-{email}", city="Vigo")
    assert (end.outcome, end.fields) == ("written", ("email",))
    assert "another contact has it" in end.message
    assert [each.id for each in end.alike or ()] == [bea]
    alone = changed(connector, ana, email=f"Bea-{email}")
    assert (alone.outcome, alone.native_id, alone.fields) == ("refused", ana, ("email",))
    assert [each.id for each in alone.alike or ()] == [bea]
    assert held(connector, ana, "email", "city") == {"email": email, "city": "Vigo"}
    assert not out(portal, f"bea-{email}")


def test_who_has_the_address_is_not_told_where_the_second_look_fails(
    connector: HubspotConnector,
    portal: HubspotWorld,
    hubspot_proxy: Proxy,
    ana: str,
    email: str,
) -> None:
    """Nobody is named then, so that the next run looks again."""
    portal.put("contacts", {"email": f"bea-{email}"})
    changed(connector, ana, **{OUT: "true"})
    looks = 0

    def broken(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        nonlocal looks
        looks += b'"idProperty": "email"' in seen.body
        return says(200, {"results": [{}]})(seen, forward) if looks > 1 else forward()

    hubspot_proxy.only, hubspot_proxy.always = "/batch/read", broken
    end = changed(connector, ana, email=f"bea-{email}")
    assert (looks, end.outcome, end.fields, end.alike) == (2, "refused", ("email",), None)


def test_an_address_that_is_handed_on_in_one_batch_waits_until_it_was_left(
    connector: HubspotConnector, portal: HubspotWorld, ana: str, email: str
) -> None:
    """Only once Bea has left it is it known that she did: her own write may be refused."""
    bea = portal.put("contacts", {"email": f"bea-{email}"})
    changed(connector, ana, **{OUT: "true"})
    requests = [
        WriteRequest("b", "update", bea, None, {"email": f"bea-of-old-{email}"}),
        WriteRequest("a", "update", ana, None, {"email": f"bea-{email}"}),
    ]
    left, kept = connector.write("contacts", requests)
    assert (left.outcome, kept.outcome, kept.fields) == ("written", "refused", ("email",))
    assert not out(portal, f"bea-{email}")
    assert changed(connector, ana, email=f"bea-{email}").outcome == "written"
    assert (out(portal, f"bea-{email}"), out(portal, f"bea-of-old-{email}")) == (True, False)


@pytest.mark.parametrize("goes_to", ["no address", "{ana}", "BEA-{ana}"])
def test_no_stranger_is_opted_out_whose_own_change_of_address_comes_to_nothing(
    connector: HubspotConnector, portal: HubspotWorld, ana: str, email: str, goes_to: str
) -> None:
    """It is refused, a swap of two, or the same one in another case."""
    bea = portal.put("contacts", {"email": f"bea-{email}"})
    changed(connector, ana, **{OUT: "true"})
    requests = [
        WriteRequest("a", "update", ana, None, {"email": f"bea-{email}"}),
        WriteRequest("b", "update", bea, None, {"email": goes_to.format(ana=email)}),
    ]
    assert connector.write("contacts", requests)[0].outcome == "refused"
    assert not out(portal, f"bea-{email}")
    assert not held(connector, bea, OUT)[OUT]


@pytest.mark.parametrize("fault", [says(400, {"message": "no"}), says(404, b"<html>no</html>")])
def test_an_address_of_which_nobody_can_say_whose_it_is_is_not_opted_out(
    connector: HubspotConnector,
    portal: HubspotWorld,
    hubspot_proxy: Proxy,
    ana: str,
    email: str,
    fault: Fault,
) -> None:
    portal.put("contacts", {"email": f"bea-{email}"})
    changed(connector, ana, **{OUT: "true"})

    def by_email(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        return fault(seen, forward) if b'"idProperty": "email"' in seen.body else forward()

    hubspot_proxy.only, hubspot_proxy.always = "/batch/read", by_email
    assert changed(connector, ana, email=f"bea-{email}").outcome == "refused"
    hubspot_proxy.always = None
    assert not out(portal, f"bea-{email}")


def test_one_address_that_cannot_be_looked_up_hides_no_holder_of_another(
    connector: HubspotConnector, portal: HubspotWorld, hubspot_proxy: Proxy, ana: str, email: str
) -> None:
    eva = portal.put("contacts", {"email": f"eva-{email}"})
    portal.put("contacts", {"email": f"bea-{email}"})
    for each in (ana, eva):
        changed(connector, each, **{OUT: "true"})

    def both(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        asked = b'"idProperty": "email"' in seen.body and b"odd-" in seen.body
        return says(400, {"message": "no"})(seen, forward) if asked else forward()

    hubspot_proxy.only, hubspot_proxy.always = "/batch/read", both
    requests = [
        WriteRequest("a", "update", ana, None, {"email": f"bea-{email}"}),
        WriteRequest("e", "update", eva, None, {"email": f"odd-{email}"}),
    ]
    ends = connector.write("contacts", requests)
    assert [each.outcome for each in ends] == ["refused", "refused"]
    hubspot_proxy.always = None
    assert not out(portal, f"bea-{email}")


@pytest.mark.parametrize("answer", [{"results": [{}]}, {"results": [{"id": "1"}]}, {"results": 1}])
def test_a_read_of_another_shape_before_the_opt_out_leaves_it_unknown(
    connector: HubspotConnector, hubspot_proxy: Proxy, ana: str, answer: Any
) -> None:
    connector.schema("contacts")
    hubspot_proxy.only, hubspot_proxy.always = "/batch/read", says(200, answer)
    end = changed(connector, ana, city="Vigo", **{OUT: "true"})
    assert end.outcome == "unknown"
    hubspot_proxy.always = None
    assert held(connector, ana, "city") == {"city": "Vigo"}


def test_a_read_of_another_shape_before_a_new_address_writes_nothing(
    connector: HubspotConnector, hubspot_proxy: Proxy, ana: str, email: str
) -> None:
    connector.schema("contacts")
    hubspot_proxy.only, hubspot_proxy.always = "/batch/read", says(200, {"results": [{}]})
    with pytest.raises(AnswerBroken):
        changed(connector, ana, email=f"new-{email}")
    hubspot_proxy.always = None
    assert held(connector, ana, "email") == {"email": email}


def test_an_address_that_changes_of_who_never_opted_out_is_one_look_and_one_write(
    connector: HubspotConnector, hubspot_proxy: Proxy, ana: str, email: str
) -> None:
    connector.schema("contacts")
    hubspot_proxy.seen.clear()
    assert changed(connector, ana, email=f"new-{email}").outcome == "written"
    paths = [one.path.partition("?")[0].rpartition("/")[2] for one in hubspot_proxy.seen]
    assert paths == ["read", "update"]


def test_a_new_contact_is_opted_out_under_the_address_it_was_given(
    connector: HubspotConnector, portal: HubspotWorld, unique: str, email: str
) -> None:
    cells: Cells = {"lastname": "Gil", "email": email, OUT: "true"}
    [end] = connector.write("contacts", [WriteRequest("c", "create", None, unique, cells)])
    assert (end.outcome, end.created) == ("written", True)
    assert out(portal, email)
    assert held(connector, end.native_id or "", OUT) == {OUT: "true"}


def test_an_address_with_signs_of_its_own_arrives_whole(
    connector: HubspotConnector, portal: HubspotWorld, unique: str
) -> None:
    email = f"{unique}+a/b%c?d=é@consent.example"
    one = portal.put("contacts", {"email": email})
    assert changed(connector, one, **{OUT: "true"}).outcome == "written"
    assert out(portal, email)


@pytest.mark.parametrize("keeps", [False, True])
def test_a_contact_that_was_merged_since_the_plan_takes_no_opt_out_from_their_survivor(
    connector: HubspotConnector, portal: HubspotWorld, ana: str, email: str, keeps: bool
) -> None:
    """HubSpot writes what is sent to the old id to the survivor, whose consent belongs to another address."""
    portal.switches.merge_keeps_primary = keeps
    bea = portal.put("contacts", {"email": f"bea-{email}", "city": "Vigo"})
    changed(connector, ana, **{OUT: "true"})
    survivor = merge(portal.portal, OBJECTS["contacts"], ana, bea)
    end = changed(connector, bea, email=f"new-{email}", city="Lugo")
    assert (end.outcome, end.message) == ("missing", "the record is gone")
    assert held(connector, survivor, "email", OUT) == {"email": email, OUT: "true"}
    assert held(connector, survivor, "city")["city"] != "Lugo"
