"""A rebase: it is shown first, forgets bases and runs, and keeps what records show."""

from __future__ import annotations

import pytest

from apply import guards
from apply.guarded import counted, kept_state, marks, put_state_back
from apply.guards import edit_both, night
from apply.pairs import Person, conflicts
from crmsync.commands.rebase import rebase
from crmsync.errors import PlanStale

guarded = guards.guarded

# Beginning anew


def test_a_rebase_is_shown_before_it_is_done(guarded: Person) -> None:
    night(guarded, "one")
    before = guarded.pair.state()
    shown = rebase(guarded.pair.workspace, really=False)
    assert (shown.run, shown.forgotten.bases > 0) == ("", True)
    assert guarded.pair.state() == before


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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
