"""A search over a few records that a test writes down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from benchmarks.duplicates.people import make_people
from crmsync.core.duplicates import DuplicateModel, Part, SubjectName
from crmsync.core.saved_duplicates import SavedModel
from crmsync.warehouse.duplicates.finding import Search, search
from crmsync.warehouse.duplicates.frequencies import count_frequencies, lay_sides
from crmsync.warehouse.duplicates.guarding import judge
from crmsync.warehouse.duplicates.scoring import weigh
from crmsync.warehouse.duplicates.source import lay_out
from crmsync.warehouse.duplicates.subjects import SUBJECTS
from crmsync.warehouse.duplicates.telling import told_of
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
Record = Mapping[str, str | None]


def texts_of(subject: SubjectName) -> dict[str, str]:
    """The columns of a source as they are called here: `id` is `number`, for a record has an id of its own."""
    return {name: "number" if name == "id" else name for name in SUBJECTS[subject].source}


TEXTS = texts_of("person")


def mail(local: str, host: str) -> str:
    """An address at a host that somebody may have, put together here: none stands in the repository."""
    return f"{local}@{host}"


def laid_out(records: Sequence[Record], subject: SubjectName = "person") -> Any:
    """A database whose `dup_source` holds the records, with rids from 1 in their order."""
    db = open_engine()
    db.execute("SET disabled_optimizers = 'statistics_propagation'")
    texts = texts_of(subject)
    give(db, "records", records, [f"{at:05d}" for at in range(len(records))], texts)
    lay_out(db, SUBJECTS[subject], "records", texts)
    return db


def give(
    db: Any,
    table: str,
    records: Sequence[Record],
    ids: Sequence[str],
    texts: Mapping[str, str] = TEXTS,
) -> None:
    """Writes records to a table."""
    columns = {name: [each.get(name) for each in records] for name in texts.values()}
    columns["system"] = [each.get("system", "crm") for each in records]
    columns["id"] = list(ids)
    given = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    db.register("given", given)
    db.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM given")
    db.unregister("given")


def people(rows: int, seed: int) -> list[Record]:
    """Invented people, by part."""
    names = {"first_name": "given_name", "last_name": "family_name", "email": "email1", "phone": "phone1",
             "mobile": "phone2", "company": "employer", "domain": "domain", "city": "place"}  # fmt: skip
    made = make_people(rows, seed).records.to_pylist()
    return [{ours: row[theirs] for theirs, ours in names.items()} for row in made]


def pairs(db: Any) -> dict[tuple[int, int], float]:
    """How probable the pairs of `dup_found` are, by rid."""
    return {
        (one, other): p for one, other, p in db.execute("SELECT l, r, p FROM dup_found").fetchall()
    }


def staged(*records: Record, subject: SubjectName = "person") -> list[dict[str, Any]]:
    """What the records are compared by, in their order."""
    db = laid_out(records, subject)
    SUBJECTS[subject].stage(db)
    found: list[dict[str, Any]] = (
        db.sql("SELECT * FROM dup_record ORDER BY rid").to_arrow_table().to_pylist()
    )
    return found


def searched(
    records: Sequence[Record],
    parts: Sequence[Part] = PARTS,
    subject: SubjectName = "person",
    saved: SavedModel | None = None,
    **model: Any,
) -> tuple[Search, dict[tuple[int, int], dict[str, Any]]]:
    """What was found, and the pairs that may be one; records are numbered from 0."""
    db = laid_out(records, subject)
    asked = DuplicateModel(dict.fromkeys(parts, ""), subject, **model)
    found = search(db, asked, saved)
    rows = db.sql("SELECT * FROM dup_found").to_arrow_table().to_pylist()
    numbers = {rid: int(id_) for rid, id_ in db.execute("SELECT rid, id FROM dup_id").fetchall()}
    pairs = {(numbers[row["l"]], numbers[row["r"]]): row for row in rows}
    groups = [sorted(numbers[rid] for rid in group) for group in found.groups]
    return replace(found, groups=groups), pairs


def said_of(
    one: Record, other: Record, *besides: Record, subject: SubjectName = "person"
) -> tuple[dict[str, str], str]:
    """How alike two records are, as it is told by comparison; and the guard that speaks. Levels are rare."""
    db = laid_out((one, other, *besides), subject)
    what = SUBJECTS[subject]
    names = list(what.comparisons)
    what.stage(db)
    db.execute("CREATE TABLE dup_pair AS SELECT 1::INTEGER AS l, 2::INTEGER AS r")
    count_frequencies(db, what, names)
    lay_sides(db, what, names)
    flat = {
        name: {each.name: each.of_others or 0.001 for each in what.comparisons[name].levels}
        for name in names
    }
    weigh(db, what, names, flat, {})
    judge(db, what, names, 0.5, 0.998, least=0.0)
    (row,) = db.sql("SELECT * FROM dup_found").to_arrow_table().to_pylist()
    levels = {name: row[name] for name in names if row[name]}
    return levels | dict(told_of(db, what, names)[1, 2]), row["guard"]
