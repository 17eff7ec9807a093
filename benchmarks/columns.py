"""Two processes of the benchmark `million`: the canonical columns alone, and what any comparison has to do.

`python -m benchmarks.columns WORKSPACE` builds columns and prints how many records there are by entity.
`python -m benchmarks.columns WORKSPACE bare` is the yardstick: DuckDB alone reads the same Parquet once and
keeps a digest of every row beside its id.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from crmsync.commands.workspace import Workspace, open_workspace


def main(folder: str, how: str = "columns") -> None:
    """Prints one JSON line: records by entity, or by object."""
    print(json.dumps(_WAYS[how](open_workspace(Path(folder)))))


def _columns(workspace: Workspace) -> dict[str, int]:
    from crmsync.commands.columns import open_columns

    with workspace.store() as store, open_columns(workspace, store) as columns:
        return {each.entity: sum(columns.count(each).values()) for each in columns.mapping.entities}


def _bare(workspace: Workspace) -> dict[str, int]:
    from crmsync.warehouse.engine import literal, open_engine, quoted

    db = open_engine(scratch=workspace.state / "tmp")
    seats = {(s.system, s.object) for each in workspace.mapping.entities for s in each.seats}
    found = {}
    for number, (place, snapshot) in enumerate(sorted(workspace.snapshots().items())):
        if place in seats:
            texts = ", ".join(f"coalesce({quoted(name)}, '')" for name in snapshot.manifest.fields)
            db.execute(
                f"CREATE TABLE bare_{number} AS SELECT _id, md5(concat_ws(chr(31), {texts})) AS digest "
                f"FROM read_parquet({literal(snapshot.pattern)})"
            )
            found["/".join(place)] = snapshot.manifest.rows
    return found


_WAYS = {"columns": _columns, "bare": _bare}


if __name__ == "__main__":
    main(*sys.argv[1:3])
