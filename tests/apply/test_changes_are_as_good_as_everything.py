"""The law of reading changes: the last snapshot with what changed laid over it is what a full read shows.

Whatever people do in Salesforce in between, and wherever a pull dies.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from apply.lawful import Law, kept
from apply.pairs import Pair, Servers, put_back
from crmsync.sandbox.salesforce.becoming import convert_lead, merge_records
from crmsync.sandbox.salesforce.late_commits import commit_transaction, open_transaction, touch
from crmsync.sandbox.salesforce.recycling import empty_bin, undelete

OBJECTS = ("Account", "Contact", "Lead", "Opportunity")
SIDE_TABLES = ("_merged.Contact", "_associations.Opportunity.Contact", "_gone.Contact")
NEW = {
    "Account": {"Name": "Acme"},
    "Contact": {"LastName": "Ruiz"},
    "Lead": {"LastName": "Gil", "Company": "Gil"},
    "Opportunity": {"Name": "Deal", "StageName": "Prospecting", "CloseDate": "2027-01-31"},
}
EDITED = {
    "Account": "Industry",
    "Contact": "Title",
    "Lead": "Title",
    "Opportunity": "NextStep",
}
LAW = Law("salesforce", OBJECTS, SIDE_TABLES)
read, shown, in_full = LAW.read, LAW.shown, LAW.in_full
HIDEABLE = (("Contact", "Title"), ("Account", "Industry"))
ROLE = "OpportunityContactRole"


class Org:
    """What people and programs do in Salesforce; `n` says with which record."""

    def __init__(self, servers: Servers) -> None:
        self.world = servers.salesforce
        self.open: list[str] = []
        self.hidden: set[tuple[str, str]] = set()

    def do(self, verb: str, object_: str, n: int) -> bool:
        """Does it; False if there is no record to do it with."""
        try:
            getattr(self, verb)(object_, n)
        except (ValueError, LookupError):
            return False
        return True

    def ids(self, object_: str, *, gone: bool = False) -> list[str]:
        rows = self.world.tables.rows(object_)
        return sorted(id_ for id_, row in rows if bool(row.get("IsDeleted")) == gone)

    def one(self, object_: str, n: int, *, gone: bool = False) -> str:
        ids = self.ids(object_, gone=gone)
        if not ids:
            raise LookupError(object_)
        return ids[n % len(ids)]

    def make(self, object_: str, n: int) -> None:
        self.world.put(object_, NEW[object_])

    def edit(self, object_: str, n: int) -> None:
        self.world.put(object_, {EDITED[object_]: f"as of {n}"}, self.one(object_, n))

    def delete(self, object_: str, n: int) -> None:
        self.world.put(object_, {"IsDeleted": True}, self.one(object_, n))

    def undelete(self, object_: str, n: int) -> None:
        undelete(self.world, self.one(object_, n, gone=True))

    def purge(self, object_: str, n: int) -> None:
        empty_bin(self.world, [self.one(object_, n, gone=True)])

    def merge(self, object_: str, n: int) -> None:
        winner, loser = self.one(object_, n), self.one(object_, n + 1)
        merge_records(self.world, {"object": object_, "winner": winner, "losers": [loser]})

    def convert(self, object_: str, n: int) -> None:
        convert_lead(self.world, {"lead": self.one("Lead", n), "opportunity": "New deal"})

    def begin(self, object_: str, n: int) -> None:
        """A transaction that is seen later, of a new record or an edit."""
        old = {"id": self.one(object_, n)} if n % 2 else {}
        record = {**NEW[object_], EDITED[object_]: f"late {n}", **old}
        told = open_transaction(self.world, {"object": object_, "records": [record]})
        self.open.append(told["transaction"])

    def commit(self, object_: str, n: int) -> None:
        if not self.open:
            raise LookupError("transaction")
        commit_transaction(self.world, {"transaction": self.open.pop(0)})

    def touch(self, object_: str, n: int) -> None:
        touch(self.world, {"object": object_, "ids": [self.one(object_, n)]})

    def permit(self, object_: str, n: int) -> None:
        """Takes a field out of the user's sight, or shows it again."""
        place = HIDEABLE[n % len(HIDEABLE)]
        if place in self.hidden:
            self.world.show_field(*place)
        else:
            self.world.hide_field(*place)
        self.hidden ^= {place}

    def tie(self, object_: str, n: int) -> None:
        row = {"OpportunityId": self.one("Opportunity", n), "ContactId": self.one("Contact", n)}
        self.world.put(ROLE, row)

    def untie(self, object_: str, n: int) -> None:
        """A contact role that is deleted by itself is in no queryAll."""
        self.world.put(ROLE, {"IsDeleted": True}, self.one(ROLE, n))

    def wait(self, object_: str, n: int) -> None:
        self.world.clock.advance(n * 60)


VERBS = (
    "make", "edit", "edit", "delete", "undelete", "purge", "merge", "convert", "begin", "commit",
    "touch", "permit", "tie", "untie", "wait",
)  # fmt: skip
STEPS = st.tuples(st.sampled_from(VERBS), st.sampled_from(OBJECTS), st.integers(0, 12))
ROUNDS = st.lists(st.lists(STEPS, min_size=1, max_size=8), min_size=1, max_size=3)


@pytest.fixture(scope="session")
def desk(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return Pair(servers, tmp_path_factory.mktemp("changes") / "workspace")


@pytest.fixture(scope="session")
def begin(desk: Pair, nothing: dict[str, Any]) -> Callable[[], Org]:
    """The beginning again: a small org, read once."""
    put_back(desk.servers, nothing)
    org = Org(desk.servers)
    for object_ in OBJECTS:
        for _ in range(3):
            org.make(object_, 0)
    org.tie("", 1)
    desk.servers.salesforce.clock.advance(3600)
    read(desk, "auto")
    again = kept(desk)

    def begin() -> Org:
        again()
        return Org(desk.servers)

    return begin


def without_old_facts(found: dict[str, Any]) -> dict[str, Any]:
    """Of what went, the ids: a read in full may have heard less of when and why."""
    return {n: rows for n, rows in found.items() if not n.startswith("_gone.")}


@pytest.mark.slow
@given(rounds=ROUNDS)
@settings(max_examples=6)
@example(rounds=[[("delete", "Contact", 1)], [("undelete", "Contact", 0)]])
@example(rounds=[[("begin", "Contact", 1), ("wait", "Contact", 9)], [("commit", "Contact", 0)]])
@example(rounds=[[("merge", "Account", 0), ("convert", "Lead", 1), ("untie", "Contact", 0)]])
@example(rounds=[[("delete", "Lead", 0), ("purge", "Lead", 0), ("permit", "Contact", 0)]])
def test_the_last_read_with_its_changes_is_a_full_read(
    begin: Callable[[], Org], desk: Pair, rounds: list[list[tuple[str, str, int]]]
) -> None:
    LAW.check(desk, begin(), rounds, without_old_facts)


@pytest.mark.slow
@given(rounds=ROUNDS)
@settings(max_examples=20)
def test_the_law_holds_for_many_more(
    begin: Callable[[], Org], desk: Pair, rounds: list[list[tuple[str, str, int]]]
) -> None:
    LAW.check(desk, begin(), rounds, without_old_facts)


class Died(BaseException):
    """The process is gone."""


def dies_at(number: int) -> Callable[[str], None]:
    """Dies at the n-th point of a pull."""
    left = iter(range(number - 1, -1, -1))

    def at(_name: str) -> None:
        if next(left) == 0:
            raise Died

    return at


POINTS = 2 * len(OBJECTS)
"""Before the snapshot and before the cursor of every object."""


@pytest.mark.slow_but("1", "8")
@pytest.mark.parametrize("point", range(1, POINTS + 1))
def test_a_pull_that_dies_anywhere_loses_nothing(
    begin: Callable[[], Org], desk: Pair, point: int
) -> None:
    org = begin()
    org.do("edit", "Contact", 1)
    org.do("delete", "Account", 1)
    with pytest.raises(Died):
        read(desk, "changes", at=dies_at(point))
    org.do("edit", "Lead", 1)
    assert read(desk, "changes").complete
    assert shown(desk) == in_full(desk)


def test_there_are_no_other_points(begin: Callable[[], Org], desk: Pair) -> None:
    begin()
    seen: list[str] = []
    read(desk, "changes", at=seen.append)
    assert seen == ["before the snapshot", "before the cursor"] * len(OBJECTS)


def test_a_lost_cursor_is_a_full_read(begin: Callable[[], Org], desk: Pair) -> None:
    org = begin()
    org.do("edit", "Contact", 1)
    for path in desk.workspace.state.glob("state.db*"):
        path.unlink()
    pulled = read(desk, "changes")
    assert not any(each.manifest.base for each in pulled.snapshots)
    assert shown(desk) == in_full(desk)


def test_a_cursor_without_its_snapshot_is_a_full_read(begin: Callable[[], Org], desk: Pair) -> None:
    org = begin()
    org.do("edit", "Contact", 1)
    shutil.rmtree(desk.workspace.state / "snapshots" / "salesforce" / "Contact")
    pulled = read(desk, "changes")
    read_in_full = {e.manifest.object for e in pulled.snapshots if not e.manifest.base}
    assert read_in_full & set(OBJECTS) == {"Contact"}
    assert shown(desk) == in_full(desk)
