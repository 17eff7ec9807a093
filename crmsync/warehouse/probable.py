"""What the last search for duplicates found, for audits: no audit searches by itself.

    probable_duplicate   entity, grp, size, tier, system, object, id, other_system, other_object, other_id, probability,
                         decided, side: one row a pair, of those that nobody has decided are two
    duplicate_search     entity, records: what was searched

It is made before the face, and only of searches in the very snapshots that the face is of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from crmsync.core.found_pairs import FoundPair
from crmsync.warehouse.engine import quoted

if TYPE_CHECKING:
    import pyarrow as pa

    from crmsync.warehouse.columns import Columns

WORD = "probable_duplicate"
"""What audits need that ask about these: also `probable_duplicate.contact`, of one entity."""
_REF = ("system", "object", "id")
_TEXTS = ("tier", *_REF, *(f"other_{name}" for name in _REF), "decided")
_CELLS = (
    "entity VARCHAR, grp INTEGER, size INTEGER, tier VARCHAR, system VARCHAR, object VARCHAR, id VARCHAR, "
    "other_system VARCHAR, other_object VARCHAR, other_id VARCHAR, probability DOUBLE, decided VARCHAR, side INTEGER"
)


def pairs_table(pairs: Iterable[FoundPair]) -> pa.Table:
    """Pairs of one entity as columns: those of the table above without `entity`."""
    import pyarrow as pa

    rows = [_row(each) for each in pairs]
    kinds = {
        "grp": pa.int32(),
        "size": pa.int32(),
        **dict.fromkeys(_TEXTS, pa.string()),
        "probability": pa.float64(),
        "side": pa.int32(),
    }
    arrays = {name: pa.array([row[name] for row in rows], kind) for name, kind in kinds.items()}
    return pa.table(arrays)


def _row(pair: FoundPair) -> dict[str, object]:
    refs = {
        **{name: getattr(pair.one, name) for name in _REF},
        **{f"other_{name}": getattr(pair.other, name) for name in _REF},
    }
    told = {"probability": pair.probability, "decided": pair.decided, "side": pair.side}
    return {"grp": pair.group, "size": pair.size, "tier": pair.tier, **refs, **told}


def note_probable(columns: Columns, found: Mapping[str, pa.Table]) -> None:
    """Makes the tables above for the face, of the pairs of each entity that was searched."""
    db = columns.db
    db.execute(f"CREATE OR REPLACE TABLE {WORD} ({_CELLS})")
    db.execute("CREATE OR REPLACE TABLE duplicate_search (entity VARCHAR, records BIGINT)")
    for entity, pairs in found.items():
        db.register("told_pairs", pairs)
        db.execute(f"INSERT INTO {WORD} BY NAME SELECT ? AS entity, * FROM told_pairs", [entity])
        db.unregister("told_pairs")
        rows = quoted(f"row_{entity}")
        db.execute(f"INSERT INTO duplicate_search SELECT ?, count(*) FROM {rows}", [entity])


def build_probable(columns: Columns) -> set[str]:
    """Puts what was noted into the face; what there is of it, in the words of an audit's `needs`.

    `probable_duplicate` where every entity was searched that says how it is compared.
    """
    db = columns.db
    db.execute(f"CREATE TABLE face.{WORD} ({_CELLS})")
    db.execute("CREATE TABLE face.duplicate_search (entity VARCHAR, records BIGINT)")
    ((noted,),) = db.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'duplicate_search' "
        "AND database_name = current_catalog()"
    ).fetchall()
    if not noted:
        return set()
    for name in (WORD, "duplicate_search"):
        db.execute(f"INSERT INTO face.{name} SELECT * FROM {name}")
    searched = {name for (name,) in db.execute("SELECT entity FROM duplicate_search").fetchall()}
    compared = {each.entity for each in columns.mapping.entities if each.duplicates is not None}
    return {f"{WORD}.{name}" for name in searched} | ({WORD} if compared <= searched else set())
