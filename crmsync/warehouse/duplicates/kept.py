"""A search, and the next one: its tables stay in a file, and the next compares only what has changed since.

The file holds what a search leaves (see changing.py), and one row of `dup_kept`: what was searched by, the model that
weighed, when all records were searched, how many there were, and how many have changed since. All are searched again if
the mark or the model is another one, or if too many have changed: weights, and the share of pairs that are one, then
need another look.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from crmsync.core.duplicates import DuplicateModel
from crmsync.core.saved_duplicates import SavedModel, write_model
from crmsync.warehouse.duplicates.asked import GIVEN
from crmsync.warehouse.duplicates.changing import search_changed
from crmsync.warehouse.duplicates.finding import Search, count_rows, search
from crmsync.warehouse.duplicates.source import lay_out, lay_out_again
from crmsync.warehouse.duplicates.subjects import SUBJECTS
from crmsync.warehouse.engine import literal

if TYPE_CHECKING:
    import duckdb

SHARE = 0.05
"""If more of the records have changed since all were searched, all are searched again."""
_KEPT, _NEW = "dup_file", "dup_file_new"
Columns = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a file says of its search: `mark` of what it was searched by, the text of the `model`, when `at`, how many
    `records`, and how many `changed` since."""

    mark: str
    model: str
    at: datetime
    records: int
    changed: int


@dataclass(frozen=True, slots=True)
class Searched:
    """A search, how many records were `changed`, None if all were searched, and when (UTC) all were searched."""

    search: Search
    changed: int | None
    at: datetime


@contextmanager
def searched(
    db: duckdb.DuckDBPyConnection,
    model: DuplicateModel,
    columns: Columns,
    saved: SavedModel | None,
    file: Path,
    scratch: Path,
    now: datetime,
    *,
    anew: bool = False,
) -> Iterator[Searched]:
    """Searches the records of `dup_given`; the tables are there for the time of the block.

    Only what changed is compared if `file` allows it and `anew` is not asked. The file is then brought up to date, or
    else replaced by a new one that is made in `scratch`. If something fails, it stays as it was; if another process
    holds it, or it cannot be written, nothing is kept.
    """
    home = _home(db)
    is_free = _attach(db, file)
    try:
        kept = _read(db) if is_free and file.exists() and not anew else None
        again = _again(db, home, model, columns, saved, kept) if kept and saved else None
        if again is not None:
            yield again
            with _kept_if_possible():
                db.execute("COMMIT")
            return
        yield from _whole(db, home, model, columns, saved, file if is_free else None, scratch, now)
    finally:
        _leave(db, home)


def _whole(
    db: duckdb.DuckDBPyConnection,
    home: str,
    model: DuplicateModel,
    columns: Columns,
    saved: SavedModel | None,
    file: Path | None,
    scratch: Path,
    now: datetime,
) -> Iterator[Searched]:
    """Searches all records in a new file, which takes the place of the old one afterwards."""
    new = scratch / f"{_NEW}-{os.urandom(4).hex()}.db"
    db.execute(f"ATTACH {literal(str(new))} AS {_NEW}")
    _enter(db, home, _NEW)
    lay_out(db, SUBJECTS[model.subject], GIVEN, columns)
    found = search(db, model, saved)
    kept = Kept(_mark(model, columns), write_model(found.saved), now, _records(db), 0)
    yield Searched(found, None, now)
    if file is not None:
        with _kept_if_possible():
            _keep(db, home, kept, new, file)


def _keep(db: duckdb.DuckDBPyConnection, home: str, kept: Kept, new: Path, file: Path) -> None:
    """Closes the new file and puts it in the place of the old one."""
    _write(db, kept)
    db.execute(f"SET search_path = '{home}.main'")
    db.execute(f"DETACH {_NEW}")
    new.chmod(0o600)
    Path(f"{file}.wal").unlink(missing_ok=True)
    new.replace(file)


@contextmanager
def _kept_if_possible() -> Iterator[None]:
    """A full disk, or a folder nobody may write to, costs the keeping and not the answer."""
    import duckdb

    with suppress(OSError, duckdb.Error):
        yield


def _again(
    db: duckdb.DuckDBPyConnection,
    home: str,
    model: DuplicateModel,
    columns: Columns,
    saved: SavedModel,
    kept: Kept,
) -> Searched | None:
    """Compares what has changed, in a transaction that is left open; None if all has to be searched."""
    if (kept.mark, kept.model) != (_mark(model, columns), write_model(saved)):
        return None
    _enter(db, home, _KEPT)
    db.execute("SET disabled_optimizers = 'statistics_propagation'")
    db.execute("BEGIN")
    moved = lay_out_again(db, SUBJECTS[model.subject], GIVEN, columns)
    if kept.changed + len(moved) > SHARE * kept.records:
        db.execute("ROLLBACK")
        return None
    found = search_changed(db, model, saved, moved)
    _write(db, replace(kept, changed=kept.changed + len(moved)))
    return Searched(found, len(moved), kept.at)


def _home(db: duckdb.DuckDBPyConnection) -> str:
    ((name,),) = db.execute("SELECT current_database()").fetchall()
    return str(name)


def _attach(db: duckdb.DuckDBPyConnection, file: Path) -> bool:
    """Attaches the file; False if another process holds it. What cannot be read is deleted."""
    import duckdb

    if not file.exists():
        return True
    try:
        db.execute(f"ATTACH {literal(str(file))} AS {_KEPT}")
    except duckdb.IOException as error:
        if "could not set lock" in str(error).lower():
            return False
        _forget(file)
    except duckdb.Error:
        _forget(file)
    return True


def _forget(file: Path) -> None:
    """Removes a file, and what was not yet written into it."""
    for each in (Path(f"{file}.wal"), file):
        each.unlink(missing_ok=True)


def _read(db: duckdb.DuckDBPyConnection) -> Kept | None:
    import duckdb

    try:
        rows = db.execute(
            f"SELECT mark, model, searched_at, records, changed FROM {_KEPT}.dup_kept"
        ).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return None
    if len(rows) != 1:
        return None
    mark, model, at, records, changed = rows[0]
    return Kept(mark, model, datetime.fromisoformat(at), records, changed)


def _write(db: duckdb.DuckDBPyConnection, kept: Kept) -> None:
    db.execute(
        "CREATE OR REPLACE TABLE dup_kept AS SELECT $1::VARCHAR AS mark, $2::VARCHAR AS model, "
        "$3::VARCHAR AS searched_at, $4::BIGINT AS records, $5::BIGINT AS changed",
        [kept.mark, kept.model, kept.at.isoformat(), kept.records, kept.changed],
    )


def _records(db: duckdb.DuckDBPyConnection) -> int:
    return count_rows(db, "dup_source")


def _enter(db: duckdb.DuckDBPyConnection, home: str, name: str) -> None:
    """What is made from here on is made in the file; what was there before is still seen."""
    db.execute(f"SET search_path = '{name}.main,{home}.main'")


def _leave(db: duckdb.DuckDBPyConnection, home: str) -> None:
    """Back to where the search came from, whatever state it is in."""
    import duckdb

    with suppress(duckdb.TransactionException):
        db.execute("ROLLBACK")
    db.execute(f"SET search_path = '{home}.main'")
    for name in (_KEPT, _NEW):
        with _kept_if_possible():
            db.execute(f"DETACH DATABASE IF EXISTS {name}")


def _mark(model: DuplicateModel, columns: Columns) -> str:
    """Of the model, and of the code that searches: another one finds other things in the same records."""
    told = sha256(repr((model, sorted(columns.items()))).encode())
    folder = Path(__file__).parent
    for each in sorted(
        [*folder.glob("*.py"), *folder.glob("*.yml"), *folder.parent.glob("word*.*")]
    ):
        told.update(each.read_bytes())
    return told.hexdigest()
