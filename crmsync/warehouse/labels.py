"""What a person calls the customers behind keys, as the systems hold it now."""

from __future__ import annotations

from collections.abc import Collection

from crmsync.core.mapping import Entity
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import quoted


def labels_of(columns: Columns, entity: Entity, keys: Collection[str]) -> dict[str, str]:
    """Names by key, those of the first system that has any; keys without a name are left out."""
    import pyarrow as pa

    names = ", ".join(f"min_by(c.{quoted(n)}, c.system)" for n in entity.shown_by())
    columns.db.register("wanted", pa.table({"key": pa.array(sorted(keys), pa.string())}))
    rows = columns.db.sql(
        f"SELECT c.key, concat_ws(' ', {names}) AS label FROM {quoted('row_' + entity.entity)} c "
        "JOIN wanted w ON w.key = c.key GROUP BY c.key ORDER BY c.key"
    ).to_arrow_table()
    columns.db.unregister("wanted")
    found = zip(rows.column("key").to_pylist(), rows.column("label").to_pylist(), strict=True)
    return {key: label for key, label in found if label}
