from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from store_samples import NOW, ONE, TWO

from crmsync.core.auditing import Finding
from crmsync.errors import StoreFailed
from crmsync.store.rows import KeptScore, RunRow, Status
from crmsync.store.store import Store


def test_a_run_tells_how_it_began_and_ended(store: Store) -> None:
    store.start_run("r1", "apply", NOW, plan_id="p1", approver="ana\x00", note="nightly")
    running = RunRow("r1", "apply", "running", NOW, None, "p1", "ana\ufffd", "nightly")
    assert store.run("r1") == running
    end = NOW + timedelta(minutes=3)
    store.finish_run(
        "r1", "partial", end, counts={"VERIFIED": 2}, exit_code=6, calls={"hubspot": 7}
    )
    assert store.run("r1") == RunRow(
        "r1",
        "apply",
        "partial",
        NOW,
        end,
        "p1",
        "ana\ufffd",
        "nightly",
        {"VERIFIED": 2},
        {"hubspot": 7},
        6,
    )
    store.resume_run("r1")
    again = store.run("r1")
    assert again is not None
    assert (again.status, again.finished_at, again.exit_code) == ("running", None, None)


def test_an_instant_comes_back_aware_and_in_utc(store: Store) -> None:
    madrid = timezone(timedelta(hours=1))
    store.start_run("r1", "pull", datetime(2026, 11, 2, 1, 0, tzinfo=madrid))
    run = store.run("r1")
    assert run is not None
    assert run.started_at == datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
    assert run.started_at.utcoffset() == timedelta(0)


def test_an_instant_without_a_zone_is_a_mistake_of_the_caller(store: Store) -> None:
    with pytest.raises(Exception, match="has no time zone"):
        store.start_run("r1", "pull", NOW.replace(tzinfo=None))
    assert store.runs() == []


def test_the_newest_runs_come_first(store: Store) -> None:
    for name, days in (("b", 1), ("a", 1), ("B", 1), ("z", 0), ("é", 1)):
        store.start_run(name, "audit", NOW + timedelta(days=days))
    assert [run.id for run in store.runs()] == ["é", "b", "a", "B", "z"]
    assert [run.id for run in store.runs(2)] == ["é", "b"]


def test_a_run_id_is_used_once(store: Store) -> None:
    store.start_run("r1", "pull", NOW)
    with pytest.raises(StoreFailed, match="contradicts"):
        store.start_run("r1", "pull", NOW)


def test_a_run_that_is_not_there_cannot_end_or_go_on(store: Store) -> None:
    assert store.run("r1") is None
    with pytest.raises(StoreFailed, match="no run r1"):
        store.finish_run("r1", "done", NOW, counts={}, exit_code=0)
    with pytest.raises(StoreFailed, match="no run r1"):
        store.resume_run("r1")


def test_the_serial_is_the_run_that_moved_last(store: Store) -> None:
    assert store.base_serial() == ""
    serials = []
    for name in ("b", "a"):
        store.start_run(name, "apply", NOW)
    for name in ("b", "a", "b", "b"):
        with store.transaction() as tx:
            tx.mark_moved(name)
        serials.append(store.base_serial())
    assert serials == ["b", "a", "b", "b"]


@pytest.mark.parametrize(
    ("status", "unfinished"),
    [("done", False), ("failed", False), ("partial", True), ("interrupted", True)],
)
def test_a_run_that_stopped_with_work_left_is_unfinished(
    store: Store, status: Status, unfinished: bool
) -> None:
    store.start_run("r1", "apply", NOW)
    store.journal_plan("r1", [ONE, TWO], NOW)
    assert [run.id for run in store.unfinished_runs()] == ["r1"]
    with store.transaction() as tx:
        tx.set_state("r1", [ONE.id], "VERIFIED", NOW)
    store.finish_run("r1", status, NOW, counts={}, exit_code=0)
    assert [run.id for run in store.unfinished_runs()] == (["r1"] if unfinished else [])
    with store.transaction() as tx:
        tx.set_state("r1", [TWO.id], "DROPPED", NOW)
    assert store.unfinished_runs() == []


def test_findings_come_back_in_their_order(store: Store) -> None:
    store.start_run("r1", "audit", NOW)
    first = Finding(
        "no-role", "error", "deal", "hubspot", "deals", "9", None, "amount", "ñ\n", 12.5
    )
    second = Finding("drift", "warning", "contact", None, None, None, "k1")
    store.save_findings("r1", [second, first])
    store.save_findings("r1", [second])
    assert store.findings("r1") == [second, first, second]
    assert store.findings("r2") == []


def test_a_finding_about_hostile_text_is_kept_readable(store: Store) -> None:
    store.start_run("r1", "audit", NOW)
    hostile = Finding("x", "info", "deal", None, None, None, "k", None, "a\x00\ud800", float("nan"))
    store.save_findings("r1", [hostile])
    kept = store.findings("r1")[0]
    assert (kept.detail, kept.amount) == ("a\ufffd\ufffd", None)


def test_findings_need_their_run(store: Store) -> None:
    with pytest.raises(StoreFailed, match="contradicts"):
        store.save_findings("r9", [Finding("x", "info", "deal", None, None, None, "k")])


def test_scores_of_one_basis_come_back_oldest_first_and_only_those_before(store: Store) -> None:
    kept = []
    for at, basis in enumerate("aabab"):
        run, when = f"r{at}", NOW + timedelta(days=at)
        store.start_run(run, "audit", when)
        kept.append(KeptScore(run, basis, when, 70.5 + at))
        store.save_score(kept[-1])
    end = NOW + timedelta(days=9)
    assert store.scores("a", end) == [kept[0], kept[1], kept[3]]
    assert store.scores("a", end, 2) == [kept[1], kept[3]]
    assert store.scores("a", kept[3].at) == [kept[0], kept[1]]
    assert store.scores("c", end) == []


def test_a_run_has_one_score_and_only_a_run_has_one(store: Store) -> None:
    store.start_run("r1", "audit", NOW)
    score = KeptScore("r1", "a", NOW, 1.0)
    store.save_score(score)
    with pytest.raises(StoreFailed):
        store.save_score(score)
    with pytest.raises(StoreFailed):
        store.save_score(KeptScore("nobody", "a", NOW, 1.0))
