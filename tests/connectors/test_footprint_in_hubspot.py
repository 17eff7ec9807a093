"""Our property in HubSpot: what stands in its place, where there is no room, and who may not."""

from __future__ import annotations

from typing import Any

import pytest

from connectors import footprint_sides
from connectors.footprint_sides import PROPERTY, Side
from crmsync.connectors.hubspot.footprint import UNIQUE_LIMIT
from crmsync.errors import AccessDenied, Refused
from crmsync.testing.proxy import loses, rewrites, says

fresh = footprint_sides.fresh
nothing = footprint_sides.nothing
portal = footprint_sides.portal


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
