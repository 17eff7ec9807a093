"""The names of employers in one form: `dup_firm` (text, firm, firm_root)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.warehouse.duplicates.firm_words import firm_words
from crmsync.warehouse.duplicates.lookups import keep_pairs

if TYPE_CHECKING:
    import duckdb


def read_firms(db: duckdb.DuckDBPyConnection, source: str) -> None:
    """dup_firm: each distinct employer without legal form; and with each word as the one that it stands for.

    Tptes. Ruiz is transportes ruiz. What stands where no employer is known is left out.
    """
    keep_pairs(db, "dup_firm_word", firm_words().roots)
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_firm AS WITH told AS ("
        "SELECT text, nullif(company_norm(text), '') AS firm "
        f"FROM (SELECT DISTINCT employer AS text FROM {source} WHERE employer IS NOT NULL) "
        "WHERE NOT is_placeholder(text)), "
        "split AS (SELECT text, firm, string_split(firm, ' ') AS words FROM told), "
        "one AS (SELECT text, firm, unnest(words) AS word, generate_subscripts(words, 1) AS place FROM split) "
        "SELECT one.text, firm, string_agg(coalesce(w.answer, word), ' ' ORDER BY place) AS firm_root "
        "FROM one LEFT JOIN dup_firm_word w ON w.text = word GROUP BY one.text, firm"
    )
    db.execute("DROP TABLE dup_firm_word")
