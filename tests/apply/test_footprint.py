"""What crmsync has inside a CRM is shown, reviewed, put in, and taken away again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from apply.pairs import CREATES, Pair, is_write, met
from crmsync.commands.apply import Permission
from crmsync.commands.doctor import Check, doctor, exit_code_of
from crmsync.commands.footprint import plan_install, plan_remove, show_footprint
from crmsync.commands.footprint_file import read_footprint_plan, write_footprint
from crmsync.commands.installing import Installed, apply_footprint
from crmsync.core.footprint import FootprintPlan, footprint_id
from crmsync.errors import (
    CrmsyncError,
    ExitCode,
    LimitExceeded,
    PlanStale,
    RunUnfinished,
    TryLater,
    WrongSystem,
)

SALESFORCE_KEY, HUBSPOT_KEY = "crmsync_key__c", "crmsync_key"
NEEDED = [
    ("hubspot", "companies"),
    ("hubspot", "contacts"),
    ("salesforce", "Account"),
]


class Died(BaseException):
    """The process ends here."""


@pytest.fixture
def bare(pair: Pair) -> Pair:
    """A pair whose CRMs know nothing of crmsync."""
    for name in ("Account", "Contact", "Lead", "Opportunity"):
        pair.servers.salesforce.drop_field(name, SALESFORCE_KEY)
    for name in ("contacts", "companies", "deals"):
        pair.servers.hubspot.drop_property(name, HUBSPOT_KEY)
    pair.forget_requests()
    return pair


def file_of(pair: Pair) -> Path:
    return pair.folder / "footprint.json"


def install(pair: Pair, **more: Any) -> Installed:
    write_footprint(plan_install(pair.workspace), file_of(pair))
    return carry_out(pair, **more)


def remove(pair: Pair, **more: Any) -> Installed:
    write_footprint(plan_remove(pair.workspace), file_of(pair))
    return carry_out(pair, **more)


def carry_out(pair: Pair, permission: Permission | None = None, **more: Any) -> Installed:
    return apply_footprint(pair.workspace, file_of(pair), permission, **more)


def changes(pair: Pair) -> list[str]:
    return [each["path"] for each in pair.requests() if is_write(each["method"], each["path"])]


def create_nothing(pair: Pair, name: str) -> None:
    pair.mapping(name, (f"create: {CREATES[name]}", "create: never"))


def states(pair: Pair) -> dict[tuple[str, str], str]:
    return {(item.system, item.object): item.state for item in show_footprint(pair.workspace)}


def outcomes(done: Installed) -> list[str]:
    return [end.outcome for end in done.ends]


def dies_at(wanted: str) -> Any:
    def at(point: str) -> None:
        if point == wanted:
            raise Died(point)

    return at


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


# Refusals


def test_another_field_of_that_name_is_refused_and_the_rest_is_done(bare: Pair) -> None:
    bare.servers.hubspot.define_property("contacts", HUBSPOT_KEY, "string", "text")
    plan = plan_install(bare.workspace)
    assert [(each.object, each.reason) for each in plan.obstacles] == [("contacts", "not_unique")]
    done = install(bare)
    assert outcomes(done) == ["done", "done"]
    assert states(bare)["hubspot", "contacts"] == "foreign"
    assert exit_code_of(doctor(bare.workspace)) is ExitCode.CONFIG_INVALID


def test_a_system_that_refuses_one_field_does_not_stop_the_others(bare: Pair) -> None:
    write_footprint(plan_install(bare.workspace), file_of(bare))
    for number in range(10):
        bare.servers.hubspot.define_property(
            "contacts", f"code_{number}", "string", "text", hasUniqueValue=True
        )
    done = carry_out(bare)
    assert (outcomes(done), done.exit_code) == (["done", "refused", "done"], ExitCode.PARTIAL)
    assert "code_0" in done.ends[1].message
    assert done.ends[1].remedy


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"install"', '"remove"'),
        ('"contacts"', '"deals"'),
        ('"losses": 0', '"losses": 9'),
        ('"missing"', '"present"'),
    ],
)
def test_a_plan_that_was_edited_is_refused(bare: Pair, old: str, new: str) -> None:
    write_footprint(plan_install(bare.workspace), file_of(bare))
    text = file_of(bare).read_text()
    assert old in text
    file_of(bare).write_text(text.replace(old, new, 1))
    bare.forget_requests()
    with pytest.raises(PlanStale, match="edited"):
        carry_out(bare)
    assert bare.requests() == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "crmsync.plan/1"}', "\x00\x01"])
def test_what_is_no_footprint_plan_is_refused(bare: Pair, text: str) -> None:
    file_of(bare).write_text(text)
    with pytest.raises(PlanStale):
        carry_out(bare)


def test_a_plan_that_somebody_gave_a_new_id_is_still_no_way_to_other_fields(bare: Pair) -> None:
    write_footprint(plan_install(bare.workspace), file_of(bare))
    body = orjson.loads(file_of(bare).read_bytes())
    body["steps"][0]["object"] = "tickets"
    body["id"] = footprint_id(body)
    file_of(bare).write_bytes(orjson.dumps(body))
    bare.forget_requests()
    with pytest.raises(PlanStale, match="no hubspot tickets"):
        carry_out(bare)
    assert changes(bare) == []


def test_a_file_that_is_not_there_says_how_to_make_one(bare: Pair) -> None:
    with pytest.raises(CrmsyncError) as raised:
        carry_out(bare)
    assert "footprint install -o" in raised.value.remedy


def test_a_plan_of_yesterday_is_stale(bare: Pair) -> None:
    write_footprint(plan_install(bare.workspace), file_of(bare))
    bare.watch.turn(hours=25)
    with pytest.raises(PlanStale, match="25 hours"):
        carry_out(bare)


def test_a_plan_made_before_the_mapping_changed_is_stale(bare: Pair) -> None:
    write_footprint(plan_install(bare.workspace), file_of(bare))
    create_nothing(bare, "company")
    with pytest.raises(PlanStale, match="mapping"):
        carry_out(bare)


def test_a_field_that_became_another_since_the_plan_stops_it(bare: Pair) -> None:
    write_footprint(plan_install(bare.workspace), file_of(bare))
    bare.servers.hubspot.define_property("companies", HUBSPOT_KEY, "string", "text")
    with pytest.raises(PlanStale, match="another field"):
        carry_out(bare)
    assert changes(bare) == []
    with bare.workspace.store() as store:
        assert [(row.status, row.exit_code) for row in store.runs()] == [("failed", 9)]


def test_a_credential_that_leads_elsewhere_writes_nothing(bare: Pair) -> None:
    plan = plan_install(bare.workspace)
    other = replace(plan, identities={**plan.identities, "hubspot": "999"}).with_id()
    write_footprint(other, file_of(bare))
    with pytest.raises(WrongSystem):
        carry_out(bare)
    assert changes(bare) == []


def test_another_org_than_that_of_the_workspace_is_refused_while_planning(bare: Pair) -> None:
    with bare.workspace.store() as store:
        store.pin("hubspot", "999", bare.watch())
    with pytest.raises(WrongSystem):
        plan_install(bare.workspace)


def test_a_real_system_needs_the_flag(bare: Pair) -> None:
    write_footprint(plan_install(bare.workspace), file_of(bare))
    path = bare.folder / "crmsync.yml"
    path.write_text(path.read_text().replace(bare.servers.urls["hubspot"], "https://hub.test"))
    bare.reopen()
    with pytest.raises(LimitExceeded):
        carry_out(bare)
    assert changes(bare) == []


def test_nobody_installs_while_another_run_holds_the_state(bare: Pair) -> None:
    write_footprint(plan_install(bare.workspace), file_of(bare))
    with (
        bare.workspace.store() as store,
        store.lease("apply", bare.watch()),
        pytest.raises(TryLater),
    ):
        carry_out(bare)
    assert changes(bare) == []


def test_a_process_that_lost_its_lease_sends_nothing_more(bare: Pair) -> None:
    write_footprint(plan_install(bare.workspace), file_of(bare))

    def taken(point: str) -> None:
        if point == "before install hubspot contacts":
            from sqlalchemy import create_engine, text

            engine = create_engine(bare.workspace.store_url())
            with engine.begin() as connection:
                connection.execute(text("UPDATE lease SET fence = fence + 1"))
            engine.dispose()

    bare.forget_requests()
    with pytest.raises(TryLater):
        carry_out(bare, at=taken)
    assert len(changes(bare)) == 1


@pytest.mark.slow
def test_a_run_that_stopped_half_way_is_finished_first(bare: Pair) -> None:
    install(bare)
    met(bare, "Ana")
    bare.salesforce("Contact", FirstName="Eva", LastName="Gil", Email="eva@people.example")
    bare.plan()
    with pytest.raises(Died):
        bare.apply(at=dies_at("after INTENT"))
    for make in (plan_install, plan_remove):
        with pytest.raises(RunUnfinished):
            make(bare.workspace)


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
