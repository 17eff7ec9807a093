"""What crmsync has inside a CRM is shown, reviewed, put in, and taken away again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from apply import footprints
from apply.footprints import (
    HUBSPOT_KEY,
    NEEDED,
    SALESFORCE_KEY,
    Died,
    carry_out,
    changes,
    create_nothing,
    dies_at,
    file_of,
    install,
    outcomes,
    remove,
    states,
)
from apply.pairs import Pair
from crmsync.commands.apply import Permission
from crmsync.commands.doctor import Check, doctor, exit_code_of
from crmsync.commands.footprint import plan_install, plan_remove, show_footprint
from crmsync.commands.footprint_file import read_footprint_plan, write_footprint
from crmsync.core.footprint import FootprintPlan
from crmsync.errors import (
    ExitCode,
    PlanStale,
)

bare = footprints.bare


# Show and plan


def test_it_shows_what_is_needed_and_nothing_else(bare: Pair) -> None:
    assert states(bare) == dict.fromkeys(NEEDED, "missing")
    assert changes(bare) == []


def test_a_mapping_that_creates_nothing_needs_nothing(bare: Pair) -> None:
    for name in ("contact", "company"):
        create_nothing(bare, name)
    assert show_footprint(bare.workspace) == []
    plan = plan_install(bare.workspace)
    assert (plan.steps, plan.obstacles) == ((), ())


def test_a_field_that_is_no_longer_needed_is_shown_and_taken_away(bare: Pair) -> None:
    install(bare)
    create_nothing(bare, "company")
    (unused, *_rest) = [i for i in show_footprint(bare.workspace) if i.object == "Account"]
    assert (unused.state, unused.entities) == ("present", ())
    assert ("salesforce", "Account") in {
        (step.system, step.object) for step in plan_remove(bare.workspace).steps
    }


def test_making_a_plan_changes_nothing(bare: Pair) -> None:
    plan_install(bare.workspace)
    plan_remove(bare.workspace)
    assert changes(bare) == []


def test_a_plan_file_is_read_back_as_it_was_and_only_its_owner_may(bare: Pair) -> None:
    plan = plan_install(bare.workspace)
    write_footprint(plan, file_of(bare))
    assert read_footprint_plan(file_of(bare)) == plan
    assert file_of(bare).stat().st_mode & 0o777 == 0o600


# Install


def wrong_keys(bare: Pair) -> list[Check]:
    """What doctor says of our keys; that nobody may read them yet is a word about rights."""
    checks = doctor(bare.workspace)
    return [each for each in checks if each.level == "error" and each.topic != "rights"]


def test_a_plan_puts_in_what_is_missing_and_doctor_is_content(bare: Pair) -> None:
    before = wrong_keys(bare)
    assert len(before) == 3
    assert all("footprint install" in check.remedy for check in before)
    done = install(bare)
    assert (outcomes(done), done.exit_code) == (["done"] * 3, ExitCode.OK)
    assert states(bare) == dict.fromkeys(NEEDED, "present")
    assert exit_code_of(doctor(bare.workspace)) is ExitCode.OK


def test_a_second_installation_writes_nothing(bare: Pair) -> None:
    install(bare)
    bare.forget_requests()
    assert plan_install(bare.workspace).steps == ()
    assert outcomes(carry_out(bare)) == ["already"] * 3
    assert changes(bare) == []


@pytest.mark.slow
def test_what_was_put_in_carries_a_night_that_creates(bare: Pair) -> None:
    install(bare)
    bare.salesforce("Contact", FirstName="Ana", LastName="Ruiz", Email="ana@people.example")
    assert bare.night().exit_code is ExitCode.OK
    (row,) = [row for _, row in bare.servers.hubspot.tables.rows("contacts")]
    assert row["properties"][HUBSPOT_KEY]


def test_the_run_is_listed_with_who_approved_it(bare: Pair) -> None:
    done = install(bare, permission=Permission(approver="ana"))
    with bare.workspace.store() as store:
        row = store.run(done.run)
    assert row is not None
    assert (row.verb, row.status, row.approver) == ("footprint install", "done", "ana")
    assert (row.plan_id, row.counts, row.exit_code) == (done.plan.id, {"done": 3}, 0)
    assert row.calls["salesforce"] > 0
    kept = bare.workspace.state / "plans" / f"footprint-{done.plan.id}.json"
    assert read_footprint_plan(kept) == done.plan


POINTS = (
    "after the run began",
    "before install hubspot companies",
    "after install hubspot companies",
    "before install salesforce Account",
    "after install salesforce Account",
    "before the run ended",
)


@pytest.mark.parametrize("point", POINTS)
def test_an_installation_that_died_is_finished_by_running_it_again(bare: Pair, point: str) -> None:
    write_footprint(plan_install(bare.workspace), file_of(bare))
    with pytest.raises(Died):
        carry_out(bare, at=dies_at(point))
    done = carry_out(bare)
    assert done.exit_code is ExitCode.OK
    assert states(bare) == dict.fromkeys(NEEDED, "present")
    with bare.workspace.store() as store:
        assert [(row.id, row.status) for row in store.runs()] == [(done.run, "done")]
    created = [path for path in changes(bare) if "/properties/" in path or "CustomField" in path]
    assert len(created) == len(NEEDED)


def test_a_removal_that_died_leaves_nothing_behind_when_it_is_run_again(bare: Pair) -> None:
    install(bare)
    write_footprint(plan_remove(bare.workspace), file_of(bare))
    world = bare.servers.salesforce
    with pytest.raises(Died):
        carry_out(bare, at=dies_at("before remove salesforce Account"))
    world.drop_field("Account", SALESFORCE_KEY)  # as far as the process that died had come
    assert world.tables.count("PermissionSet") == 1
    carry_out(bare)
    assert world.tables.count("PermissionSet") == 0
    assert states(bare) == dict.fromkeys(NEEDED, "missing")


# Remove


def created_contact(pair: Pair) -> str:
    """The HubSpot id of a contact that crmsync created."""
    pair.salesforce("Contact", FirstName="Ana", LastName="Ruiz", Email="ana@people.example")
    pair.night()
    ((id_, _),) = pair.servers.hubspot.tables.rows("contacts")
    return str(id_)


def losses(plan: FootprintPlan) -> dict[str, int]:
    return {step.object: step.losses for step in plan.steps}


@pytest.mark.slow
def test_a_removal_says_how_many_records_lose_their_key_and_keeps_them(bare: Pair) -> None:
    install(bare)
    id_ = created_contact(bare)
    plan = plan_remove(bare.workspace)
    assert losses(plan) == {"companies": 0, "contacts": 1, "Account": 0}
    done = remove(bare)
    assert outcomes(done) == ["done"] * 3
    assert states(bare) == dict.fromkeys(NEEDED, "missing")
    assert bare.of_hubspot("contacts", id_)["lastname"] == "Ruiz"
    assert bare.servers.salesforce.tables.count("PermissionSet") == 0
    said = [check.message for check in wrong_keys(bare)]
    assert len(said) == 3
    assert any(SALESFORCE_KEY in message for message in said)


@pytest.mark.slow
def test_a_removal_that_would_cost_more_than_was_reviewed_is_refused(bare: Pair) -> None:
    install(bare)
    write_footprint(plan_remove(bare.workspace), file_of(bare))
    created_contact(bare)
    bare.forget_requests()
    with pytest.raises(PlanStale, match="1 records"):
        carry_out(bare)
    assert states(bare)["hubspot", "contacts"] == "present"


@pytest.mark.slow
def test_it_can_be_put_in_again_and_links_hold(bare: Pair) -> None:
    install(bare)
    created_contact(bare)
    remove(bare)
    install(bare)
    assert states(bare) == dict.fromkeys(NEEDED, "present")
    plan = bare.plan()
    assert plan.header.counts.get("creates", 0) == 0


# Two credentials


def test_a_field_is_shown_to_the_everyday_user_too(bare: Pair) -> None:
    """The plan names who looked; the one who installs may be somebody else."""
    everyday = bare.salesforce("User", LastName="Everyday", Email="everyday@people.example")
    plan = plan_install(bare.workspace)
    steps = tuple(
        replace(step, users=(everyday,)) if step.system == "salesforce" else step
        for step in plan.steps
    )
    write_footprint(replace(plan, steps=steps).with_id(), file_of(bare))
    carry_out(bare)
    world = bare.servers.salesforce
    let_in = {row["AssigneeId"] for _, row in world.tables.rows("PermissionSetAssignment")}
    assert let_in == {everyday, world.user_id}
