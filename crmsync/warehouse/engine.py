"""DuckDB, opened so that it never reaches for the network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

_OFFLINE: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}
MEMORY = "1500MB"


def open_engine(
    file: Path | None = None, *, scratch: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """A database in a file, or in memory; what does not fit spills to `scratch`."""
    import duckdb

    settings = {**_OFFLINE, "memory_limit": MEMORY, "preserve_insertion_order": False}
    if scratch is not None:
        settings["temp_directory"] = str(scratch)
    return duckdb.connect(str(file) if file else ":memory:", config=settings)


def open_read_only(file: Path, *, plainly: bool = False) -> duckdb.DuckDBPyConnection:
    """A finished database for queries nobody here wrote: no writes, no files, no settings to change.

    Plainly, it concludes nothing from the statistics of columns (`is_defect` says when that helps).
    """
    import duckdb

    settings = {**_OFFLINE, "access_mode": "READ_ONLY", "memory_limit": MEMORY}
    connection = duckdb.connect(str(file), config=settings)
    if plainly:
        connection.execute("SET disabled_optimizers = 'statistics_propagation'")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def is_defect(said: str) -> bool:
    """True for an error of DuckDB's optimizer and none of the query: `split_part(x, ' ', 1) <> ''` over an x that is
    blank in every row (2.0.0, found 2026-11)."""
    return "did not return a BoundFunctionExpression" in said


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"
