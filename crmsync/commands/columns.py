"""Opens the columns of a workspace: snapshots under our names, matched and keyed.

Building them is the most work of a night. `kept_columns` lets the steps of one night share them, as long as
neither a snapshot, nor who may write, nor links or bases have changed since: the mark says so. Those of many
records stay in a file (commands/keeping_columns.py), and `looked_up_columns` takes them from there.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from crmsync.commands.keeping_columns import (
    clashes_in,
    keep,
    kept_file,
    laid_over,
    moves_in,
    note_kept,
)
from crmsync.commands.workspace import Workspace, schemas_of
from crmsync.core.mapping import WorkspaceMapping
from crmsync.errors import ConfigInvalid, Problem
from crmsync.warehouse.columns import Columns, build_columns
from crmsync.warehouse.engine import open_engine
from crmsync.warehouse.people import with_people
from crmsync.warehouse.snapshots import Snapshot

if TYPE_CHECKING:
    import duckdb

    from crmsync.store.store import Store


_PREFIX = "columns-"


Places = Mapping[tuple[str, str], Snapshot]


@dataclass(slots=True)
class Keeper:
    """Columns that stay open, and the mark of what they were built from."""

    stack: ExitStack = field(default_factory=ExitStack)
    mark: tuple[object, ...] = ()
    columns: Columns | None = None

    def of(self, workspace: Workspace, store: Store) -> Columns:
        """The columns kept, or new ones if anything they come from has changed."""
        snapshots = workspace.snapshots()
        mark = (store.fence(), store.moves(), {at: s.folder for at, s in snapshots.items()})
        if self.columns is None or self.mark != mark:
            self.columns = None
            self.stack.close()
            opened = _built(workspace, store, workspace.mapping, snapshots, keeps=False)
            self.columns, self.mark = self.stack.enter_context(opened), mark
        return self.columns


@contextmanager
def kept_columns(workspace: Workspace) -> Iterator[None]:
    """For the time of the block, whoever opens the columns of the workspace's own mapping shares them."""
    keeper = Keeper()
    workspace.keepers.append(keeper)
    try:
        with keeper.stack:
            yield
    finally:
        workspace.keepers.remove(keeper)


@contextmanager
def open_columns(
    workspace: Workspace,
    store: Store,
    mapping: WorkspaceMapping | None = None,
    *,
    compared: bool = True,
) -> Iterator[Columns]:
    """The columns over the newest snapshots, under the workspace's mapping or another one.

    Who only reads them says that they are not `compared` with bases: that spares digests and the search for lookalikes.
    """
    if mapping is None and workspace.keepers:
        yield workspace.keepers[-1].of(workspace, store)
        return
    snapshots = workspace.snapshots()
    known = mapping or workspace.mapping
    keeps = mapping is None
    with _built(workspace, store, known, snapshots, compared=compared, keeps=keeps) as columns:
        yield columns


@contextmanager
def looked_up_columns(workspace: Workspace, store: Store) -> Iterator[Columns]:
    """The columns for who shows customers: their tables are to be read only, without digests and lookalikes.

    Of many records they are those that the last command built, unless anything they are made of has changed since.
    """
    snapshots = workspace.snapshots()
    file = kept_file(workspace, store, snapshots)
    if file is not None and file.exists():
        with scratch(workspace.state / "tmp") as folder, laid_over(file, folder) as db:
            if db is not None:
                columns = _columns(db, workspace, workspace.mapping, snapshots, compared=False)
                columns.moves |= moves_in(db)
                columns.clashes |= clashes_in(db)
                with _uncollected():
                    yield columns
                return
    with open_columns(workspace, store, compared=False) as columns:
        yield columns


@contextmanager
def _built(
    workspace: Workspace,
    store: Store,
    mapping: WorkspaceMapping,
    snapshots: Places,
    *,
    compared: bool = True,
    keeps: bool,
) -> Iterator[Columns]:
    """Columns in a file of their own for the time of the block; who `keeps` them leaves them to the next command."""
    _demand(mapping, snapshots)
    kept = kept_file(workspace, store, snapshots) if keeps else None
    with _engine(workspace.state / "tmp", kept) as db, _uncollected():
        columns = _columns(db, workspace, mapping, snapshots, compared=compared)
        build_columns(columns, store.links)
        if kept is not None:
            note_kept(columns)
        yield columns


def _columns(
    db: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    mapping: WorkspaceMapping,
    snapshots: Places,
    *,
    compared: bool,
) -> Columns:
    known, schemas = with_people(mapping, schemas_of(snapshots), snapshots)
    return Columns(
        db,
        known,
        dict(snapshots),
        schemas,
        workspace.project.name,
        {place: each.manifest.key_field for place, each in snapshots.items()},
        is_compared=compared,
    )


@contextmanager
def _engine(home: Path, kept: Path | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database for the time of the block, in a file: tables are packed there, and may leave memory.

    The same tables in memory take six times as much of it (measured 2026-11). What was done in the block without an
    error is `kept` where somebody wants it.
    """
    with scratch(home) as folder:
        file = folder / "columns.db"
        db = open_engine(file, scratch=folder)
        try:
            yield db
        finally:
            db.close()
        if kept is not None:
            keep(file, kept)


@contextmanager
def scratch(home: Path) -> Iterator[Path]:
    """A folder for the time of the block. What was left by processes that were killed goes, too."""
    home.mkdir(mode=0o700, exist_ok=True)
    sweep(home)
    with TemporaryDirectory(dir=home, prefix=f"{_PREFIX}{os.getpid()}-") as folder:
        yield Path(folder)


def sweep(home: Path) -> None:
    """Removes the folders of processes that were killed: they hold people's data, and nobody needs them."""
    for folder in home.glob(f"{_PREFIX}*-*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if not (owner.isdecimal() and _is_alive(int(owner))):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


@contextmanager
def _uncollected() -> Iterator[None]:
    """Runs a block without the cycle collector, which would walk millions of small values in vain.

    Candidates, groups and lines hold no cycles: counting references frees them, as soon as before.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _demand(mapping: WorkspaceMapping, snapshots: Places) -> None:
    """ConfigInvalid unless every mapped object was read at least once."""
    seats = {(seat.system, seat.object) for entity in mapping.entities for seat in entity.seats}
    missing = sorted(seats - set(snapshots))
    if missing:
        names = ", ".join(f"{system} {object_}" for system, object_ in missing)
        raise ConfigInvalid(
            [
                Problem(
                    ".crmsync/snapshots",
                    0,
                    0,
                    "CRM071",
                    f"never read: {names}",
                    "run `crmsync pull`",
                )
            ]
        )
