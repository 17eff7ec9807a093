from __future__ import annotations

import json
from datetime import timedelta

import pytest
from store_samples import NOW, ONE, THREE, TWO, change

from crmsync.core.planning import Change, read_line
from crmsync.errors import StoreFailed
from crmsync.store.rows import State
from crmsync.store.store import Store

LATER = NOW + timedelta(seconds=1)


@pytest.fixture
def planned(store: Store) -> Store:
    store.start_run("r1", "apply", NOW)
    store.journal_plan("r1", [TWO, ONE], NOW)
    store.journal_plan("r1", [THREE], NOW)
    return store


def set_state(store: Store, state: State, *changes: Change) -> None:
    with store.transaction() as tx:
        tx.set_state("r1", [each.id for each in changes], state, LATER)


def test_ops_come_in_the_order_of_the_plan(planned: Store) -> None:
    ops = planned.ops("r1")
    assert [(op.seq, op.id, op.state) for op in ops] == [
        (1, TWO.id, "PLANNED"),
        (2, ONE.id, "PLANNED"),
        (3, THREE.id, "PLANNED"),
    ]
    assert (ops[1].key, ops[1].system, ops[1].object) == ("k1", "salesforce", "Contact")
    assert (ops[1].action, ops[1].native_id, ops[1].at) == ("update", "003k1", NOW)


@pytest.mark.parametrize("text", ["\x00", "\ud800", "ñ😀", "\n", None])
def test_the_line_of_the_plan_can_be_read_back(store: Store, text: str | None) -> None:
    planned = change("k1", text)
    store.start_run("r1", "apply", NOW)
    store.journal_plan("r1", [planned], NOW)
    line = read_line(json.loads(store.ops("r1")[0].change))
    assert line == planned
    assert isinstance(line, Change)
    assert line.with_id() == planned


def test_a_step_keeps_what_earlier_steps_learnt(planned: Store) -> None:
    with planned.transaction() as tx:
        tx.set_state("r1", [ONE.id], "INTENT", NOW, pre_images={ONE.id: {"phone": "a\x00"}})
        tx.set_state("r1", [ONE.id], "ACKED", LATER, native_ids={ONE.id: "003new"})
        held: dict[str, dict[str, str | None]] = {ONE.id: {"phone": None}, TWO.id: {"phone": "x"}}
        tx.set_state("r1", {ONE.id}, "IGNORED", LATER, held=held, messages={ONE.id: "no\x00"})
    op = planned.ops("r1", ["IGNORED"])[0]
    assert (op.pre_image, op.held) == ({"phone": "a\x00"}, {"phone": None})
    assert (op.native_id, op.message, op.at) == ("003new", "no\ufffd", LATER)
    untouched = planned.ops("r1", ["PLANNED"])
    assert [op.id for op in untouched] == [TWO.id, THREE.id]
    assert {(op.held, op.message, op.at) for op in untouched} == {(None, "", NOW)}


def test_an_op_that_was_never_planned_cannot_move(planned: Store) -> None:
    before = planned.digest()
    with pytest.raises(StoreFailed, match="lacks an operation"):
        set_state(planned, "SENT", ONE, change("k9"))
    assert planned.digest() == before


def test_moving_no_op_is_no_error(planned: Store) -> None:
    before = planned.digest()
    set_state(planned, "SENT")
    assert planned.digest() == before


def test_a_change_is_planned_once(planned: Store) -> None:
    with pytest.raises(StoreFailed, match="contradicts"):
        planned.journal_plan("r1", [ONE], NOW)


def test_a_plan_without_its_run_is_refused(store: Store) -> None:
    with pytest.raises(StoreFailed, match="contradicts"):
        store.journal_plan("r9", [ONE], NOW)


@pytest.mark.parametrize("state", ["INTENT", "SENT", "ACKED", "AMBIGUOUS"])
def test_an_op_whose_end_is_unknown_is_open(planned: Store, state: State) -> None:
    set_state(planned, state, ONE)
    assert [op.id for op in planned.open_ops()] == [ONE.id]


@pytest.mark.parametrize(
    "state", ["PLANNED", "VERIFIED", "REWRITTEN", "IGNORED", "FAILED", "DROPPED", "BLOCKED"]
)
def test_an_op_not_begun_or_ended_is_not_open(planned: Store, state: State) -> None:
    set_state(planned, state, ONE)
    assert planned.open_ops() == []


def test_open_ops_of_the_oldest_run_come_first(planned: Store) -> None:
    planned.start_run("r0", "apply", NOW + timedelta(days=1))
    planned.journal_plan("r0", [ONE], NOW)
    with planned.transaction() as tx:
        tx.set_state("r0", [ONE.id], "SENT", NOW)
        tx.set_state("r1", [ONE.id, TWO.id], "SENT", NOW)
    found = [(op.run_id, op.id) for op in planned.open_ops()]
    assert found == [("r1", TWO.id), ("r1", ONE.id), ("r0", ONE.id)]


def test_counts_name_the_states_there_are(planned: Store) -> None:
    set_state(planned, "VERIFIED", ONE, TWO)
    assert planned.counts("r1") == {"PLANNED": 1, "VERIFIED": 2}
    assert planned.counts("r9") == {}
