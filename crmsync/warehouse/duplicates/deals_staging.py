"""What deals are compared by: every fact in one form, one row a record.

Reads `dup_source` (rid, system, and a text column for each part: SOURCE), and builds `dup_record`.

| column | is |
|---|---|
| bare | the words of the name that are no number, nor said of every deal, nor the customer's, as one word |
| title | those that tell something, with blanks between them |
| words | those of `title` as a list |
| number | the numbers in the name, with months and ordinals: of a year, an instalment, a phase |
| customer | whose deal it is, without legal form |
| amount, currency, day, stage | as they are; an amount of nothing is none |
| ident | its number in some other system |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.warehouse.duplicates.deal_words import COPY, LITTLE, NUMBER, SILENT, counting_words
from crmsync.warehouse.duplicates.lookups import keep_pairs
from crmsync.warehouse.engine import literal

if TYPE_CHECKING:
    import duckdb

SOURCE = ("name", "customer", "amount", "currency", "date", "stage", "id")


def stage(db: duckdb.DuckDBPyConnection) -> None:
    """Builds `dup_record`; needs the macros of the face."""
    keep_pairs(db, "dup_count", counting_words())
    _words(db)
    _titles(db)
    _record(db)
    for name in ("count", "word", "title"):
        db.execute(f"DROP TABLE dup_{name}")


def _words(db: duckdb.DuckDBPyConnection) -> None:
    """dup_word: the words of each name that say something, in their order, and the number that they stand for."""
    silent = ", ".join(literal(word) for word in sorted(SILENT))
    told = f"regexp_replace(name, {literal(COPY)}, ' ', 'g')"
    customer = "coalesce(string_split(name_norm(customer), ' '), [])"
    db.execute(
        f"CREATE TEMP TABLE dup_word AS WITH spoken AS (SELECT rid, {customer} AS theirs, "
        f"string_split(name_norm({told}), ' ') AS words FROM dup_source WHERE name IS NOT NULL), "
        "said AS (SELECT rid, words, list_filter(words, "
        f"lambda w: w <> '' AND w NOT IN ({silent}) "
        f"AND (regexp_full_match(w, '{NUMBER}') OR NOT list_contains(theirs, w))) AS kept FROM spoken), "
        "one AS (SELECT rid, unnest(CASE WHEN kept = [] THEN words ELSE kept END) AS word, "
        "generate_subscripts(CASE WHEN kept = [] THEN words ELSE kept END, 1) AS place FROM said) "
        "SELECT rid, word, place, "
        f"coalesce(c.answer, CASE WHEN regexp_full_match(word, '{NUMBER}') THEN word END) AS number "
        "FROM one LEFT JOIN dup_count c ON c.text = word WHERE word <> ''"
    )


def _titles(db: duckdb.DuckDBPyConnection) -> None:
    little = ", ".join(literal(word) for word in sorted(LITTLE))
    db.execute(
        "CREATE TEMP TABLE dup_title AS SELECT rid, "
        f"string_agg(word, ' ' ORDER BY place) FILTER (number IS NULL AND word NOT IN ({little})) AS title, "
        "string_agg(word, '' ORDER BY place) FILTER (number IS NULL) AS bare, "
        "string_agg(number, ' ' ORDER BY place) AS number FROM dup_word GROUP BY rid"
    )


def _record(db: duckdb.DuckDBPyConnection) -> None:
    amount = "nullif(try_cast(amount AS DOUBLE), 0)"
    customer = "coalesce(nullif(company_norm(customer), ''), nullif(lower(customer), ''))"
    db.execute(
        "CREATE OR REPLACE TABLE dup_record AS SELECT s.rid, s.system, title, bare, "
        f"string_split(title, ' ') AS words, number, {customer} AS customer, {amount} AS amount, "
        "upper(currency) AS currency, try_cast(left(date, 10) AS DATE) AS day, nullif(name_norm(stage), '') AS stage, "
        "nullif(regexp_replace(lower(s.id), '[^0-9a-z]', '', 'g'), '') AS ident "
        "FROM dup_source s LEFT JOIN dup_title t ON t.rid = s.rid"
    )
