"""Our key field, put into both systems over HTTP and taken away, whatever goes wrong on the way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from connectors import footprint_sides, rigs
from connectors.footprint_sides import CHANGES, Side
from connectors.sandboxes import Sandbox
from crmsync.connectors.abilities import InstallingConnector
from crmsync.errors import AccessDenied, Unavailable
from crmsync.testing.proxy import drops, loses
from crmsync.testing.rig import creates

fresh = footprint_sides.fresh
nothing = footprint_sides.nothing
org = footprint_sides.org
portal = footprint_sides.portal


@pytest.fixture(params=["org", "portal"])
def side(request: pytest.FixtureRequest) -> Side:
    found: Side = request.getfixturevalue(request.param)
    return found


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
        if seen.method in CHANGES:
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
        if seen.method in CHANGES:
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


def test_a_record_is_created_by_the_key_that_was_put_in(
    org: Side, fresh: Sandbox, slept: list[float], now: datetime
) -> None:
    org.install()
    rig = rigs.salesforce_rig(fresh, org.proxy, slept, now)
    first, second = (org.connector.write("Contact", creates(rig, "k-1"))[0] for _ in range(2))
    assert (first.created, second.created) == (True, False)
    assert first.native_id == second.native_id
