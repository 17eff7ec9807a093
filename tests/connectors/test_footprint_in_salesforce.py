"""Our field in Salesforce: who sees it, by which permission set, and what stands in its place."""

from __future__ import annotations

from typing import Any

import pytest

from connectors import footprint_sides
from connectors.footprint_sides import KEY, Side
from crmsync.connectors.salesforce.footprint import PERMISSION_SET
from crmsync.errors import AccessDenied, Refused
from crmsync.testing.proxy import rewrites, says

fresh = footprint_sides.fresh
nothing = footprint_sides.nothing
org = footprint_sides.org


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
