"""A company that may have no more contacts refuses one: that is told every night, and nothing is lost by it."""

from __future__ import annotations

import pytest

from apply.pairs import Pair, cells, everything_allowed, met
from crmsync.commands.plan import is_quiet
from crmsync.commands.rendering import applied_as
from crmsync.commands.runs import told_of
from crmsync.errors import ExitCode
from crmsync.sandbox.hubspot.association_types import unlabelled
from crmsync.sandbox.hubspot.calls import Call
from crmsync.sandbox.hubspot.tie_limits import drop_limits, set_limits

PLAIN = unlabelled("companies", "contacts")
ENDS = {"from": "companies", "to": "contacts"}


def limit(pair: Pair, most: int) -> None:
    """An administrator says how many contacts a company may have."""
    body = b'{"inputs": [{"typeId": %d, "maxToObjectIds": %d}]}' % (PLAIN, most)
    set_limits(pair.servers.hubspot.portal, Call(ENDS, {}, body))


def unlimited(pair: Pair) -> None:
    body = b'{"inputs": [{"typeId": %d}]}' % PLAIN
    drop_limits(pair.servers.hubspot.portal, Call(ENDS, {}, body))


def employed(pair: Pair) -> tuple[str, list[tuple[str, str]]]:
    """The company's id in HubSpot, and two people who both get it, and a title, in Salesforce."""
    account = pair.salesforce("Account", Name="Acme", Website="acme.example")
    company = pair.hubspot("companies", name="Acme", domain="acme.example")
    people = [met(pair, name) for name in ("Ana", "Bea")]
    pair.night()
    limit(pair, 1)
    for in_salesforce, _ in people:
        pair.salesforce("Contact", in_salesforce, AccountId=account, Title="Chair")
    return company, people


def with_title(pair: Pair, people: list[tuple[str, str]]) -> list[str]:
    named = [
        id_ for _, id_ in people if pair.of_hubspot("contacts", id_).get("jobtitle") == "Chair"
    ]
    return [id_ for id_ in named if "associatedcompanyid" in pair.of_hubspot("contacts", id_)]


@pytest.mark.slow
def test_who_found_no_room_is_told_every_night_and_written_when_there_is_some(pair: Pair) -> None:
    _, people = employed(pair)
    done, refused = pair.night(), pair.night()
    assert (done.states, refused.states) == ({"FAILED": 1, "VERIFIED": 1}, {"FAILED": 1})
    assert refused.exit_code is ExitCode.PARTIAL
    assert f"crmsync runs {refused.run}" in applied_as("text", refused, "en")
    (op,) = told_of(pair.workspace, refused.run).ops
    assert "the limit is 1" in op.message
    assert len(with_title(pair, people)) == 1
    assert not pair.unfinished()
    unlimited(pair)
    assert pair.night().states == {"VERIFIED": 1}
    assert len(with_title(pair, people)) == 2
    assert is_quiet(pair.plan())


def test_the_others_of_the_batch_are_written(pair: Pair) -> None:
    _, people = employed(pair)
    more = [met(pair, f"Cy{at}") for at in range(5)]
    pair.night()
    for in_salesforce, _ in more:
        pair.salesforce("Contact", in_salesforce, Title="Chair")
    assert pair.night().states == {"FAILED": 1, "VERIFIED": 5}
    assert {pair.of_hubspot("contacts", id_)["jobtitle"] for _, id_ in more} == {"Chair"}
    for in_salesforce, _ in people:
        assert pair.of_salesforce("Contact", in_salesforce)["Title"] == "Chair"


@pytest.mark.slow
def test_a_new_contact_without_room_is_told_and_made_later(pair: Pair) -> None:
    company, people = employed(pair)
    pair.night()
    account = pair.of_salesforce("Contact", people[0][0])["AccountId"]
    pair.salesforce("Contact", LastName="New", Email="new@people.example", AccountId=account)
    plan = pair.plan()
    assert ("hubspot", "email", "new@people.example") in cells(plan)
    assert pair.apply(everything_allowed(plan)).states["FAILED"] == 2
    assert len(pair.servers.hubspot.portal.ties.of("companies", company, "contacts")) == 1
    unlimited(pair)
    assert pair.night().states == {"VERIFIED": 2}
    assert len(pair.servers.hubspot.portal.ties.of("companies", company, "contacts")) == 3
    assert is_quiet(pair.plan())
