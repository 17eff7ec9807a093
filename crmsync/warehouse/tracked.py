"""Which fields an object keeps the history of, where a pull with `--inventory` asked.

tracked   system, object, native: one row a field, and one with a blank `native` for every object that was asked
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.warehouse.engine import literal

if TYPE_CHECKING:
    from crmsync.warehouse.columns import Columns

TRACKED = "_tracked"
"""The side table in which a pull keeps it."""
TRACKED_COLUMNS = ("object", "native")


def build_tracked(columns: Columns) -> None:
    """Builds the table above in the face; nothing is needed by it."""
    columns.db.execute("CREATE TABLE face.tracked (system VARCHAR, object VARCHAR, native VARCHAR)")
    for (system, name), snapshot in sorted(columns.snapshots.items()):
        if name == TRACKED and snapshot.manifest.rows:
            columns.db.execute(
                f"INSERT INTO face.tracked SELECT {literal(system)}, object, coalesce(native, '') "
                f"FROM read_parquet({literal(snapshot.pattern)})"
            )
