"""Snapshots: what one system held of one object when it was read, as Parquet with a manifest.

    snapshots/<system>/<object>/<run>/part-00000.parquet ...  manifest.json

All columns are text in wire-normal form, so a mapping can be replayed on old reads. The manifest is written
last: a folder without one is a read that never ended, and is no snapshot.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from dataclasses import fields as cells_of
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from crmsync.core.records import Native, Schema
from crmsync.errors import AccessDenied, AnswerBroken, StoreFailed, SystemFailed

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "snapshots"
MERGED = "_merged."
"""How the side table is called that says where merged records of an object went."""
GONE = "_gone."
"""How the side table is called that says when records of an object went, and why."""
_PART_ROWS = 100_000
_GROUP_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was read: the fields the server accepted, how many rows, and whether that was all.

    `complete` False: what is not in it may still exist. `taken_at` is ISO 8601 in UTC. `key_field` is the
    native field that carries our key, `merged_field` the one that lists ids of records merged into this
    one, `converted_flag` the one that is `true` of a record that became another; each is empty where there
    is none. `converted_into` names, by object, the field with the id of that other record. Facts were asked
    for `since` an instant, "" for all of them; `unread` says why there are none and nothing follows from it.
    `base` is the run whose snapshot this one is laid over, blank if everything was read; `left_out` are ids
    that were read and are nobody's customers. `companions` are fields read for audits alone, by what they tell.
    `keyless`: the system takes our key, and there is no unique field for it.
    """

    system: str
    object: str
    run: str
    taken_at: str
    fields: tuple[str, ...]
    rows: int
    complete: bool
    problem: str = ""
    key_field: str = ""
    merged_field: str = ""
    converted_flag: str = ""
    converted_into: Mapping[str, str] = field(default_factory=dict)
    since: str = ""
    unread: str = ""
    base: str = ""
    why: str = ""
    left_out: tuple[str, ...] = ()
    companions: Mapping[str, str] = field(default_factory=dict)
    keyless: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A manifest and the folder its parts are in."""

    manifest: Manifest
    folder: Path

    @property
    def pattern(self) -> str:
        """What DuckDB reads."""
        return str(self.folder / "part-*.parquet")


@dataclass(frozen=True, slots=True)
class Reading:
    """What is about to be read: the fields asked for, and what the system says about them.

    `why` everything or only changes are read is told in the manifest. `left_out` may grow while it is read.
    """

    system: str
    object: str
    run: str
    taken_at: str
    fields: tuple[str, ...] = ()
    schema: Schema | None = None
    key_field: str = ""
    merged_field: str = ""
    converted_flag: str = ""
    converted_into: Mapping[str, str] = field(default_factory=dict)
    since: str = ""
    unread: str = ""
    base: str = ""
    why: str = ""
    left_out: set[str] = field(default_factory=set)
    companions: Mapping[str, str] = field(default_factory=dict)
    keyless: bool = False


def write_snapshot(
    root: Path,
    reading: Reading,
    batches: Iterable[pa.RecordBatch],
    went: Callable[[], Collection[str]] = frozenset,
) -> Snapshot:
    """Streams batches to disk and closes with a manifest. `went`, asked at the end, are ids not to be kept after all.

    A read that breaks off leaves an incomplete snapshot that says why. Raises what broke it if nothing had
    come and the fault is not in the answer: then the next read would fail as this one did.
    """
    folder = root / FOLDER / reading.system / reading.object / reading.run
    try:
        folder.mkdir(parents=True, mode=0o700)
        return _written(folder, reading, batches, went)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise StoreFailed(
            f"cannot write the snapshot: {error.strerror or error}",
            where=f"{FOLDER}/{reading.system}/{reading.object}",
            remedy="Free disk space or check permissions, then run the same command again.",
        ) from error


def rows_of(snapshot: Snapshot, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The rows of a snapshot with these columns, as they were written, some thousands at a time."""
    from pyarrow.parquet import ParquetFile

    for path in sorted(snapshot.folder.glob("part-*.parquet")):
        with ParquetFile(path) as file:
            yield from file.iter_batches(_GROUP_ROWS, columns=list(columns))


def _written(
    folder: Path,
    reading: Reading,
    batches: Iterable[pa.RecordBatch],
    went: Callable[[], Collection[str]],
) -> Snapshot:
    rows, fields, problem = 0, reading.fields, ""
    parts = Parts(folder)
    try:
        for batch in batches:
            fields = tuple(batch.schema.names)
            rows += batch.num_rows
            parts.add(batch)
    except SystemFailed as error:
        if not rows and not isinstance(error, AnswerBroken):
            parts.close()
            shutil.rmtree(folder, ignore_errors=True)
            raise
        problem = error.message
    except AccessDenied:
        parts.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    parts.close()
    rows -= without(folder, went())
    manifest = Manifest(
        reading.system, reading.object, reading.run, reading.taken_at,
        fields, rows, not problem, problem, reading.key_field, reading.merged_field,
        reading.converted_flag, reading.converted_into, since=reading.since, unread=reading.unread,
        base=reading.base, why=reading.why, left_out=tuple(sorted(reading.left_out)),
        companions=reading.companions, keyless=reading.keyless,
    )  # fmt: skip
    if reading.schema is not None:
        _write_schema(folder, reading.schema)
    _write_manifest(folder, manifest)
    return Snapshot(manifest, folder)


def without(folder: Path, ids: Collection[str]) -> int:
    """How many rows of a snapshot had one of these ids; they are taken out of its parts."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow.parquet import ParquetFile, ParquetWriter

    taken = 0
    wanted = pa.array(sorted(ids), pa.string())
    for path in sorted(folder.glob("part-*.parquet")) if ids else ():
        with ParquetFile(path) as file:
            held = file.read(["_id"]).column("_id")
            found = pc.sum(pc.is_in(held, wanted)).as_py() or 0
            if not found:
                continue
            fresh = path.with_suffix(".tmp")
            with ParquetWriter(fresh, file.schema_arrow, compression="zstd") as kept:
                for batch in file.iter_batches(_GROUP_ROWS):
                    kept.write_batch(batch.filter(pc.invert(pc.is_in(batch.column("_id"), wanted))))
        fresh.replace(path)
        taken += found
    return taken


_KEPT = tuple(each.name for each in cells_of(Native) if each.name != "listed")


def _write_schema(folder: Path, schema: Schema) -> None:
    natives = [_kept(each) for each in schema.fields.values()]
    (folder / "schema.json").write_bytes(orjson.dumps(natives))


def _kept(native: Native) -> dict[str, Any]:
    """What is kept of a field: all but the labels of its options, which are many and only for people."""
    kept = {name: getattr(native, name) for name in _KEPT}
    return {**kept, "options": None if native.options is None else sorted(native.options)}


def read_schema(snapshot: Snapshot) -> Schema | None:
    """What the system said about its fields when this was read, None for side tables."""
    path = snapshot.folder / "schema.json"
    if not path.is_file():
        return None
    natives = [
        Native(
            **{**each, "options": None if each["options"] is None else frozenset(each["options"])}
        )
        for each in orjson.loads(path.read_bytes())
    ]
    manifest = snapshot.manifest
    return Schema(manifest.system, manifest.object, {each.name: each for each in natives})


class Parts:
    """Parquet files of a snapshot, a new one every 100,000 rows.

    Pages are gathered into row groups of 10,000 rows. With one for every page of 100 records the same
    snapshot takes four times as long to write and to read, and twice the space (measured 2026-11).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0
        self._rows = 0
        self._writer: Any = None
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_rows = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Appends one batch."""
        self._waiting.append(batch)
        self._waiting_rows += batch.num_rows
        if self._waiting_rows >= _GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        """Writes what is waiting and ends the current file."""
        self._flush()
        self._end()

    def _flush(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if not self._waiting:
            return
        if self._writer is None or self._rows >= _PART_ROWS:
            self._end()
            path = self._folder / f"part-{self._number:05d}.parquet"
            schema = self._waiting[0].schema
            self._writer = pq.ParquetWriter(path, schema, compression="zstd")
            self._number += 1
            self._rows = 0
        table = pa.Table.from_batches(self._waiting)
        self._writer.write_table(table, row_group_size=max(table.num_rows, 1))
        self._rows += table.num_rows
        self._waiting, self._waiting_rows = [], 0

    def _end(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    path = folder / "manifest.json"
    with path.with_suffix(".tmp").open("wb") as file:
        file.write(orjson.dumps(asdict(manifest), option=orjson.OPT_INDENT_2))
        file.flush()
        os.fsync(file.fileno())
    path.with_suffix(".tmp").replace(path)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder; None if the read never ended or the file cannot be understood."""
    try:
        body = orjson.loads((folder / "manifest.json").read_bytes())
        older = {"left_out": (), **body}
        lists = {name: tuple(older[name]) for name in ("fields", "left_out")}
        return Manifest(**{**older, **lists})
    except (OSError, orjson.JSONDecodeError, TypeError, KeyError):
        return None


def snapshots_of(root: Path, system: str, object_: str) -> Iterator[Snapshot]:
    """Every snapshot of one object, newest first (run ids sort by time)."""
    home = root / FOLDER / system / object_
    folders = sorted(home.iterdir(), reverse=True) if home.is_dir() else []
    for folder in folders:
        manifest = read_manifest(folder)
        if manifest is not None:
            yield Snapshot(manifest, folder)


def of_run(root: Path, system: str, object_: str, run: str) -> Snapshot | None:
    """The snapshot that a run made of one object; None if it is not there any more, or never ended."""
    folder = root / FOLDER / system / object_ / run
    manifest = read_manifest(folder) if run else None
    return Snapshot(manifest, folder) if manifest is not None else None


def newest(root: Path, system: str, object_: str) -> Snapshot | None:
    """The last snapshot of one object, None if it was never read."""
    return next(snapshots_of(root, system, object_), None)


_YARDSTICK = 7


def most_before(root: Path, snapshot: Snapshot) -> int:
    """The most records of the last seven complete reads before this one, 0 if it is the first.

    More than one, so that a read that shrank and was refused does not become the next night's measure.
    """
    manifest = snapshot.manifest
    rows = [
        other.manifest.rows
        for other in snapshots_of(root, manifest.system, manifest.object)
        if other.manifest.run < manifest.run and other.manifest.complete
    ]
    return max(rows[:_YARDSTICK], default=0)


def prune(root: Path, keep: int) -> int:
    """Removes all but the newest `keep` snapshots of every object; how many went.

    The last complete one stays in any case: changes are laid over it.
    """
    gone = 0
    for home in sorted((root / FOLDER).glob("*/*")):
        folders = sorted((f for f in home.iterdir() if f.is_dir()), reverse=True)
        base = next((f for f in folders if (read := read_manifest(f)) and read.complete), None)
        for folder in folders[keep:]:
            if folder != base:
                shutil.rmtree(folder)
                gone += 1
    return gone
