"""A footprint plan that is edited, stale, of another place or not allowed writes nothing."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from apply import footprints
from apply.footprints import (
    HUBSPOT_KEY,
    Died,
    carry_out,
    changes,
    create_nothing,
    dies_at,
    file_of,
    install,
    outcomes,
    states,
)
from apply.pairs import Pair, met
from crmsync.commands.doctor import doctor, exit_code_of
from crmsync.commands.footprint import plan_install, plan_remove
from crmsync.commands.footprint_file import write_footprint
from crmsync.core.footprint import footprint_id
from crmsync.errors import (
    CrmsyncError,
    ExitCode,
    LimitExceeded,
    PlanStale,
    RunUnfinished,
    TryLater,
    WrongSystem,
)

bare = footprints.bare


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
