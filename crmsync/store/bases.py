"""What each side held when last settled: one row a side, its cells as a JSON object.

The digest beside the cells is the caller's: it is computed over the whole row, never over a part of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence

import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, Select, or_, select

from crmsync.store.bulk import batches, chunks, put
from crmsync.store.rows import Cells, DigestOf
from crmsync.store.tables import BASE
from crmsync.store.texts import as_json, from_json

_ADOPTED = 20_000


def digests(connection: Connection, entity: str) -> Generator[pa.RecordBatch, None, None]:
    """Columns key, system and digest of every base, a part at a time, in no order."""
    query = select(BASE.c.key, BASE.c.system, BASE.c.digest).where(BASE.c.entity == entity)
    return batches(connection, query)


def of_keys(
    connection: Connection, entity: str, keys: Sequence[str], *, lock: bool = False
) -> dict[str, dict[str, dict[str, str | None]]]:
    """{key: {system: {field: text}}} of the keys that have a base; `lock` keeps other writers out."""
    found: dict[str, dict[str, dict[str, str | None]]] = defaultdict(dict)
    for chunk in chunks(keys):
        for key, system, values in connection.execute(_query(entity, chunk, lock)):
            found[key][system] = from_json(values)
    return {key: dict(sorted(found[key].items())) for key in sorted(found)}


def _query(entity: str, keys: Sequence[str], lock: bool) -> Select[str, str, str]:
    query: Select[str, str, str] = select(BASE.c.key, BASE.c.system, BASE.c["values"])
    query = query.where(BASE.c.entity == entity, BASE.c.key.in_(keys))
    return query.with_for_update() if lock else query


def holding(
    connection: Connection, entity: str, texts: Mapping[str, str]
) -> Generator[pa.RecordBatch, None, None]:
    """`key` and `values` (JSON) of every base that holds one of {field: text}, a part at a time."""
    held = or_(*(_holds(name, text) for name, text in sorted(texts.items())))
    query = select(BASE.c.key, BASE.c["values"]).where(BASE.c.entity == entity, held)
    return batches(connection, query)


def _holds(name: str, text: str) -> ColumnElement[bool]:
    """True for a cell as either of the two writers of bases puts it: in ASCII, or as it is."""
    pairs = {as_json({name: text})[1:-1], f'"{name}":"{text}"'}
    return or_(*(BASE.c["values"].contains(pair, autoescape=True) for pair in sorted(pairs)))


def move(
    connection: Connection,
    entity: str,
    bases: Mapping[str, Mapping[str, Cells]],
    digest_of: DigestOf,
) -> None:
    """Merges cells into the bases of {key: {system: cells}}: a field not named stays as it was."""
    for keys in chunks(sorted(bases)):
        held = of_keys(connection, entity, keys, lock=True)
        rows = [
            _row(entity, key, system, {**held.get(key, {}).get(system, {}), **cells}, digest_of)
            for key in keys
            for system, cells in sorted(bases[key].items())
            if cells
        ]
        put(connection, BASE, rows, "replace")


def _row(entity: str, key: str, system: str, cells: Cells, digest_of: DigestOf) -> dict[str, str]:
    return {
        "entity": entity,
        "key": key,
        "system": system,
        "digest": digest_of(entity, system, cells),
        "values": as_json(cells),
    }


def forget(
    connection: Connection, entity: str, system: str, field: str, digest_of: DigestOf
) -> None:
    """Takes one field of one system out of every base, as if it had never been settled there."""
    query = select(BASE.c.key, BASE.c["values"]).where(
        BASE.c.entity == entity, BASE.c.system == system
    )
    rows = []
    for key, values in connection.execute(query):
        cells = from_json(values)
        if field in cells:
            rest = {name: text for name, text in cells.items() if name != field}
            rows.append(_row(entity, key, system, rest, digest_of))
    put(connection, BASE, rows, "replace")


def forget_side(
    connection: Connection,
    entity: str,
    key: str,
    system: str,
    keep: Collection[str],
    digest_of: DigestOf,
) -> None:
    """Takes the base of one side of a customer but for the fields to `keep`."""
    held = of_keys(connection, entity, [key], lock=True).get(key, {}).get(system)
    if held is not None:
        rest = {name: text for name, text in held.items() if name in keep}
        put(connection, BASE, [_row(entity, key, system, rest, digest_of)], "replace")


def adopt(connection: Connection, entity: str, found: Iterable[pa.RecordBatch]) -> int:
    """Takes whole bases from columns key, system, digest and values (JSON); how many.

    A base that is there is replaced; of two for one side, the later one counts.
    """
    return sum(
        _adopt(connection, entity, batch.slice(start, _ADOPTED))
        for batch in found
        for start in range(0, batch.num_rows, _ADOPTED)
    )


def _adopt(connection: Connection, entity: str, batch: pa.RecordBatch) -> int:
    columns = (batch.column(name).to_pylist() for name in ("key", "system", "digest", "values"))
    rows = {
        (key, system): {
            "entity": entity,
            "key": key,
            "system": system,
            "digest": digest,
            "values": values,
        }
        for key, system, digest, values in zip(*columns, strict=True)
    }
    put(connection, BASE, list(rows.values()), "replace")
    return len(rows)
