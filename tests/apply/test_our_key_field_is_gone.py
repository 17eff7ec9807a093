"""Our key field is archived in HubSpot overnight: only creates wait for it, and everything goes on after the remedy."""

from __future__ import annotations

import pytest

from apply.pairs import Pair, everything_allowed, met
from crmsync.commands.plan import changes_of
from crmsync.commands.planfile import Plan
from crmsync.commands.rendering import applied_as
from crmsync.core.planning import Held
from crmsync.errors import ExitCode

NEW = {"FirstName": "New", "LastName": "Ruiz", "Email": "new@people.example"}


class Died(BaseException):
    """The process ended."""


def dies(name: str) -> None:
    if name == "after create contacts":
        raise Died


def archive_key(pair: Pair) -> None:
    portal = pair.servers.hubspot
    told = {"kind": "property", "object": "contacts", "name": "crmsync_key", "archive": True}
    portal.rehearse("declare", told)


def install_key(pair: Pair) -> None:
    with pair.workspace.connectors(writes=True) as connectors:
        connectors["hubspot"].install_key("contacts", [])  # type: ignore[attr-defined]  # HubSpot's has it


def held(plan: Plan) -> list[tuple[str, str, str]]:
    return [(h.system, h.object, h.reason) for h in plan.lines if isinstance(h, Held)]


def edited(pair: Pair, ids: tuple[str, str]) -> None:
    """News in both systems, and somebody to create."""
    pair.salesforce("Contact", ids[0], Title="Chair")
    pair.hubspot("contacts", ids[1], phone="+34911999999")
    pair.salesforce("Contact", **NEW)


def demand_written(pair: Pair, ids: tuple[str, str]) -> None:
    assert pair.of_hubspot("contacts", ids[1])["jobtitle"] == "Chair"
    assert pair.of_salesforce("Contact", ids[0])["Phone"] == "+34911999999"


def created(pair: Pair) -> int:
    rows = pair.servers.hubspot.tables.rows("contacts")
    return sum(row["properties"].get("email") == NEW["Email"] for _id, row in rows)


@pytest.mark.slow
def test_a_plan_says_that_the_key_is_gone_and_the_rest_is_written(pair: Pair) -> None:
    ids = met(pair, "Ana")
    pair.night()
    archive_key(pair)
    edited(pair, ids)
    plan = pair.plan()
    assert held(plan) == [("hubspot", "contacts", "no_key:hubspot")]
    assert {each.action for each in changes_of(plan)} == {"update"}
    pair.night()
    demand_written(pair, ids)
    install_key(pair)
    pair.night()
    assert created(pair) == 1
    assert held(pair.plan()) == []


@pytest.mark.slow
def test_creates_are_left_to_a_later_plan_if_the_key_goes_after_the_plan(pair: Pair) -> None:
    ids = met(pair, "Ana")
    pair.night()
    edited(pair, ids)
    plan = pair.plan()
    assert {each.action for each in changes_of(plan)} == {"create", "update"}
    archive_key(pair)
    applied = pair.apply(everything_allowed(plan))
    assert pair.states(applied.run) == {"FAILED": 1, "VERIFIED": 2}
    assert applied.exit_code is ExitCode.PARTIAL
    demand_written(pair, ids)
    assert pair.unfinished() == []
    with pair.workspace.store() as store:
        [message] = [op.message for op in store.ops(applied.run) if op.state == "FAILED"]
    assert "crmsync footprint install" in message
    assert held(pair.plan()) == [("hubspot", "contacts", "no_key:hubspot")]
    install_key(pair)
    pair.night()
    assert created(pair) == 1


def test_the_end_says_in_the_language_of_the_reader_what_is_missing(pair: Pair) -> None:
    ids = met(pair, "Ana")
    pair.night()
    edited(pair, ids)
    plan = pair.plan()
    archive_key(pair)
    applied = pair.apply(everything_allowed(plan))
    english, spanish = (applied_as("text", applied, language) for language in ("en", "es"))
    assert "1 failed: contacts has no unique field crmsync_key\n" in english
    assert "contacts no tiene un campo único crmsync_key\n" in spanish
    assert "A new plan holds what was not written: crmsync plan\n" in english


def test_a_create_that_may_have_been_made_waits_for_the_key_and_ends_by_itself(pair: Pair) -> None:
    """Nobody can be found by a key that is gone: forgetting the create would make another one."""
    ids = met(pair, "Ana")
    pair.night()
    edited(pair, ids)
    plan = pair.plan()
    with pytest.raises(Died):
        pair.apply(everything_allowed(plan), at=dies)
    archive_key(pair)
    pair.resume()
    assert len(pair.unfinished()) == 1
    demand_written(pair, ids)
    install_key(pair)
    pair.resume()
    assert pair.unfinished() == []
    assert created(pair) == 1
    assert changes_of(pair.plan()) == []
