"""A search over a few records that a test writes down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from crmsync.core.duplicates import DuplicateModel, Part, SubjectName
from crmsync.warehouse.duplicates.finding import Search, search
from crmsync.warehouse.duplicates.source import lay_out
from crmsync.warehouse.duplicates.subjects import SUBJECTS
from crmsync.warehouse.engine import open_engine

PARTS: tuple[Part, ...] = (
    "given_name",
    "family_name",
    "email",
    "phone",
    "employer",
    "domain",
    "place",
)
Record = Mapping[str, str]


def mail(local: str, host: str) -> str:
    """An address at a host that somebody may have, put together here: none stands in the repository."""
    return f"{local}@{host}"


def _laid_out(records: Sequence[Record], subject: SubjectName) -> Any:
    db = open_engine()
    db.execute("SET disabled_optimizers = 'statistics_propagation'")
    # The `id` of a source is the number of a person: beside the id of the record it is called `number` here.
    texts = {name: "number" if name == "id" else name for name in SUBJECTS[subject].source}
    columns = {name: [each.get(name) for each in records] for name in texts.values()}
    columns["system"] = [each.get("system", "crm") for each in records]
    columns["id"] = [f"{at:05d}" for at in range(len(records))]
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    db.register("given", table)
    db.execute("CREATE TABLE records AS SELECT * FROM given")
    db.unregister("given")
    lay_out(db, SUBJECTS[subject], "records", texts)
    return db


def staged(*records: Record, subject: SubjectName = "person") -> list[dict[str, Any]]:
    """What the records are compared by, in their order."""
    db = _laid_out(records, subject)
    SUBJECTS[subject].stage(db)
    found: list[dict[str, Any]] = (
        db.sql("SELECT * FROM dup_record ORDER BY rid").to_arrow_table().to_pylist()
    )
    return found


def searched(
    records: Sequence[Record],
    parts: Sequence[Part] = PARTS,
    subject: SubjectName = "person",
    **model: Any,
) -> tuple[Search, dict[tuple[int, int], dict[str, Any]]]:
    """What was found, and the pairs that may be one; records are numbered from 0."""
    db = _laid_out(records, subject)
    found = search(db, DuplicateModel(parts, subject=subject, **model))
    rows = db.sql("SELECT * FROM dup_found").to_arrow_table().to_pylist()
    numbers = {rid: int(id_) for rid, id_ in db.execute("SELECT rid, id FROM dup_id").fetchall()}
    pairs = {(numbers[row["l"]], numbers[row["r"]]): row for row in rows}
    groups = [sorted(numbers[rid] for rid in group) for group in found.groups]
    return Search(groups, found.compared, found.vetoed, found.crowded), pairs
