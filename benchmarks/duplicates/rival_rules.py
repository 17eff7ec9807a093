"""What a careful analyst writes in a day: candidate pairs by a few keys, likeness of names, and rules by hand."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from benchmarks.duplicates.components import components
from benchmarks.duplicates.tidy import tidy_session

_MOST = 200
"""A key that more records share says nothing about a person."""

_PEOPLE = """
CREATE TABLE clean AS SELECT id, coalesce(tidy_text(first_name), '') AS first, coalesce(tidy_text(last_name), '')
  AS last,
  tidy_address(email) AS email, tidy_number(phone) AS phone, tidy_number(mobile) AS mobile,
    coalesce(tidy_firm(company), '') AS firm,
  tidy_host(domain) AS host, coalesce(tidy_text(city), '') AS city FROM records
"""
_PEOPLE_KEYS = (
    "email", "mobile", "phone || left(first, 1)", "first || '|' || nullif(last, '')",
    "nullif(last, '') || '|' || nullif(firm, '')", "nullif(last, '') || '|' || host",
)  # fmt: skip
_FIRMS = """
CREATE TABLE clean AS SELECT id, coalesce(tidy_firm(name), '') AS name, tidy_host(domain) AS host, tidy_number(phone)
  AS phone,
  coalesce(tidy_text(city), '') AS city, regexp_replace(tax_id, '[^0-9A-Za-z]', '', 'g') AS tax,
    coalesce(tidy_text(country), '') AS country FROM records
"""
_FIRMS_KEYS = (
    "host",
    "phone",
    "tax",
    "nullif(name, '')",
    "nullif(left(name, 6), '') || '|' || nullif(city, '')",
)
_SAME_DEALS = """
SELECT a.id, b.id FROM records AS a JOIN records AS b ON a.customer = b.customer AND a.id < b.id
WHERE abs(a.amount - b.amount) <= 0.01 * greatest(a.amount, b.amount) AND abs(a.close_date - b.close_date) <= 30
"""
_PAIRS = """
WITH keyed AS ({keys}),
small AS (SELECT key, id FROM keyed WHERE key IS NOT NULL QUALIFY count(*) OVER (PARTITION BY key) <= {most}),
pairs AS (SELECT DISTINCT a.id AS l, b.id AS r FROM small AS a JOIN small AS b ON a.key = b.key AND a.id < b.id)
SELECT x AS one, y AS other FROM pairs JOIN clean AS x ON x.id = l JOIN clean AS y ON y.id = r
"""


def people(records: pa.Table) -> dict[str, str]:
    """People: the same address or number and names that agree, or names that agree within one firm."""
    one, other = _pairs(records, _PEOPLE, _PEOPLE_KEYS)
    first, last = _likeness(one, other, "first"), _likeness(one, other, "last")
    firm = _likeness(one, other, "firm")
    whole = _sorted_likeness(one, other)
    named = (whole > 0.86) | ((first > 0.85) & (last > 0.85))
    nearly = (
        named
        | ((first > 0.7) & (last > 0.7))
        | (np.isnan(first) & (last > 0.9))
        | (np.isnan(last) & (first > 0.9))
    )
    reached = _equal(one, other, "email") | _equal(one, other, "mobile")
    called = _equal(one, other, "phone")
    employed = (firm > 0.9) | _equal(one, other, "host")
    town = _equal(one, other, "city")
    right = (
        (reached & nearly)
        | (called & named)
        | ((whole > 0.93) & employed)
        | ((whole > 0.97) & town)
    )
    return components(_ids(one, other, right))


def firms(records: pa.Table) -> dict[str, str]:
    """Firms: the same tax id, or the same domain or number and names that agree, or names and towns that agree."""
    one, other = _pairs(records, _FIRMS, _FIRMS_KEYS)
    name = _likeness(one, other, "name")
    host, phone = _equal(one, other, "host"), _equal(one, other, "phone")
    land = ~_differs(one, other, "country")
    right = _equal(one, other, "tax") | (host & (name > 0.8) & land) | (phone & (name > 0.75))
    right |= (name > 0.95) & _equal(one, other, "city") & ~_differs(one, other, "tax")
    return components(_ids(one, other, right))


def deals(records: pa.Table) -> dict[str, str]:
    """Deals: one customer, amounts within a hundredth, closing within thirty days: a rule that most tools have."""
    with tidy_session(records) as db:
        return components(db.execute(_SAME_DEALS).fetchall())


def _pairs(records: pa.Table, clean: str, keys: tuple[str, ...]) -> tuple[pa.Table, pa.Table]:
    """Candidate pairs as two tables of one length."""
    parts = [f"SELECT {n} || ':' || {key} AS key, id FROM clean" for n, key in enumerate(keys)]
    with tidy_session(records) as db:
        db.execute(clean)
        pairs = db.sql(_PAIRS.format(keys=" UNION ALL ".join(parts), most=_MOST)).to_arrow_table()
    one, other = (pa.Table.from_struct_array(pairs[side]) for side in ("one", "other"))
    return one, other


def _likeness(one: pa.Table, other: pa.Table, column: str) -> np.ndarray:
    """Jaro-Winkler of one column, nan where one side is blank."""
    left, right = one[column].to_pylist(), other[column].to_pylist()
    blank = np.array([not a or not b for a, b in zip(left, right, strict=True)], bool)
    scores = process.cpdist(left, right, scorer=JaroWinkler.similarity, workers=2)
    return np.where(blank, np.nan, scores)


def _sorted_likeness(one: pa.Table, other: pa.Table) -> np.ndarray:
    """Likeness of whole names in whatever order their words stand; 0 where there is only one word."""
    left, right = (
        [
            f"{a} {b}".strip()
            for a, b in zip(t["first"].to_pylist(), t["last"].to_pylist(), strict=True)
        ]
        for t in (one, other)
    )
    short = np.array([" " not in a or " " not in b for a, b in zip(left, right, strict=True)], bool)
    scores = process.cpdist(left, right, scorer=fuzz.token_sort_ratio, workers=2) / 100
    return np.where(short, 0.0, scores)


def _equal(one: pa.Table, other: pa.Table, column: str) -> np.ndarray:
    return np.array(
        [
            bool(a) and a == b
            for a, b in zip(one[column].to_pylist(), other[column].to_pylist(), strict=True)
        ],
        bool,
    )


def _differs(one: pa.Table, other: pa.Table, column: str) -> np.ndarray:
    return np.array(
        [
            bool(a and b) and a != b
            for a, b in zip(one[column].to_pylist(), other[column].to_pylist(), strict=True)
        ],
        bool,
    )


def _ids(one: pa.Table, other: pa.Table, right: np.ndarray) -> list[tuple[str, str]]:
    places = pa.array(np.flatnonzero(right))
    return list(
        zip(one["id"].take(places).to_pylist(), other["id"].take(places).to_pylist(), strict=True)
    )
