"""The tables of a search stay in a file, and the next compares what has changed; a failure leaves them as they were."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crmsync.core.duplicates import DuplicateModel
from crmsync.core.saved_duplicates import SavedModel
from crmsync.warehouse.duplicates.finding import search
from crmsync.warehouse.duplicates.kept import Searched, searched
from crmsync.warehouse.engine import open_engine
from duplicates.searching import PARTS, TEXTS, Record, give, laid_out, people

MODEL = DuplicateModel(dict.fromkeys(PARTS, ""))
CROWD = people(400, 5)
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


@cache
def learned() -> SavedModel:
    """Estimated once for all tests."""
    return search(laid_out(CROWD), MODEL).saved


class Broken(Exception):
    """Something fails after a search."""


class Nights:
    """Searches one after another, each with a database of its own, as processes have; the tables in one file."""

    def __init__(self, folder: Path) -> None:
        self.file, self.scratch = folder / "contact.db", folder
        self.saved = learned()

    def search(
        self,
        records: Sequence[Record],
        now: datetime = MONDAY,
        *,
        ids: Sequence[str] = (),
        model: DuplicateModel = MODEL,
        fails: bool = False,
        killed: bool = False,
        **asked: bool,
    ) -> tuple[Searched, set[frozenset[str]]]:
        """What was found, and the pairs that are one, by the ids of their records."""
        db = open_engine(self.scratch / "columns.db")
        give(db, "dup_given", records, ids or [f"{at:05d}" for at in range(len(records))])
        try:
            with searched(
                db, model, TEXTS, self.saved, self.file, self.scratch, now, **asked
            ) as done:
                self.saved = done.search.saved
                pairs = _pairs(db)
                if killed:
                    os.kill(os.getpid(), signal.SIGKILL)
                if fails:
                    raise Broken
            assert db.execute("SELECT current_database()").fetchone() == ("columns",)
        finally:
            db.close()
            (self.scratch / "columns.db").unlink()
        return done, pairs


def _pairs(db: Any) -> set[frozenset[str]]:
    rows = db.execute(
        "SELECT a.id, b.id FROM dup_found f JOIN dup_id a ON a.rid = f.l JOIN dup_id b ON b.rid = f.r WHERE p >= 0.8"
    ).fetchall()
    return {frozenset(each) for each in rows}


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    return Nights(tmp_path)


def test_what_has_not_changed_is_not_compared_again(nights: Nights) -> None:
    first, pairs = nights.search(CROWD)
    assert (first.changed, first.at) == (None, MONDAY)
    again, same = nights.search(CROWD, TUESDAY)
    assert (again.changed, again.at, again.search.compared) == (0, MONDAY, 0)
    assert same == pairs
    assert again.search.crowded == first.search.crowded


def test_what_is_new_and_what_has_gone_is_seen(nights: Nights) -> None:
    _, pairs = nights.search(CROWD)
    gone, kept = sorted(sorted(pairs, key=sorted)[0])
    ids = [f"{at:05d}" for at in range(len(CROWD))]
    left = [(id_, each) for id_, each in zip(ids, CROWD, strict=True) if id_ != gone]
    news = [*left, ("99999", CROWD[int(kept)])]
    done, found = nights.search([each for _, each in news], ids=[id_ for id_, _ in news])
    assert done.changed == 2
    assert frozenset({kept, "99999"}) in found
    assert not [each for each in found if gone in each]


def test_a_record_that_stands_there_twice_counts_once(nights: Nights) -> None:
    ids = [*(f"{at:05d}" for at in range(len(CROWD))), "00000"]
    twice = [*CROWD, {**CROWD[0], "place": "Zumaia"}]
    nights.search(twice, ids=ids)
    assert nights.search(twice, ids=ids)[0].changed == 0


@pytest.mark.slow
def test_changes_add_up_until_all_are_searched_again(nights: Nights) -> None:
    nights.search(CROWD)
    crowd = list(CROWD)
    for night, expected in enumerate((10, 10, None, 10)):
        for at in range(night * 10, night * 10 + 10):
            crowd[at] = {**crowd[at], "place": "Zumaia"}
        done, _ = nights.search(crowd, TUESDAY)
        assert done.changed == expected


def test_asked_for_everything_it_searches_everything(nights: Nights) -> None:
    nights.search(CROWD)
    done, _ = nights.search(CROWD, TUESDAY, anew=True)
    assert (done.changed, done.at) == (None, TUESDAY)


@pytest.mark.slow
def test_another_model_searches_everything(nights: Nights) -> None:
    nights.search(CROWD)
    done, _ = nights.search(CROWD, model=replace(MODEL, crowded=20))
    assert done.changed is None
    nights.saved = replace(nights.saved, prior=nights.saved.prior * 2)
    done, _ = nights.search(CROWD, model=replace(MODEL, crowded=20))
    assert done.changed is None


@pytest.mark.parametrize("night", ["the first", "a later one"])
def test_a_search_that_fails_leaves_the_file_as_it_was(nights: Nights, night: str) -> None:
    moved = [{**CROWD[0], "place": "Zumaia"}, *CROWD[1:]]
    if night == "a later one":
        nights.search(CROWD)
    with pytest.raises(Broken):
        nights.search(moved, fails=True)
    assert nights.file.exists() == (night == "a later one")
    done, _ = nights.search(moved)
    assert done.changed == (1 if night == "a later one" else None)
    assert [each.name for each in nights.scratch.iterdir() if each.suffix == ".wal"] == []


KILLED = """
import sys
from pathlib import Path
from duplicates.test_the_next_search_compares_what_changed import CROWD, Nights
Nights(Path(sys.argv[1])).search([{**CROWD[0], "place": "Zumaia"}, *CROWD[1:]], killed=True)
"""


@pytest.mark.slow
def test_a_process_that_is_killed_leaves_the_file_as_it_was(nights: Nights) -> None:
    nights.search(CROWD)
    tests = Path(__file__).parents[1]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(nights.scratch)], cwd=tests, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    for left in nights.scratch.glob("columns.db*"):
        left.unlink()
    moved = [{**CROWD[0], "place": "Zumaia"}, *CROWD[1:]]
    done, pairs = nights.search(moved)
    assert done.changed == 1
    assert pairs == nights.search(moved, anew=True)[1]


def test_a_file_that_cannot_be_written_costs_the_keeping_and_not_the_answer(nights: Nights) -> None:
    nights.file = nights.scratch / "nowhere" / "contact.db"
    done, pairs = nights.search(CROWD)
    assert (done.changed, bool(pairs)) == (None, True)
    assert [each.name for each in nights.scratch.iterdir() if each.is_dir()] == []


def test_a_broken_file_in_a_folder_called_lock_is_made_anew(nights: Nights) -> None:
    nights.file = nights.scratch / "clockworks.db"
    nights.file.write_bytes(b"no database at all" * 300)
    nights.search(CROWD)
    assert nights.search(CROWD)[0].changed == 0


@pytest.mark.parametrize("body", [b"", b"no database at all" * 300])
def test_a_file_that_nobody_can_read_is_made_anew(nights: Nights, body: bytes) -> None:
    nights.file.write_bytes(body)
    assert nights.search(CROWD)[0].changed is None
    assert nights.search(CROWD)[0].changed == 0


def test_a_file_of_another_program_is_made_anew(nights: Nights) -> None:
    other = open_engine(nights.file)
    other.execute("CREATE TABLE dup_kept (mark TEXT)")
    other.close()
    assert nights.search(CROWD)[0].changed is None
    assert nights.search(CROWD)[0].changed == 0


HOLDING = "import duckdb, sys; db = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"


def test_while_another_process_holds_the_file_all_are_searched_and_nothing_is_kept(
    nights: Nights,
) -> None:
    _, pairs = nights.search(CROWD)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(nights.file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        done, found = nights.search(CROWD, TUESDAY)
        holder.communicate("\n")
    assert (done.changed, found) == (None, pairs)
    assert nights.search(CROWD)[0].at == MONDAY
