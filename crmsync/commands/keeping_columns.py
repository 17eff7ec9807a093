"""The columns of one command, kept for those that look up few customers: `.crmsync/columns/<mark>.db`, one at a time.

To build the columns of a million people takes a minute, and `view show` needs a handful of rows. The name
of the file is the mark of all that columns are made of: where a snapshot, a link, a decision, the mapping or crmsync is
another one, there is no such file, and the columns are built anew. Of few records nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from importlib.metadata import entry_points, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import crmsync
from crmsync.commands.workspace import Workspace
from crmsync.core.following import Move, NeedsMerge
from crmsync.core.mapping import WorkspaceMapping
from crmsync.core.records import Ref
from crmsync.core.transforms import ENTRY_POINTS
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import literal, open_engine, quoted
from crmsync.warehouse.snapshots import Snapshot

if TYPE_CHECKING:
    import duckdb

    from crmsync.store.store import Store

WORTH = 50_000
"""Columns of fewer mapped records are built so quickly that nothing is kept."""
_LIBRARIES = ("crmsync", "duckdb", "phonenumbers", "email-validator")
KEPT = "kept"
"""What the database is called that others are laid over."""
_MADE_BY = ("core", "config", "warehouse")
"""The parts of crmsync whose code makes columns what they are."""
_MOVES = (
    "kept_move (entity VARCHAR, key VARCHAR, system VARCHAR, old_object VARCHAR, old_id VARCHAR, "
    "new_object VARCHAR, new_id VARCHAR, anew BOOLEAN)"
)
_CLASHES = "kept_clash (entity VARCHAR, survivor VARCHAR[], keys VARCHAR[], refs VARCHAR[][])"
Places = Mapping[tuple[str, str], Snapshot]


def kept_file(workspace: Workspace, store: Store, snapshots: Places) -> Path | None:
    """Where the columns of these snapshots are kept, or would be; None where that is not worth it."""
    mapping = workspace.mapping
    seats = {(seat.system, seat.object) for entity in mapping.entities for seat in entity.seats}
    rows = sum(each.manifest.rows for place, each in snapshots.items() if place in seats)
    if rows < WORTH:
        return None
    return workspace.state / "columns" / f"{_mark(workspace, mapping, store, snapshots)}.db"


def _mark(workspace: Workspace, mapping: WorkspaceMapping, store: Store, snapshots: Places) -> str:
    """The digest of all that columns are made of."""
    parts = [
        workspace.project.name, mapping.digest, mapping.decisions_digest,
        str(store.fence()), store.base_serial(), str(store.moves()),
        *(f"{name} {version(name)}" for name in _LIBRARIES),
        *_code(), *_plugged_in(),
        *sorted(f"{system} {object_} {each.folder.name}" for (system, object_), each in snapshots.items()),
    ]  # fmt: skip
    return sha256("\n".join(parts).encode()).hexdigest()[:24]


def _code() -> list[str]:
    """Our own files as they are: one version may be installed anew with other code in it."""
    folder = Path(crmsync.__file__).parent
    return _told(path for name in _MADE_BY for path in (folder / name).rglob("*.py"))


def _plugged_in() -> list[str]:
    """Transforms of other packages: names, versions and files, as who works on one does not count its versions."""
    points = sorted(entry_points(group=ENTRY_POINTS), key=lambda each: (each.name, each.value))
    told = [f"{each.name} {each.value} {each.dist.version if each.dist else ''}" for each in points]
    for package in sorted({each.module.partition(".")[0] for each in points}):
        spec = find_spec(package)
        folders = [Path(each) for each in (spec and spec.submodule_search_locations) or ()]
        alone = [Path(spec.origin)] if spec and spec.origin and not folders else []
        told += _told([*alone, *(path for folder in folders for path in folder.rglob("*.py"))])
    return told


def _told(paths: Iterable[Path]) -> list[str]:
    """Places, sizes and times of files."""
    found = ((path, path.stat()) for path in sorted(paths) if path.is_file())
    return [f"{path} {seen.st_size} {seen.st_mtime_ns}" for path, seen in found]


def keep(built: Path, file: Path) -> None:
    """Puts the finished and closed database in the place of whatever was kept; a full disk costs nothing else."""
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, exist_ok=True)
        for old in file.parent.glob("*.db"):
            old.unlink(missing_ok=True)
        built.chmod(0o600)
        built.replace(file)


def note_kept(columns: Columns) -> None:
    """Writes into a database that was just built: tables that readers want, records that moved, waiting merges."""
    columns.db.execute(f"CREATE TABLE {_MOVES}")
    _note_clashes(columns)
    columns.db.execute(
        "CREATE TABLE kept_table AS SELECT table_name FROM duckdb_tables() "
        "WHERE database_name = current_database() AND NOT temporary"
    )
    rows = [
        (entity, each.key, each.new.system, each.old.object, each.old.id, each.new.object, each.new.id, each.anew)
        for entity, moves in columns.moves.items()
        for each in moves
    ]  # fmt: skip
    if rows:
        columns.db.executemany("INSERT INTO kept_move VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _note_clashes(columns: Columns) -> None:
    """Writes which customers wait for a merge."""
    columns.db.execute(f"CREATE TABLE {_CLASHES}")
    rows = [
        (entity, [*_place(each.survivor)], [*each.keys], [[*_place(ref)] for ref in each.refs])
        for entity, clashes in columns.clashes.items()
        for each in clashes
    ]
    if rows:
        columns.db.executemany("INSERT INTO kept_clash VALUES (?, ?, ?, ?)", rows)


def _place(ref: Ref) -> tuple[str, str, str]:
    return ref.system, ref.object, ref.id


def clashes_in(db: duckdb.DuckDBPyConnection) -> dict[str, list[NeedsMerge]]:
    """Which customers wait for a merge, by entity and in the order of `note_kept`."""
    found: dict[str, list[NeedsMerge]] = {}
    for entity, survivor, keys, refs in db.execute("FROM kept_clash").fetchall():
        clash = NeedsMerge(Ref(*survivor), tuple(keys), tuple(Ref(*ref) for ref in refs))
        found.setdefault(entity, []).append(clash)
    return found


def moves_in(db: duckdb.DuckDBPyConnection) -> dict[str, list[Move]]:
    """Whose record became another one, by entity, as `note_kept` wrote it."""
    found: dict[str, list[Move]] = {}
    for entity, key, system, old, old_id, new, new_id, anew in db.execute(
        "FROM kept_move"
    ).fetchall():
        move = Move(key, Ref(system, old, old_id), Ref(system, new, new_id), anew)
        found.setdefault(entity, []).append(move)
    return found


@contextmanager
def laid_over(file: Path, folder: Path) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """A new database in a folder that has the tables of a kept one as views; None if that cannot be read."""
    db = open_engine(folder / "over.db", scratch=folder)
    try:
        yield db if _is_attached(db, file) else None
    finally:
        db.close()


def _is_attached(db: duckdb.DuckDBPyConnection, file: Path) -> bool:
    import duckdb

    try:
        db.execute(f"ATTACH {literal(str(file))} AS {KEPT} (READ_ONLY)")
        for (name,) in db.execute(f"FROM {KEPT}.kept_table").fetchall():
            db.execute(f"CREATE VIEW {quoted(name)} AS FROM {KEPT}.{quoted(name)}")
    except duckdb.Error:
        return False
    return True
