"""A state or a CRM that was put back, copied or lost is told by the sentinels, before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from apply.guarded import (
    SYSTEMS,
    ask_for_sentinels,
    carry_out,
    counted,
    guard,
    install,
    kept_state,
    marks,
    put_state_back,
    records,
    remove,
    rewrite,
)
from apply.pairs import Pair, Person, conflicts, held_by, put_back
from crmsync.commands.audit import audit
from crmsync.commands.footprint import plan_install, plan_remove, show_footprint
from crmsync.commands.plan import is_quiet, make_plan
from crmsync.commands.rebase import rebase
from crmsync.connectors.abilities import SentinelConnector
from crmsync.core.sentinel import NAME
from crmsync.errors import ConfigInvalid, ExitCode, PlanStale, StateStale, SystemFailed

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


# What moves it


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


def test_quiet_nights_write_nothing(guarded: Person) -> None:
    night(guarded, "once")
    guarded.pair.forget_requests()
    before = counted(guarded.pair)
    for _ in range(3):
        assert guarded.pair.sync().applied is None
    assert guarded.pair.writes() == []
    assert counted(guarded.pair) == before


def test_whoever_does_not_ask_for_it_pays_no_call(person: Person) -> None:
    def calls() -> list[str]:
        person.pair.forget_requests()
        person.pair.sync()
        paths = [each["path"] for each in person.pair.requests()]
        # What is asked of ties hangs on what there is, what of deletions on the minutes since the last read.
        return [path for path in paths if "/associations/" not in path and "/deleted/" not in path]

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


def test_as_many_runs_by_somebody_else_do_not_pass_for_ours(guarded: Person) -> None:
    night(guarded, "one")
    for system in SYSTEMS:
        _, text = records(guarded.pair)[system]
        ours = marks(guarded.pair)[system]
        assert ours is not None
        rewrite(guarded.pair, system, text.replace(ours.run, "20261120T000000000-ffff"))
    refused(guarded.pair, word="a copy of it")


# What people do to it


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


def test_what_people_add_around_the_count_does_no_harm(guarded: Person) -> None:
    night(guarded, "one")
    for system in SYSTEMS:
        rewrite(guarded.pair, system, records(guarded.pair)[system][1] + "\nSeen by Ana.")
    night(guarded, "two")
    assert counted(guarded.pair) == dict.fromkeys(SYSTEMS, 2)


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


# Beginning anew


def test_a_rebase_is_shown_before_it_is_done(guarded: Person) -> None:
    night(guarded, "one")
    before = guarded.pair.state()
    shown = rebase(guarded.pair.workspace, really=False)
    assert (shown.run, shown.forgotten.bases > 0) == ("", True)
    assert guarded.pair.state() == before


def test_after_a_rebase_the_next_plan_is_a_first_meeting_and_nights_go_on(guarded: Person) -> None:
    pair = guarded.pair
    backup = kept_state(pair)
    night(guarded, "one")
    put_state_back(pair, backup)
    guarded.in_salesforce(LastName="Ruiz Gil")
    pair.forget_requests()
    done = rebase(pair.workspace, really=True, approver="ana")
    assert pair.writes() == []
    assert {each.system: each.theirs for each in done.counts} == marks(pair)
    plan = pair.plan()
    assert "last_name" in conflicts(plan), "unequal sides meet as strangers: nobody has edited"
    pair.apply()
    guarded.in_hubspot(firstname="Anita")
    pair.sync(leave_conflicts=True)
    assert counted(pair)["salesforce"] == 2


def test_an_opt_out_that_a_record_shows_outlives_a_rebase(guarded: Person) -> None:
    pair = guarded.pair
    guarded.in_salesforce(HasOptedOutOfEmail=True)
    pair.night()
    guarded.in_hubspot(hs_email_optout="false")
    rebase(pair.workspace, really=True)
    plan = pair.plan()
    assert not [b for b in plan.header.breaches if b["limit"] == "reopened_consent"]
    pair.apply()
    assert guarded.at_salesforce("HasOptedOutOfEmail") is True


def test_a_rebase_gives_up_runs_that_stopped_and_makes_old_plans_stale(guarded: Person) -> None:
    pair = guarded.pair
    edit_both(guarded, "one")
    pair.plan()

    class Died(BaseException):
        """The process ends here."""

    def at(point: str) -> None:
        if point == "after INTENT":
            raise Died

    with pytest.raises(Died):
        pair.apply(at=at)
    assert rebase(pair.workspace, really=True).forgotten.runs == 1
    assert pair.unfinished() == []
    with pytest.raises(PlanStale):
        pair.apply()
    pair.plan()


# The footprint


def sentinels_shown(pair: Pair) -> dict[str, tuple[str, bool]]:
    return {
        item.system: (item.state, bool(item.entities))
        for item in show_footprint(pair.workspace)
        if item.kind == "sentinel"
    }


def test_it_is_disclosed_put_in_and_taken_away_as_a_plan(person: Person) -> None:
    pair = person.pair
    assert sentinels_shown(pair) == {}
    ask_for_sentinels(pair)
    assert sentinels_shown(pair) == dict.fromkeys(SYSTEMS, ("missing", True))
    install(pair)
    assert sentinels_shown(pair) == dict.fromkeys(SYSTEMS, ("present", True))
    assert counted(pair) == dict.fromkeys(SYSTEMS, 0)
    assert plan_install(pair.workspace).steps == ()
    remove(pair)
    assert records(pair) == {}
    assert sentinels_shown(pair) == dict.fromkeys(SYSTEMS, ("missing", True))


def test_it_comes_with_the_key_field_it_stands_under(pair: Pair) -> None:
    """Even where the mapping creates nothing; the field goes in first, and the record goes first."""
    pair.servers.salesforce.drop_field("Account", "crmsync_key__c")
    pair.servers.hubspot.drop_property("companies", "crmsync_key")
    pair.mapping("company", ("create: {when: {name: present, domain: present}}", "create: never"))
    ask_for_sentinels(pair)
    kinds = [
        (step.object, step.kind)
        for step in plan_install(pair.workspace).steps
        if step.object in ("Account", "companies")
    ]
    assert kinds == [
        ("companies", "property"),
        ("companies", "sentinel"),
        ("Account", "custom_field"),
        ("Account", "sentinel"),
    ]
    assert install(pair).exit_code is ExitCode.OK
    assert counted(pair) == dict.fromkeys(SYSTEMS, 0)
    going = [(s.object, s.kind) for s in plan_remove(pair.workspace).steps]
    assert going.index(("Account", "sentinel")) < going.index(("Account", "custom_field"))
    assert remove(pair).exit_code is ExitCode.OK
    assert records(pair) == {}


def test_a_removal_takes_only_a_record_that_counts(guarded: Person) -> None:
    pair = guarded.pair
    rewrite(pair, "hubspot", "A customer of ours now")
    plan = plan_remove(pair.workspace)
    assert [(each.system, each.reason) for each in plan.obstacles] == [("hubspot", "no_count")]
    carry_out(pair, plan)
    assert set(records(pair)) == {"hubspot"}


def test_one_that_is_no_longer_asked_for_is_shown_and_taken_away(guarded: Person) -> None:
    pair = guarded.pair
    want_none(pair)
    night(guarded, "without")
    assert counted(pair) == dict.fromkeys(SYSTEMS, 0)
    assert sentinels_shown(pair) == dict.fromkeys(SYSTEMS, ("present", False))
    remove(pair)
    assert records(pair) == {}


def test_a_plan_for_sentinels_that_nobody_wants_any_more_is_refused(person: Person) -> None:
    pair = person.pair
    ask_for_sentinels(pair)
    plan = plan_install(pair.workspace)
    want_none(pair)
    with pytest.raises(PlanStale, match="no sentinel"):
        carry_out(pair, plan)
    assert records(pair) == {}


@pytest.mark.parametrize("point", ["before install", "after install"])
def test_an_installation_that_died_makes_no_second_one(person: Person, point: str) -> None:
    pair = person.pair
    ask_for_sentinels(pair)

    class Died(BaseException):
        """The process ends here."""

    def at(name: str) -> None:
        if name == f"{point} salesforce Account":
            raise Died

    plan = plan_install(pair.workspace)
    with pytest.raises(Died):
        carry_out(pair, plan, at=at)
    assert carry_out(pair, plan).exit_code is ExitCode.OK
    named = [r for _, r in pair.servers.salesforce.tables.rows("Account") if r["Name"] == NAME]
    assert len(named) == 1
    night(person, "one")
    assert counted(pair) == ONE


# Nobody's customer


def test_no_read_audit_match_plan_or_count_knows_it(guarded: Person) -> None:
    pair = guarded.pair
    assert companies_read(pair) == (0, 0)
    facts = audit(pair.workspace)
    ids = {id_ for id_, _ in records(pair).values()}
    assert not [f for r in facts.results for f in r.findings if f.id in ids]
    plan = make_plan(pair.workspace)
    assert is_quiet(plan)
    assert NAME not in repr(plan)
    with pair.workspace.store() as store:
        assert store.links("company").num_rows == 0


def test_it_stays_unseen_where_the_key_field_is_hidden_or_it_is_no_longer_asked_for(
    guarded: Person,
) -> None:
    pair = guarded.pair
    want_none(pair)
    assert companies_read(pair) == (0, 0)
    pair.servers.salesforce.drop_field("Account", "crmsync_key__c")
    pair.servers.hubspot.drop_property("companies", "crmsync_key")
    assert companies_read(pair) == (0, 0)


def companies_read(pair: Pair) -> tuple[int, int]:
    rows = {s.manifest.object: s.manifest.rows for s in pair.pull().snapshots}
    return rows["Account"], rows["companies"]
