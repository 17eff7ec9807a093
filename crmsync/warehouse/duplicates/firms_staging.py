"""What companies are compared by: every fact in one form, one row a record.

Reads `dup_source` (rid, system, and a text column for each part: SOURCE), `dup_id`, and builds `dup_record`.

| column | is |
|---|---|
| words, bag, bare, whole, rare, usual, lone, others, initials, land, of_group, form | of the name: `firms_names` |
| unusual | `whole`, if hardly another firm has such a name by chance |
| seen, many | how many records have the name; whether several firms have it |
| dom, stem | the registrable domain, and its first label; none at free mail and on pages of others |
| brand | the domain, if firms in several towns have it under one name: branches, franchises |
| phone, line | the last eight digits; those of a phone that differently named firms share are a line |
| place, postcode, street | without case, accents and signs; a town under one of its names |
| country | of the field, else of the phone, the name, the legal form, or the town as other records have it |
| ident, proven | the tax id without its country; whether its check digits are right |
| own, head | rid; that of the firm that `parent` names |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.warehouse.duplicates.firm_lands import build_lands
from crmsync.warehouse.duplicates.firm_numbers import build_numbers
from crmsync.warehouse.duplicates.firm_words import firm_words
from crmsync.warehouse.duplicates.firms_names import build_names
from crmsync.warehouse.duplicates.lookups import keep_answers, keep_pairs
from crmsync.warehouse.duplicates.staging_reach import phone_tail
from crmsync.warehouse.wording import registrable_of, words

if TYPE_CHECKING:
    import duckdb

SOURCE = ("name", "domain", "phone", "street", "postcode", "place", "country", "id", "parent")
SHARED_BY = 3
"""A phone of so many differently named firms is nobody's own."""
BRANCHES = 3
"""Firms of one domain in so many towns, with as many phones, are branches of one brand."""
UNUSUAL, USUAL = 0.06, 0.5
"""A name that so many other firms have by chance is nearly nobody else's; or it is somebody else's, too."""
_TABLES = ("name", "host", "town", "draft", "land", "number", "shared", "brand", "many")


def stage(db: duckdb.DuckDBPyConnection) -> None:
    """Builds `dup_record`; needs the macros of the face."""
    build_names(db)
    keep_answers(db, "dup_host", "SELECT DISTINCT domain FROM dup_source", _domain_of)
    keep_pairs(db, "dup_town", firm_words().places)
    _draft(db)
    build_lands(db)
    build_numbers(db)
    _shared(db)
    _brands(db)
    _many(db)
    _record(db)
    for name in _TABLES:
        db.execute(f"DROP TABLE dup_{name}")


def _domain_of(text: str) -> str | None:
    """The domain behind a host; None for a page on somebody else's site: `acme.wixsite.com`."""
    found = registrable_of(text)
    if found is None or found.partition(".")[2] in words().shared_sites:
        return None
    return found


def _draft(db: duckdb.DuckDBPyConnection) -> None:
    """dup_draft: what each record says by itself."""
    host = "CASE WHEN NOT is_free_mail(h.answer) AND NOT is_shared_site(h.answer) THEN h.answer END"
    place = "nullif(name_norm(s.place), '')"
    db.execute(
        "CREATE TEMP TABLE dup_draft AS WITH spoken AS ("
        f"SELECT s.*, {place} AS town, {host} AS dom, {phone_tail('s.phone')} AS tail "
        "FROM dup_source s LEFT JOIN dup_host h ON h.text = s.domain) "
        "SELECT s.rid, s.system, s.country AS said, s.phone AS written, s.id AS number, s.dom, s.tail, "
        "coalesce(t.answer, s.town) AS place, nullif(name_norm(s.street), '') AS street, "
        "nullif(regexp_replace(lower(s.postcode), '[^0-9a-z]', '', 'g'), '') AS postcode, "
        "head.rid AS head, n.* EXCLUDE (text) FROM spoken s LEFT JOIN dup_name n ON n.text = s.name "
        "LEFT JOIN dup_town t ON t.text = s.town "
        "LEFT JOIN dup_id head ON head.system = s.system AND head.id = s.parent AND head.rid <> s.rid"
    )


def _shared(db: duckdb.DuckDBPyConnection) -> None:
    """dup_shared: phones of differently named firms."""
    db.execute(
        "CREATE TEMP TABLE dup_shared AS SELECT tail FROM dup_draft WHERE tail IS NOT NULL "
        f"GROUP BY tail HAVING count(DISTINCT rare) >= {SHARED_BY}"
    )


def _brands(db: duckdb.DuckDBPyConnection) -> None:
    """dup_brand: domains of one name in several towns, or under several tax ids."""
    db.execute(
        "CREATE TEMP TABLE dup_brand AS SELECT dom FROM dup_draft d JOIN dup_number n ON n.rid = d.rid "
        "WHERE dom IS NOT NULL GROUP BY dom "
        f"HAVING count(DISTINCT place) >= {BRANCHES} OR count(DISTINCT tail) >= {BRANCHES} "
        "OR (count(DISTINCT place) > 1 AND count(DISTINCT tail) > 1) "
        "OR count(DISTINCT CASE WHEN proven THEN ident END) > 1"
    )


def _many(db: duckdb.DuckDBPyConnection) -> None:
    """dup_many: which names several firms have, within a country, or with the country unknown."""
    db.execute(
        "CREATE TEMP TABLE dup_label AS SELECT DISTINCT bag, country, split_part(dom, '.', 1) AS label "
        "FROM dup_draft d JOIN dup_land l ON l.rid = d.rid WHERE bag IS NOT NULL AND dom IS NOT NULL"
    )
    db.execute(
        "CREATE TEMP TABLE dup_many AS WITH apart AS (SELECT DISTINCT a.bag, a.country FROM dup_label a "
        "JOIN dup_label b ON a.bag = b.bag AND a.country IS NOT DISTINCT FROM b.country AND a.label < b.label "
        f"WHERE NOT {_ONE_LABEL}), within AS (SELECT bag, country, "
        "count(DISTINCT CASE WHEN proven THEN ident END) > 1 OR count(DISTINCT form) > 1 AS many "
        "FROM dup_draft d JOIN dup_land l ON l.rid = d.rid JOIN dup_number n ON n.rid = d.rid "
        "WHERE bag IS NOT NULL GROUP BY bag, country), either AS (SELECT w.bag, w.country, "
        "w.many OR a.bag IS NOT NULL AS many FROM within w LEFT JOIN apart a "
        "ON a.bag = w.bag AND a.country IS NOT DISTINCT FROM w.country) "
        "SELECT bag, country, many OR (country IS NULL AND ((count(country) OVER whole) > 1 "
        "OR bool_or(many) OVER whole)) AS many FROM either WINDOW whole AS (PARTITION BY bag)"
    )
    db.execute("DROP TABLE dup_label")


_NUMBER = "regexp_replace({0}.label, '[^0-9]', '', 'g')"
_ONE_LABEL = (
    "(damerau_levenshtein(a.label, b.label) <= 1 OR starts_with(a.label, b.label) OR starts_with(b.label, a.label)) "
    f"AND {_NUMBER.format('a')} = {_NUMBER.format('b')}"
)


def _record(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(
        "CREATE OR REPLACE TABLE dup_record AS SELECT d.rid, d.system, words, d.bag, bare, whole, rare, usual, "
        "lone, others, "
        "count(*) OVER (PARTITION BY d.bag) AS seen, initials, form, "
        f"CASE WHEN others < {UNUSUAL} AND NOT town THEN whole END AS unusual, "
        "land, coalesce(of_group, false) AS of_group, d.dom, split_part(d.dom, '.', 1) AS stem, b.dom AS brand, "
        "CASE WHEN s.tail IS NULL THEN d.tail END AS phone, s.tail AS line, place, street, postcode, "
        f"coalesce(m.many OR others > {USUAL}, false) AS many, l.country, n.ident, n.proven, d.rid AS own, head "
        "FROM dup_draft d "
        "JOIN dup_land l ON l.rid = d.rid JOIN dup_number n ON n.rid = d.rid "
        "LEFT JOIN dup_shared s ON s.tail = d.tail LEFT JOIN dup_brand b ON b.dom = d.dom "
        "LEFT JOIN dup_many m ON m.bag = d.bag AND m.country IS NOT DISTINCT FROM l.country"
    )
