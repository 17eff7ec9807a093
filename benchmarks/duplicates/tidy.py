"""What every rival is given: the same cleaning, so that an engine is judged and not its staging."""

from __future__ import annotations

import duckdb
import pyarrow as pa

_MACROS = """
CREATE MACRO tidy_text(t) AS nullif(trim(regexp_replace(lower(strip_accents(t)), '[^\\w@.+-]+', ' ', 'g')), '');
CREATE MACRO tidy_number(t) AS nullif(right(regexp_replace(regexp_replace(lower(t), '( ?x| ?ext.*).*$', ''), '\\D',
'', 'g'), 9), '');
CREATE MACRO tidy_host(t) AS nullif(regexp_replace(lower(trim(t)), '^(https?://)?(www\\.)?|/.*$', '', 'g'), '');
CREATE MACRO tidy_firm(t) AS nullif(trim(regexp_replace(regexp_replace(tidy_text(replace(t, '.', '')),
  '\\b(sociedad limitada|sl|slu|sa de cv|s de rl de cv|sa|sas|ltda|limitada|spa|sac|eirl|srl|lda|sc|'
  || 'inc|llc|corp|co|ltd|plc|llp|gmbh|ag|ug|sarl)$', ''), '\\s+', ' ', 'g')), '');
CREATE MACRO tidy_address(t) AS CASE
  WHEN regexp_matches(lower(trim(t)), '@(gmail|googlemail)\\.com$') THEN
    replace(regexp_replace(split_part(lower(trim(t)), '@', 1), '\\+.*', ''), '.', '') || '@gmail.com'
  ELSE nullif(regexp_replace(lower(trim(t)), '\\+[^@]*@', '@'), '') END;
"""


def tidy_session(records: pa.Table) -> duckdb.DuckDBPyConnection:
    """A session of two threads that knows the macros and the records, as `records`."""
    db = duckdb.connect(config={"threads": 2})
    db.execute(_MACROS)
    db.register("records", records)
    return db
