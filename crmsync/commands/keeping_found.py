"""What a search for duplicates found, kept for the audits: `.crmsync/duplicates/ENTITY.found.parquet`.

With it stand which reading was searched and what people had decided by then: of another reading, or after another
decision, it says nothing, because groups and what holds them are others then.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crmsync.commands.workspace import Workspace
from crmsync.core.duplicate_groups import DuplicateGroup
from crmsync.core.found_pairs import found_pairs
from crmsync.core.pair_decisions import digest_of_decisions
from crmsync.warehouse.probable import pairs_table

if TYPE_CHECKING:
    import pyarrow as pa

_READ_AT, _DECIDED = b"crmsync.read_at", b"crmsync.decided"


def keep_found(
    workspace: Workspace, entity: str, groups: Iterable[DuplicateGroup], read_at: datetime
) -> None:
    """Keeps the pairs of an entity, for its owner alone, if that is possible: the answer does not hang on it."""
    import pyarrow.parquet as pq

    table = pairs_table(pair for group in groups for pair in found_pairs(group))
    file = _file(workspace, entity)
    whole = file.with_suffix(".new")
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, exist_ok=True, parents=True)
        whole.touch()
        whole.chmod(0o600)
        pq.write_table(table.replace_schema_metadata(_rests_on(workspace, entity, read_at)), whole)
        whole.replace(file)


def kept_found(workspace: Workspace, read_at: datetime) -> dict[str, pa.Table]:
    """The pairs of every entity that was searched in this very reading, and with the decisions of now."""
    found = {}
    for each in workspace.mapping.entities:
        table = _read(_file(workspace, each.entity)) if each.duplicates is not None else None
        if table is not None and _told(table) == _rests_on(workspace, each.entity, read_at):
            found[each.entity] = table
    return found


def _read(file: Path) -> pa.Table | None:
    """The pairs in a file; None if there is none, or nobody can read it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(file)
    except (OSError, pa.ArrowException):
        return None


def _told(table: pa.Table) -> dict[bytes, bytes]:
    told = table.schema.metadata or {}
    return {name: told.get(name, b"") for name in (_READ_AT, _DECIDED)}


def _rests_on(workspace: Workspace, entity: str, read_at: datetime) -> dict[bytes, bytes]:
    """When what was searched was read, and what people say of its pairs; who is unsure says nothing."""
    said = (each for each in workspace.mapping.decisions if each.entity == entity)
    return {
        _READ_AT: read_at.isoformat().encode(),
        _DECIDED: digest_of_decisions(said).encode(),
    }


def _file(workspace: Workspace, entity: str) -> Path:
    return workspace.state / "duplicates" / f"{entity}.found.parquet"
