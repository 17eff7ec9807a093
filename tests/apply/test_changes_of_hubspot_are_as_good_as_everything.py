"""The law of reading changes, for HubSpot: what changed, laid over the last snapshot, is what a full read shows.

Whatever people do in the portal in between, ties that leave no stamp included, and whichever way it behaves where
nobody knows how it does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from apply.lawful import Law, kept
from apply.pairs import Pair, Servers, put_back
from crmsync.sandbox.hubspot import erasing, merging, records, ties
from crmsync.sandbox.hubspot.errors import Refusal
from crmsync.sandbox.hubspot.objects import OBJECTS as KINDS

OBJECTS = ("companies", "contacts", "deals")
TIES = (
    "_associations.companies.companies",
    "_associations.contacts.companies",
    "_associations.deals.companies",
    "_associations.deals.contacts",
)
LAW = Law("hubspot", OBJECTS, TIES)
read, shown, in_full = LAW.read, LAW.shown, LAW.in_full
NEW = {
    "companies": {"name": "Acme"},
    "contacts": {"lastname": "Ruiz"},
    "deals": {"dealname": "Deal", "dealstage": "contractsent", "pipeline": "default"},
}
EDITED = {"companies": "city", "contacts": "jobtitle", "deals": "closed_lost_reason"}
SWITCHES = ("ties_touch", "merge_keeps_primary", "merged_are_archived", "archive_touches")
READING = ("search_unsorted", "search_ids_as_text", "search_short_pages")


class Portal:
    """What people and programs do in HubSpot; `n` says with which record."""

    def __init__(self, servers: Servers) -> None:
        self.world = servers.hubspot
        self.portal = servers.hubspot.portal

    def do(self, verb: str, object_: str, n: int) -> bool:
        """Does it; False if there is no record to do it with."""
        try:
            getattr(self, verb)(object_, n)
        except (ValueError, LookupError, Refusal):
            return False
        return True

    def one(self, object_: str, n: int, *, archived: bool = False) -> str:
        rows = self.world.tables.rows(object_)
        ids = sorted(id_ for id_, row in rows if ("archivedAt" in row) == archived)
        if not ids:
            raise LookupError(object_)
        return ids[n % len(ids)]

    def make(self, object_: str, n: int) -> None:
        self.world.put(object_, NEW[object_])

    def make_small(self, object_: str, n: int) -> None:
        """With an id of few digits, as old records have."""
        self.world.put(object_, NEW[object_], str(7 + n))

    def edit(self, object_: str, n: int) -> None:
        self.world.put(object_, {EDITED[object_]: f"as of {n}"}, self.one(object_, n))

    def archive(self, object_: str, n: int) -> None:
        records.archive(self.portal, object_, self.one(object_, n))

    def restore(self, object_: str, n: int) -> None:
        erasing.restore(self.portal, KINDS[object_], self.one(object_, n, archived=True))

    def erase(self, object_: str, n: int) -> None:
        erasing.erase(self.portal, self.one("contacts", n), "")

    def merge(self, object_: str, n: int) -> None:
        primary, other = self.one(object_, n), self.one(object_, n + 1)
        merging.merge(self.portal, KINDS[object_], primary, other)

    def tie(self, object_: str, n: int) -> None:
        ends = ("contacts", self.one("contacts", n), "companies", self.one("companies", n // 3))
        ties.add(self.portal, ends, [279, 1] if n % 2 else [279])

    def untie(self, object_: str, n: int) -> None:
        contact = self.one("contacts", n)
        for company in list(self.portal.ties.of("contacts", contact, "companies")):
            ties.replace(self.portal, ("contacts", contact, "companies", company), ())

    def wait(self, object_: str, n: int) -> None:
        self.world.clock.advance(n * 600)


VERBS = (
    "make", "make_small", "edit", "edit", "archive", "restore", "erase", "merge", "tie", "tie", "untie", "wait",
)  # fmt: skip
STEPS = st.tuples(st.sampled_from(VERBS), st.sampled_from(OBJECTS), st.integers(0, 12))
ROUNDS = st.lists(st.lists(STEPS, min_size=1, max_size=8), min_size=1, max_size=3)
TURNED = st.sets(st.sampled_from((*SWITCHES, *READING)))


@pytest.fixture(scope="session")
def desk(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return Pair(servers, tmp_path_factory.mktemp("changes") / "workspace")


@pytest.fixture(scope="session")
def begin(desk: Pair, nothing: dict[str, Any]) -> Callable[[], Portal]:
    """The beginning again: a small portal, read once, a day ago."""
    put_back(desk.servers, nothing)
    portal = Portal(desk.servers)
    for object_ in OBJECTS:
        for _ in range(3):
            portal.make(object_, 0)
    portal.tie("", 1)
    desk.servers.hubspot.clock.advance(7200)
    read(desk, "auto")
    desk.servers.hubspot.clock.advance(86_400)
    again = kept(desk)

    def begin() -> Portal:
        again()
        return Portal(desk.servers)

    return begin


def check(desk: Pair, portal: Portal, turned: set[str], rounds: list[Any]) -> None:
    for name in turned:
        setattr(portal.world.switches, name, True)
    LAW.check(desk, portal, rounds)


@pytest.mark.slow
@given(turned=TURNED, rounds=ROUNDS)
@settings(max_examples=2)
@example(turned=set(), rounds=[[("tie", "contacts", 5), ("merge", "companies", 1)]])
@example(turned=set(SWITCHES), rounds=[[("merge", "contacts", 0), ("archive", "contacts", 0)]])
@example(turned=set(), rounds=[[("archive", "contacts", 1)], [("restore", "contacts", 0)]])
@example(turned=set(READING), rounds=[[("erase", "contacts", 1), ("make", "contacts", 0)]])
def test_the_last_read_with_its_changes_is_a_full_read(
    begin: Callable[[], Portal], desk: Pair, turned: set[str], rounds: list[Any]
) -> None:
    check(desk, begin(), turned, rounds)


EVERYTHING: list[Any] = [
    ("make", "contacts", 0), ("edit", "contacts", 1), ("archive", "contacts", 2), ("merge", "companies", 0),
    ("tie", "contacts", 5), ("erase", "contacts", 3),
]  # fmt: skip


@pytest.mark.parametrize("keeps", [False, True])
def test_what_search_sees_late_is_there_with_the_next_read(
    begin: Callable[[], Portal], desk: Pair, keeps: bool
) -> None:
    """Nothing is taken for wrong meanwhile: search counts as late as it finds."""
    portal = begin()
    portal.world.switches.search_lag = 20
    portal.world.switches.merge_keeps_primary = keeps
    for step in EVERYTHING:
        assert portal.do(*step)
    said: list[str] = []
    read(desk, "changes", tell=said.append)
    (line,) = [text for text in said if text.startswith("hubspot: read")]
    assert "another number" not in line
    portal.wait("", 3)
    read(desk, "changes")
    assert shown(desk) == in_full(desk)


@pytest.mark.slow
@given(turned=TURNED, rounds=ROUNDS)
@settings(max_examples=30)
def test_the_law_holds_for_many_more(
    begin: Callable[[], Portal], desk: Pair, turned: set[str], rounds: list[Any]
) -> None:
    check(desk, begin(), turned, rounds)
