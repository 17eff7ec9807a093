"""The org's calls end in the middle of an apply: the run waits, and goes on exactly where it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from apply.crowd import offer_tiers, seed
from apply.killing import Lane, difference, facts
from apply.pairs import Pair, Person, served
from crmsync.commands.apply import resume_run
from crmsync.errors import ExitCode, TryLater
from crmsync.sandbox.salesforce.allowance import DAILY_CALLS

DAY_S = 25 * 3600
_RESERVE = ("systems:\n  salesforce: {", 'systems:\n  salesforce: {reserve: "0", ')


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lane]:
    """A pair at the beginning of a plan with every kind of write, which may use the day to its last call."""
    with served() as servers:
        pair = Pair(servers, tmp_path_factory.mktemp("day") / "workspace")
        path = pair.folder / "crmsync.yml"
        path.write_text(path.read_text().replace(*_RESERVE))
        pair.reopen()
        seed(pair)
        pair.plan()
        offer_tiers(pair, "Gold")
        lane = Lane(pair)
        lane.keep()
        yield lane


@pytest.fixture(scope="module")
def undisturbed(lane: Lane) -> dict[str, Any]:
    """How it ends if nothing happens, and after how many calls of Salesforce."""
    lane.begin()
    before = lane.pair.servers.salesforce.calls
    lane.pair.apply()
    found = facts(lane)
    return {"facts": found, "calls": lane.pair.servers.salesforce.calls - before}


def ended(lane: Lane, calls: int) -> tuple[list[TryLater], dict[str, Any]]:
    """Every pause of a run that gets so many calls a day, and how it ends."""
    org = lane.pair.servers.salesforce
    lane.begin()
    org.clock.advance(DAY_S)
    org.allowance.daily = org.calls + calls
    pauses: list[TryLater] = []
    try:
        try:
            lane.pair.apply()
        except TryLater as error:
            pauses.append(error)
        while lane.pair.unfinished():
            org.clock.advance(DAY_S)
            org.allowance.daily = 10 * calls
            lane.pair.servers.hubspot.clock.advance(60)
            lane.pair.resume()
    finally:
        org.allowance.daily = DAILY_CALLS
    return pauses, facts(lane)


@pytest.mark.slow
def test_a_day_that_ends_after_any_call_leaves_nothing_undone_and_nothing_twice(
    lane: Lane, undisturbed: dict[str, Any]
) -> None:
    calls = undisturbed["calls"]
    assert calls > 12
    wrong = {}
    for after in range(2, calls, 3):
        pauses, found = ended(lane, after)
        assert len(pauses) == 1, after
        wrong[after] = difference(undisturbed["facts"], found)
    assert not {after: what for after, what in wrong.items() if what}


@pytest.fixture
def worked(person: Person) -> Iterator[Person]:
    """A person whose plan writes to Salesforce alone."""
    person.in_hubspot(mobilephone="+34600111222", city="Vigo")
    person.pair.plan()
    org = person.pair.servers.salesforce
    org.clock.advance(DAY_S)  # nothing of the day is used
    person.pair.servers.hubspot.clock.advance(60)
    yield person
    org.allowance.daily = DAILY_CALLS


@pytest.mark.parametrize(("used", "code"), [(35, ExitCode.TRY_LATER), (33, ExitCode.PARTIAL)])
def test_a_reserve_stops_before_the_last_call_and_the_run_goes_on_another_day(
    worked: Person, used: int, code: ExitCode
) -> None:
    pair, org = worked.pair, worked.pair.servers.salesforce
    org.allowance.daily = 40
    org.count_calls(used)  # others work, too
    with pytest.raises(TryLater, match="are kept for others") as raised:
        pair.apply()
    (run,) = pair.unfinished()
    assert raised.value.exit_code is code  # 75 if nothing was written yet
    assert raised.value.remedy.endswith(f"crmsync resume {run}")
    assert org.calls == 37  # of the last ten in a hundred none is touched
    with pytest.raises(TryLater):
        resume_run(pair.workspace, run)  # too early: it waits on
    assert pair.unfinished() == [run]
    org.clock.advance(DAY_S)
    org.allowance.daily = DAILY_CALLS
    assert resume_run(pair.workspace, run).run == run
    assert not pair.unfinished()
    assert worked.at_salesforce("MobilePhone") == "+34600111222"
    updates = [path for path in pair.writes() if "composite/sobjects" in path]
    assert len(updates) == 1
