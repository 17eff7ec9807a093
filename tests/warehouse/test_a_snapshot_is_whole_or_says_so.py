"""A snapshot is what a system held: all of it, or marked incomplete with the reason."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crmsync.core.records import Native, Schema
from crmsync.errors import AnswerBroken, StoreFailed, Unavailable
from crmsync.warehouse.snapshots import (
    Reading,
    Snapshot,
    most_before,
    newest,
    prune,
    read_manifest,
    read_schema,
    snapshots_of,
    write_snapshot,
)
from warehouse.shelf import batch_of

NAMES = ("_id", "Email")


def reading(run: str = "run-1", **more: object) -> Reading:
    return Reading("salesforce", "Contact", run, "2026-11-20T07:30:00+00:00", NAMES, **more)  # type: ignore[arg-type]  # fields of Reading


def page(*ids: str) -> pa.RecordBatch:
    return batch_of(NAMES, [{"_id": id_, "Email": f"{id_}@acme.example"} for id_ in ids])


def ids_of(snapshot: Snapshot) -> list[str]:
    tables = [pq.read_table(path) for path in sorted(snapshot.folder.glob("part-*.parquet"))]
    return [id_ for table in tables for id_ in table.column("_id").to_pylist()]


def test_pages_are_kept_in_order_and_counted(tmp_path: Path) -> None:
    snapshot = write_snapshot(tmp_path, reading(), [page("1", "2"), page("3")])
    assert ids_of(snapshot) == ["1", "2", "3"]
    assert (snapshot.manifest.rows, snapshot.manifest.complete) == (3, True)
    assert read_manifest(snapshot.folder) == snapshot.manifest


def test_the_manifest_comes_last(tmp_path: Path) -> None:
    folder = tmp_path / "snapshots/salesforce/Contact/run-1"
    seen: list[bool] = []

    def pages() -> Iterator[pa.RecordBatch]:
        yield page("1")
        seen.append((folder / "manifest.json").exists())
        assert newest(tmp_path, "salesforce", "Contact") is None
        yield page("2")

    write_snapshot(tmp_path, reading(), pages())
    assert seen == [False]
    assert newest(tmp_path, "salesforce", "Contact") is not None


def test_a_read_that_breaks_off_keeps_what_came_and_says_why(tmp_path: Path) -> None:
    def pages() -> Iterator[pa.RecordBatch]:
        yield page("1", "2")
        raise AnswerBroken("the answer broke off")

    snapshot = write_snapshot(tmp_path, reading(), pages())
    manifest = snapshot.manifest
    assert (manifest.rows, manifest.complete, manifest.problem) == (
        2,
        False,
        "the answer broke off",
    )
    assert ids_of(snapshot) == ["1", "2"]


def test_a_read_that_gave_nothing_leaves_nothing(tmp_path: Path) -> None:
    def pages() -> Iterator[pa.RecordBatch]:
        yield from ()
        raise Unavailable("no answer")

    with pytest.raises(Unavailable):
        write_snapshot(tmp_path, reading(), pages())
    assert newest(tmp_path, "salesforce", "Contact") is None
    assert not list(tmp_path.rglob("*.parquet"))


def test_an_answer_that_broke_before_the_first_record_is_an_incomplete_snapshot(
    tmp_path: Path,
) -> None:
    def pages() -> Iterator[pa.RecordBatch]:
        yield from ()
        raise AnswerBroken("no JSON")

    manifest = write_snapshot(tmp_path, reading(), pages()).manifest
    assert (manifest.rows, manifest.complete, manifest.problem) == (0, False, "no JSON")


def test_an_object_without_records_is_a_complete_snapshot(tmp_path: Path) -> None:
    manifest = write_snapshot(tmp_path, reading(), []).manifest
    assert (manifest.rows, manifest.complete, manifest.fields) == (0, True, NAMES)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"system": "salesforce"}',
        b'{"fields": 3}',
        b"\xff\xfe",
        b'{"fields": [], "x": 1}',
    ],
    ids=repr,
)
def test_a_manifest_that_cannot_be_understood_is_no_manifest(tmp_path: Path, body: bytes) -> None:
    good = write_snapshot(tmp_path, reading("run-1"), [page("1")])
    bad = write_snapshot(tmp_path, reading("run-2"), [page("2")])
    (bad.folder / "manifest.json").write_bytes(body)
    assert newest(tmp_path, "salesforce", "Contact") == good


def test_a_stray_file_among_the_runs_is_no_snapshot(tmp_path: Path) -> None:
    good = write_snapshot(tmp_path, reading(), [page("1")])
    (good.folder.parent / "zzz.txt").write_text("x")
    assert list(snapshots_of(tmp_path, "salesforce", "Contact")) == [good]
    assert prune(tmp_path, keep=1) == 0


def test_the_newest_is_first_and_the_earlier_one_is_complete(tmp_path: Path) -> None:
    def broken() -> Iterator[pa.RecordBatch]:
        yield page("2")
        raise AnswerBroken("broke off")

    first = write_snapshot(tmp_path, reading("run-1"), [page("1")])
    write_snapshot(tmp_path, reading("run-2"), broken())
    third = write_snapshot(tmp_path, reading("run-3"), [page("3")])
    found = [each.manifest.run for each in snapshots_of(tmp_path, "salesforce", "Contact")]
    assert found == ["run-3", "run-2", "run-1"]
    assert most_before(tmp_path, third) == first.manifest.rows
    assert most_before(tmp_path, first) == 0


def test_prune_keeps_the_newest_of_every_object(tmp_path: Path) -> None:
    for number in range(4):
        write_snapshot(tmp_path, reading(f"run-{number}"), [page("1")])
    assert prune(tmp_path, keep=2) == 2
    left = [each.manifest.run for each in snapshots_of(tmp_path, "salesforce", "Contact")]
    assert left == ["run-3", "run-2"]


def test_what_a_system_said_of_its_fields_comes_back_as_it_was(tmp_path: Path) -> None:
    fields = {
        "Email": Native("Email", "string", length=80),
        "Rating": Native("Rating", "picklist", options=frozenset({"Hot", "Cold"}), writable=False),
    }
    schema = Schema("salesforce", "Contact", fields)
    snapshot = write_snapshot(tmp_path, reading(schema=schema), [page("1")])
    assert read_schema(snapshot) == schema
    assert read_schema(write_snapshot(tmp_path, reading("run-2"), [])) is None


def test_rows_of_a_person_are_not_for_everybody_to_read(tmp_path: Path) -> None:
    snapshot = write_snapshot(tmp_path, reading(), [page("1")])
    assert snapshot.folder.stat().st_mode & 0o077 == 0


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from crmsync.errors import StoreFailed
from crmsync.warehouse.snapshots import write_snapshot
sys.path.insert(0, {tests!r})
from warehouse.test_a_snapshot_is_whole_or_says_so import page, reading
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400, 400))
try:
    write_snapshot(Path({root!r}), reading(), [page(*[str(n * 7919) for n in range(20_000)])])
except StoreFailed as error:
    print(error.message, "|", error.where, "|", error.remedy)
    sys.exit(int(error.exit_code))
"""


def test_a_full_disk_is_told_and_leaves_no_half_snapshot(tmp_path: Path) -> None:
    assert resource.RLIMIT_FSIZE
    script = FULL_DISK.format(tests=str(Path(__file__).parents[1]), root=str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == StoreFailed.exit_code, done.stderr
    assert done.stdout.startswith("cannot write the snapshot: ")
    assert "snapshots/salesforce/Contact" in done.stdout
    assert "Free disk space" in done.stdout
    assert newest(tmp_path, "salesforce", "Contact") is None
    assert not list(tmp_path.rglob("part-*"))


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "snapshots").write_text("a file where a folder should be")
    with pytest.raises(StoreFailed, match="cannot write the snapshot"):
        write_snapshot(tmp_path, reading(), [page("1")])


def test_a_manifest_says_what_was_asked_and_when(tmp_path: Path) -> None:
    snapshot = write_snapshot(tmp_path, reading(key_field="Key__c"), [page("1")])
    body = orjson.loads((snapshot.folder / "manifest.json").read_bytes())
    assert body["fields"] == list(NAMES)
    assert body["taken_at"] == "2026-11-20T07:30:00+00:00"
    assert body["key_field"] == "Key__c"


@pytest.mark.parametrize("breaks", [False, True])
def test_who_went_while_a_snapshot_was_written_is_not_in_it(tmp_path: Path, breaks: bool) -> None:
    """Read to its end or not; asked for only then."""
    asked: list[int] = []

    def batches() -> Iterator[pa.RecordBatch]:
        yield page("1", "2")
        yield page("3")
        assert not asked
        if breaks:
            raise AnswerBroken("cut off", where="Contact")

    def went() -> list[str]:
        asked.append(1)
        return ["2", "9"]

    made = write_snapshot(tmp_path, reading(), batches(), went)
    assert (made.manifest.rows, made.manifest.complete) == (2, not breaks)
    assert pq.read_table(made.folder / "part-00000.parquet").column("_id").to_pylist() == ["1", "3"]
    assert not list(made.folder.glob("*.tmp"))
