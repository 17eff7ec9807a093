"""A company's parent is taken away only for another one that comes, or comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from connectors.sandboxes import Sandbox
from crmsync.connectors.base import WriteResult
from crmsync.connectors.hubspot.connector import HubspotConnector
from crmsync.sandbox.hubspot import records
from crmsync.testing.proxy import Fault, Proxy, Reply, Seen, drops, loses, says
from crmsync.testing.rig import update

PARENT = "associations.companies.parent"
CREATE, DETACH = "companies/batch/create", "labels/archive"
REFUSAL = says(400, {"status": "error", "message": "no more", "category": "VALIDATION_ERROR"})


@dataclass(frozen=True)
class Family:
    """A company with a parent, and another one that may become it."""

    connector: HubspotConnector
    sandbox: Sandbox
    child: str
    old: str
    new: str

    def gets(self, parent: str | None, child: str = "") -> WriteResult:
        [end] = self.connector.write("companies", [update(child or self.child, {PARENT: parent})])
        return end

    @property
    def parent(self) -> str | None:
        return self.connector.get("companies", [self.child], [PARENT])[self.child][PARENT]


@pytest.fixture
def unique(unique: str) -> str:
    return f"parents-{unique}-"


@pytest.fixture
def family(
    open_hubspot: Callable[..., HubspotConnector],
    hubspot_proxy: Proxy,
    sandbox: Sandbox,
    unique: str,
) -> Family:
    ids = [sandbox.hubspot.put("companies", {"name": unique + part}) for part in "abc"]
    found = Family(open_hubspot(), sandbox, *ids)
    assert found.gets(found.old).outcome == "written"
    hubspot_proxy.seen.clear()
    return found


def test_a_new_parent_takes_the_place_of_the_old_one(family: Family, hubspot_proxy: Proxy) -> None:
    assert family.gets(family.new).outcome == "written"
    assert family.parent == family.new
    assert hubspot_proxy.count("/objects/companies/batch/read") == 1 + 1  # whether it lives; `get`


def test_the_first_parent_is_asked_for_by_nobody(family: Family, hubspot_proxy: Proxy) -> None:
    assert family.gets(family.child, family.new).outcome == "written"
    assert hubspot_proxy.count("/objects/companies/batch/read") == 0


def test_a_parent_that_was_archived_leaves_the_old_one_where_it_is(
    family: Family, hubspot_proxy: Proxy
) -> None:
    records.archive(family.sandbox.hubspot.portal, "companies", family.new)
    end = family.gets(family.new)
    assert (end.outcome, end.fields) == ("refused", (PARENT,))
    assert f"{family.new} is gone" in end.message
    assert family.parent == family.old
    assert hubspot_proxy.count(DETACH) == hubspot_proxy.count(CREATE) == 0


def test_a_company_is_not_made_its_own_parent(family: Family, hubspot_proxy: Proxy) -> None:
    end = family.gets(family.child)
    assert (end.outcome, "itself" in end.message) == ("refused", True)
    assert family.parent == family.old
    assert hubspot_proxy.count(DETACH) == 0


def test_one_that_cannot_be_tied_keeps_nobody_else_from_it(family: Family) -> None:
    other = family.sandbox.hubspot.put("companies", {"name": "Other"})
    assert family.gets(family.old, other).outcome == "written"
    requests = [
        update(family.child, {PARENT: family.child}, "a"),
        update(other, {PARENT: family.new}, "b"),
    ]
    bad, good = family.connector.write("companies", requests)
    assert (bad.outcome, good.outcome) == ("refused", "written")
    got = family.connector.get("companies", [family.child, other], [PARENT])
    assert [got[one][PARENT] for one in (family.child, other)] == [family.old, family.new]


def test_a_refused_parent_puts_the_old_one_back(family: Family, hubspot_proxy: Proxy) -> None:
    hubspot_proxy.only, hubspot_proxy.faults = CREATE, [REFUSAL]
    end = family.gets(family.new)
    assert (end.outcome, end.fields) == ("refused", (PARENT,))
    assert "no more" in end.message
    assert family.parent == family.old
    assert hubspot_proxy.count(CREATE) == 2


def test_labels_of_people_are_where_they_were_once_the_old_parent_is_back(
    family: Family, hubspot_proxy: Proxy, unique: str
) -> None:
    world = family.sandbox.hubspot
    label = world.define_label("companies", "companies", unique)
    world.associate("companies", family.child, "companies", family.old, [label])
    before = held(family)
    assert label in before
    hubspot_proxy.only, hubspot_proxy.faults = CREATE, [REFUSAL]
    assert family.gets(family.new).outcome == "refused"
    assert held(family) == before


def held(family: Family) -> set[int]:
    ties = family.sandbox.hubspot.portal.ties
    return set(ties.of("companies", family.child, "companies")[family.old])


@pytest.mark.parametrize("then", [REFUSAL, drops, loses])
def test_a_parent_that_may_not_have_come_back_leaves_the_request_unknown(
    family: Family, hubspot_proxy: Proxy, then: Fault
) -> None:
    hubspot_proxy.only, hubspot_proxy.faults = CREATE, [REFUSAL, then]
    end = family.gets(family.new)
    assert end.outcome == "unknown"
    assert "taken away and perhaps not put back" in end.message
    assert "no more" in end.message
    assert family.gets(family.new).outcome == "written"
    assert family.parent == family.new


@pytest.mark.parametrize("fault", [drops, loses])
@pytest.mark.parametrize("call", [CREATE, DETACH])
def test_a_lost_answer_leaves_it_unknown_and_whoever_asks_again_finishes_it(
    family: Family, hubspot_proxy: Proxy, fault: Fault, call: str
) -> None:
    hubspot_proxy.only, hubspot_proxy.faults = call, [fault]
    assert family.gets(family.new).outcome == "unknown"
    assert family.parent in (None, family.old, family.new)
    assert family.gets(family.new).outcome == "written"
    assert family.parent == family.new


def test_one_of_many_that_is_refused_is_alone_put_back(
    family: Family, hubspot_proxy: Proxy
) -> None:
    world = family.sandbox.hubspot
    others = [world.put("companies", {"name": f"Other {at}"}) for at in range(3)]
    for each in others:
        assert family.gets(family.old, each).outcome == "written"
    worse = world.put("companies", {"name": "Worse"})

    def refuses(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        wanted = {one["to"]["id"] for one in seen.json["inputs"]}
        return REFUSAL(seen, forward) if worse in wanted else forward()

    hubspot_proxy.only, hubspot_proxy.always = CREATE, refuses
    parents: list[Any] = [family.new, worse, family.new]
    pairs = list(zip(others, parents, strict=True))
    ends = family.connector.write("companies", [update(a, {PARENT: b}, a) for a, b in pairs])
    assert [end.outcome for end in ends] == ["written", "refused", "written"]
    got = family.connector.get("companies", others, [PARENT])
    assert [got[one][PARENT] for one in others] == [family.new, family.old, family.new]


def test_the_blank_between_two_parents_is_told_to_be_ours(family: Family) -> None:
    stepwise = family.connector.capabilities.stepwise
    assert PARENT in stepwise["companies"]
    assert {PARENT, "associations.companies.primary"}.isdisjoint(stepwise["contacts"])
