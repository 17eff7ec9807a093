"""A lifecycle stage that a plan moves back arrives, and what happens between its two steps is nobody's edit."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from apply.killing import Lane, nursery
from apply.pairs import Pair, cells, everything_allowed, met, served
from crmsync.commands.apply import apply_plan, nowhere, resume_run
from crmsync.commands.plan import is_quiet
from crmsync.commands.planfile import read_plan
from crmsync.commands.workspace import Workspace
from crmsync.connectors.hubspot.api import Api
from crmsync.errors import ExitCode, RunUnfinished
from crmsync.testing.proxy import Reply, Seen, drops, proxied

ORDER = ("subscriber", "lead", "opportunity", "customer")
_SAME = "{" + ", ".join(f"{each}: {each}" for each in ORDER) + "}"
KEPT = "kept.jsonl"
READ = """    direction: none
    names: {hubspot: lifecyclestage}
"""
BOTH_WAYS = f"""    names: {{salesforce: {{Contact: Stage__c}}, hubspot: lifecyclestage}}
    values: {{salesforce: {_SAME}, hubspot: {_SAME}}}
    order: [{", ".join(ORDER)}]
    blank: propagate
"""


def give_stages(pair: Pair) -> None:
    """The stage as a field of both systems, and of the mapping; a blank on one side blanks the other."""
    org = pair.servers.salesforce
    org.define_field("Contact", "Stage__c", "picklist", picklist=ORDER, restricted=True)
    pair.mapping("contact", (READ, BOTH_WAYS))


def customer(pair: Pair) -> tuple[str, str]:
    """A settled customer whom Salesforce has moved back to lead, and the plan that follows."""
    give_stages(pair)
    stages = {"salesforce": {"Stage__c": "customer"}, "hubspot": {"lifecyclestage": "customer"}}
    ids = met(pair, "Ana", **stages)
    pair.night()
    pair.salesforce("Contact", ids[0], Stage__c="lead")
    pair.forget_requests()
    return ids


def stages(pair: Pair, ids: tuple[str, str]) -> tuple[str | None, str | None]:
    """The stage at Salesforce and at HubSpot."""
    there = pair.of_hubspot("contacts", ids[1]).get("lifecyclestage") or None
    return pair.of_salesforce("Contact", ids[0]).get("Stage__c"), there


@pytest.mark.slow
@pytest.mark.parametrize("how", ["ignored", "accepted", "refused"])
def test_a_regression_needs_leave_and_arrives_whatever_the_portal_does(
    pair: Pair, how: str
) -> None:
    pair.servers.hubspot.switches.lifecycle_backward = how
    ids = customer(pair)
    plan = pair.plan()
    assert [each["limit"] for each in plan.header.breaches] == ["regressions"]
    assert pair.apply(everything_allowed(plan)).states == {"VERIFIED": 1}
    assert stages(pair, ids) == ("lead", "lead")
    updates = [path for path in pair.writes() if path.endswith("contacts/batch/update")]
    assert len(updates) == 2
    assert is_quiet(pair.plan())


@pytest.mark.slow
def test_a_set_without_an_answer_is_finished_by_resume(pair: Pair) -> None:
    ids = customer(pair)
    plan = pair.plan()
    seen: list[Seen] = []

    def second(one: Seen, forward: Callable[[], Reply]) -> Reply:
        seen.append(one)
        return drops(one, forward) if len(seen) == 2 else forward()

    real, file = pair.servers.urls["hubspot"], pair.folder / "crmsync.yml"
    with proxied(real) as hubspot:
        hubspot.only, hubspot.always = "contacts/batch/update", second
        file.write_text(file.read_text().replace(real, hubspot.url))
        pair.reopen()
        applied = pair.apply(everything_allowed(plan))
        file.write_text(file.read_text().replace(hubspot.url, real))
    pair.reopen()
    assert (applied.exit_code, applied.states) == (ExitCode.PARTIAL, {"AMBIGUOUS": 1})
    assert stages(pair, ids) == ("lead", None)
    _our_own_blank_is_no_edit(pair, ids)


def _our_own_blank_is_no_edit(pair: Pair, ids: tuple[str, str]) -> None:
    """No plan is made on the blank; whoever resumes finishes the stage, and then all is quiet."""
    with pytest.raises(RunUnfinished):
        pair.plan()
    assert pair.resume().states == {"VERIFIED": 1}
    assert stages(pair, ids) == ("lead", "lead")
    assert is_quiet(pair.plan())


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lane]:
    """A pair at the beginning of a plan that moves a customer back, with processes that may die."""
    with ExitStack() as stack:
        folder: Path = tmp_path_factory.mktemp("stage") / "workspace"
        pair = Pair(stack.enter_context(served()), folder)
        ids = customer(pair)
        (folder / "ids").write_text(" ".join(ids))
        pair.plan()
        pair.plan_file.rename(folder / KEPT)
        lane = Lane(pair, stack.enter_context(nursery(folder)))
        lane.keep()
        yield lane


def dies_after_writes(workspace: Workspace, number: int) -> None:
    """Applies the plan and dies by SIGKILL once so many batches were written to HubSpot."""
    written = Api.batch_write
    done: list[str] = []

    def counted(self: Api, object_: str, verb: str, inputs: Sequence[Any]) -> Any:
        answer = written(self, object_, verb, inputs)
        done.append("batch")
        if len(done) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    Api.batch_write = counted  # type: ignore[method-assign]  # a process of its own that ends here
    path = workspace.root / KEPT
    apply_plan(workspace, path, everything_allowed(read_plan(path)), at=nowhere)


def resumes(workspace: Workspace) -> None:
    """What a person does after a crash."""
    with workspace.store() as store:
        [run] = [each.id for each in store.unfinished_runs()]
    resume_run(workspace, run)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "between"), [(1, None), (2, "lead")])
def test_killed_between_clear_and_set_the_next_run_finishes_it(
    lane: Lane, number: int, between: str | None
) -> None:
    first, second = (lane.pair.folder / "ids").read_text().split()
    ids = (first, second)
    lane.begin()
    assert lane.run(dies_after_writes, number) == -signal.SIGKILL
    assert stages(lane.pair, ids) == ("lead", between)
    with pytest.raises(RunUnfinished):
        lane.pair.plan()
    assert lane.run(resumes) == 0
    assert stages(lane.pair, ids) == ("lead", "lead")
    lane.pair.watch.turn(minutes=5)
    assert is_quiet(lane.pair.plan())


def test_killed_between_them_a_stage_that_somebody_set_since_is_left_alone(lane: Lane) -> None:
    first, second = (lane.pair.folder / "ids").read_text().split()
    lane.begin()
    assert lane.run(dies_after_writes, 1) == -signal.SIGKILL
    lane.pair.hubspot("contacts", second, lifecyclestage="subscriber")
    assert lane.run(resumes) == 0
    assert stages(lane.pair, (first, second)) == ("lead", "subscriber")


@pytest.mark.slow
def test_a_blank_that_a_person_made_before_the_write_is_an_edit(pair: Pair) -> None:
    """The same blank, but nothing of ours was begun: the change is dropped, and a later plan decides."""
    ids = customer(pair)
    plan = pair.plan()
    pair.hubspot("contacts", ids[1], lifecyclestage="")
    assert pair.apply(everything_allowed(plan)).states == {"DROPPED": 1}
    assert stages(pair, ids) == ("lead", None)
    assert ("hubspot", "lifecycle_stage", "lead") not in cells(pair.plan())
