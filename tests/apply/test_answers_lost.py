"""A connection that ends inside a write, before or after the server did it, changes nothing in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from apply.crowd import offer_tiers, seed
from apply.killing import Lane, difference, facts
from apply.pairs import Pair, is_write, served
from crmsync.errors import CrmsyncError
from crmsync.testing.proxy import Fault, Proxy, Reply, Seen, drops, loses, proxied

KINDS = (
    "composite/sobjects",
    "composite/sobjects/Account/crmsync_key__c",
    "contacts/batch/update",
    "contacts/batch/upsert",
    "companies/batch/upsert",
    "deals/batch/upsert",
    "deals/companies/batch/create",
    "unsubscribe-all?channel=EMAIL",
)


@dataclass
class Cutter:
    """Lets everything through but the nth write; remembers what kinds of writes it saw."""

    fault: Fault = drops
    nth: int = 0
    writes: list[str] = field(default_factory=list)

    def __call__(self, seen: Seen, forward: Callable[[], Reply]) -> Reply:
        if not is_write(seen.method, seen.path.partition("?")[0]):
            return forward()
        self.writes.append(seen.path)
        return self.fault(seen, forward) if len(self.writes) == self.nth else forward()

    def arm(self, fault: Fault, nth: int) -> None:
        self.fault, self.nth, self.writes = fault, nth, []


@pytest.fixture(scope="module")
def cut() -> Cutter:
    return Cutter()


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory, cut: Cutter) -> Iterator[Lane]:
    """A pair that is reached through proxies, at the beginning of a plan with every kind of write."""
    with ExitStack() as stack:
        servers = stack.enter_context(served())
        proxies: dict[str, Proxy] = {
            system: stack.enter_context(proxied(url)) for system, url in servers.urls.items()
        }
        urls = {system: proxy.url for system, proxy in proxies.items()}
        pair = Pair(servers, tmp_path_factory.mktemp("cut") / "workspace", urls=urls)
        seed(pair)
        pair.plan()
        offer_tiers(pair, "Gold")
        for proxy in proxies.values():
            proxy.always = cut
        lane = Lane(pair)
        lane.keep()
        yield lane


@pytest.fixture(scope="module")
def undisturbed(lane: Lane, cut: Cutter) -> dict[str, Any]:
    """How it ends if nothing happens, with the kinds of writes that were made."""
    lane.begin()
    cut.arm(drops, 0)
    lane.pair.apply()
    return facts(lane) | {"writes": list(cut.writes)}


@pytest.mark.slow
@pytest.mark.parametrize("fault", [drops, loses], ids=["before", "after"])
def test_a_write_that_is_cut_off_is_done_once_in_the_end(
    lane: Lane, cut: Cutter, undisturbed: dict[str, Any], fault: Fault
) -> None:
    writes = undisturbed["writes"]
    assert all(any(path.endswith(kind) for path in writes) for kind in KINDS)
    one_of_each = sorted({writes.index(path) + 1 for path in writes})
    found = {
        writes[nth - 1]: what
        for nth in one_of_each
        if (what := difference(undisturbed, _ended(lane, cut, fault, nth) | {"writes": writes}))
    }
    assert not found


def _ended(lane: Lane, cut: Cutter, fault: Fault, nth: int) -> dict[str, Any]:
    """How it ends when the nth write is cut off and the run resumed."""
    lane.begin()
    cut.arm(fault, nth)
    with suppress(CrmsyncError):
        assert lane.pair.apply().exit_code == 6
    cut.arm(fault, 0)
    lane.pair.resume()
    return facts(lane)
