"""A record whose many ties change with every read is set aside; the others of its batch are written and checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import orjson
import pytest

from apply.pairs import Pair, everything_allowed
from crmsync.commands.plan import is_quiet
from crmsync.commands.planfile import Plan
from crmsync.testing.proxy import Reply, Seen, proxied

READ = "    to: company\n    direction: none\n"
BOTH_WAYS = "    to: company\n    on_conflict: newest\n    blank: propagate\n"
NAMES = ("Busy", "Calm", "New")


@dataclass
class Firms:
    """Firms of both systems by name; two of them get a new parent in Salesforce."""

    pair: Pair
    accounts: dict[str, str] = field(default_factory=dict)
    companies: dict[str, str] = field(default_factory=dict)

    def settle(self) -> None:
        self.pair.mapping("company", (READ, BOTH_WAYS))
        for at, name in enumerate(NAMES):
            site = f"firm{at}.example"
            self.accounts[name] = self.pair.salesforce("Account", Name=name, Website=site)
            self.companies[name] = self.pair.hubspot("companies", name=name, domain=site)
        self.pair.night()

    def move(self) -> Plan:
        for name in NAMES[:2]:
            account = self.accounts[name]
            self.pair.salesforce("Account", account, ParentId=self.accounts["New"])
        return everything_allowed(self.pair.plan())

    def parents(self) -> dict[str, Any]:
        of = {name: self.pair.of_hubspot("companies", self.companies[name]) for name in NAMES[:2]}
        return {name: held.get("hs_parent_company_id") for name, held in of.items()}


@pytest.fixture
def firms(pair: Pair) -> Firms:
    made = Firms(pair)
    made.settle()
    return made


@contextmanager
def restless(firms: Firms, since: Callable[[Seen], bool]) -> Iterator[None]:
    """Ties of Busy are two pages that say something else each time, from the first call on that `since` is true of."""
    at, begun = count(), []

    def page(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        begun.extend([True] if since(seen) else [])
        got = forward()
        return _with_busy(got, next(at)) if begun and _asks_for_busy(seen) else got

    def _asks_for_busy(seen: Seen) -> bool:
        asked = [each.get("id") for each in seen.json["inputs"]]
        return seen.path.endswith("companies/companies/batch/read") and busy in asked

    def _with_busy(got: Reply, turn: int) -> Reply:
        told = orjson.loads(got.body)
        paging = {"next": {"after": str(turn), "link": ""}} if turn % 2 == 0 else None
        to = [{"toObjectId": str(900 + turn), "associationTypes": []}]
        others = [each for each in told["results"] if str(each["from"]["id"]) != busy]
        told["results"] = [*others, {"from": {"id": busy}, "to": to, "paging": paging}]
        told["errors"] = [each for each in told.get("errors", ()) if busy not in str(each)]
        return Reply(200, {"Content-Type": "application/json"}, orjson.dumps(told))

    busy, pair = firms.companies["Busy"], firms.pair
    real, file = pair.servers.urls["hubspot"], pair.folder / "crmsync.yml"
    with proxied(real) as proxy:
        proxy.only, proxy.always = "companies/companies/batch/", page
        file.write_text(file.read_text().replace(real, proxy.url))
        pair.reopen()
        yield
        file.write_text(file.read_text().replace(proxy.url, real))
        pair.reopen()


def test_who_changes_before_the_write_is_left_to_the_next_plan(firms: Firms) -> None:
    plan = firms.move()
    with restless(firms, lambda _: True):
        done = firms.pair.apply(plan)
    assert done.states == {"VERIFIED": 1, "DROPPED": 1}
    assert firms.parents() == {"Busy": None, "Calm": firms.companies["New"]}
    assert firms.pair.night().states == {"VERIFIED": 1}
    assert set(firms.parents().values()) == {firms.companies["New"]}


def test_who_changes_after_the_write_is_checked_when_the_run_is_resumed(firms: Firms) -> None:
    plan = firms.move()
    with restless(firms, lambda seen: not seen.path.endswith("/read")):
        assert firms.pair.apply(plan).states == {"VERIFIED": 1, "AMBIGUOUS": 1}
        assert firms.pair.resume().states == {"VERIFIED": 1, "AMBIGUOUS": 1}
    assert firms.pair.resume().states == {"VERIFIED": 2}
    assert set(firms.parents().values()) == {firms.companies["New"]}
    assert is_quiet(firms.pair.plan())
