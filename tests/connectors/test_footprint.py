"""Our key field, put into both systems over HTTP and taken away, whatever goes wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from connectors import rigs
from connectors.sandboxes import Sandbox
from crmsync.connectors.abilities import InstallingConnector
from crmsync.connectors.hubspot.footprint import UNIQUE_LIMIT
from crmsync.connectors.salesforce.footprint import PERMISSION_SET
from crmsync.core.footprint import FootprintItem
from crmsync.errors import AccessDenied, Refused, Unavailable
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import running
from crmsync.sandbox.tables import Tables
from crmsync.testing.proxy import Proxy, drops, loses, proxied, rewrites, says
from crmsync.testing.rig import creates

KEY, PROPERTY = "crmsync_key__c", "crmsync_key"
_CHANGES = ("POST", "PATCH", "DELETE", "PUT")


@pytest.fixture(scope="module")
def fresh() -> Iterator[Sandbox]:
    """Both systems without our key fields."""
    salesforce = SalesforceWorld(Tables("salesforce"), Clock())
    hubspot = HubspotWorld(Tables("hubspot"), Clock())
    for name in ("Account", "Contact", "Lead", "Opportunity"):
        salesforce.drop_field(name, KEY)
    for name in ("contacts", "companies", "deals"):
        hubspot.drop_property(name, PROPERTY)
    with running(salesforce, hubspot) as access:
        yield Sandbox(salesforce, hubspot, access)


@pytest.fixture(scope="module")
def nothing(fresh: Sandbox) -> dict[str, Any]:
    return {"salesforce": fresh.salesforce.tables.dump(), "hubspot": fresh.hubspot.tables.dump()}


@dataclass
class Side:
    """One system, seen through a proxy."""

    kind: str
    world: Any
    proxy: Proxy
    connector: Any
    object: str

    def item(self) -> FootprintItem:
        (found,) = self.connector.footprint([self.object])
        assert isinstance(found, FootprintItem)
        return found

    def writes(self) -> list[str]:
        """Paths of every change that came over the wire, in order."""
        return [
            f"{one.method} {one.path.rpartition('/')[2]}"
            for one in self.proxy.seen
            if one.method in _CHANGES
        ]

    def install(self, *users: str) -> None:
        self.connector.install_key(self.object, users)

    def remove(self) -> None:
        self.connector.remove_key(self.object)


def restored(fresh: Sandbox, nothing: dict[str, Any]) -> None:
    fresh.salesforce.tables.restore(nothing["salesforce"])
    fresh.salesforce.reload()
    fresh.hubspot.tables.restore(nothing["hubspot"])
    fresh.hubspot.portal.refresh()
    fresh.hubspot.clock.advance(11)


@pytest.fixture
def org(
    fresh: Sandbox, nothing: dict[str, Any], slept: list[float], now: datetime
) -> Iterator[Side]:
    restored(fresh, nothing)
    with proxied(fresh.access["salesforce"]["url"]) as proxy:
        settings = rigs.salesforce_settings(fresh, proxy)
        connector = rigs.salesforce_connector(settings, slept, now)
        yield Side("salesforce", fresh.salesforce, proxy, connector, "Contact")
        connector.close()


@pytest.fixture
def portal(
    fresh: Sandbox, nothing: dict[str, Any], slept: list[float], now: datetime
) -> Iterator[Side]:
    restored(fresh, nothing)
    with proxied(fresh.access["hubspot"]["url"]) as proxy:
        settings = rigs.hubspot_settings(fresh, proxy)
        connector = rigs.hubspot_connector(settings, slept, now)
        yield Side("hubspot", fresh.hubspot, proxy, connector, "contacts")
        connector.close()


@pytest.fixture(params=["org", "portal"])
def side(request: pytest.FixtureRequest) -> Side:
    found: Side = request.getfixturevalue(request.param)
    return found


# Both


def test_what_is_missing_is_put_in_and_then_creates_work(side: Side) -> None:
    assert side.item().state == "missing"
    side.install()
    assert side.item().state == "present"
    name = side.connector.capabilities.key_fields[side.object]
    native = side.connector.schema(side.object).fields[name]
    assert (native.unique, native.createable) == (True, True)


def test_installing_what_is_there_writes_nothing(side: Side) -> None:
    side.install()
    side.proxy.seen.clear()
    side.install()
    assert side.writes() == []


def test_a_connector_that_may_not_write_refuses_both(
    side: Side, fresh: Sandbox, slept: list[float], now: datetime
) -> None:
    makes: dict[str, Any] = {
        "salesforce": rigs.salesforce_connector,
        "hubspot": rigs.hubspot_connector,
    }
    settings = {"url": side.proxy.url, "token": fresh.access[side.kind]["token"]}
    opened = makes[side.kind](settings, slept, now, writes=False)
    assert isinstance(opened, InstallingConnector)
    reader: Any = opened
    with pytest.raises(AccessDenied):
        reader.install_key(side.object, [])
    with pytest.raises(AccessDenied):
        reader.remove_key(side.object)
    assert side.writes() == []
    reader.close()


def test_a_removal_keeps_the_records(side: Side) -> None:
    side.install()
    required = {"salesforce": {"LastName": "Ruiz"}, "hubspot": {"lastname": "Ruiz"}}[side.kind]
    id_ = side.world.put(side.object, required)
    key = side.connector.capabilities.key_fields[side.object]
    assert key in side.connector.schema(side.object).fields
    side.remove()
    assert side.item().state == "missing"
    (name,) = required
    assert side.connector.get(side.object, [id_], [name]) == {id_: required}
    assert key not in side.connector.schema(side.object).fields


def test_removing_what_is_not_there_writes_nothing(side: Side) -> None:
    side.remove()
    assert side.writes() == []


def test_it_can_be_put_in_again_after_it_was_taken_away(side: Side) -> None:
    side.install()
    side.remove()
    side.install()
    assert side.item().state == "present"


@pytest.mark.parametrize("number", range(4))
def test_a_lost_answer_to_any_write_is_looked_up_and_never_done_twice(
    side: Side, number: int
) -> None:
    """Write number 0, 1, ... is done and its answer lost; HubSpot needs one write only."""
    sent = 0

    def fault(seen: Any, forward: Any) -> Any:
        nonlocal sent
        if seen.method in _CHANGES:
            sent += 1
            if sent == number + 1:
                return loses(seen, forward)
        return forward()

    side.proxy.always = fault
    side.install()
    assert side.item().state == "present"
    assert (
        len(side.writes()) == len(set(side.writes())) == {"hubspot": 1, "salesforce": 4}[side.kind]
    )


@pytest.mark.parametrize("number", range(3))
def test_a_lost_answer_to_a_removal_is_no_problem(side: Side, number: int) -> None:
    side.install()
    sent = 0

    def fault(seen: Any, forward: Any) -> Any:
        nonlocal sent
        if seen.method == "DELETE":
            sent += 1
            if sent == number + 1:
                return loses(seen, forward)
        return forward()

    side.proxy.always = fault
    side.remove()
    assert side.item().state == "missing"
    if side.kind == "salesforce":
        assert side.world.tables.count("PermissionSet") == 0


@pytest.mark.parametrize("number", range(4))
def test_what_stopped_half_way_is_finished_by_the_next_install(side: Side, number: int) -> None:
    sent = 0

    def fault(seen: Any, forward: Any) -> Any:
        nonlocal sent
        if seen.method in _CHANGES:
            sent += 1
            if sent > number:
                return drops(seen, forward)
        return forward()

    side.proxy.always = fault
    if number < {"hubspot": 1, "salesforce": 4}[side.kind]:
        with pytest.raises(Unavailable):
            side.install()
        side.proxy.always = None
    side.install()
    assert side.item().state == "present"


# HubSpot


def test_a_property_of_that_name_that_is_not_unique_is_refused_with_what_helps(
    portal: Side,
) -> None:
    portal.world.define_property("contacts", PROPERTY, "string", "text")
    item = portal.item()
    assert (item.state, item.reason) == ("foreign", "not_unique")
    for verb in (portal.install, portal.remove):
        with pytest.raises(Refused) as raised:
            verb()
        assert "cannot make it unique" in raised.value.remedy
    assert portal.writes() == []


@pytest.mark.parametrize(
    ("kind", "field_type", "more", "reason"),
    [
        ("number", "number", {"hasUniqueValue": True}, "wrong_type"),
        (
            "string",
            "text",
            {"hasUniqueValue": True, "modificationMetadata": {"readOnlyValue": True}},
            "read_only",
        ),
    ],
)
def test_any_other_property_of_that_name_is_foreign(
    portal: Side, kind: str, field_type: str, more: Any, reason: str
) -> None:
    portal.world.define_property("contacts", PROPERTY, kind, field_type, **more)
    assert (portal.item().state, portal.item().reason) == ("foreign", reason)


def test_with_ten_unique_properties_there_is_no_room_and_the_ten_are_named(portal: Side) -> None:
    for number in range(UNIQUE_LIMIT):
        portal.world.define_property(
            "contacts", f"code_{number}", "string", "text", hasUniqueValue=True
        )
    item = portal.item()
    assert (item.state, item.reason) == ("missing", "unique_limit")
    assert "code_0, code_1" in item.detail
    with pytest.raises(Refused, match="taken"):
        portal.install()
    assert portal.writes() == []


def test_a_limit_that_only_the_portal_knows_is_told_in_its_words(portal: Side) -> None:
    told = {"status": "error", "category": "VALIDATION_ERROR", "message": "At most 10 unique"}
    portal.proxy.only = "/properties/contacts"
    portal.proxy.always = lambda seen, forward: (
        says(400, told)(seen, forward) if seen.method == "POST" else forward()
    )
    with pytest.raises(Refused, match="At most 10 unique"):
        portal.install()


def test_an_archived_property_that_comes_back_without_being_unique_is_told(portal: Side) -> None:
    """Whether HubSpot restores it as it was or as it is asked for now is not documented."""

    def not_unique(body: Any) -> Any:
        for one in body.get("results", ()):
            if one["name"] == PROPERTY:
                one["hasUniqueValue"] = False
        return body

    portal.proxy.only = "/properties/contacts"
    portal.proxy.always = lambda seen, forward: (
        rewrites(not_unique)(seen, forward) if seen.method == "GET" else forward()
    )
    with pytest.raises(Refused, match="no key field"):
        portal.install()


def test_a_property_that_shows_up_late_is_waited_for_once(portal: Side, slept: list[float]) -> None:
    def without(body: Any) -> Any:
        return {"results": [one for one in body["results"] if one["name"] != PROPERTY]}

    reads = 0

    def fault(seen: Any, forward: Any) -> Any:
        nonlocal reads
        if seen.method == "POST":
            return loses(seen, forward)
        reads += 1
        return rewrites(without)(seen, forward) if reads == 3 else forward()

    portal.proxy.only, portal.proxy.always = "/properties/contacts", fault
    portal.install()
    assert slept == [1.0]


def test_a_property_that_a_formula_uses_is_not_taken_away(portal: Side) -> None:
    portal.install()
    portal.world.define_property(
        "contacts", "copy", "string", "calculation_equation", calculationFormula=PROPERTY
    )
    with pytest.raises(Refused, match="currently used"):
        portal.remove()
    assert portal.item().state == "present"


def test_a_missing_scope_is_named(portal: Side) -> None:
    scope = "crm.schemas.contacts.write"
    told = {"category": "MISSING_SCOPES", "message": "x", "context": {}}
    told["context"] = {"requiredGranularScopes": [scope]}
    portal.proxy.always = lambda seen, forward: (
        says(403, told)(seen, forward) if seen.method == "POST" else forward()
    )
    with pytest.raises(AccessDenied) as raised:
        portal.install()
    assert scope in raised.value.remedy


def test_our_property_goes_where_the_object_keeps_its_own_id(portal: Side) -> None:
    portal.install()
    (sent,) = [one.json for one in portal.proxy.seen if one.method == "POST"]
    assert (sent["groupName"], sent["hasUniqueValue"], sent["formField"]) == (
        "contactinformation",
        True,
        False,
    )


# Salesforce


def test_a_new_field_is_shown_by_a_permission_set_of_its_own(org: Side) -> None:
    org.install()
    assert org.writes() == [
        "POST CustomField",
        "POST PermissionSet",
        "POST FieldPermissions",
        "POST PermissionSetAssignment",
    ]
    ((_, made),) = org.world.tables.rows("PermissionSet")
    ((_, assigned),) = org.world.tables.rows("PermissionSetAssignment")
    assert made["Name"] == PERMISSION_SET
    assert assigned["AssigneeId"] == org.world.user_id


def test_everyday_users_are_let_in_too(org: Side) -> None:
    other = org.world.put("User", {"LastName": "Everyday", "Email": "e@people.example"})
    org.install(other, org.world.user_id)
    rows = [row["AssigneeId"] for _, row in org.world.tables.rows("PermissionSetAssignment")]
    assert sorted(rows) == sorted([other, org.world.user_id])


def test_a_second_object_shares_the_permission_set(org: Side) -> None:
    org.install()
    org.connector.install_key("Lead", [])
    assert org.world.tables.count("PermissionSet") == 1
    assert org.world.tables.count("FieldPermissions") == 2
    org.remove()
    assert org.world.tables.count("PermissionSet") == 1
    org.connector.remove_key("Lead")
    assert org.world.tables.count("PermissionSet") == 0
    assert org.world.tables.count("PermissionSetAssignment") == 0


def test_a_permission_set_that_somebody_uses_for_more_is_left(org: Side) -> None:
    org.install()
    ((parent, _),) = org.world.tables.rows("PermissionSet")
    org.world.put("ObjectPermissions", {"ParentId": parent, "SobjectType": "Contact"})
    org.remove()
    assert org.item().state == "missing"
    assert org.world.tables.count("PermissionSet") == 1


def test_a_hidden_field_is_told_apart_from_a_missing_one_and_shown(org: Side) -> None:
    org.install()
    for id_ in org.world.tables.ids("PermissionSetAssignment"):
        org.world.drop(org.world.shape("PermissionSetAssignment"), id_)
    assert (org.item().state, org.item().reason) == ("hidden", "not_granted")
    org.proxy.seen.clear()
    org.install()
    assert org.item().state == "present"
    assert org.writes() == ["POST PermissionSetAssignment"]


def test_a_field_that_can_only_be_read_is_made_writable(org: Side) -> None:
    org.install()
    ((id_, _row),) = org.world.tables.rows("FieldPermissions")
    shape = org.world.shape("FieldPermissions")
    org.world.write(shape, id_, {"PermissionsEdit": False}, stamp=org.world.stamp())
    assert (org.item().state, org.item().reason) == ("hidden", "read_only")
    org.install()
    assert org.item().state == "present"


def test_a_user_who_may_not_look_is_told_so(org: Side) -> None:
    refusal = [{"errorCode": "INSUFFICIENT_ACCESS", "message": "no"}]
    org.proxy.only, org.proxy.always = "tooling/", says(403, refusal)
    assert (org.item().state, org.item().reason) == ("unseen", "cannot_look")
    with pytest.raises(AccessDenied):
        org.install()


@pytest.mark.parametrize("hidden", [True, False])
@pytest.mark.parametrize(
    ("kind", "attributes", "reason"),
    [
        ("string", {"length": 64}, "not_unique"),
        ("string", {"length": 64, "unique": True}, "no_external_id"),
        ("string", {"length": 10, "unique": True, "external_id": True}, "too_short"),
        ("double", {"unique": True, "external_id": True}, "wrong_type"),
    ],
)
def test_another_field_of_that_name_is_refused_with_what_helps_even_if_hidden(
    org: Side, kind: str, attributes: Any, reason: str, hidden: bool
) -> None:
    org.world.define_field("Contact", KEY, kind, **attributes)
    if hidden:
        org.world.hide_field("Contact", KEY)
    assert (org.item().state, org.item().reason) == ("foreign", reason)
    for verb in (org.install, org.remove):
        with pytest.raises(Refused) as raised:
            verb()
        assert "Object Manager" in raised.value.remedy
    assert org.writes() == []


def test_who_asks_is_found_out_from_the_org(org: Side) -> None:
    assert org.item().user == org.world.user_id


def test_a_field_that_stays_hidden_after_all_is_told(org: Side) -> None:
    """An org that does not say who is asking: nobody can be let in."""
    org.proxy.only = "/services/data/v67.0/"
    without = rewrites(lambda body: {k: v for k, v in body.items() if k != "identity"})
    org.proxy.always = lambda seen, forward: (
        without(seen, forward) if seen.path.endswith("/v67.0/") else forward()
    )
    with pytest.raises(Refused) as raised:
        org.install()
    assert PERMISSION_SET in raised.value.remedy


def test_a_record_is_created_by_the_key_that_was_put_in(
    org: Side, fresh: Sandbox, slept: list[float], now: datetime
) -> None:
    org.install()
    rig = rigs.salesforce_rig(fresh, org.proxy, slept, now)
    first, second = (org.connector.write("Contact", creates(rig, "k-1"))[0] for _ in range(2))
    assert (first.created, second.created) == (True, False)
    assert first.native_id == second.native_id
