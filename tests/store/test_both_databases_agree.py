"""The same story told to SQLite and to PostgreSQL ends in the same state."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from store_samples import NOW, batch, change, digest_of, digests

from crmsync.core.records import Ref
from crmsync.errors import CrmsyncError
from crmsync.store.rows import LinkRow, RefusedRow
from crmsync.store.store import Store, open_store

KEYS = st.sampled_from(["k1", "k2", "K1", "é"])
SYSTEMS = st.sampled_from(["hubspot", "salesforce"])
FIELDS = st.sampled_from(["phone", "city", "n"])
RUNS = st.sampled_from(["r1", "r2"])
STATES = st.sampled_from(["INTENT", "SENT", "ACKED", "VERIFIED", "FAILED", "DROPPED"])
TEXTS = st.none() | st.text(max_size=3)
CELLS = st.dictionaries(FIELDS, TEXTS, max_size=3)
MOVED = st.dictionaries(KEYS, st.dictionaries(SYSTEMS, CELLS, max_size=2), max_size=3)
ADOPTED = st.lists(
    st.tuples(KEYS, SYSTEMS, st.sampled_from(["d1", "d2"]), CELLS), min_size=1, max_size=4
)
STEPS = st.one_of(
    st.tuples(st.just("start"), RUNS, st.integers(0, 2)),
    st.tuples(st.just("plan"), RUNS, st.lists(KEYS, unique=True, max_size=3)),
    st.tuples(st.just("state"), RUNS, KEYS, STATES),
    st.tuples(st.just("link"), KEYS, SYSTEMS, st.sampled_from(["1", "2", "3"])),
    st.tuples(st.just("move"), MOVED),
    st.tuples(st.just("adopt"), ADOPTED),
    st.tuples(st.just("refuse"), KEYS, SYSTEMS, TEXTS),
    st.tuples(st.just("forget"), KEYS),
    st.tuples(st.just("moved"), RUNS),
    st.tuples(st.just("pin"), SYSTEMS, st.sampled_from(["1", "2"])),
    st.tuples(st.just("finish"), RUNS, st.sampled_from(["done", "partial"])),
)


def plan(store: Store, run: str, keys: list[str]) -> None:
    store.journal_plan(run, [change(key) for key in keys], NOW)


def set_state(store: Store, run: str, key: str, state: Any) -> None:
    with store.transaction() as tx:
        tx.set_state(run, [change(key).id], state, NOW, held={change(key).id: {"phone": key}})


def link(store: Store, key: str, system: str, id_: str) -> None:
    with store.transaction() as tx:
        tx.save_links([LinkRow("contact", key, Ref(system, "Contact", id_), "email")], "r1", NOW)


def move(store: Store, moved: Any) -> None:
    with store.transaction() as tx:
        tx.move_bases("contact", moved, digest_of)


def adopt(store: Store, rows: list[tuple[str, str, str, Any]]) -> None:
    with store.transaction() as tx:
        tx.adopt_bases("contact", [batch((k, s, d, json.dumps(c)) for k, s, d, c in rows)])


def refuse(store: Store, key: str, system: str, value: str | None) -> None:
    with store.transaction() as tx:
        tx.refuse(RefusedRow("contact", key, system, "phone", value), "ignored", "r1")


def forget(store: Store, key: str) -> None:
    with store.transaction() as tx:
        tx.forget_refused("contact", key=key)


def mark_moved(store: Store, run: str) -> None:
    with store.transaction() as tx:
        tx.mark_moved(run)


DOES: dict[str, Any] = {
    "start": lambda store, run, days: store.start_run(run, "apply", NOW + timedelta(days=days)),
    "plan": plan,
    "state": set_state,
    "link": link,
    "move": move,
    "adopt": adopt,
    "refuse": refuse,
    "forget": forget,
    "moved": mark_moved,
    "pin": lambda store, system, id_: store.pin(system, id_, NOW),
    "finish": lambda store, run, status: store.finish_run(
        run, status, NOW, counts={"VERIFIED": 1}, exit_code=0
    ),
}


def tell(store: Store, steps: list[tuple[Any, ...]]) -> list[Any]:
    """What each step raised, then everything that the store says."""
    told: list[Any] = []
    for name, *arguments in steps:
        try:
            DOES[name](store, *arguments)
            told.append(None)
        except CrmsyncError as error:
            told.append(type(error).__name__)
    keys = ["k1", "k2", "K1", "é"]
    return [
        *told,
        sorted(zip(*store.links("contact").to_pydict().values(), strict=True)),
        store.links_of("contact", keys),
        digests(store),
        store.bases_of("contact", keys),
        store.runs(),
        store.unfinished_runs(),
        [store.ops(run) for run in ("r1", "r2")],
        [store.counts(run) for run in ("r1", "r2")],
        store.open_ops(),
        store.base_serial(),
        store.refused("contact"),
        [store.pinned(system) for system in ("hubspot", "salesforce")],
        store.digest(),
    ]


TABLES = ("journal", "finding", "run", "link", "base", "refused", "identity")


@contextmanager
def emptied(store: Store) -> Iterator[Store]:
    with store._writing() as connection:
        for table in TABLES:
            connection.execute(text(f"DELETE FROM {table}"))
    yield store


@pytest.fixture
def both(sqlite_url: str, postgresql_url: str) -> Iterator[tuple[Store, Store]]:
    with open_store(sqlite_url) as one, open_store(postgresql_url) as other:
        yield one, other


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEPS, max_size=15))
def test_a_story_ends_the_same_on_both(
    both: tuple[Store, Store], steps: list[tuple[Any, ...]]
) -> None:
    with emptied(both[0]) as one, emptied(both[1]) as other:
        story = [("start", "r1", 0), *steps]
        assert tell(one, story) == tell(other, story)
