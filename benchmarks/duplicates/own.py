"""crmsync's own search for duplicates: a model each for people, whatever they are recorded in, companies and deals."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations
from typing import get_args

import pyarrow as pa

from crmsync.core.duplicate_groups import tier_of
from crmsync.core.duplicates import DuplicateModel, Part, SubjectName
from crmsync.warehouse.duplicates.finding import search
from crmsync.warehouse.duplicates.source import lay_out
from crmsync.warehouse.duplicates.subjects import SUBJECTS
from crmsync.warehouse.engine import open_engine

Clusters = Mapping[str, Hashable]
Pairs = Mapping[tuple[str, str], float]
_COLUMNS: Mapping[str, str] = {
    "first_name": "given_name", "last_name": "family_name", "full_name": "full_name", "email": "email1",
    "phone": "phone1", "mobile": "phone2", "company": "employer", "domain": "domain", "city": "place",
    "given_name": "given_name", "surname": "family_name", "dob": "date", "date_of_birth": "date",
    "birth_place": "place", "suburb": "place", "postcode": "postcode", "postcode_fake": "postcode",
    "address_1": "street", "soc_sec_id": "id", "occupation": "other",
}  # fmt: skip
"""What columns of the sets are called, and the part that they play."""


_FIRM_COLUMNS: Mapping[str, str] = {
    "name": "name", "domain": "domain", "phone": "phone", "city": "place", "country": "country", "tax_id": "id",
    "parent": "parent",
}  # fmt: skip
_DEAL_COLUMNS: Mapping[str, str] = {
    "name": "name", "customer": "customer", "amount": "amount", "currency": "currency", "close_date": "date",
    "stage": "stage",
}  # fmt: skip


def people(records: pa.Table) -> tuple[Clusters, Pairs]:
    """Clusters of people, and the pairs that may be one, by `id`; fields play their parts by their names."""
    return _found("person", _COLUMNS, records)


def firms(records: pa.Table) -> tuple[Clusters, Pairs]:
    """Clusters of companies, and the pairs that may be one, by `id`."""
    return _found("company", _FIRM_COLUMNS, records)


def deals(records: pa.Table) -> tuple[Clusters, Pairs]:
    """Clusters of deals, and the pairs that may be one, by `id`."""
    return _found("deal", _DEAL_COLUMNS, records)


def sure_people(records: pa.Table) -> tuple[Clusters, Pairs]:
    """Clusters of people of the tier that is pre-selected, alone; pairs as `people`."""
    return _found("person", _COLUMNS, records, only="sure")


def sure_firms(records: pa.Table) -> tuple[Clusters, Pairs]:
    """Clusters of companies of the tier that is pre-selected, alone; pairs as `firms`."""
    return _found("company", _FIRM_COLUMNS, records, only="sure")


def _found(
    subject: SubjectName, played: Mapping[str, str], records: pa.Table, only: str = ""
) -> tuple[Clusters, Pairs]:
    columns = {played[name]: name for name in records.column_names if name in played}
    given = {name.rstrip("12") for name in columns}
    parts = [part for part in get_args(Part) if part in given]
    if "system" not in records.column_names:
        records = records.append_column("system", pa.array(["one"] * len(records)))
    db = open_engine()
    db.execute("SET threads = 2")
    db.register("given", records)
    db.execute("CREATE TABLE records AS SELECT * REPLACE (id::VARCHAR AS id) FROM given")
    lay_out(db, SUBJECTS[subject], "records", columns)
    model = DuplicateModel(dict.fromkeys(parts, ""), subject=subject)
    found = search(db, model)
    ids = dict(db.execute("SELECT rid, id FROM dup_id").fetchall())
    rows = db.execute("SELECT l, r, p FROM dup_found").fetchall()
    groups = _of_tier(model, found.groups, rows, only) if only else found.groups
    clusters = {ids[rid]: at for at, group in enumerate(groups) for rid in group}
    return clusters, {(ids[left], ids[right]): p for left, right, p in rows}


Scored = Sequence[tuple[int, int, float]]


def _of_tier(
    model: DuplicateModel, groups: Sequence[Sequence[int]], pairs: Scored, only: str
) -> list[Sequence[int]]:
    """The groups of a tier; a pair of members that was not compared is as good as none, as in a list of groups."""
    known = {(min(pair), max(pair)): p for *pair, p in pairs}
    return [
        each
        for each in groups
        if only
        == tier_of(
            each,
            [(*pair, known.get(pair, 0.0)) for pair in combinations(sorted(each), 2)],
            review=model.review,
            sure=model.sure,
        )
    ]
