"""Changes laid over an older snapshot give what a dictionary would; what is known of what went is kept."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmsync.connectors.abilities import GONE_COLUMNS
from crmsync.core.records import Native, Schema
from crmsync.warehouse import absences
from crmsync.warehouse.absences import all_absences
from crmsync.warehouse.overlays import Delta, obstacle
from crmsync.warehouse.snapshots import Reading, Snapshot, newest, prune, write_snapshot
from warehouse.shelf import batch_of

NAMES = ("_id", "Email")
RUNS = (f"run-{n:06d}" for n in itertools.count())
IDS = st.sampled_from("abcdefgh")
PAGES = st.lists(st.dictionaries(IDS, st.none() | st.sampled_from(["x", "y"])), max_size=4)


def kept(root: Path, rows: dict[str, str | None], name: str = "Contact") -> Snapshot:
    reading = Reading("salesforce", name, next(RUNS), "2026-11-20T07:30:00+00:00", NAMES)
    return write_snapshot(root, reading, [page(rows)] if rows else [])


def page(rows: dict[str, str | None]) -> pa.RecordBatch:
    return batch_of(NAMES, [{"_id": id_, "Email": mail} for id_, mail in rows.items()])


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("laid over")


@given(st.dictionaries(IDS, st.none() | st.text(max_size=3)), PAGES, st.sets(IDS))
@settings(max_examples=30)
def test_it_is_what_a_dictionary_would_be(
    root: Path, base: dict[str, str | None], pages: list[dict[str, str | None]], gone: set[str]
) -> None:
    """Of an id that comes twice the last counts, and one that went is not there."""
    folder = root / next(RUNS)
    folder.mkdir()
    delta = Delta(folder, kept(root, base))
    delta.gather(page(each) for each in pages if each)
    delta.without(gone)
    expected = base.copy()
    for each in pages:
        expected |= each
    expected = {id_: mail for id_, mail in expected.items() if id_ not in gone}
    rows = [row for batch in delta.batches() for row in batch.to_pylist()]
    count = delta.count()
    delta.close()
    assert sorted(row["_id"] for row in rows) == sorted(expected)
    assert {row["_id"]: row["Email"] for row in rows} == expected
    assert count == len(expected)


def reading(*names: str, kind: str = "string") -> Reading:
    fields = {name: Native(name, kind) for name in names}
    return Reading(
        "salesforce", "Contact", next(RUNS), "2026-11-20T07:30:00+00:00",
        names, Schema("salesforce", "Contact", fields),
    )  # fmt: skip


def test_changes_fit_only_over_a_whole_read_of_the_same_fields(tmp_path: Path) -> None:
    base = write_snapshot(tmp_path, reading(*NAMES), [page({"a": "x"})])
    assert obstacle(base, reading("Email", "_id")) == ""
    assert "no complete read" in obstacle(None, reading(*NAMES))
    assert "other fields" in obstacle(base, reading(*NAMES, "Phone"))
    assert "other fields" in obstacle(base, reading("_id"))
    assert "Email is of another type" in obstacle(base, reading(*NAMES, kind="number"))


def test_the_last_complete_snapshot_is_never_pruned(tmp_path: Path) -> None:
    base = kept(tmp_path, {"a": "x"})
    broken = tmp_path / "snapshots" / "salesforce" / "Contact" / next(RUNS)
    broken.mkdir()
    assert prune(tmp_path, keep=1) == 0
    assert newest(tmp_path, "salesforce", "Contact") == base
    last = kept(tmp_path, {"a": "y"})
    assert prune(tmp_path, keep=1) == 2
    assert newest(tmp_path, "salesforce", "Contact") == last


def facts(*rows: tuple[str | None, ...]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True) if rows else [()] * len(GONE_COLUMNS)
    arrays = [pa.array(list(column), pa.string()) for column in columns]
    return pa.RecordBatch.from_arrays(arrays, names=list(GONE_COLUMNS))


def written(root: Path, name: str, table: Any) -> Snapshot:
    when = "2026-11-20T07:30:00+00:00"
    return write_snapshot(root, Reading("salesforce", name, next(RUNS), when), table.to_batches())


def test_what_was_told_once_is_kept_until_the_record_is_there_again(tmp_path: Path) -> None:
    one, two = ("a", "2026-11-01T00:00:00.000Z", "deleted", None), ("b", "", "deleted", None)
    live = kept(tmp_path, {"z": "x"})
    first = all_absences(facts(one, two), None, None, live)
    before = written(tmp_path, "_gone.Contact", first)
    later = all_absences(facts(), before, None, live)
    assert later == first
    assert len(later) == 2
    back = kept(tmp_path, {"a": "x"})
    assert all_absences(facts(), before, None, back).column("id").to_pylist() == ["b"]


def test_the_later_word_counts_and_a_merge_names_the_winner(tmp_path: Path) -> None:
    old = facts(("a", "2026-11-01T00:00:00.000Z", "merged", "w1"))
    live = kept(tmp_path, {})
    before = written(tmp_path, "_gone.Contact", all_absences(old, None, None, live))
    merged = written(tmp_path, "_merged.Contact", pa.table({"old_id": ["b"], "new_id": ["w2"]}))
    told = facts(
        ("a", "2026-11-09T00:00:00.000Z", "deleted", None),
        ("b", "2026-11-09T00:00:00.000Z", "deleted", None),
    )
    rows = all_absences(told, before, merged, live).to_pylist()
    assert [(row["why"], row["into"]) for row in rows] == [("deleted", None), ("merged", "w2")]


def test_who_is_merged_is_told_by_the_record_in_its_place(tmp_path: Path) -> None:
    """HubSpot: no list has them, and of some the day is known."""
    rows = {"_id": ["5", "6"], "hs_merged_object_ids": ["1;2; 3", None], "x": ["a", "b"]}
    when = "2026-11-20T07:30:00+00:00"
    reading = Reading("hubspot", "contacts", next(RUNS), when, merged_field="hs_merged_object_ids")
    live = write_snapshot(tmp_path, reading, pa.table(rows).to_batches())
    at = "2026-11-09T00:00:00.000Z"
    told = facts(("2", at, "merged", "5"), ("3", at, "deleted", None), ("4", at, "deleted", None))
    found = [tuple(row.values()) for row in all_absences(told, None, None, live).to_pylist()]
    assert found == [
        ("1", None, "merged", "5"),
        ("2", at, "merged", "5"),
        ("3", at, "merged", "5"),
        ("4", at, "deleted", None),
    ]


def test_both_sides_of_the_border_name_the_same_columns() -> None:
    assert absences.GONE_COLUMNS == GONE_COLUMNS


def test_a_snapshot_of_changes_is_whole_by_itself(tmp_path: Path) -> None:
    """The older one may go: nothing of it is needed any more."""
    import shutil

    base = kept(tmp_path, {"a": "x", "b": "y"})
    folder = tmp_path / "scratch"
    folder.mkdir()
    delta = Delta(folder, base)
    delta.gather([page({"b": "z"})])
    delta.without([])
    laid = write_snapshot(tmp_path, reading(*NAMES), delta.batches())
    delta.close()
    shutil.rmtree(base.folder)
    parts = [pq.read_table(path) for path in laid.folder.glob("part-*.parquet")]
    rows = [row for part in parts for row in part.to_pylist()]
    assert sorted(rows, key=lambda row: row["_id"]) == [
        {"_id": "a", "Email": "x"},
        {"_id": "b", "Email": "z"},
    ]
