"""Records that were merged away, and the ones in their place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from crmsync.core.records import Ref
from crmsync.store.bulk import chunks, put
from crmsync.store.rows import AliasRow
from crmsync.store.tables import ALIAS, LINK


def save(
    connection: Connection, rows: Iterable[AliasRow], run_id: str, at: datetime
) -> frozenset[Ref]:
    """Keeps aliases; a record that was merged again leads to where it went last. Which of them led elsewhere."""
    found = {row.old: row for row in rows}
    known = _known(connection, found)
    values = [
        {
            "system": ref.system,
            "object": ref.object,
            "old_id": ref.id,
            "new_id": row.new_id,
            "new_object": row.new_object,
            "entity": row.entity,
            "why": row.why,
            "run_id": run_id,
            "at": at,
        }
        for ref, row in found.items()
    ]
    put(connection, ALIAS, values, "replace")
    return frozenset(ref for ref, row in found.items() if known.get(ref) != row.new)


def _known(connection: Connection, refs: Iterable[Ref]) -> dict[Ref, Ref]:
    """Where records led until now; those without an alias left out."""
    columns = (ALIAS.c.system, ALIAS.c.object, ALIAS.c.old_id, ALIAS.c.new_object, ALIAS.c.new_id)
    found: dict[Ref, Ref] = {}
    for chunk in chunks(sorted({ref.id for ref in refs})):
        query = select(*columns).where(ALIAS.c.old_id.in_(chunk))
        for system, object_, old_id, new_object, new_id in connection.execute(query):
            new = Ref(system, new_object or object_, new_id)
            found[Ref(system, object_, old_id)] = new
    return found


def of_keys(connection: Connection, entity: str, keys: Sequence[str]) -> dict[str, list[AliasRow]]:
    """The aliases of the records that these keys had once, by key, in order of the old record."""
    query = select(
        LINK.c.key, ALIAS.c.system, ALIAS.c.object, ALIAS.c.old_id,
        ALIAS.c.new_id, ALIAS.c.why, ALIAS.c.run_id, ALIAS.c.at, ALIAS.c.new_object,
    ).join(
        LINK,
        (LINK.c.system == ALIAS.c.system)
        & (LINK.c.object == ALIAS.c.object)
        & (LINK.c.native_id == ALIAS.c.old_id),
    )  # fmt: skip
    found: dict[str, list[AliasRow]] = {}
    for chunk in chunks(keys):
        where = (LINK.c.entity == entity, LINK.c.key.in_(chunk))
        for key, system, object_, old_id, *rest in connection.execute(query.where(*where)):
            row = AliasRow(entity, Ref(system, object_, old_id), *rest)
            found.setdefault(key, []).append(row)
    return {key: sorted(found[key], key=lambda each: each.old) for key in sorted(found)}
