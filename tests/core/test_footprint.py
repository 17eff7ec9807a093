"""What a footprint plan holds, and when it is refused."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from crmsync.core.footprint import (
    FootprintItem,
    FootprintPlan,
    check_current,
    check_step,
    creating_seats,
    footprint_id,
    install_plan,
    read_footprint,
    remove_plan,
)
from crmsync.core.mapping import CreateWhen, Entity, Seat, WorkspaceMapping
from crmsync.errors import PlanStale

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
NEEDED = ("contact",)


def item(state: Any, **more: Any) -> FootprintItem:
    given = {"system": "hub", "object": "contacts", "kind": "property", "entities": NEEDED, **more}
    return FootprintItem(name="crmsync_key", state=state, **given)


def head(verb: Any = "install") -> FootprintPlan:
    return FootprintPlan(verb, "acme", NOW.isoformat(), "digest", {"crm": "00D", "hub": "1"})


@pytest.mark.parametrize(
    ("state", "installs", "removes"),
    [
        ("missing", True, False),
        ("hidden", True, True),
        ("unseen", True, True),
        ("present", False, True),
        ("none", False, False),
    ],
)
def test_every_state_leads_to_what_the_table_says(
    state: Any, installs: bool, removes: bool
) -> None:
    assert bool(install_plan(head(), [item(state)]).steps) is installs
    assert bool(remove_plan(head("remove"), [item(state)], {}).steps) is removes


@pytest.mark.parametrize(
    "odd",
    [
        item("foreign", reason="not_unique"),
        item("missing", reason="unique_limit", detail="a, b"),
        item("missing", kind="column", reason="by_hand", by_hand="ALTER TABLE x"),
        item("missing", kind="other", reason="by_hand"),
    ],
    ids=lambda each: f"{each.kind}-{each.reason}",
)
def test_what_is_in_the_way_is_an_obstacle_and_no_step(odd: FootprintItem) -> None:
    plan = install_plan(head(), [odd])
    assert plan.steps == ()
    (obstacle,) = plan.obstacles
    assert (obstacle.reason, obstacle.detail, obstacle.by_hand) == (
        odd.reason,
        odd.detail,
        odd.by_hand,
    )


def test_a_field_that_nobody_needs_is_not_put_in_and_can_be_taken_away() -> None:
    unused = item("missing", entities=())
    assert install_plan(head(), [unused]).steps == ()
    assert remove_plan(head("remove"), [replace(unused, state="present")], {}).steps


def test_what_is_another_persons_is_left_alone_without_advice_to_change_it() -> None:
    odd = item("foreign", kind="column", reason="not_unique", by_hand="CREATE UNIQUE INDEX")
    plan = remove_plan(head("remove"), [odd], {})
    assert plan.steps == ()
    assert plan.obstacles[0].by_hand == ""


def test_a_removal_counts_the_records_that_lose_their_key() -> None:
    created = {("hub", "contacts"): 7, ("hub", "companies"): 9}
    (step,) = remove_plan(head("remove"), [item("present")], created).steps
    assert step.losses == 7


def test_a_plan_knows_only_the_systems_it_touches_and_stands_in_one_order() -> None:
    items = [item("missing", object=name) for name in ("deals", "companies")]
    plan = install_plan(head(), items)
    assert [step.object for step in plan.steps] == ["companies", "deals"]
    assert plan.identities == {"hub": "1"}
    assert plan == install_plan(head(), reversed(items))


def test_a_plan_comes_back_from_its_json_as_it_was() -> None:
    plan = install_plan(head(), [item("missing", user="005"), item("foreign", reason="not_unique")])
    body = orjson.loads(orjson.dumps(asdict(plan)))
    assert read_footprint(body) == plan
    assert footprint_id(body) == plan.id


@pytest.mark.parametrize(
    ("name", "value"),
    [("verb", "remove"), ("steps", []), ("made_at", "2026-12-21T09:00:00+00:00"), ("more", 1)],
)
def test_any_edit_changes_the_id(name: str, value: Any) -> None:
    body = asdict(install_plan(head(), [item("missing")]))
    assert footprint_id({**body, name: value}) != body["id"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("verb", "destroy"),
        ("made_at", "yesterday"),
        ("made_at", "2026-11-21"),
        ("identities", ["x"]),
        ("steps", [{"system": "hub"}]),
        ("steps", None),
        ("surprise", 1),
    ],
)
def test_json_that_is_no_plan_is_told_apart(name: str, value: Any) -> None:
    body = orjson.loads(orjson.dumps(asdict(install_plan(head(), [item("missing")]))))
    with pytest.raises((KeyError, TypeError, ValueError)):
        read_footprint({**body, name: value})


def current(plan: FootprintPlan, **other: Any) -> None:
    now = {"now": NOW, "workspace": "acme", "mapping_digest": "digest", **other}
    check_current(plan, **now)


@pytest.mark.parametrize(
    "other",
    [
        {"now": NOW + timedelta(hours=25)},
        {"workspace": "other"},
        {"mapping_digest": "changed"},
    ],
    ids=lambda each: next(iter(each)),
)
def test_a_plan_of_yesterday_another_workspace_or_mapping_is_stale(other: dict[str, Any]) -> None:
    plan = install_plan(head(), [item("missing")])
    current(plan)
    with pytest.raises(PlanStale):
        current(plan, **other)


def test_a_plan_of_another_format_is_stale() -> None:
    with pytest.raises(PlanStale, match="format"):
        current(replace(head(), format="crmsync.footprint/0"))


@pytest.mark.parametrize(
    ("verb", "state", "left"),
    [
        ("install", "missing", True),
        ("install", "hidden", True),
        ("install", "unseen", True),
        ("install", "present", False),
        ("remove", "present", True),
        ("remove", "hidden", True),
        ("remove", "missing", False),
    ],
)
def test_a_step_is_left_until_it_is_done(verb: Any, state: Any, left: bool) -> None:
    made = {"install": item("missing"), "remove": item("present")}[verb]
    plans = {"install": install_plan(head(), [made]), "remove": remove_plan(head(verb), [made], {})}
    (step,) = plans[verb].steps
    assert check_step(plans[verb], step, item(state), 0) is left


def test_a_field_that_became_another_since_the_review_is_stale() -> None:
    plan = install_plan(head(), [item("missing")])
    with pytest.raises(PlanStale, match="another field"):
        check_step(plan, plan.steps[0], item("foreign"), 0)


def test_a_removal_that_would_cost_more_than_was_reviewed_is_stale() -> None:
    plan = remove_plan(head("remove"), [item("present")], {("hub", "contacts"): 2})
    assert check_step(plan, plan.steps[0], item("present"), 2)
    with pytest.raises(PlanStale, match="3 records"):
        check_step(plan, plan.steps[0], item("present"), 3)


def test_seats_say_what_may_be_created_there() -> None:
    def entity(name: str, *seats: Seat) -> Entity:
        return Entity(name, list(seats), ["key"], [])

    mapping = WorkspaceMapping(
        (
            entity("contact", Seat("crm", "Contact"), Seat("crm", "Lead", create="ask")),
            entity("person", Seat("crm", "Lead", create=CreateWhen({"email": "present"}))),
        ),
        "digest",
    )
    assert creating_seats(mapping) == {
        ("crm", "Contact"): (),
        ("crm", "Lead"): ("contact", "person"),
    }
