"""What a group should become: sides, creates, and what is held back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.examples import entity, field, group, schemas, when
from crmsync.core.deciding import Decided, decide, settled_cells
from crmsync.core.mapping import Entity, OneWay
from crmsync.core.records import ABSENT, Group, Invalid, Native

MARGIN = timedelta(minutes=2)


def decided(of: Entity, what: Group, **natives: Native) -> Decided:
    """The group decided under plain schemas."""
    return decide(of, what, schemas(of, **natives), MARGIN)


def created(of: Entity, what: Group, **natives: Native) -> dict[str, Any] | None:
    """What would be created in csv: {field: value}, None if nothing is."""
    creates = decided(of, what, **natives).creates
    return {name: choice.value for name, choice in creates[0][1].items()} if creates else None


def test_every_synced_field_is_merged() -> None:
    of = entity(field("name"), field("note", direction="none"))
    what = group({"sf": {"name": "x"}, "hs": {"name": "y"}})
    assert set(decided(of, what).outcomes) == {"name"}


def test_a_create_carries_what_is_known() -> None:
    of = entity(field("name"), field("city"), create=when())
    assert created(of, group({"sf": {"name": "Ana", "city": None}})) == {"name": "Ana"}


def test_a_create_carries_what_its_own_field_can_keep() -> None:
    of = entity(field("name"), field("stage", "choice"), create=when())
    what = group({"sf": {"name": "Ana María", "stage": "mql"}})
    natives = {
        "csv_name": Native("name", "string", length=3),
        "csv_stage": Native("stage", "picklist", options=frozenset({"lead"})),
    }
    assert created(of, what, **natives) == {"name": "Ana"}


def test_a_create_leaves_out_what_the_others_disagree_on() -> None:
    of = entity(field("name"), field("city"), create=when())
    what = group({"sf": {"name": "Ana", "city": "x"}, "hs": {"name": "Ana", "city": "y"}})
    assert created(of, what) == {"name": "Ana"}


def test_a_create_does_not_bring_back_what_somebody_cleared() -> None:
    of = entity(field("name"), field("city", blank="propagate"), create=when())
    bases: dict[str, dict[str, Any]] = {"sf": {"city": "x"}, "hs": {"city": "x"}}
    what = group({"sf": {"name": "A", "city": None}, "hs": {"name": "A", "city": "x"}}, bases)
    assert created(of, what) == {"name": "A"}


def test_a_create_states_an_opt_out_or_nothing() -> None:
    of = entity(field("name"), field("optout", "flag", on_conflict="sticky"), create=when())
    assert created(of, group({"sf": {"name": "A", "optout": False}})) == {"name": "A"}
    once: dict[str, dict[str, Any]] = {"sf": {"optout": True}}
    taken_back = group({"sf": {"name": "A", "optout": False}}, once)
    assert created(of, taken_back) == {"name": "A", "optout": True}


def test_nothing_is_created_where_no_seat_may() -> None:
    found = decided(entity(field("name")), group({"sf": {"name": "A"}}))
    assert (found.creates, found.held_back) == ((), ())


def test_a_seat_that_asks_holds_the_create_back() -> None:
    found = decided(entity(field("name"), create="ask"), group({"sf": {"name": "A"}}))
    assert found.creates == ()
    assert [reason for _, reason in found.held_back] == ["ask"]


def test_a_condition_that_is_not_met_holds_the_create_back() -> None:
    of = entity(field("name"), field("stage", "choice"), create=when(stage=["mql", "sql"]))
    assert created(of, group({"sf": {"name": "A", "stage": "mql"}})) is not None
    found = decided(of, group({"sf": {"name": "A", "stage": "lead"}}))
    assert [reason for _, reason in found.held_back] == ["condition:stage"]


def test_a_condition_looks_at_the_customer_not_at_what_the_seat_can_hold() -> None:
    of = entity(
        field("name"), field("stage", "choice", direction=OneWay("sf")), create=when(stage="mql")
    )
    assert created(of, group({"hs": {"name": "A", "stage": "mql"}})) == {"name": "A"}


def test_what_nobody_could_read_meets_no_condition() -> None:
    of = entity(field("name"), field("email"), create=when(email="blank"))
    assert created(of, group({"sf": {"name": "A", "email": None}})) == {"name": "A"}
    for cell in (ABSENT, Invalid("?")):
        assert created(of, group({"sf": {"name": "A", "email": cell}})) is None


def test_a_disagreement_meets_no_condition() -> None:
    of = entity(field("name"), field("email"), create=when(email="present"))
    what = group({"sf": {"name": "A", "email": "x"}, "hs": {"name": "A", "email": "y"}})
    assert created(of, what) is None


def test_an_empty_record_is_not_created() -> None:
    found = decided(entity(field("name"), create=when()), group({"sf": {"name": ABSENT}}))
    assert [reason for _, reason in found.held_back] == ["empty"]


def test_a_reference_to_what_the_system_does_not_hold_does_not_fit() -> None:
    of = entity(field("company", "reference", to="company"))
    what = group({"sf": {"company": "c1"}, "hs": {"company": None}})
    found = decide(of, what, schemas(of), MARGIN, lambda _entity, _key, system: system != "hs")
    assert found.outcomes["company"].unfit == ("hs",)
    assert found.outcomes["company"].writes == ()


def test_bases_move_only_where_they_differ() -> None:
    of = entity(field("name"), field("city"))
    bases: dict[str, dict[str, Any]] = {"sf": {"name": "A"}, "hs": {"name": "A"}}
    what = group({"sf": {"name": "A", "city": "x"}, "hs": {"name": "A", "city": "x"}}, bases)
    assert settled_cells(decided(of, what)) == {"hs": {"city": "x"}, "sf": {"city": "x"}}
