"""What a person calls the customers behind keys, as the systems hold it now."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from crmsync.core.mapping import Entity
from crmsync.core.records import Ref
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


def names_of(columns: Columns, entity: Entity, refs: Iterable[Ref]) -> dict[Ref, str]:
    """What single records are called, each as its own system has it; those without a name are left out."""
    import pyarrow as pa

    asked = sorted(set(refs))
    if not asked:
        return {}
    places = {
        "system": [ref.system for ref in asked],
        "object": [ref.object for ref in asked],
        "id": [ref.id for ref in asked],
    }
    table = pa.table({name: pa.array(each, pa.string()) for name, each in places.items()})
    columns.db.register("asked", table)
    names = ", ".join(f"r.{quoted(n)}" for n in entity.shown_by())
    rows = columns.db.execute(
        f"SELECT r.system, r.object, r.id, concat_ws(' ', {names}) FROM {quoted('row_' + entity.entity)} r "
        "JOIN asked a ON a.system = r.system AND a.object = r.object AND a.id = r.id"
    ).fetchall()
    columns.db.unregister("asked")
    return {Ref(*address): name for *address, name in rows if name}
