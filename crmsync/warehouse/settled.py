"""What both sides of a customer changed since they were last settled: one row a record and field.

    settled    entity, key, system, object, id, field, base, value

`base` is the text that the side held then, `value` what it holds now. Only customers are in it of whom two records or
more differ from their base. It is made before the face, and only if an audit asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from crmsync.core.mapping import Entity
from crmsync.warehouse.engine import quoted

if TYPE_CHECKING:
    import pyarrow as pa

    from crmsync.warehouse.columns import Columns

DigestsOf: TypeAlias = "Callable[[str], Iterable[pa.RecordBatch]]"
"""(entity) -> key, system and digest of every base."""
BasesOf: TypeAlias = (
    "Callable[[str, Sequence[str]], Mapping[str, Mapping[str, Mapping[str, str | None]]]]"
)
"""(entity, keys) -> {key: {system: {field: canonical text}}}"""

_CELLS = ("entity", "key", "system", "object", "id", "field", "base", "value")
_CHUNK = 2_000


def note_settled(columns: Columns, digests_of: DigestsOf, bases_of: BasesOf) -> None:
    """Makes the table above for the face, unless nothing was ever settled."""
    db = columns.db
    db.execute("DROP TABLE IF EXISTS settled")
    cells = ", ".join(f"{name} VARCHAR" for name in _CELLS)
    stirred = {
        e.entity: _stirred(columns, e, digests_of(e.entity)) for e in columns.mapping.entities
    }
    if all(keys is None for keys in stirred.values()):
        return
    db.execute(f"CREATE TABLE settled ({cells})")
    for entity in columns.mapping.entities:
        keys = stirred[entity.entity] or []
        for start in range(0, len(keys), _CHUNK):
            _note(columns, entity, bases_of(entity.entity, keys[start : start + _CHUNK]))


def build_settled(columns: Columns) -> set[str]:
    """Puts what was noted into the face; `settled` where anything was ever settled, and somebody asked."""
    ((noted,),) = columns.db.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'settled' AND database_name = current_catalog()"
    ).fetchall()
    cells = ", ".join(f"{name} VARCHAR" for name in _CELLS)
    columns.db.execute(f"CREATE TABLE face.settled ({cells})")
    if noted:
        columns.db.execute("INSERT INTO face.settled SELECT * FROM settled")
    return {"settled"} if noted else set()


def _stirred(
    columns: Columns, entity: Entity, digests: Iterable[pa.RecordBatch]
) -> list[str] | None:
    """Keys of which two records or more differ from their base; None if there is no base at all."""
    import pyarrow as pa

    names = ("key", "system", "digest")
    schema = pa.schema([(name, pa.string()) for name in names])
    batches = (
        pa.RecordBatch.from_arrays([each.column(n).cast(pa.string()) for n in names], schema=schema)
        for each in digests
    )
    columns.db.register("told_digests", pa.RecordBatchReader.from_batches(schema, batches))
    columns.db.execute("CREATE OR REPLACE TEMP TABLE known_digest AS SELECT * FROM told_digests")
    columns.db.unregister("told_digests")
    ((known,),) = columns.db.execute("SELECT count(*) FROM known_digest").fetchall()
    rows = columns.db.execute(
        f"SELECT r.key FROM {quoted('row_' + entity.entity)} r JOIN known_digest d USING (key, system) "
        "WHERE NOT r.outside AND r.digest IS DISTINCT FROM d.digest "
        "GROUP BY r.key HAVING count(DISTINCT r.system) > 1 ORDER BY 1"
    ).fetchall()
    columns.db.execute("DROP TABLE known_digest")
    return [key for (key,) in rows] if known else None


def _note(
    columns: Columns, entity: Entity, bases: Mapping[str, Mapping[str, Mapping[str, str | None]]]
) -> None:
    import pyarrow as pa

    rows = list(_bases(bases))
    names = ("key", "system", "field", "base")
    arrays = [pa.array([row[at] for row in rows], pa.string()) for at in range(len(names))]
    columns.db.register("known_base", pa.Table.from_arrays(arrays, names=list(names)))
    for each in entity.synced():
        columns.db.execute(
            f"INSERT INTO settled SELECT ?, r.key, r.system, r.object, r.id, b.field, b.base, r.{quoted(each.field)} "
            f"FROM known_base b JOIN {quoted('row_' + entity.entity)} r USING (key, system) WHERE b.field = ? "
            # What cannot be read is no change that anybody could carry over.
            f"AND (r.{quoted(each.field)} IS NULL) = (r.{quoted(each.field + '_raw')} IS NULL)",
            [entity.entity, each.field],
        )
    columns.db.unregister("known_base")


def _bases(
    bases: Mapping[str, Mapping[str, Mapping[str, str | None]]],
) -> Iterator[tuple[str | None, ...]]:
    for key, sides in bases.items():
        for system, held in sides.items():
            yield from ((key, system, name, text) for name, text in held.items())
