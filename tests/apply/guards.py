"""What the tests of sentinels share: a guarded person, and nights that write."""

from __future__ import annotations

import pytest

from apply.guarded import SYSTEMS, guard
from apply.pairs import Pair, Person
from crmsync.commands.plan import make_plan
from crmsync.errors import ExitCode, StateStale

NOTHING: dict[str, int] = {}
ONE = dict.fromkeys(SYSTEMS, 1)


@pytest.fixture
def guarded(person: Person) -> Person:
    """A person whom both systems know; sentinels stand at 0, no request has been made."""
    guard(person.pair)
    return person


def edit_both(person: Person, mark: str) -> None:
    """A change for each system to write."""
    person.in_hubspot(firstname=f"Ana {mark.title()}")
    person.in_salesforce(Title=f"Chief {mark}")


def want_none(pair: Pair) -> None:
    """The line that asks for sentinels is taken out again."""
    path = pair.folder / "crmsync.yml"
    path.write_text(path.read_text().replace("sentinel: true\n", ""))
    pair.reopen()


def night(person: Person, mark: str) -> None:
    edit_both(person, mark)
    person.pair.sync()


def refused(pair: Pair, *, word: str) -> None:
    """Plan and sync both stop with the code of a stale state, and write nothing."""
    for attempt in (lambda: make_plan(pair.workspace), pair.sync):
        pair.forget_requests()
        with pytest.raises(StateStale, match=word) as raised:
            attempt()
        assert raised.value.exit_code is ExitCode.STALE
        assert raised.value.remedy
        assert pair.writes() == []
