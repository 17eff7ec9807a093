"""A company gets another parent: HubSpot has none between two calls, and that is nobody's edit."""

from __future__ import annotations

import pytest

from apply.pairs import Pair, cells, conflicts, everything_allowed
from crmsync.commands.apply import Applied
from crmsync.commands.plan import is_quiet
from crmsync.errors import RunUnfinished
from crmsync.sandbox.hubspot.ties import replace
from crmsync.testing.proxy import Fault, drops, loses, proxied, says

REFUSAL = says(400, {"status": "error", "message": "no more", "category": "VALIDATION_ERROR"})
READ = "    to: company\n    direction: none\n"
BOTH_WAYS = "    to: company\n    on_conflict: newest\n    blank: propagate\n"
OLD, NEW = "Old Parent", "New Parent"


class Group:
    """A company that both systems know, whose parent Salesforce has just changed, and the plan that follows."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        pair.mapping("company", (READ, BOTH_WAYS))
        self.accounts: dict[str, str] = {}
        self.companies: dict[str, str] = {}
        for at, name in enumerate(("Acme", OLD, NEW)):
            domain = f"firm{at}.example"
            self.accounts[name] = pair.salesforce("Account", Name=name, Website=domain)
            self.companies[name] = pair.hubspot("companies", name=name, domain=domain)
        known = (*self.accounts.items(), *self.companies.items())
        self.named = {id_: name for name, id_ in known}
        pair.night()
        for name in (OLD, NEW):
            pair.salesforce("Account", self.accounts["Acme"], ParentId=self.accounts[name])
            self.plan = pair.plan()
            if name == OLD:
                assert pair.apply(everything_allowed(self.plan)).states == {"VERIFIED": 1}

    def parents(self) -> tuple[str | None, str | None]:
        """The name of the parent at Salesforce and at HubSpot."""
        there = self.pair.of_salesforce("Account", self.accounts["Acme"]).get("ParentId")
        here = self.pair.of_hubspot("companies", self.companies["Acme"])
        return self.named.get(there or ""), self.named.get(here.get("hs_parent_company_id") or "")

    def applied(self, *faults: Fault) -> Applied:
        """The plan applied while calls that set a parent in HubSpot go wrong, one fault a call."""
        pair = self.pair
        real, file = pair.servers.urls["hubspot"], pair.folder / "crmsync.yml"
        with proxied(real) as hubspot:
            hubspot.only, hubspot.faults = "companies/companies/batch/create", list(faults)
            file.write_text(file.read_text().replace(real, hubspot.url))
            pair.reopen()
            done = pair.apply(everything_allowed(self.plan))
            file.write_text(file.read_text().replace(hubspot.url, real))
        assert not hubspot.faults, "every one was met with"
        pair.reopen()
        return done


@pytest.mark.slow
@pytest.mark.parametrize("faults", [(drops,), (loses,), (REFUSAL, drops)])
def test_a_parent_without_an_answer_is_finished_by_resume(
    pair: Pair, faults: tuple[Fault, ...]
) -> None:
    group = Group(pair)
    assert group.applied(*faults).states == {"AMBIGUOUS": 1}
    assert group.parents() == (NEW, NEW if faults == (loses,) else None)
    with pytest.raises(RunUnfinished):
        pair.plan()
    assert pair.resume().states == {"VERIFIED": 1}
    assert group.parents() == (NEW, NEW)
    assert is_quiet(pair.plan())


@pytest.mark.slow
def test_a_refused_parent_changes_nothing_and_is_no_conflict(pair: Pair) -> None:
    group = Group(pair)
    assert group.applied(REFUSAL).states == {"FAILED": 1}
    assert group.parents() == (NEW, OLD)
    plan = pair.plan()
    assert {(system, field) for system, field, _ in cells(plan)} == {("hubspot", "parent")}
    assert not conflicts(plan)
    assert pair.apply(everything_allowed(plan)).states == {"VERIFIED": 1}
    assert group.parents() == (NEW, NEW)
    assert is_quiet(pair.plan())


@pytest.mark.slow
def test_a_parent_that_somebody_takes_away_before_we_begin_is_their_edit(pair: Pair) -> None:
    """Only what we began may be blank by our doing."""
    group = Group(pair)
    portal = pair.servers.hubspot.portal
    ends = ("companies", group.companies["Acme"], "companies", group.companies[OLD])
    replace(portal, ends, (450,))
    assert group.parents() == (NEW, None)
    assert pair.apply(everything_allowed(group.plan)).states == {"DROPPED": 1}
