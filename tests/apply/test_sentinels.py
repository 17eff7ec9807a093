"""A state or a CRM that was put back, copied or lost is told by the sentinels, before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from apply import guards
from apply.guarded import (
    SYSTEMS,
    ask_for_sentinels,
    counted,
    guard,
    install,
    kept_state,
    marks,
    put_state_back,
    records,
    rewrite,
)
from apply.guards import ONE, edit_both, night, refused
from apply.pairs import Pair, Person, held_by, put_back
from crmsync.commands.plan import is_quiet, make_plan
from crmsync.connectors.abilities import SentinelConnector
from crmsync.errors import ConfigInvalid, ExitCode, StateStale, SystemFailed

guarded = guards.guarded

# What moves it


@pytest.mark.slow
def test_a_run_that_writes_counts_once_in_each_system_it_writes_to(guarded: Person) -> None:
    person, pair = guarded, guarded.pair
    person.in_hubspot(firstname="Anna")
    done = pair.sync().applied
    assert done is not None
    assert counted(pair) == {"salesforce": 1, "hubspot": 0}
    mark = marks(pair)["salesforce"]
    assert mark is not None
    assert mark.run == done.run
    night(person, "again")
    assert counted(pair) == {"salesforce": 2, "hubspot": 1}


@pytest.mark.slow
def test_it_is_the_first_write_of_a_run_in_its_system(guarded: Person) -> None:
    edit_both(guarded, "first")
    guarded.pair.sync()
    paths = guarded.pair.writes()
    assert [path for path in paths if "hubspot" not in path][:1] == paths[:1]
    of_hubspot = [path for path in paths if "/crm/" in path]
    assert of_hubspot[0].endswith("companies/batch/update")
    assert of_hubspot[1].endswith("contacts/batch/update")
    bodies = [path for path in paths if "/services/" in path]
    assert len(bodies) == 2


def test_it_is_no_change_in_the_numbers_of_a_run(guarded: Person) -> None:
    guarded.in_hubspot(firstname="Anna")
    done = guarded.pair.sync().applied
    assert done is not None
    assert (done.states, done.written) == ({"VERIFIED": 1}, 1)
    with guarded.pair.workspace.store() as store:
        moved = [op for op in store.ops(done.run) if op.action == "sentinel"]
    assert [(op.system, op.state) for op in moved] == [("salesforce", "VERIFIED")]


@pytest.mark.slow
def test_quiet_nights_write_nothing(guarded: Person) -> None:
    night(guarded, "once")
    guarded.pair.forget_requests()
    before = counted(guarded.pair)
    for _ in range(3):
        assert guarded.pair.sync().applied is None
    assert guarded.pair.writes() == []
    assert counted(guarded.pair) == before


@pytest.mark.slow
def test_whoever_does_not_ask_for_it_pays_no_call(person: Person) -> None:
    def calls() -> list[str]:
        person.pair.forget_requests()
        person.pair.sync()
        paths = [each["path"] for each in person.pair.requests()]
        # What is asked of ties hangs on what there is, of deletions on the minutes since the last read, and of search
        # on what was made in the last hour: a sentinel was.
        hangs = ("/associations/", "/deleted/", "/search")
        return [path for path in paths if not any(each in path for each in hangs)]

    without = calls()
    guard(person.pair)
    assert len(calls()) == len(without) + len(SYSTEMS)


# What it tells


def test_a_state_that_was_put_back_is_refused_before_anything_is_written(guarded: Person) -> None:
    backup = kept_state(guarded.pair)
    night(guarded, "lost")
    edit_both(guarded, "later")
    put_state_back(guarded.pair, backup)
    refused(guarded.pair, word="put back")


def test_a_plan_made_before_the_state_was_put_back_is_refused_too(guarded: Person) -> None:
    """Nothing in the plan itself is stale: it was made on the very state that is back."""
    pair = guarded.pair
    edit_both(guarded, "planned")
    pair.plan()
    backup = kept_state(pair)
    pair.apply()
    put_state_back(pair, backup)
    pair.forget_requests()
    with pytest.raises(StateStale):
        pair.apply()
    assert pair.writes() == []


@pytest.mark.slow
def test_a_state_put_back_to_the_middle_of_a_run_is_refused_once_another_run_wrote(
    guarded: Person,
) -> None:
    pair = guarded.pair
    kept: list[Path] = []

    def at(point: str) -> None:
        if point.startswith("after the sentinel moved"):
            kept.append(kept_state(pair, f"backup-{len(kept)}"))

    edit_both(guarded, "first")
    pair.plan()
    pair.apply(at=at)
    night(guarded, "second")
    for backup in kept:
        put_state_back(pair, backup)
        pair.forget_requests()
        with pytest.raises(StateStale):
            pair.resume()
        assert pair.writes() == []


@pytest.mark.slow
def test_of_two_machines_with_a_copy_of_the_state_only_the_first_writes(
    guarded: Person,
) -> None:
    copy = kept_state(guarded.pair)
    night(guarded, "here")
    mine = kept_state(guarded.pair, "mine")
    put_state_back(guarded.pair, copy)
    refused(guarded.pair, word="another machine")
    put_state_back(guarded.pair, mine)
    night(guarded, "here again")
    assert counted(guarded.pair) == dict.fromkeys(SYSTEMS, 2)


@pytest.mark.slow
def test_a_state_that_was_lost_is_not_taken_for_a_new_one(guarded: Person) -> None:
    pair = guarded.pair
    night(guarded, "lost")
    for file in (pair.folder / ".crmsync").glob("state.db*"):
        file.unlink()
    for plan in (pair.folder / ".crmsync" / "plans").glob("*"):
        plan.unlink()
    refused(pair, word="lost")


def test_a_crm_that_was_put_back_is_refused(guarded: Person) -> None:
    night(guarded, "one")
    held = held_by(guarded.pair.servers)
    night(guarded, "two")
    put_back(guarded.pair.servers, held)
    refused(guarded.pair, word="was put back")


@pytest.mark.slow
def test_as_many_runs_by_somebody_else_do_not_pass_for_ours(guarded: Person) -> None:
    night(guarded, "one")
    for system in SYSTEMS:
        _, text = records(guarded.pair)[system]
        ours = marks(guarded.pair)[system]
        assert ours is not None
        rewrite(guarded.pair, system, text.replace(ours.run, "20261120T000000000-ffff"))
    refused(guarded.pair, word="a copy of it")


# What people do to it


@pytest.mark.slow
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_count_that_was_edited_away_is_refused_and_can_be_written_back(
    guarded: Person, system: str
) -> None:
    pair = guarded.pair
    night(guarded, "one")
    _, text = records(pair)[system]
    rewrite(pair, system, "Please call them back")
    refused(pair, word="edited")
    with pytest.raises(StateStale) as raised:
        make_plan(pair.workspace)
    assert text in raised.value.remedy
    rewrite(pair, system, text)
    night(guarded, "two")
    assert counted(pair) == dict.fromkeys(SYSTEMS, 2)


@pytest.mark.slow
def test_what_people_add_around_the_count_does_no_harm(guarded: Person) -> None:
    night(guarded, "one")
    for system in SYSTEMS:
        rewrite(guarded.pair, system, records(guarded.pair)[system][1] + "\nSeen by Ana.")
    night(guarded, "two")
    assert counted(guarded.pair) == dict.fromkeys(SYSTEMS, 2)


@pytest.mark.slow
def test_a_sentinel_that_was_deleted_is_missed_and_goes_on_where_it_was(guarded: Person) -> None:
    pair = guarded.pair
    night(guarded, "one")
    delete_them(pair)
    assert records(pair) == {}
    refused(pair, word="gone")
    assert install(pair).exit_code is ExitCode.OK
    assert counted(pair) == ONE
    night(guarded, "two")
    assert counted(pair) == dict.fromkeys(SYSTEMS, 2)


def delete_them(pair: Pair) -> None:
    """Somebody moves every sentinel to the recycle bin."""
    with pair.workspace.connectors(writes=True) as connectors:
        for system, (id_, _) in records(pair).items():
            connector = connectors[system]
            assert isinstance(connector, SentinelConnector)
            connector.remove_record(connector.sentinel_place.object, id_)


def test_asked_for_and_never_put_in_it_says_how(person: Person) -> None:
    ask_for_sentinels(person.pair)
    with pytest.raises(ConfigInvalid, match="footprint install"):
        person.pair.sync()
    assert person.pair.writes() == []


# Answers that are lost


def test_a_count_whose_answer_is_lost_is_looked_up_and_counts_once(guarded: Person) -> None:
    pair = guarded.pair
    edit_both(guarded, "lost")
    pair.plan()

    class Lost(BaseException):
        """The process ends here."""

    def at(point: str) -> None:
        if point == "after the sentinel moved in hubspot":
            raise Lost

    with pytest.raises(Lost):
        pair.apply(at=at)
    pair.resume()
    assert counted(pair) == ONE
    assert is_quiet(pair.plan())


def test_a_count_that_is_not_seen_stops_the_run_before_anything_else_and_is_resumed(
    guarded: Person,
) -> None:
    pair = guarded.pair
    edit_both(guarded, "unseen")
    pair.plan()
    before = records(pair)

    def at(point: str) -> None:
        for system in SYSTEMS:
            if point == f"after the sentinel moved in {system}":
                rewrite(pair, system, before[system][1])

    pair.forget_requests()
    with pytest.raises(SystemFailed) as raised:
        pair.apply(at=at)
    assert (raised.value.exit_code, len(pair.writes())) == (ExitCode.PARTIAL, 1)
    assert pair.resume().exit_code is ExitCode.OK
    assert counted(pair) == ONE
    assert is_quiet(pair.plan())


def test_another_who_writes_between_the_look_and_the_count_stops_the_run(guarded: Person) -> None:
    pair = guarded.pair
    edit_both(guarded, "raced")
    pair.plan()

    def at(point: str) -> None:
        if point == "after links and agreement were kept":
            for system in SYSTEMS:
                rewrite(pair, system, "crmsync run 9 (20261120T000000000-ffff).")

    pair.forget_requests()
    with pytest.raises(StateStale):
        pair.apply(at=at)
    assert pair.writes() == []
